/* SPDX-License-Identifier: Apache-2.0
 * What a consumer asks its brokers: where partitions begin and end, where a group stands, which cluster it is. */
#include "common/io/kafka_internal.h"

#include "common/base/text.h"
#include "common/rt/clock.h"

#include <poll.h>
#include <stdlib.h>

enum { ASK_AGAIN_MS = 50 };

struct sw_status kafka_watermarks(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                                  int64_t timeout_ms, struct kafka_watermarks *ret_watermarks)
{
    struct kafka_watermarks marks;
    rd_kafka_resp_err_t error = rd_kafka_query_watermark_offsets(kafka_consumer_client(consumer), topic, partition,
                                                                 &marks.low, &marks.high, (int)timeout_ms);
    if (error)
        return kafka_error(error, "cannot ask for the log's ends");
    *ret_watermarks = marks;
    return sw_ok();
}

/* The offset at which each partition has the given "time": one of its ends (KIP-79). */
static rd_kafka_resp_err_t ask_once(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list, int64_t end,
                                    int64_t timeout_ms)
{
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = end;
    rd_kafka_resp_err_t error = rd_kafka_offsets_for_times(client, list, (int)timeout_ms);
    for (int i = 0; i < list->cnt && !error; i++)
        error = list->elems[i].err;
    for (int i = 0; i < list->cnt && !error; i++)
        if (list->elems[i].offset < 0) /* as it was: no answer */
            error = RD_KAFKA_RESP_ERR__TIMED_OUT;
    return error;
}

/* A leader that moves, or one that does not know of a new topic yet. With such an answer librdkafka asks who leads now,
 * but does not repeat the question, as it does for a single partition. */
static bool leader_moves(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || error == RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH ||
           error == RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH || error == RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE;
}

static struct sw_status ask_ends(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list, int64_t end,
                                 int64_t until_ms)
{
    for (;;) {
        const int64_t left_ms = until_ms - sw_monotonic_ms();
        rd_kafka_resp_err_t error = ask_once(client, list, end, left_ms > 0 ? left_ms : 1);
        if (!error)
            return sw_ok();
        if (!leader_moves(error) || sw_monotonic_ms() + ASK_AGAIN_MS >= until_ms)
            return kafka_error(error, "cannot ask for the log's ends");
        (void)poll(NULL, 0, ASK_AGAIN_MS);
    }
}

struct sw_status kafka_watermarks_of(struct kafka_consumer *consumer, const char *topic, const int32_t *partitions,
                                     size_t count, int64_t timeout_ms, struct kafka_watermarks *ret_watermarks)
{
    const int64_t until_ms = sw_monotonic_ms() + timeout_ms;
    if (count == 0)
        return sw_ok();
    rd_kafka_topic_partition_list_t *low = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        (void)rd_kafka_topic_partition_list_add(low, topic, partitions[i]);
    rd_kafka_topic_partition_list_t *high = rd_kafka_topic_partition_list_copy(low);
    struct sw_status status = ask_ends(kafka_consumer_client(consumer), low, RD_KAFKA_OFFSET_BEGINNING, until_ms);
    if (!sw_failed(status))
        status = ask_ends(kafka_consumer_client(consumer), high, RD_KAFKA_OFFSET_END, until_ms);
    for (size_t i = 0; i < count && !sw_failed(status); i++)
        ret_watermarks[i] = (struct kafka_watermarks){ .low = low->elems[i].offset, .high = high->elems[i].offset };
    rd_kafka_topic_partition_list_destroy(low);
    rd_kafka_topic_partition_list_destroy(high);
    return status;
}

struct sw_status kafka_committed(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                                 int64_t timeout_ms, int64_t *ret_offset)
{
    rd_kafka_topic_partition_list_t *list = kafka_single(topic, partition);
    rd_kafka_resp_err_t error = rd_kafka_committed(kafka_consumer_client(consumer), list, (int)timeout_ms);
    if (!error)
        error = list->elems[0].err;
    int64_t offset = list->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(list);
    if (error)
        return kafka_error(error, "cannot ask for the group's position");
    *ret_offset = offset >= 0 ? offset : -1;
    return sw_ok();
}

struct sw_status kafka_cluster_id(struct kafka_consumer *consumer, int64_t timeout_ms, char **ret_id)
{
    /* Asking for the id alone connects to nobody: a client without other work would wait in vain. */
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t error = rd_kafka_metadata(kafka_consumer_client(consumer), 0, NULL, &metadata, (int)timeout_ms);
    if (error)
        return kafka_error(error, "the cluster did not say its id");
    rd_kafka_metadata_destroy(metadata);
    char *id = rd_kafka_clusterid(kafka_consumer_client(consumer), (int)timeout_ms);
    if (!id)
        return sw_fail(SW_CODE_KAFKA, "the cluster did not say its id within %lld ms", (long long)timeout_ms);
    *ret_id = sw_strdup(id);
    rd_kafka_mem_free(kafka_consumer_client(consumer), id);
    return *ret_id ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}
