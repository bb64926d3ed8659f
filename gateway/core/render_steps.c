/* SPDX-License-Identifier: Apache-2.0
 * The steps of a deployment, a line each, and the tail of one's output. */
#include "gateway/core/escape.h"
#include "gateway/core/render_text.h"

#include "common/base/timefmt.h"

#include <string.h>

enum {
    NAME_UNITS = 80,
    STATUS_UNITS = 200,
    ERROR_UNITS = 300,
    MANY_STEPS = 16, /* above, texts are shorter, so that the message stays readable */
    SHORT_UNITS = 80,
    TAIL_LINES = 10,
    TAIL_LINE_UNITS = 240, /* ten of them and the fences fit a section */
};

/* Signs differ in shape, not in colour alone, and a word stands next to each. */
static const char *const SIGNS[] = {
    [PROTO_STEP_PENDING] = "◻️", [PROTO_STEP_RUNNING] = "⏳",   [PROTO_STEP_SUCCEEDED] = "✅",
    [PROTO_STEP_FAILED] = "❌",       [PROTO_STEP_TIMED_OUT] = "⏰", [PROTO_STEP_CANCELLED] = "🚫",
    [PROTO_STEP_UNKNOWN] = "❓",
};

static bool waits_for_retry(const struct proto_step_view *step)
{
    return step->retry_at_ms > 0 && step->state != PROTO_STEP_RUNNING && step->state != PROTO_STEP_SUCCEEDED;
}

static void put_duration(struct sw_buf *buf, const char *before, int64_t duration_ms)
{
    char text[SW_DURATION_SIZE];
    sw_duration(duration_ms, text);
    sw_buf_printf(buf, "%s%s", before, text);
}

static void put_time(struct sw_buf *buf, const struct proto_step_view *step, int64_t now_ms, enum render_form form)
{
    if (step->started_at_ms == 0)
        return;
    if (step->finished_at_ms > 0)
        put_duration(buf, " · ", step->finished_at_ms - step->started_at_ms);
    else if (step->state == PROTO_STEP_RUNNING && form != RENDER_LIVE)
        put_duration(buf, " for ", now_ms - step->started_at_ms);
    else if (step->state == PROTO_STEP_RUNNING) {
        sw_buf_puts(buf, " since ");
        escape_put_time(buf, step->started_at_ms, now_ms);
    }
}

static void put_attempt(struct sw_buf *buf, const struct proto_step_view *step, int64_t now_ms)
{
    if (step->attempt > 1 || (waits_for_retry(step) && step->attempt > 0)) {
        sw_buf_printf(buf, " · attempt %d", (int)step->attempt);
        if (step->attempts >= step->attempt)
            sw_buf_printf(buf, " of %d", (int)step->attempts);
    }
    if (waits_for_retry(step)) {
        sw_buf_puts(buf, " · tries again at ");
        escape_put_time(buf, step->retry_at_ms, now_ms);
    }
}

static bool went_wrong(const struct proto_step_view *step)
{
    return step->state == PROTO_STEP_FAILED || step->state == PROTO_STEP_TIMED_OUT ||
           step->state == PROTO_STEP_UNKNOWN || waits_for_retry(step);
}

static void put_outcome(struct sw_buf *buf, const struct proto_step_view *step, size_t error_units)
{
    if (!went_wrong(step))
        return;
    if (step->has_exit_code && step->exit_code != 0)
        sw_buf_printf(buf, " · exit %d", (int)step->exit_code);
    if (*step->error)
        sw_buf_puts(buf, " · ");
    escape_put_code(buf, step->error, error_units);
}

static void put_line(struct sw_buf *buf, const struct proto_step_view *step, int64_t now_ms, enum render_form form,
                     size_t max_units)
{
    bool again = waits_for_retry(step);
    const char *mark = form == RENDER_PLAIN ? "" : "*";
    char words[PROTO_NAME_SIZE];
    proto_state_words(proto_step_state_name(step->state), words, sizeof words);
    sw_buf_printf(buf, "%s %s", again ? "🔁" : SIGNS[step->state], mark);
    escape_put(buf, ESCAPE_LINE, step->name, NAME_UNITS);
    sw_buf_printf(buf, "%s %s", mark, again ? "waits" : words);
    put_time(buf, step, now_ms, form);
    if (*step->status && step->state != PROTO_STEP_PENDING) {
        sw_buf_puts(buf, " · ");
        escape_put(buf, ESCAPE_LINE, step->status, max_units < STATUS_UNITS ? max_units : STATUS_UNITS);
    }
    put_attempt(buf, step, now_ms);
    put_outcome(buf, step, max_units);
}

void render_steps(struct blocks *blocks, const struct proto_view *view, int64_t now_ms, enum render_form form)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    size_t max_units = view->step_count > MANY_STEPS ? SHORT_UNITS : ERROR_UNITS;
    blocks_break(blocks);
    for (size_t i = 0; i < view->step_count; i++) {
        if (form == RENDER_ONCE) {
            put_line(&line, &view->steps[i], now_ms, RENDER_PLAIN, max_units);
            blocks_text(blocks, &line);
            sw_buf_clear(&line);
        }
        put_line(&line, &view->steps[i], now_ms, form, max_units);
        blocks_line(blocks, &line);
    }
    blocks_break(blocks);
}

/* The last lines, without what is empty at the end. NULL: out of memory. */
static char *last_lines_new(const char *text)
{
    size_t end = strlen(text), lines = 0;
    while (end > 0 && text[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start > 0 && (text[start - 1] != '\n' || ++lines < TAIL_LINES))
        start--;
    return strndup(text + start, end - start);
}

void render_tail(struct blocks *blocks, const struct proto_step_view *step)
{
    struct sw_buf SW_AUTO_BUF block = { 0 };
    if (!step || !went_wrong(step) || !step->tail)
        return;
    SW_AUTO_FREE char *tail = last_lines_new(step->tail);
    char *rest = tail;
    blocks->failed = blocks->failed || !tail;
    if (!tail || !*tail)
        return;
    sw_buf_puts(&block, "```\n");
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        escape_put(&block, ESCAPE_BLOCK, line, TAIL_LINE_UNITS);
        sw_buf_puts(&block, "\n");
    }
    sw_buf_puts(&block, "```");
    blocks_break(blocks);
    blocks_line(blocks, &block);
    blocks_break(blocks);
}
