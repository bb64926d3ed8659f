/* SPDX-License-Identifier: Apache-2.0
 * core4: the five points of an incident and the four spans between them. Times in milliseconds since 1970, 0 meaning
 * "not set". Pure. */
#ifndef ORCHESTRATOR_CORE_CORE4_H
#define ORCHESTRATOR_CORE_CORE4_H

#include "common/base/buf.h"

#include <stdint.h>

struct core4 {
    int64_t genesis_ms;      /* it began */
    int64_t detected_ms;     /* somebody or something noticed */
    int64_t acknowledged_ms; /* point and comms are on it */
    int64_t mitigated_ms;    /* nobody suffers any more */
    int64_t resolved_ms;     /* it is over */
};

/* Each is -1 unless both its ends are set; a span is never negative, whatever the order of its ends. */
struct core4_spans {
    int64_t ttd_ms; /* time to detect: genesis to detected */
    int64_t tta_ms; /* time to acknowledge: detected to acknowledged */
    int64_t ttm_ms; /* time to mitigate: genesis to mitigated */
    int64_t ttr_ms; /* time to resolve: genesis to resolved */
};

struct core4_spans core4_spans(const struct core4 *core4);

/* Five lines for a fixed-width block (the fences are the caller's): label, "2024-01-01 02:00 UTC" or how to set it, and
 * the span in parentheses. No line feed behind the last. */
void core4_put(struct sw_buf *buf, const struct core4 *core4);

#endif
