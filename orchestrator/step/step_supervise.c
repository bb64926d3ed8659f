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
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CONTROLS = 16, LEFTOVER_GRACE_MS = 1000, KILL_REPEAT_MS = 200, MAX_ARGV = 260 };

struct supervision {
    const struct step_supervise_options *options;
    struct step_output output;
    int output_fd, child_fd; /* the command's output, SIGCHLD */
    int controls[MAX_CONTROLS];
    size_t control_count;
    pid_t child;
    bool child_ended;
    int wait_status;
    int64_t started_at_ms, deadline_ms, last_lease_ms; /* wall, monotonic, boot time */
    const char *killed_because;                        /* the outcome that a kill leads to; NULL: not killed */
    int64_t kill_at_ms; /* monotonic: when TERM is followed by KILL; 0: no kill under way */
};

static int open_sigchld(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The HTTP call is this program in another role, with the call on its stdin. */
static int call_on_memory(const struct step_spec *spec)
{
    SW_AUTO_FREE char *text = jx_dump_new(spec->json);
    int fd = memfd_create("call", MFD_CLOEXEC);
    if (fd < 0 || !text || dprintf(fd, "%s", text) < 0 || lseek(fd, 0, SEEK_SET) != 0)
        return -1;
    return fd;
}

static void fill_argv(const struct step_spec *spec, const char *ret_argv[MAX_ARGV])
{
    size_t count = 0;
    if (spec->http) {
        ret_argv[count++] = "/proc/self/exe";
        ret_argv[count++] = "--call";
    }
    for (size_t i = 0; !spec->http && i < json_array_size(spec->argv) && count < MAX_ARGV - 1; i++)
        ret_argv[count++] = json_string_value(json_array_get(spec->argv, i));
    ret_argv[count] = NULL;
}

static struct sw_status spawn(struct supervision *supervision, int write_fd)
{
    const struct step_spec *spec = supervision->options->spec;
    struct step_environment environment;
    const char *argv[MAX_ARGV];
    SW_TRY(step_environment_init(spec, supervision->options->dir->status_path, supervision->options->path,
                                 supervision->options->home, &environment));
    int call_fd = spec->http ? call_on_memory(spec) : -1;
    struct proc_fd fds[] = { { call_fd, 0 }, { write_fd, 1 }, { write_fd, 2 } };
    fill_argv(spec, argv);
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

static void begin_kill(struct supervision *supervision, const char *outcome, int64_t grace_ms)
{
    if (supervision->kill_at_ms)
        return;
    supervision->killed_because = outcome;
    supervision->kill_at_ms = sw_monotonic_ms() + grace_ms;
    (void)step_tree_signal(SIGTERM); /* how many there were is no matter */
}

static void on_control_line(struct supervision *supervision, const char *line)
{
    if (sw_starts_with(line, "stop"))
        begin_kill(supervision, "stopped", supervision->options->spec->grace_ms);
    else if (sw_starts_with(line, "lease "))
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

static void read_output(struct supervision *supervision)
{
    char chunk[16384];
    ssize_t got;
    while (supervision->output_fd >= 0 && (got = read(supervision->output_fd, chunk, sizeof chunk)) != 0) {
        if (got < 0)
            return; /* nothing there now */
        step_output_write(&supervision->output, chunk, (size_t)got);
    }
    if (supervision->output_fd >= 0)
        close(supervision->output_fd);
    supervision->output_fd = -1;
}

static void reap(struct supervision *supervision)
{
    struct signalfd_siginfo info;
    while (read(supervision->child_fd, &info, sizeof info) > 0)
        ;
    if (!step_tree_reap(supervision->child, &supervision->wait_status))
        return;
    supervision->child_ended = true;
    if (!step_tree_empty() && !supervision->kill_at_ms) /* what it left behind does not outlive it */
        begin_kill(supervision, NULL, LEFTOVER_GRACE_MS);
}

static int64_t check_clocks(struct supervision *supervision)
{
    int64_t now_ms = sw_monotonic_ms();
    int64_t deadman_at_ms = now_ms + supervision->last_lease_ms + supervision->options->deadman_ms - sw_boottime_ms();
    if (!supervision->kill_at_ms && now_ms >= supervision->deadline_ms)
        begin_kill(supervision, "timed_out", supervision->options->spec->grace_ms);
    if (!supervision->kill_at_ms && now_ms >= deadman_at_ms)
        begin_kill(supervision, "lost", supervision->options->spec->grace_ms);
    if (supervision->kill_at_ms && now_ms >= supervision->kill_at_ms) {
        (void)step_tree_signal(SIGKILL);
        supervision->kill_at_ms = now_ms + KILL_REPEAT_MS;
    }
    if (supervision->kill_at_ms)
        return supervision->kill_at_ms - now_ms;
    int64_t next_ms = supervision->deadline_ms < deadman_at_ms ? supervision->deadline_ms : deadman_at_ms;
    return next_ms - now_ms;
}

static void wait_once(struct supervision *supervision, int64_t timeout_ms)
{
    struct pollfd fds[MAX_CONTROLS + 3] = { { .fd = supervision->child_fd, .events = POLLIN },
                                            { .fd = supervision->output_fd, .events = POLLIN },
                                            { .fd = supervision->options->dir->control_fd, .events = POLLIN } };
    size_t count = supervision->control_count;
    for (size_t i = 0; i < count; i++)
        fds[3 + i] = (struct pollfd){ .fd = supervision->controls[i], .events = POLLIN };
    if (poll(fds, 3 + count, (int)(timeout_ms < 0 ? 0 : timeout_ms > 60000 ? 60000 : timeout_ms)) <= 0)
        return;
    if (fds[1].revents)
        read_output(supervision);
    for (size_t i = count; i-- > 0;)
        if (fds[3 + i].revents && !read_control(supervision, supervision->controls[i]))
            drop_control(supervision, i);
    if (fds[2].revents)
        accept_control(supervision);
    if (fds[0].revents)
        reap(supervision);
}

static struct step_exit describe(const struct supervision *supervision)
{
    struct step_exit exit = { .started_at_ms = supervision->started_at_ms,
                              .finished_at_ms = sw_wall_ms(),
                              .error = "" };
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
    return status;
}

static struct sw_status never_ran(struct supervision *supervision, struct sw_status why)
{
    struct step_exit exit = { .outcome = "not_run",
                              .started_at_ms = supervision->started_at_ms,
                              .finished_at_ms = sw_wall_ms(),
                              .error = why.text };
    return finish(supervision, &exit);
}

struct sw_status step_supervise(const struct step_supervise_options *options)
{
    struct supervision supervision = { .options = options,
                                       .output_fd = -1,
                                       .child_fd = open_sigchld(),
                                       .started_at_ms = sw_wall_ms(),
                                       .deadline_ms = sw_monotonic_ms() + options->spec->timeout_ms,
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
    read_output(&supervision);
    step_output_finish(&supervision.output);
    struct step_exit exit = describe(&supervision);
    return finish(&supervision, &exit);
}
