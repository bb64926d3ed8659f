/* SPDX-License-Identifier: Apache-2.0
 * Source of the format: Prometheus, "Exposition formats", text format 0.0.4. Registration takes a lock; updates are
 * single atomic operations on the metric, so a scrape may see a histogram's sum a moment ahead of its buckets. */
#include "common/rt/metrics.h"

#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/metrics_process.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_METRICS = 512, MAX_BOUNDS = 20, MAX_DYNAMIC = 64 };
enum metric_type { COUNTER, GAUGE, HISTOGRAM };
static const char *const TYPES[] = { "counter", "gauge", "histogram" };

struct sw_metric {
    enum metric_type type;
    const char *name, *help;
    char *labels; /* "" when none */
    _Atomic int64_t count;
    _Atomic double value; /* gauge, or a histogram's sum */
    size_t bound_count;
    const double *bounds;
    _Atomic int64_t buckets[MAX_BOUNDS + 1];
};

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sw_metric *registry[MAX_METRICS]; /* grows only; entries are written before the count */
static _Atomic size_t registry_count;

const double SW_LATENCY_BOUNDS[] = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30
};
const size_t SW_LATENCY_BOUND_COUNT = SW_COUNT(SW_LATENCY_BOUNDS);

static void die_without_memory(void)
{
    fputs("out of memory while registering metrics\n", stderr);
    abort();
}

static struct sw_metric *find(const char *name, const char *labels)
{
    for (size_t i = 0; i < registry_count; i++)
        if (strcmp(registry[i]->name, name) == 0 && strcmp(registry[i]->labels, labels) == 0)
            return registry[i];
    return NULL;
}

static struct sw_metric *add(enum metric_type type, const char *name, const char *labels, const char *help)
{
    struct sw_metric *metric = calloc(1, sizeof *metric);
    char *copy = sw_strdup(labels);
    if (!metric || !copy || registry_count == MAX_METRICS)
        die_without_memory();
    metric->type = type;
    metric->name = name;
    metric->help = help;
    metric->labels = copy;
    registry[registry_count] = metric;
    registry_count++;
    return metric;
}

static struct sw_metric *get(enum metric_type type, const char *name, const char *labels, const char *help)
{
    labels = labels ? labels : "";
    pthread_mutex_lock(&registry_lock);
    struct sw_metric *metric = find(name, labels);
    if (!metric)
        metric = add(type, name, labels, help);
    pthread_mutex_unlock(&registry_lock);
    return metric;
}

struct sw_metric *sw_counter(const char *name, const char *labels, const char *help)
{
    return get(COUNTER, name, labels, help);
}

struct sw_metric *sw_gauge(const char *name, const char *labels, const char *help)
{
    return get(GAUGE, name, labels, help);
}

struct sw_metric *sw_histogram(const char *name, const char *labels, const char *help, const double *bounds,
                               size_t count)
{
    struct sw_metric *metric = get(HISTOGRAM, name, labels, help);
    metric->bounds = bounds;
    metric->bound_count = count < MAX_BOUNDS ? count : MAX_BOUNDS;
    return metric;
}

static void add_double(_Atomic double *target, double delta)
{
    double old = *target;
    while (!atomic_compare_exchange_weak(target, &old, old + delta))
        ;
}

void sw_metric_add(struct sw_metric *metric, int64_t delta)
{
    if (metric->type == GAUGE)
        add_double(&metric->value, (double)delta);
    else
        metric->count += delta;
}

void sw_metric_set(struct sw_metric *metric, double value) { metric->value = value; }

void sw_metric_observe(struct sw_metric *metric, double value)
{
    size_t i = 0;
    while (i < metric->bound_count && value > metric->bounds[i])
        i++;
    metric->buckets[i]++;
    metric->count++;
    add_double(&metric->value, value);
}

double sw_metric_value(const struct sw_metric *metric)
{
    return metric->type == GAUGE ? metric->value : metric->value + (double)metric->count;
}

static size_t label_sets(const char *name)
{
    size_t sets = 0;
    for (size_t i = 0; i < registry_count; i++)
        sets += strcmp(registry[i]->name, name) == 0;
    return sets;
}

void sw_count(const char *name, const char *help, const char *label, const char *value)
{
    char labels[160];
    (void)snprintf(labels, sizeof labels, "%s=\"%.100s\"", label, value); /* values are our own words and codes */
    for (char *at = labels + strlen(label) + 2; *at && at[1]; at++)
        if (*at == '"' || *at == '\\' || (unsigned char)*at < 0x20)
            *at = '_';
    pthread_mutex_lock(&registry_lock);
    struct sw_metric *metric = find(name, labels);
    bool full = !metric && label_sets(name) >= MAX_DYNAMIC;
    if (!metric && !full)
        metric = add(COUNTER, name, labels, help);
    pthread_mutex_unlock(&registry_lock);
    if (full) {
        (void)snprintf(labels, sizeof labels, "%s=\"other\"", label);
        metric = get(COUNTER, name, labels, help);
    }
    sw_metric_add(metric, 1);
}

static void print_bucket(struct sw_buf *buf, const struct sw_metric *metric, const char *bound, int64_t count)
{
    sw_buf_printf(buf, "%s_bucket{%s%sle=\"%s\"} %lld\n", metric->name, metric->labels, *metric->labels ? "," : "",
                  bound, (long long)count);
}

static void print_histogram(struct sw_buf *buf, const struct sw_metric *metric)
{
    const char *open = *metric->labels ? "{" : "", *close = *metric->labels ? "}" : "";
    int64_t sum = 0;
    for (size_t i = 0; i < metric->bound_count; i++) {
        char bound[32];
        (void)snprintf(bound, sizeof bound, "%g", metric->bounds[i]);
        sum += metric->buckets[i];
        print_bucket(buf, metric, bound, sum);
    }
    sum += metric->buckets[metric->bound_count];
    print_bucket(buf, metric, "+Inf", sum);
    sw_buf_printf(buf, "%s_sum%s%s%s %.17g\n", metric->name, open, metric->labels, close, metric->value);
    sw_buf_printf(buf, "%s_count%s%s%s %lld\n", metric->name, open, metric->labels, close, (long long)sum);
}

static void print_series(struct sw_buf *buf, const struct sw_metric *metric)
{
    if (metric->type == HISTOGRAM) {
        print_histogram(buf, metric);
        return;
    }
    const char *open = *metric->labels ? "{" : "", *close = *metric->labels ? "}" : "";
    sw_buf_printf(buf, "%s%s%s%s %.17g\n", metric->name, open, metric->labels, close, sw_metric_value(metric));
}

static bool is_first_of_family(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(registry[i]->name, registry[index]->name) == 0)
            return false;
    return true;
}

static void print_family(struct sw_buf *buf, size_t first)
{
    const struct sw_metric *family = registry[first];
    sw_buf_printf(buf, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->help, family->name, TYPES[family->type]);
    for (size_t i = first; i < registry_count; i++)
        if (strcmp(registry[i]->name, family->name) == 0)
            print_series(buf, registry[i]);
}

void sw_metrics_print(struct sw_buf *buf)
{
    pthread_mutex_lock(&registry_lock);
    metrics_process_update();
    for (size_t i = 0; i < registry_count; i++)
        if (is_first_of_family(i))
            print_family(buf, i);
    pthread_mutex_unlock(&registry_lock);
}

void sw_metrics_init(const char *service)
{
    static char labels[128];
    (void)snprintf(labels, sizeof labels, "service=\"%s\",version=\"%s\"", service, SLIPWAY_VERSION);
    sw_metric_set(sw_gauge("slipway_build_info", labels, "Always 1; the labels say what runs."), 1);
    metrics_process_init();
}
