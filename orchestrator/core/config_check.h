/* SPDX-License-Identifier: Apache-2.0
 * config_check: the tools with which config_rules.c and config_steps.c say what a valid file is. Errors are collected,
 * not returned: a file is judged as a whole. Inside orchestrator/core/config*.c only. */
#ifndef ORCHESTRATOR_CORE_CONFIG_CHECK_H
#define ORCHESTRATOR_CORE_CONFIG_CHECK_H

#include "orchestrator/core/config.h"

enum { CONFIG_PATH_SIZE = 400 };

struct config_check {
    const struct config_source *source;
    struct sw_buf *errors;
    size_t error_count;
};

typedef void config_rule_fn(struct config_check *check, const char *path, const json_t *value);

struct config_key {
    const char *name;
    bool required;
    config_rule_fn *rule;
    const char *help; /* one line of Markdown for the reference */
};

/* The keys that stand at one place of the file, for the reference. */
struct config_section {
    const char *path, *what;
    const struct config_key *keys;
    size_t count;
};
extern const struct config_section CONFIG_SECTIONS[], CONFIG_STEP_SECTIONS[], CONFIG_INCIDENT_SECTIONS[],
    CONFIG_TRACKER_SECTIONS[];
extern const size_t CONFIG_SECTION_COUNT, CONFIG_STEP_SECTION_COUNT, CONFIG_INCIDENT_SECTION_COUNT,
    CONFIG_TRACKER_SECTION_COUNT;

void config_error(struct config_check *check, const char *path, const char *format, ...) SW_PRINTF(3, 4);

/* A mapping with these keys and no others; absent required ones are errors. */
void config_check_object(struct config_check *check, const char *path, const json_t *value,
                         const struct config_key *keys, size_t count);
/* A mapping from names to values of one rule; at most 256 entries. name_rule judges the names. */
void config_check_map(struct config_check *check, const char *path, const json_t *value,
                      bool (*name_valid)(const char *name), const char *name_what, config_rule_fn *rule);
/* A list of values of one rule, at most max items. */
void config_check_list(struct config_check *check, const char *path, const json_t *value, size_t max,
                       config_rule_fn *rule);

/* Leaf rules. */
config_rule_fn config_rule_text, config_rule_name, config_rule_duration, config_rule_ref, config_rule_scalar,
    config_rule_channel, config_rule_names, config_rule_secret;

bool config_name_valid(const char *name);     /* [A-Za-z0-9][A-Za-z0-9._-]{0,62} */
bool config_variable_valid(const char *name); /* [A-Za-z_][A-Za-z0-9_]{0,62} */
/* ${...} names that are known in a pipeline; params of any service are accepted here. */
void config_check_names_in(struct config_check *check, const char *path, const char *text);

/* config_rules.c: the whole file */
void config_check_top(struct config_check *check, const json_t *root);
/* config_steps.c */
config_rule_fn config_rule_pipeline;
/* config_incidents.c */
config_rule_fn config_rule_incidents;
void config_check_incident_references(struct config_check *check, const json_t *root);
/* config_trackers.c: keys of `incidents` and of its rooms */
config_rule_fn config_rule_tracker, config_rule_report, config_rule_status_page;
/* config.c: the whole text matches the extended regular expression */
bool config_matches(const char *pattern, const char *text);
const json_t *config_section(const struct config *config, const char *name);
/* config_refs.c: what one section says of another */
void config_check_references(struct config_check *check, const json_t *root);

#endif
