/* SPDX-License-Identifier: Apache-2.0
 * slack_api_internal: what slack_api*.c share. */
#ifndef GATEWAY_IO_SLACK_API_INTERNAL_H
#define GATEWAY_IO_SLACK_API_INTERNAL_H

#include "gateway/io/slack_api.h"

#include <stdatomic.h>

struct slack_api {
    char *url;           /* ends with '/' */
    char *authorization; /* a header line */
    struct http_client *http;
    atomic_int references;
};

/* A call under way; of several requests when it looks for something page by page. */
struct slack_call {
    struct slack_api *api;
    const char *method; /* a literal */
    slack_api_done_fn *done;
    void *context;
    struct relay_outcome outcome;

    /* of a look */
    struct slack_sought sought;
    char channel[PROTO_SLACK_ID_SIZE], thread_ts[PROTO_TS_SIZE];
    int32_t pages;
    /* of a channel */
    struct slack_channel_sought wanted;
    char self[PROTO_SLACK_ID_SIZE]; /* the bot's user id */
};

/* NULL: out of memory, and done was told. */
struct slack_call *slack_call_new(struct slack_api *api, const char *method, slack_api_done_fn *done, void *context);
/* answered gets the call as its context. form: arguments are sent as a form, which methods that only read insist on;
 * all its values are texts then. Without arguments (NULL) or when it cannot be sent the call is finished. */
void slack_call_send(struct slack_call *call, const json_t *arguments, bool form, http_done_fn *answered);
/* Tells done, and frees the call. */
void slack_call_finish(struct slack_call *call);
void slack_call_fail(struct slack_call *call, enum slack_class class, const char *error);

#endif
