/* SPDX-License-Identifier: Apache-2.0
 * replies_internal: what replies*.c share. All of it belongs to the replies' thread, but where said otherwise. */
#ifndef GATEWAY_IO_REPLIES_INTERNAL_H
#define GATEWAY_IO_REPLIES_INTERNAL_H

#include "common/io/crypto.h"
#include "common/rt/metrics.h"
#include "common/rt/thread.h"
#include "gateway/core/reply_plan.h"
#include "gateway/io/mailbox.h"
#include "gateway/io/replies.h"
#include "gateway/io/slack_api.h"
#include "proto/topics.h"

#include <stdatomic.h>

/* What other threads have for this one. */
struct replies_item {
    enum { REPLIES_ANNOUNCE, REPLIES_SAY, REPLIES_OUTCOME } kind;
    char command[PROTO_COMMAND_ID_MAX + 1];
    char *url;
    bool expected;
    json_t *message;
    struct mailbox *mailbox; /* OUTCOME: where it goes, while it is under way */
    enum reply_verb verb;
    enum slack_class class;
    int64_t retry_after_ms;
    char error[160];
    struct replies_visit *visit; /* OUTCOME, at a place */
};

struct replies_metrics {
    struct sw_metric *posted, *retries, *given_up, *waiting, *open, *refused_urls;
};

struct replies {
    char topic[PROTO_TOPIC_NAME_SIZE];
    char gateway[PROTO_NAME_SIZE];
    char *brokers, *config_path; /* copies, for the partition count */
    char *response_hosts;
    pthread_mutex_t keys_lock;
    uint8_t keys[2][CRYPTO_KEY_BYTES]; /* keys_lock */
    size_t key_count;                  /* keys_lock */
    struct http_client *http;
    struct slack_api *api; /* NULL: no token */
    struct kafka_producer *producer;
    struct mailbox *mailbox; /* struct replies_item; any thread puts */
    struct sw_thread thread;
    atomic_bool stop;
    struct replies_metrics metrics;

    struct reply_plan *plan;
    struct kafka_consumer *tail, *group; /* all partitions from their ends; ours from where we were */
    bool tail_assigned;
    int64_t assign_at_ms, complain_at_ms, commit_at_ms;
    int64_t clock_offset_ms;
    struct {
        int32_t number;
        int64_t committed;
    } parts[256];
    size_t part_count;
};

int64_t replies_now_ms(const struct replies *replies);
void replies_item_free(void *item);

/* ---- replies_records.c ---- */
struct sw_status replies_open_consumers(struct replies *replies, const struct replies_options *options) SW_MUST_CHECK;
void replies_assign_tail(struct replies *replies);
void replies_read(struct replies *replies, int64_t wait_ms);
void replies_commit(struct replies *replies);

/* ---- replies_post.c ---- */
void replies_execute(struct replies *replies, const struct reply_order *order);
void replies_outcome(struct replies *replies, const struct replies_item *item);
void replies_hand_back(struct replies_item *item, enum slack_class class, const char *error);
void replies_register_metrics(struct replies *replies);

/* ---- replies_place.c ---- */
struct replies_visit; /* what is under way at a place of a message */
/* address: {"channel","ts","thread_ts","user"}. message: borrowed, {"text","blocks"} or NULL for the reaction alone. */
void replies_visit(struct replies *replies, const struct reply_order *order, const char *address, const json_t *message,
                   struct replies_item *item);
void replies_visit_free(struct replies_visit *visit);

#endif
