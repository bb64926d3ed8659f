/* SPDX-License-Identifier: Apache-2.0
 * command_names: how the slash commands are called in this workspace (SLIPWAY_COMMAND_NAMES). The newest app that owns
 * a name wins it, so names can be changed. Plain value, pure. */
#ifndef GATEWAY_CORE_COMMAND_NAMES_H
#define GATEWAY_CORE_COMMAND_NAMES_H

#include "common/base/status.h"

enum { COMMAND_NAME_SIZE = 34 }; /* Slack's limit is 32, with the slash */

/* clang-format off */
#define COMMAND_FAMILIES(X) X(DEPLOY, "deploy") X(CHECK_STATUS, "check_status") X(INCIDENT, "incident")
/* clang-format on */
#define COMMAND_FAMILY_ENUM_(name, text) COMMAND_##name,
enum command_family { COMMAND_FAMILIES(COMMAND_FAMILY_ENUM_) COMMAND_FAMILY_COUNT };
#undef COMMAND_FAMILY_ENUM_

struct command_names {
    char typed[COMMAND_FAMILY_COUNT][COMMAND_NAME_SIZE]; /* "/deploy" */
};

void command_names_preset(struct command_names *ret_names);
/* "deploy=/ship,incident=/inc"; what is not said keeps its preset. SW_CODE_CONFIG names the entry. */
struct sw_status command_names_parse(const char *text, struct command_names *ret_names) SW_MUST_CHECK;
bool command_names_find(const struct command_names *names, const char *typed, enum command_family *ret_family);

#endif
