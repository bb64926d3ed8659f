/* SPDX-License-Identifier: Apache-2.0
 * slack_class: what an answer of Slack's Web API means for the one who asked. Pure. */
#ifndef GATEWAY_CORE_SLACK_CLASS_H
#define GATEWAY_CORE_SLACK_CLASS_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
#define SLACK_CLASSES(X) \
    X(OK,       "ok")        /* done, or was done already */ \
    X(LIMITED,  "limited")   /* had no effect; again after retry_after_ms */ \
    X(RETRY,    "retry")     /* had no effect; again after a while */ \
    X(UNKNOWN,  "unknown")   /* may have had its effect: a post is looked for before it is repeated */ \
    X(CONTENT,  "content")   /* Slack does not take what was to be written; plain text may do */ \
    X(GONE,     "gone")      /* the message cannot be written any more, now or later */ \
    X(REFUSED,  "refused")   /* not here or not so: nothing will help but a person */ \
    X(AUTH,     "auth")      /* the token is not good: no call will work until a person acts */
/* clang-format on */
#define SLACK_CLASS_(name, text) SLACK_##name,
enum slack_class { SLACK_CLASSES(SLACK_CLASS_) SLACK_CLASS_COUNT };
#undef SLACK_CLASS_

const char *slack_class_name(enum slack_class class);
/* code: HTTP status. error: the `error` of an answer with "ok": false; NULL when the body was no such JSON. */
enum slack_class slack_class_of(int32_t code, const char *error);

#endif
