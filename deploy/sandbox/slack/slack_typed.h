/* SPDX-License-Identifier: Apache-2.0
 * slack_typed: what a client makes of the text that a person types before Slack gets it. Under the lock. */
#ifndef DEPLOY_SANDBOX_SLACK_TYPED_H
#define DEPLOY_SANDBOX_SLACK_TYPED_H

#include "deploy/sandbox/slack/slack_world.h"

enum slack_typed_as {
    SLACK_TYPED_COMMAND, /* @alice and #deploys become ids when they stand as words of their own */
    SLACK_TYPED_MESSAGE, /* and & < > are escaped, @here and user groups become mentions, addresses links */
};

/* free() it. */
char *slack_typed_new(struct slack_world *world, const char *text, enum slack_typed_as as);

#endif
