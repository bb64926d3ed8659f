/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/said_text.h"

#include "common/base/attrs.h"
#include "common/base/buf.h"
#include "common/base/text.h"
#include "proto/limits.h"

#include <string.h>

/* What stands between < and >. */
struct token {
    const char *head; /* behind the sign, for mentions */
    size_t head_length;
    const char *label; /* NULL: none */
    size_t label_length;
};

static const struct {
    const char *from, *to;
} DECODED[] = {
    { "&amp;", "&" },        { "&lt;", "<" },        { "&gt;", ">" },        { "\xC2\xA0", " " },
    { "\xE2\x80\xAF", " " },                         /* no-break spaces */
    { "\xE2\x80\x8B", "" },  { "\xE2\x80\x8C", "" }, /* without width */
    { "\xE2\x80\x8D", "" },  { "\xEF\xBB\xBF", "" }, { "\xE2\x81\xA0", "" }, { "\r", "" },
};

static size_t put_one(struct sw_buf *out, const char *at, const char *end)
{
    for (size_t i = 0; i < SW_COUNT(DECODED); i++) {
        size_t length = strlen(DECODED[i].from);
        if ((size_t)(end - at) >= length && memcmp(at, DECODED[i].from, length) == 0) {
            sw_buf_puts(out, DECODED[i].to);
            return length;
        }
    }
    sw_buf_append(out, at, 1);
    return 1;
}

static void put_decoded(struct sw_buf *out, const char *text, size_t length)
{
    for (const char *end = text + length; text < end;)
        text += put_one(out, text, end);
}

static bool is_id(const char *text, size_t length, const char *first)
{
    return length >= 2 && strchr(first, *text) && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") >= length;
}

static bool put_user(struct sw_buf *out, const struct token *token)
{
    if (!is_id(token->head, token->head_length, "UW"))
        return false;
    sw_buf_puts(out, "<@");
    sw_buf_append(out, token->head, token->head_length);
    sw_buf_puts(out, ">");
    return true;
}

static bool put_channel(struct sw_buf *out, const struct token *token)
{
    if (!is_id(token->head, token->head_length, "CGD"))
        return false;
    sw_buf_puts(out, token->label_length > 0 ? "#" : "<#");
    if (token->label_length > 0)
        put_decoded(out, token->label, token->label_length);
    else
        sw_buf_append(out, token->head, token->head_length);
    sw_buf_puts(out, token->label_length > 0 ? "" : ">");
    return true;
}

static bool is_word(const struct token *token, const char *word)
{
    return token->head_length == strlen(word) && memcmp(token->head, word, token->head_length) == 0;
}

static bool put_special(struct sw_buf *out, const struct token *token)
{
    static const char *const words[] = { "here", "channel", "group", "everyone" };
    if (token->head_length == 0 || memchr(token->head, ' ', token->head_length))
        return false;
    for (size_t i = 0; i < SW_COUNT(words); i++) {
        if (is_word(token, words[i])) {
            sw_buf_printf(out, "@%s", words[i]);
            return true;
        }
    }
    if (token->label_length > 0)
        put_decoded(out, token->label, token->label_length);
    else {
        sw_buf_puts(out, "<!");
        sw_buf_append(out, token->head, token->head_length);
        sw_buf_puts(out, ">");
    }
    return true;
}

static bool put_link(struct sw_buf *out, const struct token *token)
{
    const char *url = token->head;
    size_t length = token->head_length;
    if (!memchr(url, ':', length) || memchr(url, ' ', length) || memchr(url, '\n', length))
        return false;
    if (sw_starts_with(url, "mailto:")) {
        url += 7;
        length -= 7;
    }
    const char *bare = url;
    size_t bare_length = length;
    if (sw_starts_with(url, "http://") && length > 7) { /* Slack makes links of what merely looks like a host */
        bare += 7;
        bare_length -= 7;
    }
    if (token->label_length == 0) {
        put_decoded(out, url, length);
        return true;
    }
    put_decoded(out, token->label, token->label_length);
    if (memmem(token->label, token->label_length, url, length) ||
        memmem(token->label, token->label_length, bare, bare_length))
        return true;
    sw_buf_puts(out, " (");
    put_decoded(out, url, length);
    sw_buf_puts(out, ")");
    return true;
}

/* False: not Slack's grammar, the person typed these signs. */
static bool put_token(struct sw_buf *out, const char *inside, size_t length)
{
    const char *bar = memchr(inside, '|', length);
    struct token token = { .head = inside, .head_length = bar ? (size_t)(bar - inside) : length };
    if (bar) {
        token.label = bar + 1;
        token.label_length = length - token.head_length - 1;
    }
    if (!strchr("@#!", *inside))
        return put_link(out, &token);
    token.head++;
    token.head_length--;
    return *inside == '@'   ? put_user(out, &token)
           : *inside == '#' ? put_channel(out, &token)
                            : put_special(out, &token);
}

static size_t put_next(struct sw_buf *out, const char *at, const char *text_end)
{
    const char *end = *at == '<' ? strchr(at, '>') : NULL;
    if (end && end > at + 1 && put_token(out, at + 1, (size_t)(end - at) - 1))
        return (size_t)(end - at) + 1;
    return put_one(out, at, text_end);
}

static void trim(struct sw_buf *out)
{
    while (out->length > 0 && strchr(" \t\n\v\f", out->data[out->length - 1]))
        out->data[--out->length] = '\0';
    size_t blanks = out->length > 0 ? strspn(out->data, " \t\n\v\f") : 0;
    if (blanks > 0) {
        memmove(out->data, out->data + blanks, out->length - blanks + 1);
        out->length -= blanks;
    }
}

struct sw_status said_text_resolve(const char *text, char **ret_text)
{
    struct sw_buf out = { .max_bytes = 4 * PROTO_COMMAND_TEXT_MAX };
    const char *end = text + strlen(text);
    if (end - text > PROTO_COMMAND_TEXT_MAX)
        return sw_fail(SW_CODE_TOO_LARGE, "the text is longer than %d bytes", PROTO_COMMAND_TEXT_MAX);
    sw_buf_puts(&out, "");
    while (text < end)
        text += put_next(&out, text, end);
    trim(&out);
    char *result = sw_buf_take(&out);
    if (!result)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    *ret_text = result;
    return sw_ok();
}
