/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/incident_help.h"

#include "common/base/text.h"
#include "gateway/core/blocks.h"
#include "gateway/core/escape.h"

#include <string.h>

enum { TEXT_UNITS = 1200 };

enum which { OFTEN, ALL };

static void put(struct sw_buf *line, const char *text) { escape_put(line, ESCAPE_TEXT, text, TEXT_UNITS); }

/* `.title <title>` */
static void put_form(struct sw_buf *line, const struct incident_typed *typed, const struct incident_row *row)
{
    char form[INCIDENT_FORM_SIZE];
    sw_buf_puts(line, "`");
    put(line, incident_form(typed, row->verb, form));
    if (*row->usage)
        sw_buf_puts(line, " ");
    put(line, row->usage);
    sw_buf_puts(line, "`");
}

static void add(struct blocks *blocks, struct sw_buf *line)
{
    blocks_text(blocks, line);
    blocks_line(blocks, line);
}

static void add_group(struct blocks *blocks, const struct incident_typed *typed, enum incident_group group,
                      enum which which)
{
    SW_AUTO_BUF struct sw_buf line = { 0 };
    bool titled = false;
    for (size_t i = 0; i < INCIDENT_TABLE_COUNT; i++) {
        const struct incident_row *row = &INCIDENT_TABLE[i];
        if (row->group != group || (which == OFTEN && !row->often))
            continue;
        if (!titled) {
            blocks_break(blocks);
            sw_buf_printf(&line, "*%s*", incident_group_title(group));
            add(blocks, &line);
        }
        titled = true;
        put_form(&line, typed, row);
        sw_buf_puts(&line, "  ");
        put(&line, row->help);
        add(blocks, &line);
    }
}

static void add_end(struct blocks *blocks, const struct incident_typed *typed, enum which which)
{
    char form[INCIDENT_FORM_SIZE];
    SW_AUTO_BUF struct sw_buf line = { 0 };
    if (which == OFTEN)
        sw_buf_printf(&line, "All words: `%s`. ", incident_form(typed, "commands", form));
    sw_buf_printf(&line, "More about one of them: `%s`. ", incident_form(typed, "help mitigate", form));
    sw_buf_printf(&line, "In a channel that I am in, `.word` does the same as `%s word`.", typed->slash);
    blocks_small(blocks, &line);
}

static json_t *page(const struct incident_typed *typed, const char *title, enum which which)
{
    BLOCKS_AUTO struct blocks blocks;
    SW_AUTO_BUF struct sw_buf line = { 0 };
    blocks_init(&blocks);
    sw_buf_puts(&line, title);
    add(&blocks, &line);
    for (enum incident_group group = 0; group < INCIDENT_GROUP_COUNT; group++)
        add_group(&blocks, typed, group, which);
    add_end(&blocks, typed, which);
    return blocks_take(&blocks);
}

json_t *incident_help_first(const struct incident_typed *typed)
{
    return page(typed,
                ":rotating_light: *Incidents*: one channel, one timeline, and everybody knows who does what. The words "
                "for a beginning:",
                OFTEN);
}

json_t *incident_help_all(const struct incident_typed *typed) { return page(typed, "*All words of incidents*", ALL); }

static void put_aliases(struct sw_buf *line, const char *aliases)
{
    sw_buf_puts(line, "Other names: ");
    for (const char *at = aliases; *at;) {
        size_t length = strcspn(at, " ");
        sw_buf_puts(line, "`");
        sw_buf_append(line, at, length);
        at += length + strspn(at + length, " ");
        sw_buf_puts(line, *at ? "`, " : "`.");
    }
}

json_t *incident_help_word(const struct incident_typed *typed, const struct incident_row *row)
{
    BLOCKS_AUTO struct blocks blocks;
    SW_AUTO_BUF struct sw_buf line = { 0 };
    blocks_init(&blocks);
    put_form(&line, typed, row);
    sw_buf_puts(&line, "\n");
    put(&line, row->help);
    sw_buf_puts(&line, ".");
    add(&blocks, &line);
    if (row->more) {
        put(&line, row->more);
        add(&blocks, &line);
    }
    if (row->aliases) {
        put_aliases(&line, row->aliases);
        add(&blocks, &line);
    }
    sw_buf_puts(&line, "Who may: ");
    put(&line, row->who ? row->who : "everybody who sees the incident");
    sw_buf_puts(&line, ".");
    add(&blocks, &line);
    return blocks_take(&blocks);
}

static json_t *error_message(const struct command_error *error)
{
    BLOCKS_AUTO struct blocks blocks;
    SW_AUTO_BUF struct sw_buf line = { 0 };
    const char *const parts[] = { error->what, error->why, error->hint };
    blocks_init(&blocks);
    for (size_t i = 0; i < SW_COUNT(parts); i++) {
        put(&line, parts[i]);
        if (line.length > 0)
            add(&blocks, &line);
    }
    sw_buf_puts(&line, error->code);
    blocks_text(&blocks, &line);
    blocks_small(&blocks, &line);
    return blocks_take(&blocks);
}

json_t *incident_answer(const struct incident_typed *typed, const struct command_parsed *parsed)
{
    switch (parsed->outcome) {
    case COMMAND_INCIDENT_WORDS:
        return incident_help_all(typed);
    case COMMAND_WRONG:
        return error_message(&parsed->error);
    case COMMAND_INCIDENT_HELP:
        if (parsed->incident)
            return incident_help_word(typed, parsed->incident);
        return incident_help_first(typed);
    case COMMAND_PUBLISH:
    case COMMAND_HELP:
    case COMMAND_FORM:
        break;
    }
    return incident_help_first(typed);
}
