/* SPDX-License-Identifier: Apache-2.0
 * The headline of a deployment, one row a state. */
#include "gateway/core/render_text.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "gateway/core/escape.h"

enum { NAME_UNITS = 80, REF_UNITS = 120, HELD_UNITS = 300, MAX_AHEAD = 5 };

typedef void put_fn(struct sw_buf *buf, const struct proto_view *view, enum render_form form);

const struct proto_step_view *render_step_now(const struct proto_view *view, size_t *ret_number)
{
    for (size_t i = 0; i < view->step_count; i++)
        if (view->steps[i].state != PROTO_STEP_SUCCEEDED) {
            *ret_number = i + 1;
            return &view->steps[i];
        }
    return NULL;
}

void render_put_ordinal(struct sw_buf *buf, int32_t number)
{
    static const char *const ENDINGS[] = { "th", "st", "nd", "rd" };
    bool teen = number % 100 >= 11 && number % 100 <= 13;
    sw_buf_printf(buf, "%d%s", (int)number, ENDINGS[teen || number % 10 > 3 ? 0 : number % 10]);
}

/* "step 2 of 3" and, without marks, its name. */
static void put_progress(struct sw_buf *buf, const struct proto_view *view, enum render_form form)
{
    size_t number;
    const struct proto_step_view *step = render_step_now(view, &number);
    if (!step)
        return;
    sw_buf_printf(buf, ", step %zu of %zu", number, view->step_count);
    if (form == RENDER_PLAIN && *step->name) {
        sw_buf_puts(buf, " (");
        escape_put(buf, ESCAPE_LINE, step->name, NAME_UNITS);
        sw_buf_puts(buf, ")");
    }
}

/* " at *deploy*" */
static void put_place(struct sw_buf *buf, const struct proto_view *view, enum render_form form)
{
    size_t number;
    const struct proto_step_view *step = render_step_now(view, &number);
    const char *mark = form == RENDER_PLAIN ? "" : "*";
    if (!step || !*step->name)
        return;
    sw_buf_printf(buf, " at %s", mark);
    escape_put(buf, ESCAPE_LINE, step->name, NAME_UNITS);
    sw_buf_puts(buf, mark);
}

static void put_took(struct sw_buf *buf, const struct proto_view *view, const char *before)
{
    char text[SW_DURATION_SIZE];
    if (view->started_at_ms == 0 || view->finished_at_ms == 0)
        return;
    sw_duration(view->finished_at_ms - view->started_at_ms, text);
    sw_buf_printf(buf, "%s%s", before, text);
}

static void put_queued(struct sw_buf *buf, const struct proto_view *view, enum render_form form)
{
    (void)form;
    if (view->position < 1)
        return;
    sw_buf_puts(buf, ", ");
    render_put_ordinal(buf, view->position);
    sw_buf_puts(buf, " in line");
}

static void put_succeeded(struct sw_buf *buf, const struct proto_view *view, enum render_form form)
{
    (void)form;
    if (*view->ref) {
        sw_buf_puts(buf, ": ");
        escape_put_code(buf, view->ref, REF_UNITS);
        sw_buf_puts(buf, " is live");
    }
    put_took(buf, view, " · ");
    if (*view->requested_user)
        sw_buf_puts(buf, " · ");
    escape_put_user(buf, view->requested_user);
}

static void put_failed(struct sw_buf *buf, const struct proto_view *view, enum render_form form)
{
    put_place(buf, view, form);
    put_took(buf, view, " after ");
}

static void put_cancelled(struct sw_buf *buf, const struct proto_view *view, enum render_form form)
{
    (void)form;
    if (*view->cancel_user)
        sw_buf_puts(buf, " by ");
    escape_put_user(buf, view->cancel_user);
    put_took(buf, view, " after ");
}

static void put_nothing(struct sw_buf *buf, const struct proto_view *view, enum render_form form)
{
    (void)buf;
    (void)view;
    (void)form;
}

static const struct headline {
    const char *sign, *mark; /* mark: around the title */
    put_fn *put;             /* what follows the state's words */
} HEADLINES[] = {
    [PROTO_DEPLOYMENT_QUEUED] = { "⏳", "*", put_queued },
    [PROTO_DEPLOYMENT_WAITING_FOR_APPROVAL] = { "✋", "*", put_nothing },
    [PROTO_DEPLOYMENT_RUNNING] = { "🚀", "*", put_progress },
    [PROTO_DEPLOYMENT_CANCELLING] = { "🛑", "*", put_progress },
    [PROTO_DEPLOYMENT_ROLLING_BACK] = { "↩️", "*", put_progress },
    [PROTO_DEPLOYMENT_NEEDS_A_HUMAN] = { "✋", "*", put_place },
    [PROTO_DEPLOYMENT_SUCCEEDED] = { "✅", "*", put_succeeded },
    [PROTO_DEPLOYMENT_FAILED] = { "❌", "*", put_failed },
    [PROTO_DEPLOYMENT_CANCELLED] = { "🚫", "~", put_cancelled },
    [PROTO_DEPLOYMENT_ROLLED_BACK] = { "↩️", "~", put_nothing },
    [PROTO_DEPLOYMENT_SUPERSEDED] = { "🚫", "~", put_nothing },
    [PROTO_DEPLOYMENT_REJECTED] = { "⛔", "~", put_nothing },
};

/* "site → staging"; the id when nothing better is known. */
static void put_title(struct sw_buf *buf, const struct proto_view *view, enum render_form form)
{
    escape_put(buf, ESCAPE_LINE, *view->service ? view->service : view->workflow, NAME_UNITS);
    if (*view->environment) {
        sw_buf_puts(buf, form == RENDER_PLAIN ? " to " : " → ");
        escape_put(buf, ESCAPE_LINE, view->environment, NAME_UNITS);
    }
}

void render_put_headline(struct sw_buf *buf, const struct proto_view *view, enum render_form form)
{
    static const struct headline UNKNOWN = { "▪️", "*", put_nothing };
    enum proto_deployment_state state;
    const struct headline *row = &UNKNOWN;
    char words[PROTO_NAME_SIZE];
    if (proto_deployment_state_parse(view->state, &state))
        row = &HEADLINES[state];
    const char *mark = form == RENDER_PLAIN ? "" : row->mark;
    proto_state_words(view->state, words, sizeof words);
    sw_buf_printf(buf, "%s %s", row->sign, mark);
    put_title(buf, view, form);
    sw_buf_printf(buf, "%s%s ", mark, form == RENDER_PLAIN ? ":" : "");
    escape_put(buf, ESCAPE_LINE, words, NAME_UNITS);
    row->put(buf, view, form);
}

void render_put_ahead(struct sw_buf *buf, const struct proto_view *view)
{
    size_t count = json_array_size(view->ahead);
    for (size_t i = 0; i < count && i < MAX_AHEAD; i++) {
        sw_buf_puts(buf, i == 0 ? "ahead: " : ", ");
        escape_put_code(buf, json_string_value(json_array_get(view->ahead, i)), NAME_UNITS);
    }
    if (count > MAX_AHEAD)
        sw_buf_printf(buf, " and %zu more", count - MAX_AHEAD);
}

bool render_is_held(const struct proto_view *view) { return *view->held_by || *view->held_reason; }

void render_put_held(struct sw_buf *buf, const struct proto_view *view)
{
    if (*view->held_by) {
        sw_buf_puts(buf, *view->held_by == 'i' ? " by incident " : " by ");
        escape_put_code(buf, view->held_by, PROTO_WORKFLOW_ID_SIZE);
    }
    if (*view->held_channel) {
        sw_buf_puts(buf, " (");
        escape_put_channel(buf, view->held_channel);
        sw_buf_puts(buf, ")");
    }
    sw_buf_puts(buf, *view->held_reason ? ": " : "");
    escape_put(buf, ESCAPE_LINE, view->held_reason, HELD_UNITS);
}
