/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/core4.h"

#include "common/base/datefmt.h"
#include "common/base/duration.h"

static int64_t span(int64_t from_ms, int64_t to_ms)
{
    if (from_ms == 0 || to_ms == 0)
        return -1;
    return to_ms > from_ms ? to_ms - from_ms : from_ms - to_ms;
}

struct core4_spans core4_spans(const struct core4 *core4)
{
    return (struct core4_spans){
        .ttd_ms = span(core4->genesis_ms, core4->detected_ms),
        .tta_ms = span(core4->detected_ms, core4->acknowledged_ms),
        .ttm_ms = span(core4->genesis_ms, core4->mitigated_ms),
        .ttr_ms = span(core4->genesis_ms, core4->resolved_ms),
    };
}

struct row {
    const char *label, *hint, *span_name;
    int64_t at_ms, span_ms;
};

static void put_row(struct sw_buf *buf, const struct row *row)
{
    char at[SW_DATE_SIZE], span_text[SW_DURATION_SHORT_SIZE];
    sw_date_utc(row->at_ms, at);
    sw_buf_printf(buf, "%-10s %s", row->label, row->at_ms ? at : row->hint);
    if (row->span_ms < 0)
        return;
    sw_duration_short(row->span_ms, span_text);
    sw_buf_printf(buf, " (%s %s)", row->span_name, span_text);
}

void core4_put(struct sw_buf *buf, const struct core4 *core4)
{
    struct core4_spans spans = core4_spans(core4);
    const struct row rows[] = {
        { "Genesis", "set it with .genesis <when>", NULL, core4->genesis_ms, -1 },
        { "Detected", "set it with .detected <when>", "TTD", core4->detected_ms, spans.ttd_ms },
        { "Acked", "set when .point and .comms are taken", "TTA", core4->acknowledged_ms, spans.tta_ms },
        { "Mitigated", "set it with .mitigated", "TTM", core4->mitigated_ms, spans.ttm_ms },
        { "Resolved", "set when the incident is over", "TTR", core4->resolved_ms, spans.ttr_ms },
    };
    for (size_t i = 0; i < SW_COUNT(rows); i++) {
        if (i > 0)
            sw_buf_puts(buf, "\n");
        put_row(buf, &rows[i]);
    }
}
