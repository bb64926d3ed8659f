/* SPDX-License-Identifier: Apache-2.0
 * ingress_metrics: requests by kind and status, and how long answers take. Registered by ingress_metrics_init(), once,
 * before requests come. Threads: any. */
#ifndef GATEWAY_IO_INGRESS_METRICS_H
#define GATEWAY_IO_INGRESS_METRICS_H

#include <stdint.h>

/* clang-format off */
#define INGRESS_KINDS(X) \
    X(COMMAND, "command") X(CLICK, "click") X(VIEW, "view") X(EVENT, "event") X(HOOK, "hook") X(VERIFICATION, "url_verification") \
    X(SSL_CHECK, "ssl_check") X(OTHER, "other") X(REFUSED, "refused")
/* clang-format on */
#define INGRESS_KIND_ENUM_(name, text) INGRESS_##name,
enum ingress_kind { INGRESS_KINDS(INGRESS_KIND_ENUM_) INGRESS_KIND_COUNT };
#undef INGRESS_KIND_ENUM_

void ingress_metrics_init(void);
/* received_us: of sw_monotonic_us(). */
void ingress_count(enum ingress_kind kind, int32_t status, int64_t received_us);
/* A first answer that was not the hoped-for one. */
void ingress_count_fallback(const char *what);

#endif
