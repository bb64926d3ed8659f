/* SPDX-License-Identifier: Apache-2.0
 * Source of the layouts: shared/reference/features.md 5.2 and 5.3. */
#include "gateway/core/render_message.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"
#include "gateway/core/incident_dialog.h"
#include "gateway/core/render_glass.h"

#include <stdio.h>

enum { REF_UNITS = 250, PARAM_UNITS = 60, ERROR_UNITS = 1200, HINT_UNITS = 1200, MAX_PARAMS_SHOWN = 8 };

static bool in_state(const struct proto_view *view, enum proto_deployment_state state)
{
    return sw_equal(view->state, proto_deployment_state_name(state));
}

/* "version `main` · `MODE=release`" */
static void put_version(struct sw_buf *buf, const struct proto_view *view)
{
    const char *name;
    json_t *value;
    size_t shown = 0;
    if (*view->ref)
        sw_buf_puts(buf, "version ");
    escape_put_code(buf, view->ref, REF_UNITS);
    json_object_foreach(view->params, name, value)
    {
        struct sw_buf SW_AUTO_BUF pair = { 0 };
        if (!json_is_string(value) || shown++ >= MAX_PARAMS_SHOWN)
            continue;
        sw_buf_printf(&pair, "%s=%s", name, json_string_value(value));
        sw_buf_puts(buf, buf->length > 0 ? " · " : "");
        escape_put_code(buf, sw_buf_string(&pair), PARAM_UNITS);
    }
}

/* "🧊 held by incident `i-...` (#inc-42): why, until then" */
static void put_held(struct sw_buf *buf, const struct proto_view *view, int64_t now_ms)
{
    if (!render_is_held(view))
        return;
    sw_buf_puts(buf, "🧊 held");
    render_put_held(buf, view);
    if (view->held_until_ms > 0) {
        sw_buf_puts(buf, " · until ");
        escape_put_time(buf, view->held_until_ms, now_ms);
    }
    sw_buf_puts(buf, " · it keeps its place");
}

static void add_error(struct blocks *blocks, const struct proto_view *view)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    blocks_break(blocks);
    escape_put(&line, ESCAPE_TEXT, view->error_text, ERROR_UNITS);
    blocks_line(blocks, &line);
    escape_put(&line, ESCAPE_TEXT, view->error_hint, HINT_UNITS);
    blocks_line(blocks, &line);
    blocks_break(blocks);
}

/* The same and its code: what happened, what to do, a name to ask about. */
static void add_error_text(struct blocks *blocks, const struct proto_view *view)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    escape_put(&line, ESCAPE_TEXT, view->error_text, ERROR_UNITS);
    blocks_text(blocks, &line);
    sw_buf_clear(&line);
    escape_put(&line, ESCAPE_TEXT, view->error_hint, HINT_UNITS);
    blocks_text(blocks, &line);
    sw_buf_clear(&line);
    escape_put_code(&line, view->error_code, PROTO_NAME_SIZE);
    blocks_text(blocks, &line);
}

/* "asked to stop by @bo at 12:00:05" while that is news; the end tells it in the headline. */
static void put_cancel(struct sw_buf *buf, const struct proto_view *view, int64_t now_ms)
{
    if (!in_state(view, PROTO_DEPLOYMENT_CANCELLING) || view->cancel_at_ms == 0)
        return;
    sw_buf_puts(buf, " · asked to stop ");
    escape_put_time(buf, view->cancel_at_ms, now_ms);
    if (*view->cancel_user)
        sw_buf_puts(buf, " by ");
    escape_put_user(buf, view->cancel_user);
}

static void put_since(struct sw_buf *buf, const struct proto_view *view, int64_t now_ms)
{
    bool started = view->started_at_ms > 0;
    int64_t at_ms = started ? view->started_at_ms : view->created_at_ms;
    if (at_ms == 0 && !*view->requested_user)
        return;
    sw_buf_puts(buf, started ? " · started" : " · asked for");
    if (at_ms > 0) {
        sw_buf_puts(buf, " ");
        escape_put_time(buf, at_ms, now_ms);
    }
    if (*view->requested_user)
        sw_buf_puts(buf, " by ");
    escape_put_user(buf, view->requested_user);
}

/* The small print: id, who and when, error code. */
static void put_small(struct sw_buf *buf, const struct proto_view *view, int64_t now_ms)
{
    escape_put_code(buf, view->workflow, PROTO_WORKFLOW_ID_SIZE);
    put_since(buf, view, now_ms);
    put_cancel(buf, view, now_ms);
    if (view->finished_at_ms > 0) {
        sw_buf_puts(buf, " · ended ");
        escape_put_time(buf, view->finished_at_ms, now_ms);
    }
    if (*view->error_code)
        sw_buf_puts(buf, " · error ");
    escape_put_code(buf, view->error_code, PROTO_NAME_SIZE);
}

void render_body(struct blocks *blocks, const struct proto_view *view, int64_t now_ms, enum render_form form)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    size_t number;
    put_version(&line, view);
    blocks_line(blocks, &line);
    if (in_state(view, PROTO_DEPLOYMENT_QUEUED)) {
        render_put_ahead(&line, view);
        blocks_line(blocks, &line);
        put_held(&line, view, now_ms);
        blocks_line(blocks, &line);
    } else if (!in_state(view, PROTO_DEPLOYMENT_REJECTED))
        render_steps(blocks, view, now_ms, form);
    render_glass(blocks, view, now_ms, form);
    add_error(blocks, view);
    if (form == RENDER_ONCE)
        add_error_text(blocks, view);
    render_tail(blocks, render_step_now(view, &number));
    put_small(&line, view, now_ms);
    blocks_small(blocks, &line);
}

static struct blocks_button cancel_button(const struct proto_view *view, const char *ask_text)
{
    return (struct blocks_button){ .action = "cancel",
                                   .label = "Cancel…",
                                   .style = "danger",
                                   .value = view->workflow,
                                   .ask = "Cancel this deployment?",
                                   .ask_text = ask_text,
                                   .yes = "Cancel it",
                                   .no = "Keep it" };
}

/* Where incidents are not configured, the view says so. */
static void add_declare(struct blocks *blocks, const struct proto_view *view)
{
    char id[64], title[160];
    if (!jx_bool_or(view->detail, "incidents", true))
        return;
    (void)snprintf(id, sizeof id, "dep:%s:%lld", view->workflow, (long long)view->n);         /* fits */
    (void)snprintf(title, sizeof title, "%s to %s failed", view->service, view->environment); /* names are shorter */
    SW_AUTO_FREE char *value = incident_dialog_value_new(&(struct incident_dialog){ .from = view->workflow,
                                                                                    .title = title,
                                                                                    .service = view->service,
                                                                                    .environment = view->environment,
                                                                                    .details = view->error_text });
    blocks_buttons(blocks, id,
                   &(struct blocks_button){ .action = "declare", .label = "Declare an incident", .value = value }, 1);
}

static void add_buttons(struct blocks *blocks, const struct proto_view *view)
{
    char id[64], ask[300];
    bool held = in_state(view, PROTO_DEPLOYMENT_NEEDS_A_HUMAN), queued = in_state(view, PROTO_DEPLOYMENT_QUEUED);
    if (in_state(view, PROTO_DEPLOYMENT_FAILED))
        add_declare(blocks, view);
    if (!held && !queued && !in_state(view, PROTO_DEPLOYMENT_RUNNING))
        return;
    (void)snprintf(id, sizeof id, "dep:%s:%lld", view->workflow, (long long)view->n); /* fits */
    (void)snprintf(ask, sizeof ask, "%s of %.63s%s%.63s: %s", view->workflow, view->service,
                   *view->environment ? " to " : "", view->environment,
                   queued ? "it leaves the line; nothing of it has started."
                   : held ? "things stay as they are, and the next one may start."
                          : "the running step is told to stop. What is done stays done."); /* fits: 15 + 130 + 80 */
    struct blocks_button buttons[GLASS_BUTTONS + 2];
    char value[GLASS_VALUE_BYTES];
    size_t count = render_glass_buttons(view, value, buttons);
    if (held)
        buttons[count++] = (struct blocks_button){
            .action = "retry", .label = "Retry the step", .style = "primary", .value = view->workflow
        };
    buttons[count++] = cancel_button(view, ask);
    blocks_buttons(blocks, id, buttons, count);
}

/* What a notification shows and a screen reader says: the full meaning, without the steps. */
static void add_text(struct blocks *blocks, const struct proto_view *view)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    render_put_headline(&line, view, RENDER_PLAIN);
    sw_buf_puts(&line, ". ");
    escape_put_code(&line, view->workflow, PROTO_WORKFLOW_ID_SIZE);
    blocks_text(blocks, &line);
    sw_buf_clear(&line);
    add_error_text(blocks, view);
}

json_t *render_message_new(const struct proto_view *view, int64_t now_ms)
{
    struct blocks BLOCKS_AUTO blocks;
    struct sw_buf SW_AUTO_BUF line = { 0 };
    blocks_init(&blocks);
    add_text(&blocks, view);
    render_put_headline(&line, view, RENDER_LIVE);
    blocks_line(&blocks, &line);
    render_body(&blocks, view, now_ms, RENDER_LIVE);
    add_buttons(&blocks, view);
    return blocks_take(&blocks);
}

json_t *render_metadata_new(const char *event_id, const char *workflow, int64_t n)
{
    /* "event_id" is what the search for a lost post reads; "id" is what the payload documents. */
    return json_pack("{ss s{ss ss ss sI}}", "event_type", "slipway_event", "event_payload", "id", event_id, "event_id",
                     event_id, "workflow", workflow, "n", (json_int_t)n);
}

json_t *render_order_metadata_new(const char *event_id, const char *workflow, const char *key)
{
    return json_pack("{ss s{ss ss ss}}", "event_type", "slipway_order", "event_payload", "event_id", event_id,
                     "workflow", workflow, "order", key);
}
