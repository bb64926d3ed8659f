/* SPDX-License-Identifier: Apache-2.0
 * The read-only API: its paths, and what is asked for each. */
#include "common/base/text.h"
#include "orchestrator/app/api.h"
#include "orchestrator/app/api_views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LIST = 100, PRESET_HISTORY = 20 };

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

/* "" counts as left out. */
static const char *query(struct httpd_exchange *exchange, const char *name)
{
    const char *text = httpd_query(exchange, name);
    return text && *text ? text : NULL;
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
    answer(exchange, 200, api_workflow_new(&view));
    proto_view_release(&view);
}

/* Of a private one only its frame is shown. */
static struct sw_status check_public(struct leader *leader, const char *id)
{
    struct proto_view view;
    SW_TRY(leader_view(leader, id, &view));
    bool is_private = api_workflow_private(&view);
    proto_view_release(&view);
    return is_private ? sw_fail(SW_CODE_NOT_FOUND, "its timeline is private") : sw_ok();
}

static void answer_timeline(struct leader *leader, const char *id, struct httpd_exchange *exchange)
{
    json_t *timeline = NULL;
    struct sw_status status = check_public(leader, id);
    if (!sw_failed(status))
        status = leader_timeline(leader, id, &timeline);
    if (sw_failed(status))
        answer_error(exchange, &status);
    else
        answer(exchange, 200, json_pack("{so}", "timeline", timeline));
}

/* "i-.../timeline", or the id alone. */
static void answer_one(struct leader *leader, const char *rest, struct httpd_exchange *exchange)
{
    char id[PROTO_WORKFLOW_ID_SIZE];
    size_t length = strcspn(rest, "/");
    (void)snprintf(id, sizeof id, "%.*s", (int)length, rest); /* one that is cut is none: the whole is asked for */
    if (length < sizeof id && sw_equal(rest + length, "/timeline"))
        answer_timeline(leader, id, exchange);
    else
        answer_workflow(leader, rest, exchange);
}

static void answer_list(struct httpd_exchange *exchange, const char *name, struct proto_view *views, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (!api_workflow_private(&views[i]))
            (void)json_array_append_new(list, api_workflow_new(&views[i])); /* without memory the answer says so */
        proto_view_release(&views[i]);
    }
    free(views);
    answer(exchange, 200, json_pack("{so}", name, list));
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
    answer_list(exchange, "workflows", views, count);
}

static void answer_incidents(struct leader *leader, struct httpd_exchange *exchange)
{
    struct proto_view *views = calloc(MAX_LIST, sizeof *views);
    size_t count = 0;
    struct sw_status status =
        views ? leader_open(leader, "incident", MAX_LIST, views, &count) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        free(views);
        answer_error(exchange, &status);
        return;
    }
    answer_list(exchange, "incidents", views, count);
}

static void answer_history(struct leader *leader, struct httpd_exchange *exchange)
{
    int64_t limit = PRESET_HISTORY;
    const char *asked = query(exchange, "limit"), *named = query(exchange, "kind");
    const struct wf_kind *kind = named ? kind_by_name(named) : kind_at(0);
    struct proto_view *views = calloc(MAX_LIST, sizeof *views);
    size_t count = 0;
    struct sw_status status = sw_ok();
    if (asked && !sw_parse_i64(asked, 1, MAX_LIST, &limit))
        status = sw_fail(SW_CODE_NOT_FOUND, "limit: a number from 1 to %d", MAX_LIST);
    if (!kind)
        status = sw_fail(SW_CODE_NOT_FOUND, "kind: \"%.40s\" is none", named);
    if (!views)
        status = sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (!sw_failed(status))
        status = leader_history(leader, kind->name, query(exchange, "service"), (size_t)limit, views, &count);
    if (sw_failed(status)) {
        free(views);
        answer_error(exchange, &status);
        return;
    }
    answer_list(exchange, "workflows", views, count);
}

static void answer_holds(struct leader *leader, struct httpd_exchange *exchange)
{
    struct leader_hold *holds = calloc(MAX_LIST, sizeof *holds);
    size_t count = 0;
    struct sw_status status =
        holds ? leader_holds(leader, MAX_LIST, holds, &count) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, api_hold_new(&holds[i])); /* without memory the answer says so */
    free(holds);
    if (!sw_failed(status)) {
        answer(exchange, 200, json_pack("{so}", "holds", list));
        return;
    }
    json_decref(list);
    answer_error(exchange, &status);
}

static void answer_report(struct leader *leader, struct httpd_exchange *exchange)
{
    json_t *rows = NULL;
    struct sw_status status = leader_figures(leader, query(exchange, "service"), query(exchange, "month"), &rows);
    if (sw_failed(status))
        answer_error(exchange, &status);
    else
        answer(exchange, 200, json_pack("{so}", "report", rows));
}

/* ---- paths ---- */

static const char ONE_WORKFLOW[] = "/api/v1/workflows/";

static const struct {
    const char *path;
    void (*answer)(struct leader *leader, struct httpd_exchange *exchange);
} PATHS[] = {
    { "/api/v1/workflows", answer_line },      /* what runs and waits */
    { "/api/v1/incidents", answer_incidents }, /* open ones */
    { "/api/v1/holds", answer_holds },         /* what keeps others from starting */
    { "/api/v1/history", answer_history },     /* ?kind=&service=&limit= */
    { "/api/v1/report", answer_report },       /* ?service=&month=: figures */
};

static void answer_unknown(struct httpd_exchange *exchange)
{
    answer(
        exchange, 404,
        json_pack("{s{ss ss}}", "error", "code", "E-NOT-FOUND", "text",
                  "there are /api/v1/workflows, /api/v1/workflows/<id>, /api/v1/workflows/<id>/timeline, "
                  "/api/v1/incidents, /api/v1/holds, /api/v1/history, /api/v1/report, /healthz, /readyz and /metrics"));
}

void api_answer(struct leader *leader, struct httpd_exchange *exchange)
{
    const char *path = httpd_path(exchange), *id = path + strlen(ONE_WORKFLOW);
    if (sw_starts_with(path, ONE_WORKFLOW) && *id) {
        answer_one(leader, id, exchange);
        return;
    }
    for (size_t i = 0; i < SW_COUNT(PATHS); i++)
        if (sw_equal(path, PATHS[i].path)) {
            PATHS[i].answer(leader, exchange);
            return;
        }
    answer_unknown(exchange);
}
