/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/incident_text.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <ctype.h>
#include <string.h>

static const char BLANKS[] = " \t\r\n";

static char *trimmed_new(const char *text, size_t length)
{
    while (length > 0 && strchr(BLANKS, *text)) {
        text++;
        length--;
    }
    while (length > 0 && strchr(BLANKS, text[length - 1]))
        length--;
    return strndup(text, length);
}

bool incident_text_halves(const char *text, char **ret_first, char **ret_second)
{
    const char *arrow = strstr(text, "=>");
    char *first = trimmed_new(text, arrow ? (size_t)(arrow - text) : strlen(text));
    char *second = arrow ? trimmed_new(arrow + 2, strlen(arrow + 2)) : NULL;
    if (!first || (arrow && !second)) {
        free(first);
        return false;
    }
    if (second && !*second) {
        free(second);
        second = NULL;
    }
    *ret_first = first;
    *ret_second = second;
    return true;
}

static bool has(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (sw_equal(json_string_value(json_array_get(list, i)), text))
            return true;
    return false;
}

json_t *incident_text_list(const char *text)
{
    json_t *list = json_array();
    while (list && *text) {
        size_t length = strcspn(text, ",\n");
        SW_AUTO_FREE char *item = trimmed_new(text, length);
        if (!item || (*item && !has(list, item) && json_array_append_new(list, json_string(item)) != 0)) {
            json_decref(list);
            return NULL;
        }
        text += length + (text[length] != '\0');
    }
    return list;
}

json_t *incident_text_people(const char *text)
{
    enum { MAX_PEOPLE = 20 };
    static const char OF_IDS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    json_t *people = json_array();
    while (people && (text = strstr(text, "<@")) != NULL && json_array_size(people) < MAX_PEOPLE) {
        text += 2;
        size_t length = strspn(text, OF_IDS);
        if (length < 2 || text[length] != '>' || (*text != 'U' && *text != 'W'))
            continue;
        SW_AUTO_FREE char *id = strndup(text, length);
        if (!id || (!has(people, id) && json_array_append_new(people, json_string(id)) != 0)) {
            json_decref(people);
            return NULL;
        }
    }
    return people;
}

/* The length of "scheme:", 0 when the text begins otherwise (RFC 3986, 3.1). */
static size_t scheme_length(const char *text)
{
    size_t i = 0;
    if (!isalpha((unsigned char)*text))
        return 0;
    while (isalnum((unsigned char)text[i]) || (text[i] && strchr("+-.", text[i])))
        i++;
    return text[i] == ':' && text[i + 1] ? i + 1 : 0;
}

static void put_rest(struct sw_buf *url, const char *text)
{
    for (; *text; text++)
        if (strchr(" \t\"<>\\^`{|}", *text) || (unsigned char)*text < 0x20)
            sw_buf_printf(url, "%%%02X", (unsigned char)*text);
        else
            sw_buf_printf(url, "%c", *text);
}

char *incident_text_url_new(const char *text)
{
    size_t length = strlen(text);
    bool bracketed = length > 2 && *text == '<' && text[length - 1] == '>';
    SW_AUTO_FREE char *bare = bracketed ? trimmed_new(text + 1, length - 2) : trimmed_new(text, length);
    SW_AUTO_BUF struct sw_buf url = { .max_bytes = 8192 };
    size_t at = bare ? scheme_length(bare) : 0;
    if (at == 0)
        return NULL;
    for (size_t i = 0; i < at; i++)
        sw_buf_printf(&url, "%c", tolower((unsigned char)bare[i]));
    if (sw_starts_with(bare + at, "//")) {
        size_t host = 2 + strcspn(bare + at + 2, "/?#");
        if (host == 2)
            return NULL;
        for (size_t i = 0; i < host; i++)
            sw_buf_printf(&url, "%c", tolower((unsigned char)bare[at + i]));
        if (bare[at + host] != '/')
            sw_buf_puts(&url, "/");
        at += host;
    }
    put_rest(&url, bare + at);
    return sw_buf_take(&url);
}
