/* SPDX-License-Identifier: Apache-2.0
 * The read-only API: GET /api/v1/workflows/<id>, /api/v1/workflows (what runs and waits), /api/v1/history,
 * /api/v1/holds, /api/v1/report (figures by service and month). */
#include "common/base/text.h"
#include "orchestrator/app/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LIST = 100, PRESET_HISTORY = 20 };
static const char WORKFLOWS[] = "/api/v1/workflows", HISTORY[] = "/api/v1/history";
static const char HOLDS[] = "/api/v1/holds", REPORT[] = "/api/v1/report";

/* ---- workflows as the contract has them ---- */

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

static json_t *workflow_json(const struct proto_view *view)
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
        jx_set_take(json, "held", held_json(view)) && jx_set_i64(json, "n", view->n) &&
        jx_set_take(json, "steps", steps_json(view));
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

/* ---- answers ---- */

static void answer(struct httpd_exchange *exchange, int32_t status, json_t *json)
{
    SW_AUTO_FREE char *body = json ? jx_dump_new(json) : NULL;
    json_decref(json);
    if (body)
        httpd_answer_json(exchange, status, body);
    else
        httpd_answer_json(exchange, 500, "{\"error\":{\"code\":\"E-MEMORY\",\"text\":\"out of memory\"}}");
}

static void answer_error(struct httpd_exchange *exchange, const struct sw_status *status)
{
    int32_t code = status->code == SW_CODE_NOT_FOUND ? 404 : status->class == SW_RETRY ? 503 : 500;
    answer(exchange, code, json_pack("{s{ss ss}}", "error", "code", sw_code_name(status->code), "text", status->text));
}

static void answer_workflow(struct leader *leader, const char *id, struct httpd_exchange *exchange)
{
    struct proto_view view;
    struct sw_status status = leader_view(leader, id, &view);
    if (sw_failed(status)) {
        answer_error(exchange, &status);
        return;
    }
    answer(exchange, 200, workflow_json(&view));
    proto_view_release(&view);
}

static void answer_list(struct httpd_exchange *exchange, struct proto_view *views, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(list, workflow_json(&views[i])); /* without memory the answer says so */
        proto_view_release(&views[i]);
    }
    free(views);
    answer(exchange, 200, json_pack("{so}", "workflows", list));
}

static void answer_line(struct leader *leader, struct httpd_exchange *exchange)
{
    struct proto_view *views = calloc(MAX_LIST, sizeof *views);
    size_t count = 0;
    struct sw_status status =
        views ? leader_line(leader, MAX_LIST, views, &count) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        free(views);
        answer_error(exchange, &status);
        return;
    }
    answer_list(exchange, views, count);
}

static void answer_history(struct leader *leader, struct httpd_exchange *exchange)
{
    int64_t limit = PRESET_HISTORY;
    const char *asked = httpd_query(exchange, "limit");
    struct proto_view *views = calloc(MAX_LIST, sizeof *views);
    size_t count = 0;
    struct sw_status status = sw_ok();
    if (asked && !sw_parse_i64(asked, 1, MAX_LIST, &limit))
        status = sw_fail(SW_CODE_NOT_FOUND, "limit: a number from 1 to %d", MAX_LIST);
    if (!views)
        status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (!sw_failed(status))
        status = leader_history(leader, httpd_query(exchange, "service"), (size_t)limit, views, &count);
    if (sw_failed(status)) {
        free(views);
        answer_error(exchange, &status);
        return;
    }
    answer_list(exchange, views, count);
}

static json_t *hold_json(const struct leader_hold *row)
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

static void answer_holds(struct leader *leader, struct httpd_exchange *exchange)
{
    struct leader_hold *holds = calloc(MAX_LIST, sizeof *holds);
    size_t count = 0;
    struct sw_status status =
        holds ? leader_holds(leader, MAX_LIST, holds, &count) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, hold_json(&holds[i])); /* without memory the answer says so */
    free(holds);
    if (!sw_failed(status)) {
        answer(exchange, 200, json_pack("{so}", "holds", list));
        return;
    }
    json_decref(list);
    answer_error(exchange, &status);
}

static const char *query_or_null(struct httpd_exchange *exchange, const char *name)
{
    const char *text = httpd_query(exchange, name);
    return text && *text ? text : NULL;
}

static void answer_report(struct leader *leader, struct httpd_exchange *exchange)
{
    json_t *rows = NULL;
    struct sw_status status =
        leader_figures(leader, query_or_null(exchange, "service"), query_or_null(exchange, "month"), &rows);
    if (sw_failed(status))
        answer_error(exchange, &status);
    else
        answer(exchange, 200, json_pack("{so}", "report", rows));
}

void api_answer(struct leader *leader, struct httpd_exchange *exchange)
{
    char path[256];
    bool whole = sw_copy(path, sizeof path, httpd_path(exchange));
    size_t prefix = strlen(WORKFLOWS);
    if (whole && sw_starts_with(path, WORKFLOWS) && path[prefix] == '/' && path[prefix + 1])
        answer_workflow(leader, path + prefix + 1, exchange);
    else if (sw_equal(path, WORKFLOWS))
        answer_line(leader, exchange);
    else if (sw_equal(path, HOLDS))
        answer_holds(leader, exchange);
    else if (sw_equal(path, REPORT))
        answer_report(leader, exchange);
    else if (sw_equal(path, HISTORY))
        answer_history(leader, exchange);
    else
        answer(exchange, 404,
               json_pack("{s{ss ss}}", "error", "code", "E-NOT-FOUND", "text",
                         "there are /api/v1/workflows, /api/v1/workflows/<id>, /api/v1/history, /api/v1/holds, "
                         "/api/v1/report, /healthz, /readyz and /metrics"));
}
