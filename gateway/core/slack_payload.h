/* SPDX-License-Identifier: Apache-2.0
 * slack_payload: what a command, an interactive payload or an event is, and the facts of it that we use.
 *
 * Ownership: texts point into the form or JSON that was given. Absent texts are "". Pure. */
#ifndef GATEWAY_CORE_SLACK_PAYLOAD_H
#define GATEWAY_CORE_SLACK_PAYLOAD_H

#include "common/json/jx.h"

/* A slash command: the same fields in a form and, in Socket Mode, in a JSON object. */
struct slack_slash {
    const char *command; /* "/deploy" */
    const char *text;    /* what was typed after it */
    const char *team, *user, *enterprise, *channel, *app, *trigger, *response_url;
};

/* get: a field of source by its name, "" when absent. */
struct slack_slash slack_slash_of(const char *(*get)(const void *source, const char *name), const void *source);

enum slack_payload_kind {
    SLACK_PAYLOAD_CLICK,      /* block_actions with a button of ours */
    SLACK_PAYLOAD_SUBMISSION, /* view_submission of a form of ours */
    SLACK_PAYLOAD_SUGGESTION, /* block_suggestion: wants options at once */
    SLACK_PAYLOAD_SILENT,     /* anything else: an empty 200 */
};

/* What both have in common. */
struct slack_interaction {
    const char *team, *user, *user_team, *enterprise, *channel, *app, *trigger, *response_url;
};

/* clang-format off */
#define SLACK_BUTTONS(X) \
    X(COMMAND)  /* "cancel", "retry": the value is a workflow's id, the name also the command's */ \
    X(DECLARE)  /* "declare": opens the form; incident_dialog.h reads the value */ \
    X(GLASS)    /* "break_glass": opens the form; the value is a workflow's id */ \
    X(ANSWER)   /* "break_glass_agree", "break_glass_decline": glass_form.h reads the value */ \
    X(INCIDENT) /* "incident.<verb>": the value is {"target", "text"}; with "ask": true the text is asked for */
/* clang-format on */
#define SLACK_BUTTON_ENUM_(name) SLACK_BUTTON_##name,
enum slack_button { SLACK_BUTTONS(SLACK_BUTTON_ENUM_) };
#undef SLACK_BUTTON_ENUM_

struct slack_click {
    enum slack_button button;
    const char *action; /* COMMAND, ANSWER, INCIDENT: the command's name, the verb */
    const char *value;
    struct slack_interaction who;
};

/* clang-format off */
#define SLACK_FORMS(X) \
    X(DECLARE) /* incident_dialog.h's */ \
    X(WORD)    /* incident_ask.h's */ \
    X(GLASS)   /* glass_form.h's */
/* clang-format on */
#define SLACK_FORM_ENUM_(name) SLACK_FORM_##name,
enum slack_form_kind { SLACK_FORMS(SLACK_FORM_ENUM_) };
#undef SLACK_FORM_ENUM_

struct slack_submission {
    enum slack_form_kind form;
    const json_t *view;
    const char *view_id; /* the same however often it is sent */
    struct slack_interaction who;
};

struct slack_payload {
    enum slack_payload_kind kind;
    struct slack_click click;           /* CLICK */
    struct slack_submission submission; /* SUBMISSION */
};

/* SW_CODE_INVALID: no object, or no type. */
struct sw_status slack_payload_read(const json_t *payload, struct slack_payload *ret_payload) SW_MUST_CHECK;

enum slack_event_kind {
    SLACK_EVENT_VERIFICATION, /* url_verification: the challenge is echoed */
    SLACK_EVENT_CALLBACK,     /* event_callback: slack_heard.h reads it */
    SLACK_EVENT_OTHER,        /* an empty 200 */
};
enum { SLACK_CHALLENGE_MAX = 1024 };

struct slack_event {
    const char *type, *team, *app, *challenge;
};

struct sw_status slack_event_read(const json_t *body, enum slack_event_kind *ret_kind,
                                  struct slack_event *ret_event) SW_MUST_CHECK;

#endif
