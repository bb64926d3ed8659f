/* SPDX-License-Identifier: Apache-2.0
 * config: slipway.yaml, validated as a whole, and what a person's request means under it.
 *
 * config_new() is told the parsed tree and how to find lines, and answers with either a configuration in which every
 * reference holds, or all errors, each with file, line and path. A config never changes; a reload makes a new one.
 * Pure. Threads: any, reading. Source of the format: docs/configuration.md. */
#ifndef ORCHESTRATOR_CORE_CONFIG_H
#define ORCHESTRATOR_CORE_CONFIG_H

#include "common/base/buf.h"
#include "common/json/jx.h"
#include "proto/command.h"
#include "proto/limits.h"

struct config;

struct config_source {
    const char *file; /* as it is named in errors */
    const char *dir;  /* the file's directory, absolute: where steps run unless they say otherwise */
    const json_t *root;
    int32_t (*line)(void *self, const char *path); /* "services.site.pipeline" -> its line, from 1 */
    void *line_self;
};

enum { CONFIG_MAX_ERRORS = 20 };

/* On SW_CODE_CONFIG, ret_errors holds "FILE:LINE: PATH: what HINT: ..." for each error, at most CONFIG_MAX_ERRORS
 * lines. */
struct sw_status config_new(const struct config_source *source, struct sw_buf *ret_errors,
                            struct config **ret_config) SW_MUST_CHECK;
void config_free(struct config *config);

/* What a person asked for; NULL is "not said". */
struct config_request {
    const char *service, *environment, *ref;
    const json_t *params; /* object of texts, or NULL */
    const struct proto_actor *actor;
    const char *channel; /* where it was said; "" when nowhere */
};

struct config_choice {
    char service[PROTO_NAME_SIZE], environment[PROTO_NAME_SIZE];
    char ref[PROTO_REF_SIZE];
    char lane[2 * PROTO_NAME_SIZE];
    char channel[PROTO_SLACK_ID_SIZE]; /* the live message's home: the service's, else where it was said */
    json_t *params;                    /* every parameter of the service, as texts */
};
void config_choice_release(struct config_choice *choice);

/* Four parts for the person who asked. */
struct config_refusal {
    char code[PROTO_NAME_SIZE];
    char text[PROTO_ERROR_SIZE]; /* what happened */
    char why[PROTO_ERROR_SIZE];  /* "" when the text says it */
    char hint[PROTO_ERROR_SIZE]; /* what to do */
};

/* False: refused, with the reason in *ret_refusal. */
bool config_resolve(const struct config *config, const struct config_request *request, struct config_choice *ret_choice,
                    struct config_refusal *ret_refusal) SW_MUST_CHECK;
/* Whether the actor may act on deployments of this service and environment (start, cancel, retry). A service that the
 * configuration no longer has is open to full members. */
bool config_may(const struct config *config, const char *service, const char *environment,
                const struct proto_actor *actor, const char *channel, struct config_refusal *ret_refusal) SW_MUST_CHECK;

/* Whether the actor may also ask that a hold is passed, and agree to it: `break_glass.allow`. */
bool config_may_break_glass(const struct config *config, const struct proto_actor *actor, const char *channel,
                            struct config_refusal *ret_refusal) SW_MUST_CHECK;
int64_t config_break_glass_expires_ms(const struct config *config); /* how long a second person has */

/* For "what can be deployed": [{"name","description","environments":[...],"ref","params":{...}}]. A new reference. */
json_t *config_services(const struct config *config);

/* For plan.h: the validated nodes. */
const char *config_dir(const struct config *config);
const json_t *config_service(const struct config *config, const char *name);     /* NULL when absent */
const json_t *config_environment(const struct config *config, const char *name); /* NULL when absent */
const json_t *config_pipeline(const struct config *config, const char *name);    /* NULL when absent */

/* Whether a text may be used as a git ref in commands: [A-Za-z0-9][A-Za-z0-9._/@+-]{0,199}. */
bool config_ref_valid(const char *ref);

#endif
