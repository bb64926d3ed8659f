/* SPDX-License-Identifier: Apache-2.0
 * orchestrator: all parts of a running orchestrator, started and stopped in their order, and the loop that owns the
 * leader. For main alone. */
#ifndef ORCHESTRATOR_APP_ORCHESTRATOR_H
#define ORCHESTRATOR_APP_ORCHESTRATOR_H

#include "orchestrator/app/settings.h"

struct orchestrator;

struct sw_status orchestrator_start(const struct settings *settings,
                                    struct orchestrator **ret_orchestrator) SW_MUST_CHECK;
/* Reads slipway.yaml again; a bad file keeps the old one. */
struct sw_status orchestrator_reload(struct orchestrator *orchestrator) SW_MUST_CHECK;
/* Waits up to timeout_ms; true when the loop has ended by itself, *ret_status says why. */
bool orchestrator_ended(struct orchestrator *orchestrator, struct sw_status *ret_status);
int orchestrator_ended_fd(const struct orchestrator *orchestrator); /* readable when it has ended */
/* Commits what is in hand, gives the lease up, joins. Running steps go on. */
void orchestrator_stop(struct orchestrator *orchestrator);
void orchestrator_free(struct orchestrator *orchestrator); /* NULL and half-started ones too */

#endif
