/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/incident_joined.h"

#include "common/base/text.h"
#include "orchestrator/core/deployment_glass.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_glass.h"
#include "orchestrator/core/incident_kind.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_times.h"
#include "orchestrator/core/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HOLDS = 16 };

/* ---- holds ---- */

static void reason_of(const struct wf *wf, char *ret_text, size_t size)
{
    if (incident_private(wf))
        (void)snprintf(ret_text, size, "an incident");
    else
        (void)sw_print(ret_text, size, "incident #%lld: %.300s", (long long)jx_i64_or(wf->facts, "number", 0),
                       incident_fact(wf, "title"));
}

static void order_hold(struct incident_turn *turn, const json_t *held)
{
    struct wf_effect *effect = incident_effect(turn, WF_HOLD);
    struct wf_hold *hold = effect ? calloc(1, sizeof *hold) : NULL;
    if (!hold) {
        turn->broken = true;
        return;
    }
    effect->hold = hold;
    (void)sw_copy(hold->id, sizeof hold->id, jx_string_or(held, "id", "")); /* all of these were measured */
    (void)sw_copy(hold->origin, sizeof hold->origin, turn->wf->id);
    (void)sw_copy(hold->by, sizeof hold->by, jx_string_or(held, "by", ""));
    (void)sw_copy(hold->channel, sizeof hold->channel, incident_channel(turn->wf));
    (void)sw_copy(hold->service, sizeof hold->service, jx_string_or(held, "service", ""));
    (void)sw_copy(hold->environment, sizeof hold->environment, jx_string_or(held, "environment", ""));
    reason_of(turn->wf, hold->reason, sizeof hold->reason);
    hold->since_ms = jx_i64_or(held, "since", turn->now_ms);
    hold->until_ms = jx_i64_or(held, "until", 0);
}

static json_t *find_hold(struct incident_turn *turn, const char *service, size_t *ret_index)
{
    json_t *holds = incident_list_of(turn, "holds");
    for (size_t i = 0; i < json_array_size(holds); i++)
        if (sw_equal(jx_string(json_array_get(holds, i), "service"), service)) {
            *ret_index = i;
            return json_array_get(holds, i);
        }
    return NULL;
}

/* For the first of them that ends by itself. */
static void set_timer(struct incident_turn *turn)
{
    int64_t due_ms = 0;
    const json_t *holds = incident_list(turn->wf, "holds");
    for (size_t i = 0; i < json_array_size(holds); i++) {
        int64_t until_ms = jx_i64_or(json_array_get(holds, i), "until", 0);
        if (until_ms && (!due_ms || until_ms < due_ms))
            due_ms = until_ms;
    }
    incident_timer(turn, INCIDENT_HOLD_TIMER, due_ms);
}

/* "released": a person let its own service go while the incident was under way, and that stands. */
static void note_released(struct incident_turn *turn, const char *service)
{
    if (incident_open(turn->wf) && sw_equal(service, incident_fact(turn->wf, "service")))
        incident_put(turn, "released", json_true());
}

static void hold(struct incident_turn *turn, const char *service, const char *environment, int64_t until_ms)
{
    char id[PROTO_NAME_SIZE];
    json_t *holds = incident_list_of(turn, "holds");
    int64_t n = jx_i64_or(turn->wf->facts, "hold_next", 1);
    (void)snprintf(id, sizeof id, "%s:%lld", turn->wf->id, (long long)n);
    incident_put(turn, "hold_next", json_integer(n + 1));
    json_t *what = *environment ? json_sprintf("%s in %s", service, environment) : json_string(service);
    json_t *held = json_pack("{ss ss ss ss sI sI so}", "id", id, "service", service, "environment", environment, "by",
                             incident_speaker(turn), "since", (json_int_t)turn->now_ms, "until", (json_int_t)until_ms,
                             "what", what);
    if (!held || json_array_append_new(holds, held) != 0) {
        turn->broken = true;
        return;
    }
    order_hold(turn, held);
    if (sw_equal(service, incident_fact(turn->wf, "service")))
        incident_drop(turn, "released");
    (void)incident_log(turn, "event", "Deployments of %s are held", service);
}

bool incident_hold_if_serious(struct incident_turn *turn)
{
    size_t index;
    const char *service = incident_fact(turn->wf, "service");
    if (!*service || !incident_level_holds(turn->config, incident_priority(turn->wf)) ||
        !config_service(turn->config, service) || find_hold(turn, service, &index))
        return false;
    hold(turn, service, incident_fact(turn->wf, "environment"), 0);
    return true;
}

void incident_hold_once_more(struct incident_turn *turn, bool raised)
{
    const bool released = jx_bool_or(turn->wf->facts, "released", false);
    if ((released && !raised) || !incident_hold_if_serious(turn))
        return;
    incident_post(turn, "hold", json_pack("{sO}", "holds", incident_list_of(turn, "holds")),
                  "Deployments of %s do not start until `.release`. What is asked for from this channel may.",
                  incident_fact(turn->wf, "service"));
}

void incident_holds_again(struct incident_turn *turn)
{
    const json_t *holds = incident_list(turn->wf, "holds");
    for (size_t i = 0; i < json_array_size(holds); i++)
        order_hold(turn, json_array_get(holds, i));
}

static const char *service_at(const struct incident_turn *turn, size_t index)
{
    return jx_string_or(json_array_get(incident_list(turn->wf, "holds"), index), "service", "");
}

static void release_at(struct incident_turn *turn, size_t index)
{
    json_t *holds = incident_list_of(turn, "holds");
    const json_t *held = json_array_get(holds, index);
    struct wf_effect *effect = incident_effect(turn, WF_RELEASE);
    if (!effect) {
        turn->broken = true;
        return;
    }
    (void)sw_copy(effect->hold_id, sizeof effect->hold_id, jx_string_or(held, "id", ""));
    (void)incident_log(turn, "event", "Deployments of %s may start again", jx_string_or(held, "service", ""));
    (void)json_array_remove(holds, index); /* it is there */
}

struct sw_status incident_hold_due(struct incident_turn *turn)
{
    const json_t *holds = incident_list(turn->wf, "holds");
    size_t before = json_array_size(holds);
    for (size_t i = before; i-- > 0;) {
        int64_t until_ms = jx_i64_or(json_array_get(incident_list(turn->wf, "holds"), i), "until", 0);
        if (until_ms && until_ms <= turn->now_ms) {
            note_released(turn, service_at(turn, i));
            release_at(turn, i);
        }
    }
    set_timer(turn);
    if (json_array_size(incident_list(turn->wf, "holds")) != before)
        incident_event(turn, "changed");
    return sw_ok();
}

void incident_release_all(struct incident_turn *turn)
{
    for (size_t count = json_array_size(incident_list(turn->wf, "holds")); count > 0; count--)
        release_at(turn, count - 1);
    set_timer(turn);
}

void incident_offer_release(struct incident_turn *turn)
{
    json_t *holds = incident_list_of(turn, "holds");
    size_t count = json_array_size(holds);
    if (count == 0)
        return;
    incident_post(turn, "release_offer", json_pack("{sO}", "holds", holds),
                  "Deployments of %s%s are still held. `.release` lets them start.",
                  jx_string_or(json_array_get(holds, 0), "service", ""), count > 1 ? " and others" : "");
}

/* [service] [until]: the first word is the service when there is one of that name. */
static struct sw_status read_hold(struct incident_turn *turn, char ret_service[PROTO_NAME_SIZE], int64_t *ret_until_ms)
{
    const char *rest = turn->said + strcspn(turn->said, " \t");
    (void)sw_print(ret_service, PROTO_NAME_SIZE, "%.*s", (int)(rest - turn->said), turn->said);
    bool named = config_service(turn->config, ret_service) != NULL;
    rest = named ? rest + strspn(rest, " \t") : turn->said;
    if (!named)
        (void)sw_copy(ret_service, PROTO_NAME_SIZE, incident_fact(turn->wf, "service")); /* measured */
    struct when until = { 0 };
    struct sw_status status = *rest ? when_parse_until(rest, turn->now_ms, incident_zone(turn), &until) : sw_ok();
    if (sw_failed(status))
        return incident_refuse(turn, "E-HOLD",
                               "`%.80s` is neither a service nor a time.||||Such as `.hold site` or `.hold "
                               "site 2h`; `/deploy services` lists them.",
                               rest);
    if (!config_service(turn->config, ret_service))
        return incident_refuse(turn, "E-SERVICE-MISSING",
                               "Which service?||This incident is about none.||Such as `.hold "
                               "site`.");
    *ret_until_ms = until.at_ms;
    return sw_ok();
}

struct sw_status incident_hold(struct incident_turn *turn)
{
    char service[PROTO_NAME_SIZE], words[INCIDENT_WHEN_SIZE];
    size_t index;
    int64_t until_ms = 0;
    if (incident_finished(turn->wf))
        return incident_refuse(turn, "E-OVER", "This incident is over, and holds nothing.||||Declare a new one.");
    SW_TRY(read_hold(turn, service, &until_ms));
    if (find_hold(turn, service, &index))
        release_at(turn, index); /* it is held anew */
    if (json_array_size(incident_list(turn->wf, "holds")) >= MAX_HOLDS)
        return incident_refuse(turn, "E-TOO-MANY", "It holds %d services already.||||`.release` some first.",
                               MAX_HOLDS);
    hold(turn, service, *turn->said ? "" : incident_fact(turn->wf, "environment"), until_ms);
    set_timer(turn);
    incident_when_words(until_ms, incident_zone(turn), words);
    incident_answer(turn, "Deployments of `%s` do not start until %s. What is asked for from this channel may.",
                    service, until_ms ? words : "`.release`");
    return sw_ok();
}

struct sw_status incident_release(struct incident_turn *turn)
{
    size_t index = 0, count = json_array_size(incident_list(turn->wf, "holds"));
    if (*turn->said && !find_hold(turn, turn->said, &index))
        return incident_refuse(turn, "E-NOT-FOUND",
                               "This incident does not hold `%.60s`.||||`.status` shows what it does.", turn->said);
    if (count == 0)
        return incident_refuse(turn, "E-NOT-FOUND",
                               "This incident holds nothing.||||`/deploy locks` shows what others hold.");
    for (size_t i = 0; i < count; i++)
        if (!*turn->said || i == index)
            note_released(turn, service_at(turn, i));
    if (*turn->said) {
        release_at(turn, index);
        set_timer(turn);
    } else
        incident_release_all(turn);
    incident_answer(turn, "%s may start again.", *turn->said ? turn->said : "Deployments");
    return sw_ok();
}

/* ---- deployments ---- */

bool incident_watches(const struct wf *wf, const struct wf *other)
{
    const char *service = incident_fact(wf, "service");
    if (incident_finished(wf))
        return false;
    return sw_equal(incident_fact(wf, "cause"), other->id) ||
           deployment_glass_concerns(deployment_glass_latest(other), wf->id) ||
           (*service && sw_equal(service, jx_string(other->facts, "service")));
}

static const char *news_words(const char *event)
{
    static const char *const EVENTS[][2] = {
        { "started", "has started" },     { "succeeded", "has succeeded" },     { "failed", "has failed" },
        { "cancelled", "was cancelled" }, { "needs_a_human", "needs a human" }, { "rolled_back", "was rolled back" }
    };
    for (size_t i = 0; i < SW_COUNT(EVENTS); i++)
        if (sw_equal(EVENTS[i][0], event))
            return EVENTS[i][1];
    return NULL;
}

struct sw_status incident_news(struct incident_turn *turn)
{
    const struct wf *other = turn->input->other;
    const char *words = news_words(turn->input->event);
    incident_glass_news(turn, other, turn->input->event);
    if (words)
        (void)incident_log(turn, "deployment", "%s (%s %s to %s) %s", other->id,
                           jx_string_or(other->facts, "service", ""), jx_string_or(other->facts, "ref", ""),
                           jx_string_or(other->facts, "environment", ""), words);
    return sw_ok();
}
