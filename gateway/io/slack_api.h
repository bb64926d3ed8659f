/* SPDX-License-Identifier: Apache-2.0
 * slack_api: the calls of Slack's Web API that write messages, and what their answers mean.
 *
 * Asynchronous: done is called exactly once for each call, on the HTTP client's thread or, when the call could not be
 * made at all, before the function returns. The token is never logged. Threads: any. */
#ifndef GATEWAY_IO_SLACK_API_H
#define GATEWAY_IO_SLACK_API_H

#include "common/base/status.h"
#include "common/io/http_client.h"
#include "common/json/jx.h"
#include "gateway/core/relay_plan.h"

struct slack_api;

struct slack_api_options {
    const char *url, *token;
    struct http_client *http; /* borrowed */
};

/* The result is valid during the call. */
typedef void slack_api_done_fn(void *context, const struct relay_outcome *outcome);

struct sw_status slack_api_new(const struct slack_api_options *options, struct slack_api **ret_api) SW_MUST_CHECK;
struct slack_api *slack_api_ref(struct slack_api *api); /* calls under way hold one */
void slack_api_unref(struct slack_api *api);

/* method: "chat.postMessage", "chat.update", "chat.delete". Steals the arguments; NULL means out of memory. */
void slack_api_call(struct slack_api *api, const char *method, json_t *arguments, slack_api_done_fn *done,
                    void *context);
/* Searches the channel's history since oldest_ms for messages whose metadata names the workflow. */
void slack_api_look(struct slack_api *api, const struct proto_message_ref *where, const char *workflow,
                    int64_t oldest_ms, slack_api_done_fn *done, void *context);

/* What an answer means; *ret_json (may be NULL) is the parsed body when it is "ok". */
void slack_api_classify(const struct http_answer *answer, struct relay_outcome *ret_outcome, json_t **ret_json);
/* Adds the messages of the workflow in a page of history (newest first), keeping the oldest ones, oldest first. */
void slack_api_find(const json_t *page, const char *workflow, struct relay_outcome *outcome);

#endif
