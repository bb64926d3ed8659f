/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/slack_form.h"

#include "common/base/text.h"

#include <string.h>

static const char *const SINGLE[] = { "command",      "payload",    "ssl_check",    "text",
                                      "team_id",      "user_id",    "channel_id",   "trigger_id",
                                      "response_url", "api_app_id", "enterprise_id" };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%HH" at text stands for, -1 when it is none. */
static int percent_byte(const char *text, size_t left)
{
    if (left < 3 || hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0)
        return -1;
    return hex_digit(text[1]) * 16 + hex_digit(text[2]);
}

/* Decodes one name or value in place; the byte behind it is overwritten. */
static struct sw_status decode(char *text, size_t length)
{
    size_t out = 0;
    for (size_t in = 0; in < length; in++) {
        int byte = text[in] == '+' ? ' ' : (unsigned char)text[in];
        if (byte == '%') {
            byte = percent_byte(text + in, length - in);
            in += 2;
        }
        if (byte <= 0)
            return sw_fail(SW_CODE_INVALID, "form: bad percent sign or NUL");
        text[out++] = (char)byte;
    }
    text[out] = '\0';
    return sw_utf8_valid(text, out) ? sw_ok() : sw_fail(SW_CODE_INVALID, "form: invalid UTF-8");
}

static struct sw_status add_pair(struct slack_form *form, char *pair, size_t length)
{
    char *equals = memchr(pair, '=', length);
    size_t name_length = equals ? (size_t)(equals - pair) : length;
    char *value = equals ? equals + 1 : pair + length;
    if (form->count == SLACK_FORM_MAX_FIELDS)
        return sw_fail(SW_CODE_INVALID, "form: more than %d fields", SLACK_FORM_MAX_FIELDS);
    SW_TRY(decode(value, (size_t)(pair + length - value)));
    SW_TRY(decode(pair, name_length));
    form->fields[form->count++] = (struct slack_field){ pair, value };
    return sw_ok();
}

static struct sw_status check_single(const struct slack_form *form)
{
    for (size_t i = 0; i < SW_COUNT(SINGLE); i++) {
        size_t seen = 0;
        for (size_t f = 0; f < form->count; f++)
            seen += strcmp(form->fields[f].name, SINGLE[i]) == 0;
        if (seen > 1)
            return sw_fail(SW_CODE_INVALID, "form: \"%s\" stands %zu times", SINGLE[i], seen);
    }
    if (slack_form_get(form, "command") && slack_form_get(form, "payload"))
        return sw_fail(SW_CODE_INVALID, "form: both \"command\" and \"payload\"");
    return sw_ok();
}

static struct sw_status split(struct slack_form *form, size_t length)
{
    char *at = form->storage, *end = form->storage + length;
    while (at < end) {
        char *ampersand = memchr(at, '&', (size_t)(end - at));
        char *next = ampersand ? ampersand : end;
        if (next > at)
            SW_TRY(add_pair(form, at, (size_t)(next - at)));
        at = next + 1;
    }
    return check_single(form);
}

struct sw_status slack_form_parse(const void *body, size_t length, struct slack_form *ret_form)
{
    ret_form->count = 0;
    ret_form->storage = malloc(length + 1);
    if (!ret_form->storage)
        return sw_fail(SW_CODE_NO_MEMORY, "form: out of memory");
    memcpy(ret_form->storage, body, length);
    ret_form->storage[length] = '\0';
    struct sw_status status = split(ret_form, length);
    if (sw_failed(status))
        slack_form_release(ret_form);
    return status;
}

const char *slack_form_get(const struct slack_form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return form->fields[i].value;
    return NULL;
}

const char *slack_form_field(const void *form, const char *name)
{
    const char *value = slack_form_get(form, name);
    return value ? value : "";
}

void slack_form_release(struct slack_form *form)
{
    free(form->storage);
    form->storage = NULL;
    form->count = 0;
}

bool slack_form_is_ssl_check(const void *body, size_t length)
{
    enum { PROBE_MAX_BYTES = 512 }; /* unsigned input: do not even decode a large one */
    struct slack_form form;
    if (length > PROBE_MAX_BYTES || sw_failed(slack_form_parse(body, length, &form)))
        return false;
    bool alone = form.count == 1 || (form.count == 2 && slack_form_get(&form, "token"));
    bool probe = alone && sw_equal(slack_form_get(&form, "ssl_check"), "1");
    slack_form_release(&form);
    return probe;
}
