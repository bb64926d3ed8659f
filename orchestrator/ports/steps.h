/* SPDX-License-Identifier: Apache-2.0
 * steps: the port through which attempts of steps run, one supervisor (slipway-step) each.
 *
 * An attempt is named by its attempt id, which is also its run directory's name. Every verb may be repeated.
 * The spec is what slipway-step reads from stdin, one JSON object:
 *   {"attempt":"d-....1.1", "workflow":"d-...", "step":"build", "kind":"run"|"http"|"probe",
 *    "argv":["./build.sh","main"],              run and probe; a string `run` is already ["/bin/sh","-euc",TEXT]
 *    "http":{"method","url","headers":{},"body":null|"...","expect":[200]},   http
 *    "dir":"/abs/dir", "env":{"NAME":"value"},  the whole environment but SLIPWAY_STATUS, PATH, HOME and the secrets
 *    "secrets":["REGISTRY_TOKEN"], "timeout_ms":600000, "grace_ms":10000, "epoch":1767225600000}
 * SLIPWAY_WORKFLOW, SLIPWAY_STEP, SLIPWAY_ATTEMPT, SLIPWAY_EPOCH, SLIPWAY_SERVICE, SLIPWAY_ENVIRONMENT, SLIPWAY_REF and
 * SLIPWAY_PARAM_* stand in "env" already. */
#ifndef ORCHESTRATOR_PORTS_STEPS_H
#define ORCHESTRATOR_PORTS_STEPS_H

#include "orchestrator/core/step_report.h"

/* Where the adapter tells what happened, from its own thread; must not block. */
struct steps_listener {
    void (*finished)(void *self, const struct step_report *report);
    void (*progress)(void *self, const char *attempt, const char *status_line);
    void *self;
};

struct steps_port {
    /* Starts the attempt, or adopts it when it was started before; finished() follows exactly once in this process's
     * life. SW_RETRY: nothing was started, try again. */
    struct sw_status (*start)(void *self, const char *attempt, const json_t *spec);
    /* TERM to everything it started, KILL after the grace; finished() follows. An unknown attempt is no error. */
    void (*stop)(void *self, const char *attempt);
    /* What the run directory says now. An attempt found running is adopted: finished() will follow. */
    struct sw_status (*observe)(void *self, const char *attempt, struct step_report *ret_report);
    /* An attempt that was absent never begins from now on, and is one that was stopped. SW_CODE_REFUSED: it has begun.
     */
    struct sw_status (*bar)(void *self, const char *attempt);
    /* The lease as it is now: shown to every supervisor that can be reached. */
    void (*show_lease)(void *self, int64_t epoch, int64_t valid_ms);
    /* The result is stored: the run directory may go after 24 h. */
    void (*stored)(void *self, const char *attempt);
    /* Ids for the intent: of the state directory and of this boot. */
    const char *(*state_dir)(void *self);
    const char *(*boot)(void *self);
    void *self;
};

#endif
