/* SPDX-License-Identifier: Apache-2.0
 * slack_reply: see the header. A late answer keeps its exchange and waits with the delay. */
#include "deploy/sandbox/slack/slack_reply.h"

#include "common/base/text.h"
#include "common/io/httpd.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_delay.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char HTML_503[] = "<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head>"
                               "<body><h1>Service Unavailable</h1><p>Server error</p></body></html>";

struct late {
    struct httpd_exchange *exchange;
    struct slack_reply reply;
    char *body;
};

bool slack_reply_instead(const struct slack_fault_verdict *verdict, struct slack_reply *ret_reply)
{
    switch (verdict->kind) {
    case SLACK_FAULT_RATE_LIMIT:
    case SLACK_FAULT_TIERS:
        *ret_reply = (struct slack_reply){ .status = 429,
                                           .content_type = "application/json; charset=utf-8",
                                           .body = "{\"ok\":false,\"error\":\"ratelimited\"}",
                                           .retry_after_s = verdict->retry_after_s };
        return true;
    case SLACK_FAULT_HTML_503:
        *ret_reply =
            (struct slack_reply){ .status = 503, .content_type = "text/html; charset=utf-8", .body = HTML_503 };
        return true;
    case SLACK_FAULT_DOWN:
        *ret_reply = (struct slack_reply){ .body = "", .drop = true };
        return true;
    case SLACK_FAULT_NONE:
    case SLACK_FAULT_LOST_REPLY:
    case SLACK_FAULT_SLOW:
    case SLACK_FAULT_ERROR:
        return false;
    }
    return false;
}

void slack_reply_spoil(const struct slack_fault_verdict *verdict, struct slack_reply *reply)
{
    reply->delay_ms = verdict->delay_ms;
    reply->drop = verdict->kind == SLACK_FAULT_LOST_REPLY;
}

static void send_now(struct httpd_exchange *exchange, const struct slack_reply *reply)
{
    char seconds[24];
    const char *headers[5] = { "x-oauth-scopes", SLACK_SCOPES, NULL };
    if (reply->drop) {
        httpd_drop(exchange);
        return;
    }
    if (reply->retry_after_s > 0) {
        (void)snprintf(seconds, sizeof(seconds), "%" PRId64, reply->retry_after_s);
        headers[2] = "Retry-After";
        headers[3] = seconds;
        headers[4] = NULL;
    }
    const struct httpd_answer answer = { .status = reply->status,
                                         .content_type = reply->content_type,
                                         .body = reply->body,
                                         .length = strlen(reply->body),
                                         .headers = headers };
    httpd_answer(exchange, &answer);
}

static void send_late(void *self)
{
    struct late *late = self;
    late->reply.body = late->body;
    send_now(late->exchange, &late->reply);
    free(late->body);
    free(late);
}

void slack_reply_send(struct slack *slack, struct httpd_exchange *exchange, const struct slack_reply *reply)
{
    if (reply->delay_ms == 0) {
        send_now(exchange, reply);
        return;
    }
    struct late *late = malloc(sizeof(*late));
    assert(late);
    *late = (struct late){ .exchange = exchange, .reply = *reply, .body = sw_strdup(reply->body) };
    httpd_keep(exchange);
    slack_delay_add(slack->delay, reply->delay_ms, send_late, late);
}
