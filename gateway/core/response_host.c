/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/response_host.h"

#include <stddef.h>
#include <string.h>

struct span {
    const char *text;
    size_t length;
};

static bool span_equals(struct span a, const char *text, size_t length)
{
    return a.length == length && memcmp(a.text, text, length) == 0;
}

/* Printable ASCII; a backslash is a slash to some parsers and none to others. */
static bool plain_url(const char *url)
{
    size_t length = strlen(url);
    if (length > RESPONSE_URL_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        if (url[i] <= ' ' || url[i] > '~' || strchr("\\#<>\"", url[i]))
            return false;
    return true;
}

/* "https://hooks.slack.com:443/x": the origin ends before the path, which must be there. */
static bool split_origin(const char *url, struct span *ret_origin, struct span *ret_authority)
{
    const char *authority = strstr(url, "://");
    if (!authority)
        return false;
    authority += 3;
    size_t length = strcspn(authority, "/?");
    if (length == 0 || authority[length] != '/' || memchr(authority, '@', length))
        return false;
    *ret_authority = (struct span){ authority, length };
    *ret_origin = (struct span){ url, (size_t)(authority - url) + length };
    return true;
}

static bool entry_allows(struct span entry, struct span origin, struct span authority)
{
    size_t scheme_bytes = (size_t)(authority.text - origin.text);
    if (memmem(entry.text, entry.length, "://", 3)) {
        if (entry.text[entry.length - 1] == '/')
            entry.length--;
        return span_equals(origin, entry.text, entry.length);
    }
    if (!span_equals((struct span){ origin.text, scheme_bytes }, "https://", 8))
        return false;
    if (authority.length == entry.length + 4 && memcmp(authority.text + entry.length, ":443", 4) == 0)
        authority.length = entry.length;
    return span_equals(authority, entry.text, entry.length);
}

bool response_host_allowed(const char *allowed_list, const char *url)
{
    struct span origin, authority;
    if (!plain_url(url) || !split_origin(url, &origin, &authority))
        return false;
    for (const char *at = allowed_list; *at; at += *at == ',') {
        at += strspn(at, " ");
        size_t length = strcspn(at, ", ");
        if (length > 0 && entry_allows((struct span){ at, length }, origin, authority))
            return true;
        at += strcspn(at, ",");
    }
    return false;
}
