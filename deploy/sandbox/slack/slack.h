/* SPDX-License-Identifier: Apache-2.0
 * slack: the simulator as one value: its parts, and the lock under which all of them are used.
 *
 * Requests arrive on the server's threads, answers of gateways on the client's, delayed work on the delay's. Each takes
 * the lock for its piece of work and never waits while holding it. */
#ifndef DEPLOY_SANDBOX_SLACK_H
#define DEPLOY_SANDBOX_SLACK_H

#include "common/base/status.h"
#include "common/json/jx.h"

#include <pthread.h>
#include <stdint.h>

struct httpd_exchange;

struct slack_settings {
    char *listen;
    char *public_url; /* how gateways reach the simulator; NULL: made from listen */
    char *signing_secret;
    char *gateway_urls;  /* comma list, taken in turn */
    char *bot_token;     /* NULL: any that begins with xoxb- */
    char *app_token;     /* NULL: any that begins with xapp- */
    char *socket_listen; /* NULL: a free port beside listen */
    int64_t socket_life_s;
    char *site_dir; /* NULL: /site/ is not served */
    char *events;   /* comma list of what the app has subscribed to */
    char *log_level;
};

struct slack {
    const struct slack_settings *settings;
    char public_url[256]; /* without a slash at the end */
    pthread_mutex_t lock;
    struct slack_world *world;       /* lock */
    struct slack_journal *journal;   /* lock */
    struct slack_faults *faults;     /* lock */
    struct slack_hooks *hooks;       /* lock */
    struct slack_stream *stream;     /* lock */
    struct slack_triggers *triggers; /* lock */
    struct slack_views *views;       /* lock */
    json_t *deliveries;              /* lock: what the Events API sent */
    size_t events_pending;           /* lock: not delivered yet */
    struct zones *zones;             /* any thread */
    struct slack_gateway *gateway;   /* any thread */
    struct slack_delay *delay;       /* any thread */
    struct slack_socket *socket;     /* any thread */
    struct httpd *httpd;
};

/* The parts, and the server on settings->listen. The settings outlive it. */
struct sw_status slack_start(const struct slack_settings *settings, struct slack **ret_slack) SW_MUST_CHECK;
void slack_free(struct slack *slack);

void slack_lock(struct slack *slack);
/* Wakes the pages that wait for changes. */
void slack_unlock(struct slack *slack);

/* Answers with JSON and takes the reference. Call without the lock. */
void slack_answer_json(struct httpd_exchange *exchange, int32_t status, json_t *body);
/* {"ok":false,"error":...}, for the driver API. */
void slack_answer_error(struct httpd_exchange *exchange, int32_t status, const char *error);

#endif
