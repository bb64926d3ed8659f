/* SPDX-License-Identifier: Apache-2.0
 * A poll loop over the command's output, the control connections and a signalfd for SIGCHLD. Why it is being killed is
 * decided once, by whatever comes first; the end is only told when nothing of the command is left. */
#include "orchestrator/step/step_supervise.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/io/proc.h"
#include "common/rt/clock.h"
#include "orchestrator/step/step_output.h"
#include "orchestrator/step/step_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MAX_CONTROLS = 16,
    LEFTOVER_GRACE_MS = 1000,
    KILL_REPEAT_MS = 50,
    OUTPUT_READS = 16,
    SYNC_CLAIM_MS = 100, /* a disk may take long, and meanwhile nobody sees that the command has ended */
    MAX_WAIT_MS = 5000,  /* poll(2) does not count the machine's sleep, the dead-man switch does */
};

struct supervision {
    const struct step_supervise_options *options;
    struct step_output output;
    int output_fd, signal_fd; /* the command's output; SIGCHLD and SIGTERM */
    int controls[MAX_CONTROLS];
    size_t control_count;
    pid_t child;
    bool child_ended;
    int wait_status;
    int64_t started_at_ms, deadline_ms, last_lease_ms; /* wall, monotonic, boot time */
    const char *killed_because;                        /* the outcome that a kill leads to; NULL: not killed */
    const char *why;                                   /* for people; NULL when the outcome says it all */
    int64_t sync_at_ms;                                /* monotonic: when the claim is made durable; 0: it has been */
    int64_t kill_at_ms; /* monotonic: when TERM is followed by KILL; 0: no kill under way */
};

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The HTTP call is a program beside this one, with the call on its stdin. */
static int call_on_memory(const struct step_spec *spec)
{
    SW_AUTO_FREE char *text = jx_dump_new(spec->json);
    int fd = memfd_create("call", MFD_CLOEXEC);
    if (fd < 0 || !text || dprintf(fd, "%s", text) < 0 || lseek(fd, 0, SEEK_SET) != 0)
        return -1;
    return fd;
}

static struct sw_status find_caller(char *ret_path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", ret_path, size - sizeof "-call");
    if (length < 0)
        return sw_fail(SW_CODE_IO, "the path of slipway-step is not known: %s", strerror(errno));
    memcpy(ret_path + length, "-call", sizeof "-call");
    return sw_ok();
}

static void fill_argv(const struct step_spec *spec, const char *caller, const char *ret_argv[STEP_MAX_ARGV + 1])
{
    size_t count = 0;
    if (spec->http)
        ret_argv[count++] = caller;
    for (size_t i = 0; !spec->http && i < json_array_size(spec->argv) && count < STEP_MAX_ARGV; i++)
        ret_argv[count++] = json_string_value(json_array_get(spec->argv, i));
    ret_argv[count] = NULL;
}

static struct sw_status spawn(struct supervision *supervision, int write_fd)
{
    const struct step_spec *spec = supervision->options->spec;
    struct step_environment environment;
    const char *argv[STEP_MAX_ARGV + 1];
    char caller[PATH_MAX];
    SW_TRY(find_caller(caller, sizeof caller));
    SW_TRY(step_environment_init(spec, supervision->options->dir->status_path, supervision->options->path,
                                 supervision->options->home, &environment));
    int call_fd = spec->http ? call_on_memory(spec) : -1;
    struct proc_fd fds[] = { { call_fd, 0 }, { write_fd, 1 }, { write_fd, 2 } };
    fill_argv(spec, caller, argv);
    struct proc_options options = { .argv = argv,
                                    .envp = (const char *const *)environment.entries,
                                    .dir = spec->dir,
                                    .fds = fds,
                                    .fd_count = SW_COUNT(fds),
                                    .new_session = true };
    struct sw_status status = proc_spawn(&options, &supervision->child);
    step_environment_release(&environment);
    if (call_fd >= 0)
        close(call_fd);
    return status;
}

static struct sw_status start_command(struct supervision *supervision)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return sw_fail(SW_CODE_IO, "cannot make a pipe: %s", strerror(errno));
    struct sw_status status = spawn(supervision, fds[1]);
    close(fds[1]);
    if (sw_failed(status)) {
        close(fds[0]);
        return status;
    }
    (void)fcntl(fds[0], F_SETFL, O_NONBLOCK);
    supervision->output_fd = fds[0];
    step_run_dir_note_pid(supervision->options->dir, supervision->child);
    return sw_ok();
}

static void begin_kill(struct supervision *supervision, const char *outcome, const char *why, int64_t grace_ms)
{
    if (supervision->kill_at_ms)
        return;
    supervision->killed_because = outcome;
    supervision->why = why;
    supervision->kill_at_ms = sw_monotonic_ms() + grace_ms;
    (void)step_tree_signal(SIGTERM); /* how many there were is no matter */
}

/* A lease is news only while it is valid: so the last news is at most its TTL behind the last good beat. */
static void on_control_line(struct supervision *supervision, const char *line)
{
    long long epoch, valid_ms;
    if (sw_starts_with(line, "stop"))
        begin_kill(supervision, "stopped", NULL, supervision->options->spec->grace_ms);
    else if (sscanf(line, "lease %lld %lld", &epoch, &valid_ms) == 2 && valid_ms > 0)
        supervision->last_lease_ms = sw_boottime_ms();
}

/* Commands are short lines that arrive whole. False: the peer is gone. */
static bool read_control(struct supervision *supervision, int fd)
{
    char text[512];
    ssize_t got = recv(fd, text, sizeof text - 1, MSG_DONTWAIT);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    if (got == 0)
        return false;
    text[got] = '\0';
    for (char *save = NULL, *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        on_control_line(supervision, line);
    return true;
}

static void accept_control(struct supervision *supervision)
{
    int fd = accept4(supervision->options->dir->control_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0 && supervision->control_count < MAX_CONTROLS)
        supervision->controls[supervision->control_count++] = fd;
    else if (fd >= 0)
        close(fd);
}

static void drop_control(struct supervision *supervision, size_t index)
{
    close(supervision->controls[index]);
    supervision->controls[index] = supervision->controls[--supervision->control_count];
}

/* At most `reads` chunks: a command that prints without end must not keep the clocks from being looked at. */
static void read_output(struct supervision *supervision, int reads)
{
    char chunk[16384];
    for (; reads > 0 && supervision->output_fd >= 0; reads--) {
        ssize_t got = read(supervision->output_fd, chunk, sizeof chunk);
        if (got < 0)
            return; /* nothing there now */
        if (got > 0) {
            step_output_write(&supervision->output, chunk, (size_t)got);
            continue;
        }
        close(supervision->output_fd);
        supervision->output_fd = -1;
    }
}

static void reap(struct supervision *supervision)
{
    if (!step_tree_reap(supervision->child, &supervision->wait_status))
        return;
    supervision->child_ended = true;
    if (!step_tree_empty() && !supervision->kill_at_ms) /* what it left behind does not outlive it */
        begin_kill(supervision, NULL, NULL, LEFTOVER_GRACE_MS);
}

/* Whoever ends the supervisor ends the attempt with it: nothing may run that nobody watches. */
static void read_signals(struct supervision *supervision)
{
    struct signalfd_siginfo info;
    while (read(supervision->signal_fd, &info, sizeof info) > 0)
        if (info.ssi_signo == SIGTERM)
            begin_kill(supervision, "lost", "its supervisor was told to end", supervision->options->spec->grace_ms);
    reap(supervision);
}

/* That it runs is seen without a disk; a claim that a crash of the machine takes away is `unknown`, as any without end.
 */
static int64_t sync_claim(struct supervision *supervision, int64_t now_ms)
{
    const struct step_supervise_options *options = supervision->options;
    if (supervision->sync_at_ms == 0)
        return INT64_MAX;
    if (now_ms < supervision->sync_at_ms)
        return supervision->sync_at_ms;
    supervision->sync_at_ms = 0;
    struct sw_status status = step_run_dir_sync_claim(options->dir);
    if (sw_failed(status))
        sw_warn("the claim of an attempt is not durable", sw_s("attempt", options->spec->attempt), sw_e(&status));
    return INT64_MAX;
}

static int64_t check_clocks(struct supervision *supervision)
{
    int64_t now_ms = sw_monotonic_ms();
    int64_t deadman_at_ms = now_ms + supervision->last_lease_ms + supervision->options->deadman_ms - sw_boottime_ms();
    if (!supervision->kill_at_ms && now_ms >= supervision->deadline_ms)
        begin_kill(supervision, "timed_out", NULL, supervision->options->spec->grace_ms);
    if (!supervision->kill_at_ms && now_ms >= deadman_at_ms)
        begin_kill(supervision, "lost", "no orchestrator showed a valid lease: killed",
                   supervision->options->spec->grace_ms);
    if (supervision->kill_at_ms && now_ms >= supervision->kill_at_ms) {
        (void)step_tree_signal(SIGKILL);
        supervision->kill_at_ms = now_ms + KILL_REPEAT_MS;
    }
    if (supervision->kill_at_ms)
        return supervision->kill_at_ms - now_ms;
    int64_t next_ms = sync_claim(supervision, now_ms);
    next_ms = supervision->deadline_ms < next_ms ? supervision->deadline_ms : next_ms;
    return (deadman_at_ms < next_ms ? deadman_at_ms : next_ms) - now_ms;
}

static void wait_once(struct supervision *supervision, int64_t timeout_ms)
{
    struct pollfd fds[MAX_CONTROLS + 3] = { { .fd = supervision->signal_fd, .events = POLLIN },
                                            { .fd = supervision->output_fd, .events = POLLIN },
                                            { .fd = supervision->options->dir->control_fd, .events = POLLIN } };
    size_t count = supervision->control_count;
    for (size_t i = 0; i < count; i++)
        fds[3 + i] = (struct pollfd){ .fd = supervision->controls[i], .events = POLLIN };
    if (poll(fds, 3 + count, (int)(timeout_ms < 0 ? 0 : timeout_ms > MAX_WAIT_MS ? MAX_WAIT_MS : timeout_ms)) <= 0)
        return;
    if (fds[1].revents)
        read_output(supervision, OUTPUT_READS);
    for (size_t i = count; i-- > 0;)
        if (fds[3 + i].revents && !read_control(supervision, supervision->controls[i]))
            drop_control(supervision, i);
    if (fds[2].revents)
        accept_control(supervision);
    if (fds[0].revents)
        read_signals(supervision);
}

static struct step_exit describe(const struct supervision *supervision)
{
    struct step_exit exit = { .started_at_ms = supervision->started_at_ms,
                              .finished_at_ms = sw_wall_ms(),
                              .error = supervision->why ? supervision->why : "" };
    bool exited = WIFEXITED(supervision->wait_status);
    exit.exit_code = exited ? WEXITSTATUS(supervision->wait_status) : 0;
    exit.signal = exited ? 0 : WTERMSIG(supervision->wait_status);
    exit.outcome = supervision->killed_because ? supervision->killed_because : exited ? "exited" : "signaled";
    return exit;
}

static void end_controls(struct supervision *supervision)
{
    while (supervision->control_count > 0)
        drop_control(supervision, 0);
}

static struct sw_status finish(struct supervision *supervision, const struct step_exit *exit)
{
    struct sw_status status = step_run_dir_finish(supervision->options->dir, exit);
    end_controls(supervision); /* the peers see the end only when it can be read */
    SW_TRY(status);
    return step_run_dir_sync_exit(supervision->options->dir);
}

static struct sw_status never_ran(struct supervision *supervision, struct sw_status why)
{
    struct step_exit exit = { .outcome = "not_run",
                              .started_at_ms = supervision->started_at_ms,
                              .finished_at_ms = sw_wall_ms(),
                              .error = why.text };
    return finish(supervision, &exit);
}

static int64_t deadline_of(const struct step_spec *spec)
{
    return spec->timeout_ms > 0 ? sw_monotonic_ms() + spec->timeout_ms : INT64_MAX; /* 0: none */
}

struct sw_status step_supervise(const struct step_supervise_options *options)
{
    struct supervision supervision = { .options = options,
                                       .output_fd = -1,
                                       .signal_fd = open_signals(),
                                       .started_at_ms = sw_wall_ms(),
                                       .deadline_ms = deadline_of(options->spec),
                                       .sync_at_ms = sw_monotonic_ms() + SYNC_CLAIM_MS,
                                       .last_lease_ms = sw_boottime_ms() };
    if (options->control_fd >= 0)
        supervision.controls[supervision.control_count++] = options->control_fd;
    step_output_init(&supervision.output, options->dir->output_fd, options->spec);
    struct sw_status status = start_command(&supervision);
    if (sw_failed(status))
        return never_ran(&supervision, status);
    while (!supervision.child_ended || !step_tree_empty()) {
        wait_once(&supervision, check_clocks(&supervision));
        if (supervision.child_ended)
            (void)step_tree_reap(supervision.child, &supervision.wait_status); /* others of the tree */
    }
    read_output(&supervision, INT_MAX); /* nobody is left who could write more */
    step_output_finish(&supervision.output);
    struct step_exit exit = describe(&supervision);
    return finish(&supervision, &exit);
}
