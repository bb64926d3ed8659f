/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/incident_alert.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_orders.h"

enum { MAX_ALERTS = KIND_MAX_KEYS - 2 };

static const char *arg(const struct incident_turn *turn, const char *key)
{
    return jx_string_or(turn->command->args, key, "");
}

static json_t *find_alert(struct incident_turn *turn)
{
    json_t *alerts = incident_list_of(turn, "alerts");
    for (size_t i = 0; i < json_array_size(alerts); i++) {
        json_t *alert = json_array_get(alerts, i);
        if (sw_equal(jx_string(alert, "source"), arg(turn, "source")) &&
            sw_equal(jx_string(alert, "key"), arg(turn, "key")))
            return alert;
    }
    return NULL;
}

/* What it was called when it fired: a source need not say it again when it is over. */
static const char *title_of(const struct incident_turn *turn, const json_t *alert)
{
    const char *said = arg(turn, "title");
    return *said ? said : jx_string_or(alert, "title", "");
}

static void log_alert(struct incident_turn *turn, const json_t *alert, const char *words)
{
    json_t *entry = incident_log(turn, "alert", "%s (%s) %s", title_of(turn, alert), arg(turn, "source"), words);
    if (entry && *arg(turn, "url") && !jx_set_string(entry, "link", arg(turn, "url")))
        turn->broken = true;
}

/* False: there are so many that this one is not followed. */
static bool add_alert(struct incident_turn *turn)
{
    json_t *alerts = incident_list_of(turn, "alerts");
    if (json_array_size(alerts) >= MAX_ALERTS)
        return false;
    json_t *alert =
        json_pack("{ss ss ss ss ss ss}", "key", arg(turn, "key"), "source", arg(turn, "source"), "group",
                  arg(turn, "group"), "title", arg(turn, "title"), "url", arg(turn, "url"), "status", "firing");
    if (!alert || json_array_append_new(alerts, alert) != 0)
        turn->broken = true;
    return true;
}

/* Said once: a storm of alerts is no timeline. */
static void note_more(struct incident_turn *turn)
{
    if (jx_bool_or(turn->wf->facts, "more_alerts", false))
        return;
    (void)incident_log(turn, "alert", "More than %d alerts fire, %s among them. The others are not followed.",
                       (int)MAX_ALERTS, arg(turn, "title"));
    if (!jx_set_take(turn->wf->facts, "more_alerts", json_true()))
        turn->broken = true;
}

/* Monitoring knows when it was noticed. */
void incident_alert_first(struct incident_turn *turn)
{
    int64_t started_ms = jx_time_or(turn->command->args, "started_at", turn->now_ms);
    (void)add_alert(turn); /* there are none yet */
    log_alert(turn, NULL, "fires");
    incident_put_time(turn, "detected", started_ms < turn->now_ms ? started_ms : turn->now_ms);
}

static void set_status(struct incident_turn *turn, json_t *alert, const char *status)
{
    if (!jx_set_string(alert, "status", status))
        turn->broken = true;
}

struct sw_status incident_alert_firing(struct incident_turn *turn)
{
    json_t *alert = find_alert(turn);
    bool fired = sw_equal(jx_string(alert, "status"), "firing");
    if (fired)
        return sw_ok(); /* said before */
    if (alert)
        set_status(turn, alert, "firing");
    else if (!add_alert(turn)) {
        note_more(turn);
        return sw_ok();
    }
    log_alert(turn, alert, alert ? "fires again" : "fires");
    if (turn->wf->state == INCIDENT_RESOLVED)
        incident_post(turn, "alert_again", json_pack("{ss ss}", "title", arg(turn, "title"), "url", arg(turn, "url")),
                      "The alert fires again: %s. `.unresolve` or `.restart`, if this is not over.",
                      arg(turn, "title"));
    return sw_ok();
}

static bool all_over(struct incident_turn *turn)
{
    const json_t *alerts = incident_list(turn->wf, "alerts");
    for (size_t i = 0; i < json_array_size(alerts); i++)
        if (!sw_equal(jx_string(json_array_get(alerts, i), "status"), "resolved"))
            return false;
    return true;
}

struct sw_status incident_alert_over(struct incident_turn *turn)
{
    json_t *alert = find_alert(turn);
    if (!alert || sw_equal(jx_string(alert, "status"), "resolved"))
        return sw_ok();
    set_status(turn, alert, "resolved");
    log_alert(turn, alert, "is over");
    if (incident_open(turn->wf) && all_over(turn))
        incident_post(turn, "resolve_offer",
                      json_pack("{ss ss}", "title", title_of(turn, alert), "url", arg(turn, "url")),
                      "Monitoring sees no trouble any more: %s is over. `.resolve`, if it is.", title_of(turn, alert));
    return sw_ok();
}
