/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/backoff.h"

int64_t sw_backoff_delay_ms(const struct sw_backoff *policy, int32_t failures, uint32_t random)
{
    int64_t delay_ms = policy->base_ms;
    for (int32_t i = 1; i < failures && delay_ms < policy->max_ms; i++)
        delay_ms *= 2;
    if (delay_ms > policy->max_ms)
        delay_ms = policy->max_ms;
    int64_t width_ms = delay_ms * policy->jitter_percent / 100;
    if (width_ms > 0)
        delay_ms += (int64_t)(random % (uint64_t)(2 * width_ms + 1)) - width_ms;
    return delay_ms > policy->max_ms ? policy->max_ms : delay_ms;
}
