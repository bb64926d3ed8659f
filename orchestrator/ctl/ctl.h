/* SPDX-License-Identifier: Apache-2.0
 * ctl: the verbs of `slipway`, the operator's tool. Each prints to stdout, says errors on stderr and returns the exit
 * code: 0, 1 when something failed, 2 for a wrong call, 78 for bad configuration. */
#ifndef ORCHESTRATOR_CTL_CTL_H
#define ORCHESTRATOR_CTL_CTL_H

enum { CTL_OK = 0, CTL_FAILED = 1, CTL_USAGE = 2, CTL_CONFIG = 78 };

struct ctl_verb {
    const char *name;      /* "config check" */
    const char *arguments; /* for the help */
    const char *help;
    int (*run)(int count, char **arguments); /* what follows the name */
};

extern const struct ctl_verb CTL_VERBS[];
extern const unsigned CTL_VERB_COUNT;

/* ctl_api.c: through the orchestrator's HTTP API */
int ctl_status(int count, char **arguments);
int ctl_line(int count, char **arguments);
int ctl_history(int count, char **arguments);
int ctl_incidents(int count, char **arguments);
int ctl_hold_list(int count, char **arguments);
/* ctl_database.c */
int ctl_migrate(int count, char **arguments);
int ctl_dead_list(int count, char **arguments);
int ctl_dead_show(int count, char **arguments);
/* ctl_import.c */
int ctl_import_breakingbot(int count, char **arguments);
/* ctl_dead.c */
int ctl_dead_retry(int count, char **arguments);
/* ctl_config.c */
int ctl_config_check(int count, char **arguments);
/* ctl_reference.c: what the tables of the code say, for the documentation */
int ctl_config_reference(int count, char **arguments);
int ctl_states(int count, char **arguments);
int ctl_words(int count, char **arguments);

/* "slipway: what HINT: ..." on stderr; returns the exit code that fits. */
struct sw_status;
int ctl_fail(const struct sw_status *status);
/* The value of an environment variable or of the file that NAME_FILE names; NULL when absent. free() it. */
char *ctl_setting_new(const char *name);

#endif
