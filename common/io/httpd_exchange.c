/* SPDX-License-Identifier: Apache-2.0
 * One request and its answer. The answer is built by whoever answers and queued by the server's thread: MHD allows
 * queueing only inside its own call. */
#include "common/io/httpd_internal.h"

#include "common/base/text.h"
#include "common/rt/clock.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct httpd_exchange *httpd_exchange_new(struct httpd *httpd, struct MHD_Connection *connection, const char *method,
                                          const char *path)
{
    struct httpd_exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        return NULL;
    exchange->magic = HTTPD_EXCHANGE_MAGIC;
    exchange->httpd = httpd;
    exchange->connection = connection;
    exchange->method = sw_strdup(method);
    exchange->path = sw_strdup(path);
    exchange->body.max_bytes = httpd->options.max_body_bytes;
    exchange->received_us = sw_monotonic_us();
    if (exchange->method && exchange->path)
        return exchange;
    httpd_exchange_free(exchange);
    return NULL;
}

void httpd_exchange_free(struct httpd_exchange *exchange)
{
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    sw_buf_release(&exchange->body);
    free(exchange->method);
    free(exchange->path);
    exchange->magic = 0;
    free(exchange);
}

enum MHD_Result httpd_exchange_send(struct httpd_exchange *exchange)
{
    assert(exchange->progress == HTTPD_ANSWERED);
    exchange->progress = HTTPD_SENT;
    if (exchange->dropped || !exchange->response)
        return MHD_NO;
    return MHD_queue_response(exchange->connection, exchange->status, exchange->response);
}

static void add_headers(struct MHD_Response *response, const struct httpd_answer *answer)
{
    if (answer->content_type)
        (void)MHD_add_response_header(response, "Content-Type", answer->content_type); /* fails only out of memory */
    for (const char *const *header = answer->headers; header && *header; header += 2)
        (void)MHD_add_response_header(response, header[0], header[1]);
}

void httpd_exchange_set(struct httpd_exchange *exchange, const struct httpd_answer *answer)
{
    exchange->status = (uint32_t)answer->status;
    exchange->response =
        MHD_create_response_from_buffer(answer->length, (void *)(uintptr_t)answer->body, MHD_RESPMEM_MUST_COPY);
    if (!exchange->response)
        return; /* the connection is closed instead */
    add_headers(exchange->response, answer);
    if (exchange->httpd->draining)
        (void)MHD_add_response_header(exchange->response, "Connection", "close");
}

static void link_kept(struct httpd_exchange *exchange)
{
    struct httpd *httpd = exchange->httpd;
    pthread_mutex_lock(&httpd->peers_lock);
    exchange->next_kept = httpd->kept;
    if (httpd->kept)
        httpd->kept->previous_kept = exchange;
    httpd->kept = exchange;
    pthread_mutex_unlock(&httpd->peers_lock);
}

static void unlink_kept(struct httpd_exchange *exchange)
{
    struct httpd *httpd = exchange->httpd;
    pthread_mutex_lock(&httpd->peers_lock);
    *(exchange->previous_kept ? &exchange->previous_kept->next_kept : &httpd->kept) = exchange->next_kept;
    if (exchange->next_kept)
        exchange->next_kept->previous_kept = exchange->previous_kept;
    pthread_mutex_unlock(&httpd->peers_lock);
}

/* After the call the exchange belongs to the server's thread, which may free it at once. */
static void hand_back(struct httpd_exchange *exchange)
{
    bool suspended = exchange->progress == HTTPD_SUSPENDED;
    struct MHD_Connection *connection = exchange->connection;
    if (suspended)
        unlink_kept(exchange);
    exchange->progress = HTTPD_ANSWERED;
    if (suspended)
        MHD_resume_connection(connection);
}

void httpd_exchange_answer_kept(struct httpd *httpd)
{
    while (httpd->kept)
        httpd_answer_text(httpd->kept, 503, "the server is stopping\n");
}

void httpd_answer(struct httpd_exchange *exchange, const struct httpd_answer *answer)
{
    assert(exchange->magic == HTTPD_EXCHANGE_MAGIC);
    assert(exchange->progress == HTTPD_HANDLING || exchange->progress == HTTPD_SUSPENDED);
    httpd_exchange_set(exchange, answer);
    hand_back(exchange);
}

void httpd_drop(struct httpd_exchange *exchange)
{
    assert(exchange->magic == HTTPD_EXCHANGE_MAGIC);
    exchange->dropped = true;
    hand_back(exchange);
}

void httpd_keep(struct httpd_exchange *exchange)
{
    assert(exchange->magic == HTTPD_EXCHANGE_MAGIC && exchange->progress == HTTPD_HANDLING);
    exchange->progress = HTTPD_SUSPENDED;
    link_kept(exchange);
    MHD_suspend_connection(exchange->connection);
}

static void answer_typed(struct httpd_exchange *exchange, int32_t status, const char *type, const char *text)
{
    struct httpd_answer answer = { .status = status, .content_type = type, .body = text, .length = strlen(text) };
    httpd_answer(exchange, &answer);
}

void httpd_answer_text(struct httpd_exchange *exchange, int32_t status, const char *text)
{
    answer_typed(exchange, status, "text/plain; charset=utf-8", text);
}

void httpd_answer_json(struct httpd_exchange *exchange, int32_t status, const char *json_text)
{
    answer_typed(exchange, status, "application/json; charset=utf-8", json_text);
}

const char *httpd_method(const struct httpd_exchange *exchange) { return exchange->method; }
const char *httpd_path(const struct httpd_exchange *exchange) { return exchange->path; }
int64_t httpd_received_us(const struct httpd_exchange *exchange) { return exchange->received_us; }

const char *httpd_query(const struct httpd_exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_GET_ARGUMENT_KIND, name);
}

struct header_search {
    const char *name, *value;
    size_t count;
};

static enum MHD_Result look_at_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct header_search *search = context;
    (void)kind;
    if (strcasecmp(name, search->name) == 0 && search->count++ == 0)
        search->value = value ? value : "";
    return MHD_YES;
}

const char *httpd_header(const struct httpd_exchange *exchange, const char *name, size_t *ret_count)
{
    struct header_search search = { .name = name };
    (void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, look_at_header, &search);
    if (ret_count)
        *ret_count = search.count;
    return search.value;
}

const void *httpd_body(const struct httpd_exchange *exchange, size_t *ret_length)
{
    *ret_length = exchange->body.length;
    return sw_buf_string(&exchange->body);
}
