/* SPDX-License-Identifier: Apache-2.0
 * proxy: what HTTPS_PROXY and NO_PROXY say, read as curl reads them, for libraries that do not. Pure: values are given.
 *
 * Only HTTP proxies that are asked with CONNECT: a proxy that itself wants TLS, or SOCKS, is refused with a clear text.
 * NO_PROXY: a comma list of hosts; each covers its subdomains too, with or without a leading dot; "*" covers all. */
#ifndef COMMON_BASE_PROXY_H
#define COMMON_BASE_PROXY_H

#include "common/base/status.h"

#include <stdint.h>

enum { SW_PROXY_HOST_SIZE = 120, SW_PROXY_USER_SIZE = 96 };

struct sw_proxy {
    char host[SW_PROXY_HOST_SIZE]; /* a name, an IPv4 address, or an IPv6 address between brackets */
    int32_t port;
    char user[SW_PROXY_USER_SIZE]; /* "name:password", decoded; "" when none. A secret. */
};

/* "[http://][name:password@]host[:port][/]"; the port is 1080 when absent, as for curl. SW_CODE_CONFIG never quotes. */
struct sw_status sw_proxy_parse(const char *text, struct sw_proxy *ret_proxy) SW_MUST_CHECK;
/* Whether NO_PROXY (NULL: unset) takes the host out. */
bool sw_proxy_bypassed(const char *no_proxy, const char *host);

#endif
