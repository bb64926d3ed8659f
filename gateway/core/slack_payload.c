/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/slack_payload.h"

#include "common/base/text.h"
#include "gateway/core/glass_form.h"
#include "gateway/core/incident_ask.h"
#include "gateway/core/incident_dialog.h"
#include "gateway/core/incident_table.h"

#include <string.h>

/* Agreed with the relay, which draws the buttons. */
static const struct {
    const char *action;
    enum slack_button button;
} ACTIONS[] = { { "cancel", SLACK_BUTTON_COMMAND },           { "retry", SLACK_BUTTON_COMMAND },
                { "declare", SLACK_BUTTON_DECLARE },          { "break_glass", SLACK_BUTTON_GLASS },
                { "break_glass_agree", SLACK_BUTTON_ANSWER }, { "break_glass_decline", SLACK_BUTTON_ANSWER } };
static const struct {
    const char *callback;
    enum slack_form_kind form;
} FORMS[] = { { INCIDENT_DIALOG, SLACK_FORM_DECLARE },
              { INCIDENT_ASK_FORM, SLACK_FORM_WORD },
              { GLASS_FORM, SLACK_FORM_GLASS } };
static const char INCIDENT_PREFIX[] = "incident.";

static const char *text_of(const json_t *object, const char *key) { return jx_string_or(object, key, ""); }

struct slack_slash slack_slash_of(const char *(*get)(const void *source, const char *name), const void *source)
{
    return (struct slack_slash){
        .command = get(source, "command"),
        .text = get(source, "text"),
        .team = get(source, "team_id"),
        .user = get(source, "user_id"),
        .enterprise = get(source, "enterprise_id"),
        .channel = get(source, "channel_id"),
        .app = get(source, "api_app_id"),
        .trigger = get(source, "trigger_id"),
        .response_url = get(source, "response_url"),
    };
}

/* ---- interactivity ---- */

/* False: it is no button of ours. Buttons that are links are sent too, and stay without effect. */
static bool read_button(const json_t *action, struct slack_click *click)
{
    const char *id = text_of(action, "action_id");
    click->value = text_of(action, "value");
    click->action = id;
    if (sw_starts_with(id, INCIDENT_PREFIX)) {
        click->button = SLACK_BUTTON_INCIDENT;
        click->action = id + strlen(INCIDENT_PREFIX);
        return incident_row_find(click->action, strlen(click->action)) != NULL;
    }
    for (size_t i = 0; i < SW_COUNT(ACTIONS); i++)
        if (sw_equal(id, ACTIONS[i].action)) {
            click->button = ACTIONS[i].button;
            return *click->value != '\0';
        }
    return false;
}

static bool find_click(const json_t *payload, struct slack_click *click)
{
    size_t index;
    json_t *action;
    json_array_foreach(json_object_get(payload, "actions"), index, action)
    {
        if (read_button(action, click))
            return true;
    }
    return false;
}

static const char *channel_of(const json_t *payload)
{
    const char *channel = text_of(json_object_get(payload, "channel"), "id");
    return *channel ? channel : text_of(json_object_get(payload, "container"), "channel_id");
}

/* An installation for a whole organisation sends a null team: the person's is then the one that counts. */
static struct slack_interaction interaction_of(const json_t *payload)
{
    const json_t *user = json_object_get(payload, "user");
    const char *team = text_of(json_object_get(payload, "team"), "id");
    return (struct slack_interaction){
        .team = *team ? team : text_of(user, "team_id"),
        .user = text_of(user, "id"),
        .user_team = text_of(user, "team_id"),
        .enterprise = text_of(json_object_get(payload, "enterprise"), "id"),
        .channel = channel_of(payload),
        .app = text_of(payload, "api_app_id"),
        .trigger = text_of(payload, "trigger_id"),
        .response_url = text_of(payload, "response_url"),
    };
}

/* False: it is no form of ours. */
static bool read_form(const json_t *view, struct slack_submission *submission)
{
    const char *callback = text_of(view, "callback_id");
    submission->view = view;
    submission->view_id = text_of(view, "id");
    for (size_t i = 0; i < SW_COUNT(FORMS); i++)
        if (sw_equal(callback, FORMS[i].callback)) {
            submission->form = FORMS[i].form;
            return true;
        }
    return false;
}

struct sw_status slack_payload_read(const json_t *payload, struct slack_payload *ret_payload)
{
    const char *type;
    const json_t *view = json_object_get(payload, "view");
    *ret_payload = (struct slack_payload){ .kind = SLACK_PAYLOAD_SILENT };
    SW_TRY(sw_wrap(jx_need_string(payload, "type", &type), "payload"));
    if (sw_equal(type, "block_suggestion"))
        ret_payload->kind = SLACK_PAYLOAD_SUGGESTION;
    if (sw_equal(type, "view_submission") && read_form(view, &ret_payload->submission)) {
        ret_payload->kind = SLACK_PAYLOAD_SUBMISSION;
        ret_payload->submission.who = interaction_of(payload);
    }
    if (sw_equal(type, "block_actions") && find_click(payload, &ret_payload->click)) {
        ret_payload->kind = SLACK_PAYLOAD_CLICK;
        ret_payload->click.who = interaction_of(payload);
    }
    return sw_ok();
}

struct sw_status slack_event_read(const json_t *body, enum slack_event_kind *ret_kind, struct slack_event *ret_event)
{
    struct slack_event event = { .team = text_of(body, "team_id"), .app = text_of(body, "api_app_id") };
    SW_TRY(sw_wrap(jx_need_string(body, "type", &event.type), "event"));
    *ret_kind = sw_equal(event.type, "event_callback") ? SLACK_EVENT_CALLBACK : SLACK_EVENT_OTHER;
    if (sw_equal(event.type, "url_verification")) {
        SW_TRY(sw_wrap(jx_need_string(body, "challenge", &event.challenge), "event"));
        if (strlen(event.challenge) > SLACK_CHALLENGE_MAX)
            return sw_fail(SW_CODE_INVALID, "event: challenge is longer than %d bytes", SLACK_CHALLENGE_MAX);
        *ret_kind = SLACK_EVENT_VERIFICATION;
    }
    *ret_event = event;
    return sw_ok();
}
