/* SPDX-License-Identifier: Apache-2.0
 * slack_response_url: accounting, replace_original, delete_original, visibility. */
#include "deploy/sandbox/slack/slack_response_url.h"

#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"
#include "deploy/sandbox/slack/slack_journal.h"
#include "deploy/sandbox/slack/slack_reply.h"
#include "deploy/sandbox/slack/slack_request.h"

/* Error codes are literals of this list, since the refusal they come from is released. */
static const char *known_error(const json_t *refusal)
{
    static const char *const CODES[] = { "invalid_blocks",          "no_text",
                                         "invalid_blocks_format",   "invalid_metadata_format",
                                         "invalid_metadata_schema", "metadata_too_large" };
    const char *error = jx_string(refusal, "error");
    for (size_t i = 0; i < SW_COUNT(CODES); i++)
        if (sw_equal(error, CODES[i]))
            return CODES[i];
    return "invalid_payload";
}

struct slack_message *slack_response_show(struct slack *slack, struct slack_hook *hook, const json_t *message,
                                          const char *via, const char **ret_error)
{
    const struct slack_channel *channel = slack_channel_find(slack->world, hook->channel);
    struct slack_message *source = slack_message_find(slack->world, hook->channel, hook->source_ts);
    if (!channel) {
        *ret_error = "channel_not_found";
        return NULL;
    }
    if (slack_arg_bool(message, "delete_original", false)) {
        if (source)
            slack_act_delete(slack, source, via);
        return NULL;
    }
    SW_CLEANUP(slack_draft_release) struct slack_draft draft;
    JX_AUTO json_t *refusal = slack_draft_read(message, &draft);
    if (refusal) {
        *ret_error = known_error(refusal);
        return NULL;
    }
    draft.content.via = via;
    if (source && slack_arg_bool(message, "replace_original", false)) {
        slack_act_edit(slack, source, &draft.content); /* its visibility never changes */
        return source;
    }
    if (!sw_equal(jx_string(message, "response_type"), "in_channel"))
        draft.content.audience = hook->user;
    struct slack_message *shown = slack_act_post(slack, channel, &draft.content);
    if (!hook->is_action)
        (void)sw_copy(hook->source_ts, sizeof(hook->source_ts), shown->ts);
    return shown;
}

/* NULL when it was accepted; with the lock. */
static const char *accept_post(struct slack *slack, const char *path, const json_t *message)
{
    struct slack_hook *hook = slack_hooks_find(slack->hooks, path);
    const char *error = NULL;
    if (!hook)
        return "no_service";
    error = slack_hook_use(hook, sw_wall_ms());
    if (error)
        return error;
    if (!message)
        return "invalid_payload";
    (void)slack_response_show(slack, hook, message, "response_url", &error);
    return error;
}

static int32_t status_of(const char *error)
{
    if (!error)
        return 200;
    return sw_equal(error, "no_service") || sw_equal(error, "expired_url") || sw_equal(error, "used_url") ? 404 : 400;
}

static void record(struct slack *slack, const char *path, json_t *message, const char *error,
                   const struct slack_fault_verdict *verdict, const struct slack_reply *reply)
{
    JX_AUTO json_t *args = json_pack("{s:s,s:O?}", "path", path, "message", message);
    JX_AUTO json_t *answer = error ? slack_api_error_new(error) : slack_api_ok_new();
    const struct slack_call_record record = { .method = "response_url",
                                              .args = args,
                                              .status = reply->drop ? 0 : reply->status,
                                              .answer = answer,
                                              .fault = verdict->name,
                                              .at_ms = sw_wall_ms() };
    slack_journal_add(slack->journal, &record);
}

void slack_response_url_serve(struct slack *slack, struct httpd_exchange *exchange)
{
    const char *path = httpd_path(exchange);
    const char *unreadable = NULL;
    const char *error = NULL;
    JX_AUTO json_t *message = slack_request_body_new(exchange, &unreadable);
    struct slack_reply reply = { 0 };
    slack_lock(slack);
    struct slack_fault_verdict verdict =
        slack_faults_strike(slack->faults, "response_url", NULL, sw_monotonic_ms(), (double)sw_random32() / UINT32_MAX);
    if (!slack_reply_instead(&verdict, &reply)) {
        error = verdict.kind == SLACK_FAULT_ERROR ? verdict.error : accept_post(slack, path, message);
        reply = (struct slack_reply){ .status = status_of(error),
                                      .content_type = "text/plain; charset=utf-8",
                                      .body = error ? error : "ok" };
        slack_reply_spoil(&verdict, &reply);
    }
    record(slack, path, message, error, &verdict, &reply);
    slack_unlock(slack);
    slack_reply_send(slack, exchange, &reply);
}
