/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/orchestrator.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/io/zones.h"
#include "common/rt/clock.h"
#include "common/rt/notify.h"
#include "common/rt/thread.h"
#include "orchestrator/adapters/command_log.h"
#include "orchestrator/adapters/config_file.h"
#include "orchestrator/adapters/outbox_publisher.h"
#include "orchestrator/adapters/steps_local.h"
#include "orchestrator/adapters/store_pg.h"
#include "orchestrator/app/api.h"
#include "orchestrator/app/errand_workers.h"
#include "orchestrator/app/topics_start.h"

#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    MAX_LETTERS_A_PASS = 4096,
    PASSES_OF_A_BURST = 200,
    QUIET_MS = 100 /* so long after a burst its memory goes back to the system */
};

struct orchestrator {
    char name[PROTO_NAME_SIZE]; /* host and process: for people */
    char *config_path;
    struct config *config; /* the loop's, once it runs */
    struct mailbox *mailbox;
    struct zones *zones;
    struct steps_local *steps;
    struct errands *errands;
    struct store_pg *store;
    struct command_log *log;
    struct outbox_publisher *publisher;
    struct leader *leader;
    struct api_output *output;
    struct api *api;
    struct sw_thread loop;
    int ended_fd;
    _Atomic bool stopping;
    _Atomic int64_t progress_ms; /* the leader's: a beat is sent only while it moves */
    struct sw_status ended;      /* written before ended_fd is */
};

/* ---- what other threads say ---- */

static void put(struct orchestrator *orchestrator, const struct letter *letter)
{
    if (mailbox_put(orchestrator->mailbox, letter))
        return;
    free(letter->report.tail); /* the reconciler finds what this letter said */
    sw_warn("the mailbox is full; the reconciler will find it", sw_s("attempt", letter->report.attempt));
}

static void on_finished(void *self, const struct step_report *report)
{
    struct letter letter = { .kind = LETTER_FINISHED, .report = *report };
    letter.report.tail = sw_strdup(report->tail);
    put(self, &letter);
}

static void on_progress(void *self, const char *attempt, const char *status_line)
{
    struct letter letter = { .kind = LETTER_PROGRESS };
    (void)sw_copy(letter.report.attempt, sizeof letter.report.attempt, attempt); /* the same size */
    (void)sw_copy(letter.status, sizeof letter.status, status_line);             /* cut: one short line */
    put(self, &letter);
}

static char *read_output(void *self, const char *attempt)
{
    return steps_local_output_new(((struct orchestrator *)self)->steps, attempt);
}

static bool on_errand(void *self, const struct errand_report *report)
{
    const struct orchestrator *orchestrator = self;
    return mailbox_put(orchestrator->mailbox, &(struct letter){ .kind = LETTER_ERRAND, .errand = *report });
}

static void on_beat(void *self, int64_t epoch, int64_t valid_ms)
{
    put(self, &(struct letter){ .kind = LETTER_LEASE, .epoch = epoch, .valid_ms = valid_ms });
}

static void on_lease_free(void *self) { put(self, &(struct letter){ .kind = LETTER_WAKE }); }

static void on_ring(void *self) { mailbox_ring(((struct orchestrator *)self)->mailbox); }

static int64_t progress(void *self) { return ((struct orchestrator *)self)->progress_ms; }

static bool holder_is_dead(void *self, const char *lock_name)
{
    return steps_local_holder_is_dead(((struct orchestrator *)self)->steps, lock_name);
}

static uint32_t random_number(void *self)
{
    (void)self;
    return sw_random32();
}

static const struct sw_zone *find_zone(void *self, const char *name)
{
    const struct orchestrator *orchestrator = self;
    const struct sw_zone *zone = NULL;
    struct sw_status status = zones_get(orchestrator->zones, name, &zone);
    if (sw_failed(status))
        sw_debug("a time zone is not known", sw_s("name", name), sw_e(&status)); /* a person may have typed it */
    return zone;
}

static void sha256_hex(const char *data, size_t length, char ret_hex[65]) { crypto_sha256_hex(data, length, ret_hex); }

/* ---- the loop ---- */

static void take_config(struct orchestrator *orchestrator, struct letter *letter)
{
    leader_set_config(orchestrator->leader, letter->config);
    config_free(orchestrator->config);
    orchestrator->config = SW_TAKE(letter->config);
    sw_info("slipway.yaml was read again; what runs keeps what it began with");
}

static void open_letter(struct orchestrator *orchestrator, struct letter *letter)
{
    const struct steps_port steps = steps_local_port(orchestrator->steps);
    switch (letter->kind) {
    case LETTER_FINISHED:
        leader_step_finished(orchestrator->leader, &letter->report);
        return;
    case LETTER_PROGRESS:
        leader_step_progress(orchestrator->leader, letter->report.attempt, letter->status);
        return;
    case LETTER_ERRAND:
        leader_errand_finished(orchestrator->leader, &letter->errand);
        return;
    case LETTER_LEASE:
        steps.show_lease(steps.self, letter->epoch, letter->valid_ms);
        return;
    case LETTER_WAKE:
        leader_wake(orchestrator->leader);
        return;
    case LETTER_QUESTION:
        api_answer(orchestrator->leader, orchestrator->output, letter->exchange);
        return;
    case LETTER_CONFIG:
        take_config(orchestrator, letter);
        return;
    }
}

static void open_letters(struct orchestrator *orchestrator)
{
    mailbox_silence(orchestrator->mailbox);
    for (int i = 0; i < MAX_LETTERS_A_PASS; i++) {
        struct letter *letter = mailbox_take(orchestrator->mailbox);
        if (!letter)
            return;
        open_letter(orchestrator, letter);
        letter_free(letter);
    }
    mailbox_ring(orchestrator->mailbox); /* there are more */
}

/* False: none came before it was due. */
static bool wait_for_news(struct orchestrator *orchestrator, int64_t due_ms)
{
    int64_t wait_ms = due_ms - sw_monotonic_ms();
    struct pollfd fds[] = { { .fd = mailbox_fd(orchestrator->mailbox), .events = POLLIN },
                            { .fd = store_pg_fd(orchestrator->store), .events = POLLIN } };
    if (store_pg_wants_write(orchestrator->store))
        fds[1].events |= POLLOUT;
    /* A signal only ends it early. */
    return wait_ms <= 0 || poll(fds, SW_COUNT(fds), wait_ms < INT_MAX ? (int)wait_ms : INT_MAX) != 0;
}

/* What a long line and its commits took is free by then, but in pieces that malloc keeps. */
static void wait_and_tidy(struct orchestrator *orchestrator, int64_t due_ms, int64_t *passes)
{
    const int64_t quiet_ms = sw_monotonic_ms() + QUIET_MS;
    const bool burst = *passes >= PASSES_OF_A_BURST;
    if (wait_for_news(orchestrator, burst && quiet_ms < due_ms ? quiet_ms : due_ms) || !burst)
        return;
    (void)malloc_trim(0);
    *passes = 0;
}

static void run_loop(void *self)
{
    struct orchestrator *orchestrator = self;
    struct leader *leader = orchestrator->leader;
    const uint64_t one = 1;
    int64_t passes = 0;
    bool told = false;
    while (leader_role(leader) != LEADER_STOPPED) {
        open_letters(orchestrator);
        if (orchestrator->stopping && !told) {
            leader_stop(leader);
            told = true;
        }
        int64_t due_ms = leader_pass(leader, sw_monotonic_ms());
        orchestrator->progress_ms = leader_progress_ms(leader);
        api_set_state(orchestrator->api, leader_role(leader), leader_ready(leader), leader_epoch(leader));
        passes++;
        if (leader_role(leader) != LEADER_STOPPED)
            wait_and_tidy(orchestrator, due_ms, &passes);
    }
    orchestrator->ended = leader_health(leader);
    (void)!write(orchestrator->ended_fd, &one, sizeof one); /* a new eventfd takes one */
}

/* ---- starting, in this order ---- */

static void name_process(struct orchestrator *orchestrator)
{
    char host[40] = "";
    if (gethostname(host, sizeof host - 1) != 0 || !*host)
        (void)sw_copy(host, sizeof host, "orchestrator"); /* fits */
    (void)snprintf(orchestrator->name, sizeof orchestrator->name, "%s/%d", host, (int)getpid());
}

static struct sw_status load_config(const char *path, struct config **ret_config)
{
    SW_AUTO_BUF struct sw_buf errors = { 0 };
    struct sw_status status = config_file_load(path, &errors, ret_config);
    char *rest = errors.data;
    for (char *line; sw_failed(status) && rest && (line = strsep(&rest, "\n"));)
        if (*line)
            sw_error("slipway.yaml", sw_s("problem", line));
    return status;
}

/* slipway-step lies beside this program, and slipway-step-call beside that. */
static struct sw_status find_supervisor(char *ret_path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", ret_path, size - 1);
    char *slash = length > 0 ? memrchr(ret_path, '/', (size_t)length) : NULL;
    if (!slash || (size_t)(slash - ret_path) + sizeof "/slipway-step" > size)
        return sw_fail(SW_CODE_CONFIG, "the path of this program is not known");
    memcpy(slash, "/slipway-step", sizeof "/slipway-step");
    if (access(ret_path, X_OK) != 0)
        return sw_fail(SW_CODE_CONFIG, "%s is missing. HINT: it is installed beside slipway-orchestrator", ret_path);
    char caller[PATH_MAX + 8];
    (void)snprintf(caller, sizeof caller, "%s-call", ret_path);
    if (access(caller, X_OK) != 0)
        return sw_fail(SW_CODE_CONFIG, "%s is missing. HINT: it is installed beside slipway-orchestrator", caller);
    return sw_ok();
}

static struct sw_status start_steps(struct orchestrator *orchestrator, const struct settings *settings)
{
    char supervisor[PATH_MAX];
    SW_TRY(find_supervisor(supervisor, sizeof supervisor));
    const struct steps_local_options options = {
        .state_dir = settings->state_dir,
        .secrets_dir = settings->secrets_dir,
        .supervisor = supervisor,
        .deadman_ms = settings->deadman_ms,
        .listener = { .finished = on_finished, .progress = on_progress, .self = orchestrator },
    };
    struct sw_status status = steps_local_new(&options, &orchestrator->steps);
    return sw_failed(status) ? sw_fail(SW_CODE_CONFIG, "SLIPWAY_STATE_DIR: %s", status.text) : status;
}

static struct sw_status start_store(struct orchestrator *orchestrator, const struct settings *settings)
{
    const struct steps_port steps = steps_local_port(orchestrator->steps);
    const struct store_pg_options options = {
        .url = settings->database_url,
        .holder = orchestrator->name,
        .ttl_ms = settings->lease_ttl_ms,
        .migrate = sw_equal(settings->migrate, "auto") ? STORE_MIGRATE_AUTO : STORE_MIGRATE_OFF,
        .state_dir = steps.state_dir(steps.self),
        .boot = steps.boot(steps.self),
        .lock_name = steps_local_lock_name(orchestrator->steps),
        .retention_days = settings->retention_days,
        .load_unposted = sw_equal(settings->on_new_log, "accept"),
        .holder_is_dead = holder_is_dead,
        .progress_ms = progress,
        .beat_sent = on_beat,
        .wake = on_lease_free,
        .self = orchestrator,
    };
    return store_pg_new(&options, &orchestrator->store);
}

static struct sw_status start_kafka(struct orchestrator *orchestrator, const struct settings *settings)
{
    const struct kafka_config kafka = { .brokers = settings->kafka_brokers,
                                        .config_path = settings->kafka_config,
                                        .client_id = orchestrator->name };
    char topic[PROTO_TOPIC_NAME_SIZE];
    char group[PROTO_TOPIC_NAME_SIZE];
    proto_topic_name(settings->topic_prefix, PROTO_TOPIC_COMMANDS, topic);
    (void)snprintf(group, sizeof group, "%sorchestrator", settings->topic_prefix); /* as long as topics' names */
    const struct command_log_options log = { .kafka = kafka,
                                             .topic = topic,
                                             .group = group,
                                             .accept_new_log = sw_equal(settings->on_new_log, "accept"),
                                             .wake = on_ring,
                                             .self = orchestrator };
    const struct outbox_publisher_options publisher = { .kafka = kafka,
                                                        .topic_prefix = settings->topic_prefix,
                                                        .database_url = settings->database_url,
                                                        .wake = on_ring,
                                                        .self = orchestrator };
    if (sw_equal(settings->kafka_create_topics, "auto"))
        SW_TRY(topics_start(&kafka, settings->topic_prefix));
    SW_TRY(topics_check_retention(&kafka, settings->topic_prefix, settings->retention_days));
    SW_TRY(command_log_new(&log, &orchestrator->log));
    return outbox_publisher_new(&publisher, &orchestrator->publisher);
}

static struct sw_status start_leader(struct orchestrator *orchestrator, const struct settings *settings)
{
    const struct leader_options options = { .store = store_pg_port(orchestrator->store),
                                            .log = command_log_port(orchestrator->log),
                                            .publisher = outbox_publisher_port(orchestrator->publisher),
                                            .steps = steps_local_port(orchestrator->steps),
                                            .errands = errands_port(orchestrator->errands),
                                            .config = orchestrator->config,
                                            .lease_ttl_ms = settings->lease_ttl_ms,
                                            .random = random_number,
                                            .zone = find_zone,
                                            .zone_self = orchestrator,
                                            .sha256_hex = sha256_hex };
    const struct api_options api = { .listen = settings->listen,
                                     .token = settings->api_token,
                                     .mailbox = orchestrator->mailbox };
    const struct api_output_options output = { .read = read_output, .self = orchestrator };
    orchestrator->leader = leader_new(&options);
    if (!orchestrator->leader)
        return sw_fail(SW_CODE_NO_MEMORY, "leader: out of memory");
    SW_TRY(api_output_start(&output, &orchestrator->output));
    SW_TRY(sw_wrap(api_start(&api, &orchestrator->api), "SLIPWAY_ORCHESTRATOR_LISTEN"));
    return sw_thread_start(&orchestrator->loop, "leader", run_loop, orchestrator);
}

static struct sw_status start_all(struct orchestrator *orchestrator, const struct settings *settings)
{
    SW_TRY(load_config(settings->config, &orchestrator->config));
    SW_TRY(mailbox_new(&orchestrator->mailbox));
    SW_TRY(zones_new(NULL, &orchestrator->zones));
    orchestrator->ended_fd = eventfd(0, EFD_CLOEXEC);
    orchestrator->progress_ms = sw_monotonic_ms();
    SW_TRY(start_steps(orchestrator, settings));
    const struct errand_workers_options errands = { .secrets_dir = settings->secrets_dir,
                                                    .listener = { .finished_take = on_errand, .self = orchestrator } };
    SW_TRY(errand_workers_start(&errands, &orchestrator->errands));
    SW_TRY(start_store(orchestrator, settings));
    SW_TRY(start_kafka(orchestrator, settings));
    SW_TRY(start_leader(orchestrator, settings));
    sw_info("orchestrator started", sw_s("name", orchestrator->name), sw_i("port", api_port(orchestrator->api)));
    return sw_ok();
}

struct sw_status orchestrator_start(const struct settings *settings, struct orchestrator **ret_orchestrator)
{
    struct orchestrator *orchestrator = calloc(1, sizeof *orchestrator);
    if (!orchestrator)
        return sw_fail(SW_CODE_NO_MEMORY, "orchestrator: out of memory");
    orchestrator->ended_fd = -1;
    orchestrator->config_path = sw_strdup(settings->config);
    name_process(orchestrator);
    struct sw_status status = start_all(orchestrator, settings);
    if (sw_failed(status))
        orchestrator_free(orchestrator);
    else
        *ret_orchestrator = orchestrator;
    return status;
}

struct sw_status orchestrator_reload(struct orchestrator *orchestrator)
{
    struct letter letter = { .kind = LETTER_CONFIG };
    SW_TRY(load_config(orchestrator->config_path, &letter.config));
    if (mailbox_put(orchestrator->mailbox, &letter))
        return sw_ok();
    config_free(letter.config);
    return sw_fail(SW_CODE_FULL, "the mailbox is full. HINT: send SIGHUP again");
}

/* ---- stopping ---- */

int orchestrator_ended_fd(const struct orchestrator *orchestrator) { return orchestrator->ended_fd; }

bool orchestrator_ended(struct orchestrator *orchestrator, struct sw_status *ret_status)
{
    struct pollfd fd = { .fd = orchestrator->ended_fd, .events = POLLIN };
    if (poll(&fd, 1, 0) != 1)
        return false;
    *ret_status = orchestrator->ended;
    return true;
}

void orchestrator_stop(struct orchestrator *orchestrator)
{
    api_set_draining(orchestrator->api);
    orchestrator->stopping = true;
    mailbox_ring(orchestrator->mailbox);
    sw_thread_join(&orchestrator->loop);
}

void orchestrator_free(struct orchestrator *orchestrator)
{
    if (!orchestrator)
        return;
    if (orchestrator->loop.running)
        orchestrator_stop(orchestrator);
    api_output_free(orchestrator->output); /* before the server that its answers go to */
    api_free(orchestrator->api);
    leader_free(orchestrator->leader);
    outbox_publisher_free(orchestrator->publisher);
    command_log_free(orchestrator->log);
    store_pg_free(orchestrator->store);
    errands_free(orchestrator->errands);
    steps_local_free(orchestrator->steps);
    zones_free(orchestrator->zones);
    mailbox_free(orchestrator->mailbox);
    config_free(orchestrator->config);
    if (orchestrator->ended_fd >= 0)
        close(orchestrator->ended_fd);
    free(orchestrator->config_path);
    free(orchestrator);
}
