/* SPDX-License-Identifier: Apache-2.0
 * schema: the migrations of adapters/sql, embedded in the program when it is built (deploy/cmake/EmbedSql.cmake). */
#ifndef ORCHESTRATOR_ADAPTERS_SCHEMA_H
#define ORCHESTRATOR_ADAPTERS_SCHEMA_H

#include "common/io/pg.h"

extern const struct pg_migration SCHEMA_MIGRATIONS[];
extern const size_t SCHEMA_MIGRATION_COUNT;

#endif
