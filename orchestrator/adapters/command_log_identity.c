/* SPDX-License-Identifier: Apache-2.0
 * Is this the log that the cursor was written for? */
#include "orchestrator/adapters/command_log_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/rt/clock.h"

enum { ASK_MS = 1000, READ_MS = 1500 };

#define WHAT_TO_DO                                                                                                     \
    "HINT: restore the log that belongs to this database, or set SLIPWAY_ON_NEW_LOG=accept to begin at the start of "  \
    "this one"

static struct sw_status read_cluster_id(struct kafka_consumer *consumer, struct log_cursor *start)
{
    SW_AUTO_FREE char *id = NULL;
    SW_TRY(kafka_cluster_id(consumer, ASK_MS, &id));
    if (!*id || !sw_copy(start->cluster_id, sizeof start->cluster_id, id))
        return sw_fail(SW_CODE_KAFKA, "the cluster's id \"%s\" is unusable", id);
    return sw_ok();
}

/* The record at the offset, or none when it is not kept any more; its hash. */
static struct sw_status hash_at(struct kafka_consumer *consumer, const char *topic, int64_t offset, char ret_hash[65])
{
    struct kafka_message message;
    struct sw_status error;
    int64_t deadline_ms = sw_monotonic_ms() + READ_MS;
    SW_TRY(kafka_assign(consumer, topic, 0, offset));
    while (sw_monotonic_ms() < deadline_ms) {
        if (!kafka_poll(consumer, deadline_ms - sw_monotonic_ms(), &message, &error)) {
            SW_TRY(error);
            continue;
        }
        *ret_hash = '\0';
        if (message.offset == offset)
            crypto_sha256_hex(message.value ? message.value : "", message.value_bytes, ret_hash);
        kafka_message_release(&message);
        return sw_ok();
    }
    return sw_fail(SW_CODE_KAFKA, "the record at offset %lld did not come within %d ms", (long long)offset, READ_MS);
}

static struct sw_status compare_last(struct kafka_consumer *consumer, const char *topic,
                                     const struct log_cursor *cursor, int64_t low)
{
    char hash[65] = "";
    if (cursor->next_offset - 1 < low || !*cursor->last_hash)
        return sw_ok();
    SW_TRY(hash_at(consumer, topic, cursor->next_offset - 1, hash));
    if (*hash && !sw_equal(hash, cursor->last_hash))
        return sw_fail(SW_CODE_LOG_IDENTITY,
                       "the record at offset %lld is not the one that was taken from there " WHAT_TO_DO,
                       (long long)cursor->next_offset - 1);
    return sw_ok();
}

static struct sw_status compare(struct kafka_consumer *consumer, const char *topic, const struct log_cursor *cursor,
                                const struct log_cursor *start, const struct kafka_watermarks *marks)
{
    if (!sw_equal(cursor->cluster_id, start->cluster_id))
        return sw_fail(SW_CODE_LOG_IDENTITY, "the cluster's id is \"%s\", the cursor belongs to \"%s\" " WHAT_TO_DO,
                       start->cluster_id, cursor->cluster_id);
    if (cursor->next_offset > marks->high || cursor->next_offset < marks->low)
        return sw_fail(SW_CODE_LOG_IDENTITY,
                       "the log has the offsets from %lld to %lld, the cursor is at %lld " WHAT_TO_DO,
                       (long long)marks->low, (long long)marks->high, (long long)cursor->next_offset);
    return compare_last(consumer, topic, cursor, marks->low);
}

struct sw_status command_log_identify(struct kafka_consumer *consumer, const char *topic,
                                      const struct log_cursor *cursor, struct log_cursor *ret_start)
{
    struct kafka_watermarks marks;
    struct log_cursor start = { 0 };
    SW_TRY(kafka_watermarks(consumer, topic, 0, ASK_MS, &marks));
    SW_TRY(read_cluster_id(consumer, &start)); /* known by now: asked first, it can miss its news and wait in vain */
    start.next_offset = marks.low;
    *ret_start = start;
    if (!*cursor->cluster_id) {
        if (marks.high >
            marks.low) /* said at a first start, or after a database was lost: then what is in it runs again */
            sw_warn("the database knows of no command; the log is read from its beginning", sw_s("topic", topic),
                    sw_i("records", marks.high - marks.low));
        return kafka_assign(consumer, topic, 0, start.next_offset);
    }
    SW_TRY(compare(consumer, topic, cursor, &start, &marks));
    return kafka_assign(consumer, topic, 0, cursor->next_offset);
}
