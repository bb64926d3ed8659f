/* SPDX-License-Identifier: Apache-2.0
 * fleet: thousands of incidents and some deployments in one world, with a Slack that does every order and reports it,
 * and an oracle that hears of everything that becomes durable. A number stands for an incident (and its channel), and
 * for the deployment of the same number. */
#ifndef TESTS_SCENARIO_WORLD_FLEET_H
#define TESTS_SCENARIO_WORLD_FLEET_H

#include "tests/scenario/world/oracle.h"
#include "tests/scenario/world/world.h"

enum { FLEET_SERVICES = 64 };

struct fleet {
    struct world world;
    struct oracle oracle;
    struct zones *zones;
    int64_t receipts, refusals;
};

/* For the night after a Saturday: start_ms is Postgres's time at the beginning. Three orchestrators; nothing runs yet.
 */
struct fleet *fleet_new(int64_t start_ms, int64_t summer_from_ms, int64_t summer_until_ms);
void fleet_free(struct fleet *fleet);

/* priority: 1 to 5; the oracle knows what reminders each has. */
void fleet_declare(struct fleet *fleet, int number, int priority);
/* In its channel; "snooze" is until tomorrow at nine in Berlin. */
void fleet_say(struct fleet *fleet, int number, const char *verb);
void fleet_deploy(struct fleet *fleet, int number); /* below FLEET_SERVICES */

#endif
