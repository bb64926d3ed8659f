/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/proxy.h"

#include "common/base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { PRESET_PORT = 1080 };

/* ---- the proxy ---- */

static int32_t hex_digit(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* %40 and the like; what is no such thing stays. */
static bool decode(const char *text, size_t length, char *ret_text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '%' && i + 2 < length && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            c = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
        if (used + 1 >= size)
            return false;
        ret_text[used++] = c;
    }
    ret_text[used] = '\0';
    return true;
}

static struct sw_status read_scheme(const char **text)
{
    const char *end = strstr(*text, "://");
    if (!end)
        return sw_ok();
    if (strncasecmp(*text, "http://", 7) != 0)
        return sw_fail(SW_CODE_CONFIG, "only proxies of the kind http:// are known HINT: not https:// and not socks");
    *text = end + 3;
    return sw_ok();
}

/* host, host:port, [address], [address]:port. */
static bool read_address(const char *text, size_t length, struct sw_proxy *proxy)
{
    char address[SW_PROXY_HOST_SIZE + 8];
    int64_t port = PRESET_PORT;
    if (length == 0 || length >= sizeof address)
        return false;
    memcpy(address, text, length);
    address[length] = '\0';
    char *from = address[0] == '[' ? strchr(address, ']') : address;
    char *colon = from ? strchr(from, ':') : NULL;
    if (!from || (colon && !sw_parse_i64(colon + 1, 1, UINT16_MAX, &port)))
        return false;
    if (colon)
        *colon = '\0';
    proxy->port = (int32_t)port;
    return *address && sw_copy(proxy->host, sizeof proxy->host, address);
}

struct sw_status sw_proxy_parse(const char *text, struct sw_proxy *ret_proxy)
{
    struct sw_proxy proxy = { 0 };
    SW_TRY(read_scheme(&text));
    size_t length = strcspn(text, "/");
    const char *at = memrchr(text, '@', length);
    if (at && !decode(text, (size_t)(at - text), proxy.user, sizeof proxy.user))
        return sw_fail(SW_CODE_CONFIG, "the proxy's user and password are longer than %d bytes",
                       SW_PROXY_USER_SIZE - 1);
    const char *address = at ? at + 1 : text;
    if (!read_address(address, length - (size_t)(address - text), &proxy))
        return sw_fail(SW_CODE_CONFIG, "the proxy is not of the form http://[user:password@]host:port");
    *ret_proxy = proxy;
    return sw_ok();
}

/* ---- exceptions ---- */

/* Whether the word is the host or a domain that it lies in. */
static bool covers(const char *word, size_t length, const char *host)
{
    const size_t host_length = strlen(host);
    if (length == 1 && *word == '*')
        return true;
    if (length > 0 && *word == '.') {
        word++;
        length--;
    }
    if (length == 0 || length > host_length || strncasecmp(host + host_length - length, word, length) != 0)
        return false;
    return length == host_length || host[host_length - length - 1] == '.';
}

bool sw_proxy_bypassed(const char *no_proxy, const char *host)
{
    static const char SEPARATORS[] = ", \t";
    for (const char *at = no_proxy ? no_proxy : ""; *(at += strspn(at, SEPARATORS));) {
        size_t length = strcspn(at, SEPARATORS);
        if (covers(at, length, host))
            return true;
        at += length;
    }
    return false;
}
