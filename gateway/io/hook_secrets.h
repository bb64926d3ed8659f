/* SPDX-License-Identifier: Apache-2.0
 * hook_secrets: the secrets of those who may send webhooks: SLIPWAY_HOOK_SECRET_<SOURCE>, or the same with _FILE, one
 * for each source. Ownership: hook_secrets_release(). */
#ifndef GATEWAY_IO_HOOK_SECRETS_H
#define GATEWAY_IO_HOOK_SECRETS_H

#include "common/base/settings.h"
#include "gateway/io/hook_gate.h"

enum { HOOK_SOURCES_MAX = 32, HOOK_SECRET_MIN = 16 };

struct hook_secrets {
    struct hook_secret list[HOOK_SOURCES_MAX];
    size_t count;
};

/* environment: NAME=VALUE, ended by NULL; its names say which sources there are. SW_CODE_CONFIG: the variable, what is
 * wrong and what to do; nothing to release then. */
struct sw_status hook_secrets_load(char *const *environment, const struct sw_settings_source *source,
                                   struct hook_secrets *ret_secrets) SW_MUST_CHECK;
void hook_secrets_release(struct hook_secrets *secrets); /* wipes them */

#endif
