/* SPDX-License-Identifier: Apache-2.0
 * The server: listening, collecting requests, stopping. */
#include "common/io/httpd.h"

#include "common/base/text.h"
#include "common/io/httpd_internal.h"
#include "common/rt/clock.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PRESET_BODY_BYTES = 64 * 1024,
    PRESET_SLOW_MS = 5000,
    PRESET_CONNECTIONS = 1024,
    CONNECTION_MEMORY_BYTES = 32 * 1024, /* bounds the header block */
    IDLE_TIMEOUT_S = 60,
    BACKLOG = 1024,
};

static enum MHD_Result refuse(struct httpd_exchange *exchange, enum httpd_verdict why, int32_t status, const char *text)
{
    struct httpd *httpd = exchange->httpd;
    if (httpd->options.refused)
        httpd->options.refused(httpd->options.self, why);
    exchange->progress = HTTPD_ANSWERED;
    httpd_exchange_set(exchange, &(struct httpd_answer){ .status = status,
                                                         .content_type = "text/plain; charset=utf-8",
                                                         .body = text,
                                                         .length = strlen(text) });
    return httpd_exchange_send(exchange);
}

/* A body that says that it is too long is refused before it is read. */
static enum MHD_Result begin(struct httpd *httpd, struct MHD_Connection *connection, const char *method,
                             const char *path, void **context)
{
    struct httpd_exchange *exchange = httpd_exchange_new(httpd, connection, method, path);
    if (!exchange)
        return MHD_NO;
    *context = exchange;
    httpd_slow_mark(httpd, connection, HTTPD_BODY_EXPECTED);
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    int64_t bytes = 0;
    if (length && (!sw_parse_i64(length, 0, INT64_MAX, &bytes) || (size_t)bytes > httpd->options.max_body_bytes))
        return refuse(exchange, HTTPD_BODY_TOO_LARGE, 413, "the request's body is too large\n");
    return MHD_YES;
}

static void collect(struct httpd_exchange *exchange, const char *data, size_t *length)
{
    if (!exchange->too_large)
        sw_buf_append(&exchange->body, data, *length);
    exchange->too_large = exchange->body.failed;
    *length = 0;
}

static enum MHD_Result handle(struct httpd_exchange *exchange)
{
    struct httpd *httpd = exchange->httpd;
    struct MHD_Connection *connection = exchange->connection;
    if (exchange->too_large)
        return refuse(exchange, HTTPD_BODY_TOO_LARGE, 413, "the request's body is too large\n");
    httpd_slow_mark(httpd, connection, HTTPD_BUSY);
    exchange->progress = HTTPD_HANDLING;
    httpd->handling++;
    httpd->options.handle(httpd->options.self, exchange);
    /* A kept exchange may have been answered by another thread by now; MHD calls again once it is resumed. */
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_SUSPENDED);
    if (info && info->suspended)
        return MHD_YES;
    assert(exchange->progress == HTTPD_ANSWERED); /* a handler answers or keeps */
    return httpd_exchange_send(exchange);
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *data, size_t *length, void **context)
{
    struct httpd_exchange *exchange = *context;
    (void)version;
    if (!exchange)
        return begin(self, connection, method, path, context);
    if (*length > 0) {
        collect(exchange, data, length);
        return MHD_YES;
    }
    switch (exchange->progress) {
    case HTTPD_RECEIVING:
        return handle(exchange);
    case HTTPD_ANSWERED:
        return httpd_exchange_send(exchange);
    case HTTPD_HANDLING:
    case HTTPD_SUSPENDED:
    case HTTPD_SENT:
        return MHD_YES;
    }
    return MHD_NO;
}

static void on_completed(void *self, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct httpd *httpd = self;
    struct httpd_exchange *exchange = *context;
    (void)code;
    httpd_slow_mark(httpd, connection, HTTPD_IDLE);
    if (!exchange)
        return;
    if (exchange->progress != HTTPD_RECEIVING && !exchange->too_large)
        httpd->handling--;
    *context = NULL;
    httpd_exchange_free(exchange);
}

/* "127.0.0.1:3000", "[::]:3000", "localhost:0". */
static struct sw_status split_address(const char *listen, char *ret_host, size_t size, char ret_port[8])
{
    const char *colon = strrchr(listen, ':');
    if (!colon || strlen(colon + 1) == 0 || strlen(colon + 1) > 5)
        return sw_fail(SW_CODE_CONFIG, "\"%s\" is no address HINT: write HOST:PORT, such as 127.0.0.1:3000", listen);
    bool brackets = listen[0] == '[' && colon > listen && colon[-1] == ']';
    size_t length = (size_t)(colon - listen) - (brackets ? 2 : 0);
    if (length >= size)
        return sw_fail(SW_CODE_CONFIG, "\"%s\": host too long", listen);
    memcpy(ret_host, listen + (brackets ? 1 : 0), length);
    ret_host[length] = '\0';
    (void)sw_copy(ret_port, 8, colon + 1); /* measured above */
    return sw_ok();
}

static struct sw_status bind_socket(const char *where, const struct addrinfo *address, int *ret_fd)
{
    int on = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return sw_fail(SW_CODE_IO, "cannot make a socket: %s", strerror(errno));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        *ret_fd = fd;
        return sw_ok();
    }
    struct sw_status status =
        sw_fail(SW_CODE_CONFIG, "cannot listen on \"%s\": %s HINT: choose another address, or stop what uses it", where,
                strerror(errno));
    close(fd);
    return status;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return 0;
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

static struct sw_status open_listener(struct httpd *httpd)
{
    char host[256], port[8];
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    struct addrinfo *addresses = NULL;
    SW_TRY(split_address(httpd->options.listen, host, sizeof host, port));
    int failure = getaddrinfo(*host ? host : NULL, port, &hints, &addresses);
    if (failure)
        return sw_fail(SW_CODE_CONFIG, "\"%s\": %s", httpd->options.listen, gai_strerror(failure));
    struct sw_status status = bind_socket(httpd->options.listen, addresses, &httpd->listen_fd);
    freeaddrinfo(addresses);
    if (!sw_failed(status))
        httpd->port = port_of(httpd->listen_fd);
    return status;
}

static void log_nothing(void *self, const char *format, va_list arguments)
{
    (void)self, (void)format, (void)arguments; /* peers that go away are no news; failures come as return values */
}

static struct sw_status start_daemon(struct httpd *httpd)
{
    const struct httpd_options *options = &httpd->options;
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    httpd->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, httpd, MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL,
        MHD_OPTION_LISTEN_SOCKET, httpd->listen_fd, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)(options->threads > 1 ? options->threads : 0), MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)options->max_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S, MHD_OPTION_NOTIFY_COMPLETED, on_completed, httpd,
        MHD_OPTION_NOTIFY_CONNECTION, httpd_slow_connection, httpd, MHD_OPTION_END);
    return httpd->daemon ? sw_ok() : sw_fail(SW_CODE_IO, "cannot start the HTTP server on \"%s\"", options->listen);
}

static void set_presets(struct httpd_options *options)
{
    options->threads = options->threads ? options->threads : 1;
    options->max_body_bytes = options->max_body_bytes ? options->max_body_bytes : PRESET_BODY_BYTES;
    options->slow_ms = options->slow_ms ? options->slow_ms : PRESET_SLOW_MS;
    options->max_connections = options->max_connections ? options->max_connections : PRESET_CONNECTIONS;
}

struct sw_status httpd_start(const struct httpd_options *options, struct httpd **ret_httpd)
{
    struct httpd *httpd = calloc(1, sizeof *httpd);
    if (!httpd)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    httpd->magic = HTTPD_MAGIC;
    httpd->options = *options;
    httpd->listen_fd = -1;
    set_presets(&httpd->options);
    struct sw_status status = open_listener(httpd);
    if (!sw_failed(status))
        status = httpd_slow_start(httpd);
    if (!sw_failed(status))
        status = start_daemon(httpd);
    if (sw_failed(status)) {
        httpd_free(httpd);
        return status;
    }
    *ret_httpd = httpd;
    return sw_ok();
}

uint16_t httpd_port(const struct httpd *httpd) { return httpd->port; }

void httpd_drain(struct httpd *httpd, int64_t drain_ms)
{
    int64_t deadline_ms = sw_monotonic_ms() + drain_ms;
    if (!httpd->draining && httpd->daemon)
        (void)MHD_quiesce_daemon(httpd->daemon); /* hands back the socket that we hold anyway */
    httpd->draining = true;
    while (httpd->handling > 0 && sw_monotonic_ms() < deadline_ms)
        (void)poll(NULL, 0, 5); /* the end of the last exchange has no event of its own */
}

void httpd_free(struct httpd *httpd)
{
    if (!httpd)
        return;
    assert(httpd->magic == HTTPD_MAGIC);
    if (httpd->daemon) {
        httpd_drain(httpd, 0);
        httpd_exchange_answer_kept(httpd);
        MHD_stop_daemon(httpd->daemon);
    }
    if (httpd->reaper.running)
        httpd_slow_stop(httpd);
    if (httpd->listen_fd >= 0)
        close(httpd->listen_fd);
    httpd->magic = 0;
    free(httpd);
}
