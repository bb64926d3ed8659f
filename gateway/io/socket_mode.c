/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/socket_mode_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"

#include <stdio.h>
#include <string.h>

enum { MAILBOX_ITEMS = 1024, WAIT_MS = 250, CLOSE_MS = 1000 };

int64_t socket_now_ms(void) { return sw_boottime_ms(); }

/* ---- news ---- */

void socket_news_free(void *item)
{
    struct socket_news *news = item;
    if (news->url)
        explicit_bzero(news->url, strlen(news->url));
    free(news->url);
    free(news);
}

void socket_news_put(struct mailbox *mailbox, const struct socket_news *news)
{
    struct socket_news *copy = malloc(sizeof *copy);
    if (!copy) {
        sw_error("socket mode is out of memory");
        abort(); /* a connection whose end is missed would be waited for for ever */
    }
    *copy = *news;
    mailbox_put(mailbox, copy);
}

/* ---- places; @locks socket->lock is held ---- */

struct socket_place *socket_place_of(struct socket_mode *socket, uint64_t peer)
{
    for (size_t i = 0; i < SOCKET_PLACES; i++)
        if (socket->places[i].link && socket->places[i].peer == peer)
            return &socket->places[i];
    return NULL;
}

static struct socket_place *place_of_link(struct socket_mode *socket, uint64_t link)
{
    for (size_t i = 0; i < SOCKET_PLACES; i++)
        if (socket->places[i].link == link)
            return &socket->places[i];
    return NULL;
}

/* ---- orders of the plan ---- */

static void fail_dial(struct socket_mode *socket, uint64_t link, const struct sw_status *why)
{
    sw_warn("a socket mode connection failed", sw_i("connection", (int64_t)link), sw_e(why));
    socket_plan_ended(socket->plan, link, socket_now_ms());
}

/* The place is there before the hub can tell anything about the peer. */
static void dial(struct socket_mode *socket, uint64_t link, const char *url)
{
    uint64_t peer = 0;
    struct sw_status status = sw_fail(SW_CODE_FULL, "too many connections");
    pthread_mutex_lock(&socket->lock);
    struct socket_place *place = place_of_link(socket, 0);
    if (place)
        status = websocket_open(socket->hub, url, &peer);
    if (place && !sw_failed(status))
        *place = (struct socket_place){ .link = link, .peer = peer };
    pthread_mutex_unlock(&socket->lock);
    if (sw_failed(status))
        fail_dial(socket, link, &status);
}

static void end_peer(struct socket_mode *socket, uint64_t link, enum socket_verb verb)
{
    pthread_mutex_lock(&socket->lock);
    const struct socket_place *place = place_of_link(socket, link);
    const uint64_t peer = place ? place->peer : 0;
    pthread_mutex_unlock(&socket->lock);
    if (!peer)
        socket_plan_ended(socket->plan, link, socket_now_ms());
    else if (verb == SOCKET_CLOSE)
        websocket_close(socket->hub, peer, WEBSOCKET_NORMAL);
    else
        websocket_drop(socket->hub, peer);
}

static void execute(struct socket_mode *socket, const struct socket_order *order)
{
    switch (order->verb) {
    case SOCKET_ASK:
        socket_ask(socket, order->link);
        break;
    case SOCKET_CLOSE:
    case SOCKET_DROP:
        end_peer(socket, order->link, order->verb);
        break;
    }
}

/* ---- what happened ---- */

static uint64_t link_of(struct socket_mode *socket, uint64_t peer)
{
    pthread_mutex_lock(&socket->lock);
    const struct socket_place *place = socket_place_of(socket, peer);
    const uint64_t link = place ? place->link : 0;
    pthread_mutex_unlock(&socket->lock);
    return link;
}

static void count_connect(const char *result)
{
    sw_count("slipway_socket_connects_total", "attempts to open a connection of socket mode by result", "result",
             result);
}

static void note_asked(struct socket_mode *socket, const struct socket_news *news)
{
    const bool dials = socket_plan_asked(socket->plan, news->link, news->class, news->retry_after_ms, socket_now_ms());
    if (news->class != SLACK_OK) {
        count_connect(slack_class_name(news->class));
        sw_warn("slack gives no socket mode connection", sw_s("class", slack_class_name(news->class)),
                sw_s("reason", news->why));
    }
    if (dials)
        dial(socket, news->link, news->url);
}

static void note_greeted(struct socket_mode *socket, const struct socket_news *news)
{
    const uint64_t link = link_of(socket, news->peer);
    socket_plan_hello(socket->plan, link, news->life_ms, socket_now_ms());
    count_connect("ok");
    sw_info("a socket mode connection is live", sw_i("connection", (int64_t)link), sw_i("life_s", news->life_ms / 1000),
            sw_i("connections_of_the_app", news->connections));
}

static void note_told_to_go(struct socket_mode *socket, const struct socket_news *news)
{
    const uint64_t link = link_of(socket, news->peer);
    sw_log_(news->disconnect == SOCKET_REFRESH ? SW_INFO : SW_WARN,
            news->disconnect == SOCKET_DISABLED
                ? "slack has switched socket mode off HINT: switch it on in the app's settings"
                : "slack wants a socket mode connection to end",
            sw_i("connection", (int64_t)link), sw_s("reason", news->why));
    socket_plan_disconnect(socket->plan, link, news->disconnect, socket_now_ms());
}

static void note_over(struct socket_mode *socket, const struct socket_news *news)
{
    pthread_mutex_lock(&socket->lock);
    struct socket_place *place = socket_place_of(socket, news->peer);
    const struct socket_place was = place ? *place : (struct socket_place){ 0 };
    if (place)
        *place = (struct socket_place){ 0 };
    pthread_mutex_unlock(&socket->lock);
    if (!was.greeted)
        count_connect("failed");
    sw_log_(was.greeted ? SW_INFO : SW_WARN, "a socket mode connection has ended",
            sw_i("connection", (int64_t)was.link), sw_s("reason", news->why));
    socket_plan_ended(socket->plan, was.link, socket_now_ms());
}

static void note(struct socket_mode *socket, const struct socket_news *news)
{
    switch (news->kind) {
    case SOCKET_ASKED:
        note_asked(socket, news);
        break;
    case SOCKET_GREETED:
        note_greeted(socket, news);
        break;
    case SOCKET_TOLD_TO_GO:
        note_told_to_go(socket, news);
        break;
    case SOCKET_OVER:
        note_over(socket, news);
        break;
    case SOCKET_WAKE:
        break;
    }
}

/* ---- the hub's thread ---- */

static void opened(void *self, uint64_t peer)
{
    (void)self;
    sw_debug("a socket mode connection waits for its hello", sw_i("peer", (int64_t)peer));
}

static void closed(void *self, uint64_t peer, const struct sw_status *why)
{
    struct socket_mode *socket = self;
    struct socket_news news = { .kind = SOCKET_OVER, .peer = peer };
    (void)sw_copy(news.why, sizeof news.why, why->text); /* cut: for people */
    socket_news_put(socket->mailbox, &news);
}

/* ---- the plan's thread ---- */

static void tell_busy(struct socket_mode *socket)
{
    pthread_mutex_lock(&socket->lock);
    for (size_t i = 0; i < SOCKET_PLACES; i++)
        if (socket->places[i].link)
            socket_plan_busy(socket->plan, socket->places[i].link, socket->places[i].busy);
    pthread_mutex_unlock(&socket->lock);
}

static int64_t seconds_since(int64_t since_ms) { return since_ms ? (socket_now_ms() - since_ms) / 1000 : 0; }

static struct socket_counts observe(struct socket_mode *socket)
{
    const struct socket_counts counts = socket_plan_counts(socket->plan);
    pthread_mutex_lock(&socket->lock);
    socket->counts = counts;
    const size_t unanswered = socket->unanswered;
    pthread_mutex_unlock(&socket->lock);
    sw_metric_set(socket->metrics.live, (double)counts.live);
    sw_metric_set(socket->metrics.oldest, (double)seconds_since(counts.oldest_ms));
    sw_metric_set(socket->metrics.without, (double)seconds_since(counts.without_ms));
    sw_metric_set(socket->metrics.unanswered, (double)unanswered);
    return counts;
}

/* Returns how long nothing is due. Acknowledgements are not told: they are looked for. */
static int64_t give_orders(struct socket_mode *socket)
{
    struct socket_order order;
    int64_t wake_ms;
    tell_busy(socket);
    while (socket_plan_next(socket->plan, socket_now_ms(), &order, &wake_ms))
        execute(socket, &order);
    const int64_t wait_ms = wake_ms - socket_now_ms();
    return wait_ms < 0 ? 0 : wait_ms < WAIT_MS ? wait_ms : WAIT_MS;
}

static void take_news(struct socket_mode *socket, int64_t wait_ms)
{
    struct socket_news *news = mailbox_take(socket->mailbox, wait_ms);
    for (; news; news = mailbox_take(socket->mailbox, 0)) {
        note(socket, news);
        socket_news_free(news);
    }
}

static void finish(struct socket_mode *socket, int64_t until_ms)
{
    socket_plan_drain(socket->plan, until_ms);
    for (;;) {
        const int64_t wait_ms = give_orders(socket);
        if (observe(socket).links == 0 || socket_now_ms() >= until_ms + CLOSE_MS)
            return;
        take_news(socket, wait_ms < 10 ? wait_ms : 10);
    }
}

static void run(void *self)
{
    struct socket_mode *socket = self;
    int64_t until_ms;
    while (!(until_ms = atomic_load(&socket->drain_until_ms))) {
        const int64_t wait_ms = give_orders(socket);
        (void)observe(socket);
        take_news(socket, wait_ms);
    }
    finish(socket, until_ms);
}

/* ---- life ---- */

static void register_metrics(struct socket_metrics *metrics)
{
    metrics->live = sw_gauge("slipway_socket_connections", NULL, "connections of socket mode that envelopes come by");
    metrics->oldest = sw_gauge("slipway_socket_oldest_connection_seconds", NULL, "age of the oldest of them");
    metrics->without =
        sw_gauge("slipway_socket_without_connection_seconds", NULL, "for how long there has been no connection");
    metrics->unanswered = sw_gauge("slipway_socket_unanswered", NULL, "envelopes that are not acknowledged yet");
    socket_envelope_metrics_init(metrics);
}

static struct sw_status set_texts(struct socket_mode *socket, const struct socket_mode_options *options)
{
    const size_t length = strlen(options->slack_api_url);
    const bool slash = length > 0 && options->slack_api_url[length - 1] == '/';
    socket->plain_allowed = sw_starts_with(options->slack_api_url, "http://");
    if (asprintf(&socket->open_url, "%s%sapps.connections.open", options->slack_api_url, slash ? "" : "/") < 0)
        socket->open_url = NULL;
    if (asprintf(&socket->authorization, "Authorization: Bearer %s", options->app_token) < 0)
        socket->authorization = NULL;
    return socket->open_url && socket->authorization ? sw_ok()
                                                     : sw_fail(SW_CODE_NO_MEMORY, "socket mode: out of memory");
}

static struct sw_status set_up(struct socket_mode *socket, const struct socket_mode_options *options)
{
    const struct websocket_options hub = {
        .user_agent = "slipway-gateway/" SLIPWAY_VERSION,
        .max_peers = SOCKET_PLACES,
        .events = { .opened = opened, .text = socket_take_text, .closed = closed, .self = socket }
    };
    SW_TRY(set_texts(socket, options));
    socket->plan = socket_plan_new(socket->wanted, sw_random32(), socket_now_ms());
    socket->mailbox = mailbox_new(MAILBOX_ITEMS, socket_news_free);
    if (!socket->plan || !socket->mailbox)
        return sw_fail(SW_CODE_NO_MEMORY, "socket mode: out of memory");
    register_metrics(&socket->metrics);
    return websocket_hub_new(&hub, &socket->hub);
}

struct sw_status socket_mode_new(const struct socket_mode_options *options, struct socket_mode **ret_socket)
{
    struct socket_mode *socket = calloc(1, sizeof *socket);
    if (!socket)
        return sw_fail(SW_CODE_NO_MEMORY, "socket mode: out of memory");
    pthread_mutex_init(&socket->lock, NULL);
    socket->wanted = (size_t)options->connections;
    socket->http = options->http;
    socket->gate = options->gate;
    socket->dispatch = options->dispatch;
    struct sw_status status = set_up(socket, options);
    if (sw_failed(status))
        socket_mode_free(socket);
    else
        *ret_socket = socket;
    return status;
}

struct sw_status socket_mode_start(struct socket_mode *socket)
{
    return sw_thread_start(&socket->thread, "socket mode", run, socket);
}

struct socket_mode_state socket_mode_state(struct socket_mode *socket)
{
    pthread_mutex_lock(&socket->lock);
    const struct socket_counts counts = socket->counts;
    pthread_mutex_unlock(&socket->lock);
    return (struct socket_mode_state){ .live = counts.live,
                                       .wanted = socket->wanted,
                                       .ever = counts.ever,
                                       .without_s = seconds_since(counts.without_ms) };
}

void socket_mode_drain(struct socket_mode *socket, int64_t drain_ms)
{
    if (socket->thread.running) {
        atomic_store(&socket->drain_until_ms, socket_now_ms() + drain_ms);
        socket_news_put(socket->mailbox, &(struct socket_news){ .kind = SOCKET_WAKE });
        sw_thread_join(&socket->thread);
    }
    pthread_mutex_lock(&socket->lock);
    struct websocket_hub *hub = SW_TAKE(socket->hub);
    pthread_mutex_unlock(&socket->lock);
    if (hub)
        websocket_hub_free(hub);
}

void socket_mode_free(struct socket_mode *socket)
{
    if (!socket)
        return;
    if (socket->mailbox) {
        socket_mode_drain(socket, 0);
        mailbox_close(socket->mailbox); /* what is still under way is released where it ends */
    }
    mailbox_unref(socket->mailbox);
    socket_plan_free(socket->plan);
    if (socket->authorization)
        explicit_bzero(socket->authorization, strlen(socket->authorization));
    free(socket->authorization);
    free(socket->open_url);
    pthread_mutex_destroy(&socket->lock);
    free(socket);
}
