/* SPDX-License-Identifier: Apache-2.0
 * plan: what a deployment will do, pinned when it was accepted.
 *
 * The definition is a JSON object made from the configuration as it was then; its canonical text is hashed and stored,
 * so a later change of slipway.yaml changes no deployment that exists. plan_parse() reads what the machine needs of it;
 * plan_spec_new() makes what slipway-step is told about one attempt (the format stands in ports/steps.h). Pure. */
#ifndef ORCHESTRATOR_CORE_PLAN_H
#define ORCHESTRATOR_CORE_PLAN_H

#include "common/base/backoff.h"
#include "orchestrator/core/config.h"

/* A new reference; NULL when out of memory. */
json_t *plan_definition_new(const struct config *config, const struct config_choice *choice) SW_MUST_CHECK;

enum plan_step_kind { PLAN_RUN, PLAN_HTTP, PLAN_WAIT };
enum plan_on_unknown { PLAN_HOLD, PLAN_RETRY, PLAN_PROBE };

struct plan_step {
    char name[PROTO_NAME_SIZE];
    enum plan_step_kind kind;
    int32_t attempts; /* at most, counting the first */
    struct sw_backoff backoff;
    int64_t timeout_ms;
    int64_t wait_ms; /* WAIT */
    enum plan_on_unknown on_unknown;
};

struct plan {
    struct plan_step *steps;
    size_t step_count;
};

struct sw_status plan_parse(const json_t *definition, struct plan *ret_plan) SW_MUST_CHECK;
/* One step alone, without allocation. */
struct sw_status plan_parse_step(const json_t *definition, size_t index, struct plan_step *ret_step) SW_MUST_CHECK;
size_t plan_step_count(const json_t *definition);
void plan_release(struct plan *plan);

struct plan_facts {
    const char *workflow, *ref, *attempt; /* attempt: its id */
    int64_t epoch;
    const json_t *params; /* object of texts */
};

enum plan_purpose { PLAN_DO, PLAN_ASK }; /* the step itself, or the probe of its on_unknown */

struct sw_status plan_spec_new(const json_t *definition, size_t index, enum plan_purpose purpose,
                               const struct plan_facts *facts, json_t **ret_spec) SW_MUST_CHECK;

#endif
