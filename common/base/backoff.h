/* SPDX-License-Identifier: Apache-2.0
 * backoff: the delay before the next try: base doubled for each earlier failure, capped, with jitter. Pure: the caller
 * brings the random number. */
#ifndef COMMON_BASE_BACKOFF_H
#define COMMON_BASE_BACKOFF_H

#include <stdint.h>

struct sw_backoff {
    int64_t base_ms;
    int64_t max_ms;
    int32_t jitter_percent; /* 20: the delay is between 80% and 120% of the nominal one, never above max_ms */
};

/* failures: how many so far, from 1. random: any uniformly distributed number. */
int64_t sw_backoff_delay_ms(const struct sw_backoff *policy, int32_t failures, uint32_t random);

#endif
