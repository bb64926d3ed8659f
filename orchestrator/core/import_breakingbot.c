/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/import_breakingbot.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const TABLES[] = { "incidents", "log", "affected", "components", "blockers", "usercache" };

/* ---- reading ---- */

static struct sw_status read_line(const char *line, size_t length, int number, json_t *tables)
{
    json_t *row = NULL;
    struct sw_status status = jx_parse(line, length, &row);
    json_t *table = json_object_get(tables, jx_string_or(row, "table", ""));
    if (sw_failed(status) || !jx_string(row, "table")) {
        json_decref(row);
        return sw_fail(SW_CODE_INVALID,
                       "line %d is no row of a table%s%s HINT: docs/migration.md has the command that "
                       "writes the file",
                       number, sw_failed(status) ? ": " : "", status.text);
    }
    bool done = !table || json_array_append(table, row) == 0;
    json_decref(row);
    return done ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "import: out of memory");
}

static struct sw_status read_tables(const char *text, json_t *tables)
{
    for (size_t i = 0; i < SW_COUNT(TABLES); i++)
        if (!jx_set_take(tables, TABLES[i], json_array()))
            return sw_fail(SW_CODE_NO_MEMORY, "import: out of memory");
    for (int number = 1; *text; number++) {
        size_t length = strcspn(text, "\n");
        if (length > strspn(text, " \t\r"))
            SW_TRY(read_line(text, length, number, tables));
        text += length + (text[length] == '\n');
    }
    return sw_ok();
}

/* "2024-01-24T14:20:00.123", or with a blank; 0: absent, or no time. */
static int64_t time_of(const json_t *row, const char *column)
{
    const char *text = jx_string_or(row, column, "");
    char whole[SW_RFC3339_SIZE + 16];
    int64_t at_ms = 0;
    if (strlen(text) < 19)
        return 0;
    (void)snprintf(whole, sizeof whole, "%.10sT%.8sZ", text, text + 11);
    return sw_rfc3339_parse(whole, &at_ms) ? at_ms : 0;
}

static bool is_of(const json_t *row, int64_t incident) { return jx_i64_or(row, "incident_id", 0) == incident; }

/* ---- parts of the record ---- */

static json_t *times_new(const json_t *row, int64_t ended_ms)
{
    static const char *const TIMES[][2] = {
        { "genesis", "genesis_at" },     { "detected", "detected_at" },
        { "created", "created_at" },     { "acknowledged", "acknowledged_at" },
        { "mitigated", "mitigated_at" }, { "resolved", "resolved_at" },
        { "ready", "rfr_at" },           { "completed", "completed_at" },
        { "cancelled", "canceled_at" },
    };
    json_t *times = json_pack("{sI}", "archived", (json_int_t)ended_ms);
    for (size_t i = 0; i < SW_COUNT(TIMES); i++) {
        int64_t at_ms = time_of(row, TIMES[i][1]);
        if (at_ms && !jx_set_i64(times, TIMES[i][0], at_ms)) {
            json_decref(times);
            return NULL;
        }
    }
    return times;
}

static json_t *roles_new(const json_t *row)
{
    static const char *const ROLES[][2] = { { "point", "point" },
                                            { "comms", "comms" },
                                            { "triage", "triage" },
                                            { "eng", "eng_lead" },
                                            { "assigned", "assigned" } };
    json_t *roles = json_object();
    for (size_t i = 0; i < SW_COUNT(ROLES); i++)
        if (jx_string(row, ROLES[i][1]) && !jx_set_string(roles, ROLES[i][0], jx_string(row, ROLES[i][1]))) {
            json_decref(roles);
            return NULL;
        }
    return roles;
}

/* The column of the incident's rows. */
static json_t *texts_new(const json_t *rows, int64_t incident, const char *column)
{
    json_t *texts = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *text = jx_string(row, column);
        if (is_of(row, incident) && text && json_array_append_new(texts, json_string(text)) != 0) {
            json_decref(texts);
            return NULL;
        }
    }
    return texts;
}

static json_t *blockers_new(const json_t *rows, int64_t incident, int64_t ended_ms)
{
    json_t *blockers = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        int64_t until_ms = time_of(row, "unblocked_at");
        if (!is_of(row, incident))
            continue;
        json_t *blocker =
            json_pack("{sI ss ss ss sI sI}", "id", (json_int_t)json_array_size(blockers) + 1, "who",
                      jx_string_or(row, "whomst", ""), "why", jx_string_or(row, "reason", ""), "by", "", "at",
                      (json_int_t)time_of(row, "created_at"), "until", (json_int_t)(until_ms ? until_ms : ended_ms));
        if (json_array_append_new(blockers, blocker) != 0) {
            json_decref(blockers);
            return NULL;
        }
    }
    return blockers;
}

static json_t *people_new(const json_t *rows)
{
    json_t *people = json_object();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const char *user = jx_string(row, "chat_user_id"), *name = jx_string(row, "name");
        if (user && name && !jx_set_take(people, user, json_pack("{ss ss}", "name", name, "zone", ""))) {
            json_decref(people);
            return NULL;
        }
    }
    return people;
}

/* ---- the timeline ---- */

static int by_time(const void *left, const void *right)
{
    const json_t *a = *(json_t *const *)left, *b = *(json_t *const *)right;
    int64_t a_ms = time_of(a, "created_at"), b_ms = time_of(b, "created_at");
    if (a_ms == b_ms) {
        a_ms = jx_i64_or(a, "id", 0);
        b_ms = jx_i64_or(b, "id", 0);
    }
    return (a_ms > b_ms) - (a_ms < b_ms);
}

static json_t *entry_new(const json_t *row, size_t id)
{
    const char *type = jx_string_or(row, "type", "note"), *link = jx_string(row, "context_url");
    const char *task = link && sw_equal(type, "action_item") ? strstr(link, "/browse/") : NULL;
    json_t *entry =
        json_pack("{sI ss ss ss sI ss*}", "id", (json_int_t)id, "type",
                  sw_equal(type, "contributing_factor") ? "factor" : type, "text", jx_string_or(row, "text", ""), "by",
                  jx_string_or(row, "created_by", ""), "at", (json_int_t)time_of(row, "created_at"), "link", link);
    if (entry && task &&
        !jx_set_take(entry, "task", json_pack("{ss ss}", "key", task + strlen("/browse/"), "url", link))) {
        json_decref(entry);
        return NULL;
    }
    return entry;
}

/* Ids without gaps, in the order of time. */
static json_t *log_new(const json_t *rows, int64_t incident)
{
    size_t count = 0, size = json_array_size(rows);
    json_t **own = calloc(size + 1, sizeof(json_t *));
    json_t *log = own ? json_array() : NULL;
    for (size_t i = 0; log && i < size; i++)
        if (is_of(json_array_get(rows, i), incident))
            own[count++] = json_array_get(rows, i);
    if (log)
        qsort(own, count, sizeof *own, by_time);
    for (size_t i = 0; log && i < count; i++)
        if (json_array_append_new(log, entry_new(own[i], i + 1)) != 0) {
            json_decref(log);
            log = NULL;
        }
    free(own);
    return log;
}

/* ---- an incident ---- */

/* 0: it has not ended. */
static int64_t ended_ms(const json_t *row)
{
    static const char *const ENDS[] = { "archived_at", "completed_at", "canceled_at" };
    int64_t at_ms = 0;
    for (size_t i = 0; i < SW_COUNT(ENDS) && !at_ms; i++)
        at_ms = time_of(row, ENDS[i]);
    return at_ms;
}

static bool put_lists(json_t *facts, const json_t *tables, int64_t id, int64_t end_ms)
{
    json_t *log = log_new(json_object_get(tables, "log"), id);
    return jx_set_i64(facts, "log_next", (int64_t)json_array_size(log) + 1) && jx_set_take(facts, "log", log) &&
           jx_set_take(facts, "components", texts_new(json_object_get(tables, "components"), id, "which")) &&
           jx_set_take(facts, "affected", texts_new(json_object_get(tables, "affected"), id, "what")) &&
           jx_set_take(facts, "blockers", blockers_new(json_object_get(tables, "blockers"), id, end_ms)) &&
           jx_set_take(facts, "people", people_new(json_object_get(tables, "usercache")));
}

/* Priorities as Breaking Bot has them: 1 is high, 1 to 3 are reviewed. */
static json_t *level_new(int64_t priority)
{
    char name[24];
    (void)snprintf(name, sizeof name, "P%lld", (long long)priority);
    return json_pack("{sI ss ss sb sb}", "n", (json_int_t)priority, "name", name, "emoji", "fire", "high",
                     priority == 1, "review", priority <= 3);
}

static json_t *facts_new(const json_t *row, const json_t *tables, int64_t id, int64_t end_ms)
{
    const char *channel = jx_string(row, "chat_room_uid"), *key = jx_string(row, "tracker_uid");
    json_t *facts = json_pack("{sI ss ss sI ss sb ss ss ss}", "number", (json_int_t)id, "title",
                              jx_string_or(row, "title", ""), "summary", jx_string_or(row, "summary", ""), "priority",
                              (json_int_t)jx_i64_or(row, "priority", 0), "user", jx_string_or(row, "created_by", ""),
                              "private", 0, "room", "", "imported", "breakingbot", "home_channel", "");
    bool done = jx_set_take(facts, "times", times_new(row, end_ms)) && jx_set_take(facts, "roles", roles_new(row)) &&
                jx_set_take(facts, "level", level_new(jx_i64_or(row, "priority", 0))) &&
                put_lists(facts, tables, id, end_ms);
    if (done && channel)
        done = jx_set_take(facts, "channel", json_pack("{ss ss sb}", "id", channel, "name", channel, "archived", 1));
    if (done && key)
        done = jx_set_take(facts, "tracker", json_pack("{ss}", "key", key));
    if (done)
        return facts;
    json_decref(facts);
    return NULL;
}

static struct sw_status add_incident(json_t *incidents, const json_t *row, const json_t *tables)
{
    int64_t id = jx_i64_or(row, "id", 0), created_ms = time_of(row, "created_at");
    char seed[80];
    if (id <= 0 || created_ms == 0 || !jx_string(row, "title"))
        return sw_fail(SW_CODE_INVALID, "incident %lld has no id, title or created_at", (long long)id);
    (void)snprintf(seed, sizeof seed, "breakingbot:%lld:%lld", (long long)id, (long long)created_ms);
    json_t *facts = facts_new(row, tables, id, ended_ms(row));
    json_t *incident = facts ? json_pack("{ss sI sI so}", "seed", seed, "sequence", (json_int_t)id, "created_ms",
                                         (json_int_t)created_ms, "facts", facts)
                             : NULL;
    return json_array_append_new(incidents, incident) == 0 ? sw_ok()
                                                           : sw_fail(SW_CODE_NO_MEMORY, "import: out of memory");
}

struct sw_status import_breakingbot(const char *text, json_t **ret_incidents, size_t *ret_open)
{
    JX_AUTO json_t *tables = json_object(), *incidents = json_array();
    size_t open = 0;
    SW_TRY(read_tables(text, tables));
    const json_t *rows = json_object_get(tables, "incidents");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (ended_ms(row))
            SW_TRY(add_incident(incidents, row, tables));
        else
            open++;
    }
    *ret_open = open;
    *ret_incidents = json_incref(incidents);
    return sw_ok();
}
