/* SPDX-License-Identifier: Apache-2.0
 * oracle: what should have happened when, by the rules that people read (docs/incidents.md), and nothing of the
 * product: its own calendar, its own quiet hours, its own count of what was missed. It is told what was said and what
 * was done, in the order in which that became durable, and notes whatever was early, double, untold or out of place;
 * oracle_owed() finds what was lost. */
#ifndef TESTS_SCENARIO_WORLD_ORACLE_H
#define TESTS_SCENARIO_WORLD_ORACLE_H

#include "orchestrator/engine/vec.h"

#include <stdbool.h>
#include <stdint.h>

enum { ORACLE_MAX = 8192, ORACLE_KINDS = 2 };
enum oracle_kind { ORACLE_POINT, ORACLE_COMMS };

struct oracle_rules {
    int64_t grid_ms, archive_after_ms, last_words_ms, outage_ms;
    int quiet_from, quiet_to; /* hours of the day */
    int64_t wait_ms;          /* of a deployment */
};

struct oracle_incident {
    int64_t every_ms[ORACLE_KINDS]; /* 0: never */
    bool quiet;                     /* quiet hours are for it */
    int64_t declared_ms, base_ms[ORACLE_KINDS], snoozed_until_ms;
    bool dismissed;                   /* nobody is to be reminded of it any more */
    int64_t over_ms, archived_ms;     /* 0: not yet */
    bool closed;                      /* its channel is archived */
    int64_t waits_since_ms, ended_ms; /* of the deployment of the same number */
    int reminders, since_back;        /* how often people were reminded: at all, since the outage */
};

struct oracle_late {
    int64_t up_ms; /* of the time in which somebody led */
    int64_t ms;
};

struct oracle {
    struct oracle_rules rules;
    uint32_t seed;
    int64_t summer_from_ms, summer_until_ms; /* in Berlin */
    struct oracle_incident incidents[ORACLE_MAX];
    struct vec moments; /* how time passed: struct oracle_moment */
    struct vec late;    /* struct oracle_late, of everything that was due once */
    int64_t fired, wrong, caught_up;
};

/* now_ms: as it passes; clock_ms: what those who lead go by; up_ms: how long somebody has led. */
void oracle_moment(struct oracle *oracle, int64_t now_ms, int64_t clock_ms, int64_t up_ms);

void oracle_declared(struct oracle *oracle, int number, int64_t at_ms);
void oracle_snoozed(struct oracle *oracle, int number, int64_t at_ms); /* until tomorrow at nine */
void oracle_dismissed(struct oracle *oracle, int number);
void oracle_over(struct oracle *oracle, int number, int64_t at_ms);
void oracle_waits(struct oracle *oracle, int number, int64_t at_ms);

/* missed: what the reminder says, and its text. */
void oracle_reminded(struct oracle *oracle, int number, int64_t at_ms, enum oracle_kind kind, int64_t missed,
                     const char *text);
void oracle_archived(struct oracle *oracle, int number, int64_t at_ms);
void oracle_closed(struct oracle *oracle, int number, int64_t at_ms);
void oracle_waited(struct oracle *oracle, int number, int64_t at_ms);

/* How many timers are due and have not fired; each is noted as wrong. */
int64_t oracle_owed(struct oracle *oracle, int64_t clock_ms);
int64_t oracle_local(const struct oracle *oracle, int64_t at_ms);         /* what clocks in Berlin show */
struct oracle_late oracle_percentile(struct oracle *oracle, int percent); /* each of its members by itself */
void oracle_release(struct oracle *oracle);

#endif
