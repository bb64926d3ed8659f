/* SPDX-License-Identifier: Apache-2.0
 * response_host: whether a URL that a peer gave us (a response_url) may be called. Pure.
 *
 * allowed_list is SLACK_RESPONSE_HOSTS: comma separated; a bare host means https on 443, an origin such as
 * "http://127.0.0.1:3080" allows exactly that. Compared byte for byte: no suffixes, no other case, no user, no
 * fragment.
 */
#ifndef GATEWAY_CORE_RESPONSE_HOST_H
#define GATEWAY_CORE_RESPONSE_HOST_H

#include <stdbool.h>

enum { RESPONSE_URL_MAX = 2048 };

bool response_host_allowed(const char *allowed_list, const char *url);

#endif
