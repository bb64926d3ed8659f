/* SPDX-License-Identifier: Apache-2.0
 * incident_bench: an incident on a table: what is said to it, what it answers and orders. For test_incident*.c. */
#ifndef TESTS_UNIT_ORCHESTRATOR_CORE_INCIDENT_BENCH_H
#define TESTS_UNIT_ORCHESTRATOR_CORE_INCIDENT_BENCH_H

#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/base/zone.h"
#include "orchestrator/core/config.h"
#include "orchestrator/core/incident_facts.h"
#include "orchestrator/core/incident_table.h"
#include "orchestrator/core/incident_verbs.h"
#include "proto/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BENCH_NOW INT64_C(1706106000000) /* 2024-01-24 14:20:00 UTC */
enum { BENCH_MINUTE = 60000 };

struct bench {
    struct config *config;
    struct kind_reads reads;
    json_t *views; /* what reads answer with: an array, or NULL for none */
    json_t *deployment;
    struct wf *wf;
    struct wf_update update;
    int64_t now_ms;
    const char *user, *origin, *channel;
    const char *zone; /* of those who speak; NULL: UTC */
    bool foreign;
    int messages;
};

static json_t *bench_find(void *self, const char *workflow)
{
    struct bench *bench = self;
    (void)workflow;
    return bench->deployment ? json_incref(bench->deployment) : json_null();
}
static json_t *bench_open(void *self, const char *kind)
{
    struct bench *bench = self;
    (void)kind;
    return bench->views ? json_incref(bench->views) : json_array();
}
static json_t *bench_recent(void *self, const char *kind, const char *service, size_t limit)
{
    (void)service, (void)limit;
    return bench_open(self, kind);
}
static json_t *bench_figures(void *self, const char *service, const char *month)
{
    (void)self, (void)service, (void)month;
    return json_array();
}
static const struct sw_zone *bench_zone(void *self, const char *name)
{
    (void)self;
    return sw_equal(name, "UTC") ? sw_zone_utc() : NULL;
}

static int32_t bench_line(void *self, const char *path)
{
    (void)self, (void)path;
    return 1;
}

/* incidents: the section as JSON; NULL: none. */
static inline struct config *bench_config(const char *incidents)
{
    struct sw_buf errors = { 0 }, text = { 0 };
    struct config *config = NULL;
    sw_buf_printf(
        &text,
        "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{\"site\":{\"environments\":[\"staging\"],"
        "\"ref\":\"main\",\"pipeline\":\"p\"}},\"pipelines\":{\"p\":{\"steps\":[{\"name\":\"a\",\"run\":\"true\"}]}}"
        "%s%s}",
        incidents ? ",\"incidents\":" : "", incidents ? incidents : "");
    json_t *root = json_loads(sw_buf_string(&text), 0, NULL);
    assert_non_null(root);
    const struct config_source source = { .file = "f", .dir = "/srv", .root = root, .line = bench_line };
    struct sw_status status = config_new(&source, &errors, &config);
    if (sw_failed(status))
        fail_msg("%s", sw_buf_string(&errors));
    json_decref(root);
    sw_buf_release(&errors);
    sw_buf_release(&text);
    return config;
}

#define BENCH_INCIDENTS                                                                                                \
    "{\"main\":\"CMAIN\",\"notify\":\"CNOTIFY\",\"prefix\":\"inc-\",\"invite\":[\"UHELP\"],\"archive_after\":\"1h\","  \
    "\"nag_grid\":0}"

static inline void bench_open_with(struct bench *bench, const char *incidents)
{
    *bench = (struct bench){ .config = bench_config(incidents), .now_ms = BENCH_NOW, .user = "U1", .origin = "dot" };
    bench->reads = (struct kind_reads){ .find = bench_find,
                                        .open = bench_open,
                                        .recent = bench_recent,
                                        .figures = bench_figures,
                                        .zone = bench_zone,
                                        .self = bench };
    bench->channel = "CMAIN";
}

static inline void bench_close(struct bench *bench)
{
    wf_update_release(&bench->update);
    wf_free(bench->wf);
    json_decref(bench->views);
    json_decref(bench->deployment);
    config_free(bench->config);
}

static inline struct proto_command bench_command(struct bench *bench, const char *name, json_t *args)
{
    struct proto_command command = { .actor = { .membership = PROTO_MEMBER_FULL },
                                     .at_ms = bench->now_ms,
                                     .args = args };
    (void)sw_copy(command.name, sizeof command.name, name);
    (void)sw_copy(command.workflow, sizeof command.workflow, "i-0000000000001");
    (void)sw_copy(command.origin, sizeof command.origin, bench->origin);
    (void)sw_copy(command.channel, sizeof command.channel, bench->channel);
    (void)sw_copy(command.actor.team, sizeof command.actor.team, "T1");
    (void)sw_copy(command.actor.user, sizeof command.actor.user, bench->user);
    (void)sw_copy(command.actor.zone, sizeof command.actor.zone, bench->zone ? bench->zone : "UTC");
    command.actor.foreign = bench->foreign;
    if (sw_equal(bench->origin, "dot"))
        (void)snprintf(command.said.ts, sizeof command.said.ts, "1706106000.%06d", ++bench->messages);
    return command;
}

/* ---- what an update says ---- */

static inline const struct wf_effect *bench_effect(const struct bench *bench, enum wf_effect_kind kind)
{
    for (size_t i = 0; i < bench->update.effect_count; i++)
        if (bench->update.effects[i].kind == kind)
            return &bench->update.effects[i];
    return NULL;
}

static inline const struct proto_reply *bench_reply(const struct bench *bench)
{
    const struct wf_effect *effect = bench_effect(bench, WF_REPLY);
    return effect ? effect->reply : NULL;
}

static inline bool bench_event(const struct bench *bench, const char *event)
{
    for (size_t i = 0; i < bench->update.effect_count; i++)
        if (bench->update.effects[i].kind == WF_EVENT && sw_equal(bench->update.effects[i].event, event))
            return true;
    return false;
}

/* The first order of the update with this verb, card and channel, as far as they are given; NULL: none. */
static inline const json_t *bench_order(const struct bench *bench, const char *verb, const char *card,
                                        const char *channel)
{
    for (size_t i = 0; i < bench->update.effect_count; i++) {
        const json_t *order = bench->update.effects[i].order;
        if (order && (!verb || sw_equal(jx_string(order, "verb"), verb)) &&
            (!card || sw_equal(jx_string(order, "card"), card)) &&
            (!channel || sw_equal(jx_string(order, "channel"), channel)))
            return order;
    }
    return NULL;
}

static inline int64_t bench_timer_due(const struct bench *bench, const char *name)
{
    for (size_t i = 0; i < bench->update.effect_count; i++)
        if (bench->update.effects[i].kind == WF_SET_TIMER && sw_equal(bench->update.effects[i].timer, name))
            return bench->update.effects[i].due_ms;
    return 0;
}

/* What must hold after every turn. */
static inline void bench_check(const struct bench *bench)
{
    const struct wf *wf = bench->wf;
    const json_t *log = incident_list(wf, "log");
    assert_int_equal(wf->state, incident_state_of(wf));
    assert_true(!wf->final || wf->state == INCIDENT_ARCHIVED);
    for (size_t i = 0; i < json_array_size(log); i++)
        assert_int_equal(jx_i64_or(json_array_get(log, i), "id", 0), (int64_t)i + 1);
    for (size_t i = 0; i < bench->update.effect_count; i++) {
        struct proto_order order;
        const json_t *json = bench->update.effects[i].order;
        struct sw_status status = json ? proto_order_read(json, &order) : sw_ok();
        if (sw_failed(status))
            fail_msg("%s: %s", status.text, json_dumps(json, 0));
    }
    struct proto_view view = { 0 };
    assert_false(sw_failed(wf->kind->view(wf, &view)));
    proto_view_release(&view);
}

/* ---- telling ---- */

static inline struct sw_status bench_tell(struct bench *bench, struct wf_input input)
{
    JX_AUTO json_t *before = json_deep_copy(bench->wf->facts);
    JX_AUTO json_t *shared = json_incref(bench->wf->facts);
    wf_update_release(&bench->update);
    input.config = bench->config;
    input.reads = &bench->reads;
    input.now_ms = bench->now_ms;
    struct sw_status status = INCIDENT_KIND.step(bench->wf, &input, &bench->update);
    assert_true(json_equal(before, shared)); /* others may still read the old record */
    bench_check(bench);
    return status;
}

static inline struct sw_status bench_command_with(struct bench *bench, const char *name, json_t *args)
{
    struct proto_command command = bench_command(bench, name, args);
    struct sw_status status = bench_tell(bench, (struct wf_input){ .kind = WF_COMMAND, .command = &command });
    json_decref(args);
    return status;
}

static inline struct sw_status bench_timer(struct bench *bench, const char *name)
{
    return bench_tell(bench, (struct wf_input){ .kind = WF_TIMER, .timer = name });
}

/* Says a verb. The reply is there, whatever it says. */
static inline const struct proto_reply *bench_say(struct bench *bench, const char *verb, const char *text)
{
    struct sw_status status =
        bench_command_with(bench, "incident", json_pack("{ss ss ss}", "verb", verb, "text", text, "link", "https://l"));
    if (sw_failed(status))
        fail_msg("%s: %s", verb, status.text);
    assert_non_null(bench_reply(bench));
    return bench_reply(bench);
}

static inline const struct proto_reply *bench_name(struct bench *bench, const char *verb, const char *user,
                                                   const char *kind)
{
    struct sw_status status = bench_command_with(bench, "incident",
                                                 json_pack("{ss ss s{ss ss ss ss}}", "verb", verb, "text", user, "user",
                                                           "id", user, "name", user, "zone", "UTC", "kind", kind));
    assert_false(sw_failed(status));
    return bench_reply(bench);
}

static inline bool bench_done(struct bench *bench, const char *verb, const char *text)
{
    return !sw_equal(bench_say(bench, verb, text)->name, "refused");
}

static inline void bench_receipt(struct bench *bench, const char *key, json_t *created, json_t *error)
{
    assert_false(sw_failed(bench_command_with(bench, "receipt",
                                              json_pack("{ss ss ss ss so? so?}", "event", "e", "channel", "C", "ts", "",
                                                        "order", key, "created", created, "error", error))));
}

/* Answers every order that is open: the channel is C42. */
static inline void bench_answer_orders(struct bench *bench)
{
    for (int rounds = 0; rounds < 200; rounds++) {
        const json_t *orders = incident_part(bench->wf, "orders");
        const char *key = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)orders));
        if (!key)
            return;
        const json_t *order = json_object_get(json_object_get(orders, key), "order");
        bool makes = sw_equal(jx_string(order, "verb"), "create_channel");
        bench_receipt(bench, key,
                      makes ? json_pack("{ss ss}", "id", "C42", "name", jx_string_or(order, "name", "")) : NULL, NULL);
    }
    fail_msg("orders never end");
}

/* Declares. False: refused; the reply is in bench->update. */
static inline bool bench_declare_as(struct bench *bench, const char *name, json_t *args)
{
    struct proto_command command = bench_command(bench, name, args);
    const struct kind_world world = {
        .config = bench->config, .now_ms = bench->now_ms, .sequence = 42, .reads = &bench->reads
    };
    struct kind_created created = { 0 };
    assert_false(sw_failed(INCIDENT_KIND.create(&world, &command, &created)));
    json_decref(args);
    wf_update_release(&bench->update);
    bench->wf = created.wf;
    bench->update = created.update;
    assert_non_null(bench_reply(bench));
    if (bench->wf)
        bench_check(bench);
    return bench->wf != NULL;
}

static inline void bench_declare(struct bench *bench, const char *args)
{
    json_t *json = json_loads(args, 0, NULL);
    assert_non_null(json);
    assert_true(bench_declare_as(bench, "declare", json));
}

/* An incident of priority 2 with its channel, in which people speak from now on. */
static inline void bench_start(struct bench *bench)
{
    bench_open_with(bench, BENCH_INCIDENTS);
    bench_declare(bench, "{\"title\":\"Testing 123\",\"priority\":2}");
    bench_answer_orders(bench);
    bench->channel = "C42";
}

static inline void bench_take_roles(struct bench *bench)
{
    assert_true(bench_done(bench, "point", ""));
    assert_true(bench_done(bench, "comms", ""));
}

/* Everything that a review needs. */
static inline void bench_fill(struct bench *bench)
{
    static const char *const SAID[][2] = { { "assign", "" },
                                           { "summary", "It broke" },
                                           { "genesis", "1 hour ago" },
                                           { "detected", "30 minutes ago" },
                                           { "component", "db" } };
    bench_take_roles(bench);
    for (size_t i = 0; i < SW_COUNT(SAID); i++)
        assert_true(bench_done(bench, SAID[i][0], SAID[i][1]));
}

#endif
