/* SPDX-License-Identifier: Apache-2.0
 * slack_api: the calls of Slack's Web API that write, those that look for what was written, and what answers mean.
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

/* method: one that takes JSON, of those that write. Steals the arguments; NULL means out of memory. outcome.ref is the
 * message that was made, outcome.channel the channel. */
void slack_api_call(struct slack_api *api, const char *method, json_t *arguments, slack_api_done_fn *done,
                    void *context);

/* What is looked for among messages, by their metadata: those of the workflow (key: of an order; "": the live message),
 * or, when command is not "", the answer to that command. */
struct slack_sought {
    char workflow[PROTO_WORKFLOW_ID_SIZE], key[PROTO_ORDER_KEY_SIZE];
    char command[PROTO_COMMAND_ID_MAX + 1];
    int64_t oldest_ms; /* not before */
};
/* Searches the channel's history, or the thread when where->ts is not "". */
void slack_api_look(struct slack_api *api, const struct proto_message_ref *where, const struct slack_sought *sought,
                    slack_api_done_fn *done, void *context);

/* A channel that may be the workflow's: its purpose names the workflow, or it has none yet and was made by us since. */
struct slack_channel_sought {
    char name[PROTO_CHANNEL_NAME_SIZE], workflow[PROTO_WORKFLOW_ID_SIZE];
    int64_t oldest_ms;
};
/* outcome.channel.id is "" when there is none. Asks who we are first. */
void slack_api_find_channel(struct slack_api *api, const struct slack_channel_sought *wanted, slack_api_done_fn *done,
                            void *context);

/* What an answer means; *ret_json (may be NULL) is the parsed body when it is "ok". */
void slack_api_classify(const struct http_answer *answer, struct relay_outcome *ret_outcome, json_t **ret_json);
/* Adds the messages in a page that are sought, keeping the oldest ones, oldest first. */
void slack_api_find(const json_t *page, const struct slack_sought *sought, struct relay_outcome *outcome);
/* Whether the page of channels has the one that is wanted; self: the bot's user id. */
void slack_api_pick_channel(const json_t *page, const struct slack_channel_sought *wanted, const char *self,
                            struct relay_outcome *outcome);

#endif
