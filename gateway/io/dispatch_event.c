/* SPDX-License-Identifier: Apache-2.0
 * Events: words said in channels become commands, what happens there is told on, and the rest is answered at once. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "gateway/core/incident_help.h"
#include "gateway/core/said_text.h"
#include "gateway/core/slack_heard.h"
#include "gateway/io/dispatch_internal.h"

#include <string.h>

enum { HEARD_TEXT_BYTES = PROTO_COMMAND_TEXT_MAX };

static void answer_challenge(const char *challenge, const struct carrier *carrier)
{
    json_t *json = json_object();
    (void)jx_set_string(json, "challenge", challenge); /* an empty object fails the verification, which says enough */
    carrier_answer(carrier, INGRESS_VERIFICATION, json);
}

static struct intake_request request_of(const struct slack_heard *heard)
{
    const bool elsewhere = *heard->actor_team && strcmp(heard->actor_team, heard->team) != 0;
    return (struct intake_request){
        .kind = INGRESS_EVENT,
        .app = heard->app,
        .trigger = heard->id,
        .team = heard->team,
        .user = heard->actor,
        .enterprise = heard->enterprise,
        .channel = heard->channel,
        .response_url = "",
        .ts = heard->ts,
        .thread_ts = heard->thread_ts,
        .foreign = elsewhere && !*heard->enterprise,
    };
}

/* ---- what is said to us ---- */

static void take_said(const struct dispatch *dispatch, const struct slack_heard *heard, const struct carrier *carrier)
{
    const bool dot = heard->kind == SLACK_HEARD_DOT;
    const struct incident_typed typed = { .way = dot ? INCIDENT_DOT : INCIDENT_MENTION,
                                          .slash = dispatch->names.typed[COMMAND_INCIDENT],
                                          .text = heard->text };
    struct command_parsed parsed;
    struct intake_request request = request_of(heard);
    incident_parse(&typed, &parsed);
    request.origin = dot ? "dot" : "mention";
    request.typed = parsed.args ? jx_string_or(parsed.args, "spoken", "") : "";
    request.text = heard->text;
    if (parsed.outcome == COMMAND_PUBLISH)
        dispatch_publish(dispatch, &request, &parsed, carrier);
    else
        intake_answer(dispatch->intake, &request, carrier, incident_answer(&typed, &parsed));
    command_parsed_release(&parsed);
}

/* ---- what happens ---- */

/* As people read it, cut to what travels; NULL when there is none. */
static char *text_new(const char *raw)
{
    char cut[HEARD_TEXT_BYTES + 1], *text = NULL;
    if (!*raw)
        return NULL;
    (void)sw_copy(cut, sizeof cut, raw); /* cut by design: it is a reminder of what was said */
    struct sw_status status = said_text_resolve(cut, &text);
    return sw_failed(status) ? NULL : text;
}

static json_t *heard_args(const struct slack_heard *heard)
{
    SW_AUTO_FREE char *text = text_new(heard->text);
    JX_AUTO json_t *args = json_object();
    bool kept = jx_set_string(args, "what", heard->what) && jx_set_string(args, "ts", *heard->ts ? heard->ts : NULL) &&
                jx_set_string(args, "thread_ts", *heard->thread_ts ? heard->thread_ts : NULL) &&
                jx_set_string(args, "user", *heard->user ? heard->user : NULL) && jx_set_string(args, "text", text) &&
                jx_set_string(args, "reaction", *heard->reaction ? heard->reaction : NULL) &&
                jx_set_string(args, "link", NULL) && jx_set_time(args, "said_at", slack_ts_ms(heard->ts));
    return kept ? SW_TAKE(args) : NULL;
}

static void take_change(const struct dispatch *dispatch, const struct slack_heard *heard, const struct carrier *carrier)
{
    struct command_parsed parsed = { .outcome = COMMAND_PUBLISH, .name = "heard", .args = heard_args(heard) };
    struct intake_request request = request_of(heard);
    request.origin = "event";
    request.typed = heard->what;
    request.silent = true;
    request.text_unknown = heard->text_unknown;
    if (parsed.args)
        dispatch_publish(dispatch, &request, &parsed, carrier);
    else
        carrier_leave(carrier, INGRESS_EVENT);
    command_parsed_release(&parsed);
}

/* ---- events ---- */

static void take_callback(const struct dispatch *dispatch, const json_t *body, const struct carrier *carrier)
{
    struct slack_heard heard;
    struct sw_status status = slack_heard_read(body, dispatch->reactions, &heard);
    if (sw_failed(status)) { /* the same again would be no better, and refusals make Slack switch the app off */
        sw_warn("an event could not be read", sw_s("request", carrier->pass.request), sw_e(&status));
        carrier_answer(carrier, INGRESS_EVENT, NULL);
        return;
    }
    if (!dispatch_team_allowed(dispatch, heard.team))
        heard.kind = SLACK_HEARD_NOTHING;
    switch (heard.kind) {
    case SLACK_HEARD_DOT:
    case SLACK_HEARD_MENTION:
        take_said(dispatch, &heard, carrier);
        break;
    case SLACK_HEARD_CHANGE:
        take_change(dispatch, &heard, carrier);
        break;
    case SLACK_HEARD_NOTHING:
        carrier_answer(carrier, INGRESS_EVENT, NULL);
        break;
    }
}

void dispatch_event(const struct dispatch *dispatch, const json_t *body, const struct carrier *carrier)
{
    enum slack_event_kind kind = SLACK_EVENT_OTHER;
    struct slack_event event = { 0 };
    struct sw_status status = slack_event_read(body, &kind, &event);
    if (sw_failed(status)) {
        carrier_refuse(carrier, &status);
        return;
    }
    switch (kind) {
    case SLACK_EVENT_VERIFICATION:
        answer_challenge(event.challenge, carrier);
        break;
    case SLACK_EVENT_CALLBACK:
        take_callback(dispatch, body, carrier);
        break;
    case SLACK_EVENT_OTHER:
        carrier_answer(carrier, INGRESS_EVENT, NULL);
        break;
    }
}
