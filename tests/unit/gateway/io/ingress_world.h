/* SPDX-License-Identifier: Apache-2.0
 * The ways in with a made-up world around them: a carrier that writes down what happened to it, a Kafka that reports
 * when it is told to, who is told later, and a Slack that answers questions. */
#ifndef TESTS_UNIT_GATEWAY_IO_INGRESS_WORLD_H
#define TESTS_UNIT_GATEWAY_IO_INGRESS_WORLD_H

#include "gateway/io/dispatch.h"

#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { DEADLINE_MS = 10000 };

/* A carrier that writes down what happened to it, a Kafka that reports when it is told to, and who is told later. */
struct world {
    char told[4096]; /* "keep;answer {...};" and so on */
    char said[4096];
    bool connected;
    int32_t produced;
    char kafka[1024]; /* "cmd:A1:1;" and so on */
    char id[128];
    json_t *record;       /* the last one's value */
    struct httpd *slack;  /* NULL: nobody answers questions */
    const char *people;   /* what users.info says; NULL: nothing, for ever */
    const char *messages; /* what conversations.history and .replies say */
    const char *views;    /* what views.open says; NULL: ok */
    struct http_client *http;
    struct slack_api *api;
    kafka_delivered_fn *done;
    void *context;
    struct publisher *publisher;
    struct slack_gate *gate;
    struct directory *directory;
    struct intake *intake;
    struct dispatch *dispatch;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* the publisher's timer tells too */

static inline void put(char *text, size_t size, const char *what, const char *more)
{
    pthread_mutex_lock(&lock);
    size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s%s%s;", what, more ? " " : "", more ? more : "");
    pthread_mutex_unlock(&lock);
}

static inline bool holds(const char *text, const char *part)
{
    pthread_mutex_lock(&lock);
    bool found = strstr(text, part) != NULL;
    pthread_mutex_unlock(&lock);
    return found;
}

static inline void keep(void *self) { put(((struct world *)self)->told, 4096, "keep", NULL); }
static inline void answer(void *self, const char *json) { put(((struct world *)self)->told, 4096, "answer", json); }
static inline void leave(void *self) { put(((struct world *)self)->told, 4096, "leave", NULL); }
static inline void refuse(void *self) { put(((struct world *)self)->told, 4096, "refuse", NULL); }

static const struct carrier_way WAY = { .keep = keep, .answer = answer, .refuse = refuse, .leave = leave };

static inline bool connected(void *self) { return ((struct world *)self)->connected; }

static inline struct sw_status produce(void *self, const struct kafka_record *record, kafka_delivered_fn *done,
                                       void *context)
{
    struct world *world = self;
    world->produced++;
    world->done = done;
    world->context = context;
    for (size_t i = 0; i < record->header_count; i++)
        if (sw_equal(record->headers[i].name, "ce_id"))
            (void)sw_copy(world->id, sizeof world->id, record->headers[i].value);
    json_decref(world->record);
    world->record = NULL;
    assert_false(sw_failed(jx_parse(record->value, record->value_bytes, &world->record)));
    put(world->kafka, sizeof world->kafka, world->id, NULL); /* last: who waits for it reads the rest */
    return sw_ok();
}

/* What is asked of Slack, and what is whispered through it. */
static inline void slack_asked(void *self, struct httpd_exchange *exchange)
{
    struct world *world = self;
    size_t length;
    const char *path = httpd_path(exchange), *body = httpd_body(exchange, &length), *answer = "{\"ok\":true}";
    if (strcmp(path, "/api/auth.test") == 0)
        answer = "{\"ok\":true,\"url\":\"https://acme.example/\"}";
    else if (strcmp(path, "/api/users.info") == 0)
        answer = world->people;
    else if (strstr(path, "/api/conversations."))
        answer = world->messages;
    else if (strstr(path, "/api/chat.") || strstr(path, "/api/views.")) {
        put(world->said, sizeof world->said, path, body);
        answer = strstr(path, "/api/views.") && world->views ? world->views : answer;
    }
    if (answer)
        httpd_answer_json(exchange, 200, answer);
    else
        httpd_keep(exchange); /* answered when the server ends */
}

static inline void world_whisper(void *self, const struct whisper_place *place, json_t *message)
{
    whisper_say(((struct world *)self)->api, place, message);
}

static inline void announce(void *self, const char *command_id, const char *response_url, bool expected)
{
    (void)expected;
    (void)response_url;
    put(((struct world *)self)->said, 4096, "announce", command_id);
}

static inline void say(void *self, const char *command_id, const char *response_url, json_t *message)
{
    (void)response_url;
    put(((struct world *)self)->said, 4096, "say", command_id);
    json_decref(message);
}

static inline void start_slack(struct world *world, struct directory_options *options)
{
    static char url[64];
    assert_false(sw_failed(httpd_start(
        &(struct httpd_options){ .listen = "127.0.0.1:0", .handle = slack_asked, .self = world }, &world->slack)));
    assert_false(sw_failed(http_client_new("test", &world->http)));
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/api/", (unsigned)httpd_port(world->slack));
    options->slack_api_url = url;
    options->bot_token = "xoxb-1";
    options->http = world->http;
    assert_false(sw_failed(
        slack_api_new(&(struct slack_api_options){ .url = url, .token = "xoxb-1", .http = world->http }, &world->api)));
}

static inline int set_up_world(void **state, bool slack)
{
    struct directory_options directory = { .slack_api_url = "" };
    struct world *world = calloc(1, sizeof *world);
    world->connected = true;
    if (slack)
        start_slack(world, &directory);
    assert_false(sw_failed(publisher_new(
        &(struct publisher_options){
            .topic = "commands",
            .bus = { .produce = produce, .connected = connected, .self = world },
            .tick_ms = 1,
        },
        &world->publisher)));
    assert_false(sw_failed(slack_gate_new("secret", NULL, &world->gate)));
    assert_false(sw_failed(directory_new(&directory, &world->directory)));
    const struct intake_options intake = {
        .gateway = "gateway-1",
        .response_hosts = "hooks.slack.com",
        .status_command = "/check_status",
        .publisher = world->publisher,
        .gate = world->gate,
        .directory = world->directory,
        .replies = { .announce = announce, .say = say, .self = world },
        .whisper = { .say = slack ? world_whisper : NULL, .self = world },
        .api = world->api,
    };
    assert_false(sw_failed(intake_new(&intake, &world->intake)));
    struct dispatch_options options = { .team_ids = "T1, T2", .reactions = "pushpin", .intake = world->intake };
    assert_false(
        sw_failed(command_names_parse("deploy=/deploy,check_status=/check_status,incident=/incident", &options.names)));
    assert_false(sw_failed(dispatch_new(&options, &world->dispatch)));
    *state = world;
    return 0;
}

static inline int set_up(void **state) { return set_up_world(state, false); }

static inline int set_up_with_slack(void **state) { return set_up_world(state, true); }

static inline int tear_down(void **state)
{
    struct world *world = *state;
    intake_drain(world->intake);
    if (world->http)
        http_client_free(world->http);
    if (world->slack)
        httpd_free(world->slack);
    slack_api_unref(world->api);
    json_decref(world->record);
    publisher_free(world->publisher);
    dispatch_free(world->dispatch);
    intake_free(world->intake);
    directory_free(world->directory);
    slack_gate_free(world->gate);
    free(world);
    return 0;
}

static inline struct carrier carrier_of(struct world *world)
{
    struct carrier carrier = { .way = &WAY, .self = world, .received_us = sw_monotonic_us() };
    (void)sw_copy(carrier.pass.request, sizeof carrier.pass.request, "sig:0a1b");
    return carrier;
}

static inline void wait_for(const char *text, const char *part)
{
    const int64_t until_ms = sw_monotonic_ms() + DEADLINE_MS;
    while (!holds(text, part) && sw_monotonic_ms() < until_ms)
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = 1000000 }, NULL);
    assert_true(holds(text, part));
}
static inline json_t *json(const char *text)
{
    json_t *value = NULL;
    assert_false(sw_failed(jx_parse(text, strlen(text), &value)));
    return value;
}

#endif
