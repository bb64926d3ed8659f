/* SPDX-License-Identifier: Apache-2.0
 * Jira: Cloud by REST v3 (Atlassian Document Format), Data Center by v2 (wiki markup). An issue carries its mark as a
 * label, which JQL finds; comments carry theirs in the text.
 * Sources: https://developer.atlassian.com/cloud/jira/platform/rest/v3/,
 * https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0/ */
#include "orchestrator/adapters/tracker_jira.h"

#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

enum { MAX_SUMMARY = 255, MAX_TEXT_BYTES = 32000 /* of 32767 characters */, COMMENTS_PER_PAGE = 100, MAX_PAGES = 20 };

bool jira_is_cloud(const struct tracker_call *call) { return jx_i64_or(call->tracker, "api", 3) == 3; }

struct sw_status jira_call(struct tracker_call *call, const char *method, const char *path, const json_t *body,
                           json_t **ret_answer)
{
    SW_AUTO_BUF struct sw_buf whole = { 0 };
    sw_buf_printf(&whole, "/rest/api/%d%s", jira_is_cloud(call) ? 3 : 2, path);
    return web_call(call->web, method, sw_buf_string(&whole), body, ret_answer);
}

static struct sw_status open_jira(struct tracker_call *call)
{
    SW_TRY(web_open(call->web, "Jira", jx_string_or(call->tracker, "url", "")));
    return web_authorize(call->web, call->secrets_dir, jx_string_or(call->tracker, "token", ""),
                         jx_string(call->tracker, "user"));
}

/* "/issue/OPS-1" and what follows; free() it, NULL: no memory. */
static char *issue_path_new(const struct tracker_call *call, const char *rest)
{
    struct sw_buf path = { 0 };
    sw_buf_puts(&path, "/issue/");
    web_put_encoded(&path, jx_string_or(call->spec, "key", ""));
    sw_buf_puts(&path, rest);
    return sw_buf_take(&path);
}

static struct sw_status made(const struct tracker_call *call, const char *key)
{
    SW_AUTO_BUF struct sw_buf url = { 0 };
    sw_buf_printf(&url, "%s/browse/", call->web->base);
    web_put_encoded(&url, key ? key : "");
    return tracker_made(call, key, sw_buf_string(&url));
}

/* ---- finding ---- */

/* *ret_found NULL: there is none. */
static struct sw_status find(struct tracker_call *call, const char *project, const char *mark, json_t **ret_found)
{
    SW_AUTO_BUF struct sw_buf jql = { 0 }, path = { 0 };
    JX_AUTO json_t *answer = NULL;
    sw_buf_printf(&jql, "project = \"%s\" AND labels = \"%s\"", project, mark); /* the rules let no quotes through */
    sw_buf_puts(&path, jira_is_cloud(call) ? "/search/jql?maxResults=1&fields=status&jql="
                                           : "/search?maxResults=1&fields=status&jql=");
    web_put_encoded(&path, sw_buf_string(&jql));
    SW_TRY(jira_call(call, "GET", sw_buf_string(&path), NULL, &answer));
    *ret_found = json_incref(json_array_get(json_object_get(answer, "issues"), 0));
    return sw_ok();
}

static struct sw_status create_issue(struct tracker_call *call, json_t *fields)
{
    JX_AUTO json_t *body = json_pack("{sO}", "fields", fields), *answer = NULL;
    if (!body)
        return sw_fail(SW_CODE_NO_MEMORY, "Jira: out of memory");
    SW_TRY(jira_call(call, "POST", "/issue", body, &answer));
    return made(call, jx_string(answer, "key"));
}

/* ---- the errands ---- */

static json_t *labels_new(const struct tracker_call *call, const char *mark)
{
    const json_t *labels = json_object_get(call->tracker, "labels");
    json_t *all = json_is_array(labels) ? json_copy((json_t *)(uintptr_t)labels) : json_array();
    if (json_array_append_new(all, json_string(mark)) == 0)
        return all;
    json_decref(all);
    return NULL;
}

/* Takes the description. NULL: no memory. */
static json_t *fields_new(const char *title, json_t *description)
{
    SW_AUTO_FREE char *summary = render_title_new(title, MAX_SUMMARY);
    if (summary)
        return json_pack("{ss so}", "summary", summary, "description", description);
    json_decref(description);
    return NULL;
}

static enum render_format format_of(const struct tracker_call *call)
{
    return jira_is_cloud(call) ? RENDER_ADF : RENDER_WIKI;
}

static struct sw_status create(struct tracker_call *call)
{
    const char *project = jx_string_or(call->tracker, "project", "");
    char mark[TRACKER_MARK_SIZE];
    JX_AUTO json_t *found = NULL, *fields = NULL;
    json_t *description = NULL;
    tracker_mark(call, 0, mark);
    SW_TRY(find(call, project, mark, &found));
    if (found)
        return made(call, jx_string(found, "key"));
    SW_TRY(tracker_render(call, format_of(call), render_incident, NULL, MAX_TEXT_BYTES, &description));
    fields = fields_new(jx_string_or(call->spec, "title", ""), description);
    if (!jx_set_take(fields, "project", json_pack("{ss}", "key", project)) ||
        !jx_set_take(fields, "issuetype", json_pack("{ss}", "name", jx_string_or(call->tracker, "type", "Task"))) ||
        !jx_set_take(fields, "labels", labels_new(call, mark)) || !jira_put_fields(call, fields))
        return sw_fail(SW_CODE_NO_MEMORY, "Jira: out of memory");
    return create_issue(call, fields);
}

static struct sw_status sync(struct tracker_call *call)
{
    json_t *description = NULL;
    JX_AUTO json_t *body = NULL;
    SW_AUTO_FREE char *path = issue_path_new(call, "");
    SW_TRY(tracker_render(call, format_of(call), render_incident, NULL, MAX_TEXT_BYTES, &description));
    json_t *fields = fields_new(jx_string_or(call->spec, "title", ""), description);
    bool whole = fields && jira_put_fields(call, fields);
    body = json_pack("{so}", "fields", fields);
    if (!path || !whole || !body)
        return sw_fail(SW_CODE_NO_MEMORY, "Jira: out of memory");
    SW_TRY(jira_call(call, "PUT", path, body, NULL));
    SW_TRY(jira_move(call));
    return tracker_result(call, json_pack("{sI}", "rev", (json_int_t)jx_i64_or(call->spec, "rev", 0)));
}

/* The comment's text is a text, or a document whose texts stand in quotation marks. */
static bool holds_mark(const json_t *body, const char *mark)
{
    SW_AUTO_FREE char *document = json_is_object(body) ? json_dumps(body, JSON_COMPACT) : NULL;
    const char *text = document ? document : json_string_value(body), *at = text ? strstr(text, mark) : NULL;
    for (; at; at = strstr(at + 1, mark))
        if (!at[strlen(mark)] || !strchr("0123456789", at[strlen(mark)])) /* of -c1, not of -c12 */
            return true;
    return false;
}

static struct sw_status comment_exists(struct tracker_call *call, const char *mark, bool *ret_exists)
{
    *ret_exists = false;
    for (int page = 0; page < MAX_PAGES; page++) {
        char rest[100];
        JX_AUTO json_t *answer = NULL;
        (void)snprintf(rest, sizeof rest, "/comment?startAt=%d&maxResults=%d&orderBy=-created",
                       page * COMMENTS_PER_PAGE, COMMENTS_PER_PAGE);
        SW_AUTO_FREE char *path = issue_path_new(call, rest);
        SW_TRY(path ? jira_call(call, "GET", path, NULL, &answer) : sw_fail(SW_CODE_NO_MEMORY, "Jira: out of memory"));
        const json_t *comments = json_object_get(answer, "comments");
        size_t count = json_array_size(comments);
        for (size_t i = 0; i < count && !*ret_exists; i++)
            *ret_exists = holds_mark(json_object_get(json_array_get(comments, i), "body"), mark);
        if (*ret_exists || count < COMMENTS_PER_PAGE)
            return sw_ok();
    }
    return sw_ok();
}

static struct sw_status comment(struct tracker_call *call)
{
    char mark[TRACKER_MARK_SIZE];
    bool exists;
    json_t *text = NULL;
    tracker_mark(call, 'c', mark);
    SW_TRY(comment_exists(call, mark, &exists));
    if (!exists) {
        SW_AUTO_FREE char *path = issue_path_new(call, "/comment");
        SW_TRY(tracker_render(call, format_of(call), render_comment, mark, MAX_TEXT_BYTES, &text));
        JX_AUTO json_t *body = json_pack("{so}", "body", text);
        SW_TRY(path && body ? jira_call(call, "POST", path, body, NULL)
                            : sw_fail(SW_CODE_NO_MEMORY, "Jira: out of memory"));
    }
    return tracker_result(call, json_pack("{sI}", "id", (json_int_t)jx_i64_or(call->spec, "id", 0)));
}

static struct sw_status task(struct tracker_call *call)
{
    const json_t *tasks = json_object_get(call->tracker, "tasks");
    const char *project = jx_string_or(tasks, "project", jx_string_or(call->tracker, "project", ""));
    char mark[TRACKER_MARK_SIZE];
    JX_AUTO json_t *found = NULL, *fields = NULL;
    json_t *description = NULL;
    tracker_mark(call, 't', mark);
    SW_TRY(find(call, project, mark, &found));
    if (found)
        return made(call, jx_string(found, "key"));
    SW_TRY(tracker_render(call, format_of(call), render_task, NULL, MAX_TEXT_BYTES, &description));
    fields = fields_new(jx_string_or(call->spec, "summary", ""), description);
    bool whole = jx_set_take(fields, "project", json_pack("{ss}", "key", project)) &&
                 jx_set_take(fields, "issuetype", json_pack("{ss}", "name", jx_string_or(tasks, "type", "Sub-task"))) &&
                 jx_set_take(fields, "labels", labels_new(call, mark));
    if (whole && jx_bool_or(tasks, "parent", true))
        whole = jx_set_take(fields, "parent", json_pack("{ss}", "key", jx_string_or(call->spec, "key", "")));
    return whole ? create_issue(call, fields) : sw_fail(SW_CODE_NO_MEMORY, "Jira: out of memory");
}

const struct tracker_kind TRACKER_JIRA = { .name = "jira",
                                           .open = open_jira,
                                           .create = create,
                                           .sync = sync,
                                           .comment = comment,
                                           .task = task,
                                           .components = jira_components };
