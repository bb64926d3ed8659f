/* SPDX-License-Identifier: Apache-2.0
 * render_sheet: a card while it is written: the words and the small parts that cards have in common. Each put function
 * appends to the open line; sheet_end() makes it a line of the message. Pure. */
#ifndef GATEWAY_CORE_RENDER_SHEET_H
#define GATEWAY_CORE_RENDER_SHEET_H

#include "gateway/core/blocks.h"
#include "gateway/core/render_card.h"

#include <stdarg.h>

enum { SHEET_TITLE_UNITS = 200, SHEET_TEXT_UNITS = 600, SHEET_NAME_UNITS = 80, SHEET_ITEMS_MAX = 40 };

struct sheet {
    struct blocks blocks;
    struct sw_buf line;
    const json_t *data, *detail; /* NULL: none; reading them gives absent values then */
    const char *workflow;        /* "" when not known */
    const char *state;           /* likewise */
    const char *text;            /* NULL: none */
    int64_t now_ms, created_at_ms;
    bool loud; /* everybody of the channel may be called */
};

void sheet_init(struct sheet *sheet, const struct card *card);
void sheet_release(struct sheet *sheet);
#define SHEET_AUTO SW_CLEANUP(sheet_release)

/* ---- of the open line ---- */
void sheet_say(struct sheet *sheet, const char *format, ...) SW_PRINTF(2, 3); /* our own words, escaped already */
void sheet_put(struct sheet *sheet, const char *text, size_t max_units);      /* a person's words, one line */
void sheet_bold(struct sheet *sheet, const char *text, size_t max_units);     /* the same, in bold */
void sheet_user(struct sheet *sheet, const char *user);                       /* NULL, "": "nobody" */
/* By the name that data.people has, so that nobody is called by a list; else as sheet_user(). */
void sheet_person(struct sheet *sheet, const char *user);
void sheet_time(struct sheet *sheet, int64_t at_ms);           /* in the reader's zone, and its date */
void sheet_duration(struct sheet *sheet, int64_t duration_ms); /* "2 d 3 h", "1 h 05 m", "40 s" */
void sheet_link(struct sheet *sheet, const char *url, const char *label);
void sheet_number(struct sheet *sheet);                     /* "incident #42", or "the incident" */
void sheet_title(struct sheet *sheet);                      /* in bold */
void sheet_names(struct sheet *sheet, const json_t *array); /* "a, b and 3 more" */
void sheet_users(struct sheet *sheet, const json_t *array, const char *between);

/* ---- lines ---- */
void sheet_end(struct sheet *sheet);   /* the line is done */
void sheet_small(struct sheet *sheet); /* the line, as small print */
void sheet_break(struct sheet *sheet);
void sheet_header(struct sheet *sheet, const char *sign, const char *words);   /* in large letters; words of anybody */
void sheet_quote(struct sheet *sheet, const char *text, size_t max_units);     /* a person's words, line by line */
void sheet_hint(struct sheet *sheet, const char *format, ...) SW_PRINTF(2, 3); /* small print of our own */
/* Calls put for each object of the array until SHEET_ITEMS_MAX, then says how many there are beside. */
void sheet_items(struct sheet *sheet, const json_t *array, void (*put)(struct sheet *sheet, const json_t *item),
                 const char *all_by);

/* ---- buttons ---- */
struct sheet_button {
    const char *verb, *label, *style; /* style: NULL, "primary", "danger" */
    const char *text;                 /* of the command; NULL: none */
    bool form;                        /* the text is asked for in a form, in which `text` stands already */
    const char *url;                  /* opens this instead */
    const char *ask, *yes;            /* a question before it; NULL: none */
};
/* Nothing when the incident's id is not known. */
void sheet_buttons(struct sheet *sheet, const char *id, const struct sheet_button *buttons, size_t count);

/* ---- facts ---- */
int64_t sheet_ms(const json_t *object, const char *key);             /* a time; 0 when absent */
int64_t sheet_at(const struct sheet *sheet, const char *key);        /* of detail.times */
const char *sheet_role(const struct sheet *sheet, const char *role); /* "" when nobody has it */
bool sheet_high(const struct sheet *sheet);
int64_t sheet_i64(const struct sheet *sheet, const char *key, int64_t preset); /* of data, else of detail */
const char *sheet_str(const struct sheet *sheet, const char *key, const char *preset);
const json_t *sheet_get(const struct sheet *sheet, const char *key);
bool sheet_in(const struct sheet *sheet, const char *state);
bool sheet_active(const struct sheet *sheet);       /* it still burns or smoulders */
bool sheet_over(const struct sheet *sheet);         /* completed, cancelled, archived */
const char *sheet_emoji(const struct sheet *sheet); /* ":fire:"; valid until the sheet is released */
/* before, and how long it lasted until its end, or now, and from what on: "2 h from its beginning". Nothing when that
 * is not known. */
void sheet_lasted(struct sheet *sheet, const char *before);

/* {"text","blocks"}; what the text says first is the sheet's text, or preset. */
json_t *sheet_take(struct sheet *sheet, const char *preset);

/* A card of the table. */
struct sheet_card {
    const char *name;
    void (*put)(struct sheet *sheet);
    const char *preset; /* the plain text when the orchestrator gives none */
};
extern const struct sheet_card SHEET_LIFE[], SHEET_PARTS[], SHEET_LISTS[], SHEET_NOTICES[];
extern const size_t SHEET_LIFE_COUNT, SHEET_PARTS_COUNT, SHEET_LISTS_COUNT, SHEET_NOTICES_COUNT;

void sheet_put_headline(struct sheet *sheet);
/* A line for each of the five points and four spans that are known. */
void sheet_core4(struct sheet *sheet);
/* "*Point* @ana · *Comms* nobody · ..." */
void sheet_roles(struct sheet *sheet);
void sheet_blockers(struct sheet *sheet);

#endif
