/* SPDX-License-Identifier: Apache-2.0
 * import_breakingbot: incidents of Breaking Bot as Slipway's. Its tables come as lines of JSON, a row each, with the
 * table's name as "table" beside the columns: incidents, log, affected, components, blockers, usercache; other tables
 * are passed over. Times are texts without a zone, in UTC. docs/migration.md has the command that writes the file.
 *
 * Only incidents that have ended are taken, as archived ones. Pure. */
#ifndef ORCHESTRATOR_CORE_IMPORT_BREAKINGBOT_H
#define ORCHESTRATOR_CORE_IMPORT_BREAKINGBOT_H

#include "common/json/jx.h"

/* *ret_incidents, a new reference: [{"seed": from which the id is made, the same each time, "sequence": its number,
 * "created_ms", "facts": incident_facts.h}], as they stand in the file. *ret_open: how many have not ended and were
 * passed over. SW_CODE_INVALID names the line. */
struct sw_status import_breakingbot(const char *text, json_t **ret_incidents, size_t *ret_open) SW_MUST_CHECK;

#endif
