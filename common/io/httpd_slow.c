/* SPDX-License-Identifier: Apache-2.0
 * MHD's own timeout is one of inactivity: a client that drips a byte a second stays for ever. So each connection is
 * watched from when its present request is awaited, and shut down when that takes too long; MHD then sees the end. */
#include "common/io/httpd_internal.h"

#include "common/rt/clock.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

/* Between two requests a peer may be silent for longer: cutting too early races with its next request. */
enum { IDLE_MS = 60 * 1000 };

static void link_peer(struct httpd *httpd, struct httpd_peer *peer)
{
    pthread_mutex_lock(&httpd->peers_lock);
    peer->next = httpd->peers;
    if (peer->next)
        peer->next->previous = peer;
    httpd->peers = peer;
    pthread_mutex_unlock(&httpd->peers_lock);
}

static void unlink_peer(struct httpd *httpd, struct httpd_peer *peer)
{
    pthread_mutex_lock(&httpd->peers_lock);
    *(peer->previous ? &peer->previous->next : &httpd->peers) = peer->next;
    if (peer->next)
        peer->next->previous = peer->previous;
    pthread_mutex_unlock(&httpd->peers_lock);
}

void httpd_slow_connection(void *self, struct MHD_Connection *connection, void **socket_context,
                           enum MHD_ConnectionNotificationCode code)
{
    struct httpd *httpd = self;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        struct httpd_peer *peer = *socket_context;
        if (peer)
            unlink_peer(httpd, peer);
        free(peer);
        return;
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct httpd_peer *peer = calloc(1, sizeof *peer);
    *socket_context = peer;
    if (!peer || !info)
        return; /* unwatched, but MHD's inactivity timeout still holds */
    peer->fd = info->connect_fd;
    peer->due_ms = sw_monotonic_ms() + httpd->options.slow_ms;
    link_peer(httpd, peer);
}

void httpd_slow_mark(struct httpd *httpd, struct MHD_Connection *connection, enum httpd_phase phase)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct httpd_peer *peer = info ? info->socket_context : NULL;
    if (!peer)
        return;
    int64_t allowed_ms = phase == HTTPD_IDLE ? IDLE_MS : httpd->options.slow_ms;
    __atomic_store_n(&peer->due_ms, sw_monotonic_ms() + allowed_ms, __ATOMIC_RELAXED);
    __atomic_store_n(&peer->busy, phase == HTTPD_BUSY, __ATOMIC_RELAXED);
}

static void cut_slow_peers(struct httpd *httpd)
{
    int64_t now_ms = sw_monotonic_ms();
    for (struct httpd_peer *peer = httpd->peers; peer; peer = peer->next) {
        bool busy = __atomic_load_n(&peer->busy, __ATOMIC_RELAXED);
        if (busy || __atomic_load_n(&peer->due_ms, __ATOMIC_RELAXED) > now_ms)
            continue;
        shutdown(peer->fd, SHUT_RDWR);
        __atomic_store_n(&peer->busy, true, __ATOMIC_RELAXED); /* once is enough */
        if (httpd->options.refused)
            httpd->options.refused(httpd->options.self, HTTPD_TOO_SLOW);
    }
}

static void reap(void *self)
{
    struct httpd *httpd = self;
    pthread_mutex_lock(&httpd->peers_lock);
    while (!httpd->stopping) {
        struct timespec at;
        clock_gettime(CLOCK_REALTIME, &at);
        at.tv_sec += 1;
        (void)pthread_cond_timedwait(&httpd->reaper_wake, &httpd->peers_lock,
                                     &at); /* time passing is the normal case */
        cut_slow_peers(httpd);
    }
    pthread_mutex_unlock(&httpd->peers_lock);
}

struct sw_status httpd_slow_start(struct httpd *httpd)
{
    pthread_mutex_init(&httpd->peers_lock, NULL);
    pthread_cond_init(&httpd->reaper_wake, NULL);
    return sw_thread_start(&httpd->reaper, "httpd-reaper", reap, httpd);
}

void httpd_slow_stop(struct httpd *httpd)
{
    pthread_mutex_lock(&httpd->peers_lock);
    httpd->stopping = true;
    pthread_cond_signal(&httpd->reaper_wake);
    pthread_mutex_unlock(&httpd->peers_lock);
    sw_thread_join(&httpd->reaper);
}
