/* SPDX-License-Identifier: Apache-2.0
 * leader: the life of one orchestrator: stand by, take the lease, load, lead with an engine, lose it, begin again.
 * There is one recovery path: whatever fails, everything is loaded anew.
 *
 * Passive: the thread that owns it calls leader_pass() whenever something may have happened (a queue or the store's
 * socket became readable, the returned deadline passed); the fake world of the scenario tests calls it in virtual time.
 */
#ifndef ORCHESTRATOR_ENGINE_LEADER_H
#define ORCHESTRATOR_ENGINE_LEADER_H

#include "orchestrator/core/kind.h"
#include "orchestrator/ports/errands.h"
#include "orchestrator/ports/log.h"
#include "orchestrator/ports/publisher.h"
#include "orchestrator/ports/steps.h"
#include "orchestrator/ports/store.h"

struct leader;
struct config;

enum leader_role { LEADER_STANDBY, LEADER_ACTIVE, LEADER_STOPPED };

struct leader_options {
    struct store_port store;
    struct log_port log;
    struct publisher_port publisher;
    struct steps_port steps;
    struct errands_port errands;
    const struct config *config; /* borrowed; see leader_set_config() */
    int64_t lease_ttl_ms;
    uint32_t (*random)(void *self);
    void *random_self;
    const struct sw_zone *(*zone)(void *self, const char *name); /* NULL: no such zone; may be NULL itself */
    void *zone_self;
    void (*sha256_hex)(const char *data, size_t length, char ret_hex[65]); /* of pinned definitions */
};

struct leader *leader_new(const struct leader_options *options) SW_MUST_CHECK;
void leader_free(struct leader *leader);

/* now_ms: wall clock of the process; while active, Postgres's clock is derived from it and monotonic_ms. Returns when
 * (on the monotonic clock) to call again at the latest. */
int64_t leader_pass(struct leader *leader, int64_t monotonic_ms);
void leader_wake(struct leader *leader); /* a standby looks at the lease at once: its holder gave it up */
/* From the steps adapter, on the leader's thread (through the owner's mailbox). The report is copied. */
void leader_step_finished(struct leader *leader, const struct step_report *report);
void leader_step_progress(struct leader *leader, const char *attempt, const char *status_line);
void leader_errand_finished(struct leader *leader, const struct errand_report *report); /* borrowed */
void leader_set_config(struct leader *leader, const struct config *config); /* reload; pinned definitions stay */
/* Commits what is in hand, gives the lease up. leader_pass() must be called until the role is LEADER_STOPPED. */
void leader_stop(struct leader *leader);

enum leader_role leader_role(const struct leader *leader);
int64_t leader_epoch(const struct leader *leader);
int64_t leader_progress_ms(const struct leader *leader); /* monotonic time of the last ended commit or pass without need
                                                            of one; the lease's beat depends on it */
bool leader_ready(const struct leader *leader);          /* leads, or stands by and sees the lease */

/* For the API: the newest state, from memory or the store. SW_CODE_NOT_FOUND; SW_CODE_CLOSED: it stands by and cannot
 * tell. ret_views has room for `limit`; the caller releases each. */
struct sw_status leader_view(struct leader *leader, const char *id, struct proto_view *ret_view) SW_MUST_CHECK;
/* What happened in it, the oldest first: an array. A new reference. SW_CODE_NOT_FOUND also when its kind tells none. */
struct sw_status leader_timeline(struct leader *leader, const char *id, json_t **ret_timeline) SW_MUST_CHECK;
struct sw_status leader_line(struct leader *leader, size_t limit, struct proto_view *ret_views,
                             size_t *ret_count) SW_MUST_CHECK; /* what runs and what waits */
struct sw_status leader_history(struct leader *leader, const char *kind, const char *service, size_t limit,
                                struct proto_view *ret_views, size_t *ret_count) SW_MUST_CHECK; /* newest first */

struct leader_hold { /* as the API shows it */
    struct wf_hold hold;
    size_t waiting; /* how many it keeps from starting; one of several holds is counted */
};
/* ret_holds has room for `limit`. */
struct sw_status leader_holds(struct leader *leader, size_t limit, struct leader_hold *ret_holds,
                              size_t *ret_count) SW_MUST_CHECK;

/* The joined report: an array of rows, as kind_reads has them. A new reference. */
struct sw_status leader_figures(struct leader *leader, const char *service, const char *month,
                                json_t **ret_rows) SW_MUST_CHECK;
/* Those of a kind that are not final, the newest first. */
struct sw_status leader_open(struct leader *leader, const char *kind, size_t limit, struct proto_view *ret_views,
                             size_t *ret_count) SW_MUST_CHECK;

/* SW_PERMANENT when it stopped by itself and must not be restarted blindly (log identity). */
struct sw_status leader_health(const struct leader *leader);

#endif
