/* SPDX-License-Identifier: Apache-2.0
 * deploy_args: [service] [ref] [to environment] [KEY=value ...] as the arguments of a deploy command. Pure. */
#ifndef GATEWAY_CORE_DEPLOY_ARGS_H
#define GATEWAY_CORE_DEPLOY_ARGS_H

#include "gateway/core/command_parse.h"
#include "gateway/core/command_words.h"

/* True: *ret_args is {service, ref, environment, params}, null where nothing was said. False: ret_error says what is
 * wrong and why, and perhaps what to do. */
bool deploy_args_read(const struct command_words *words, json_t **ret_args, struct command_error *ret_error);

#endif
