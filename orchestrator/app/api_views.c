/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/api_views.h"

void api_answer_take(struct httpd_exchange *exchange, int32_t status, json_t *json)
{
    SW_AUTO_FREE char *body = json ? jx_dump_new(json) : NULL;
    json_decref(json);
    if (body)
        httpd_answer_json(exchange, status, body);
    else
        httpd_answer_json(exchange, 500, "{\"error\":{\"code\":\"E-MEMORY\",\"text\":\"out of memory\"}}");
}

static json_t *step_json(const struct proto_step_view *step)
{
    json_t *json = json_object();
    bool done =
        jx_set_string(json, "name", step->name) && jx_set_string(json, "state", proto_step_state_name(step->state)) &&
        jx_set_i64(json, "attempt", step->attempt) && jx_set_i64(json, "attempts", step->attempts) &&
        jx_set_time(json, "started_at", step->started_at_ms) &&
        jx_set_time(json, "finished_at", step->finished_at_ms) && jx_set_time(json, "retry_at", step->retry_at_ms) &&
        jx_set_take(json, "exit_code", step->has_exit_code ? json_integer(step->exit_code) : json_null()) &&
        jx_set_string(json, "status", *step->status ? step->status : NULL) &&
        jx_set_string(json, "error", *step->error ? step->error : NULL) && jx_set_string(json, "tail", step->tail);
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *steps_json(const struct proto_view *view)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < view->step_count; i++)
        if (json_array_append_new(steps, step_json(&view->steps[i])) != 0)
            break;
    return steps;
}

static json_t *or_null(const char *text) { return *text ? json_string(text) : json_null(); }

static json_t *error_json(const struct proto_view *view)
{
    if (!*view->error_code)
        return json_null();
    return json_pack("{so so so}", "code", or_null(view->error_code), "text", or_null(view->error_text), "hint",
                     or_null(view->error_hint));
}

static json_t *held_json(const struct proto_view *view)
{
    if (!*view->held_by)
        return json_null();
    json_t *json = json_pack("{so so so}", "by", or_null(view->held_by), "channel", or_null(view->held_channel),
                             "reason", or_null(view->held_reason));
    if (jx_set_time(json, "until", view->held_until_ms))
        return json;
    json_decref(json);
    return NULL;
}

bool api_workflow_private(const struct proto_view *view) { return jx_bool_or(view->detail, "private", false); }

static json_t *detail_json(const struct proto_view *view)
{
    return view->detail && !api_workflow_private(view) ? json_incref(view->detail) : json_null();
}

json_t *api_workflow_new(const struct proto_view *view)
{
    json_t *json = json_object();
    bool done =
        jx_set_string(json, "id", view->workflow) && jx_set_string(json, "kind", view->kind) &&
        jx_set_string(json, "state", view->state) && jx_set_take(json, "service", or_null(view->service)) &&
        jx_set_take(json, "environment", or_null(view->environment)) && jx_set_take(json, "ref", or_null(view->ref)) &&
        jx_set_take(json, "lane", or_null(view->lane)) &&
        jx_set_take(json, "position", view->position ? json_integer(view->position) : json_null()) &&
        jx_set_time(json, "created_at", view->created_at_ms) && jx_set_time(json, "started_at", view->started_at_ms) &&
        jx_set_time(json, "finished_at", view->finished_at_ms) &&
        jx_set_take(json, "requested_by", or_null(view->requested_user)) &&
        jx_set_take(json, "cancelled_by", or_null(view->cancel_user)) && jx_set_take(json, "error", error_json(view)) &&
        jx_set_take(json, "params", view->params ? json_incref(view->params) : json_object()) &&
        jx_set_take(json, "held", held_json(view)) && jx_set_take(json, "detail", detail_json(view)) &&
        jx_set_i64(json, "n", view->n) && jx_set_take(json, "steps", steps_json(view));
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

json_t *api_hold_new(const struct leader_hold *row)
{
    const struct wf_hold *hold = &row->hold;
    json_t *json =
        json_pack("{so so so so so so so so sI}", "id", or_null(hold->id), "origin", or_null(hold->origin), "by",
                  or_null(hold->by), "reason", or_null(hold->reason), "channel", or_null(hold->channel), "service",
                  or_null(hold->service), "environment", or_null(hold->environment), "lane", or_null(hold->lane),
                  "waiting", (json_int_t)row->waiting);
    if (jx_set_time(json, "since", hold->since_ms) && jx_set_time(json, "until", hold->until_ms))
        return json;
    json_decref(json);
    return NULL;
}
