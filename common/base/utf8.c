/* SPDX-License-Identifier: Apache-2.0
 * The UTF-8 part of text.h. Source: RFC 3629, section 4 (the ABNF of well-formed sequences). */
#include "common/base/buf.h"
#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

/* Length of the well-formed sequence at data, 0 when there is none. */
static size_t sequence_length(const unsigned char *data, size_t left)
{
    unsigned char lead = data[0];
    if (lead < 0x80)
        return 1;
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || left < length)
        return 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (data[1] < low || data[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((data[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

bool sw_utf8_valid(const char *data, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)data;
    for (size_t i = 0; i < length;) {
        size_t step = sequence_length(bytes + i, length - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

static bool starts_character(char byte) { return ((unsigned char)byte & 0xC0) != 0x80; }

size_t sw_utf8_characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += starts_character(*text);
    return count;
}

size_t sw_utf8_prefix_bytes(const char *text, size_t max_characters)
{
    size_t i = 0, count = 0;
    for (; text[i]; i++) {
        if (starts_character(text[i]) && count++ == max_characters)
            return i;
    }
    return i;
}

void sw_utf8_mend(char *text)
{
    size_t length = strlen(text), kept = 0;
    for (size_t i = 0; i < length;) {
        size_t step = sequence_length((const unsigned char *)text + i, length - i);
        memmove(text + kept, text + i, step);
        kept += step;
        i += step ? step : 1;
    }
    text[kept] = '\0';
}

bool sw_vprint(char *ret_text, size_t size, const char *format, va_list arguments)
{
    int length = vsnprintf(ret_text, size, format, arguments);
    if (length < 0)
        ret_text[0] = '\0';
    sw_utf8_mend(ret_text);
    return length >= 0 && (size_t)length < size;
}

bool sw_print(char *ret_text, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bool whole = sw_vprint(ret_text, size, format, arguments);
    va_end(arguments);
    return whole;
}

char *sw_utf8_repair_new(const char *data, size_t length)
{
    static const char REPLACEMENT[] = "\xEF\xBF\xBD";
    const unsigned char *bytes = (const unsigned char *)data;
    struct sw_buf buf = { .max_bytes = length * 3 + 1 };
    for (size_t i = 0; i < length;) {
        size_t step = sequence_length(bytes + i, length - i);
        bool control = step == 1 && (bytes[i] < 0x20 || bytes[i] == 0x7F) && bytes[i] != '\n' && bytes[i] != '\t';
        if (step == 0 || control)
            sw_buf_puts(&buf, REPLACEMENT);
        else
            sw_buf_append(&buf, data + i, step);
        i += step ? step : 1;
    }
    return sw_buf_take(&buf);
}
