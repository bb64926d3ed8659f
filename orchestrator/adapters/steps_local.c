/* SPDX-License-Identifier: Apache-2.0
 * A thread waits on the control connections: the end of one means that the attempt's exit file can be read. Status
 * files are looked at twice a second. An attempt that cannot be judged yet is looked at again shortly. */
#include "orchestrator/adapters/steps_local.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/thread.h"
#include "orchestrator/adapters/state_dir.h"
#include "orchestrator/adapters/steps_run.h"
#include "orchestrator/adapters/steps_spares.h"
#include "orchestrator/adapters/steps_spawn.h"
#include "orchestrator/adapters/steps_tend.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_ATTEMPTS = 256,
    STATUS_EVERY_MS = 500,
    QUIET_MS = 100, /* spares are made while nothing begins or ends */
    AGAIN_MS = 20,
    COMPLAIN_EVERY_MS = 10000,
    PRUNE_EVERY_MS = 3600 * 1000,
    TELL_ALL_EVERY_MS = 15000
};

struct attempt {
    char id[WF_ATTEMPT_ID_SIZE];
    int fd; /* control connection; -1: ended, or not reachable */
    char status[PROTO_STATUS_SIZE];
};

struct steps_local {
    struct steps_local_options options;
    char *supervisor, *secrets_dir;
    struct state_dir dir;
    struct sw_thread thread;
    int wake_fd;
    pthread_mutex_t lock;
    struct attempt attempts[MAX_ATTEMPTS]; /* under lock, as the next two */
    size_t attempt_count;
    bool stopping;
    char lease_line[80];        /* to be shown to those that are not watched; "" when they have been; under lock */
    int64_t told_all_ms;        /* the owner's */
    int64_t complain_at_ms;     /* the thread's */
    struct steps_spares spares; /* made by the thread, taken by the owner */
};

static void wake(struct steps_local *steps)
{
    uint64_t one = 1;
    ssize_t written = write(steps->wake_fd, &one, sizeof one);
    (void)written; /* a full counter wakes as well */
}

static struct attempt *find(struct steps_local *steps, const char *id)
{
    for (size_t i = 0; i < steps->attempt_count; i++)
        if (sw_equal(steps->attempts[i].id, id))
            return &steps->attempts[i];
    return NULL;
}

static void tell(struct steps_local *steps, int fd, const char *text)
{
    (void)steps;
    if (fd >= 0)
        (void)send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL); /* a dead peer shows up as its end */
}

static struct sw_status full(void) { return sw_fail(SW_CODE_FULL, "more than %d attempts run at once", MAX_ATTEMPTS); }

/* Asked before something begins; nobody but the owner adds attempts. */
static struct sw_status has_room(struct steps_local *steps)
{
    pthread_mutex_lock(&steps->lock);
    bool room = steps->attempt_count < MAX_ATTEMPTS;
    pthread_mutex_unlock(&steps->lock);
    return room ? sw_ok() : full();
}

/* Takes the connection. Watching an attempt twice is one watch. */
static struct sw_status watch(struct steps_local *steps, const char *id, int fd)
{
    struct sw_status status = sw_ok();
    pthread_mutex_lock(&steps->lock);
    if (find(steps, id) || steps->attempt_count == MAX_ATTEMPTS) {
        if (!find(steps, id))
            status = full();
        if (fd >= 0)
            close(fd);
    } else {
        struct attempt *attempt = &steps->attempts[steps->attempt_count++];
        *attempt = (struct attempt){ .fd = fd };
        (void)sw_copy(attempt->id, sizeof attempt->id, id); /* ids are short */
    }
    pthread_mutex_unlock(&steps->lock);
    wake(steps);
    return status;
}

static struct steps_spawn_options spawn_options(const struct steps_local *steps)
{
    return (struct steps_spawn_options){ .supervisor = steps->supervisor,
                                         .state_dir = steps->dir.path,
                                         .secrets_dir = steps->secrets_dir,
                                         .deadman_ms = steps->options.deadman_ms };
}

static bool add_spare(struct steps_local *steps, size_t enough)
{
    struct steps_spawn_options options = spawn_options(steps);
    return steps_spares_add(&steps->spares, &options, enough);
}

static struct sw_status port_start(void *self, const char *attempt, const json_t *spec)
{
    struct steps_local *steps = self;
    struct step_report report;
    int control_fd = -1;
    SW_TRY(steps_run_read(steps->dir.runs_fd, attempt, &report));
    step_report_release(&report);
    if (report.outcome != STEP_ABSENT)
        return watch(steps, attempt, steps_run_connect(steps->dir.runs_fd, attempt));
    SW_TRY(has_room(steps));
    SW_AUTO_FREE char *text = jx_dump_new(spec);
    if (!text)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    struct steps_spawn_options options = spawn_options(steps);
    struct steps_spare spare;
    steps_spares_take(&steps->spares, &spare);
    SW_TRY(steps_spawn(&options, &spare, text, &control_fd));
    return watch(steps, attempt, control_fd);
}

static void port_stop(void *self, const char *attempt)
{
    struct steps_local *steps = self;
    int fd = steps_run_connect(steps->dir.runs_fd, attempt);
    pthread_mutex_lock(&steps->lock);
    struct attempt *known = find(steps, attempt);
    tell(steps, known && known->fd >= 0 ? known->fd : fd, "stop\n");
    pthread_mutex_unlock(&steps->lock);
    if (fd >= 0)
        close(fd);
}

static struct sw_status port_observe(void *self, const char *attempt, struct step_report *ret_report)
{
    struct steps_local *steps = self;
    SW_TRY(steps_run_read(steps->dir.runs_fd, attempt, ret_report));
    pthread_mutex_lock(&steps->lock);
    bool watched = find(steps, attempt) != NULL;
    pthread_mutex_unlock(&steps->lock);
    if (watched && ret_report->outcome != STEP_RUNNING) { /* finished() is on its way, or it is just being started */
        step_report_release(ret_report);
        ret_report->outcome = STEP_RUNNING;
    }
    if (!watched && ret_report->outcome == STEP_RUNNING)
        return watch(steps, attempt, steps_run_connect(steps->dir.runs_fd, attempt));
    return sw_ok();
}

static struct sw_status port_bar(void *self, const char *attempt)
{
    return steps_run_bar(((struct steps_local *)self)->dir.runs_fd, attempt);
}

static void port_show_lease(void *self, int64_t epoch, int64_t valid_ms)
{
    struct steps_local *steps = self;
    char line[80];
    (void)snprintf(line, sizeof line, "lease %lld %lld\n", (long long)epoch, (long long)valid_ms);
    pthread_mutex_lock(&steps->lock);
    for (size_t i = 0; i < steps->attempt_count; i++)
        tell(steps, steps->attempts[i].fd, line);
    bool all = sw_monotonic_ms() - steps->told_all_ms >= TELL_ALL_EVERY_MS;
    if (all) /* supervisors that only another orchestrator watches: its thread finds them */
        memcpy(steps->lease_line, line, sizeof line);
    pthread_mutex_unlock(&steps->lock);
    if (!all)
        return;
    steps->told_all_ms = sw_monotonic_ms();
    wake(steps);
}

static void port_stored(void *self, const char *attempt)
{
    steps_tend_stored(((struct steps_local *)self)->dir.runs_fd, attempt);
}

static const char *port_state_dir(void *self) { return ((struct steps_local *)self)->dir.id; }
static const char *port_boot(void *self) { return ((struct steps_local *)self)->dir.boot; }

static void complain(struct steps_local *steps, const char *id, const struct sw_status *status)
{
    if (sw_monotonic_ms() < steps->complain_at_ms)
        return;
    steps->complain_at_ms = sw_monotonic_ms() + COMPLAIN_EVERY_MS;
    sw_warn("a run directory cannot be read; it is looked at again", sw_s("attempt", id), sw_e(status));
}

/* Takes the attempt out of the list and tells how it ended; false: it cannot be judged yet. */
static bool conclude(struct steps_local *steps, const char *id)
{
    struct step_report report;
    struct sw_status status = steps_run_read(steps->dir.runs_fd, id, &report);
    if (sw_failed(status)) {
        complain(steps, id, &status);
        return false;
    }
    if (report.outcome == STEP_RUNNING)
        return false;
    if (report.outcome == STEP_ABSENT) {
        report.outcome = STEP_NOT_RUN;
        (void)sw_copy(report.error, sizeof report.error, "the supervisor could not claim a run directory; see its log");
    }
    pthread_mutex_lock(&steps->lock);
    struct attempt *attempt = find(steps, id);
    *attempt = steps->attempts[--steps->attempt_count];
    pthread_mutex_unlock(&steps->lock);
    steps->options.listener.finished(steps->options.listener.self, &report);
    step_report_release(&report);
    (void)add_spare(steps, 1); /* while the end is committed: the next step needs it */
    return true;
}

/* Whether the peer of a control connection has gone; supervisors send nothing. */
static bool has_ended(int fd)
{
    char ignored[64];
    ssize_t got = recv(fd, ignored, sizeof ignored, MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

static size_t copy_attempts(struct steps_local *steps, struct attempt *ret_attempts)
{
    pthread_mutex_lock(&steps->lock);
    size_t count = steps->attempt_count;
    memcpy(ret_attempts, steps->attempts, count * sizeof *ret_attempts);
    pthread_mutex_unlock(&steps->lock);
    return count;
}

static void close_connection(struct steps_local *steps, const char *id)
{
    pthread_mutex_lock(&steps->lock);
    struct attempt *attempt = find(steps, id);
    close(attempt->fd);
    attempt->fd = -1;
    pthread_mutex_unlock(&steps->lock);
}

/* The connection ended, and the attempt has not: it was a supervisor's that came too late, and another one runs it.
 * That one must be shown the lease, or it takes itself for forgotten. */
static void connect_again(struct steps_local *steps, const char *id)
{
    int fd = steps_run_connect(steps->dir.runs_fd, id);
    pthread_mutex_lock(&steps->lock);
    find(steps, id)->fd = fd;
    pthread_mutex_unlock(&steps->lock);
}

static void look_at_status(struct steps_local *steps, const struct attempt *seen)
{
    char line[PROTO_STATUS_SIZE];
    steps_run_status(steps->dir.runs_fd, seen->id, line, sizeof line);
    if (!*line || sw_equal(line, seen->status))
        return;
    pthread_mutex_lock(&steps->lock);
    struct attempt *attempt = find(steps, seen->id);
    if (attempt)
        (void)sw_copy(attempt->status, sizeof attempt->status, line); /* the same size */
    pthread_mutex_unlock(&steps->lock);
    steps->options.listener.progress(steps->options.listener.self, seen->id, line);
}

/* Returns when to look again at the latest, in ms. */
static int pass(struct steps_local *steps, struct attempt *attempts, size_t count, bool look)
{
    int again_ms = count > 0 ? STATUS_EVERY_MS : 60000;
    for (size_t i = 0; i < count; i++) {
        if (look)
            look_at_status(steps, &attempts[i]);
        if (attempts[i].fd >= 0 && has_ended(attempts[i].fd)) {
            close_connection(steps, attempts[i].id);
            attempts[i].fd = -1;
        }
        if (attempts[i].fd < 0 && !conclude(steps, attempts[i].id)) {
            connect_again(steps, attempts[i].id);
            again_ms = AGAIN_MS;
        }
    }
    return again_ms;
}

/* False: there was none for so long. */
static bool wait_for_news(struct steps_local *steps, const struct attempt *attempts, size_t count, int timeout_ms)
{
    struct pollfd fds[MAX_ATTEMPTS + 1] = { { .fd = steps->wake_fd, .events = POLLIN } };
    uint64_t value;
    for (size_t i = 0; i < count; i++)
        fds[i + 1] = (struct pollfd){ .fd = attempts[i].fd, .events = POLLIN };
    int ready = poll(fds, count + 1, timeout_ms);
    if (ready > 0 && fds[0].revents && read(steps->wake_fd, &value, sizeof value) < 0)
        return true; /* another pass will find it low */
    return ready != 0;
}

static bool is_watched(void *self, const char *attempt)
{
    struct steps_local *steps = self;
    pthread_mutex_lock(&steps->lock);
    bool watched = find(steps, attempt) != NULL;
    pthread_mutex_unlock(&steps->lock);
    return watched;
}

static void tend(struct steps_local *steps, int64_t *pruned_ms)
{
    char line[sizeof steps->lease_line];
    pthread_mutex_lock(&steps->lock);
    memcpy(line, steps->lease_line, sizeof line);
    steps->lease_line[0] = '\0';
    pthread_mutex_unlock(&steps->lock);
    if (*line)
        steps_tend_tell(steps->dir.runs_fd, is_watched, steps, line);
    if (*pruned_ms && sw_monotonic_ms() - *pruned_ms < PRUNE_EVERY_MS)
        return;
    *pruned_ms = sw_monotonic_ms();
    int removed = steps_tend_prune(steps->dir.runs_fd, sw_wall_ms());
    if (removed)
        sw_info("old run directories were removed", sw_i("count", removed));
}

static void run(void *self)
{
    struct steps_local *steps = self;
    struct attempt *attempts = calloc(MAX_ATTEMPTS, sizeof *attempts);
    int64_t looked_ms = 0, pruned_ms = 0;
    bool idle = true, news = false;
    bool wanting = false; /* spares, until there are enough; a standby starts no steps and needs none */
    while (attempts && !__atomic_load_n(&steps->stopping, __ATOMIC_ACQUIRE)) {
        size_t count = copy_attempts(steps, attempts);
        wanting = wanting || (news && count > 0); /* one has begun, or ended */
        if (idle)                                 /* what begins now is not looked at before it is under way */
            looked_ms = sw_monotonic_ms();
        idle = count == 0;
        bool look = sw_monotonic_ms() - looked_ms >= STATUS_EVERY_MS;
        looked_ms = look ? sw_monotonic_ms() : looked_ms;
        int again_ms = pass(steps, attempts, count, look);
        tend(steps, &pruned_ms);
        count = copy_attempts(steps, attempts);
        news = wait_for_news(steps, attempts, count, wanting && again_ms > QUIET_MS ? QUIET_MS : again_ms);
        wanting = wanting && (news || add_spare(steps, STEPS_SPARES_MAX));
    }
    free(attempts);
}

static struct sw_status start(struct steps_local *steps)
{
    const struct steps_local_options *options = &steps->options;
    steps->supervisor = sw_strdup(options->supervisor);
    steps->secrets_dir = sw_strdup(options->secrets_dir);
    steps->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!steps->supervisor || !steps->secrets_dir || steps->wake_fd < 0)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory or descriptors");
    if (access(steps->supervisor, X_OK) != 0)
        return sw_fail(SW_CODE_CONFIG,
                       "cannot run \"%s\": %s HINT: slipway-step is installed beside slipway-orchestrator",
                       steps->supervisor, strerror(errno));
    SW_TRY(state_dir_open(options->state_dir, &steps->dir));
    signal(SIGCHLD, SIG_IGN); /* supervisors are not waited for: how they ended stands in their run directories */
    return sw_thread_start(&steps->thread, "steps", run, steps);
}

struct sw_status steps_local_new(const struct steps_local_options *options, struct steps_local **ret_steps)
{
    struct steps_local *steps = calloc(1, sizeof *steps);
    if (!steps)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    steps->options = *options;
    steps->wake_fd = -1;
    steps_spares_init(&steps->spares);
    steps->dir = (struct state_dir){ .fd = -1, .runs_fd = -1, .lock_fd = -1 };
    pthread_mutex_init(&steps->lock, NULL);
    struct sw_status status = start(steps);
    if (sw_failed(status)) {
        steps_local_free(steps);
        return status;
    }
    *ret_steps = steps;
    return sw_ok();
}

struct steps_port steps_local_port(struct steps_local *steps)
{
    return (struct steps_port){ .start = port_start,
                                .stop = port_stop,
                                .observe = port_observe,
                                .bar = port_bar,
                                .show_lease = port_show_lease,
                                .stored = port_stored,
                                .state_dir = port_state_dir,
                                .boot = port_boot,
                                .self = steps };
}

const char *steps_local_lock_name(const struct steps_local *steps) { return steps->dir.lock_name; }

bool steps_local_holder_is_dead(const struct steps_local *steps, const char *lock_name)
{
    return state_dir_holder_is_dead(&steps->dir, lock_name);
}

char *steps_local_output_new(const struct steps_local *steps, const char *attempt)
{
    return steps_run_output_new(steps->dir.runs_fd, attempt);
}

const char *steps_local_path(const struct steps_local *steps) { return steps->dir.path; }

void steps_local_free(struct steps_local *steps)
{
    if (!steps)
        return;
    __atomic_store_n(&steps->stopping, true, __ATOMIC_RELEASE);
    if (steps->wake_fd >= 0)
        wake(steps);
    sw_thread_join(&steps->thread);
    for (size_t i = 0; i < steps->attempt_count; i++)
        if (steps->attempts[i].fd >= 0)
            close(steps->attempts[i].fd);
    steps_spares_release(&steps->spares);
    state_dir_close(&steps->dir);
    if (steps->wake_fd >= 0)
        close(steps->wake_fd);
    free(steps->supervisor);
    free(steps->secrets_dir);
    free(steps);
}
