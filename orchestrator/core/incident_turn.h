/* SPDX-License-Identifier: Apache-2.0
 * incident_turn: one turn of the machine: what the actions of incident_*.c see and with what they change the record,
 * answer, and write the log. Inside orchestrator/core/incident*.c only.
 *
 * The turn works on its own copy of the record, which is thrown away when the action refuses. Memory: nothing here
 * reports its lack; it is noted in `broken`, and the turn then ends with SW_CODE_NO_MEMORY. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_TURN_H
#define ORCHESTRATOR_CORE_INCIDENT_TURN_H

#include "orchestrator/core/incident_facts.h"

struct incident_verb; /* incident_verbs.h */

struct incident_turn {
    struct wf *wf;
    const struct config *config;
    const struct kind_reads *reads;
    int64_t now_ms;
    uint32_t random;
    const struct wf_input *input;        /* NULL while the incident is created */
    const struct proto_command *command; /* NULL: nobody spoke */
    const struct incident_verb *verb;    /* NULL: no verb */
    const char *said;                    /* what stood behind the verb, "" when nothing; trimmed */
    const json_t *values;                /* of a modal, or NULL */
    struct proto_reply answer;           /* of the command; name "" until somebody answers */
    struct wf_update *update;
    char spoken[PROTO_SLACK_ID_SIZE + 4]; /* the speaker as a mention: "<@U1>", or "Slipway" */
    bool broken;
};

/* ---- the record; each takes the value ---- */

void incident_put(struct incident_turn *turn, const char *key, json_t *value);
void incident_put_text(struct incident_turn *turn, const char *key, const char *text); /* NULL: takes it away */
void incident_put_in(struct incident_turn *turn, const char *part, const char *key, json_t *value);
void incident_put_time(struct incident_turn *turn, const char *name, int64_t at_ms);    /* 0: takes it away */
void incident_put_role(struct incident_turn *turn, const char *role, const char *user); /* "": nobody */
void incident_drop(struct incident_turn *turn, const char *key);
json_t *incident_part_of(struct incident_turn *turn, const char *key); /* an object, made when absent; borrowed */
json_t *incident_list_of(struct incident_turn *turn, const char *key); /* an array, so too */
/* Remembers how people call the speaker, or `user` when it was given with the command. */
void incident_meet(struct incident_turn *turn, const char *user, const char *name, const char *zone);

/* ---- the log ---- */

/* A new entry of the type by the speaker, now; borrowed. NULL: the log is full. */
json_t *incident_log(struct incident_turn *turn, const char *type, const char *format, ...) SW_PRINTF(3, 4);
/* The same with a text of any length. */
json_t *incident_log_text(struct incident_turn *turn, const char *type, const char *text);
bool incident_log_is_full(const struct incident_turn *turn);

/* ---- the answer ---- */

/* "what", "what||why||hint" or "what||||hint". A later call replaces an earlier one's. Reaction: ok_hand, or
 * exclamation for a refusal. */
void incident_answer(struct incident_turn *turn, const char *format, ...) SW_PRINTF(2, 3);
void incident_hint(struct incident_turn *turn, const char *format, ...) SW_PRINTF(2, 3); /* what to do next */
/* A layout for it; takes data. */
void incident_card(struct incident_turn *turn, const char *card, json_t *data);
void incident_answer_privately(struct incident_turn *turn);
/* Returns SW_CODE_REFUSED: the turn changes nothing and the text is the answer. */
struct sw_status incident_refuse(struct incident_turn *turn, const char *code, const char *format, ...)
    SW_PRINTF(3, 4) SW_MUST_CHECK;

/* ---- effects ---- */

struct wf_effect *incident_effect(struct incident_turn *turn, enum wf_effect_kind kind); /* NULL: none is left */
void incident_event(struct incident_turn *turn, const char *event);                      /* a literal */
void incident_timer(struct incident_turn *turn, const char *name, int64_t due_ms);       /* 0: clears it */

/* ---- the speaker ---- */

const char *incident_speaker(const struct incident_turn *turn); /* "" when nobody */
/* "s" unless count is 1: for "%zu blocker%s". */
static inline const char *incident_s(size_t count) { return count == 1 ? "" : "s"; }

#define INCIDENT_NAG_TIMER "nag"
#define INCIDENT_ARCHIVE_TIMER "archive"
#define INCIDENT_ORDERS_TIMER "orders"
#define INCIDENT_ERRANDS_TIMER "errands"
#define INCIDENT_HOLD_TIMER "hold"

#endif
