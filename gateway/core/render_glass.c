/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/render_glass.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"
#include "gateway/core/glass_form.h"

enum { REASON_UNITS = 500, HOLD_UNITS = 200, HOLDS_SHOWN = 5 };

static const json_t *glass_of(const struct proto_view *view) { return json_object_get(view->detail, "break_glass"); }

static const json_t *request_of(const struct proto_view *view)
{
    const json_t *request = json_object_get(glass_of(view), "request");
    return json_is_object(request) ? request : NULL;
}

static bool in_state(const struct proto_view *view, enum proto_deployment_state state)
{
    return sw_equal(view->state, proto_deployment_state_name(state));
}

/* ---- lines ---- */

static void put_time(struct sw_buf *buf, const json_t *object, const char *key, int64_t now_ms)
{
    int64_t at_ms = jx_time_or(object, key, 0);
    if (at_ms == 0)
        return;
    sw_buf_puts(buf, " ");
    escape_put_time(buf, at_ms, now_ms);
}

/* "incident #42: Nothing loads (#inc-42) and 2 more" */
static void put_holds(struct sw_buf *buf, const json_t *request)
{
    const json_t *holds = json_object_get(request, "holds");
    const size_t count = json_array_size(holds);
    for (size_t i = 0; i < count && i < HOLDS_SHOWN; i++) {
        const json_t *hold = json_array_get(holds, i);
        const char *channel = jx_string_or(hold, "channel", "");
        sw_buf_puts(buf, i ? ", " : "");
        escape_put(buf, ESCAPE_LINE, jx_string_or(hold, "reason", jx_string_or(hold, "by", "")), HOLD_UNITS);
        sw_buf_puts(buf, *channel ? " (" : "");
        escape_put_channel(buf, channel);
        sw_buf_puts(buf, *channel ? ")" : "");
    }
    if (count > HOLDS_SHOWN)
        sw_buf_printf(buf, " and %zu more", count - HOLDS_SHOWN);
}

static void put_reason(struct sw_buf *buf, const json_t *request)
{
    sw_buf_puts(buf, ": ");
    escape_put(buf, ESCAPE_SAID, jx_string_or(request, "reason", ""), REASON_UNITS);
}

static void end_line(struct blocks *blocks, struct sw_buf *line, enum render_form form)
{
    if (form == RENDER_ONCE)
        blocks_text(blocks, line);
    blocks_line(blocks, line);
}

/* "🔨 @ana asks to break the glass 12:00:05: why" and what that would pass, and until when. */
static void add_request(struct blocks *blocks, const json_t *request, int64_t now_ms, enum render_form form)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    sw_buf_puts(&line, "🔨 ");
    escape_put_user(&line, jx_string_or(request, "user", ""));
    sw_buf_puts(&line, " asks to *break the glass*");
    put_time(&line, request, "at", now_ms);
    put_reason(&line, request);
    end_line(blocks, &line, form);
    sw_buf_puts(&line, "It would pass ");
    put_holds(&line, request);
    sw_buf_puts(&line, ". Somebody else has to agree until");
    put_time(&line, request, "until", now_ms);
    end_line(blocks, &line, form);
}

/* "🔨 The glass is broken: @ana asked 12:00:05, @bo agreed 12:01:10: why" and what it passes. */
static void add_agreed(struct blocks *blocks, const json_t *past, int64_t now_ms, enum render_form form)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    sw_buf_puts(&line, "🔨 The *glass is broken*: ");
    escape_put_user(&line, jx_string_or(past, "user", ""));
    sw_buf_puts(&line, " asked");
    put_time(&line, past, "at", now_ms);
    sw_buf_puts(&line, ", ");
    escape_put_user(&line, jx_string_or(past, "by", ""));
    sw_buf_puts(&line, " agreed");
    put_time(&line, past, "ended_at", now_ms);
    put_reason(&line, past);
    end_line(blocks, &line, form);
    sw_buf_puts(&line, "It passes ");
    put_holds(&line, past);
    end_line(blocks, &line, form);
}

static void add_other(struct blocks *blocks, const json_t *past, int64_t now_ms, enum render_form form)
{
    const char *how = jx_string_or(past, "how", ""), *user = jx_string_or(past, "user", "");
    const bool declined = sw_equal(how, "declined"), own = sw_equal(user, jx_string(past, "by"));
    struct sw_buf SW_AUTO_BUF line = { 0 };
    sw_buf_puts(&line, "The glass was not broken, as ");
    escape_put_user(&line, user);
    sw_buf_puts(&line, " asked: ");
    if (declined && !own)
        escape_put_user(&line, jx_string_or(past, "by", ""));
    sw_buf_puts(&line, declined && own            ? "it was withdrawn"
                       : declined                 ? " declined"
                       : sw_equal(how, "expired") ? "nobody agreed in time"
                                                  : "nothing holds it any more");
    put_time(&line, past, "ended_at", now_ms);
    end_line(blocks, &line, form);
}

void render_glass(struct blocks *blocks, const struct proto_view *view, int64_t now_ms, enum render_form form)
{
    const json_t *past = json_object_get(glass_of(view), "past"), *request = request_of(view);
    const size_t count = json_array_size(past);
    const bool fresh = in_state(view, PROTO_DEPLOYMENT_QUEUED) || in_state(view, PROTO_DEPLOYMENT_RUNNING);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(past, i);
        if (sw_equal(jx_string(one, "how"), "agreed"))
            add_agreed(blocks, one, now_ms, form);
        else if (fresh && !request && i + 1 == count)
            add_other(blocks, one, now_ms, form);
    }
    if (request)
        add_request(blocks, request, now_ms, form);
}

/* ---- buttons ---- */

void render_glass_answers(const char *workflow, int64_t request, char value[GLASS_VALUE_BYTES],
                          struct blocks_button ret_buttons[GLASS_BUTTONS])
{
    SW_AUTO_FREE char *made = glass_value_new(workflow, request);
    (void)sw_copy(value, GLASS_VALUE_BYTES, made ? made : ""); /* an id and a number fit; without memory: no request */
    ret_buttons[0] = (struct blocks_button){ .action = "break_glass_agree",
                                             .label = "Agree…",
                                             .style = "danger",
                                             .value = value,
                                             .ask = "Break the glass?",
                                             .ask_text = "The deployment passes what holds it now, and begins when its "
                                                         "lane is free. Your name stays beside it.",
                                             .yes = "Let it start",
                                             .no = "Not now" };
    ret_buttons[1] = (struct blocks_button){ .action = "break_glass_decline", .label = "Decline", .value = value };
}

size_t render_glass_buttons(const struct proto_view *view, char value[GLASS_VALUE_BYTES],
                            struct blocks_button ret_buttons[GLASS_BUTTONS])
{
    const json_t *request = request_of(view);
    if (!in_state(view, PROTO_DEPLOYMENT_QUEUED))
        return 0;
    if (request) {
        render_glass_answers(view->workflow, jx_i64_or(request, "number", 0), value, ret_buttons);
        return GLASS_BUTTONS;
    }
    ret_buttons[0] = (struct blocks_button){
        .action = "break_glass", .label = "Break glass…", .style = "danger", .value = view->workflow
    };
    return render_is_held(view);
}
