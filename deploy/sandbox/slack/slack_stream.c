/* SPDX-License-Identifier: Apache-2.0
 * slack_stream: the pages that wait. An event id is "<epoch>-<sequence>"; another epoch means: start over. */
#include "deploy/sandbox/slack/slack_stream.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_channels.h"
#include "deploy/sandbox/slack/slack_delay.h"
#include "deploy/sandbox/slack/slack_messages.h"
#include "deploy/sandbox/slack/slack_views.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WAIT_MS = 15000, MAX_BODY = 16 * 1024 * 1024 };

struct waiter {
    struct waiter *next;
    struct httpd_exchange *exchange;
    const struct slack_user *user; /* NULL: nobody in particular, who sees what is public */
    uint64_t epoch, after;
    int64_t until_ms;
    char *body; /* once it is ready */
};

struct slack_stream {
    struct waiter *first;
};

struct slack_stream_batch {
    struct waiter *first;
};

struct slack_stream *slack_stream_new(void)
{
    struct slack_stream *stream = calloc(1, sizeof(*stream));
    assert(stream);
    return stream;
}

void slack_stream_free(struct slack_stream *stream) { free(stream); }

static bool sees_channel(const struct waiter *waiter, const struct slack_channel *channel)
{
    return waiter->user ? slack_channel_visible(channel, waiter->user) : channel->kind == SLACK_PUBLIC;
}

static bool visible(struct slack *slack, const struct waiter *waiter, const struct slack_message *message)
{
    const struct slack_channel *channel = slack_channel_find(slack->world, message->channel);
    bool for_them = !message->audience[0] || (waiter->user && sw_equal(message->audience, waiter->user->id));
    return for_them && channel && sees_channel(waiter, channel);
}

static void append_event(struct sw_buf *body, const struct slack_world *world, const char *name, const char *data)
{
    sw_buf_printf(body, "id: %" PRIu64 "-%" PRIu64 "\nevent: %s\ndata: %s\n\n", slack_world_epoch(world),
                  slack_world_sequence(world), name, data);
}

/* Takes the JSON. */
static void append_json(struct sw_buf *body, const struct slack_world *world, const char *name, json_t *json)
{
    SW_AUTO_FREE char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    if (text)
        append_event(body, world, name, text);
}

static void append_messages(struct sw_buf *body, struct slack *slack, const struct waiter *waiter, uint64_t after)
{
    const struct slack_message *message;
    for (size_t i = 0; (message = slack_message_at(slack->world, i)) != NULL; i++)
        if (message->changed > after && visible(slack, waiter, message))
            append_json(body, slack->world, "message", slack_message_json_new(message, true));
}

/* A channel that this person does not see any more is told by its id alone. */
static void append_channels(struct sw_buf *body, struct slack *slack, const struct waiter *waiter, uint64_t after)
{
    const struct slack_channel *channel;
    for (size_t i = 0; (channel = slack_channel_at(slack->world, i)) != NULL; i++) {
        if (channel->changed <= after)
            continue;
        if (sees_channel(waiter, channel))
            append_json(body, slack->world, "channel", slack_channel_wide_json_new(channel));
        else if (after > 0)
            append_json(body, slack->world, "channel", json_pack("{s:s,s:b}", "id", channel->id, "gone", 1));
    }
}

static void append_views(struct sw_buf *body, struct slack *slack, const struct waiter *waiter, uint64_t after)
{
    if (waiter->user && slack_views_changed(slack->views, waiter->user) > after)
        append_json(body, slack->world, "views", slack_views_json_new(slack->views, waiter->user));
}

/* NULL when there is nothing to say yet. */
static char *render_new(struct slack *slack, const struct waiter *waiter, bool must)
{
    const struct slack_world *world = slack->world;
    uint64_t after = waiter->epoch == slack_world_epoch(world) ? waiter->after : 0;
    struct sw_buf body = { .max_bytes = MAX_BODY };
    bool fresh = waiter->epoch != slack_world_epoch(world);
    sw_buf_puts(&body, "retry: 100\n");
    size_t empty = body.length;
    if (fresh)
        append_event(&body, world, "reset", "{}");
    append_channels(&body, slack, waiter, after);
    append_messages(&body, slack, waiter, after);
    append_views(&body, slack, waiter, after);
    if (body.length == empty && !must) {
        sw_buf_release(&body);
        return NULL;
    }
    if (body.length == empty)
        sw_buf_puts(&body, ": still here\n\n");
    return sw_buf_take(&body);
}

static void read_position(const struct httpd_exchange *exchange, struct waiter *waiter)
{
    const char *id = httpd_header(exchange, "Last-Event-ID", NULL);
    const char *user = httpd_query(exchange, "user");
    if (!id)
        id = httpd_query(exchange, "after");
    if (!id || sscanf(id, "%" SCNu64 "-%" SCNu64, &waiter->epoch, &waiter->after) != 2)
        waiter->epoch = UINT64_MAX; /* no epoch has it */
    waiter->user = slack_user_find(user);
}

static void answer_and_free(struct waiter *waiter)
{
    static const char *const HEADERS[] = { "Cache-Control", "no-store", NULL };
    const struct httpd_answer answer = { .status = 200,
                                         .content_type = "text/event-stream; charset=utf-8",
                                         .body = waiter->body,
                                         .length = strlen(waiter->body),
                                         .headers = HEADERS };
    httpd_answer(waiter->exchange, &answer);
    free(waiter->body);
    free(waiter);
}

void slack_stream_serve(struct slack *slack, struct httpd_exchange *exchange)
{
    struct waiter *waiter = calloc(1, sizeof(*waiter));
    assert(waiter);
    waiter->exchange = exchange;
    waiter->until_ms = sw_monotonic_ms() + WAIT_MS;
    read_position(exchange, waiter);
    httpd_keep(exchange);
    slack_lock(slack);
    waiter->body = render_new(slack, waiter, slack_delay_stopping(slack->delay));
    if (!waiter->body) {
        waiter->next = slack->stream->first;
        slack->stream->first = waiter;
    }
    bool ready = waiter->body != NULL; /* a waiter in the list may be gone after the unlock */
    slack_unlock(slack);
    if (ready)
        answer_and_free(waiter);
}

struct slack_stream_batch *slack_stream_take(struct slack *slack)
{
    int64_t now_ms = sw_monotonic_ms();
    bool stopping = slack_delay_stopping(slack->delay);
    struct waiter *ready = NULL;
    for (struct waiter **link = &slack->stream->first; *link;) {
        struct waiter *waiter = *link;
        waiter->body = render_new(slack, waiter, stopping || now_ms >= waiter->until_ms);
        if (!waiter->body) {
            link = &waiter->next;
            continue;
        }
        *link = waiter->next;
        waiter->next = ready;
        ready = waiter;
    }
    struct slack_stream_batch *batch = ready ? malloc(sizeof(*batch)) : NULL;
    assert(batch || !ready);
    if (batch)
        batch->first = ready;
    return batch;
}

void slack_stream_send(struct slack_stream_batch *batch)
{
    if (!batch)
        return;
    for (struct waiter *waiter = batch->first, *next; waiter; waiter = next) {
        next = waiter->next;
        answer_and_free(waiter);
    }
    free(batch);
}
