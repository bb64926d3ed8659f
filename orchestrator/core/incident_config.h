/* SPDX-License-Identifier: Apache-2.0
 * incident_config: the `incidents` section of a configuration, with its defaults. Everything borrows from the
 * configuration. */
#ifndef ORCHESTRATOR_CORE_INCIDENT_CONFIG_H
#define ORCHESTRATOR_CORE_INCIDENT_CONFIG_H

#include "orchestrator/core/config.h"

enum { INCIDENT_MAX_LEVELS = 9 };

enum incident_nag_kind { INCIDENT_NAG_POINT, INCIDENT_NAG_COMMS, INCIDENT_NAG_INITIAL, INCIDENT_NAG_UPDATE };
enum { INCIDENT_NAG_KINDS = 4 };

struct incident_level {
    int64_t n;
    char name[PROTO_NAME_SIZE];            /* "P1" */
    const char *emoji, *description, *url; /* url NULL: none */
    const json_t *aliases;                 /* array of texts; NULL: the built-in ones */
    bool high, review, report;
    int64_t nag_ms[INCIDENT_NAG_KINDS]; /* 0: never */
};

bool incident_configured(const struct config *config);
/* The section's value, of the room set when that says it; NULL when neither does. */
const json_t *incident_setting(const struct config *config, const char *room, const char *key);
const char *incident_setting_text(const struct config *config, const char *room, const char *key); /* "" */
int64_t incident_setting_ms(const struct config *config, const char *key, int64_t preset);
/* The room set for where it is declared and what it is about; "" is the section itself. */
const char *incident_room_for(const struct config *config, const char *channel, const char *service);
bool incident_is_main(const struct config *config, const char *channel); /* of any room set */

/* False: there is no such level; *ret_level is then an unknown one without rights or duties. */
bool incident_level(const struct config *config, int64_t n, struct incident_level *ret_level);
int64_t incident_default_priority(const struct config *config);
/* "2", "p2", "P2", its name or an alias; in any case. */
bool incident_priority_parse(const struct config *config, const char *text, int64_t *ret_n);
/* The priorities that hold deployments. */
bool incident_level_holds(const struct config *config, int64_t n);
bool incident_level_alias(const struct incident_level *level, size_t index,
                          char ret_alias[PROTO_NAME_SIZE]); /* false: no more */

/* incident_may.c: whether the actor may use the verb: `allow`, and guests and people of other organisations for
 * sensitive verbs. */
bool incident_may(const struct config *config, const char *verb, bool sensitive, const struct proto_actor *actor,
                  const char *channel, struct config_refusal *ret_refusal) SW_MUST_CHECK;

#endif
