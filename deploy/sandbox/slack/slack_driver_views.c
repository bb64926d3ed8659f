/* SPDX-License-Identifier: Apache-2.0
 * slack_driver_views: a person in front of a modal: looks at it, submits it, closes it; and what the app's answer to a
 * submission does. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "deploy/sandbox/slack/slack_blocks.h"
#include "deploy/sandbox/slack/slack_driver.h"
#include "deploy/sandbox/slack/slack_form.h"
#include "deploy/sandbox/slack/slack_input.h"
#include "deploy/sandbox/slack/slack_interact.h"
#include "deploy/sandbox/slack/slack_views.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct submission {
    struct slack *slack;
    struct httpd_exchange *exchange;
    const struct slack_user *user;
    char view_id[SLACK_ID_SIZE];
};

/* What a person reads when the app's answer is none. */
#define TROUBLE "We had some trouble connecting. Try again?"

void slack_driver_list_views(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const struct slack_user *user = slack_user_find(httpd_query(exchange, "user"));
    (void)args;
    if (!user) {
        slack_answer_error(exchange, 400, "user is missing or unknown");
        return;
    }
    slack_lock(slack);
    json_t *answer = slack_views_json_new(slack->views, user);
    slack_unlock(slack);
    slack_answer_json(exchange, 200, answer);
}

/* With the lock: args.view_id, or what is on top. */
static json_t *view_of(struct slack *slack, const struct slack_user *user, const json_t *args)
{
    const char *id = jx_string(args, "view_id");
    const struct slack_user *owner = NULL;
    size_t depth = slack_views_depth(slack->views, user);
    if (!id)
        return depth ? slack_views_at(slack->views, user, depth - 1) : NULL;
    json_t *view = slack_views_find(slack->views, id, NULL, &owner);
    return owner == user ? view : NULL;
}

/* ---- what the app answers */

static const char *apply_errors(const json_t *view, const json_t *answer, json_t *result)
{
    json_t *errors = json_object_get(answer, "errors");
    const json_t *blocks = json_object_get(view, "blocks");
    const char *block_id;
    json_t *text;
    if (!json_is_object(errors) || json_object_size(errors) == 0)
        return "errors must be an object of block ids";
    json_object_foreach(errors, block_id, text)
    {
        bool known = false;
        for (size_t i = 0; i < json_array_size(blocks); i++)
            known = known || sw_equal(jx_string(json_array_get(blocks, i), "block_id"), block_id);
        if (!known || !json_is_string(text))
            return "errors names a block that the view does not have";
    }
    (void)json_object_set(result, "errors", errors);
    return NULL;
}

/* update or push. */
static const char *apply_view(struct submission *submission, json_t *old, const json_t *answer, bool push)
{
    struct slack *slack = submission->slack;
    const json_t *view = json_object_get(answer, "view");
    JX_AUTO json_t *problems = json_array();
    if (!slack_view_validate(view, "modal", problems))
        return "the view is not valid";
    if (!push)
        return slack_views_replace(slack->views, slack->world, old, view) ? NULL : "the view is gone";
    return slack_views_push(slack->views, slack->world, submission->user, view) ? NULL : "three views are open";
}

/* With the lock. NULL, or why the answer cannot be followed; result.action says what happened. */
static const char *apply(struct submission *submission, const char *body, json_t *result)
{
    struct slack *slack = submission->slack;
    json_t *view = slack_views_find(slack->views, submission->view_id, NULL, NULL);
    json_t *parsed = NULL;
    bool empty = sw_blank(body);
    if (!empty && sw_failed(jx_parse(body, strlen(body), &parsed)))
        return "the answer is not JSON";
    JX_AUTO json_t *answer = parsed;
    const char *action = jx_string(answer, "response_action");
    (void)jx_set_string(result, "action", action ? action : "close");
    if (!view)
        return NULL; /* closed meanwhile */
    if (!action)
        slack_views_pop(slack->views, slack->world, submission->user);
    else if (sw_equal(action, "clear"))
        slack_views_clear(slack->views, slack->world, submission->user);
    else if (sw_equal(action, "errors"))
        return apply_errors(view, answer, result);
    else if (sw_equal(action, "update") || sw_equal(action, "push"))
        return apply_view(submission, view, answer, sw_equal(action, "push"));
    else
        return "response_action must be errors, update, push or clear";
    return NULL;
}

static void on_submitted(void *context, const struct slack_gateway_result *result)
{
    struct submission *submission = context;
    struct slack *slack = submission->slack;
    json_t *answer = slack_interact_result_new(result);
    slack_lock(slack);
    const char *problem = result->error ? result->error : apply(submission, result->body, answer);
    if (problem) {
        (void)jx_set_take(answer, "ok", json_false());
        (void)jx_set_string(answer, "error", problem);
        (void)jx_set_string(answer, "shown", TROUBLE);
    }
    json_t *views = slack_views_json_new(slack->views, submission->user);
    (void)json_object_set(answer, "views", json_object_get(views, "views"));
    slack_unlock(slack);
    json_decref(views);
    slack_answer_json(submission->exchange, 200, answer);
    free(submission);
}

/* ---- what the person does */

/* With the lock. The payload; or NULL and the answer to give. */
static json_t *submission_new(struct slack *slack, const struct slack_user *user, json_t *view, const json_t *args,
                              json_t **ret_answer)
{
    JX_AUTO json_t *errors = json_object();
    json_t *state = slack_input_state_new(view, json_object_get(args, "values"), errors);
    if (json_object_size(errors) > 0) { /* the client keeps it */
        *ret_answer = json_pack("{s:b,s:s,s:O}", "ok", 0, "error", "invalid_input", "errors", errors);
        json_decref(state);
        return NULL;
    }
    json_t *submitted = json_deep_copy(view);
    (void)json_object_set_new(submitted, "state", state);
    json_t *payload = slack_interact_payload_new(slack, "view_submission", user);
    (void)jx_set_take(payload, "view", submitted);
    (void)jx_set_take(payload, "response_urls", json_array());
    return payload;
}

static json_t *no_view_new(void)
{
    return json_pack("{s:b,s:s}", "ok", 0, "error", "the user is unknown, or has no such view open");
}

void slack_driver_submit_view(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const struct slack_user *user = slack_user_find(jx_string_or(args, "user", "alice"));
    json_t *answer = NULL;
    json_t *payload = NULL;
    struct submission *submission = calloc(1, sizeof(*submission));
    assert(submission);
    *submission = (struct submission){ .slack = slack, .exchange = exchange, .user = user };
    slack_lock(slack);
    json_t *view = user ? view_of(slack, user, args) : NULL;
    if (view) {
        (void)sw_copy(submission->view_id, sizeof(submission->view_id), jx_string(view, "id"));
        payload = submission_new(slack, user, view, args, &answer);
    }
    slack_unlock(slack);
    if (!payload) {
        free(submission);
        slack_answer_json(exchange, view ? 200 : 404, view ? answer : no_view_new());
        return;
    }
    httpd_keep(exchange);
    slack_interact_send(slack, payload, jx_string(args, "gateway"), on_submitted, submission);
}

/* With the lock. NULL when the app does not want to hear of it. */
static json_t *closed_new(struct slack *slack, const struct slack_user *user, const json_t *view, bool is_cleared)
{
    if (!jx_bool_or(view, "notify_on_close", false))
        return NULL;
    json_t *payload = slack_interact_payload_new(slack, "view_closed", user);
    (void)jx_set_take(payload, "view", json_deep_copy(view));
    (void)jx_set_take(payload, "is_cleared", json_boolean(is_cleared));
    return payload;
}

static void nobody_waits(void *context, const struct slack_gateway_result *result)
{
    (void)context;
    (void)result; /* Slack sends it once and shows nothing */
}

/* args.all, or a view that says clear_on_close: the whole stack. */
void slack_driver_close_view(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const struct slack_user *user = slack_user_find(jx_string_or(args, "user", "alice"));
    json_t *payloads[SLACK_MAX_STACK] = { NULL };
    size_t count = 0;
    slack_lock(slack);
    json_t *view = user ? view_of(slack, user, args) : NULL;
    bool all = view && (jx_bool_or(args, "all", false) || jx_bool_or(view, "clear_on_close", false));
    for (size_t depth = view ? slack_views_depth(slack->views, user) : 0; depth-- > 0;) {
        json_t *closed = slack_views_at(slack->views, user, depth);
        bool last = closed == view;
        payloads[count] = closed_new(slack, user, closed, all);
        count += payloads[count] != NULL;
        slack_views_pop(slack->views, slack->world, user);
        if (last && !all)
            break;
    }
    slack_unlock(slack);
    for (size_t i = 0; i < count; i++)
        slack_interact_send(slack, payloads[i], jx_string(args, "gateway"), nobody_waits, NULL);
    slack_answer_json(exchange, view ? 200 : 404, view ? json_pack("{s:b}", "ok", 1) : no_view_new());
}
