/* SPDX-License-Identifier: Apache-2.0
 * break_glass_fixture: a world with two services, incidents that hold them, and people who ask and press. For
 * test_break_glass*.c. */
#ifndef TESTS_SCENARIO_BREAK_GLASS_FIXTURE_H
#define TESTS_SCENARIO_BREAK_GLASS_FIXTURE_H

#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "tests/scenario/world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MINUTE_MS = 60 * 1000 };

static const char GLASS_CONFIG[] = "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{"
                                   "\"site\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"},"
                                   "\"shop\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"}},"
                                   "\"pipelines\":{\"one\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./build\"]}]}},"
                                   "\"break_glass\":{\"allow\":{\"users\":[\"U1\",\"U2\",\"U3\"]}},"
                                   "\"incidents\":{\"main\":\"CMAIN\",\"nag_grid\":0}}";

static inline struct world *new_world(void)
{
    struct world *world = malloc(sizeof *world);
    world_init(world, GLASS_CONFIG, NULL, 0);
    world->lease_is_provably_dead = true;
    return world;
}

static inline void end_world(struct world *world)
{
    world_release(world);
    free(world);
}

/* ---- what people say ---- */

static inline const char *declare(struct world *world, const char *tag, const char *service)
{
    char args[128];
    const char *id = world_id('i', tag);
    (void)snprintf(args, sizeof args, "{\"title\":\"Nothing loads\",\"priority\":1,\"service\":\"%s\"}", service);
    world_say(world, tag, "declare", id, args);
    world_run(world, 1000);
    return id;
}

static inline void tell(struct world *world, const char *tag, const char *incident, const char *verb, const char *text)
{
    char args[256];
    (void)snprintf(args, sizeof args, "{\"verb\":\"%s\",\"text\":\"%s\",\"target\":\"%s\"}", verb, text, incident);
    world_say(world, tag, "incident", incident, args);
}

static inline const char *deploy(struct world *world, const char *tag, const char *service)
{
    char args[64];
    (void)snprintf(args, sizeof args, "{\"service\":\"%s\"}", service);
    const char *id = world_deploy(world, tag, args);
    world_run(world, 1000);
    return id;
}

/* reason NULL: none. */
static inline void ask(struct world *world, const char *user, const char *tag, const char *deployment,
                       const char *reason)
{
    JX_AUTO json_t *args = json_pack("{ss ss?}", "target", deployment, "reason", reason);
    SW_AUTO_FREE char *text = jx_dump_new(args);
    world_say_as(world, user, tag, "break_glass", deployment, text);
}

/* The button of a request: agree or decline. */
static inline void press(struct world *world, const char *user, const char *tag, const char *deployment,
                         const char *button, int request)
{
    char args[128], name[64];
    (void)snprintf(args, sizeof args, "{\"target\":\"%s\",\"request\":%d}", deployment, request);
    (void)snprintf(name, sizeof name, "break_glass_%s", button);
    world_say_as(world, user, tag, name, deployment, args);
}

/* ---- what is to be seen ---- */

static inline const json_t *glass_of(const struct world *world, const char *deployment)
{
    const json_t *view = world_event(world, deployment, world_workflow(world, deployment)->n)->body;
    return json_object_get(json_object_get(view, "detail"), "break_glass");
}

static inline const json_t *request_of(const struct world *world, const char *deployment)
{
    const json_t *request = json_object_get(glass_of(world, deployment), "request");
    return json_is_object(request) ? request : NULL;
}

static inline const json_t *last_past(const struct world *world, const char *deployment)
{
    const json_t *past = json_object_get(glass_of(world, deployment), "past");
    return json_array_get(past, json_array_size(past) - 1);
}

static inline int events(const struct world *world, const char *deployment, const char *event)
{
    char type[96];
    int count = 0;
    (void)snprintf(type, sizeof type, "slipway.deployment.%s.v1", event);
    for (int64_t n = 1; n <= world_workflow(world, deployment)->n; n++)
        count += sw_equal(world_event(world, deployment, n)->envelope.type, type);
    return count;
}

static inline const char *code_of(const struct world *world, const char *tag, const char *name)
{
    const struct world_event *reply = world_reply(world, tag, name);
    return reply ? jx_string_or(reply->body, "code", "") : "no reply";
}

static inline const char *said_to(const struct world *world, const char *tag, const char *name)
{
    const struct world_event *reply = world_reply(world, tag, name);
    return reply ? jx_string_or(reply->body, "text", "") : "no reply";
}

/* How often an entry of its timeline has both texts. */
static inline int entries(const struct world *world, const char *incident, const char *first, const char *second)
{
    const json_t *log = json_object_get(world_workflow(world, incident)->facts, "log");
    int count = 0;
    for (size_t i = 0; i < json_array_size(log); i++) {
        const char *text = jx_string_or(json_array_get(log, i), "text", "");
        count += strstr(text, first) && strstr(text, second);
    }
    return count;
}

/* How many posts with that card an incident has ordered, each counted once. */
static inline int posts(const struct world *world, const char *incident, const char *words)
{
    const char *key;
    json_t *entry;
    int count = 0;
    json_object_foreach(json_object_get(world_workflow(world, incident)->facts, "orders"), key, entry)
    {
        const json_t *order = json_object_get(entry, "order");
        count += sw_equal(jx_string(order, "card"), "break_glass") && strstr(jx_string_or(order, "text", ""), words);
    }
    return count;
}

static inline double counted(const char *outcome)
{
    char labels[64];
    (void)snprintf(labels, sizeof labels, "outcome=\"%s\"", outcome);
    return sw_metric_value(sw_counter("slipway_break_glass_total", labels, ""));
}

#endif
