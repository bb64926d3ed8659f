/* SPDX-License-Identifier: Apache-2.0
 * limits: the sizes that the services agree on. */
#ifndef PROTO_LIMITS_H
#define PROTO_LIMITS_H

enum {
    PROTO_WORKFLOW_ID_SIZE = 16, /* "d-" and 13 characters, and NUL */
    PROTO_COMMAND_ID_MAX = 128,
    PROTO_NAME_SIZE = 64, /* service, environment, lane, step, state */
    PROTO_REF_SIZE = 201,
    PROTO_SLACK_ID_SIZE = 32, /* user, team, channel */
    PROTO_TS_SIZE = 24,       /* a Slack message's ts */
    PROTO_PERSON_SIZE = 84,   /* a person's display name: Slack allows 80 */
    PROTO_STATUS_SIZE = 200,  /* a step's status line */
    PROTO_ERROR_SIZE = 512,
    PROTO_MAX_STEPS = 64,
    PROTO_MAX_PARAMS = 16,
    PROTO_COMMAND_TEXT_MAX = 4000,
    PROTO_REASON_MAX = 500,              /* characters: why the glass is to be broken */
    PROTO_MAX_RECORD_BYTES = 256 * 1024, /* nothing on a topic is larger */
};

#endif
