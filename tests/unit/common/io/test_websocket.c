/* SPDX-License-Identifier: Apache-2.0
 * A hub as client and one as server over real sockets: messages, limits, ends. Other people's ends of the line are in
 * tests/e2e/test_socket_mode.py. */
#include "common/base/text.h"
#include "common/io/websocket.h"
#include "common/rt/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { DEADLINE_MS = 10000, MAX_BYTES = 100000 };

/* What one end has seen. */
struct end {
    struct websocket_hub *hub;
    const char *refuses; /* a target that is not admitted */
    bool echoes;
    pthread_mutex_t lock;
    char log[1024]; /* "admit /x;open;text 5 hello;closed E-CLOSED ...;" */
    uint64_t last_id;
    size_t text_bytes;
    int32_t closed;
};

struct pair {
    struct end server, client;
    char url[64];
};

static void note(struct end *end, uint64_t id, const char *what, const char *more)
{
    pthread_mutex_lock(&end->lock);
    const size_t used = strlen(end->log);
    (void)snprintf(end->log + used, sizeof end->log - used, "%s %.200s;", what, more);
    end->last_id = id;
    pthread_mutex_unlock(&end->lock);
}

static bool admit(void *self, uint64_t id, const char *target)
{
    struct end *end = self;
    note(end, id, "admit", target);
    return !sw_equal(target, end->refuses);
}

static void opened(void *self, uint64_t id) { note(self, id, "open", ""); }

static void text(void *self, uint64_t id, const char *data, size_t length)
{
    struct end *end = self;
    assert_int_equal(strlen(data), length);
    end->text_bytes = length;
    note(end, id, "text", data);
    if (end->echoes)
        assert_false(sw_failed(websocket_send(end->hub, id, data)));
}

static void closed(void *self, uint64_t id, const struct sw_status *why)
{
    struct end *end = self;
    end->closed++;
    note(end, id, "closed", why->text);
}

static bool holds(struct end *end, const char *part)
{
    pthread_mutex_lock(&end->lock);
    bool found = strstr(end->log, part) != NULL;
    pthread_mutex_unlock(&end->lock);
    return found;
}

static void wait_for(struct end *end, const char *part)
{
    const int64_t until_ms = sw_monotonic_ms() + DEADLINE_MS;
    while (!holds(end, part) && sw_monotonic_ms() < until_ms)
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = 1000000 }, NULL);
    if (!holds(end, part))
        fail_msg("\"%s\" is not in \"%s\"", part, end->log);
}

static void start_end(struct end *end, const char *listen)
{
    const struct websocket_options options = {
        .listen = listen,
        .max_message_bytes = MAX_BYTES,
        .max_queued_bytes = 2 * MAX_BYTES,
        .max_peers = 2,
        .connect_s = 2,
        .events = { .admit = admit, .opened = opened, .text = text, .closed = closed, .self = end }
    };
    pthread_mutex_init(&end->lock, NULL);
    assert_false(sw_failed(websocket_hub_new(&options, &end->hub)));
}

static int set_up(void **state)
{
    struct pair *pair = calloc(1, sizeof *pair);
    pair->server.refuses = "/refused";
    start_end(&pair->server, "127.0.0.1:0");
    start_end(&pair->client, NULL);
    (void)snprintf(pair->url, sizeof pair->url, "ws://127.0.0.1:%d/link/?ticket=s3cret",
                   websocket_hub_port(pair->server.hub));
    *state = pair;
    return 0;
}

static int tear_down(void **state)
{
    struct pair *pair = *state;
    websocket_hub_free(pair->client.hub);
    websocket_hub_free(pair->server.hub);
    free(pair);
    return 0;
}

static uint64_t connect_to(struct pair *pair)
{
    uint64_t id = 0;
    assert_false(sw_failed(websocket_open(pair->client.hub, pair->url, &id)));
    wait_for(&pair->client, "open ;");
    wait_for(&pair->server, "open ;");
    return id;
}

static void test_messages_go_both_ways(void **state)
{
    struct pair *pair = *state;
    pair->server.echoes = true;
    uint64_t id = connect_to(pair);
    assert_true(holds(&pair->server, "admit /link/?ticket=s3cret;"));
    assert_false(sw_failed(websocket_send(pair->client.hub, id, "hello")));
    assert_false(sw_failed(websocket_send(pair->client.hub, id, "\xc3\xa9t\xc3\xa9")));
    wait_for(&pair->client, "text hello;text \xc3\xa9t\xc3\xa9;");
}

static void test_what_is_sent_before_it_is_open_waits(void **state)
{
    struct pair *pair = *state;
    uint64_t id = 0;
    assert_false(sw_failed(websocket_open(pair->client.hub, pair->url, &id)));
    assert_false(sw_failed(websocket_send(pair->client.hub, id, "early")));
    wait_for(&pair->server, "text early;");
}

static char *long_text(size_t length)
{
    char *data = malloc(length + 1);
    memset(data, 'x', length);
    data[length] = '\0';
    return data;
}

static void test_long_messages_come_whole_and_too_long_ones_end_it(void **state)
{
    struct pair *pair = *state;
    uint64_t id = connect_to(pair);
    SW_AUTO_FREE char *fits = long_text(MAX_BYTES), *too_long = long_text(MAX_BYTES + 1);
    assert_false(sw_failed(websocket_send(pair->client.hub, id, fits)));
    wait_for(&pair->server, "text xxx");
    assert_int_equal(pair->server.text_bytes, MAX_BYTES);
    assert_false(sw_failed(websocket_send(pair->client.hub, id, too_long)));
    wait_for(&pair->server, "closed the peer sent more than 100000 bytes");
    wait_for(&pair->client, "closed the peer closed the connection with code 1009");
}

static void test_what_waits_is_bounded(void **state)
{
    struct pair *pair = *state;
    SW_AUTO_FREE char *much = long_text(2 * MAX_BYTES + 1);
    assert_int_equal(websocket_send(pair->client.hub, 1, much).code, SW_CODE_FULL);
    assert_false(sw_failed(websocket_send(pair->client.hub, 1, much + 1))); /* to nobody */
    connect_to(pair);                                                       /* obeyed after that */
    assert_false(sw_failed(websocket_send(pair->client.hub, 1, much + 1)));
}

static void test_who_closes_is_told_to_both(void **state)
{
    struct pair *pair = *state;
    uint64_t id = connect_to(pair);
    assert_false(sw_failed(websocket_send(pair->client.hub, id, "last words")));
    websocket_close(pair->client.hub, id, WEBSOCKET_GOING_AWAY);
    wait_for(&pair->server, "text last words;closed the peer closed the connection with code 1001");
    wait_for(&pair->client, "closed closed by us");
    websocket_close(pair->client.hub, id, WEBSOCKET_NORMAL); /* over already: nothing happens */
    assert_int_equal(pair->client.closed, 1);
}

static void test_a_drop_is_no_close(void **state)
{
    struct pair *pair = *state;
    connect_to(pair);
    websocket_drop(pair->server.hub, pair->server.last_id);
    wait_for(&pair->client, "closed the connection was lost");
    wait_for(&pair->server, "closed closed by us");
}

static void test_a_refused_peer_hears_it(void **state)
{
    struct pair *pair = *state;
    uint64_t id = 0;
    char url[64];
    (void)snprintf(url, sizeof url, "ws://127.0.0.1:%d/refused", websocket_hub_port(pair->server.hub));
    assert_false(sw_failed(websocket_open(pair->client.hub, url, &id)));
    wait_for(&pair->client, "closed ");
    assert_false(holds(&pair->client, "open"));
    assert_int_equal(pair->server.closed, 0);
}

static void test_nobody_listens(void **state)
{
    struct pair *pair = *state;
    uint64_t id = 0;
    assert_false(sw_failed(websocket_open(pair->client.hub, "ws://127.0.0.1:1/link?ticket=s3cret", &id)));
    wait_for(&pair->client, "closed ");
    assert_false(holds(&pair->client, "s3cret"));
    assert_int_equal(pair->client.last_id, id);
}

static void test_no_url_of_ours(void **state)
{
    struct pair *pair = *state;
    static const char *const bad[] = { "", "http://x/", "ws:/x", "wss://", "ws://:80/", "/x" };
    for (size_t i = 0; i < SW_COUNT(bad); i++) {
        uint64_t id = 0;
        assert_int_equal(websocket_open(pair->client.hub, bad[i], &id).code, SW_CODE_INVALID);
    }
    uint64_t id = 0;
    assert_int_equal(websocket_open(pair->server.hub, pair->url, &id).code, SW_CODE_INVALID);
}

static void test_more_than_there_are_places(void **state)
{
    struct pair *pair = *state;
    uint64_t id = 0;
    for (int32_t i = 0; i < 3; i++)
        assert_false(sw_failed(websocket_open(pair->client.hub, pair->url, &id)));
    wait_for(&pair->client, "closed too many connections");
    assert_int_equal(pair->client.closed, 1);
}

static void test_a_hub_that_ends_tells_of_each_connection(void **state)
{
    struct pair *pair = *state;
    connect_to(pair);
    websocket_hub_free(pair->client.hub);
    pair->client.hub = NULL;
    assert_int_equal(pair->client.closed, 1);
    wait_for(&pair->server, "closed ");
}

static void test_a_taken_port_is_an_error(void **state)
{
    struct pair *pair = *state;
    char address[32];
    struct websocket_hub *hub = NULL;
    (void)snprintf(address, sizeof address, "127.0.0.1:%d", websocket_hub_port(pair->server.hub));
    const struct websocket_options options = { .listen = address, .events = { .closed = closed } };
    assert_int_equal(websocket_hub_new(&options, &hub).code, SW_CODE_CONFIG);
    const struct websocket_options nonsense = { .listen = "here", .events = { .closed = closed } };
    assert_int_equal(websocket_hub_new(&nonsense, &hub).code, SW_CODE_CONFIG);
}

static void test_a_proxy_that_cannot_be_used_is_an_error(void **state)
{
    (void)state;
    struct websocket_hub *hub = NULL;
    const struct websocket_options options = { .events = { .closed = closed } };
    assert_int_equal(setenv("HTTPS_PROXY", "socks5://me:s3cret@127.0.0.1:1", 1), 0);
    struct sw_status status = websocket_hub_new(&options, &hub);
    assert_int_equal(unsetenv("HTTPS_PROXY"), 0);
    assert_int_equal(status.code, SW_CODE_CONFIG);
    assert_non_null(strstr(status.text, "HTTPS_PROXY"));
    assert_null(strstr(status.text, "s3cret"));
}

int main(void)
{
    static const char *const foreign[] = { "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" };
    for (size_t i = 0; i < SW_COUNT(foreign); i++)
        assert_int_equal(unsetenv(foreign[i]), 0);
#define TEST_(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST_(test_messages_go_both_ways),
        TEST_(test_what_is_sent_before_it_is_open_waits),
        TEST_(test_long_messages_come_whole_and_too_long_ones_end_it),
        TEST_(test_what_waits_is_bounded),
        TEST_(test_who_closes_is_told_to_both),
        TEST_(test_a_drop_is_no_close),
        TEST_(test_a_refused_peer_hears_it),
        TEST_(test_nobody_listens),
        TEST_(test_no_url_of_ours),
        TEST_(test_more_than_there_are_places),
        TEST_(test_a_hub_that_ends_tells_of_each_connection),
        TEST_(test_a_taken_port_is_an_error),
        cmocka_unit_test(test_a_proxy_that_cannot_be_used_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
