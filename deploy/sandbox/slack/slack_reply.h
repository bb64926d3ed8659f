/* SPDX-License-Identifier: Apache-2.0
 * slack_reply: an answer and its fate: at once, late, or lost. */
#ifndef DEPLOY_SANDBOX_SLACK_REPLY_H
#define DEPLOY_SANDBOX_SLACK_REPLY_H

#include "deploy/sandbox/slack/slack.h"
#include "deploy/sandbox/slack/slack_faults.h"

struct slack_reply {
    int32_t status;
    const char *content_type;
    const char *body;
    int64_t retry_after_s; /* 0: no such header */
    int64_t delay_ms;
    bool drop;
};

/* True when the call must have no effect; ret_reply is then what the caller gets. */
bool slack_reply_instead(const struct slack_fault_verdict *verdict, struct slack_reply *ret_reply);
/* Makes a good reply late or lost. */
void slack_reply_spoil(const struct slack_fault_verdict *verdict, struct slack_reply *reply);
/* Exactly once an exchange; without the lock. */
void slack_reply_send(struct slack *slack, struct httpd_exchange *exchange, const struct slack_reply *reply);

#endif
