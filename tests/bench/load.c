/* SPDX-License-Identifier: Apache-2.0
 * bench-load: signed slash commands over keep-alive connections, from one thread, so that it costs little beside what
 * it measures. With --rate it is open loop: a request's time counts from when it was due, so that a server that stalls
 * cannot hide it. Without, each connection asks again as soon as it is answered. Prints one JSON object. */
#include "tests/bench/load_request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 1024, GRACE_US = 15 * 1000000, ANSWER_SIZE = 16384 };

struct connection {
    int fd;
    int64_t due_us; /* when the request under way was due */
    bool busy;
    size_t got;
    char answer[ANSWER_SIZE];
};

struct load {
    struct load_request request;
    struct sockaddr_in address;
    int64_t connection_count, rate, count, seconds; /* rate 0: closed loop; count 0: for `seconds` */
    int epoll_fd;
    struct connection *connections;
    struct connection *idle[MAX_CONNECTIONS];
    size_t idle_count;
    int64_t begin_us, end_us, sent, ok, refused, broken;
    uint32_t *latencies_us;
    size_t latency_count, latency_capacity;
};

static void die(const char *what)
{
    fprintf(stderr, "bench-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- one request ---- */

static void open_connection(struct load *load, struct connection *connection)
{
    const int on = 1;
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0 || connect(connection->fd, (struct sockaddr *)&load->address, sizeof load->address) != 0)
        die("cannot connect");
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
    if (epoll_ctl(load->epoll_fd, EPOLL_CTL_ADD, connection->fd, &event) != 0)
        die("epoll_ctl");
}

static void rest(struct load *load, struct connection *connection)
{
    connection->busy = false;
    load->idle[load->idle_count++] = connection;
}

static void begin_connection(struct load *load, struct connection *connection)
{
    open_connection(load, connection);
    rest(load, connection);
}

static void begin_request(struct load *load, int64_t due_us)
{
    struct connection *connection = load->idle[--load->idle_count];
    size_t length;
    const char *text = load_request_next(&load->request, &length);
    connection->due_us = due_us;
    connection->busy = true;
    connection->got = 0;
    load->sent++;
    if (send(connection->fd, text, length, MSG_NOSIGNAL) != (ssize_t)length)
        die("cannot send a whole request");
}

static void note_latency(struct load *load, int64_t us)
{
    if (load->latency_count == load->latency_capacity) {
        load->latency_capacity = load->latency_capacity ? load->latency_capacity * 2 : 65536;
        load->latencies_us = realloc(load->latencies_us, load->latency_capacity * sizeof *load->latencies_us);
        if (!load->latencies_us)
            die("out of memory");
    }
    load->latencies_us[load->latency_count++] = (uint32_t)us;
}

/* ok: 200. refused: any other status. broken: the connection ended before the answer. */
static void end_request(struct load *load, struct connection *connection, int status)
{
    load->ok += status == 200;
    load->refused += status != 200;
    note_latency(load, now_us() - connection->due_us);
    rest(load, connection);
}

static bool whole(const struct connection *connection)
{
    const char *body = strstr(connection->answer, "\r\n\r\n");
    const char *length = body ? strcasestr(connection->answer, "\r\nContent-Length:") : NULL;
    return length && connection->got >= (size_t)(body + 4 - connection->answer) + strtoul(length + 17, NULL, 10);
}

/* The server ends a connection that has rested for long; that one rests on. */
static void connect_again(struct load *load, struct connection *connection)
{
    close(connection->fd);
    open_connection(load, connection);
    if (!connection->busy)
        return;
    load->broken++;
    rest(load, connection);
}

static void on_readable(struct load *load, struct connection *connection)
{
    ssize_t got = recv(connection->fd, connection->answer + connection->got, ANSWER_SIZE - 1 - connection->got, 0);
    if (got <= 0 || !connection->busy) {
        connect_again(load, connection);
        return;
    }
    connection->got += (size_t)got;
    connection->answer[connection->got] = '\0';
    if (whole(connection))
        end_request(load, connection, atoi(connection->answer + strlen("HTTP/1.1 ")));
}

/* ---- the loop ---- */

static bool may_send(const struct load *load, int64_t now)
{
    return load->count ? load->sent < load->count : now < load->begin_us + load->seconds * 1000000;
}

/* Sends what is due; returns when the next is, or -1. */
static int64_t send_due(struct load *load, int64_t now)
{
    while (load->idle_count > 0 && may_send(load, now)) {
        int64_t due_us = load->rate ? load->begin_us + load->sent * 1000000 / load->rate : now;
        if (due_us > now)
            return due_us;
        begin_request(load, due_us);
        now = load->rate ? now : now_us();
    }
    return -1;
}

static void wait_for_answers(struct load *load, int64_t until_us)
{
    struct epoll_event events[MAX_CONNECTIONS];
    int64_t left_us = until_us - now_us();
    struct timespec timeout = { .tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000 };
    int count = left_us > 0 ? epoll_pwait2(load->epoll_fd, events, MAX_CONNECTIONS, &timeout, NULL) : 0;
    for (int i = 0; i < count; i++)
        on_readable(load, events[i].data.ptr);
}

static void run(struct load *load)
{
    load->begin_us = now_us();
    int64_t give_up_us = INT64_MAX;
    for (;;) {
        int64_t now = now_us();
        int64_t next_us = send_due(load, now);
        bool more = may_send(load, now);
        if (!more && give_up_us == INT64_MAX)
            give_up_us = now + GRACE_US;
        if ((!more && load->idle_count == (size_t)load->connection_count) || now > give_up_us)
            break;
        wait_for_answers(load, next_us > 0 ? next_us : now + 100000);
    }
    load->end_us = now_us();
}

/* ---- the outcome ---- */

static int compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static double at_ms(const struct load *load, double quantile)
{
    size_t index = (size_t)(quantile * (double)load->latency_count);
    if (load->latency_count == 0)
        return 0;
    return (double)load->latencies_us[index < load->latency_count ? index : load->latency_count - 1] / 1000.0;
}

static void report(struct load *load)
{
    double seconds = (double)(load->end_us - load->begin_us) / 1e6;
    qsort(load->latencies_us, load->latency_count, sizeof *load->latencies_us, compare);
    printf("{\"sent\": %lld, \"ok\": %lld, \"refused\": %lld, \"broken\": %lld, \"unanswered\": %lld, "
           "\"seconds\": %.3f, \"rate\": %.1f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"p999_ms\": %.3f, "
           "\"max_ms\": %.3f}\n",
           (long long)load->sent, (long long)load->ok, (long long)load->refused, (long long)load->broken,
           (long long)(load->sent - load->ok - load->refused - load->broken), seconds, (double)load->ok / seconds,
           at_ms(load, 0.5), at_ms(load, 0.99), at_ms(load, 0.999), at_ms(load, 1));
}

static void parse_options(struct load *load, int argc, char **argv)
{
    static const struct option OPTIONS[] = { { "port", 1, NULL, 'p' },         { "secret-file", 1, NULL, 's' },
                                             { "connections", 1, NULL, 'c' },  { "seconds", 1, NULL, 't' },
                                             { "rate", 1, NULL, 'r' },         { "count", 1, NULL, 'n' },
                                             { "command", 1, NULL, 'C' },      { "text", 1, NULL, 'T' },
                                             { "response-url", 1, NULL, 'u' }, { 0 } };
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        switch (option) {
        case 'p':
            load->address.sin_port = htons((uint16_t)atoi(optarg));
            break;
        case 's':
            load_request_secret(&load->request, optarg);
            break;
        case 'c':
            load->connection_count = atoll(optarg);
            break;
        case 't':
            load->seconds = atoll(optarg);
            break;
        case 'r':
            load->rate = atoll(optarg);
            break;
        case 'n':
            load->count = atoll(optarg);
            break;
        case 'C':
            load->request.command = optarg;
            break;
        case 'T':
            load->request.text = optarg;
            break;
        case 'u':
            load->request.response_url = optarg;
            break;
        default:
            exit(64);
        }
    }
}

int main(int argc, char **argv)
{
    struct load load = { .connection_count = 1,
                         .seconds = 5,
                         .address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
                         .request = { .command = "/deploy", .text = "", .response_url = "" } };
    parse_options(&load, argc, argv);
    if (load.connection_count < 1 || load.connection_count > MAX_CONNECTIONS)
        load.connection_count = MAX_CONNECTIONS;
    load.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    load.connections = calloc((size_t)load.connection_count, sizeof *load.connections);
    for (int64_t i = 0; i < load.connection_count; i++)
        begin_connection(&load, &load.connections[i]);
    run(&load);
    report(&load);
    return 0;
}
