/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/fields.h"
#include "proto/view.h"

#include "common/base/buf.h"

#define TEXT(object, key, field) SW_TRY(proto_read_text(object, key, field, sizeof(field)))

static struct sw_status join_lines(const json_t *lines, char **ret_text)
{
    SW_AUTO_BUF struct sw_buf buf = { .max_bytes = PROTO_MAX_RECORD_BYTES };
    size_t index;
    json_t *line;
    if (json_array_size(lines) == 0)
        return sw_ok();
    json_array_foreach((json_t *)(uintptr_t)lines, index, line)
    {
        if (!json_is_string(line))
            return sw_fail(SW_CODE_INVALID, "tail: item %zu is no text", index);
        sw_buf_printf(&buf, "%s%s", index ? "\n" : "", json_string_value(line));
    }
    *ret_text = sw_buf_take(&buf);
    return *ret_text ? sw_ok() : sw_fail(SW_CODE_TOO_LARGE, "tail: too long");
}

static struct sw_status read_step(const json_t *json, struct proto_step_view *step)
{
    const char *state;
    SW_TRY(proto_need_text(json, "name", step->name, sizeof step->name));
    SW_TRY(jx_need_string(json, "state", &state));
    if (!proto_step_state_parse(state, &step->state))
        return sw_fail(SW_CODE_INVALID, "state: \"%s\" is unknown", state);
    step->attempt = (int32_t)jx_i64_or(json, "attempt", 0);
    step->attempts = (int32_t)jx_i64_or(json, "attempts", 1);
    SW_TRY(proto_read_time(json, "started_at", &step->started_at_ms));
    SW_TRY(proto_read_time(json, "finished_at", &step->finished_at_ms));
    SW_TRY(proto_read_time(json, "retry_at", &step->retry_at_ms));
    step->has_exit_code = json_is_integer(json_object_get(json, "exit_code"));
    step->exit_code = (int32_t)jx_i64_or(json, "exit_code", 0);
    TEXT(json, "status", step->status);
    TEXT(json, "error", step->error);
    return join_lines(json_object_get(json, "tail"), &step->tail);
}

static struct sw_status read_steps(const json_t *json, struct proto_view *view)
{
    const json_t *steps;
    SW_TRY(jx_need_array(json, "steps", &steps));
    size_t count = json_array_size(steps);
    if (count > PROTO_MAX_STEPS)
        return sw_fail(SW_CODE_INVALID, "steps: more than %d", PROTO_MAX_STEPS);
    view->steps = calloc(count + 1, sizeof *view->steps);
    if (!view->steps)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    view->step_count = count;
    for (size_t i = 0; i < count; i++)
        SW_TRY(sw_wrap(read_step(json_array_get(steps, i), &view->steps[i]), "steps[%zu]", i));
    return sw_ok();
}

static struct sw_status read_identity(const json_t *json, struct proto_view *view)
{
    SW_TRY(proto_need_text(json, "workflow", view->workflow, sizeof view->workflow));
    SW_TRY(proto_need_text(json, "kind", view->kind, sizeof view->kind));
    SW_TRY(proto_need_text(json, "state", view->state, sizeof view->state));
    SW_TRY(jx_need_i64(json, "n", &view->n));
    SW_TRY(jx_need_i64(json, "epoch", &view->epoch));
    SW_TRY(proto_read_time(json, "at", &view->at_ms));
    TEXT(json, "service", view->service);
    TEXT(json, "environment", view->environment);
    TEXT(json, "ref", view->ref);
    TEXT(json, "lane", view->lane);
    view->position = (int32_t)jx_i64_or(json, "position", 0);
    return sw_ok();
}

static struct sw_status read_people_and_places(const json_t *json, struct proto_view *view)
{
    const json_t *requested = json_object_get(json, "requested_by"), *home = json_object_get(json, "home");
    const json_t *message = json_object_get(json, "message"), *surplus = json_object_get(json, "surplus");
    const json_t *cancel = json_object_get(json, "cancel");
    TEXT(requested, "team", view->requested_team);
    TEXT(requested, "user", view->requested_user);
    TEXT(home, "team", view->home_team);
    TEXT(home, "channel", view->home_channel);
    TEXT(message, "channel", view->message.channel);
    TEXT(message, "ts", view->message.ts);
    TEXT(surplus, "channel", view->surplus.channel);
    TEXT(surplus, "ts", view->surplus.ts);
    TEXT(cancel, "user", view->cancel_user);
    return proto_read_time(cancel, "at", &view->cancel_at_ms);
}

static struct sw_status read_held(const json_t *json, struct proto_view *view)
{
    const json_t *held = json_object_get(json, "held");
    TEXT(held, "by", view->held_by);
    TEXT(held, "channel", view->held_channel);
    TEXT(held, "reason", view->held_reason);
    return proto_read_time(held, "until", &view->held_until_ms);
}

static struct sw_status read_rest(const json_t *json, struct proto_view *view)
{
    const json_t *error = json_object_get(json, "error");
    json_t *ahead = json_object_get(json, "ahead"), *params = json_object_get(json, "params");
    TEXT(error, "code", view->error_code);
    TEXT(error, "text", view->error_text);
    TEXT(error, "hint", view->error_hint);
    SW_TRY(proto_read_time(json, "created_at", &view->created_at_ms));
    SW_TRY(proto_read_time(json, "started_at", &view->started_at_ms));
    SW_TRY(proto_read_time(json, "finished_at", &view->finished_at_ms));
    view->ahead = json_is_array(ahead) ? json_incref(ahead) : NULL;
    view->params = json_is_object(params) ? json_incref(params) : NULL;
    SW_TRY(proto_read_object(json, "detail", &view->detail));
    SW_TRY(proto_read_object(json, "order", &view->order));
    SW_TRY(sw_wrap(read_held(json, view), "held"));
    return read_steps(json, view);
}

struct sw_status proto_view_decode(const json_t *json, struct proto_view *ret_view)
{
    struct proto_view view = { 0 };
    if (!json_is_object(json))
        return sw_fail(SW_CODE_INVALID, "view: no JSON object");
    struct sw_status status = read_identity(json, &view);
    if (!sw_failed(status))
        status = read_people_and_places(json, &view);
    if (!sw_failed(status))
        status = read_rest(json, &view);
    if (sw_failed(status)) {
        proto_view_release(&view);
        return sw_wrap(status, "view");
    }
    *ret_view = view;
    return sw_ok();
}
