/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool sw_copy(char *ret_text, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length < size) {
        memcpy(ret_text, text, length + 1);
        return true;
    }
    size_t kept = size - 1;
    while (kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80)
        kept--;
    memcpy(ret_text, text, kept);
    ret_text[kept] = '\0';
    return false;
}

bool sw_equal(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    return strcmp(a, b) == 0;
}

bool sw_starts_with(const char *text, const char *prefix) { return strncmp(text, prefix, strlen(prefix)) == 0; }

bool sw_blank(const char *text) { return !text || text[strspn(text, " \t\r\n\v\f")] == '\0'; }

char *sw_strdup(const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

/* Letters with capitals begin with these bytes in UTF-8: U+00C0 to U+05BF, and U+1000 to U+1FFF. */
static bool begins_cased_letter(char byte)
{
    return ((unsigned char)byte >= 0xC3 && (unsigned char)byte <= 0xD6) || (unsigned char)byte == 0xE1;
}

static bool has_capitals(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *at = word + i;
        if (begins_cased_letter(*at) || sw_starts_with(at, "://") || sw_starts_with(at, "<@") ||
            sw_starts_with(at, "<#"))
            return false;
    }
    return true;
}

char *sw_capitals_new(const char *text)
{
    char *capitals = sw_strdup(text);
    for (char *word = capitals; word && *word;) {
        word += strspn(word, " \t");
        const size_t length = strcspn(word, " \t");
        const bool changes = has_capitals(word, length);
        for (size_t i = 0; changes && i < length; i++)
            if ((unsigned char)word[i] < 0x80)
                word[i] = (char)toupper((unsigned char)word[i]);
        word += length;
    }
    return capitals;
}

bool sw_parse_i64(const char *text, int64_t min, int64_t max, int64_t *ret_value)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    if (*digits == '\0' || strlen(digits) > 19 || strspn(digits, "0123456789") != strlen(digits))
        return false;
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno || value < min || value > max)
        return false;
    *ret_value = value;
    return true;
}

enum { EDIT_MAX_LENGTH = 64 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Optimal string alignment, three rows. No later row holds less than the least of the last two. */
size_t sw_edit_distance(const char *a, const char *b, size_t limit)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    size_t difference = a_length > b_length ? a_length - b_length : b_length - a_length;
    if (a_length > EDIT_MAX_LENGTH || b_length > EDIT_MAX_LENGTH || difference > limit)
        return limit + 1;
    size_t last_least = 0;
    size_t rows[3][EDIT_MAX_LENGTH + 1];
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = rows[i % 3], *last = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];
        size_t row_least = now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = least(least(last[j] + 1, now[j - 1] + 1), replaced);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
            row_least = least(row_least, now[j]);
        }
        if (row_least > limit && last_least > limit)
            return limit + 1;
        last_least = row_least;
    }
    return least(rows[a_length % 3][b_length], limit + 1);
}

const char *sw_nearest(const char *text, const char *const *candidates, size_t count)
{
    size_t limit = strlen(text) / 3 > 1 ? strlen(text) / 3 : 1;
    const char *nearest = NULL;
    size_t least_distance = limit + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = sw_edit_distance(text, candidates[i], limit);
        if (distance < least_distance) {
            least_distance = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}
