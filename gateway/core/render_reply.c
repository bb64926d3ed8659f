/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/render_reply.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"
#include "gateway/core/render_card.h"
#include "gateway/core/render_message.h"

#include <string.h>

enum { LINE_UNITS = 2900, NAME_UNITS = 80, REF_UNITS = 120 };

/* How an answer of a name begins. A text of the reply replaces `preset`. */
struct layout {
    const char *name, *sign, *preset;
    void (*put_view)(struct sw_buf *buf, const struct proto_view *view); /* instead of preset, when there is a view */
    bool state;                                                          /* the whole state of the view follows */
};

static void put_target(struct sw_buf *buf, const struct proto_view *view)
{
    escape_put_code(buf, view->workflow, NAME_UNITS);
    if (*view->service) {
        sw_buf_puts(buf, " of *");
        escape_put(buf, ESCAPE_LINE, view->service, NAME_UNITS);
        sw_buf_puts(buf, "*");
    }
    if (*view->environment) {
        sw_buf_puts(buf, " to *");
        escape_put(buf, ESCAPE_LINE, view->environment, NAME_UNITS);
        sw_buf_puts(buf, "*");
    }
}

static bool is_incident(const struct proto_view *view) { return sw_equal(view->kind, "incident"); }

/* "#42 *Checkout errors* (`i-...`)" */
static void put_incident(struct sw_buf *buf, const struct proto_view *view)
{
    const int64_t number = jx_i64_or(view->detail, "number", 0);
    if (number > 0)
        sw_buf_printf(buf, "#%lld ", (long long)number);
    sw_buf_puts(buf, "*");
    escape_put(buf, ESCAPE_LINE, jx_string_or(view->detail, "title", "incident"), REF_UNITS);
    sw_buf_puts(buf, "* (");
    escape_put_code(buf, view->workflow, NAME_UNITS);
    sw_buf_puts(buf, ")");
}

static void put_accepted(struct sw_buf *buf, const struct proto_view *view)
{
    if (is_incident(view)) {
        sw_buf_puts(buf, "Got it: incident ");
        put_incident(buf, view);
        sw_buf_puts(buf, ". Its channel comes next.");
        return;
    }
    sw_buf_puts(buf, "Got it: deployment ");
    put_target(buf, view);
    if (*view->ref)
        sw_buf_puts(buf, ", version ");
    escape_put_code(buf, view->ref, REF_UNITS);
    sw_buf_puts(buf, ".");
    if (view->position > 0) {
        sw_buf_puts(buf, " You are *");
        render_put_ordinal(buf, view->position);
        sw_buf_puts(buf, "* in line");
        if (json_array_size(view->ahead) > 0)
            sw_buf_puts(buf, "; ");
        render_put_ahead(buf, view);
        sw_buf_puts(buf, ".");
    }
    if (render_is_held(view)) {
        sw_buf_puts(buf, " It does not start while it is held");
        render_put_held(buf, view);
        sw_buf_puts(buf, ".");
    }
}

static void put_duplicate(struct sw_buf *buf, const struct proto_view *view)
{
    put_target(buf, view);
    sw_buf_puts(buf, " was taken already: this is the same request once more, and nothing was started twice.");
}

static void put_state(struct sw_buf *buf, const struct proto_view *view)
{
    render_put_headline(buf, view, RENDER_ONCE);
}

static const struct layout LAYOUTS[] = {
    { "accepted", "✅ ", "Got it.", put_accepted, false },
    { "duplicate", "", "This was taken already; nothing was started twice.", put_duplicate, false },
    { "status", "", "Its state is not known.", put_state, true },
    { "refused", "⛔ ", "This was refused; nothing was started.", NULL, false },
    { "not_found", "🔍 ", "There is no such thing here.", NULL, false },
    { "line", "", "All quiet: nothing runs and nothing waits.", NULL, false },
    { "history", "", "Nothing has been deployed yet.", NULL, false },
    { "services", "", "Nothing can be deployed here yet.", NULL, false },
    { "done", "✅ ", "Done.", NULL, false },
    { "answer", "", "That is all.", NULL, false },
};

static const struct layout *find_layout(const char *name)
{
    static const struct layout OTHER = { "", "", "It is done.", NULL, false };
    for (size_t i = 0; i < SW_COUNT(LAYOUTS); i++)
        if (sw_equal(LAYOUTS[i].name, name))
            return &LAYOUTS[i];
    return &OTHER;
}

/* One line, to the blocks and to the plain text. */
static void add_line(struct blocks *blocks, struct sw_buf *line)
{
    blocks_text(blocks, line);
    blocks_line(blocks, line);
}

/* A text of several lines may be longer than a section. */
static void add_lines(struct blocks *blocks, const char *sign, const char *text)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    for (const char *at = text; at && *at;) {
        size_t length = strcspn(at, "\n");
        SW_AUTO_FREE char *one = strndup(at, length);
        sw_buf_puts(&line, at == text ? sign : "");
        escape_put(&line, ESCAPE_SENTENCE, one, LINE_UNITS);
        blocks->failed = blocks->failed || !one;
        add_line(blocks, &line);
        at += length + (at[length] == '\n');
    }
}

/* "🚀 *site → staging* running, step 2 of 3 · `d-1` · @ana" */
static void add_row(struct blocks *blocks, const struct proto_view *view, int64_t now_ms)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    if (is_incident(view)) {
        put_incident(&line, view);
        sw_buf_puts(&line, " ");
        escape_put(&line, ESCAPE_LINE, jx_string_or(view->detail, "state_words", view->state), NAME_UNITS);
        add_line(blocks, &line);
        return;
    }
    render_put_headline(&line, view, RENDER_ONCE);
    sw_buf_puts(&line, " · ");
    escape_put_code(&line, view->workflow, NAME_UNITS);
    if (*view->ref && !sw_equal(view->state, "succeeded")) {
        sw_buf_puts(&line, " · version ");
        escape_put_code(&line, view->ref, REF_UNITS);
    }
    if (*view->requested_user && !sw_equal(view->state, "succeeded")) {
        sw_buf_puts(&line, " · ");
        escape_put_user(&line, view->requested_user);
    }
    int64_t at_ms = view->finished_at_ms ? view->finished_at_ms : view->started_at_ms;
    if (at_ms > 0) {
        sw_buf_puts(&line, view->finished_at_ms ? " · ended " : " · since ");
        escape_put_time(&line, at_ms, now_ms);
    }
    add_line(blocks, &line);
}

static void add_head(struct blocks *blocks, const struct proto_reply *reply, const struct layout *layout)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    bool listed = reply->view_count > reply->has_view;
    if (reply->has_view && layout->put_view && (layout->state || !reply->text)) {
        sw_buf_puts(&line, layout->state ? "" : layout->sign);
        layout->put_view(&line, &reply->views[0]);
        if (layout->state) { /* the headline does not name it */
            sw_buf_puts(&line, " · ");
            escape_put_code(&line, reply->views[0].workflow, NAME_UNITS);
        }
        add_line(blocks, &line);
    }
    if (!sw_blank(reply->text))
        add_lines(blocks, layout->sign, reply->text);
    else if (!listed && !(reply->has_view && layout->put_view))
        add_lines(blocks, layout->sign, layout->preset);
}

/* "": no card, and the layout of the name. */
static const char *card_of(const struct proto_reply *reply, const struct layout *layout)
{
    if (*reply->card && render_card_known(reply->card))
        return reply->card;
    return reply->has_view && layout->state && is_incident(&reply->views[0]) ? "status" : "";
}

static json_t *plain_reply_new(const struct proto_reply *reply, const struct layout *layout, int64_t now_ms)
{
    struct blocks BLOCKS_AUTO blocks;
    struct sw_buf SW_AUTO_BUF line = { 0 };
    blocks_init(&blocks);
    add_head(&blocks, reply, layout);
    if (reply->has_view && layout->state)
        render_body(&blocks, &reply->views[0], now_ms, RENDER_ONCE);
    for (size_t i = reply->has_view; i < reply->view_count; i++)
        add_row(&blocks, &reply->views[i], now_ms);
    add_lines(&blocks, "", reply->why);
    add_lines(&blocks, "", reply->hint);
    escape_put_code(&line, reply->code, NAME_UNITS);
    blocks_text(&blocks, &line);
    blocks_small(&blocks, &line);
    return blocks_take(&blocks);
}

json_t *render_reply_new(const struct proto_reply *reply, int64_t now_ms)
{
    const struct layout *layout = find_layout(reply->name);
    const struct card card = { .name = card_of(reply, layout),
                               .text = reply->text,
                               .data = reply->data,
                               .view = reply->has_view ? &reply->views[0] : NULL,
                               .now_ms = now_ms };
    JX_AUTO json_t *message = *card.name ? render_card_new(&card) : plain_reply_new(reply, layout, now_ms);
    bool done = message && jx_set_string(message, "response_type", "ephemeral") &&
                jx_set_take(message, "replace_original", json_false());
    return done ? SW_TAKE(message) : NULL;
}
