/* SPDX-License-Identifier: Apache-2.0
 * GitHub's and GitLab's issues, which differ in names. The mark stands in the text, in a comment of HTML; lists, unlike
 * searches, know at once what was made a moment ago.
 * Sources: https://docs.github.com/en/rest/issues, https://docs.gitlab.com/api/issues/,
 * https://docs.gitlab.com/api/notes/ */
#include "orchestrator/adapters/tracker_internal.h"

#include "common/base/datefmt.h"
#include "common/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TITLE = 240, MAX_TEXT_BYTES = 60000, PER_PAGE = 50, MAX_PAGES = 40 };
#define CLOCKS_APART_MS INT64_C(3600000)

struct forge {
    const char *name, *url, *project;    /* project: the key of the configuration */
    const char *issues;                  /* path, with the project in it */
    const char *listed;                  /* the query of a list, up to the date since when */
    const char *text, *number, *web_url; /* fields of an issue */
    const char *comments, *commented;
    const char *update;
    bool labels_are_text;
};

static const struct forge GITHUB = {
    .name = "GitHub",
    .url = "https://api.github.com",
    .project = "repository",
    .issues = "/repos/%s/issues",
    .listed = "?state=all&sort=created&direction=desc&since=",
    .text = "body",
    .number = "number",
    .web_url = "html_url",
    .comments = "comments",
    .commented = "?since=",
    .update = "PATCH",
};
static const struct forge GITLAB = {
    .name = "GitLab",
    .url = "https://gitlab.com",
    .project = "project",
    .issues = "/api/v4/projects/%s/issues",
    .listed = "?scope=all&state=all&order_by=created_at&sort=desc&created_after=",
    .text = "description",
    .number = "iid",
    .web_url = "web_url",
    .comments = "notes",
    .commented = "?order_by=created_at&sort=desc&created_after=",
    .update = "PUT",
    .labels_are_text = true,
};

static const struct forge *forge_of(const struct tracker_call *call)
{
    return sw_equal(jx_string(call->tracker, "kind"), "gitlab") ? &GITLAB : &GITHUB;
}

/* ---- opening ---- */

static struct sw_status open_github(struct tracker_call *call)
{
    SW_TRY(web_open(call->web, GITHUB.name, jx_string_or(call->tracker, "url", GITHUB.url)));
    SW_TRY(web_add_header(call->web, "Accept", "application/vnd.github+json"));
    SW_TRY(web_add_header(call->web, "X-GitHub-Api-Version", "2022-11-28"));
    return web_authorize(call->web, call->secrets_dir, jx_string_or(call->tracker, "token", ""), NULL);
}

static struct sw_status open_gitlab(struct tracker_call *call)
{
    SW_TRY(web_open(call->web, GITLAB.name, jx_string_or(call->tracker, "url", GITLAB.url)));
    return web_authorize(call->web, call->secrets_dir, jx_string_or(call->tracker, "token", ""), NULL);
}

/* ---- paths ---- */

/* GitHub has "owner/name" in the path, GitLab the same as one encoded part. */
static void put_issues_path(const struct tracker_call *call, struct sw_buf *path)
{
    const struct forge *forge = forge_of(call);
    const char *project = jx_string_or(call->tracker, forge->project, "");
    SW_AUTO_BUF struct sw_buf encoded = { 0 };
    if (forge == &GITLAB)
        web_put_encoded(&encoded, project);
    else
        sw_buf_puts(&encoded, project); /* the rules let letters, digits and "-._/" through */
    const char *slot = strstr(forge->issues, "%s");
    sw_buf_append(path, forge->issues, (size_t)(slot - forge->issues));
    sw_buf_puts(path, sw_buf_string(&encoded));
    sw_buf_puts(path, slot + 2);
}

/* The key is "name#12". */
static long long number_of(const struct tracker_call *call)
{
    const char *key = jx_string_or(call->spec, "key", ""), *sign = strrchr(key, '#');
    return strtoll(sign ? sign + 1 : key, NULL, 10);
}

static struct sw_status made(const struct tracker_call *call, const json_t *issue)
{
    const struct forge *forge = forge_of(call);
    const char *project = jx_string_or(call->tracker, forge->project, ""), *slash = strrchr(project, '/');
    int64_t number = jx_i64_or(issue, forge->number, 0);
    char key[300];
    (void)snprintf(key, sizeof key, "%.200s#%lld", slash ? slash + 1 : project, (long long)number);
    return tracker_made(call, number > 0 ? key : NULL, jx_string(issue, forge->web_url));
}

/* ---- finding ---- */

static struct sw_status get_page(struct tracker_call *call, const char *path, const char *query, int64_t since_ms,
                                 int page, json_t **ret_list)
{
    SW_AUTO_BUF struct sw_buf whole = { 0 };
    char since[SW_DATE_SIZE];
    sw_date_iso(since_ms > CLOCKS_APART_MS ? since_ms - CLOCKS_APART_MS : since_ms, since);
    since[strcspn(since, ".")] = '\0';
    sw_buf_printf(&whole, "%s%s%sZ&per_page=%d&page=%d", path, query, since, PER_PAGE, page);
    return web_call(call->web, "GET", sw_buf_string(&whole), NULL, ret_list);
}

static const json_t *find_in(const json_t *list, const char *field, const char *mark)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (strstr(jx_string_or(item, field, ""), mark))
            return item;
    }
    return NULL;
}

/* Whatever in the list holds the mark in its text; *ret_found NULL: nothing does. */
static struct sw_status find(struct tracker_call *call, const char *path, const char *query, int64_t since_ms,
                             const char *field, const char *mark, json_t **ret_found)
{
    char comment[TRACKER_MARK_SIZE + 16];
    (void)snprintf(comment, sizeof comment, "<!-- %s -->", mark);
    *ret_found = NULL;
    for (int page = 1; page <= MAX_PAGES; page++) {
        JX_AUTO json_t *list = NULL;
        SW_TRY(get_page(call, path, query, since_ms, page, &list));
        *ret_found = json_incref((json_t *)(uintptr_t)find_in(list, field, comment));
        if (*ret_found || json_array_size(list) < PER_PAGE)
            return sw_ok();
    }
    return sw_ok();
}

/* ---- the errands ---- */

static json_t *labels_new(const struct tracker_call *call)
{
    const json_t *labels = json_object_get(call->tracker, "labels");
    SW_AUTO_BUF struct sw_buf text = { 0 };
    if (!forge_of(call)->labels_are_text)
        return labels ? json_incref((json_t *)(uintptr_t)labels) : json_array();
    for (size_t i = 0; i < json_array_size(labels); i++)
        sw_buf_printf(&text, "%s%s", i ? "," : "", json_string_value(json_array_get(labels, i)));
    return json_string(sw_buf_string(&text));
}

/* Takes the text. */
static json_t *issue_new(const struct tracker_call *call, const char *title, json_t *text)
{
    SW_AUTO_FREE char *line = render_title_new(title, MAX_TITLE);
    if (line)
        return json_pack("{ss so}", "title", line, forge_of(call)->text, text);
    json_decref(text);
    return NULL;
}

/* Unless there is one with the mark already. */
static struct sw_status make(struct tracker_call *call, render_document *document, char kind, const char *title,
                             int64_t since_ms)
{
    const struct forge *forge = forge_of(call);
    SW_AUTO_BUF struct sw_buf path = { 0 };
    char mark[TRACKER_MARK_SIZE];
    JX_AUTO json_t *found = NULL, *body = NULL, *answer = NULL;
    json_t *text = NULL;
    tracker_mark(call, kind, mark);
    put_issues_path(call, &path);
    SW_TRY(find(call, sw_buf_string(&path), forge->listed, since_ms, forge->text, mark, &found));
    if (found)
        return made(call, found);
    SW_TRY(tracker_render(call, RENDER_MARKDOWN, document, mark, MAX_TEXT_BYTES, &text));
    body = issue_new(call, title, text);
    if (!jx_set_take(body, "labels", labels_new(call)))
        return sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", forge->name);
    SW_TRY(web_call(call->web, "POST", sw_buf_string(&path), body, &answer));
    return made(call, answer);
}

static struct sw_status create(struct tracker_call *call)
{
    const json_t *times = json_object_get(json_object_get(call->spec, "model"), "times");
    return make(call, render_incident, 0, jx_string_or(call->spec, "title", ""), jx_i64_or(times, "created", 0));
}

static struct sw_status task(struct tracker_call *call)
{
    return make(call, render_task, 't', jx_string_or(call->spec, "summary", ""), jx_i64_or(call->spec, "at", 0));
}

/* An issue is open until the incident is completed or cancelled. */
static bool is_over(const struct tracker_call *call)
{
    const char *state = jx_string_or(call->spec, "state", "");
    return sw_equal(state, "completed") || sw_equal(state, "cancelled") || sw_equal(state, "archived");
}

static bool was_cancelled(const struct tracker_call *call)
{
    return jx_i64_or(json_object_get(call->spec, "times"), "cancelled", 0) != 0;
}

/* GitLab takes events, and takes none that leads nowhere. */
static struct sw_status put_state(struct tracker_call *call, const char *path, json_t *body)
{
    JX_AUTO json_t *issue = NULL;
    bool over = is_over(call), done = true;
    if (forge_of(call) == &GITHUB) {
        done = jx_set_string(body, "state", over ? "closed" : "open");
        if (over)
            done = done && jx_set_string(body, "state_reason", was_cancelled(call) ? "not_planned" : "completed");
    } else {
        SW_TRY(web_call(call->web, "GET", path, NULL, &issue));
        bool closed = sw_equal(jx_string(issue, "state"), "closed");
        if (closed != over)
            done = jx_set_string(body, "state_event", over ? "close" : "reopen");
    }
    return done ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", call->web->name);
}

static struct sw_status sync(struct tracker_call *call)
{
    SW_AUTO_BUF struct sw_buf path = { 0 };
    char mark[TRACKER_MARK_SIZE];
    json_t *text = NULL;
    tracker_mark(call, 0, mark);
    put_issues_path(call, &path);
    sw_buf_printf(&path, "/%lld", number_of(call));
    SW_TRY(tracker_render(call, RENDER_MARKDOWN, render_incident, mark, MAX_TEXT_BYTES, &text));
    JX_AUTO json_t *body = issue_new(call, jx_string_or(call->spec, "title", ""), text);
    if (!body)
        return sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", call->web->name);
    SW_TRY(put_state(call, sw_buf_string(&path), body));
    SW_TRY(web_call(call->web, forge_of(call)->update, sw_buf_string(&path), body, NULL));
    return tracker_result(call, json_pack("{sI}", "rev", (json_int_t)jx_i64_or(call->spec, "rev", 0)));
}

static struct sw_status comment(struct tracker_call *call)
{
    const struct forge *forge = forge_of(call);
    SW_AUTO_BUF struct sw_buf path = { 0 };
    char mark[TRACKER_MARK_SIZE];
    JX_AUTO json_t *found = NULL;
    json_t *text = NULL;
    tracker_mark(call, 'c', mark);
    put_issues_path(call, &path);
    sw_buf_printf(&path, "/%lld/%s", number_of(call), forge->comments);
    SW_TRY(find(call, sw_buf_string(&path), forge->commented, jx_i64_or(call->spec, "at", 0), "body", mark, &found));
    if (!found) {
        SW_TRY(tracker_render(call, RENDER_MARKDOWN, render_comment, mark, MAX_TEXT_BYTES, &text));
        JX_AUTO json_t *body = json_pack("{so}", "body", text);
        SW_TRY(body ? web_call(call->web, "POST", sw_buf_string(&path), body, NULL)
                    : sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", forge->name));
    }
    return tracker_result(call, json_pack("{sI}", "id", (json_int_t)jx_i64_or(call->spec, "id", 0)));
}

/* They have none: the issue's text names them, which "tracker.sync" writes. */
static struct sw_status components(struct tracker_call *call)
{
    return tracker_result(call, json_pack("{sO}", "components", json_object_get(call->spec, "components")));
}

const struct tracker_kind TRACKER_GITHUB = { .name = "github",
                                             .open = open_github,
                                             .create = create,
                                             .sync = sync,
                                             .comment = comment,
                                             .task = task,
                                             .components = components };
const struct tracker_kind TRACKER_GITLAB = { .name = "gitlab",
                                             .open = open_gitlab,
                                             .create = create,
                                             .sync = sync,
                                             .comment = comment,
                                             .task = task,
                                             .components = components };
