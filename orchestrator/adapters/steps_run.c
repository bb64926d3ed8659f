/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/steps_run.h"

#include "common/base/text.h"
#include "common/io/fsio.h"
#include "common/rt/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { TAIL_BYTES = 2048, EXIT_MAX_BYTES = 64 * 1024 };

/* Without the file nobody lives there; a look that fails says nothing. */
static struct sw_status look_at_lock(int dir_fd, bool *ret_locked)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = openat(dir_fd, "lock", O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        *ret_locked = false;
        return errno == ENOENT ? sw_ok() : sw_fail(SW_CODE_IO, "cannot open its lock: %s", strerror(errno));
    }
    struct sw_status status = sw_ok();
    if (fcntl(fd, F_OFD_GETLK, &whole) != 0)
        status = sw_fail(SW_CODE_IO, "cannot look at its lock: %s", strerror(errno));
    close(fd);
    *ret_locked = whole.l_type != F_UNLCK;
    return status;
}

static enum step_outcome outcome_of(const char *name)
{
    static const struct {
        const char *name;
        enum step_outcome outcome;
    } OUTCOMES[] = { { "exited", STEP_EXITED },
                     { "signaled", STEP_SIGNALED },
                     { "timed_out", STEP_TIMED_OUT },
                     { "stopped", STEP_STOPPED },
                     { "not_run", STEP_NOT_RUN } };
    for (size_t i = 0; i < SW_COUNT(OUTCOMES); i++)
        if (sw_equal(OUTCOMES[i].name, name))
            return OUTCOMES[i].outcome;
    return STEP_LOST;
}

/* The last lines of what it printed, as valid text. */
static char *read_tail(int dir_fd)
{
    SW_AUTO_FREE char *raw = NULL;
    size_t length = 0;
    struct sw_status status = fsio_read_tail(dir_fd, "output", TAIL_BYTES, &raw, &length);
    if (sw_failed(status) || length == 0)
        return NULL;
    char *start = raw;
    char *newline = length == TAIL_BYTES ? memchr(raw, '\n', length) : NULL;
    if (newline) /* the first line may be half of one */
        start = newline + 1;
    size_t left = length - (size_t)(start - raw);
    while (left > 0 && start[left - 1] == '\n')
        left--;
    return left ? sw_utf8_repair_new(start, left) : NULL;
}

/* What went wrong, in a line: the last one that it printed. */
static void error_from_tail(struct step_report *report)
{
    const char *last = report->tail ? strrchr(report->tail, '\n') : NULL;
    const char *line = last ? last + 1 : report->tail ? report->tail : "";
    if (*line)
        (void)sw_copy(report->error, sizeof report->error, line); /* a line may be long */
    else if (report->outcome == STEP_EXITED)
        (void)snprintf(report->error, sizeof report->error, "exit code %d", (int)report->exit_code);
    else if (report->outcome == STEP_SIGNALED)
        (void)snprintf(report->error, sizeof report->error, "killed by signal %d", (int)report->signal);
}

static struct sw_status read_exit(int dir_fd, struct step_report *report)
{
    SW_AUTO_FREE char *text = NULL;
    JX_AUTO json_t *json = NULL;
    size_t length = 0;
    SW_TRY(fsio_read(dir_fd, "exit", EXIT_MAX_BYTES, &text, &length));
    SW_TRY(sw_wrap(jx_parse(text, length, &json), "exit file"));
    report->outcome = outcome_of(jx_string(json, "outcome"));
    report->exit_code = (int32_t)jx_i64_or(json, "exit_code", 0);
    report->signal = (int32_t)jx_i64_or(json, "signal", 0);
    report->started_at_ms = jx_i64_or(json, "started_at_ms", 0);
    report->finished_at_ms = jx_i64_or(json, "finished_at_ms", 0);
    (void)sw_copy(report->error, sizeof report->error, jx_string_or(json, "error", "")); /* a line may be long */
    report->tail = read_tail(dir_fd);
    bool well = report->outcome == STEP_EXITED && report->exit_code == 0;
    if (!well && !*report->error)
        error_from_tail(report);
    return sw_ok();
}

bool steps_run_may_live(int runs_fd, const char *name)
{
    bool locked;
    int dir_fd = openat(runs_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0)
        return errno != ENOENT;
    struct sw_status status = look_at_lock(dir_fd, &locked);
    close(dir_fd);
    return locked || sw_failed(status);
}

static struct sw_status look_into(int dir_fd, struct step_report *report)
{
    bool alive;
    SW_TRY(look_at_lock(dir_fd, &alive)); /* before the exit file is looked for: it is written while the lock is held */
    struct sw_status status = read_exit(dir_fd, report);
    if (status.code == SW_CODE_IO || status.code == SW_CODE_NO_MEMORY) /* how it ended may stand there */
        return status;
    if (!sw_failed(status))
        return sw_ok();
    report->outcome = alive ? STEP_RUNNING : STEP_LOST;
    if (!alive) /* whoever has to decide what became of it wants to see how far it came */
        report->tail = read_tail(dir_fd);
    return sw_ok();
}

struct sw_status steps_run_read(int runs_fd, const char *attempt, struct step_report *ret_report)
{
    struct step_report report = { .outcome = STEP_ABSENT };
    (void)sw_copy(report.attempt, sizeof report.attempt, attempt); /* ids are short */
    int dir_fd = openat(runs_fd, attempt, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0 && errno != ENOENT)
        return sw_fail(SW_CODE_IO, "cannot open the run directory of \"%s\": %s", attempt, strerror(errno));
    if (dir_fd >= 0) {
        struct sw_status status = look_into(dir_fd, &report);
        close(dir_fd);
        SW_TRY(status);
    }
    *ret_report = report;
    return sw_ok();
}

static struct sw_status make_barred(int runs_fd, const char *hidden)
{
    static const char END[] = "{\"outcome\":\"stopped\"}";
    char path[64];
    (void)snprintf(path, sizeof path, "%s/exit", hidden);
    if (mkdirat(runs_fd, hidden, 0700) != 0)
        return sw_fail(SW_CODE_IO, "cannot create a run directory: %s", strerror(errno));
    return fsio_write_durable(runs_fd, path, 0600, END, sizeof END - 1);
}

struct sw_status steps_run_bar(int runs_fd, const char *attempt)
{
    char hidden[32];
    (void)snprintf(hidden, sizeof hidden, STEPS_RUN_SPARE "%08x%08x", sw_random32(), sw_random32());
    struct sw_status status = make_barred(runs_fd, hidden);
    if (!sw_failed(status) && renameat(runs_fd, hidden, runs_fd, attempt) == 0)
        return sw_ok();
    if (!sw_failed(status))
        status = errno == ENOTEMPTY || errno == EEXIST
                     ? sw_fail(SW_CODE_REFUSED, "attempt \"%s\" has begun", attempt)
                     : sw_fail(SW_CODE_IO, "cannot take the run directory of \"%s\": %s", attempt, strerror(errno));
    struct sw_status removed = fsio_remove_tree(runs_fd, hidden);
    (void)removed; /* what is left is hidden, and pruned later */
    return status;
}

/* /proc/self/fd/N keeps the path short: a socket's may have 107 bytes only. */
int steps_run_connect(int runs_fd, const char *attempt)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int dir_fd = openat(runs_fd, attempt, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0)
        return -1;
    (void)snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/control", dir_fd);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        fd = -1;
    }
    close(dir_fd);
    return fd;
}

void steps_run_status(int runs_fd, const char *attempt, char *ret_line, size_t size)
{
    char path[WF_ATTEMPT_ID_SIZE + 16];
    SW_AUTO_FREE char *raw = NULL;
    size_t length = 0;
    (void)snprintf(path, sizeof path, "%s/status", attempt);
    ret_line[0] = '\0';
    if (sw_failed(fsio_read_tail(runs_fd, path, 1024, &raw, &length)))
        return;
    while (length > 0 && strchr("\r\n\t ", raw[length - 1]))
        raw[--length] = '\0';
    char *newline = memrchr(raw, '\n', length);
    char *line = newline ? newline + 1 : raw;
    SW_AUTO_FREE char *valid = sw_utf8_repair_new(line, strlen(line));
    (void)sw_copy(ret_line, size, valid ? valid : ""); /* a status line may be long */
}

char *steps_run_output_new(int runs_fd, const char *attempt)
{
    int dir_fd = openat(runs_fd, attempt, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0)
        return NULL;
    char *tail = read_tail(dir_fd);
    if (!tail && faccessat(dir_fd, "output", R_OK, 0) == 0)
        tail = sw_strdup("");
    close(dir_fd);
    return tail;
}
