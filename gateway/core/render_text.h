/* SPDX-License-Identifier: Apache-2.0
 * render_text: the wording that the live message, the private answers and the plain text of both share: what is
 * deployed where, its state in one line, its steps, and what went wrong. Pure. */
#ifndef GATEWAY_CORE_RENDER_TEXT_H
#define GATEWAY_CORE_RENDER_TEXT_H

#include "gateway/core/blocks.h"
#include "proto/view.h"

enum render_form {
    RENDER_LIVE,  /* in blocks of a message that is edited when something changes: no running clocks */
    RENDER_ONCE,  /* in blocks of an answer: durations as of now */
    RENDER_PLAIN, /* the same without marks, for notifications and screen readers */
};

/* "✅ *site → staging* succeeded: `main` is live · 9 m 31 s · @ana". */
void render_put_headline(struct sw_buf *buf, const struct proto_view *view, enum render_form form);
/* "2nd" */
void render_put_ordinal(struct sw_buf *buf, int32_t number);
/* The step it is at, or NULL; *ret_number counts from 1. */
const struct proto_step_view *render_step_now(const struct proto_view *view, size_t *ret_number);
/* One line a step, "⏳ *test* running since 12:00:05 · 40% 7 of 18 · attempt 2 of 3"; to the plain text too when form is
 * RENDER_ONCE. */
void render_steps(struct blocks *blocks, const struct proto_view *view, int64_t now_ms, enum render_form form);
/* The last lines of the output of a step that did not succeed. */
void render_tail(struct blocks *blocks, const struct proto_step_view *step);
/* "ahead: `d-1`, `d-2` and 3 more", or nothing. */
void render_put_ahead(struct sw_buf *buf, const struct proto_view *view);
bool render_is_held(const struct proto_view *view);
/* " by incident `i-...` (#inc-42): why" */
void render_put_held(struct sw_buf *buf, const struct proto_view *view);

#endif
