/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/ingress_metrics.h"

#include "common/base/attrs.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"

#include <stdio.h>

static const int32_t STATUSES[] = { 200, 400, 401, 404, 405, 413, 415, 503, 0 }; /* 0: any other */

#define KIND_NAME_(name, text) [INGRESS_##name] = (text),
static const char *const KINDS[] = { INGRESS_KINDS(KIND_NAME_) };

static struct sw_metric *requests[INGRESS_KIND_COUNT][SW_COUNT(STATUSES)];
static struct sw_metric *seconds[INGRESS_KIND_COUNT];

static void init_kind(size_t kind)
{
    char labels[64];
    for (size_t i = 0; i < SW_COUNT(STATUSES); i++) { /* the names are short */
        (void)snprintf(labels, sizeof labels, "kind=\"%s\",status=\"%d\"", KINDS[kind], (int)STATUSES[i]);
        requests[kind][i] = sw_counter("slipway_requests_total", labels, "requests by kind and HTTP status");
    }
    (void)snprintf(labels, sizeof labels, "kind=\"%s\"", KINDS[kind]);
    seconds[kind] = sw_histogram("slipway_ack_seconds", labels, "from a request's first byte to its answer",
                                 SW_LATENCY_BOUNDS, SW_LATENCY_BOUND_COUNT);
}

void ingress_metrics_init(void)
{
    for (size_t kind = 0; kind < INGRESS_KIND_COUNT; kind++)
        init_kind(kind);
}

void ingress_count(enum ingress_kind kind, int32_t status, int64_t received_us)
{
    size_t i = 0;
    while (STATUSES[i] != 0 && STATUSES[i] != status)
        i++;
    sw_metric_add(requests[kind][i], 1);
    sw_metric_observe(seconds[kind], (double)(sw_monotonic_us() - received_us) / 1e6);
}

void ingress_count_fallback(const char *what)
{
    sw_count("slipway_fallback_answers_total", "first answers that were not \"taken\"", "answer", what);
}
