/* SPDX-License-Identifier: Apache-2.0
 * Encoding; decoding is in view_decode.c. */
#include "proto/view.h"

#include "proto/fields.h"

#include <string.h>

void proto_view_release(struct proto_view *view)
{
    for (size_t i = 0; i < view->step_count; i++)
        free(view->steps[i].tail);
    free(view->steps);
    json_decref(view->ahead);
    json_decref(view->params);
    json_decref(view->detail);
    json_decref(view->order);
    *view = (struct proto_view){ 0 };
}

static bool set_pair(json_t *object, const char *key, const char *first_key, const char *first, const char *second_key,
                     const char *second, bool present)
{
    if (!present)
        return jx_set_take(object, key, json_null());
    json_t *pair = json_object();
    bool done = proto_set_text(pair, first_key, first) && proto_set_text(pair, second_key, second);
    return jx_set_take(object, key, pair) && done;
}

static bool set_message(json_t *object, const char *key, const struct proto_message_ref *message)
{
    return set_pair(object, key, "channel", message->channel, "ts", message->ts, *message->ts != '\0');
}

static bool set_cancel(json_t *object, const struct proto_view *view)
{
    if (!*view->cancel_user && view->cancel_at_ms == 0)
        return jx_set_take(object, "cancel", json_null());
    json_t *cancel = json_object();
    bool done = proto_set_text(cancel, "user", view->cancel_user) && jx_set_time(cancel, "at", view->cancel_at_ms);
    return jx_set_take(object, "cancel", cancel) && done;
}

static bool set_error(json_t *object, const struct proto_view *view)
{
    if (!*view->error_code && !*view->error_text)
        return jx_set_take(object, "error", json_null());
    json_t *error = json_object();
    bool done = proto_set_text(error, "code", view->error_code) && proto_set_text(error, "text", view->error_text) &&
                proto_set_text(error, "hint", view->error_hint);
    return jx_set_take(object, "error", error) && done;
}

static bool set_held(json_t *object, const struct proto_view *view)
{
    if (!*view->held_by)
        return jx_set_take(object, "held", json_null());
    json_t *held = json_object();
    bool done = proto_set_text(held, "by", view->held_by) && proto_set_text(held, "channel", view->held_channel) &&
                proto_set_text(held, "reason", view->held_reason) && jx_set_time(held, "until", view->held_until_ms);
    return jx_set_take(object, "held", held) && done;
}

/* "a\nb" becomes ["a","b"]. */
static json_t *lines_of(const char *text)
{
    json_t *lines = json_array();
    while (text && *text) {
        size_t length = strcspn(text, "\n");
        if (json_array_append_new(lines, json_stringn(text, length)) != 0)
            break;
        text += length + (text[length] == '\n');
    }
    return lines;
}

static json_t *encode_step(const struct proto_step_view *step)
{
    json_t *json = json_object();
    bool done =
        jx_set_string(json, "name", step->name) && jx_set_string(json, "state", proto_step_state_name(step->state)) &&
        jx_set_i64(json, "attempt", step->attempt) && jx_set_i64(json, "attempts", step->attempts) &&
        jx_set_time(json, "started_at", step->started_at_ms) &&
        jx_set_time(json, "finished_at", step->finished_at_ms) && jx_set_time(json, "retry_at", step->retry_at_ms) &&
        jx_set_take(json, "exit_code", step->has_exit_code ? json_integer(step->exit_code) : json_null()) &&
        proto_set_text(json, "status", step->status) && proto_set_text(json, "error", step->error) &&
        jx_set_take(json, "tail", lines_of(step->tail));
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *encode_steps(const struct proto_view *view)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < view->step_count; i++) {
        json_t *step = encode_step(&view->steps[i]);
        if (!step || json_array_append_new(steps, step) != 0) {
            json_decref(steps);
            return NULL;
        }
    }
    return steps;
}

static bool set_identity(json_t *json, const struct proto_view *view)
{
    return jx_set_string(json, "workflow", view->workflow) && jx_set_string(json, "kind", view->kind) &&
           jx_set_i64(json, "n", view->n) && jx_set_string(json, "state", view->state) &&
           jx_set_time(json, "at", view->at_ms) && jx_set_i64(json, "epoch", view->epoch) &&
           proto_set_text(json, "service", view->service) && proto_set_text(json, "environment", view->environment) &&
           proto_set_text(json, "ref", view->ref) && proto_set_text(json, "lane", view->lane) &&
           jx_set_take(json, "position", view->position > 0 ? json_integer(view->position) : json_null()) &&
           jx_set_take(json, "ahead", view->ahead ? json_incref(view->ahead) : json_array());
}

static json_t *or_null(json_t *object) { return object ? json_incref(object) : json_null(); }

json_t *proto_view_encode(const struct proto_view *view)
{
    json_t *json = json_object();
    bool done =
        set_identity(json, view) &&
        set_pair(json, "requested_by", "team", view->requested_team, "user", view->requested_user,
                 *view->requested_user != '\0') &&
        set_pair(json, "home", "team", view->home_team, "channel", view->home_channel, *view->home_channel != '\0') &&
        set_message(json, "message", &view->message) && set_message(json, "surplus", &view->surplus) &&
        jx_set_time(json, "created_at", view->created_at_ms) && jx_set_time(json, "started_at", view->started_at_ms) &&
        jx_set_time(json, "finished_at", view->finished_at_ms) && set_cancel(json, view) && set_error(json, view) &&
        jx_set_take(json, "steps", encode_steps(view)) &&
        jx_set_take(json, "params", view->params ? json_incref(view->params) : json_object()) &&
        jx_set_take(json, "detail", or_null(view->detail)) && jx_set_take(json, "order", or_null(view->order)) &&
        set_held(json, view);
    if (done)
        return json;
    json_decref(json);
    return NULL;
}
