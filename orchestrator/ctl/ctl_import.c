/* SPDX-License-Identifier: Apache-2.0
 * Incidents of Breaking Bot become archived incidents of Slipway, in one transaction. The orchestrator must not run: it
 * counts incidents in memory. */
#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/io/fsio.h"
#include "common/io/pg.h"
#include "common/rt/clock.h"
#include "orchestrator/core/import_breakingbot.h"
#include "orchestrator/ctl/ctl.h"
#include "orchestrator/ctl/ctl_database.h"
#include "proto/workflow_id.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 30000 };
#define MAX_FILE_BYTES ((size_t)512 * 1024 * 1024)

struct import {
    struct pg *pg;
    size_t taken, known, clashes;
};

/* Whoever wants to lead waits for the lease's row until this has ended. */
static struct sw_status begin(struct pg *pg)
{
    PG_AUTO_RESULT struct pg_result *beat = NULL;
    SW_TRY(pg_exec(pg, "BEGIN", NULL, WAIT_MS, NULL));
    SW_TRY(pg_exec(pg, "SELECT FROM slipway.lease WHERE id = 1 FOR UPDATE", NULL, WAIT_MS, NULL));
    SW_TRY(pg_exec(pg, "SELECT FROM slipway.beat WHERE epoch <> 0 AND expires_at > now()", NULL, WAIT_MS, &beat));
    if (pg_rows(beat) > 0)
        return sw_fail(SW_CODE_REFUSED, "an orchestrator is running HINT: stop all of them, import, start them again");
    return sw_ok();
}

static struct sw_status is_known(struct pg *pg, const char *id, bool *ret_known)
{
    PG_AUTO_RESULT struct pg_result *found = NULL;
    struct pg_params params = { 0 };
    pg_param_text(&params, id);
    SW_TRY(pg_exec(pg, "SELECT FROM slipway.workflow WHERE id = $1::text", &params, WAIT_MS, &found));
    *ret_known = pg_rows(found) > 0;
    return sw_ok();
}

/* By which it is found in Slack, as incident_keys() names them; whoever has them keeps them. */
static struct sw_status add_keys(struct pg *pg, const char *id, const json_t *incident)
{
    const char *channel = jx_string(json_object_get(json_object_get(incident, "facts"), "channel"), "id");
    char number[40], by_channel[120];
    struct pg_params params = { 0 };
    (void)snprintf(number, sizeof number, "number:%lld", (long long)jx_i64_or(incident, "sequence", 0));
    (void)snprintf(by_channel, sizeof by_channel, "channel:%.100s", channel ? channel : "");
    pg_param_text(&params, id);
    pg_param_text(&params, number);
    if (channel)
        pg_param_text(&params, by_channel);
    else
        pg_param_null(&params);
    return pg_exec(pg,
                   "INSERT INTO slipway.workflow_key (key, workflow) SELECT k, $1::text FROM "
                   "unnest(ARRAY[$2::text, $3::text]) AS k WHERE k IS NOT NULL ON CONFLICT DO NOTHING",
                   &params, WAIT_MS, NULL);
}

/* finished_ms is the time of the import: from then on the history is kept like any other. */
static struct sw_status insert(struct import *import, const char *id, const json_t *incident)
{
    static const char INSERT[] =
        "INSERT INTO slipway.workflow (id, kind, state, active, final, lane, number, n, definition, facts, step_count, "
        "created_ms, started_ms, finished_ms, sequence) SELECT $1::text, 'incident', 'archived', false, true, NULL, "
        "(SELECT coalesce(max(number), 0) + 1 FROM slipway.workflow), 0, '', $2::jsonb, 0, $3::bigint, $3::bigint, "
        "$4::bigint, $5::bigint ON CONFLICT DO NOTHING RETURNING id";
    PG_AUTO_RESULT struct pg_result *result = NULL;
    struct pg_params params = { 0 };
    SW_AUTO_FREE char *facts = jx_dump_new(json_object_get(incident, "facts"));
    if (!facts)
        return sw_fail(SW_CODE_NO_MEMORY, "import: out of memory");
    pg_param_text(&params, id);
    pg_param_text(&params, facts);
    pg_param_i64(&params, jx_i64_or(incident, "created_ms", 0));
    pg_param_i64(&params, sw_wall_ms());
    pg_param_i64(&params, jx_i64_or(incident, "sequence", 0));
    SW_TRY(pg_exec(import->pg, INSERT, &params, WAIT_MS, &result));
    if (pg_rows(result) > 0) {
        import->taken++;
        return add_keys(import->pg, id, incident);
    }
    import->clashes++;
    (void)fprintf(stderr, "slipway: there is an incident %lld already: the one of Breaking Bot is left out\n",
                  (long long)jx_i64_or(incident, "sequence", 0));
    return sw_ok();
}

static struct sw_status import_one(struct import *import, const json_t *incident)
{
    const char *seed = jx_string_or(incident, "seed", "");
    uint8_t digest[CRYPTO_SHA256_BYTES];
    char id[PROTO_WORKFLOW_ID_SIZE];
    bool known = false;
    crypto_sha256(seed, strlen(seed), digest);
    proto_workflow_id('i', digest, id);
    SW_TRY(is_known(import->pg, id, &known));
    if (!known)
        return insert(import, id, incident);
    import->known++;
    return sw_ok();
}

static struct sw_status import_all(struct import *import, const json_t *incidents)
{
    SW_TRY(ctl_open_database(&import->pg));
    SW_TRY(begin(import->pg));
    for (size_t i = 0; i < json_array_size(incidents); i++)
        SW_TRY(import_one(import, json_array_get(incidents, i)));
    return pg_exec(import->pg, "COMMIT", NULL, WAIT_MS, NULL);
}

static struct sw_status run(const char *path)
{
    SW_AUTO_FREE char *text = NULL;
    JX_AUTO json_t *incidents = NULL;
    struct import import = { 0 };
    size_t length, open = 0;
    SW_TRY(sw_wrap(fsio_read(AT_FDCWD, path, MAX_FILE_BYTES, &text, &length), "%s", path));
    SW_TRY(sw_wrap(import_breakingbot(text, &incidents, &open), "%s", path));
    struct sw_status status = import_all(&import, incidents);
    pg_free(import.pg); /* rolls back what was not committed */
    if (!sw_failed(status))
        (void)printf("%zu incidents imported, %zu were here already, %zu left out because their number is taken, %zu "
                     "left out because they have not ended\n",
                     import.taken, import.known, import.clashes, open);
    return status;
}

int ctl_import_breakingbot(int count, char **arguments)
{
    if (count != 1) {
        (void)fprintf(stderr,
                      "slipway: import breakingbot takes one file\nHINT: docs/migration.md says how it is made\n");
        return CTL_USAGE;
    }
    struct sw_status status = run(arguments[0]);
    return sw_failed(status) ? ctl_fail(&status) : CTL_OK;
}
