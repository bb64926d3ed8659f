/* SPDX-License-Identifier: Apache-2.0
 * hooks: POST /hooks/<source>: what monitoring systems say, on its way to slipway.commands as one `alert` command for
 * each alert.
 *
 * In this order: size -> source and proof (hook_gate.h) -> encoding and content type -> parse -> publish. Statuses: 200
 * when Kafka has every alert of the request, 401 with one constant body for every unknown source and missing or wrong
 * proof, 413, 415, 400 proven but unreadable (it says why), 405, 503 when Kafka has not answered in time: the sender
 * sends it again. The same request is the same commands: hook:<source>:<of its time and body>:<n>. Threads: any. */
#ifndef GATEWAY_IO_HOOKS_H
#define GATEWAY_IO_HOOKS_H

#include "gateway/io/hook_gate.h"
#include "gateway/io/publisher.h"

enum { HOOK_BODY_MAX = 256 * 1024 };

struct hooks_options {
    const char *gateway;    /* this instance's id */
    struct hook_gate *gate; /* borrowed, as the next */
    struct publisher *publisher;
    int64_t answer_within_ms; /* 0: 4000; Alertmanager and Grafana wait at least ten seconds */
};

struct hooks;

struct sw_status hooks_new(const struct hooks_options *options, struct hooks **ret_hooks) SW_MUST_CHECK;
bool hooks_serves(const char *path);
/* Answers the exchange, now or later. */
void hooks_take(struct hooks *hooks, struct httpd_exchange *exchange);
void hooks_free(struct hooks *hooks); /* nothing may be pending */

#endif
