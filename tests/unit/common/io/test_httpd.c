/* SPDX-License-Identifier: Apache-2.0
 * The server over real sockets: answers now and later, limits, slow clients, draining. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/rt/clock.h"
#include "common/rt/queue.h"
#include "common/rt/thread.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct server {
    struct httpd *httpd;
    struct sw_queue *kept;
    struct sw_thread answerer;
    _Atomic int refused;
};

static void handle(void *self, struct httpd_exchange *exchange)
{
    struct server *server = self;
    size_t length;
    const char *body = httpd_body(exchange, &length);
    if (sw_equal(httpd_path(exchange), "/later")) {
        httpd_keep(exchange);
        assert_false(sw_failed(sw_queue_push(server->kept, exchange, 0)));
    } else if (sw_equal(httpd_path(exchange), "/drop"))
        httpd_drop(exchange);
    else
        httpd_answer(exchange, &(struct httpd_answer){ .status = 200, .body = body, .length = length });
}

static void answer_later(void *self)
{
    struct server *server = self;
    struct httpd_exchange *exchange;
    while ((exchange = sw_queue_pop(server->kept, 2000)))
        httpd_answer_text(exchange, 200, "later");
}

static void count_refused(void *self, enum httpd_verdict why)
{
    (void)why;
    ((struct server *)self)->refused++;
}

static int start(void **state)
{
    static struct server server;
    server = (struct server){ .kept = sw_queue_new(16) };
    struct httpd_options options = { .listen = "127.0.0.1:0",
                                     .max_body_bytes = 100,
                                     .slow_ms = 300,
                                     .handle = handle,
                                     .refused = count_refused,
                                     .self = &server };
    if (sw_failed(httpd_start(&options, &server.httpd)))
        return -1;
    *state = &server;
    return 0;
}

static int stop(void **state)
{
    struct server *server = *state;
    sw_queue_close(server->kept);
    sw_thread_join(&server->answerer);
    httpd_free(server->httpd);
    sw_queue_free(server->kept, NULL);
    return 0;
}

static int dial(const struct server *server)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(httpd_port(server->httpd)) };
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Everything until the peer closes, or 5 s. */
static void read_all(int fd, char *ret_text, size_t size)
{
    size_t length = 0;
    struct pollfd waiting = { .fd = fd, .events = POLLIN };
    while (length < size - 1 && poll(&waiting, 1, 5000) == 1) {
        ssize_t got = read(fd, ret_text + length, size - 1 - length);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    ret_text[length] = '\0';
    close(fd);
}

static void ask(const struct server *server, const char *request, char *ret_text, size_t size)
{
    int fd = dial(server);
    assert_int_equal(write(fd, request, strlen(request)), strlen(request));
    read_all(fd, ret_text, size);
}

static void test_answers_at_once(void **state)
{
    char text[1024];
    ask(*state, "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", text,
        sizeof text);
    assert_non_null(strstr(text, "200"));
    assert_non_null(strstr(text, "\r\n\r\nhello"));
}

static void test_answers_later_from_another_thread(void **state)
{
    struct server *server = *state;
    char text[1024];
    assert_false(sw_failed(sw_thread_start(&server->answerer, "answerer", answer_later, server)));
    for (int i = 0; i < 50; i++) {
        ask(server, "GET /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", text, sizeof text);
        assert_non_null(strstr(text, "\r\n\r\nlater"));
    }
}

static void test_drops_without_an_answer(void **state)
{
    char text[1024];
    ask(*state, "GET /drop HTTP/1.1\r\nHost: x\r\n\r\n", text, sizeof text);
    assert_string_equal(text, "");
}

static void test_refuses_a_long_body(void **state)
{
    struct server *server = *state;
    char text[1024];
    ask(server, "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 101\r\n\r\n", text, sizeof text);
    assert_non_null(strstr(text, " 413 "));
    ask(server,
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "40\r\n0123456789012345678901234567890123456789012345678901234567890123\r\n"
        "40\r\n0123456789012345678901234567890123456789012345678901234567890123\r\n0\r\n\r\n",
        text, sizeof text);
    assert_non_null(strstr(text, " 413 "));
    assert_int_equal(server->refused, 2);
}

static void test_cuts_a_client_that_drips(void **state)
{
    struct server *server = *state;
    char text[1024];
    int fd = dial(server);
    int64_t begun_ms = sw_monotonic_ms();
    assert_int_equal(write(fd, "GET / HTTP/1.1\r\nX: ", 19), 19);
    read_all(fd, text, sizeof text);
    while (server->refused == 0 && sw_monotonic_ms() - begun_ms < 4000)
        sched_yield(); /* it is counted after the connection is closed */
    assert_true(sw_monotonic_ms() - begun_ms < 4000);
    assert_int_equal(server->refused, 1);
}

static void test_what_is_kept_is_answered_at_the_end(void **state)
{
    struct server *server = *state;
    char text[1024];
    int fd = dial(server);
    const char *request = "GET /later HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_int_equal(write(fd, request, strlen(request)), strlen(request));
    assert_non_null(sw_queue_pop(server->kept, 2000));
    httpd_free(server->httpd);
    server->httpd = NULL;
    read_all(fd, text, sizeof text);
    assert_true(*text == '\0' || strstr(text, " 503 "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answers_at_once, start, stop),
        cmocka_unit_test_setup_teardown(test_answers_later_from_another_thread, start, stop),
        cmocka_unit_test_setup_teardown(test_drops_without_an_answer, start, stop),
        cmocka_unit_test_setup_teardown(test_refuses_a_long_body, start, stop),
        cmocka_unit_test_setup_teardown(test_cuts_a_client_that_drips, start, stop),
        cmocka_unit_test_setup_teardown(test_what_is_kept_is_answered_at_the_end, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
