/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/render_sheet.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"

#include <stdio.h>
#include <string.h>

enum { QUOTE_LINES = 30, NAMES_SHOWN = 12, LABEL_UNITS = 150, BUTTONS_MAX = 8, ITEM_BYTES = 600 };

void sheet_init(struct sheet *sheet, const struct card *card)
{
    *sheet = (struct sheet){ .data = card->data,
                             .detail = card->view ? card->view->detail : NULL,
                             .workflow = card->view ? card->view->workflow : jx_string_or(card->data, "target", ""),
                             .state = card->view ? card->view->state : "",
                             .text = card->text,
                             .now_ms = card->now_ms,
                             .created_at_ms = card->view ? card->view->created_at_ms : 0 };
    blocks_init(&sheet->blocks);
}

void sheet_release(struct sheet *sheet)
{
    blocks_release(&sheet->blocks);
    sw_buf_release(&sheet->line);
}

/* ---- of the open line ---- */

static void append_formatted(struct sheet *sheet, const char *format, va_list arguments)
{
    char text[1024];
    (void)vsnprintf(text, sizeof text, format, arguments); /* our own sentences, shorter than that */
    sw_buf_puts(&sheet->line, text);
}

void sheet_say(struct sheet *sheet, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    append_formatted(sheet, format, arguments);
    va_end(arguments);
}

void sheet_put(struct sheet *sheet, const char *text, size_t max_units)
{
    escape_put(&sheet->line, ESCAPE_SAID, text, max_units);
}

void sheet_user(struct sheet *sheet, const char *user)
{
    if (user && *user)
        escape_put_user(&sheet->line, user);
    else
        sheet_say(sheet, "nobody");
}

void sheet_person(struct sheet *sheet, const char *user)
{
    const json_t *person = user ? json_object_get(sheet_get(sheet, "people"), user) : NULL;
    const char *name = json_is_string(person) ? json_string_value(person) : jx_string(person, "name");
    if (sw_blank(name))
        sheet_user(sheet, user);
    else
        escape_put(&sheet->line, ESCAPE_LINE, name, SHEET_NAME_UNITS);
}

void sheet_time(struct sheet *sheet, int64_t at_ms) { escape_put_time(&sheet->line, at_ms, sheet->now_ms); }

void sheet_duration(struct sheet *sheet, int64_t duration_ms)
{
    const long long seconds = duration_ms < 0 ? 0 : duration_ms / 1000;
    if (seconds >= 86400)
        sheet_say(sheet, "%lld d %lld h", seconds / 86400, seconds % 86400 / 3600);
    else if (seconds >= 3600)
        sheet_say(sheet, "%lld h %02lld m", seconds / 3600, seconds % 3600 / 60);
    else if (seconds >= 60)
        sheet_say(sheet, "%lld m", seconds / 60);
    else
        sheet_say(sheet, "%lld s", seconds);
}

void sheet_link(struct sheet *sheet, const char *url, const char *label)
{
    escape_put_link(&sheet->line, url, label, LABEL_UNITS);
}

void sheet_number(struct sheet *sheet)
{
    const int64_t number = sheet_i64(sheet, "number", 0);
    if (number > 0)
        sheet_say(sheet, "incident #%lld", (long long)number);
    else
        sheet_say(sheet, "the incident");
}

/* An asterisk would end the bold letters in the middle. */
void sheet_bold(struct sheet *sheet, const char *text, size_t max_units)
{
    struct sw_buf SW_AUTO_BUF safe = { 0 };
    for (const char *at = text; *at; at++)
        if (*at == '*')
            sw_buf_puts(&safe, "∗");
        else
            sw_buf_append(&safe, at, 1);
    sheet->blocks.failed = sheet->blocks.failed || safe.failed;
    sheet_say(sheet, "*");
    sheet_put(sheet, sw_buf_string(&safe), max_units);
    sheet_say(sheet, "*");
}

void sheet_title(struct sheet *sheet) { sheet_bold(sheet, sheet_str(sheet, "title", "untitled"), SHEET_TITLE_UNITS); }

void sheet_names(struct sheet *sheet, const json_t *array)
{
    const size_t count = json_array_size(array);
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++) {
        sheet_say(sheet, i ? ", " : "");
        sheet_put(sheet, json_string_value(json_array_get(array, i)), SHEET_NAME_UNITS);
    }
    if (count > NAMES_SHOWN)
        sheet_say(sheet, " and %zu more", count - NAMES_SHOWN);
}

void sheet_users(struct sheet *sheet, const json_t *array, const char *between)
{
    const size_t count = json_array_size(array);
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++) {
        const char *user = json_string_value(json_array_get(array, i));
        sheet_say(sheet, "%s", i ? between : "");
        if (user && *user == 'S' && user[strspn(user, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] == '\0')
            sheet_say(sheet, "<!subteam^%.40s>", user);
        else
            sheet_user(sheet, user);
    }
}

/* ---- lines ---- */

void sheet_end(struct sheet *sheet) { blocks_line(&sheet->blocks, &sheet->line); }
void sheet_small(struct sheet *sheet) { blocks_small(&sheet->blocks, &sheet->line); }
void sheet_break(struct sheet *sheet) { blocks_break(&sheet->blocks); }

void sheet_header(struct sheet *sheet, const char *sign, const char *words)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    sw_buf_puts(&line, sign);
    sw_buf_puts(&line, " ");
    escape_put(&line, ESCAPE_PLAIN, words, BLOCKS_HEADER_UNITS - escape_units(sw_buf_string(&line)));
    blocks_header(&sheet->blocks, &line);
}

void sheet_quote(struct sheet *sheet, const char *text, size_t max_units)
{
    size_t lines = 0, left = max_units;
    for (const char *at = text; at && *at && left > 0 && lines < QUOTE_LINES; lines++) {
        const size_t length = strcspn(at, "\n");
        SW_AUTO_FREE char *one = strndup(at, length);
        sheet->blocks.failed = sheet->blocks.failed || !one;
        sheet_say(sheet, "&gt; ");
        sheet_put(sheet, one, left);
        const size_t used = escape_units(sw_buf_string(&sheet->line));
        left = used < left ? left - used : 0;
        sheet_end(sheet);
        at += length + (at[length] == '\n');
        if (*at && (left == 0 || lines + 1 == QUOTE_LINES)) {
            sheet_say(sheet, "&gt; …");
            sheet_end(sheet);
        }
    }
}

void sheet_hint(struct sheet *sheet, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    append_formatted(sheet, format, arguments);
    va_end(arguments);
    sheet_small(sheet);
}

void sheet_items(struct sheet *sheet, const json_t *array, void (*put)(struct sheet *sheet, const json_t *item),
                 const char *all_by)
{
    const size_t count = json_array_size(array);
    for (size_t i = 0; i < count && i < SHEET_ITEMS_MAX; i++) {
        put(sheet, json_array_get(array, i));
        sheet_end(sheet);
    }
    if (count > SHEET_ITEMS_MAX)
        sheet_hint(sheet, "and %zu more: %s", count - SHEET_ITEMS_MAX, all_by);
}

/* ---- buttons ---- */

/* slack_payload.h tells who reads it. */
static json_t *value_new(const struct sheet *sheet, const struct sheet_button *button)
{
    json_t *value = json_pack("{ss ss}", "target", sheet->workflow, "text", button->text ? button->text : "");
    if (!button->form || (value && jx_set_take(value, "ask", json_true())))
        return value;
    json_decref(value);
    return NULL;
}

void sheet_buttons(struct sheet *sheet, const char *id, const struct sheet_button *buttons, size_t count)
{
    struct blocks_button made[BUTTONS_MAX] = { 0 };
    char actions[BUTTONS_MAX][64], block[64];
    char *values[BUTTONS_MAX] = { 0 };
    if (!*sheet->workflow || count == 0 || count > BUTTONS_MAX)
        return;
    (void)snprintf(block, sizeof block, "inc:%.20s:%.30s", sheet->workflow, id); /* fits */
    for (size_t i = 0; i < count; i++) {
        JX_AUTO json_t *value = value_new(sheet, &buttons[i]);
        values[i] = value ? jx_dump_new(value) : NULL;
        sheet->blocks.failed = sheet->blocks.failed || !values[i];
        (void)snprintf(actions[i], sizeof actions[i], "incident.%.40s", buttons[i].verb); /* fits */
        made[i] = (struct blocks_button){ .action = actions[i],
                                          .label = buttons[i].label,
                                          .style = buttons[i].style,
                                          .value = values[i] ? values[i] : "",
                                          .url = buttons[i].url,
                                          .ask = buttons[i].ask ? "Are you sure?" : NULL,
                                          .ask_text = buttons[i].ask,
                                          .yes = buttons[i].yes,
                                          .no = "Not now" };
    }
    blocks_buttons(&sheet->blocks, block, made, count);
    for (size_t i = 0; i < count; i++)
        free(values[i]);
}

/* ---- the message ---- */

/* The plain text says what the orchestrator's sentence says; a notification shows its beginning. */
static void add_text(struct sheet *sheet, const char *text)
{
    struct sw_buf SW_AUTO_BUF line = { 0 };
    escape_put(&line, ESCAPE_SENTENCE, text, BLOCKS_SECTION_UNITS);
    blocks_text(&sheet->blocks, &line);
}

json_t *sheet_take(struct sheet *sheet, const char *preset)
{
    add_text(sheet, !sw_blank(sheet->text) ? sheet->text : preset);
    blocks_break(&sheet->blocks);
    return blocks_take(&sheet->blocks);
}
