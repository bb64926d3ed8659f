/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/blocks.h"

#include "gateway/core/escape.h"

#include <string.h>

enum { LAST_FOR_BUTTONS = BLOCKS_MAX - 1 };

void blocks_init(struct blocks *blocks)
{
    *blocks = (struct blocks){ .array = json_array() };
    blocks->failed = !blocks->array;
}

void blocks_release(struct blocks *blocks)
{
    json_decref(blocks->array);
    sw_buf_release(&blocks->section);
    sw_buf_release(&blocks->text);
}

static void add(struct blocks *blocks, json_t *block, size_t max_blocks)
{
    if (block && json_array_size(blocks->array) >= max_blocks)
        json_decref(block); /* the callers' own limits keep far below; better short than refused */
    else if (!block || json_array_append_new(blocks->array, block) != 0)
        blocks->failed = true;
}

/* verbatim: names that begin with # or @ must not become links. */
static json_t *mrkdwn_new(const char *text)
{
    return json_pack("{ss ss sb}", "type", "mrkdwn", "text", text, "verbatim", 1);
}

static json_t *plain_new(const char *text)
{
    return json_pack("{ss ss sb}", "type", "plain_text", "text", text, "emoji", 1);
}

void blocks_break(struct blocks *blocks)
{
    blocks->failed = blocks->failed || blocks->section.failed;
    if (blocks->section.length > 0)
        add(blocks, json_pack("{ss so}", "type", "section", "text", mrkdwn_new(sw_buf_string(&blocks->section))),
            LAST_FOR_BUTTONS);
    sw_buf_clear(&blocks->section);
}

void blocks_line(struct blocks *blocks, struct sw_buf *line)
{
    size_t used = escape_units(sw_buf_string(&blocks->section));
    blocks->failed = blocks->failed || line->failed;
    if (line->length == 0)
        return;
    if (used > 0 && used + 1 + escape_units(line->data) > BLOCKS_SECTION_UNITS)
        blocks_break(blocks);
    if (blocks->section.length > 0)
        sw_buf_puts(&blocks->section, "\n");
    sw_buf_append(&blocks->section, line->data, line->length);
    sw_buf_clear(line);
}

void blocks_small(struct blocks *blocks, struct sw_buf *line)
{
    blocks_break(blocks);
    blocks->failed = blocks->failed || line->failed;
    if (line->length > 0)
        add(blocks, json_pack("{ss s[o]}", "type", "context", "elements", mrkdwn_new(line->data)), LAST_FOR_BUTTONS);
    sw_buf_clear(line);
}

void blocks_header(struct blocks *blocks, struct sw_buf *line)
{
    blocks_break(blocks);
    blocks->failed = blocks->failed || line->failed;
    if (line->length > 0)
        add(blocks, json_pack("{ss so}", "type", "header", "text", plain_new(line->data)), LAST_FOR_BUTTONS);
    sw_buf_clear(line);
}

void blocks_text(struct blocks *blocks, const struct sw_buf *line)
{
    size_t used = escape_units(sw_buf_string(&blocks->text));
    blocks->failed = blocks->failed || line->failed;
    if (line->length == 0 || used + 1 + escape_units(line->data) > BLOCKS_TEXT_UNITS)
        return;
    if (used > 0)
        sw_buf_puts(&blocks->text, "\n");
    sw_buf_append(&blocks->text, line->data, line->length);
}

static json_t *confirm_new(const struct blocks_button *button)
{
    return json_pack("{so so so so}", "title", plain_new(button->ask), "text", plain_new(button->ask_text), "confirm",
                     plain_new(button->yes), "deny", plain_new(button->no));
}

static json_t *button_new(const struct blocks_button *button)
{
    json_t *json = json_pack("{ss so ss ss}", "type", "button", "text", plain_new(button->label), "action_id",
                             button->action, "value", button->value);
    bool done = json && (!button->url || jx_set_string(json, "url", button->url)) &&
                (!button->style || jx_set_string(json, "style", button->style)) &&
                (!button->ask || jx_set_take(json, "confirm", confirm_new(button)));
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

void blocks_buttons(struct blocks *blocks, const char *id, const struct blocks_button *buttons, size_t count)
{
    json_t *elements = json_array();
    blocks_break(blocks);
    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(elements, button_new(&buttons[i])) != 0)
            blocks->failed = true;
    add(blocks, json_pack("{ss ss so}", "type", "actions", "block_id", id, "elements", elements), BLOCKS_MAX);
}

json_t *blocks_take(struct blocks *blocks)
{
    blocks_break(blocks);
    if (blocks->failed || blocks->text.failed)
        return NULL;
    return json_pack("{ss sO}", "text", sw_buf_string(&blocks->text), "blocks", blocks->array);
}
