/* SPDX-License-Identifier: Apache-2.0
 * incident_table: the one table of what people can say about incidents, alike behind /incident and, in a channel,
 * behind a dot: canonical verb, other names, what stands behind it, help, who may. Parser, help and near misses all
 * read it.
 *
 * Words are compared without regard to case, "-" and "_": unblock-all, Unblock_All and unblockall are one. Pure. */
#ifndef GATEWAY_CORE_INCIDENT_TABLE_H
#define GATEWAY_CORE_INCIDENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum incident_grammar {
    INCIDENT_NOTHING,
    INCIDENT_LINE, /* line ends in it become spaces */
    INCIDENT_LINE_OR_NOTHING,
    INCIDENT_TEXT, /* as many lines as one likes */
    INCIDENT_TEXT_OR_NOTHING,
    INCIDENT_PERSON,         /* a mention */
    INCIDENT_PERSON_OR_SELF, /* nothing: who says it */
    INCIDENT_HANDOVER,       /* [role] and a mention */
    INCIDENT_ROLE,
    INCIDENT_NUMBER,
    INCIDENT_NUMBER_AND_TEXT,
    INCIDENT_PRIORITY, /* number or name, and a reason */
    INCIDENT_START,
    INCIDENT_HELP, /* answered by the gateway: [word] */
};

/* clang-format off */
#define INCIDENT_GROUPS(X) \
    X(COURSE, "From start to finish") X(PEOPLE, "Who does what") X(FACTS, "What is known") \
    X(TIMELINE, "The timeline") X(BLOCKED, "Waiting for others") X(CARE, "Reminders, channel, deployments") \
    X(LOOK, "Looking")
/* clang-format on */
#define INCIDENT_GROUP_ENUM_(name, text) INCIDENT_GROUP_##name,
enum incident_group { INCIDENT_GROUPS(INCIDENT_GROUP_ENUM_) INCIDENT_GROUP_COUNT };
#undef INCIDENT_GROUP_ENUM_
const char *incident_group_title(enum incident_group group);

struct incident_row {
    const char *verb;    /* on slipway.commands */
    const char *aliases; /* separated by blanks; NULL: none */
    enum incident_grammar grammar;
    enum incident_group group;
    bool time;         /* what stands behind it may be a time: it is read in the zone of who says it */
    bool looks;        /* it changes nothing: a number behind it says which incident */
    bool often;        /* on the first page of help */
    const char *usage; /* behind the word */
    const char *help;  /* one line */
    const char *more;  /* help about this word alone; NULL: the line says it all */
    const char *who;   /* who may; NULL: everybody */
};

extern const struct incident_row INCIDENT_TABLE[];
extern const size_t INCIDENT_TABLE_COUNT;

/* word: need not end at its length. NULL: no row has that name. */
const struct incident_row *incident_row_find(const char *word, size_t length);
enum { INCIDENT_WORD_SIZE = 64 };
/* The name nearest to a word that is none; those of priorities count too. False: nothing is near. */
bool incident_word_near(const char *word, char ret_near[INCIDENT_WORD_SIZE]);

/* The priorities' names that declare an incident (".crit checkout is down") unless the configuration says otherwise.
 * 0: it is none of them. */
int32_t incident_alias_priority(const char *word, size_t length);
bool incident_word_same(const char *word, size_t length, const char *name);

#endif
