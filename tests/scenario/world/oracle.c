/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenario/world/oracle.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, DAY_MS = 86400000, NINE = 9, TOLD = 10 };

struct oracle_moment {
    int64_t now_ms, clock_ms, up_ms;
};

__attribute__((format(printf, 3, 4))) static void wrong(struct oracle *oracle, int number, const char *format, ...)
{
    va_list arguments;
    if (++oracle->wrong > TOLD)
        return;
    (void)fprintf(stderr, "seed %u: number %d: ", oracle->seed, number);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
}

/* ---- the calendar ---- */

static int64_t offset(const struct oracle *oracle, int64_t at_ms)
{
    return at_ms >= oracle->summer_from_ms && at_ms < oracle->summer_until_ms ? 2 * HOUR_MS : HOUR_MS;
}

int64_t oracle_local(const struct oracle *oracle, int64_t at_ms) { return at_ms + offset(oracle, at_ms); }

static int64_t from_local(const struct oracle *oracle, int64_t local_ms)
{
    int64_t summer_ms = local_ms - 2 * HOUR_MS;
    return offset(oracle, summer_ms) == 2 * HOUR_MS ? summer_ms : local_ms - HOUR_MS;
}

static bool is_quiet(const struct oracle *oracle, const struct oracle_incident *incident, int64_t at_ms)
{
    int64_t hour = oracle_local(oracle, at_ms) % DAY_MS / HOUR_MS;
    return incident->quiet && (hour >= oracle->rules.quiet_from || hour < oracle->rules.quiet_to);
}

/* The first full minute that is not quiet. */
static int64_t after_quiet(const struct oracle *oracle, const struct oracle_incident *incident, int64_t at_ms)
{
    if (!is_quiet(oracle, incident, at_ms))
        return at_ms;
    for (at_ms -= at_ms % MINUTE_MS; is_quiet(oracle, incident, at_ms);)
        at_ms += MINUTE_MS;
    return at_ms;
}

/* ---- time as it passed ---- */

void oracle_moment(struct oracle *oracle, int64_t now_ms, int64_t clock_ms, int64_t up_ms)
{
    struct oracle_moment *moment = vec_push(&oracle->moments, sizeof *moment);
    assert(moment);
    *moment = (struct oracle_moment){ now_ms, clock_ms, up_ms };
}

/* The clock reached it for good between two moments; what has passed since is how late it is. */
static void note_late(struct oracle *oracle, int64_t due_ms)
{
    const struct oracle_moment *moments = oracle->moments.data;
    size_t last = oracle->moments.count - 1, at = last;
    while (at > 0 && moments[at - 1].clock_ms >= due_ms)
        at--;
    int64_t within_ms = at > 0 ? moments[at].clock_ms - due_ms : 0;
    struct oracle_late *late = vec_push(&oracle->late, sizeof *late);
    assert(late);
    *late = (struct oracle_late){ .up_ms = moments[last].up_ms - moments[at].up_ms,
                                  .ms = moments[last].now_ms - moments[at].now_ms };
    if (at > 0 && within_ms <= moments[at].up_ms - moments[at - 1].up_ms) /* else the clock had jumped over it */
        *late = (struct oracle_late){ late->up_ms + within_ms, late->ms + within_ms };
    oracle->fired++;
}

/* ---- what is due ---- */

/* 0: never. */
static int64_t due_at(const struct oracle *oracle, const struct oracle_incident *incident, int kind)
{
    int64_t grid_ms = oracle->rules.grid_ms, over_ms = incident->base_ms[kind] + incident->every_ms[kind];
    if (!incident->every_ms[kind] || !incident->declared_ms || incident->dismissed)
        return 0;
    int64_t due_ms = incident->declared_ms + ((over_ms - incident->declared_ms) / grid_ms + 1) * grid_ms;
    if (due_ms < incident->snoozed_until_ms)
        due_ms = incident->snoozed_until_ms;
    return after_quiet(oracle, incident, due_ms);
}

/* What is still owed when quiet hours begin is due when they end. 0: not due yet. */
static int64_t due_by(const struct oracle *oracle, const struct oracle_incident *incident, int kind, int64_t at_ms)
{
    int64_t due_ms = due_at(oracle, incident, kind), local_ms = oracle_local(oracle, at_ms);
    int64_t morning_ms = from_local(oracle, local_ms - local_ms % DAY_MS + oracle->rules.quiet_to * (int64_t)HOUR_MS);
    if (!due_ms || due_ms > at_ms || is_quiet(oracle, incident, at_ms))
        return 0;
    return incident->quiet && due_ms < morning_ms && at_ms >= morning_ms ? morning_ms : due_ms;
}

/* ---- what was said ---- */

void oracle_declared(struct oracle *oracle, int number, int64_t at_ms)
{
    struct oracle_incident *incident = &oracle->incidents[number];
    incident->declared_ms = at_ms;
    for (int kind = 0; kind < ORACLE_KINDS; kind++)
        incident->base_ms[kind] = at_ms + oracle->rules.grid_ms;
}

void oracle_snoozed(struct oracle *oracle, int number, int64_t at_ms)
{
    int64_t local_ms = oracle_local(oracle, at_ms), midnight_ms = local_ms - local_ms % DAY_MS + DAY_MS;
    oracle->incidents[number].snoozed_until_ms = from_local(oracle, midnight_ms + NINE * (int64_t)HOUR_MS);
}

void oracle_dismissed(struct oracle *oracle, int number) { oracle->incidents[number].dismissed = true; }

void oracle_over(struct oracle *oracle, int number, int64_t at_ms)
{
    oracle_dismissed(oracle, number);
    oracle->incidents[number].over_ms = at_ms;
}

void oracle_waits(struct oracle *oracle, int number, int64_t at_ms)
{
    if (oracle->incidents[number].waits_since_ms)
        wrong(oracle, number, "its deployment started twice");
    oracle->incidents[number].waits_since_ms = at_ms;
}

/* ---- what was done ---- */

/* One message for all that is due, when it is long ago and more than one should have been sent; else one for each. */
static bool catches_up(const struct oracle *oracle, const struct oracle_incident *incident, int64_t at_ms,
                       int64_t *ret_missed)
{
    bool long_ago = false;
    *ret_missed = 0;
    for (int kind = 0; kind < ORACLE_KINDS; kind++) {
        int64_t due_ms = due_by(oracle, incident, kind, at_ms);
        if (!due_ms)
            continue;
        *ret_missed += 1 + (at_ms - due_ms) / incident->every_ms[kind];
        long_ago = long_ago || at_ms - due_ms > oracle->rules.outage_ms;
    }
    return long_ago && *ret_missed > 1;
}

static void sent(struct oracle *oracle, struct oracle_incident *incident, int kind, int64_t at_ms)
{
    int64_t since_ms = at_ms - incident->declared_ms;
    note_late(oracle, due_by(oracle, incident, kind, at_ms));
    incident->base_ms[kind] = incident->declared_ms + since_ms - since_ms % oracle->rules.grid_ms;
}

static void check_catch_up(struct oracle *oracle, int number, int64_t missed, int64_t said, const char *text)
{
    char words[64];
    (void)snprintf(words, sizeof words, "missed %lld reminder%s.", (long long)missed, missed == 1 ? "" : "s");
    if (said != missed - 1 || !strstr(text, words))
        wrong(oracle, number, "%lld were missed, and it says: %s", (long long)missed, text);
    oracle->caught_up++;
}

void oracle_reminded(struct oracle *oracle, int number, int64_t at_ms, enum oracle_kind kind, int64_t missed,
                     const char *text)
{
    struct oracle_incident *incident = &oracle->incidents[number];
    int64_t owed;
    bool all = catches_up(oracle, incident, at_ms, &owed);
    incident->reminders++;
    incident->since_back++;
    if (is_quiet(oracle, incident, at_ms))
        wrong(oracle, number, "a reminder in the night, at %lld", (long long)at_ms);
    if (!due_by(oracle, incident, kind, at_ms)) {
        wrong(oracle, number, "reminder %d at %lld, due at %lld: double, early or dismissed", (int)kind,
              (long long)at_ms, (long long)due_at(oracle, incident, kind));
        return;
    }
    if (all)
        check_catch_up(oracle, number, owed, missed, text);
    else if (missed != 0)
        wrong(oracle, number, "it says that %lld were missed: none was", (long long)missed);
    for (int other = 0; other < ORACLE_KINDS; other++)
        if (other == (int)kind || (all && due_by(oracle, incident, other, at_ms)))
            sent(oracle, incident, other, at_ms);
}

static void fire_once(struct oracle *oracle, int number, const char *what, int64_t due_ms, int64_t at_ms, bool again)
{
    if (again)
        wrong(oracle, number, "%s twice", what);
    else if (at_ms < due_ms)
        wrong(oracle, number, "%s at %lld instead of %lld", what, (long long)at_ms, (long long)due_ms);
    else
        note_late(oracle, due_ms);
}

void oracle_archived(struct oracle *oracle, int number, int64_t at_ms)
{
    struct oracle_incident *incident = &oracle->incidents[number];
    int64_t due_ms = incident->over_ms ? incident->over_ms + oracle->rules.archive_after_ms : INT64_MAX;
    fire_once(oracle, number, "archived", due_ms, at_ms, incident->archived_ms != 0);
    incident->archived_ms = at_ms;
}

void oracle_closed(struct oracle *oracle, int number, int64_t at_ms)
{
    struct oracle_incident *incident = &oracle->incidents[number];
    int64_t due_ms = incident->archived_ms ? incident->archived_ms + oracle->rules.last_words_ms : INT64_MAX;
    fire_once(oracle, number, "its channel archived", due_ms, at_ms, incident->closed);
    incident->closed = true;
}

void oracle_waited(struct oracle *oracle, int number, int64_t at_ms)
{
    struct oracle_incident *incident = &oracle->incidents[number];
    int64_t due_ms = incident->waits_since_ms ? incident->waits_since_ms + oracle->rules.wait_ms : INT64_MAX;
    fire_once(oracle, number, "the end of a wait", due_ms, at_ms, incident->ended_ms != 0);
    incident->ended_ms = at_ms;
}

/* ---- in the end ---- */

static bool owes(const struct oracle *oracle, const struct oracle_incident *incident, int64_t clock_ms)
{
    const struct oracle_rules *rules = &oracle->rules;
    for (int kind = 0; kind < ORACLE_KINDS; kind++)
        if (due_by(oracle, incident, kind, clock_ms))
            return true;
    if (incident->over_ms && !incident->archived_ms && incident->over_ms + rules->archive_after_ms <= clock_ms)
        return true;
    if (incident->archived_ms && !incident->closed && incident->archived_ms + rules->last_words_ms <= clock_ms)
        return true;
    return incident->waits_since_ms && !incident->ended_ms && incident->waits_since_ms + rules->wait_ms <= clock_ms;
}

int64_t oracle_owed(struct oracle *oracle, int64_t clock_ms)
{
    int64_t owed = 0;
    for (int number = 0; number < ORACLE_MAX; number++)
        if (owes(oracle, &oracle->incidents[number], clock_ms)) {
            wrong(oracle, number, "what was due did not happen until %lld", (long long)clock_ms);
            owed++;
        }
    return owed;
}

static int by_up(const void *a, const void *b)
{
    const struct oracle_late *one = a, *two = b;
    return one->up_ms < two->up_ms ? -1 : one->up_ms > two->up_ms;
}

static int by_ms(const void *a, const void *b)
{
    const struct oracle_late *one = a, *two = b;
    return one->ms < two->ms ? -1 : one->ms > two->ms;
}

struct oracle_late oracle_percentile(struct oracle *oracle, int percent)
{
    struct oracle_late *late = oracle->late.data;
    size_t count = oracle->late.count, at = count ? (count - 1) * (size_t)percent / 100 : 0;
    struct oracle_late found = { 0 };
    if (!count)
        return found;
    qsort(late, count, sizeof *late, by_up);
    found.up_ms = late[at].up_ms;
    qsort(late, count, sizeof *late, by_ms);
    found.ms = late[at].ms;
    return found;
}

void oracle_release(struct oracle *oracle)
{
    vec_release(&oracle->moments);
    vec_release(&oracle->late);
}
