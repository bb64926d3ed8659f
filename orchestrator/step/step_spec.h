/* SPDX-License-Identifier: Apache-2.0
 * step_spec: what a supervisor is told about its attempt, read from stdin. The format stands in
 * orchestrator/ports/steps.h. */
#ifndef ORCHESTRATOR_STEP_STEP_SPEC_H
#define ORCHESTRATOR_STEP_STEP_SPEC_H

#include "common/json/jx.h"

enum { STEP_MAX_ENV = 256, STEP_MAX_ARGV = 256 };

struct step_secret {
    char *name, *value;
};

struct step_spec {
    json_t *json; /* owns the texts below */
    const char *attempt, *kind, *dir;
    const json_t *argv, *http, *env;
    struct step_secret *secrets;
    size_t secret_count;
    int64_t timeout_ms, grace_ms;
};

struct sw_status step_spec_parse(const char *text, size_t length, struct step_spec *ret_spec) SW_MUST_CHECK;
/* Reads each secret from its file in the directory. A missing one: SW_CODE_CONFIG, named. */
struct sw_status step_spec_read_secrets(struct step_spec *spec, const char *secrets_dir) SW_MUST_CHECK;
void step_spec_release(struct step_spec *spec); /* wipes secrets */

/* The whole environment of the command, ended by NULL. */
struct step_environment {
    char *entries[STEP_MAX_ENV + 1];
    size_t count;
};
struct sw_status step_environment_init(const struct step_spec *spec, const char *status_path, const char *path,
                                       const char *home, struct step_environment *ret_environment) SW_MUST_CHECK;
void step_environment_release(struct step_environment *environment);

#endif
