/* SPDX-License-Identifier: Apache-2.0
 * Interactivity: buttons become commands or open the form, and what is sent in the form becomes a command. */
#include "common/base/text.h"
#include "gateway/core/answers.h"
#include "gateway/core/glass_form.h"
#include "gateway/core/incident_ask.h"
#include "gateway/core/incident_parse.h"
#include "gateway/io/dispatch_internal.h"

#include <stdio.h>
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

/* What the form would ask for can be typed where the incident is. */
static void open_ask(const struct dispatch *dispatch, const struct incident_row *row, const json_t *value,
                     const struct intake_request *request, const struct carrier *carrier)
{
    char instead[128];
    const struct incident_ask ask = { .row = row,
                                      .target = jx_string_or(value, "target", ""),
                                      .text = jx_string_or(value, "text", ""),
                                      .channel = request->channel,
                                      .response_url = request->response_url };
    (void)snprintf(instead, sizeof instead, ".%s %s", row->verb, row->usage); /* the table's are short */
    intake_open(dispatch->intake, request, instead, incident_ask_new(&ask), carrier);
}

static void press_incident(const struct dispatch *dispatch, const struct slack_click *click,
                           const struct intake_request *request, const struct carrier *carrier)
{
    struct command_parsed parsed;
    json_t *value = NULL;
    const struct incident_row *row = incident_row_find(click->action, strlen(click->action));
    struct sw_status status = jx_parse(click->value, strlen(click->value), &value);
    if (sw_failed(status)) /* the relay draws no such button; without a target the channel says which incident */
        value = NULL;
    if (row && jx_bool_or(value, "ask", false))
        open_ask(dispatch, row, value, request, carrier);
    else {
        incident_of_button(click->action, jx_string_or(value, "target", ""), jx_string_or(value, "text", ""), &parsed);
        dispatch_publish(dispatch, request, &parsed, carrier);
        command_parsed_release(&parsed);
    }
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

static void press_glass(const struct dispatch *dispatch, const struct slack_click *click,
                        const struct intake_request *request, const struct carrier *carrier)
{
    char instead[128];
    const struct glass_form form = { .target = click->value,
                                     .channel = request->channel,
                                     .response_url = request->response_url };
    (void)snprintf(instead, sizeof instead, "%.60s break-glass %.20s <reason>", dispatch->names.typed[COMMAND_DEPLOY],
                   click->value);
    intake_open(dispatch->intake, request, instead, glass_form_new(&form), carrier);
}

static void press_answer(const struct dispatch *dispatch, const struct slack_click *click,
                         const struct intake_request *request, const struct carrier *carrier)
{
    struct command_parsed parsed;
    glass_of_button(click->action, click->value, &parsed);
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
    case SLACK_BUTTON_GLASS:
        press_glass(dispatch, click, &request, carrier);
        break;
    case SLACK_BUTTON_ANSWER:
        press_answer(dispatch, click, &request, carrier);
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
    char instead[128];
    struct incident_dialog placed = *dialog;
    placed.channel = request->channel;
    placed.response_url = request->response_url;
    (void)snprintf(instead, sizeof instead, "%s start [P1] [service=NAME] <title>",
                   dispatch->names.typed[COMMAND_INCIDENT]); /* fits */
    intake_open(dispatch->intake, request, instead, incident_dialog_new(&placed), carrier);
}

static const char OTHER_VERSION[] = "This form is of another version of Slipway. Close it, and press the button again.";

/* A form that is sent again, since its first answer was not sure, is the same command: the form names it. */
static struct intake_request request_of_form(const struct dispatch *dispatch, const struct slack_submission *submission)
{
    struct intake_request request = request_of(&submission->who);
    request.kind = INGRESS_VIEW;
    request.origin = "modal";
    request.trigger = submission->view_id;
    request.typed = dispatch->names.typed[COMMAND_INCIDENT];
    return request;
}

static void answer_errors(const struct carrier *carrier, json_t *errors)
{
    carrier_answer(carrier, INGRESS_VIEW, json_pack("{ss so}", "response_action", "errors", "errors", errors));
}

static void publish_sent(const struct dispatch *dispatch, const struct slack_submission *submission,
                         struct incident_dialog_sent *sent, const struct carrier *carrier)
{
    struct intake_request request = request_of_form(dispatch, submission);
    struct command_parsed parsed = { .outcome = COMMAND_PUBLISH, .name = "declare", .creates = 'i', .actor = true };
    request.field = INCIDENT_DIALOG_TITLE;
    request.channel = sent->channel;
    request.response_url = sent->response_url;
    parsed.args = SW_TAKE(sent->args);
    dispatch_publish(dispatch, &request, &parsed, carrier);
    command_parsed_release(&parsed);
}

static void take_declare(const struct dispatch *dispatch, const struct slack_submission *submission,
                         const struct carrier *carrier)
{
    struct incident_dialog_sent sent;
    bool read = incident_dialog_read(submission->view, &sent);
    if (sent.errors)
        answer_errors(carrier, json_incref(sent.errors));
    else if (read)
        publish_sent(dispatch, submission, &sent, carrier);
    else {
        struct sw_status status = sw_fail(SW_CODE_NO_MEMORY, "form: out of memory");
        carrier_refuse(carrier, &status);
    }
    incident_dialog_sent_release(&sent);
}

static void take_word(const struct dispatch *dispatch, const struct slack_submission *submission,
                      const struct carrier *carrier)
{
    struct incident_ask_sent sent;
    struct intake_request request = request_of_form(dispatch, submission);
    bool read = incident_ask_read(submission->view, &sent);
    request.field = INCIDENT_ASK_BLOCK;
    request.channel = sent.channel;
    request.response_url = sent.response_url;
    if (!read)
        answer_errors(carrier, json_pack("{ss}", INCIDENT_ASK_BLOCK, OTHER_VERSION));
    else if (sent.wrong)
        answer_errors(carrier, json_pack("{ss}", INCIDENT_ASK_BLOCK, sent.wrong));
    else
        dispatch_publish(dispatch, &request, &sent.parsed, carrier);
    incident_ask_sent_release(&sent);
}

static void take_glass(const struct dispatch *dispatch, const struct slack_submission *submission,
                       const struct carrier *carrier)
{
    struct glass_form_sent sent;
    struct intake_request request = request_of_form(dispatch, submission);
    bool read = glass_form_read(submission->view, &sent);
    request.typed = dispatch->names.typed[COMMAND_DEPLOY];
    request.field = GLASS_FORM_REASON;
    request.channel = sent.channel;
    request.response_url = sent.response_url;
    if (!read)
        answer_errors(carrier, json_pack("{ss}", GLASS_FORM_REASON, OTHER_VERSION));
    else if (sent.wrong)
        answer_errors(carrier, json_pack("{ss}", GLASS_FORM_REASON, sent.wrong));
    else
        dispatch_publish(dispatch, &request, &sent.parsed, carrier);
    glass_form_sent_release(&sent);
}

static void take_submission(const struct dispatch *dispatch, const struct slack_submission *submission,
                            const struct carrier *carrier)
{
    if (!dispatch_team_allowed(dispatch, submission->who.team)) {
        carrier_answer(carrier, INGRESS_VIEW, NULL);
        return;
    }
    switch (submission->form) {
    case SLACK_FORM_DECLARE:
        take_declare(dispatch, submission, carrier);
        break;
    case SLACK_FORM_WORD:
        take_word(dispatch, submission, carrier);
        break;
    case SLACK_FORM_GLASS:
        take_glass(dispatch, submission, carrier);
        break;
    }
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
