/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/names.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <stdbool.h>
#include <string.h>

static const char BLANKS[] = " \t\r\n\v\f";

static const char *trim(const char *text, size_t *ret_length)
{
    text += strspn(text, BLANKS);
    size_t length = strlen(text);
    while (length > 0 && strchr(BLANKS, text[length - 1]))
        length--;
    *ret_length = length;
    return text;
}

static char *copy_new(const char *text, size_t length)
{
    struct sw_buf buf = { 0 };
    sw_buf_append(&buf, text, length);
    return sw_buf_take(&buf);
}

/* ---- ids ---- */

enum { ID_MIN = 5, ID_MAX = 20 };

static size_t id_length(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    return length >= ID_MIN && length <= ID_MAX ? length : 0;
}

/* The id within a mention that fills the whole text; 0: it is none. */
static size_t mention(const char *text, size_t length, const char **ret_id)
{
    bool bracket = *text == '<';
    const char *id = text + bracket;
    if (*id != '@')
        return 0;
    size_t found = id_length(++id);
    const char *end = id + found;
    if (bracket && *end == '|')
        end += strcspn(end, ">");
    if (bracket && *end++ != '>')
        return 0;
    *ret_id = id;
    return found > 0 && end == text + length ? found : 0;
}

char *sw_user_argument_new(const char *text)
{
    size_t length;
    const char *id = NULL;
    text = trim(text, &length);
    size_t found = mention(text, length, &id);
    return found > 0 ? copy_new(id, found) : copy_new(text, length);
}

/* ---- names ---- */

/* The byte at which the character of that number begins. */
static size_t character_at(const char *text, size_t number) { return sw_utf8_prefix_bytes(text, number); }

char *sw_quiet_name_new(const char *name)
{
    size_t length;
    name = trim(name, &length);
    SW_AUTO_FREE char *trimmed = copy_new(name, length);
    if (!trimmed)
        return NULL;
    size_t characters = sw_utf8_characters(trimmed);
    if (characters < 2)
        return SW_TAKE(trimmed);
    bool both_ends = characters > 2 && strchr(trimmed, ' ');
    size_t first = character_at(trimmed, 1), last = both_ends ? character_at(trimmed, characters - 1) : length;
    struct sw_buf buf = { 0 };
    sw_buf_printf(&buf, "%.*s.%.*s", (int)first, trimmed, (int)(last - first), trimmed + first);
    if (both_ends)
        sw_buf_printf(&buf, ".%s", trimmed + last);
    return sw_buf_take(&buf);
}

char *sw_leads_new(const char *point, const char *comms)
{
    bool has_point = !sw_blank(point), has_comms = !sw_blank(comms);
    SW_AUTO_FREE char *on_point = sw_quiet_name_new(has_point ? point : "");
    SW_AUTO_FREE char *on_comms = sw_quiet_name_new(has_comms ? comms : "");
    struct sw_buf buf = { 0 };
    if (!on_point || !on_comms)
        return NULL;
    if (has_point && has_comms && strcmp(on_point, on_comms) == 0)
        sw_buf_printf(&buf, "%s on point and comms", on_point);
    else {
        if (has_point)
            sw_buf_printf(&buf, "%s on point", on_point);
        if (has_comms)
            sw_buf_printf(&buf, "%s%s on comms", has_point ? ", " : "", on_comms);
    }
    return sw_buf_take(&buf);
}

void sw_names_sort(const char **names, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const char *name = names[i];
        size_t place = i;
        for (; place > 0 && strcasecmp(names[place - 1], name) > 0; place--)
            names[place] = names[place - 1];
        names[place] = name;
    }
}
