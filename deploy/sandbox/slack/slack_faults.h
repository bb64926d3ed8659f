/* SPDX-License-Identifier: Apache-2.0
 * slack_faults: misbehaviour to switch on. A fault names a pattern of methods, a kind, and how often it strikes. Pure:
 * time and the dice come with the question. Under the lock of `struct slack`. */
#ifndef DEPLOY_SANDBOX_SLACK_FAULTS_H
#define DEPLOY_SANDBOX_SLACK_FAULTS_H

#include "common/base/status.h"
#include "common/json/jx.h"

#include <stdint.h>

enum slack_fault_kind {
    SLACK_FAULT_NONE,
    SLACK_FAULT_RATE_LIMIT, /* 429 with Retry-After; the call has no effect */
    SLACK_FAULT_HTML_503,   /* an HTML page with status 503; no effect */
    SLACK_FAULT_DOWN,       /* the connection is dropped; no effect */
    SLACK_FAULT_LOST_REPLY, /* the call takes effect, then the connection is dropped */
    SLACK_FAULT_SLOW,       /* the answer comes late */
    SLACK_FAULT_ERROR,      /* {"ok":false,"error":...}; no effect */
    SLACK_FAULT_TIERS,      /* real rate limits by tier, and one post a second and channel */
};

struct slack_fault_verdict {
    enum slack_fault_kind kind;
    const char *name; /* of the kind; NULL: no fault */
    int64_t retry_after_s;
    int64_t delay_ms;
    const char *error; /* valid until the faults change */
};

struct slack_faults;

struct slack_faults *slack_faults_new(void);
void slack_faults_free(struct slack_faults *faults);
/* {"method":"chat.*","kind":"slow","ms":500,"count":3} or "probability":0.2. Neither: until it is deleted. */
struct sw_status slack_faults_add(struct slack_faults *faults, const json_t *fault, int64_t *ret_id) SW_MUST_CHECK;
bool slack_faults_remove(struct slack_faults *faults, int64_t id); /* 0: all */
json_t *slack_faults_list_new(const struct slack_faults *faults);

/* The first fault that fits strikes; dice is uniform in 0..1. channel may be NULL. */
struct slack_fault_verdict slack_faults_strike(struct slack_faults *faults, const char *method, const char *channel,
                                               int64_t now_ms, double dice);

#endif
