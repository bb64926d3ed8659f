/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/phrase.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <stdbool.h>
#include <string.h>

static const char BLANKS[] = " \t\r\n\v\f";

static bool is_blank(char c) { return c && strchr(BLANKS, c); }

/* Moves both ends inwards. */
static void trim(const char **begin, const char **end)
{
    while (*begin < *end && is_blank(**begin))
        (*begin)++;
    while (*end > *begin && is_blank((*end)[-1]))
        (*end)--;
}

static char *copy_new(const char *begin, const char *end)
{
    struct sw_buf buf = { 0 };
    sw_buf_append(&buf, begin, (size_t)(end - begin));
    return sw_buf_take(&buf);
}

char *sw_title_case_new(const char *text)
{
    char *title = sw_strdup(text);
    bool begins = true;
    for (char *at = title; at && *at; at++) {
        if (begins && *at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
        else if (!begins && *at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
        begins = is_blank(*at);
    }
    return title;
}

char *sw_unbracket_new(const char *text)
{
    const char *end = text + strlen(text);
    bool bracketed = *text == '<' && end[-1] == '>' && end - text >= 2;
    return bracketed ? copy_new(text + 1, end - 1) : copy_new(text, end);
}

char *sw_without_backquotes_new(const char *text)
{
    char *plain = sw_strdup(text);
    char *to = plain;
    for (const char *from = plain; from && *from; from++)
        if (*from != '`')
            *to++ = *from;
    if (to)
        *to = '\0';
    return plain;
}

struct sw_status sw_split_arrow(const char *text, char **ret_left, char **ret_right)
{
    const char *begin = text, *end = text + strlen(text);
    trim(&begin, &end);
    const char *arrow = strstr(begin, "=>");
    if (begin == end || arrow == begin)
        return sw_fail(SW_CODE_INVALID, "nothing stands before the arrow HINT: write it as \"who or what => why\"");
    const char *left_end = arrow ? arrow : end, *right = arrow ? arrow + 2 : end;
    trim(&begin, &left_end);
    trim(&right, &end);
    char *left_copy = copy_new(begin, left_end);
    char *right_copy = right < end ? copy_new(right, end) : NULL;
    if (!left_copy || (right < end && !right_copy)) {
        free(left_copy);
        free(right_copy);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    *ret_left = left_copy;
    *ret_right = right_copy;
    return sw_ok();
}

size_t sw_split_commas(char *text, const char **ret_items, size_t max_items)
{
    size_t count = 0;
    while (text) {
        char *comma = strchr(text, ','), *end = comma ? comma : text + strlen(text);
        text += strspn(text, BLANKS);
        while (end > text && is_blank(end[-1]))
            end--;
        bool empty = end <= text;
        if (!empty && count < max_items)
            ret_items[count] = text;
        if (!empty)
            *end = '\0';
        count += !empty;
        text = comma ? comma + 1 : NULL;
    }
    return count;
}
