/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/slack_text.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "proto/limits.h"

#include <stdbool.h>
#include <string.h>

static const struct replacement {
    const char *from, *to;
} CORRECTED[] = {
    { "“", "\"" }, { "”", "\"" }, { "„", "\"" }, { "‘", "'" }, { "’", "'" },
    { "\xC2\xA0", " " },     /* no-break space */
    { "\xE2\x80\xAF", " " }, /* narrow no-break space */
    { "\xE2\x80\x8B", "" },  /* zero width space */
    { "\xE2\x80\x8C", "" },  /* zero width non-joiner */
    { "\xE2\x80\x8D", "" },  /* zero width joiner */
    { "\xEF\xBB\xBF", "" },  /* byte order mark */
    { "\xE2\x81\xA0", "" },  /* word joiner */
}, ENTITIES[] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" } };

static const struct replacement *find(const struct replacement *rows, size_t count, const char *at)
{
    for (size_t i = 0; i < count; i++)
        if (sw_starts_with(at, rows[i].from))
            return &rows[i];
    return NULL;
}

/* A space is held back until something follows it: no leading, trailing or double ones. */
static void put(struct sw_buf *out, const char *text, size_t length)
{
    bool space = length == 1 && strchr(" \t\r\n\v\f", *text);
    bool after_space = out->length == 0 || out->data[out->length - 1] == ' ';
    if (!space || !after_space)
        sw_buf_append(out, space ? " " : text, length);
}

static void put_decoded(struct sw_buf *out, const char *text, size_t length)
{
    for (const char *end = text + length; text < end;) {
        const struct replacement *entity = find(ENTITIES, SW_COUNT(ENTITIES), text);
        if (entity)
            sw_buf_puts(out, entity->to);
        else
            sw_buf_append(out, text, 1);
        text += entity ? strlen(entity->from) : 1;
    }
}

static bool is_id(const char *text, size_t length, const char *first)
{
    if (length < 2 || !strchr(first, *text))
        return false;
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") >= length;
}

/* Slack makes a link of what merely looks like a host or an address: "v1.example" arrives as
 * <http://v1.example|v1.example>. The label is then what was typed. */
static bool made_from_label(const char *url, size_t length, const char *label, size_t label_length)
{
    const char *const made[] = { "http://", "mailto:" };
    for (size_t i = 0; i < SW_COUNT(made); i++) {
        size_t scheme = strlen(made[i]);
        if (length == scheme + label_length && memcmp(url, made[i], scheme) == 0 &&
            memcmp(url + scheme, label, label_length) == 0)
            return true;
    }
    return false;
}

static bool put_link(struct sw_buf *out, const char *url, size_t length, const char *label, size_t label_length)
{
    if (!memchr(url, ':', length) || memchr(url, ' ', length))
        return false;
    if (label && made_from_label(url, length, label, label_length))
        put_decoded(out, label, label_length);
    else
        put_decoded(out, url, length);
    return true;
}

/* `inside` is what stands between < and >. False: not Slack's grammar, the person typed these signs. */
static bool put_token(struct sw_buf *out, const char *inside, size_t length)
{
    const char *bar = memchr(inside, '|', length);
    size_t id_length = bar ? (size_t)(bar - inside) : length;
    size_t label_length = bar ? length - id_length - 1 : 0;
    bool user = *inside == '@' && is_id(inside + 1, id_length - 1, "UW");
    bool channel = *inside == '#' && is_id(inside + 1, id_length - 1, "CGD");
    bool special = *inside == '!' && id_length > 1 && !memchr(inside, ' ', id_length);
    if (!user && !channel && !special)
        return strchr("@#!", *inside) == NULL && put_link(out, inside, id_length, bar ? bar + 1 : NULL, label_length);
    sw_buf_append(out, inside, id_length);
    return true;
}

/* An em or en dash that begins a word was typed as "--". */
static bool put_dash(struct sw_buf *out, const char *at)
{
    bool dash = sw_starts_with(at, "—") || sw_starts_with(at, "–");
    bool begins = out->length == 0 || out->data[out->length - 1] == ' ';
    if (!dash || !begins || at[3] == '\0' || at[3] == ' ')
        return false;
    sw_buf_puts(out, "--");
    return true;
}

/* Puts one element of the text; returns its length. */
static size_t put_next(struct sw_buf *out, const char *at)
{
    const char *end = *at == '<' ? strchr(at, '>') : NULL;
    if (end && end > at + 1 && put_token(out, at + 1, (size_t)(end - at) - 1))
        return (size_t)(end - at) + 1;
    if (put_dash(out, at))
        return 3;
    const struct replacement *row = find(CORRECTED, SW_COUNT(CORRECTED), at);
    if (!row)
        row = find(ENTITIES, SW_COUNT(ENTITIES), at);
    if (!row) {
        put(out, at, 1);
        return 1;
    }
    put(out, row->to, strlen(row->to));
    return strlen(row->from);
}

struct sw_status slack_text_normalise(const char *text, char **ret_text)
{
    struct sw_buf out = { .max_bytes = 2 * PROTO_COMMAND_TEXT_MAX };
    if (strlen(text) > PROTO_COMMAND_TEXT_MAX)
        return sw_fail(SW_CODE_TOO_LARGE, "the command is longer than %d bytes", PROTO_COMMAND_TEXT_MAX);
    while (*text)
        text += put_next(&out, text);
    if (out.length > 0 && out.data[out.length - 1] == ' ')
        out.data[--out.length] = '\0';
    char *result = sw_buf_take(&out);
    if (!result)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    *ret_text = result;
    return sw_ok();
}
