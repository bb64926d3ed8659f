/* SPDX-License-Identifier: Apache-2.0
 * When people are reminded. What is said then is incident_nag_send.c's. */
#include "orchestrator/core/incident_nag.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_nag_clock.h"

enum { SECOND_MS = 1000 };

int64_t incident_nag_grid(const struct config *config) { return incident_setting_ms(config, "nag_grid", SECOND_MS); }

/* The first and the newer update share a clock. */
const char *incident_nag_clock(enum incident_nag_kind kind)
{
    static const char *const CLOCKS[INCIDENT_NAG_KINDS] = { "point", "comms", "update", "update" };
    return CLOCKS[kind];
}

static int64_t preset_clock(const struct wf *wf, const struct config *config)
{
    return incident_time(wf, "created") + incident_nag_grid(config);
}

int64_t incident_nag_last(const struct wf *wf, const struct config *config, enum incident_nag_kind kind)
{
    const json_t *last = json_object_get(incident_part(wf, "nag"), "last");
    return jx_i64_or(last, incident_nag_clock(kind), preset_clock(wf, config));
}

static int64_t later(int64_t a_ms, int64_t b_ms) { return a_ms > b_ms ? a_ms : b_ms; }

/* Where the interval begins; 0: it does not run. */
static int64_t base_of(const struct wf *wf, const struct config *config, enum incident_nag_kind kind)
{
    int64_t last_ms = incident_nag_last(wf, config, kind), update_ms = incident_latest_update(wf);
    bool asked = *incident_role(wf, "comms") && incident_open_blockers(wf) == 0;
    switch (kind) {
    case INCIDENT_NAG_POINT:
        return *incident_role(wf, "point") ? 0 : last_ms;
    case INCIDENT_NAG_COMMS:
        return *incident_role(wf, "comms") ? 0 : last_ms;
    case INCIDENT_NAG_INITIAL:
        return asked && !update_ms ? last_ms : 0;
    case INCIDENT_NAG_UPDATE:
        return asked && update_ms ? later(update_ms, last_ms) : 0;
    }
    return 0;
}

int64_t incident_nag_at(const struct wf *wf, const struct config *config, enum incident_nag_kind kind)
{
    struct incident_level level;
    bool known = incident_level(config, incident_priority(wf), &level);
    if (!known || !level.nag_ms[kind] || !incident_open(wf) || incident_time(wf, "mitigated"))
        return 0;
    int64_t base_ms = base_of(wf, config, kind), grid_ms = incident_nag_grid(config);
    if (!base_ms)
        return 0;
    int64_t created_ms = incident_time(wf, "created"), over_ms = base_ms + level.nag_ms[kind];
    return grid_ms > 0 ? created_ms + ((over_ms - created_ms) / grid_ms + 1) * grid_ms : over_ms;
}

int64_t incident_nag_sent_at(const struct wf *wf, const struct config *config, const struct kind_reads *reads,
                             enum incident_nag_kind kind, int64_t now_ms)
{
    int64_t at_ms = incident_nag_at(wf, config, kind), priority = incident_priority(wf);
    if (!at_ms)
        return 0;
    at_ms = later(at_ms, jx_i64_or(incident_part(wf, "nag"), "snoozed_until", 0));
    int64_t put_off_ms = jx_i64_or(incident_part(wf, "nag"), "put_off", 0);
    if (put_off_ms > at_ms && incident_quiet_until(config, reads, priority, put_off_ms - 1) == put_off_ms)
        at_ms = put_off_ms; /* by hours that still concern it */
    at_ms = incident_quiet_until(config, reads, priority, at_ms);
    int64_t quiet_ms = at_ms <= now_ms ? incident_quiet_until(config, reads, priority, now_ms) : 0;
    return quiet_ms > now_ms ? quiet_ms : at_ms; /* what is late is not sent in the night either */
}

int64_t incident_nag_next(const struct wf *wf, const struct config *config, const struct kind_reads *reads,
                          int64_t now_ms)
{
    int64_t next_ms = 0;
    for (int kind = 0; kind < INCIDENT_NAG_KINDS; kind++) {
        int64_t at_ms = incident_nag_sent_at(wf, config, reads, (enum incident_nag_kind)kind, now_ms);
        if (at_ms && (!next_ms || at_ms < next_ms))
            next_ms = at_ms;
    }
    return next_ms;
}

void incident_nag_finish(struct incident_turn *turn)
{
    int64_t next_ms = incident_nag_next(turn->wf, turn->config, turn->reads, turn->now_ms);
    if (next_ms == jx_i64_or(turn->wf->facts, "nag_due", 0))
        return;
    incident_put(turn, "nag_due", json_integer(next_ms));
    incident_timer(turn, INCIDENT_NAG_TIMER, next_ms);
}

/* ---- the clocks ---- */

static void set_clock(struct incident_turn *turn, const char *clock, int64_t at_ms)
{
    json_t *nag = incident_part_of(turn, "nag"), *last = json_object_get(nag, "last");
    if (!last && json_object_set_new(nag, "last", json_object()) == 0)
        last = json_object_get(nag, "last");
    if (!last || json_object_set_new(last, clock, json_integer(at_ms)) != 0)
        turn->broken = true;
}

void incident_nag_count(struct incident_turn *turn, const char *name, int64_t count)
{
    json_t *nag = incident_part_of(turn, "nag"), *sent = json_object_get(nag, "sent");
    if (!sent && json_object_set_new(nag, "sent", json_object()) == 0)
        sent = json_object_get(nag, "sent");
    if (!sent || json_object_set_new(sent, name, json_integer(count)) != 0)
        turn->broken = true;
}

void incident_nag_stamp(struct incident_turn *turn, enum incident_nag_kind kind, int64_t at_ms)
{
    set_clock(turn, incident_nag_clock(kind), at_ms);
}

static void restart_clock(struct incident_turn *turn, const char *clock)
{
    set_clock(turn, clock, later(turn->now_ms, preset_clock(turn->wf, turn->config)));
    incident_nag_count(turn, clock, 0);
}

void incident_nag_restart(struct incident_turn *turn)
{
    static const char *const CLOCKS[] = { "point", "comms", "update" };
    for (size_t i = 0; i < SW_COUNT(CLOCKS); i++)
        restart_clock(turn, CLOCKS[i]);
}

void incident_nag_restart_of(struct incident_turn *turn, const char *role)
{
    if (sw_equal(role, "point"))
        restart_clock(turn, "point");
    if (!sw_equal(role, "comms"))
        return;
    restart_clock(turn, "comms");
    restart_clock(turn, "update"); /* whoever has just come is given the time */
}
