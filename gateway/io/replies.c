/* SPDX-License-Identifier: Apache-2.0
 * The replies' thread, and how others reach it. */
#include "gateway/io/replies_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"

#include <string.h>

enum {
    MAILBOX_ITEMS = 65536,
    BUSY_WAIT_MS = 5,
    IDLE_WAIT_MS = 250, /* a reply ends it, and finds the announcement that came before */
    COMMIT_EVERY_MS = 500,
    DRAIN_MS = 2000,
};

static const char PURPOSE[] = "slipway response_url v1";

int64_t replies_now_ms(const struct replies *replies) { return sw_boottime_ms() + replies->clock_offset_ms; }

/* ---- from other threads ---- */

void replies_item_free(void *item)
{
    struct replies_item *gone = item;
    json_decref(gone->message);
    replies_visit_free(gone->visit);
    free(gone->url);
    free(gone);
}

/* NULL when there is nowhere to post to, or no memory. */
static struct replies_item *item_new(const struct replies *replies, const char *command, const char *url)
{
    if (!replies || sw_blank(url))
        return NULL;
    struct replies_item *item = calloc(1, sizeof *item);
    if (!item)
        return NULL;
    (void)sw_copy(item->command, sizeof item->command, command); /* ids are no longer */
    item->url = sw_strdup(url);
    return item;
}

void replies_announce(struct replies *replies, const char *command_id, const char *address, bool expected)
{
    struct replies_item *item = item_new(replies, command_id, address);
    if (!item)
        return;
    item->kind = REPLIES_ANNOUNCE;
    item->expected = expected;
    mailbox_put(replies->mailbox, item);
}

void replies_say(struct replies *replies, const char *command_id, const char *response_url, json_t *message)
{
    struct replies_item *item = item_new(replies, command_id, response_url);
    if (!item) {
        json_decref(message);
        return;
    }
    item->kind = REPLIES_SAY;
    item->message = message;
    mailbox_put(replies->mailbox, item);
    kafka_wake(replies->tail);
}

/* ---- the thread ---- */

static void keep(struct replies *replies, struct replies_item *item)
{
    bool kept = true;
    const int64_t now_ms = replies_now_ms(replies);
    switch (item->kind) {
    case REPLIES_ANNOUNCE:
        kept = item->url && reply_plan_announce(replies->plan, item->command, item->url, item->expected, now_ms);
        break;
    case REPLIES_SAY:
        kept = item->url && reply_plan_say(replies->plan, item->command, item->url, SW_TAKE(item->message), now_ms);
        break;
    case REPLIES_OUTCOME:
        replies_outcome(replies, item);
        break;
    }
    if (!kept)
        sw_warn("an answer to a person is lost: too many are open", sw_s("command", item->command));
    replies_item_free(item);
}

static bool take_item(struct replies *replies, int64_t timeout_ms)
{
    struct replies_item *item = mailbox_take(replies->mailbox, timeout_ms);
    if (item)
        keep(replies, item);
    return item != NULL;
}

/* Returns how long nothing is due. */
static int64_t give_orders(struct replies *replies)
{
    int64_t wake_ms;
    struct reply_order order;
    while (take_item(replies, 0))
        ;
    while (reply_plan_next(replies->plan, replies_now_ms(replies), &order, &wake_ms))
        replies_execute(replies, &order);
    int64_t wait_ms = wake_ms - replies_now_ms(replies);
    return wait_ms > 0 ? wait_ms : 0;
}

static void turn(struct replies *replies)
{
    int64_t wait_ms = give_orders(replies);
    const int64_t most_ms = reply_plan_open(replies->plan) > 0 ? BUSY_WAIT_MS : IDLE_WAIT_MS;
    sw_metric_set(replies->metrics.open, (double)reply_plan_open(replies->plan));
    if (replies_now_ms(replies) >= replies->commit_at_ms) {
        replies->commit_at_ms = replies_now_ms(replies) + COMMIT_EVERY_MS;
        replies_commit(replies);
    }
    replies_assign_tail(replies);
    replies_read(replies, wait_ms < most_ms ? wait_ms : most_ms);
}

static void finish_in_flight(struct replies *replies)
{
    const int64_t until_ms = replies_now_ms(replies) + DRAIN_MS;
    do {
        (void)give_orders(replies);
        if (reply_plan_in_flight(replies->plan) == 0)
            return;
        (void)take_item(replies, BUSY_WAIT_MS);
    } while (replies_now_ms(replies) < until_ms);
}

static void run(void *self)
{
    struct replies *replies = self;
    while (!atomic_load(&replies->stop))
        turn(replies);
    finish_in_flight(replies);
    replies_commit(replies);
}

/* ---- life ---- */

void replies_replace_secrets(struct replies *replies, const char *signing_secret, const char *previous_secret)
{
    const char *const secrets[] = { signing_secret, previous_secret };
    pthread_mutex_lock(&replies->keys_lock);
    replies->key_count = 0;
    for (size_t i = 0; i < SW_COUNT(secrets); i++)
        if (!sw_blank(secrets[i]))
            crypto_derive_key(secrets[i], PURPOSE, replies->keys[replies->key_count++]);
    pthread_mutex_unlock(&replies->keys_lock);
}

static struct sw_status start(struct replies *replies, const struct replies_options *options)
{
    proto_topic_name(options->topic_prefix, PROTO_TOPIC_REPLIES, replies->topic);
    (void)sw_copy(replies->gateway, sizeof replies->gateway, options->gateway); /* of the same size */
    replies->http = options->http;
    replies->producer = options->producer;
    replies->clock_offset_ms = sw_wall_ms() - sw_boottime_ms();
    replies_replace_secrets(replies, options->signing_secret, options->previous_secret);
    replies->brokers = sw_strdup(options->kafka.brokers);
    replies->config_path = sw_strdup(options->kafka.config_path);
    replies->response_hosts = sw_strdup(options->response_hosts);
    replies->plan = reply_plan_new(options->gateway, sw_random32());
    replies->mailbox = mailbox_new(MAILBOX_ITEMS, replies_item_free);
    if (!replies->brokers || !replies->response_hosts || !replies->plan || !replies->mailbox)
        return sw_fail(SW_CODE_NO_MEMORY, "replies: out of memory");
    replies_register_metrics(replies);
    if (!sw_blank(options->bot_token)) {
        const struct slack_api_options api = { .url = options->slack_api_url,
                                               .token = options->bot_token,
                                               .http = options->http };
        SW_TRY(slack_api_new(&api, &replies->api));
    }
    SW_TRY(sw_wrap(replies_open_consumers(replies, options), "replies"));
    return sw_thread_start(&replies->thread, "replies", run, replies);
}

struct sw_status replies_new(const struct replies_options *options, struct replies **ret_replies)
{
    struct replies *replies = calloc(1, sizeof *replies);
    if (!replies)
        return sw_fail(SW_CODE_NO_MEMORY, "replies: out of memory");
    pthread_mutex_init(&replies->keys_lock, NULL);
    struct sw_status status = start(replies, options);
    if (sw_failed(status))
        replies_free(replies);
    else
        *ret_replies = replies;
    return status;
}

void replies_free(struct replies *replies)
{
    if (!replies)
        return;
    atomic_store(&replies->stop, true);
    if (replies->tail)
        kafka_wake(replies->tail);
    sw_thread_join(&replies->thread);
    kafka_consumer_free(replies->tail);
    kafka_consumer_free(replies->group); /* after it: the plan is told what is revoked */
    if (replies->mailbox)
        mailbox_close(replies->mailbox); /* what is still under way is released where it ends */
    mailbox_unref(replies->mailbox);
    slack_api_unref(replies->api);
    reply_plan_free(replies->plan);
    crypto_wipe(replies->keys, sizeof replies->keys);
    pthread_mutex_destroy(&replies->keys_lock);
    free(replies->brokers);
    free(replies->config_path);
    free(replies->response_hosts);
    free(replies);
}
