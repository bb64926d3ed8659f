/* SPDX-License-Identifier: Apache-2.0
 * bucket: a token bucket. Pure: time comes with the call. */
#ifndef COMMON_BASE_BUCKET_H
#define COMMON_BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct sw_bucket {
    double per_second;
    double burst;
    double tokens;
    int64_t at_ms;
    int64_t blocked_until_ms; /* a peer's Retry-After */
};

void sw_bucket_init(struct sw_bucket *bucket, double per_second, double burst, int64_t now_ms);
bool sw_bucket_take(struct sw_bucket *bucket, int64_t now_ms);
int64_t sw_bucket_ready_at_ms(struct sw_bucket *bucket, int64_t now_ms); /* when a take would succeed */
void sw_bucket_block(struct sw_bucket *bucket, int64_t until_ms);

#endif
