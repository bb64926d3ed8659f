/* SPDX-License-Identifier: Apache-2.0
 * relay_pace: how fast may be written: by method, by channel for posts. A method that Slack has just limited is asked
 * more carefully for a minute. Pure. */
#ifndef GATEWAY_CORE_RELAY_PACE_H
#define GATEWAY_CORE_RELAY_PACE_H

#include "common/base/bucket.h"
#include "common/base/lru.h"
#include "gateway/core/relay_plan.h"

struct relay_pace {
    struct sw_bucket methods[RELAY_VERB_COUNT];
    int64_t careful_until_ms[RELAY_VERB_COUNT];
    struct sw_lru *channels; /* id -> struct sw_bucket of its posts */
};

bool relay_pace_init(struct relay_pace *pace); /* false: out of memory */
void relay_pace_release(struct relay_pace *pace);
int64_t relay_pace_ready_ms(struct relay_pace *pace, enum relay_verb verb, const char *channel, int64_t now_ms);
void relay_pace_take(struct relay_pace *pace, enum relay_verb verb, const char *channel, int64_t now_ms);
void relay_pace_limited(struct relay_pace *pace, enum relay_verb verb, const char *channel, int64_t until_ms,
                        int64_t now_ms);

#endif
