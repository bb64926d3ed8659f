/* SPDX-License-Identifier: Apache-2.0
 * Records of the command log: read once, in order; what cannot be used is kept with its reason. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"
#include "orchestrator/engine/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_UNPUBLISHED_BYTES = 64 * 1024 * 1024, MAX_UNPUBLISHED_ROWS = 100000 };

/* ---- records that cannot be used ---- */

static bool park(struct engine *engine, struct log_record *record, const char *reason)
{
    struct store_dead *dead = vec_push(&engine->filling->dead, sizeof *dead);
    struct log_record **owner = dead ? vec_push(&engine->filling->records, sizeof record) : NULL;
    if (!owner) {
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "dead letters: out of memory"));
        return false;
    }
    *owner = record;
    *dead = (struct store_dead){
        .offset = record->offset, .value = record->value, .value_bytes = record->value_bytes, .headers = record->headers
    };
    (void)sw_copy(dead->reason, sizeof dead->reason, reason); /* cut: its beginning says what is wrong */
    sw_error("a record was parked; see `slipway dead list`", sw_i("offset", record->offset), sw_s("reason", reason));
    figures_record(FIGURES_PARKED);
    return true;
}

/* ---- deduplication ---- */

/* What was meant, without what differs between two takings of the same request (which gateway, when). */
static void meaning_hash(const struct proto_command *command, char ret_hash[65])
{
    uint64_t hash = 14695981039346656037ULL;
    char *args = jx_dump_new(command->args);
    const char *const parts[] = { command->name, command->actor.team, command->actor.user, command->channel,
                                  args ? args : "" };
    for (size_t i = 0; i < SW_COUNT(parts); i++)
        for (const char *at = parts[i];; at++) {
            hash = (hash ^ (unsigned char)*at) * 1099511628211ULL;
            if (!*at)
                break;
        }
    free(args);
    (void)snprintf(ret_hash, 65, "%016" PRIx64, hash);
}

/* An old command that memory has forgotten makes the store refuse the commit as a whole, and is looked up when it is
 * read again with caution. So it is the one who repeats that pays for the length of the history, not every command. */
static const struct known_command *find_known(struct engine *engine, const char *id, struct known_command *scratch)
{
    const struct known_command *known = sw_lru_get(engine->known, id, engine->now_ms, NULL);
    if (known || engine->caution == ENGINE_FREELY)
        return known;
    const struct store_port *store = engine_asks(engine);
    struct store_known found;
    struct sw_status status = store->find_command(store->self, id, &found);
    if (!sw_failed(status)) {
        *scratch = engine_known_of(&found);
        return scratch;
    }
    if (status.code != SW_CODE_NOT_FOUND)
        engine_fail(engine, status);
    return NULL;
}

static void remember(struct engine *engine, const struct store_inbox *row)
{
    struct known_command *known = calloc(1, sizeof *known);
    if (!known) {
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "known commands: out of memory"));
        return;
    }
    (void)sw_copy(known->hash, sizeof known->hash, row->hash); /* the same sizes */
    (void)sw_copy(known->workflow, sizeof known->workflow, row->workflow);
    if (!sw_lru_put(engine->known, row->command, known, engine->now_ms))
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "known commands: out of memory"));
}

static struct store_inbox *note(struct engine *engine, const struct log_record *record,
                                const struct proto_command *command, const char *hash)
{
    struct store_inbox *row = vec_push(&engine->filling->inbox, sizeof *row);
    if (!row) {
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "inbox: out of memory"));
        return NULL;
    }
    row->offset = record->offset;
    (void)sw_copy(row->command, sizeof row->command, command->id); /* the same sizes */
    (void)sw_copy(row->hash, sizeof row->hash, hash);
    (void)sw_copy(row->name, sizeof row->name, command->name);
    (void)snprintf(row->actor, sizeof row->actor, "%s%s%s", command->actor.team, *command->actor.user ? "/" : "",
                   command->actor.user);
    return row;
}

static void answer_duplicate(struct engine *engine, const struct proto_command *command,
                             const struct known_command *known, const char *hash)
{
    figures_record(FIGURES_DUPLICATE);
    if (!sw_equal(known->hash, hash)) {
        sw_warn("one command id with two meanings; the first counts", sw_s("command", command->id));
        announce_reply(engine, command,
                       kind_reply_new("refused", "E-COMMAND-REUSED",
                                      "This request was taken before, with another meaning.",
                                      "Type the command again."),
                       NULL);
        return;
    }
    struct entry *entry = *known->workflow && kind_by_id(known->workflow) ? world_find(engine, known->workflow) : NULL;
    if (route_wants_reply(command))
        announce_reply(engine, command,
                       kind_reply_new("duplicate", NULL, "This request was taken already; it has one effect.", NULL),
                       entry);
}

/* ---- commands ---- */

static void dispatch(struct engine *engine, const struct log_record *record, const struct proto_command *command)
{
    struct known_command scratch;
    char hash[65];
    meaning_hash(command, hash);
    const struct known_command *known = find_known(engine, command->id, &scratch);
    if (known) {
        answer_duplicate(engine, command, known, hash);
        return;
    }
    struct store_inbox *row = note(engine, record, command, hash);
    if (!row)
        return;
    figures_record(FIGURES_TAKEN);
    row->disposition = route_command(engine, command, row->workflow);
    remember(engine, row);
}

/* The last check before a record counts as a command: what is no command is parked. */
static struct sw_status decode(const struct log_record *record, struct proto_command *ret_command)
{
    char domain[PROTO_NAME_SIZE], name[PROTO_NAME_SIZE];
    int32_t version;
    JX_AUTO json_t *json = NULL;
    SW_TRY(record->bad);
    if (!proto_type_split(record->envelope.type, domain, name, &version) || !sw_equal(domain, "command"))
        return sw_fail(SW_CODE_INVALID, "ce_type \"%s\" is no command", record->envelope.type);
    if (version != 1)
        return sw_fail(SW_CODE_INVALID, "ce_type \"%s\": this version knows v1. HINT: upgrade the orchestrators first",
                       record->envelope.type);
    if (!route_knows(name))
        return sw_fail(SW_CODE_INVALID, "ce_type \"%s\": unknown command", record->envelope.type);
    SW_TRY(jx_parse(record->value, record->value_bytes, &json));
    SW_TRY(proto_command_decode(name, json, ret_command));
    if (!sw_equal(ret_command->id, record->envelope.id))
        return sw_fail(SW_CODE_INVALID, "id: differs from ce_id");
    return route_check(ret_command);
}

/* ---- reading ---- */

static void advance(struct engine *engine, const struct log_record *record)
{
    struct batch *batch = engine->filling;
    engine->cursor.next_offset = record->offset + 1;
    (void)sw_copy(engine->cursor.last_hash, sizeof engine->cursor.last_hash, record->hash); /* the same size */
    batch->has_cursor = true;
    batch->record_count++;
    batch->record_bytes += record->value_bytes;
}

/* Whether the record at the cursor is to be parked unread. What Postgres refused may be a repetition, which is none.
 * What came after those who died cannot have killed them. */
static bool is_guilty(struct engine *engine, const struct log_record *record)
{
    struct known_command scratch;
    if (engine->caution != ENGINE_PARK_NEXT)
        return false;
    bool guilty = engine->refused
                      ? !find_known(engine, record->envelope.id, &scratch)
                      : record->timestamp_ms < engine->lease.now_ms; /* the dead cannot have read later ones */
    engine->caution = ENGINE_ONE_BY_ONE;
    return guilty;
}

static void grow_bold(struct engine *engine)
{
    if (engine->caution == ENGINE_ONE_BY_ONE && ++engine->careful_records >= BATCH_MAX_RECORDS)
        engine->caution = ENGINE_FREELY;
}

/* Takes the record. */
static void take(struct engine *engine, struct log_record *record)
{
    struct proto_command command = { 0 };
    bool parked = false;
    advance(engine, record);
    engine->current = record;
    if (is_guilty(engine, record)) {
        parked = park(engine, record, engine->park_reason);
    } else {
        struct sw_status status = decode(record, &command);
        if (sw_failed(status))
            parked = park(engine, record, status.text);
        else
            dispatch(engine, record, &command);
    }
    grow_bold(engine);
    engine->current = NULL;
    proto_command_release(&command);
    if (!parked)
        log_record_free(record);
}

/* Finishing never stops for want of room, taking new work does. */
static bool has_room(const struct engine *engine)
{
    const struct publisher_port *publisher = &engine->options->publisher;
    if (engine->caution != ENGINE_FREELY)
        return !engine->flying && engine->filling->record_count == 0;
    return !batch_full(engine->filling) && publisher->unpublished_bytes(publisher->self) < MAX_UNPUBLISHED_BYTES &&
           engine->last_outbox_id - publisher->published(publisher->self) < MAX_UNPUBLISHED_ROWS;
}

void ingest_pull(struct engine *engine)
{
    const struct log_port *log = &engine->options->log;
    while (!sw_failed(engine->failure) && has_room(engine)) {
        struct log_record *record = log->pull(log->self);
        if (!record)
            return;
        take(engine, record);
    }
}
