/* SPDX-License-Identifier: Apache-2.0
 * Reminding, and being asked to be quiet. */
#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_nag_clock.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_times.h"
#include "orchestrator/core/when.h"

enum { OUTAGE_MS = 300000, SNOOZE_MS = 1800000, LONGEST_SNOOZE_MS = 86400000 };

struct due {
    enum incident_nag_kind kind;
    int64_t at_ms, interval_ms, missed;
};

static const char *const WHAT[INCIDENT_NAG_KINDS] = { "point", "comms", "initial", "update" };

static size_t find_due(const struct incident_turn *turn, struct due ret_due[INCIDENT_NAG_KINDS])
{
    struct incident_level level;
    size_t count = 0;
    (void)incident_level(turn->config, incident_priority(turn->wf), &level);
    for (int kind = 0; kind < INCIDENT_NAG_KINDS; kind++) {
        int64_t at_ms =
            incident_nag_sent_at(turn->wf, turn->config, turn->reads, (enum incident_nag_kind)kind, turn->now_ms);
        if (!at_ms || at_ms > turn->now_ms)
            continue;
        ret_due[count++] = (struct due){ .kind = (enum incident_nag_kind)kind,
                                         .at_ms = at_ms,
                                         .interval_ms = level.nag_ms[kind],
                                         .missed = (turn->now_ms - at_ms) / level.nag_ms[kind] };
    }
    return count;
}

/* The clock shows when it should have been sent, so that a late turn moves no later one. */
static void stamp(struct incident_turn *turn, const struct due *due)
{
    int64_t grid_ms = incident_nag_grid(turn->config), created_ms = incident_time(turn->wf, "created");
    int64_t at_ms = turn->now_ms;
    if (grid_ms > 0)
        at_ms = created_ms + (turn->now_ms - created_ms) / grid_ms * grid_ms;
    else if (due->missed == 0)
        at_ms = due->at_ms;
    incident_nag_stamp(turn, due->kind, at_ms);
}

/* How often in a row it has been asked for, this time included. */
static int64_t count_sent(struct incident_turn *turn, const struct due *due)
{
    const char *clock = incident_nag_clock(due->kind);
    bool anew = due->kind == INCIDENT_NAG_UPDATE &&
                incident_latest_update(turn->wf) > incident_nag_last(turn->wf, turn->config, due->kind);
    int64_t count = anew ? 0 : jx_i64_or(json_object_get(incident_part(turn->wf, "nag"), "sent"), clock, 0);
    incident_nag_count(turn, clock, count + 1);
    return count + 1;
}

static const json_t *escalation(const struct incident_turn *turn, int64_t count)
{
    const json_t *escalate = incident_setting(turn->config, "", "escalate");
    int64_t after = jx_i64_or(escalate, "after", 0);
    return after && count >= after ? json_object_get(escalate, "to") : NULL;
}

static const char *words_of(enum incident_nag_kind kind)
{
    switch (kind) {
    case INCIDENT_NAG_POINT:
        return "Nobody is on point yet. `.point` takes the lead";
    case INCIDENT_NAG_COMMS:
        return "Nobody is on comms yet. `.comms` takes the communication";
    case INCIDENT_NAG_INITIAL:
        return "People wait for a first word: `.summary` or `.notify`";
    case INCIDENT_NAG_UPDATE:
        break;
    }
    return "The last update is old: `.notify` or `.summary`";
}

static json_t *nag_data(const struct incident_turn *turn, const struct due *due, const json_t *escalate, bool main)
{
    const char *comms = incident_role(turn->wf, "comms");
    bool everybody = due->kind == INCIDENT_NAG_POINT || due->kind == INCIDENT_NAG_COMMS;
    return json_pack("{ss ss* sO* sI sb sb}", "what", WHAT[due->kind], "who", *comms && !everybody ? comms : NULL,
                     "escalate", escalate, "missed", (json_int_t)due->missed, "here", everybody, "main", main);
}

/* While Slack does not answer, the newest one is enough. */
static void withdraw_older(struct incident_turn *turn, enum incident_nag_kind kind)
{
    const char *key;
    json_t *entry;
    void *next;
    json_t *orders = json_object_get(turn->wf->facts, "orders");
    json_object_foreach_safe(orders, next, key, entry)
    {
        const json_t *order = json_object_get(entry, "order");
        if (sw_equal(jx_string(order, "card"), "nag") &&
            sw_equal(jx_string(json_object_get(order, "data"), "what"), WHAT[kind]))
            (void)json_object_del(orders, key);
    }
}

static void remind(struct incident_turn *turn, const struct due *due)
{
    const json_t *escalate = escalation(turn, count_sent(turn, due));
    bool everybody = due->kind == INCIDENT_NAG_POINT || due->kind == INCIDENT_NAG_COMMS;
    const char *comms = incident_role(turn->wf, "comms");
    json_t *data = nag_data(turn, due, escalate, false);
    withdraw_older(turn, due->kind);
    if (everybody)
        incident_post(turn, "nag", data, "%s.", words_of(due->kind));
    else
        incident_post(turn, "nag", data, "<@%s>: %s.", comms, words_of(due->kind));
    if (everybody || escalate)
        incident_post_main(turn, "nag", nag_data(turn, due, escalate, true), "%s: %s.",
                           incident_fact(turn->wf, "title"), words_of(due->kind));
    if (escalate && !jx_i64_or(incident_part(turn->wf, "nag"), "escalated", 0)) {
        incident_put_in(turn, "nag", "escalated", json_integer(turn->now_ms));
        (void)incident_log(turn, "event", "Others are called: %s", words_of(due->kind));
    }
    stamp(turn, due);
}

/* After an outage: one message that says how much was missed, about the one that has waited longest. */
static void catch_up(struct incident_turn *turn, const struct due *due, size_t count)
{
    struct due first = due[0];
    int64_t missed = 0;
    char late[SW_DURATION_SIZE];
    for (size_t i = 0; i < count; i++) {
        missed += due[i].missed + 1;
        first = due[i].at_ms < first.at_ms ? due[i] : first;
        (void)count_sent(turn, &due[i]); /* one, however many were missed */
        stamp(turn, &due[i]);
    }
    sw_duration(turn->now_ms - first.at_ms, late);
    first.missed = missed - 1; /* this one is not missed any more */
    withdraw_older(turn, first.kind);
    incident_post(turn, "nag", nag_data(turn, &first, NULL, false),
                  "I could not remind you for %s and missed %lld reminder%s. %s.", late, (long long)missed,
                  incident_s((size_t)missed), words_of(first.kind));
}

/* Long ago, and more than one should have been sent since. */
static bool after_outage(const struct incident_turn *turn, const struct due *due, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((due[i].missed > 0 || count > 1) && turn->now_ms - due[i].at_ms > OUTAGE_MS)
            return true;
    return false;
}

struct sw_status incident_nag_due(struct incident_turn *turn)
{
    struct due due[INCIDENT_NAG_KINDS];
    size_t count = find_due(turn, due);
    int64_t quiet_ms = incident_quiet_until(turn->config, turn->reads, incident_priority(turn->wf), turn->now_ms);
    if (quiet_ms > turn->now_ms) /* what is late is due anew in the morning, then on time */
        incident_put_in(turn, "nag", "put_off", json_integer(quiet_ms));
    incident_put(turn, "nag_due", json_integer(0)); /* the timer has fired; another one is set at the turn's end */
    if (after_outage(turn, due, count)) {
        catch_up(turn, due, count);
        return sw_ok();
    }
    for (size_t i = 0; i < count; i++)
        remind(turn, &due[i]);
    return sw_ok();
}

/* By hours and by the wall clock: on the day on which the clocks go back "tomorrow at this time" is 25 hours away. */
static bool is_longer_than_a_day(const struct incident_turn *turn, int64_t at_ms)
{
    const struct sw_zone *zone = incident_zone(turn);
    int64_t local_ms = sw_zone_local_ms(zone, at_ms) - sw_zone_local_ms(zone, turn->now_ms);
    return at_ms - turn->now_ms > LONGEST_SNOOZE_MS && local_ms > LONGEST_SNOOZE_MS;
}

struct sw_status incident_snooze(struct incident_turn *turn)
{
    struct when when = { .at_ms = turn->now_ms + SNOOZE_MS };
    char words[INCIDENT_WHEN_SIZE];
    if (*turn->said) {
        struct sw_status status = when_parse_until(turn->said, turn->now_ms, incident_zone(turn), &when);
        if (sw_failed(status))
            return incident_refuse(turn, "E-TIME", "For how long?||%s||Such as `.snooze 30m` or `.snooze until 15:00`.",
                                   status.text);
    }
    if (is_longer_than_a_day(turn, when.at_ms))
        return incident_refuse(turn, "E-TIME",
                               "That is longer than a day.||||Say a shorter time; nothing was changed.");
    incident_put_in(turn, "nag", "snoozed_until", json_integer(when.at_ms));
    incident_when_words(when.at_ms, incident_zone(turn), words);
    (void)incident_log(turn, "event", "No reminders until %s", words);
    incident_answer(turn, "No reminders until %s.", words);
    return sw_ok();
}
