/* SPDX-License-Identifier: Apache-2.0
 * Two readers of slipway.replies: one beside all groups, of every partition near its end, so that this gateway's own
 * answers need no detour; and a member of the group <prefix>relay-replies, which answers for gateways that died. The
 * group is another than the relay's: members of one group with different topics would make each other's partitions
 * move. */
#include "gateway/io/replies_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "proto/envelope.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 500, LOOK_BACK_RECORDS = 500, ASK_TIMEOUT_MS = 1000, ASK_AGAIN_MS = 1000, COMPLAIN_EVERY_MS = 10000 };

/* ---- opening ---- */

static void assigned(void *self, const char *topic, int32_t partition)
{
    (void)topic;
    struct replies *replies = self;
    reply_plan_assign(replies->plan, partition);
    if (replies->part_count == SW_COUNT(replies->parts))
        return;
    replies->parts[replies->part_count].number = partition;
    replies->parts[replies->part_count++].committed = -1;
}

static void commit_part(struct replies *replies, size_t index)
{
    int64_t offset;
    if (!reply_plan_offset(replies->plan, replies->parts[index].number, &offset) ||
        offset <= replies->parts[index].committed)
        return;
    struct sw_status status = kafka_commit(replies->group, replies->topic, replies->parts[index].number, offset);
    if (!sw_failed(status))
        replies->parts[index].committed = offset;
    else
        sw_debug("the replies' position was not committed", sw_e(&status));
}

static void revoked(void *self, const char *topic, int32_t partition)
{
    (void)topic;
    struct replies *replies = self;
    for (size_t i = replies->part_count; i-- > 0;) {
        if (replies->parts[i].number != partition)
            continue;
        commit_part(replies, i);
        replies->parts[i] = replies->parts[--replies->part_count];
    }
    reply_plan_revoke(replies->plan, partition);
}

struct sw_status replies_open_consumers(struct replies *replies, const struct replies_options *options)
{
    char group[PROTO_TOPIC_NAME_SIZE];
    const char *const topics[] = { replies->topic };
    (void)snprintf(group, sizeof group, "%srelay-replies", options->topic_prefix); /* as long as a topic's name */
    const struct kafka_consumer_options tail = { .kafka = options->kafka, .auto_offset_reset = "latest" };
    const struct kafka_consumer_options member = {
        .kafka = options->kafka,
        .group = group,
        .auto_offset_reset = "earliest",
        .rebalance = { .assigned = assigned, .revoked = revoked, .self = replies },
    };
    SW_TRY(kafka_consumer_new(&tail, &replies->tail));
    SW_TRY(kafka_consumer_new(&member, &replies->group));
    return kafka_subscribe(replies->group, topics, SW_COUNT(topics));
}

static void complain(struct replies *replies, const char *what, const struct sw_status *status)
{
    int64_t now_ms = replies_now_ms(replies);
    if (now_ms < replies->complain_at_ms)
        return;
    replies->complain_at_ms = now_ms + COMPLAIN_EVERY_MS;
    sw_warn(what, sw_e(status));
}

/* From a little before the end: commands are taken already, and what others wrote does no harm. */
static struct sw_status assign_one(struct replies *replies, int32_t partition, const struct kafka_watermarks *marks)
{
    const int64_t start = marks->high - LOOK_BACK_RECORDS;
    return kafka_assign(replies->tail, replies->topic, partition, start > marks->low ? start : marks->low);
}

/* All ends are asked for first: reading the first partitions would hold up the questions about the next ones. */
static struct sw_status assign_parts(struct replies *replies, const int32_t *numbers, size_t count,
                                     struct kafka_watermarks *marks)
{
    SW_TRY(kafka_watermarks_of(replies->tail, replies->topic, numbers, count, ASK_TIMEOUT_MS, marks));
    for (size_t i = 0; i < count; i++)
        SW_TRY(assign_one(replies, numbers[i], &marks[i]));
    return sw_ok();
}

static struct sw_status assign_all(struct replies *replies)
{
    int32_t count;
    const struct kafka_config config = { .brokers = replies->brokers,
                                         .config_path = replies->config_path,
                                         .client_id = replies->gateway };
    SW_TRY(kafka_partition_count(&config, replies->topic, ASK_TIMEOUT_MS, &count));
    SW_AUTO_FREE int32_t *numbers = calloc((size_t)count, sizeof *numbers);
    SW_AUTO_FREE struct kafka_watermarks *marks = calloc((size_t)count, sizeof *marks);
    if (!numbers || !marks)
        return sw_fail(SW_CODE_NO_MEMORY, "replies: out of memory");
    for (int32_t i = 0; i < count; i++)
        numbers[i] = i;
    return assign_parts(replies, numbers, (size_t)count, marks);
}

void replies_assign_tail(struct replies *replies)
{
    int64_t now_ms = replies_now_ms(replies);
    if (replies->tail_assigned || now_ms < replies->assign_at_ms)
        return;
    replies->assign_at_ms = now_ms + ASK_AGAIN_MS;
    struct sw_status status = assign_all(replies);
    replies->tail_assigned = !sw_failed(status);
    if (!replies->tail_assigned)
        complain(replies, "the topic of replies cannot be read yet", &status);
}

/* ---- reading ---- */

static const char *lookup(const void *self, const char *name) { return kafka_message_header(self, name); }

/* ok with an empty command: a type that is none of ours. */
static struct sw_status read_reply(const struct kafka_message *message, struct proto_reply *ret_reply)
{
    struct proto_envelope envelope;
    char domain[PROTO_NAME_SIZE], name[PROTO_NAME_SIZE];
    int32_t version;
    JX_AUTO json_t *json = NULL;
    SW_TRY(proto_envelope_parse(lookup, message, &envelope));
    if (!proto_type_split(envelope.type, domain, name, &version) || !sw_equal(domain, "reply") || version != 1)
        return sw_ok();
    SW_TRY(jx_parse(message->value, message->value_bytes, &json));
    return proto_reply_decode(json, ret_reply);
}

static void take_message(struct replies *replies, const struct kafka_message *message, const struct reply_place *place)
{
    struct proto_reply reply = { 0 };
    struct sw_status status = read_reply(message, &reply);
    if (sw_failed(status) && place)
        sw_error("a record is no reply and is parked", sw_i("partition", message->partition),
                 sw_i("offset", message->offset), sw_e(&status));
    if (sw_failed(status) || !*reply.command) {
        proto_reply_release(&reply);
        if (place)
            reply_plan_passed(replies->plan, place);
        return;
    }
    if (!reply_plan_reply(replies->plan, &reply, place, replies_now_ms(replies)))
        complain(replies, "a reply cannot be kept: too many are open",
                 &(struct sw_status){ .class = SW_RETRY, .code = SW_CODE_FULL });
}

void replies_read(struct replies *replies, int64_t wait_ms)
{
    struct kafka_message message;
    struct sw_status status = sw_ok();
    for (int i = 0; i < BATCH && kafka_poll(replies->tail, i ? 0 : wait_ms, &message, &status); i++) {
        take_message(replies, &message, NULL);
        kafka_message_release(&message);
    }
    if (sw_failed(status))
        complain(replies, "replies cannot be read", &status);
    for (int i = 0; i < BATCH && kafka_poll(replies->group, 0, &message, &status); i++) {
        const struct reply_place place = { .partition = message.partition, .offset = message.offset };
        take_message(replies, &message, &place);
        kafka_message_release(&message);
    }
    if (sw_failed(status))
        complain(replies, "replies of other gateways cannot be read", &status);
}

void replies_commit(struct replies *replies)
{
    for (size_t i = 0; i < replies->part_count; i++)
        commit_part(replies, i);
}
