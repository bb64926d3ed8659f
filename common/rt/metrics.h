/* SPDX-License-Identifier: Apache-2.0
 * metrics: counters, gauges and histograms in Prometheus's text format (exposition format 0.0.4).
 *
 * Metrics are registered once at start and live as long as the process; updates are lock-free and callable from any
 * thread. Names are slipway_* in base units (seconds, bytes); labels never hold ids. */
#ifndef COMMON_RT_METRICS_H
#define COMMON_RT_METRICS_H

#include "common/base/buf.h"

#include <stdint.h>

struct sw_metric; /* one time series */

/* labels: NULL, or the inside of the braces as it will be printed: kind="command",status="200". The same name may be
 * registered with several label sets; help is taken from the first. Never NULL: out of memory at start is fatal. */
struct sw_metric *sw_counter(const char *name, const char *labels, const char *help);
struct sw_metric *sw_gauge(const char *name, const char *labels, const char *help);
/* bounds in ascending order, +Inf implied; at most 20. */
struct sw_metric *sw_histogram(const char *name, const char *labels, const char *help, const double *bounds,
                               size_t count);
extern const double SW_LATENCY_BOUNDS[]; /* 0.5 ms to 30 s */
extern const size_t SW_LATENCY_BOUND_COUNT;

void sw_metric_add(struct sw_metric *metric, int64_t delta);
void sw_metric_set(struct sw_metric *metric, double value); /* a counter: a total that the kernel counts */
void sw_metric_observe(struct sw_metric *metric, double value);
double sw_metric_value(const struct sw_metric *metric); /* counters and gauges; for tests */

/* A counter of a family whose label value is found at run time; values beyond the 64th count as "other". */
void sw_count(const char *name, const char *help, const char *label, const char *value);

void sw_metrics_init(const char *service); /* registers slipway_build_info and process metrics */
void sw_metrics_print(struct sw_buf *buf);

#endif
