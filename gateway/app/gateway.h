/* SPDX-License-Identifier: Apache-2.0
 * gateway: all parts of a running gateway, started and stopped in their order. For main alone. */
#ifndef GATEWAY_APP_GATEWAY_H
#define GATEWAY_APP_GATEWAY_H

#include "gateway/app/gateway_settings.h"

struct gateway;

struct sw_status gateway_start(const struct gateway_settings *settings, struct gateway **ret_gateway) SW_MUST_CHECK;
/* New signing secrets; the rest is read at the start alone. */
struct sw_status gateway_reload(struct gateway *gateway, const struct gateway_settings *settings) SW_MUST_CHECK;
/* Not ready any more; answers what is under way, delivers what was taken, at most some 10 s. */
void gateway_drain(struct gateway *gateway);
void gateway_free(struct gateway *gateway); /* NULL and half-started ones too */

#endif
