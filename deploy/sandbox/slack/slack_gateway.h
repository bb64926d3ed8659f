/* SPDX-License-Identifier: Apache-2.0
 * slack_gateway: what Slack sends to the app: signed POST requests, answered within 3 s or shown as failed. */
#ifndef DEPLOY_SANDBOX_SLACK_GATEWAY_H
#define DEPLOY_SANDBOX_SLACK_GATEWAY_H

#include "common/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct slack_gateway;

enum { SLACK_GATEWAY_TIMEOUT_MS = 3000 };

struct slack_outgoing {
    const char *content_type;
    const char *body;
    const char *url;            /* NULL: the next gateway in turn */
    int64_t skew_s;             /* added to the timestamp that is signed */
    const char *const *headers; /* further lines, ended by NULL; may be NULL */
};

struct slack_gateway_result {
    int32_t status;     /* HTTP; 0: no answer */
    const char *error;  /* as Slack calls it: operation_timeout dispatch_failed http_client_error ...; NULL: 2xx */
    const char *reason; /* x-slack-retry-reason of the next try; NULL: none is needed */
    const char *content_type;
    const char *body;
    int64_t ms;
};

typedef void slack_gateway_done(void *context, const struct slack_gateway_result *result);

/* urls: a comma list; they are taken in turn, and one that refuses the connection is skipped, as a balancer would. */
struct sw_status slack_gateway_new(const char *urls, const char *secret,
                                   struct slack_gateway **ret_gateway) SW_MUST_CHECK;
/* done is called exactly once, maybe before this returns; it must not block. Any thread. */
void slack_gateway_post(struct slack_gateway *gateway, const struct slack_outgoing *outgoing, slack_gateway_done *done,
                        void *context);
/* Another way to the app, which is asked first: true when it has taken the request, and calls done as above. What names
 * its gateway goes there nevertheless. Before the first post. */
void slack_gateway_route(struct slack_gateway *gateway,
                         bool (*take)(void *self, const struct slack_outgoing *outgoing, slack_gateway_done *done,
                                      void *context),
                         void *self);
void slack_gateway_free(struct slack_gateway *gateway);

/* "v0=..." for a header; pure. */
enum { SLACK_SIGNATURE_SIZE = 68 };
void slack_sign(const char *secret, const char *timestamp, const char *body, char ret_signature[SLACK_SIGNATURE_SIZE]);

#endif
