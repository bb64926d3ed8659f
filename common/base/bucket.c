/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/bucket.h"

#include <stdint.h>

void sw_bucket_init(struct sw_bucket *bucket, double per_second, double burst, int64_t now_ms)
{
    *bucket = (struct sw_bucket){ .per_second = per_second, .burst = burst, .tokens = burst, .at_ms = now_ms };
}

static void refill(struct sw_bucket *bucket, int64_t now_ms)
{
    if (now_ms <= bucket->at_ms)
        return;
    bucket->tokens += (double)(now_ms - bucket->at_ms) * bucket->per_second / 1000.0;
    if (bucket->tokens > bucket->burst)
        bucket->tokens = bucket->burst;
    bucket->at_ms = now_ms;
}

bool sw_bucket_take(struct sw_bucket *bucket, int64_t now_ms)
{
    refill(bucket, now_ms);
    if (now_ms < bucket->blocked_until_ms || bucket->tokens < 1.0)
        return false;
    bucket->tokens -= 1.0;
    return true;
}

int64_t sw_bucket_ready_at_ms(struct sw_bucket *bucket, int64_t now_ms)
{
    refill(bucket, now_ms);
    int64_t ready_ms = now_ms;
    if (bucket->tokens < 1.0)
        ready_ms += (int64_t)((1.0 - bucket->tokens) * 1000.0 / bucket->per_second) + 1;
    return ready_ms > bucket->blocked_until_ms ? ready_ms : bucket->blocked_until_ms;
}

void sw_bucket_block(struct sw_bucket *bucket, int64_t until_ms)
{
    if (until_ms > bucket->blocked_until_ms)
        bucket->blocked_until_ms = until_ms;
}
