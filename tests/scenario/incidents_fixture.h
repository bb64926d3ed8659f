/* SPDX-License-Identifier: Apache-2.0
 * incidents_fixture: a world with a Slack and a tracker that answer: orders are done once by their keys and receipts
 * come back; the tracker has what it was asked for, and looks before it makes something. For test_incidents*.c. */
#ifndef TESTS_SCENARIO_INCIDENTS_FIXTURE_H
#define TESTS_SCENARIO_INCIDENTS_FIXTURE_H

#include "common/base/text.h"
#include "orchestrator/core/config_check.h"
#include "orchestrator/core/incident_facts.h"
#include "proto/order.h"
#include "tests/scenario/world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char HARBOUR_CONFIG[] =
    "{\"version\":1,\"environments\":{\"staging\":{}},"
    "\"services\":{\"site\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"}},"
    "\"pipelines\":{\"one\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./build\"]}]}},"
    "\"incidents\":{\"main\":\"CMAIN\",\"notify\":\"CNOTIFY\",\"invite\":[\"UHELP\"],\"archive_after\":\"20s\","
    "\"nag_grid\":\"1s\",\"priorities\":{\"1\":{\"review\":false,\"nag\":{\"point\":\"4s\",\"comms\":\"6s\"}},"
    "\"2\":{},\"4\":{}},\"status_page\":{\"webhook\":\"https://status.example\"}}}";

enum { HARBOUR_MAX = 512, HARBOUR_SLICE_MS = 200 };

struct harbour_order { /* what Slack did */
    char workflow[PROTO_WORKFLOW_ID_SIZE], key[PROTO_ORDER_KEY_SIZE];
    const json_t *order; /* of the published event */
    int64_t at_ms;
};

struct harbour {
    struct world *world;
    size_t read; /* of world->events */
    struct harbour_order orders[HARBOUR_MAX];
    size_t order_count;
    char headlines[8][PROTO_WORKFLOW_ID_SIZE];
    size_t headline_count;
    int receipts;
    bool slack_down;
    const char *fails_verb, *fails_code; /* orders of that verb are refused */
    int fails_times;
    /* the tracker */
    int issues, asked; /* issues made, times it was asked to */
    bool commented[HARBOUR_MAX], tasked[HARBOUR_MAX];
    int64_t synced_rev;
    json_t *synced, *components; /* as written last */
    char status_state[PROTO_NAME_SIZE];
    int drafts;
};

/* ---- the tracker ---- */

static inline json_t *harbour_keep(json_t **kept, const json_t *spec, const char *key)
{
    json_decref(*kept);
    *kept = json_incref(json_object_get(spec, key));
    return json_incref(*kept);
}

static inline json_t *harbour_entry(bool *done, const json_t *spec)
{
    int64_t id = jx_i64_or(spec, "id", 0);
    assert_in_range(id, 1, HARBOUR_MAX - 1);
    done[id] = true;
    return json_pack("{sI ss ss}", "id", (json_int_t)id, "key", "OPS-2", "url", "https://tracker/OPS-2");
}

static inline json_t *harbour_errand(void *self, const char *name, const json_t *spec)
{
    struct harbour *harbour = self;
    if (sw_equal(name, "tracker.create")) {
        harbour->asked++;
        harbour->issues = 1; /* it finds the one that it made */
        return json_pack("{ss ss}", "key", "OPS-1", "url", "https://tracker/OPS-1");
    }
    if (sw_equal(name, "tracker.sync")) {
        json_decref(harbour_keep(&harbour->synced, spec, "state"));
        return json_pack("{sI}", "rev", (json_int_t)jx_i64_or(spec, "rev", 0));
    }
    if (sw_equal(name, "tracker.comment"))
        return harbour_entry(harbour->commented, spec);
    if (sw_equal(name, "tracker.task"))
        return harbour_entry(harbour->tasked, spec);
    if (sw_equal(name, "tracker.components"))
        return json_pack("{so s[s]}", "components", harbour_keep(&harbour->components, spec, "components"), "known",
                         "db");
    if (sw_equal(name, "status.post")) {
        (void)sw_copy(harbour->status_state, sizeof harbour->status_state, jx_string_or(spec, "state", ""));
        return json_pack("{ss sI}", "state", harbour->status_state, "update", (json_int_t)jx_i64_or(spec, "update", 0));
    }
    harbour->drafts++; /* report.draft and report.update */
    return json_pack("{ss sI}", "path", "/reports/1.md", "rev", (json_int_t)jx_i64_or(spec, "rev", 0));
}

/* ---- life ---- */

/* with_tracker: `tracker` and `report` stand in the configuration. */
static inline struct harbour *harbour_new(bool with_tracker)
{
    struct harbour *harbour = calloc(1, sizeof *harbour);
    harbour->world = malloc(sizeof *harbour->world);
    world_init(harbour->world, HARBOUR_CONFIG, NULL, 0);
    harbour->world->lease_is_provably_dead = true;
    harbour->world->errand_done = harbour_errand;
    harbour->world->errand_done_self = harbour;
    json_t *incidents = (json_t *)(uintptr_t)config_section(harbour->world->config, "incidents");
    if (with_tracker) { /* what adapters demand of these is not the machine's business */
        assert_int_equal(json_object_set_new(incidents, "tracker", json_pack("{ss}", "kind", "any")), 0);
        assert_int_equal(json_object_set_new(incidents, "report", json_pack("{ss}", "dir", "/reports")), 0);
    }
    return harbour;
}

static inline void harbour_end(struct harbour *harbour)
{
    world_release(harbour->world);
    free(harbour->world);
    json_decref(harbour->synced);
    json_decref(harbour->components);
    free(harbour);
}

/* ---- Slack ---- */

static inline void harbour_put(struct harbour *harbour, const struct proto_command *command)
{
    char type[PROTO_TYPE_SIZE];
    JX_AUTO json_t *json = proto_command_encode(command);
    char *text = jx_dump_new(json);
    proto_type_join("command", command->name, 1, type);
    world_put_record(harbour->world, type, command->id, text);
    free(text);
}

/* Takes args. */
static inline void harbour_receipt(struct harbour *harbour, const char *workflow, json_t *args)
{
    struct proto_command command = { .origin = "relay", .gateway = "g", .at_ms = harbour->world->now_ms, .args = args };
    (void)snprintf(command.id, sizeof command.id, "rcpt:%s:%d", workflow, ++harbour->receipts);
    (void)sw_copy(command.name, sizeof command.name, "receipt");
    (void)sw_copy(command.workflow, sizeof command.workflow, workflow);
    harbour_put(harbour, &command);
    json_decref(args);
}

static inline bool harbour_knows(const struct harbour *harbour, const char *workflow, const char *key)
{
    for (size_t i = 0; i < harbour->order_count; i++)
        if (sw_equal(harbour->orders[i].workflow, workflow) && sw_equal(harbour->orders[i].key, key))
            return true;
    return false;
}

static inline json_t *harbour_refusal(struct harbour *harbour, const char *verb)
{
    if (!sw_equal(verb, harbour->fails_verb) || harbour->fails_times == 0)
        return NULL;
    harbour->fails_times--;
    return json_pack("{ss ss sb}", "code", harbour->fails_code, "text", "Slack will not", "final", 1);
}

static inline void harbour_do(struct harbour *harbour, const struct world_event *event, const json_t *order)
{
    const char *workflow = event->envelope.subject, *key = jx_string_or(order, "key", "");
    const char *verb = jx_string_or(order, "verb", "");
    struct proto_order read;
    assert_false(sw_failed(proto_order_read(order, &read)));
    json_t *error = harbour_refusal(harbour, verb);
    if (!error && !harbour_knows(harbour, workflow, key)) {
        struct harbour_order *done = &harbour->orders[harbour->order_count++];
        assert_true(harbour->order_count < HARBOUR_MAX);
        *done = (struct harbour_order){ .order = order, .at_ms = harbour->world->now_ms };
        (void)sw_copy(done->workflow, sizeof done->workflow, workflow);
        (void)sw_copy(done->key, sizeof done->key, key);
    }
    json_t *created = !error && sw_equal(verb, "create_channel")
                          ? json_pack("{ss ss}", "id", "CROOM", "name", jx_string_or(order, "name", ""))
                          : NULL;
    harbour_receipt(harbour, workflow,
                    json_pack("{ss ss ss ss so? so?}", "event", event->envelope.id, "channel",
                              jx_string_or(order, "channel", ""), "ts", "1.1", "order", key, "created", created,
                              "error", error));
}

static inline void harbour_headline(struct harbour *harbour, const struct world_event *event)
{
    const char *workflow = event->envelope.subject;
    const char *home = jx_string_or(json_object_get(event->body, "home"), "channel", "");
    for (size_t i = 0; i < harbour->headline_count; i++)
        if (sw_equal(harbour->headlines[i], workflow))
            return;
    if (!*home)
        return;
    (void)sw_copy(harbour->headlines[harbour->headline_count++], PROTO_WORKFLOW_ID_SIZE, workflow);
    harbour_receipt(harbour, workflow,
                    json_pack("{ss ss ss sn sn sn}", "event", event->envelope.id, "channel", home, "ts", "2.2", "order",
                              "created", "error"));
}

/* What has been published since is done at Slack. True: there was something. */
static inline bool harbour_serve(struct harbour *harbour)
{
    const size_t before = harbour->read;
    while (!harbour->slack_down && harbour->read < harbour->world->event_count) {
        const struct world_event *event = &harbour->world->events[harbour->read++];
        if (event->topic != PROTO_TOPIC_EVENTS)
            continue;
        harbour_headline(harbour, event);
        const json_t *order = json_object_get(event->body, "order");
        if (json_is_object(order))
            harbour_do(harbour, event, order);
    }
    return harbour->read > before;
}

/* While nothing happens, Slack looks less often. */
static inline void harbour_run(struct harbour *harbour, int64_t for_ms)
{
    int64_t slice_ms = HARBOUR_SLICE_MS;
    const int64_t end_ms = harbour->world->now_ms + for_ms;
    while (harbour->world->now_ms < end_ms) {
        int64_t left_ms = end_ms - harbour->world->now_ms;
        const int64_t until_ms = harbour->world->now_ms + (slice_ms < left_ms ? slice_ms : left_ms);
        world_run(harbour->world, until_ms - harbour->world->now_ms);
        harbour->world->now_ms = until_ms; /* nothing is due before */
        slice_ms = harbour_serve(harbour) ? HARBOUR_SLICE_MS : 2 * slice_ms < 1000 ? 2 * slice_ms : 1000;
    }
}

/* ---- people ---- */

/* Takes args. */
static inline void harbour_command(struct harbour *harbour, const char *tag, const char *name, const char *workflow,
                                   const char *channel, json_t *args)
{
    struct proto_command command = { .actor = { .team = "T1", .user = "U1", .membership = PROTO_MEMBER_FULL },
                                     .origin = "dot",
                                     .gateway = "g",
                                     .at_ms = harbour->world->now_ms,
                                     .args = args };
    assert_non_null(args);
    (void)snprintf(command.id, sizeof command.id, "cmd:A1:%s", tag);
    (void)sw_copy(command.name, sizeof command.name, name);
    (void)sw_copy(command.workflow, sizeof command.workflow, workflow);
    (void)sw_copy(command.channel, sizeof command.channel, channel);
    (void)sw_copy(command.actor.name, sizeof command.actor.name, "Ada");
    (void)sw_copy(command.actor.zone, sizeof command.actor.zone, "UTC");
    (void)snprintf(command.said.ts, sizeof command.said.ts, "3.%06zu", (size_t)harbour->world->log_count);
    harbour_put(harbour, &command);
    json_decref(args);
}

static inline const char *harbour_declare(struct harbour *harbour, const char *tag, json_t *args)
{
    const char *id = world_id('i', tag);
    harbour_command(harbour, tag, "declare", id, "CMAIN", args);
    return id;
}

/* In the incident's channel. The tag is the verb and a number, so that replies can be found: "note-3". */
static inline void harbour_say(struct harbour *harbour, const char *tag, const char *verb, const char *text)
{
    harbour_command(harbour, tag, "incident", "", "CROOM",
                    json_pack("{ss ss ss}", "verb", verb, "text", text, "spoken", verb));
}

/* ---- what can be asked ---- */

static inline size_t harbour_count(const struct harbour *harbour, const char *verb, const char *card,
                                   const char *channel)
{
    size_t count = 0;
    for (size_t i = 0; i < harbour->order_count; i++) {
        const json_t *order = harbour->orders[i].order;
        count += sw_equal(jx_string(order, "verb"), verb) && (!card || sw_equal(jx_string(order, "card"), card)) &&
                 (!channel || sw_equal(jx_string(order, "channel"), channel));
    }
    return count;
}

/* Every event of it was published, in order; its timeline has no gap; nothing was parked. */
static inline void harbour_check(const struct harbour *harbour, const char *id)
{
    const struct wf *wf = world_workflow(harbour->world, id);
    assert_non_null(wf);
    const json_t *log = incident_list(wf, "log");
    for (int64_t n = 1; n <= wf->n; n++)
        assert_non_null(world_event(harbour->world, id, n));
    for (size_t i = 0; i < json_array_size(log); i++)
        assert_int_equal(jx_i64_or(json_array_get(log, i), "id", 0), (int64_t)i + 1);
    assert_int_equal(wf->state, incident_state_of(wf));
    assert_int_equal(harbour->world->dead_letters, 0);
}

#endif
