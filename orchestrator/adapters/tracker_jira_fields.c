/* SPDX-License-Identifier: Apache-2.0
 * Fields, statuses and components of Jira. */
#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/adapters/tracker_jira.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- fields ---- */

static json_t *time_new(int64_t at_ms)
{
    char text[64];
    time_t seconds = (time_t)(at_ms / 1000);
    struct tm tm;
    if (at_ms == 0 || !gmtime_r(&seconds, &tm))
        return json_null();
    size_t length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(text + length, sizeof text - length, ".%03d+0000", (int)(at_ms % 1000));
    return json_string(text);
}

/* Null: nobody, or nobody that Jira knows. */
static json_t *person_new(const struct tracker_call *call, const char *role)
{
    static const char PREFIX[] = "accountid:";
    const json_t *roles = json_object_get(json_object_get(call->spec, "model"), "roles");
    const char *user = jx_string_or(json_object_get(roles, role), "id", "");
    const char *account = jx_string(json_object_get(call->tracker, "people"), user);
    if (!account)
        return json_null();
    if (sw_starts_with(account, PREFIX))
        account += sizeof PREFIX - 1;
    return json_pack("{ss}", jira_is_cloud(call) ? "accountId" : "name", account);
}

static json_t *priority_new(const struct tracker_call *call, const char *field)
{
    const json_t *priority = json_object_get(json_object_get(call->spec, "model"), "priority");
    const char *name = jx_string_or(priority, "name", "");
    return json_pack("{ss}", sw_starts_with(field, "customfield_") ? "value" : "name", name);
}

static json_t *value_new(const struct tracker_call *call, const char *what, const char *field)
{
    static const char *const ROLES[] = { "point", "comms", "triage", "eng", "assigned" };
    const json_t *model = json_object_get(call->spec, "model");
    if (sw_equal(what, "priority"))
        return priority_new(call, field);
    if (sw_equal(what, "channel"))
        return json_string(jx_string_or(json_object_get(model, "channel"), "name", ""));
    if (sw_equal(what, "epic_name"))
        return json_string(jx_string_or(call->spec, "title", ""));
    for (size_t i = 0; i < SW_COUNT(ROLES); i++)
        if (sw_equal(ROLES[i], what))
            return person_new(call, what);
    return time_new(jx_i64_or(json_object_get(model, "times"), what, 0));
}

bool jira_put_fields(const struct tracker_call *call, json_t *fields)
{
    const char *what;
    json_t *field;
    json_object_foreach(json_object_get(call->tracker, "fields"), what, field)
    {
        const char *id = json_string_value(field);
        if (!jx_set_take(fields, id, value_new(call, what, id)))
            return false;
    }
    return true;
}

/* ---- statuses ---- */

static struct sw_status issue_get(struct tracker_call *call, const char *rest, json_t **ret_answer)
{
    SW_AUTO_BUF struct sw_buf path = { 0 };
    sw_buf_puts(&path, "/issue/");
    web_put_encoded(&path, jx_string_or(call->spec, "key", ""));
    sw_buf_puts(&path, rest);
    return jira_call(call, "GET", sw_buf_string(&path), NULL, ret_answer);
}

static struct sw_status no_way(const struct tracker_call *call, const char *target, const json_t *transitions)
{
    SW_AUTO_BUF struct sw_buf names = { 0 };
    for (size_t i = 0; i < json_array_size(transitions); i++)
        sw_buf_printf(&names, "%s\"%s\"", i ? ", " : "",
                      jx_string_or(json_object_get(json_array_get(transitions, i), "to"), "name", "?"));
    return sw_fail(SW_CODE_REFUSED,
                   "from where %s stands Jira offers no way to \"%s\", only to %s HINT: allow it in the workflow, or "
                   "change `statuses`",
                   jx_string_or(call->spec, "key", ""), target, names.length ? sw_buf_string(&names) : "nothing");
}

/* A body is left away, so that screens with required fields are Jira's to refuse. */
static struct sw_status transition(struct tracker_call *call, const json_t *transition)
{
    SW_AUTO_BUF struct sw_buf path = { 0 };
    JX_AUTO json_t *body = json_pack("{s{ss}}", "transition", "id", jx_string_or(transition, "id", ""));
    if (!body)
        return sw_fail(SW_CODE_NO_MEMORY, "Jira: out of memory");
    sw_buf_puts(&path, "/issue/");
    web_put_encoded(&path, jx_string_or(call->spec, "key", ""));
    sw_buf_puts(&path, "/transitions");
    return jira_call(call, "POST", sw_buf_string(&path), body, NULL);
}

struct sw_status jira_move(struct tracker_call *call)
{
    const char *target = jx_string(json_object_get(call->tracker, "statuses"), jx_string_or(call->spec, "state", ""));
    JX_AUTO json_t *issue = NULL, *answer = NULL;
    if (!target)
        return sw_ok();
    SW_TRY(issue_get(call, "?fields=status", &issue));
    const json_t *status = json_object_get(json_object_get(issue, "fields"), "status");
    if (strcasecmp(jx_string_or(status, "name", ""), target) == 0)
        return sw_ok();
    SW_TRY(issue_get(call, "/transitions", &answer));
    const json_t *transitions = json_object_get(answer, "transitions");
    for (size_t i = 0; i < json_array_size(transitions); i++) {
        const json_t *one = json_array_get(transitions, i);
        if (strcasecmp(jx_string_or(json_object_get(one, "to"), "name", ""), target) == 0)
            return transition(call, one);
    }
    return no_way(call, target, transitions);
}

/* ---- components ---- */

/* Those that the project has, by name in any case. */
static bool match(const json_t *wanted, const json_t *all, json_t *ids, json_t *names)
{
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *component = json_array_get(all, i);
        const char *name = jx_string_or(component, "name", "");
        if (json_array_append_new(names, json_string(name)) != 0)
            return false;
        for (size_t j = 0; j < json_array_size(wanted); j++) {
            const char *want = json_string_value(json_array_get(wanted, j));
            if (want && strcasecmp(want, name) == 0 &&
                json_array_append_new(ids, json_pack("{ss}", "id", jx_string_or(component, "id", ""))) != 0)
                return false;
        }
    }
    return true;
}

struct sw_status jira_components(struct tracker_call *call)
{
    const json_t *wanted = json_object_get(call->spec, "components");
    JX_AUTO json_t *all = NULL, *ids = json_array(), *names = json_array(), *body = NULL;
    SW_AUTO_BUF struct sw_buf list = { 0 }, issue = { 0 };
    sw_buf_puts(&list, "/project/");
    web_put_encoded(&list, jx_string_or(call->tracker, "project", ""));
    sw_buf_puts(&list, "/components");
    SW_TRY(jira_call(call, "GET", sw_buf_string(&list), NULL, &all));
    if (!ids || !names || !match(wanted, all, ids, names))
        return sw_fail(SW_CODE_NO_MEMORY, "Jira: out of memory");
    body = json_pack("{s{sO}}", "fields", "components", ids);
    sw_buf_puts(&issue, "/issue/");
    web_put_encoded(&issue, jx_string_or(call->spec, "key", ""));
    SW_TRY(body ? jira_call(call, "PUT", sw_buf_string(&issue), body, NULL)
                : sw_fail(SW_CODE_NO_MEMORY, "Jira: out of memory"));
    return tracker_result(call, json_pack("{sO sO}", "components", wanted, "known", names));
}
