/* SPDX-License-Identifier: Apache-2.0
 * Source of the grammar: RFC 3986; of the encoded characters and the dropped ports: the WHATWG URL standard. */
#include "common/base/url.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char BLANKS[] = " \t\r\n\v\f";

struct parts {
    const char *scheme, *rest, *end; /* rest: behind the colon */
    size_t scheme_length;
    const char *host, *host_end; /* between "//" and the path, with a user and a port */
};

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c); }

static bool scheme_is(const struct parts *parts, const char *name)
{
    return strlen(name) == parts->scheme_length && strncasecmp(parts->scheme, name, parts->scheme_length) == 0;
}

static struct sw_status no_url(const char *why)
{
    return sw_fail(SW_CODE_INVALID, "that is no URL: %s HINT: such as https://example.com/pull/42", why);
}

static struct sw_status find_scheme(struct parts *parts)
{
    static const char SIGNS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.";
    static const char *const CODE[] = { "javascript", "vbscript", "data" };
    parts->scheme_length = strspn(parts->scheme, SIGNS);
    bool letter = lower(*parts->scheme) >= 'a' && lower(*parts->scheme) <= 'z';
    if (!letter || parts->scheme[parts->scheme_length] != ':')
        return no_url("it does not begin with https:// or the like");
    for (size_t i = 0; i < SW_COUNT(CODE); i++)
        if (scheme_is(parts, CODE[i]))
            return no_url("it carries code");
    parts->rest = parts->scheme + parts->scheme_length + 1;
    return parts->rest < parts->end ? sw_ok() : no_url("nothing follows the colon");
}

static struct sw_status find_host(struct parts *parts)
{
    bool web = scheme_is(parts, "http") || scheme_is(parts, "https");
    if (!sw_starts_with(parts->rest, "//")) {
        if (web)
            return no_url("two slashes follow http: and https:");
        return strcspn(parts->rest, BLANKS) < (size_t)(parts->end - parts->rest) ? no_url("it has blanks") : sw_ok();
    }
    parts->host = parts->rest + 2;
    size_t length = strcspn(parts->host, "/?#\\");
    parts->host_end = parts->host + length < parts->end ? parts->host + length : parts->end;
    for (const char *at = parts->host; at < parts->host_end; at++)
        if (strchr(" \t\r\n\v\f\"<>`{}^|", *at))
            return no_url("its host has a sign that no host has");
    bool empty = parts->host == parts->host_end;
    return empty && web ? no_url("it has no host") : sw_ok();
}

static struct sw_status read_parts(const char *text, struct parts *ret_parts)
{
    struct parts parts = { .scheme = text + strspn(text, BLANKS) };
    parts.end = parts.scheme + strlen(parts.scheme);
    while (parts.end > parts.scheme && strchr(BLANKS, parts.end[-1]))
        parts.end--;
    if (parts.end - parts.scheme > SW_URL_MAX)
        return sw_fail(SW_CODE_TOO_LARGE, "the URL is longer than %d bytes", SW_URL_MAX);
    for (const char *at = parts.scheme; at < parts.end; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return no_url("it has line breaks or control characters");
    SW_TRY(find_scheme(&parts));
    SW_TRY(find_host(&parts));
    *ret_parts = parts;
    return sw_ok();
}

static void put_lower(struct sw_buf *buf, const char *begin, const char *end)
{
    for (; begin < end; begin++) {
        char c = lower(*begin);
        sw_buf_append(buf, &c, 1);
    }
}

static void put_encoded(struct sw_buf *buf, const char *begin, const char *end)
{
    for (; begin < end; begin++) {
        unsigned char c = (unsigned char)*begin;
        if (c <= 0x20 || c >= 0x7F || strchr("\"<>`{}|\\^", c))
            sw_buf_printf(buf, "%%%02X", c);
        else
            sw_buf_append(buf, begin, 1);
    }
}

/* Where the host ends without ":443" of https. */
static const char *without_own_port(const struct parts *parts)
{
    static const struct {
        const char *scheme, *port;
    } OWN[] = { { "http", ":80" }, { "https", ":443" }, { "ws", ":80" }, { "wss", ":443" }, { "ftp", ":21" } };
    for (size_t i = 0; i < SW_COUNT(OWN); i++) {
        size_t length = strlen(OWN[i].port);
        if (scheme_is(parts, OWN[i].scheme) && (size_t)(parts->host_end - parts->host) > length &&
            memcmp(parts->host_end - length, OWN[i].port, length) == 0)
            return parts->host_end - length;
    }
    return parts->host_end;
}

static void put_host(struct sw_buf *buf, const struct parts *parts)
{
    const char *at = memchr(parts->host, '@', (size_t)(parts->host_end - parts->host));
    const char *host = at ? at + 1 : parts->host;
    sw_buf_puts(buf, "//");
    put_encoded(buf, parts->host, host); /* a user's name keeps its case */
    put_lower(buf, host, without_own_port(parts));
    if (parts->host_end == parts->end || *parts->host_end != '/')
        sw_buf_puts(buf, "/");
}

struct sw_status sw_url_normalise(const char *text, char **ret_url)
{
    struct parts parts = { 0 };
    struct sw_buf buf = { .max_bytes = 4 * SW_URL_MAX };
    SW_TRY(read_parts(text, &parts));
    put_lower(&buf, parts.scheme, parts.scheme + parts.scheme_length + 1);
    if (parts.host)
        put_host(&buf, &parts);
    put_encoded(&buf, parts.host ? parts.host_end : parts.rest, parts.end);
    char *url = sw_buf_take(&buf);
    if (!url)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    *ret_url = url;
    return sw_ok();
}
