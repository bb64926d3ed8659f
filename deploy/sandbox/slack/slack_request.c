/* SPDX-License-Identifier: Apache-2.0
 * slack_request: the shell around a Web API method. */
#include "deploy/sandbox/slack/slack_request.h"

#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"
#include "deploy/sandbox/slack/slack_journal.h"
#include "deploy/sandbox/slack/slack_reply.h"

#include <string.h>
#include <strings.h>

/* httpd finds a query parameter by name; these are the names of all arguments. */
static const char *const QUERY_NAMES[] = {
    "token",
    "channel",
    "ts",
    "text",
    "blocks",
    "metadata",
    "thread_ts",
    "reply_broadcast",
    "user",
    "users",
    "message_ts",
    "timestamp",
    "name",
    "oldest",
    "latest",
    "inclusive",
    "limit",
    "cursor",
    "include_all_metadata",
    "types",
    "exclude_archived",
    "usergroup",
    "include_users",
    "return_im",
    "error",
    "foo",
    "team_id",
    "is_private",
    "force",
    "email",
    "include_num_members",
    "topic",
    "purpose",
    "channel_id",
    "title",
    "type",
    "link",
    "emoji",
    "bookmark_id",
    "full",
    "trigger_id",
    "view",
    "view_id",
    "external_id",
    "user_id",
    "hash",
};

static bool is_type(const char *content_type, const char *wanted)
{
    return content_type && strncasecmp(content_type, wanted, strlen(wanted)) == 0;
}

json_t *slack_request_body_new(const struct httpd_exchange *exchange, const char **ret_error)
{
    size_t length = 0;
    const char *body = httpd_body(exchange, &length);
    const char *type = httpd_header(exchange, "Content-Type", NULL);
    json_t *args = NULL;
    if (length == 0)
        return json_object();
    if (is_type(type, "application/json")) {
        if (sw_failed(jx_parse(body, length, &args)))
            *ret_error = "invalid_json";
        else if (!json_is_object(args))
            *ret_error = "json_not_object";
        if (*ret_error)
            json_decref(args);
        return *ret_error ? NULL : args;
    }
    if (!is_type(type, "application/x-www-form-urlencoded"))
        *ret_error = "invalid_post_type";
    else if (sw_failed(slack_form_parse(body, length, &args)))
        *ret_error = "invalid_form_data";
    return args;
}

static json_t *read_args(const struct httpd_exchange *exchange, const char **ret_error)
{
    if (!sw_equal(httpd_method(exchange), "GET"))
        return slack_request_body_new(exchange, ret_error);
    json_t *args = json_object();
    for (size_t i = 0; i < SW_COUNT(QUERY_NAMES); i++) {
        const char *value = httpd_query(exchange, QUERY_NAMES[i]);
        if (value)
            (void)jx_set_string(args, QUERY_NAMES[i], value);
    }
    return args;
}

static const char *check_kind(const char *token, const char *wanted, const char *start, const char *other_start)
{
    if (sw_starts_with(token, other_start))
        return "not_allowed_token_type";
    if (wanted ? !sw_equal(token, wanted) : !sw_starts_with(token, start))
        return "invalid_auth";
    return NULL;
}

/* NULL, or why the token does not do. An app's comes in the header alone. */
static const char *check_token(const struct slack *slack, const struct httpd_exchange *exchange,
                               const struct slack_method *method, const json_t *args)
{
    const bool of_app = method && sw_equal(method->scope, SLACK_APP_SCOPE);
    const char *header = httpd_header(exchange, "Authorization", NULL);
    const char *token = of_app ? NULL : slack_arg_string(args, "token");
    if (header && strncasecmp(header, "Bearer ", 7) == 0)
        token = header + 7;
    if (!token || !token[0])
        return "not_authed";
    return of_app ? check_kind(token, slack->settings->app_token, "xapp-", "xoxb-")
                  : check_kind(token, slack->settings->bot_token, "xoxb-", "xapp-");
}

static void charset_warning(const struct httpd_exchange *exchange, json_t *warnings)
{
    size_t length = 0;
    const char *type = httpd_header(exchange, "Content-Type", NULL);
    (void)httpd_body(exchange, &length);
    bool charset = type && strcasestr(type, "charset=") != NULL;
    if (length > 0 && is_type(type, "application/json") && !charset)
        (void)json_array_append_new(warnings, json_string("missing_charset"));
    if (length > 0 && is_type(type, "application/x-www-form-urlencoded") && charset)
        (void)json_array_append_new(warnings, json_string("superfluous_charset"));
}

static void add_warnings(json_t *answer, json_t *warnings)
{
    json_t *metadata = json_object_get(answer, "response_metadata");
    if (json_array_size(warnings) == 0)
        return;
    if (!metadata) {
        metadata = json_object();
        (void)json_object_set_new(answer, "response_metadata", metadata);
    }
    (void)json_object_set(metadata, "warnings", warnings);
    (void)json_object_set(answer, "warning", json_array_get(warnings, 0));
}

/* With the lock. */
static json_t *run_method(struct slack *slack, const struct httpd_exchange *exchange, const char *name,
                          const json_t *args)
{
    const struct slack_method *method = slack_method_find(name);
    const char *refusal = method && method->open ? NULL : check_token(slack, exchange, method, args);
    if (refusal)
        return slack_api_error_new(refusal);
    if (!method)
        return json_pack("{s:b,s:s,s:s}", "ok", 0, "error", "unknown_method", "req_method", name);
    JX_AUTO json_t *warnings = json_array();
    struct slack_call call = { .slack = slack, .method = name, .args = args, .warnings = warnings };
    json_t *answer = method->run(&call);
    charset_warning(exchange, warnings);
    add_warnings(answer, warnings);
    return answer;
}

static void record(struct slack *slack, const char *method, const json_t *args, const json_t *answer,
                   const struct slack_fault_verdict *verdict, const struct slack_reply *reply)
{
    const struct slack_call_record record = { .method = method,
                                              .args = args,
                                              .status = reply->drop ? 0 : reply->status,
                                              .answer = answer,
                                              .fault = verdict->name,
                                              .at_ms = sw_wall_ms() };
    slack_journal_add(slack->journal, &record);
}

void slack_request_serve(struct slack *slack, struct httpd_exchange *exchange, const char *method)
{
    const char *error = NULL;
    JX_AUTO json_t *args = read_args(exchange, &error);
    JX_AUTO json_t *answer = error ? slack_api_error_new(error) : NULL;
    SW_AUTO_FREE char *text = NULL;
    struct slack_reply reply = { 0 };
    slack_lock(slack);
    struct slack_fault_verdict verdict = slack_faults_strike(slack->faults, method, slack_arg_string(args, "channel"),
                                                             sw_monotonic_ms(), (double)sw_random32() / UINT32_MAX);
    if (!slack_reply_instead(&verdict, &reply)) {
        if (!answer)
            answer = verdict.kind == SLACK_FAULT_ERROR ? slack_api_fault_new(method, verdict.error)
                                                       : run_method(slack, exchange, method, args);
        text = json_dumps(answer, JSON_COMPACT);
        reply = (struct slack_reply){ .status = 200,
                                      .content_type = "application/json; charset=utf-8",
                                      .body = text ? text : "{}" };
        slack_reply_spoil(&verdict, &reply);
    }
    record(slack, method, args, answer, &verdict, &reply);
    slack_unlock(slack);
    slack_reply_send(slack, exchange, &reply);
}
