/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/escape.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"

#include <string.h>

#define MORE "…"
#define HARMLESS_QUOTE "ˋ" /* U+02CB looks like a back-quote and means nothing to Slack */

enum { DAY_NEAR_MS = 12 * 3600 * 1000, URL_BYTES_MAX = 1000 };

static const char ID_CHARACTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* One character of the input, as it will stand in the message. */
struct piece {
    const char *text;
    size_t length, units, taken; /* bytes and units put, bytes of the input used */
    bool link;                   /* of an address: put between < and > */
};

static size_t sequence_length(const char *text)
{
    unsigned char lead = (unsigned char)*text;
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static size_t units_of(const char *text, size_t length)
{
    size_t units = 0;
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            units += (unsigned char)text[i] >= 0xF0 ? 2 : 1;
    return units;
}

size_t escape_units(const char *text) { return units_of(text, strlen(text)); }

static struct piece literal(const char *text, size_t taken)
{
    size_t length = strlen(text);
    return (struct piece){ text, length, units_of(text, length), taken, false };
}

/* C0, DEL, C1, and what turns the direction of all the text behind it. The marks U+200E, U+200F and U+061C stay: they
 * tell only signs right beside them which way they go, and Arabic and Hebrew are written with them. */
static bool is_control(const char *text)
{
    unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];
    if (first < 0x20 || first == 0x7F || (first == 0xC2 && second < 0xA0))
        return true;
    unsigned char third = first == 0xE2 ? (unsigned char)text[2] : 0;
    return (second == 0x80 && third >= 0xA8 && third <= 0xAE) || (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

/* A run of them would begin a block of code that swallows lines. */
static struct piece back_quote(const char *text, enum escape_kind kind, bool after_quote)
{
    bool run = text[1] == '`' || after_quote;
    return literal((kind == ESCAPE_TEXT || kind == ESCAPE_SENTENCE) && !run ? "`" : HARMLESS_QUOTE, 1);
}

/* "<@U123>" or "<#C123>" whole; 0: something else. */
static size_t mention_length(const char *text)
{
    const bool user = sw_starts_with(text, "<@U") || sw_starts_with(text, "<@W");
    if (!user && !sw_starts_with(text, "<#C") && !sw_starts_with(text, "<#G"))
        return 0;
    const size_t length = 2 + strspn(text + 2, ID_CHARACTERS);
    return text[length] == '>' ? length + 1 : 0;
}

/* Up to what ends an address in a sentence; 0: none begins here, or it is too long to be made a link. */
static size_t url_length(const char *text)
{
    const size_t scheme = sw_starts_with(text, "https://") ? 8 : sw_starts_with(text, "http://") ? 7 : 0;
    if (!scheme)
        return 0;
    size_t length = scheme;
    while (text[length] > ' ' && text[length] < 0x7f && !strchr("<>|\"`\\^{}", text[length]))
        length++;
    while (length > scheme && strchr(".,;:!?)]'*_~", text[length - 1]))
        length--;
    return length > scheme && length <= URL_BYTES_MAX ? length : 0;
}

static size_t url_units(const char *url, size_t length)
{
    size_t units = units_of(url, length);
    for (size_t i = 0; i < length; i++)
        units += url[i] == '&' ? strlen("amp;") : 0;
    return units;
}

static void append_url(struct sw_buf *buf, const char *url, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sw_buf_append(buf, url[i] == '&' ? "&amp;" : url + i, url[i] == '&' ? 5 : 1);
}

/* Of length 0 when what begins here is neither a mention nor an address that is to be a link. */
static struct piece said_piece(const char *text, bool links)
{
    size_t length = mention_length(text);
    if (length > 0)
        return (struct piece){ text, length, length, length, false };
    length = links ? url_length(text) : 0;
    return (struct piece){ text, length, length ? url_units(text, length) + 2 : 0, length, length > 0 };
}

/* code: between two back-quotes of ours, where an address is to be typed and not followed. */
static struct piece next_piece(const char *text, enum escape_kind kind, bool after_quote, bool code)
{
    size_t length = sequence_length(text);
    if (kind == ESCAPE_PLAIN)
        return is_control(text) ? literal(" ", length)
                                : (struct piece){ text, length, units_of(text, length), length, false };
    const bool spoken = kind == ESCAPE_SAID || kind == ESCAPE_SENTENCE;
    struct piece said = spoken ? said_piece(text, !code) : literal("", 0);
    if (said.length > 0)
        return said;
    if (*text == '&')
        return literal("&amp;", 1);
    if (*text == '<')
        return literal("&lt;", 1);
    if (*text == '>')
        return literal("&gt;", 1);
    if (*text == '`')
        return back_quote(text, kind, after_quote);
    if (*text == '\n' && kind != ESCAPE_LINE && kind != ESCAPE_SAID)
        return literal("\n", 1);
    if (is_control(text))
        return literal(" ", length);
    return (struct piece){ text, length, units_of(text, length), length, false };
}

/* A cut must not leave a code span open: Slack would show the back-quote, and what follows as code. */
static void close_cut(struct sw_buf *buf, size_t start, size_t end)
{
    bool open = false;
    buf->length = end;
    buf->data[end] = '\0';
    for (size_t i = start; i < end; i++)
        open ^= buf->data[i] == '`';
    sw_buf_puts(buf, MORE);
    if (open)
        sw_buf_puts(buf, "`");
}

static void put_valid(struct sw_buf *buf, enum escape_kind kind, const char *text, size_t max_units)
{
    size_t start = buf->length, fits = start, units = 0;
    for (bool after_quote = false, code = false; *text && !buf->failed;) {
        struct piece piece = next_piece(text, kind, after_quote, code);
        if (units + piece.units > max_units) {
            if (buf->data && max_units > 0)
                close_cut(buf, start, fits);
            return;
        }
        if (piece.link) {
            sw_buf_puts(buf, "<");
            append_url(buf, piece.text, piece.length);
            sw_buf_puts(buf, ">");
        } else
            sw_buf_append(buf, piece.text, piece.length);
        units += piece.units;
        if (units + 2 <= max_units) /* room for the sign of the cut and a closing back-quote */
            fits = buf->length;
        after_quote = *text == '`';
        code ^= after_quote && *piece.text == '`';
        text += piece.taken;
    }
}

void escape_put(struct sw_buf *buf, enum escape_kind kind, const char *text, size_t max_units)
{
    if (!text || !*text)
        return;
    sw_buf_append(buf, "", 0); /* so that there is a buffer to cut in */
    if (sw_utf8_valid(text, strlen(text))) {
        put_valid(buf, kind, text, max_units);
        return;
    }
    SW_AUTO_FREE char *repaired = sw_utf8_repair_new(text, strlen(text));
    if (repaired)
        put_valid(buf, kind, repaired, max_units);
    else
        buf->failed = true;
}

void escape_put_code(struct sw_buf *buf, const char *text, size_t max_units)
{
    if (!text || !*text)
        return;
    sw_buf_puts(buf, "`");
    escape_put(buf, ESCAPE_LINE, text, max_units);
    sw_buf_puts(buf, "`");
}

static bool is_id(const char *text, char first, char other)
{
    return (*text == first || *text == other) && text[1] && text[strspn(text, ID_CHARACTERS)] == '\0';
}

void escape_put_channel(struct sw_buf *buf, const char *channel)
{
    if (is_id(channel, 'C', 'G'))
        sw_buf_printf(buf, "<#%s>", channel);
    else
        escape_put_code(buf, channel, 200);
}

bool escape_is_url(const char *text) { return text && *text && url_length(text) == strlen(text); }

void escape_put_link(struct sw_buf *buf, const char *url, const char *label, size_t max_units)
{
    if (!escape_is_url(url)) {
        escape_put(buf, ESCAPE_LINE, label ? label : url, max_units);
        return;
    }
    sw_buf_puts(buf, "<");
    append_url(buf, url, strlen(url));
    if (label && *label) {
        SW_AUTO_FREE char *safe = sw_strdup(label);
        for (char *at = safe; at && (at = strchr(at, '|')) != NULL;)
            *at = '/';
        buf->failed = buf->failed || !safe;
        sw_buf_puts(buf, "|");
        escape_put(buf, ESCAPE_LINE, safe, max_units);
    }
    sw_buf_puts(buf, ">");
}

void escape_put_user(struct sw_buf *buf, const char *user)
{
    if (is_id(user, 'U', 'W'))
        sw_buf_printf(buf, "<@%s>", user);
    else
        escape_put_code(buf, user, 200);
}

void escape_put_time(struct sw_buf *buf, int64_t at_ms, int64_t now_ms)
{
    char text[SW_RFC3339_SIZE];
    bool near = at_ms - now_ms < DAY_NEAR_MS && now_ms - at_ms < DAY_NEAR_MS;
    sw_rfc3339(at_ms, text); /* 2026-09-01T12:00:00.123Z */
    sw_buf_printf(buf, "<!date^%lld^%s|%.10s %.8s UTC>", (long long)(at_ms / 1000),
                  near ? "{time_secs}" : "{date_short_pretty} {time}", text, text + 11);
}
