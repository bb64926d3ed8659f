/* SPDX-License-Identifier: Apache-2.0
 * The read-only API: its paths, and what is asked for each. */
#include "common/base/text.h"
#include "orchestrator/app/api.h"
#include "orchestrator/app/api_views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LIST = 100, PRESET_HISTORY = 20 };

/* What an answer is made of. */
struct question {
    struct leader *leader;
    struct api_output *output;
    struct httpd_exchange *exchange;
};

/* ---- answers ---- */

/* "" counts as left out. */
static const char *query(const struct question *question, const char *name)
{
    const char *text = httpd_query(question->exchange, name);
    return text && *text ? text : NULL;
}

static void answer(const struct question *question, json_t *json) { api_answer_take(question->exchange, 200, json); }

static void answer_error(const struct question *question, const struct sw_status *status)
{
    int32_t code = status->code == SW_CODE_NOT_FOUND ? 404 : status->class == SW_RETRY ? 503 : 500;
    api_answer_take(question->exchange, code,
                    json_pack("{s{ss ss}}", "error", "code", sw_code_name(status->code), "text", status->text));
}

/* Takes the views. list: the key of a list of them; NULL: the only one. */
static void answer_views(const struct question *question, const char *list, struct proto_view *views, size_t count)
{
    struct api_sheet sheet = { .exchange = question->exchange, .list = list, .views = views, .count = count };
    api_output_answer_take(question->output, &sheet);
}

static void answer_workflow(const struct question *question, const char *id)
{
    struct proto_view *view = calloc(1, sizeof *view);
    struct sw_status status =
        view ? leader_view(question->leader, id, view) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        free(view);
        answer_error(question, &status);
        return;
    }
    answer_views(question, NULL, view, 1);
}

/* Of a private one only its frame is shown. */
static struct sw_status check_public(const struct question *question, const char *id)
{
    struct proto_view view;
    SW_TRY(leader_view(question->leader, id, &view));
    bool is_private = api_workflow_private(&view);
    proto_view_release(&view);
    return is_private ? sw_fail(SW_CODE_NOT_FOUND, "its timeline is private") : sw_ok();
}

static void answer_timeline(const struct question *question, const char *id)
{
    json_t *timeline = NULL;
    struct sw_status status = check_public(question, id);
    if (!sw_failed(status))
        status = leader_timeline(question->leader, id, &timeline);
    if (sw_failed(status))
        answer_error(question, &status);
    else
        answer(question, json_pack("{so}", "timeline", timeline));
}

/* "i-.../timeline", or the id alone. */
static void answer_one(const struct question *question, const char *rest)
{
    char id[PROTO_WORKFLOW_ID_SIZE];
    size_t length = strcspn(rest, "/");
    (void)snprintf(id, sizeof id, "%.*s", (int)length, rest); /* one that is cut is none: the whole is asked for */
    if (length < sizeof id && sw_equal(rest + length, "/timeline"))
        answer_timeline(question, id);
    else
        answer_workflow(question, rest);
}

static void answer_line(const struct question *question)
{
    struct proto_view *views = calloc(MAX_LIST, sizeof *views);
    size_t count = 0;
    struct sw_status status =
        views ? leader_line(question->leader, MAX_LIST, views, &count) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        free(views);
        answer_error(question, &status);
        return;
    }
    answer_views(question, "workflows", views, count);
}

static void answer_incidents(const struct question *question)
{
    struct proto_view *views = calloc(MAX_LIST, sizeof *views);
    size_t count = 0;
    struct sw_status status = views ? leader_open(question->leader, "incident", MAX_LIST, views, &count)
                                    : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        free(views);
        answer_error(question, &status);
        return;
    }
    answer_views(question, "incidents", views, count);
}

static void answer_history(const struct question *question)
{
    int64_t limit = PRESET_HISTORY;
    const char *asked = query(question, "limit"), *named = query(question, "kind");
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
        status = leader_history(question->leader, kind->name, query(question, "service"), (size_t)limit, views, &count);
    if (sw_failed(status)) {
        free(views);
        answer_error(question, &status);
        return;
    }
    answer_views(question, "workflows", views, count);
}

static void answer_holds(const struct question *question)
{
    struct leader_hold *holds = calloc(MAX_LIST, sizeof *holds);
    size_t count = 0;
    struct sw_status status =
        holds ? leader_holds(question->leader, MAX_LIST, holds, &count) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, api_hold_new(&holds[i])); /* without memory the answer says so */
    free(holds);
    if (!sw_failed(status)) {
        answer(question, json_pack("{so}", "holds", list));
        return;
    }
    json_decref(list);
    answer_error(question, &status);
}

static void answer_report(const struct question *question)
{
    json_t *rows = NULL;
    struct sw_status status =
        leader_figures(question->leader, query(question, "service"), query(question, "month"), &rows);
    if (sw_failed(status))
        answer_error(question, &status);
    else
        answer(question, json_pack("{so}", "report", rows));
}

/* ---- paths ---- */

static const char ONE_WORKFLOW[] = "/api/v1/workflows/";

static const struct {
    const char *path;
    void (*answer)(const struct question *question);
} PATHS[] = {
    { "/api/v1/workflows", answer_line },      /* what runs and waits */
    { "/api/v1/incidents", answer_incidents }, /* open ones */
    { "/api/v1/holds", answer_holds },         /* what keeps others from starting */
    { "/api/v1/history", answer_history },     /* ?kind=&service=&limit= */
    { "/api/v1/report", answer_report },       /* ?service=&month=: figures */
};

static void answer_unknown(const struct question *question)
{
    const struct sw_status status =
        sw_fail(SW_CODE_NOT_FOUND,
                "there are /api/v1/workflows, /api/v1/workflows/<id>, /api/v1/workflows/<id>/timeline, "
                "/api/v1/incidents, /api/v1/holds, /api/v1/history, /api/v1/report, /healthz, /readyz and /metrics");
    answer_error(question, &status);
}

void api_answer(struct leader *leader, struct api_output *output, struct httpd_exchange *exchange)
{
    const struct question question = { .leader = leader, .output = output, .exchange = exchange };
    const char *path = httpd_path(exchange), *id = path + strlen(ONE_WORKFLOW);
    if (sw_starts_with(path, ONE_WORKFLOW) && *id) {
        answer_one(&question, id);
        return;
    }
    for (size_t i = 0; i < SW_COUNT(PATHS); i++)
        if (sw_equal(path, PATHS[i].path)) {
            PATHS[i].answer(&question);
            return;
        }
    answer_unknown(&question);
}
