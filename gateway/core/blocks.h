/* SPDX-License-Identifier: Apache-2.0
 * blocks: a message of Block Kit while it is written: lines that share sections, small print, buttons. Every limit of
 * Slack is kept here: 3,000 units a section, 50 blocks a message, 4,000 of plain text.
 *
 * A failure (memory) is remembered, and blocks_take() then gives NULL. Pure. */
#ifndef GATEWAY_CORE_BLOCKS_H
#define GATEWAY_CORE_BLOCKS_H

#include "common/base/buf.h"
#include "common/json/jx.h"

enum { BLOCKS_SECTION_UNITS = 3000, BLOCKS_TEXT_UNITS = 3900, BLOCKS_MAX = 50, BLOCKS_HEADER_UNITS = 150 };

struct blocks {
    json_t *array;
    struct sw_buf section; /* the open one */
    struct sw_buf text;    /* the plain text */
    bool failed;
};

struct blocks_button {
    const char *action, *label, *style; /* style: NULL, "primary", "danger" */
    const char *value;
    const char *url;                       /* NULL: none; a button with one only opens it */
    const char *ask, *ask_text, *yes, *no; /* the dialog that confirms; ask NULL: none */
};

void blocks_init(struct blocks *blocks);
void blocks_release(struct blocks *blocks);
#define BLOCKS_AUTO SW_CLEANUP(blocks_release)

/* Each takes the text of `line`, which must be escaped, and clears it. An empty one adds nothing. */
void blocks_line(struct blocks *blocks, struct sw_buf *line); /* a line of the open section */
void blocks_small(struct blocks *blocks, struct sw_buf *line);
/* A headline in large letters. The text is plain: escaped for ESCAPE_PLAIN and at most BLOCKS_HEADER_UNITS long. */
void blocks_header(struct blocks *blocks, struct sw_buf *line);
/* A line of the plain text; the line stays as it is. What does not fit any more is left out. */
void blocks_text(struct blocks *blocks, const struct sw_buf *line);
/* What follows begins a section of its own. */
void blocks_break(struct blocks *blocks);
void blocks_buttons(struct blocks *blocks, const char *id, const struct blocks_button *buttons, size_t count);
/* {"text":...,"blocks":[...]}; NULL when something failed. */
json_t *blocks_take(struct blocks *blocks);

#endif
