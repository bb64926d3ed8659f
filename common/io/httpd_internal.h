/* SPDX-License-Identifier: Apache-2.0
 * httpd_internal: what httpd.c, httpd_exchange.c and httpd_slow.c share. */
#ifndef COMMON_IO_HTTPD_INTERNAL_H
#define COMMON_IO_HTTPD_INTERNAL_H

#include "common/base/buf.h"
#include "common/io/httpd.h"
#include "common/rt/thread.h"

#include <microhttpd.h>
#include <stdatomic.h>

enum { HTTPD_MAGIC = 0x48545044, HTTPD_EXCHANGE_MAGIC = 0x45584348 };

enum httpd_progress {
    HTTPD_RECEIVING,
    HTTPD_HANDLING,
    HTTPD_SUSPENDED, /* kept; the answer comes later */
    HTTPD_ANSWERED,  /* response is set */
    HTTPD_SENT,
};

struct httpd_exchange {
    uint32_t magic;
    struct httpd_exchange *next_kept, *previous_kept; /* under the server's peers_lock */
    struct httpd *httpd;
    struct MHD_Connection *connection;
    char *method, *path;
    struct sw_buf body;
    int64_t received_us;
    bool too_large;
    /* one writer at a time: the server's thread until it is kept, then whoever answers, then the server's thread again
     */
    enum httpd_progress progress;
    bool dropped;
    struct MHD_Response *response;
    uint32_t status;
};

/* One TCP connection, watched for slowness. */
struct httpd_peer {
    struct httpd_peer *next, *previous;
    int fd;
    int64_t due_ms; /* when the whole request must be here */
    bool busy;      /* a whole request is here: slowness is ours now */
};

struct httpd {
    uint32_t magic;
    struct httpd_options options;
    struct MHD_Daemon *daemon;
    int listen_fd;
    uint16_t port;
    _Atomic bool draining;
    _Atomic int64_t handling; /* exchanges that were handed to handle() and are not finished */

    struct sw_thread reaper;
    pthread_mutex_t peers_lock;
    pthread_cond_t reaper_wake; /* under peers_lock, as the next two */
    bool stopping;
    struct httpd_peer *peers;
    struct httpd_exchange *kept;
};

/* httpd_exchange.c */
struct httpd_exchange *httpd_exchange_new(struct httpd *httpd, struct MHD_Connection *connection, const char *method,
                                          const char *path);
void httpd_exchange_free(struct httpd_exchange *exchange);
enum MHD_Result httpd_exchange_send(struct httpd_exchange *exchange);
void httpd_exchange_answer_kept(struct httpd *httpd); /* whatever is still kept gets 503 */
void httpd_exchange_set(struct httpd_exchange *exchange, const struct httpd_answer *answer);

/* httpd_slow.c */
struct sw_status httpd_slow_start(struct httpd *httpd) SW_MUST_CHECK;
void httpd_slow_stop(struct httpd *httpd);
void httpd_slow_connection(void *self, struct MHD_Connection *connection, void **socket_context,
                           enum MHD_ConnectionNotificationCode code);
enum httpd_phase { HTTPD_BODY_EXPECTED, HTTPD_BUSY, HTTPD_IDLE };
void httpd_slow_mark(struct httpd *httpd, struct MHD_Connection *connection, enum httpd_phase phase);

#endif
