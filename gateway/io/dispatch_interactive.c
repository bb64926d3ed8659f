/* SPDX-License-Identifier: Apache-2.0
 * Interactivity: buttons become commands or open the form, and what is sent in the form becomes a command. */
#include "common/base/text.h"
#include "gateway/core/answers.h"
#include "gateway/core/incident_parse.h"
#include "gateway/io/dispatch_internal.h"

#include <string.h>

static struct intake_request request_of(const struct slack_interaction *who)
{
    return (struct intake_request){
        .app = who->app,
        .trigger = who->trigger,
        .team = who->team,
        .user = who->user,
        .enterprise = who->enterprise,
        .channel = who->channel,
        .response_url = who->response_url,
        .foreign = *who->user_team && strcmp(who->user_team, who->team) != 0 && !*who->enterprise,
    };
}

/* ---- buttons ---- */

static void press_incident(const struct dispatch *dispatch, const struct slack_click *click,
                           const struct intake_request *request, const struct carrier *carrier)
{
    struct command_parsed parsed;
    json_t *value = NULL;
    struct sw_status status = jx_parse(click->value, strlen(click->value), &value);
    if (sw_failed(status)) /* the relay draws no such button; without a target the channel says which incident */
        value = NULL;
    incident_of_button(click->action, jx_string_or(value, "target", ""), jx_string_or(value, "text", ""), &parsed);
    dispatch_publish(dispatch, request, &parsed, carrier);
    command_parsed_release(&parsed);
    json_decref(value);
}

static void press_declare(const struct dispatch *dispatch, const struct slack_click *click,
                          const struct intake_request *request, const struct carrier *carrier)
{
    struct incident_dialog dialog;
    json_t *value;
    incident_dialog_of_value(click->value, &dialog, &value);
    dispatch_open(dispatch, request, &dialog, carrier);
    json_decref(value);
}

static void press_command(const struct dispatch *dispatch, const struct slack_click *click,
                          const struct intake_request *request, const struct carrier *carrier)
{
    struct command_parsed parsed;
    command_of_button(click->action, click->value, &parsed);
    dispatch_publish(dispatch, request, &parsed, carrier);
    command_parsed_release(&parsed);
}

static void take_click(const struct dispatch *dispatch, const struct slack_click *click, const struct carrier *carrier)
{
    struct intake_request request = request_of(&click->who);
    request.kind = INGRESS_CLICK;
    request.origin = "button";
    request.typed = click->action;
    if (!dispatch_team_allowed(dispatch, click->who.team)) {
        intake_say(dispatch->intake, &request, carrier, answer_not_welcome());
        carrier_answer(carrier, INGRESS_CLICK, NULL);
        return;
    }
    switch (click->button) {
    case SLACK_BUTTON_COMMAND:
        press_command(dispatch, click, &request, carrier);
        break;
    case SLACK_BUTTON_DECLARE:
        press_declare(dispatch, click, &request, carrier);
        break;
    case SLACK_BUTTON_INCIDENT:
        press_incident(dispatch, click, &request, carrier);
        break;
    }
}

/* ---- forms ---- */

void dispatch_open(const struct dispatch *dispatch, const struct intake_request *request,
                   const struct incident_dialog *dialog, const struct carrier *carrier)
{
    struct incident_dialog placed = *dialog;
    placed.channel = request->channel;
    placed.response_url = request->response_url;
    intake_open(dispatch->intake, request, dispatch->names.typed[COMMAND_INCIDENT], incident_dialog_new(&placed),
                carrier);
}

static void publish_sent(const struct dispatch *dispatch, const struct slack_submission *submission,
                         struct incident_dialog_sent *sent, const struct carrier *carrier)
{
    struct intake_request request = request_of(&submission->who);
    struct command_parsed parsed = { .outcome = COMMAND_PUBLISH, .name = "declare", .creates = 'i' };
    request.kind = INGRESS_VIEW;
    request.origin = "modal";
    request.typed = dispatch->names.typed[COMMAND_INCIDENT];
    request.field = INCIDENT_DIALOG_TITLE;
    request.channel = sent->channel;
    request.response_url = sent->response_url;
    parsed.args = SW_TAKE(sent->args);
    dispatch_publish(dispatch, &request, &parsed, carrier);
    command_parsed_release(&parsed);
}

static void take_submission(const struct dispatch *dispatch, const struct slack_submission *submission,
                            const struct carrier *carrier)
{
    struct incident_dialog_sent sent;
    bool read = incident_dialog_read(submission->view, &sent);
    if (!dispatch_team_allowed(dispatch, submission->who.team))
        carrier_answer(carrier, INGRESS_VIEW, NULL);
    else if (sent.errors)
        carrier_answer(carrier, INGRESS_VIEW, json_pack("{ss sO}", "response_action", "errors", "errors", sent.errors));
    else if (read)
        publish_sent(dispatch, submission, &sent, carrier);
    else {
        struct sw_status status = sw_fail(SW_CODE_NO_MEMORY, "form: out of memory");
        carrier_refuse(carrier, &status);
    }
    incident_dialog_sent_release(&sent);
}

void dispatch_interactive(const struct dispatch *dispatch, const json_t *payload, const struct carrier *carrier)
{
    struct slack_payload read;
    struct sw_status status = slack_payload_read(payload, &read);
    if (sw_failed(status)) {
        carrier_refuse(carrier, &status);
        return;
    }
    switch (read.kind) {
    case SLACK_PAYLOAD_CLICK:
        take_click(dispatch, &read.click, carrier);
        break;
    case SLACK_PAYLOAD_SUBMISSION:
        take_submission(dispatch, &read.submission, carrier);
        break;
    case SLACK_PAYLOAD_SUGGESTION:
        carrier_answer(carrier, INGRESS_OTHER, json_pack("{s:[]}", "options"));
        break;
    case SLACK_PAYLOAD_SILENT:
        carrier_answer(carrier, INGRESS_OTHER, NULL);
        break;
    }
}
