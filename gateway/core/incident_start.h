/* SPDX-License-Identifier: Apache-2.0
 * incident_start: "[P1] [service=NAME] [private] title", and lines of details below, as the arguments of a declare
 * command. Pure.
 *
 * P1 to P99 and "private" count before the title alone; service=, environment= (env=), --service, --environment and
 * --private count anywhere in the first line. A title in quotation marks is taken as it is. */
#ifndef GATEWAY_CORE_INCIDENT_START_H
#define GATEWAY_CORE_INCIDENT_START_H

#include "common/json/jx.h"
#include "gateway/core/command_error.h"

/* Characters. What is typed may be as long as `.title` takes it; a form's line is short on purpose. */
enum { INCIDENT_TITLE_MAX = 512, INCIDENT_FORM_TITLE_MAX = 200, INCIDENT_DETAILS_MAX = 3000 };

struct incident_start {
    const char *text;
    int32_t priority;   /* of the word; 0: none */
    const char *spoken; /* the word */
};

/* "P1", "p02", "P1:": the number, 0 included; -1: it is no priority's. */
int32_t incident_start_priority(const char *word);
/* Whether a text may name a service or an environment; "" may, for none. */
bool incident_start_is_name(const char *text);
/* True: *ret_args is {title, priority, service, environment, private, from, details, spoken}. False: ret_error has what
 * and why. */
bool incident_start_read(const struct incident_start *start, json_t **ret_args, struct command_error *ret_error);

#endif
