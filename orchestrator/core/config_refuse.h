/* SPDX-License-Identifier: Apache-2.0
 * config_refuse: the texts with which a request is refused. Inside orchestrator/core/config*.c only. Each returns
 * false, so that a check can end with it. */
#ifndef ORCHESTRATOR_CORE_CONFIG_REFUSE_H
#define ORCHESTRATOR_CORE_CONFIG_REFUSE_H

#include "orchestrator/core/config.h"

/* format: "what happened||why||what to do". What is too long is cut between two characters. */
bool config_refuse(struct config_refusal *refusal, const char *code, const char *format, ...) SW_PRINTF(3, 4);
/* Lists the keys of the section. */
bool config_refuse_missing(struct config_refusal *refusal, const char *code, const char *text, const char *what,
                           const json_t *section);
/* "No service `x`. Close: ... All: ..." */
bool config_refuse_unknown(struct config_refusal *refusal, const char *code, const char *what, const char *name,
                           const json_t *section);
bool config_refuse_environment_missing(struct config_refusal *refusal, const char *service, const json_t *environments);
bool config_refuse_environment_unknown(struct config_refusal *refusal, const char *service, const char *name,
                                       const json_t *environments);

#endif
