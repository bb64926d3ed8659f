/* SPDX-License-Identifier: Apache-2.0
 * What a message says, asked of Slack: an event about a message does not tell. Channels' messages and answers in
 * threads are found by different methods; the first is tried first. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "gateway/io/directory_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct recall {
    struct directory *directory;
    char channel[PROTO_SLACK_ID_SIZE], ts[PROTO_TS_SIZE];
    bool in_thread; /* the second question */
    directory_recalled_fn *told;
    void *context;
};

static const json_t *find(const json_t *json, const char *ts)
{
    size_t index;
    json_t *message;
    json_array_foreach(json_object_get(json, "messages"), index, message)
    {
        if (sw_equal(jx_string(message, "ts"), ts))
            return message;
    }
    return NULL;
}

static void ask(struct recall *recall);

static void came(void *context, const struct http_answer *answer)
{
    struct recall *recall = context;
    JX_AUTO json_t *json = NULL;
    struct sw_status status = answer->status;
    if (!sw_failed(status))
        status = jx_parse(answer->body, answer->body_bytes, &json);
    const json_t *message = find(json, recall->ts);
    if (!message && !recall->in_thread && jx_bool_or(json, "ok", false)) {
        recall->in_thread = true;
        ask(recall);
        return;
    }
    sw_count("slipway_directory_calls_total", "background questions to Slack's directory", "result",
             message ? "ok" : "failed");
    if (!message)
        sw_debug("a message could not be looked up", sw_s("channel", recall->channel), sw_s("ts", recall->ts),
                 sw_s("slack_error", jx_string_or(json, "error", "")), sw_e(&status));
    recall->told(recall->context, &(struct directory_message){ .text = jx_string(message, "text"),
                                                               .user = jx_string(message, "user"),
                                                               .thread_ts = jx_string(message, "thread_ts") });
    free(recall);
}

static void give_up(struct recall *recall)
{
    recall->told(recall->context, &(struct directory_message){ 0 });
    free(recall);
}

static void ask(struct recall *recall)
{
    static const char in_channel[] = "conversations.history?limit=1&inclusive=true",
                      in_thread[] = "conversations.replies?inclusive=true";
    char url[512];
    struct directory *directory = recall->directory;
    const char *const headers[] = { directory->authorization, NULL };
    (void)snprintf(url, sizeof url, "%s%s&channel=%s&oldest=%s&latest=%s%s%s", directory->api_url,
                   recall->in_thread ? in_thread : in_channel, recall->channel, recall->ts, recall->ts,
                   recall->in_thread ? "&ts=" : "", recall->in_thread ? recall->ts : ""); /* cut: Slack errs */
    const struct http_request request = { .url = url, .headers = headers, .timeout_ms = DIRECTORY_WAIT_MS / 2 };
    struct sw_status status = http_client_send(directory->http, &request, came, recall);
    if (sw_failed(status))
        give_up(recall);
}

static bool plain(const char *text, const char *signs) { return *text && strspn(text, signs) == strlen(text); }

void directory_recall(struct directory *directory, const char *channel, const char *ts, directory_recalled_fn *told,
                      void *context)
{
    bool asks =
        directory->authorization && plain(channel, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") && plain(ts, "0123456789.");
    struct recall *recall = asks ? calloc(1, sizeof *recall) : NULL;
    if (!recall) {
        told(context, &(struct directory_message){ 0 });
        return;
    }
    recall->directory = directory;
    recall->told = told;
    recall->context = context;
    bool fits = sw_copy(recall->channel, sizeof recall->channel, channel) && sw_copy(recall->ts, sizeof recall->ts, ts);
    if (fits)
        ask(recall);
    else
        give_up(recall);
}
