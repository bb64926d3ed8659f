/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/step/step_run_dir.h"

#include "common/base/text.h"
#include "common/io/fsio.h"
#include "common/json/jx.h"
#include "common/rt/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct sw_status failed(const char *what) { return sw_fail(SW_CODE_IO, "%s: %s", what, strerror(errno)); }

static struct sw_status open_lock(struct step_run_dir *dir)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    dir->lock_fd = openat(dir->fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (dir->lock_fd < 0 || fcntl(dir->lock_fd, F_OFD_SETLK, &whole) != 0)
        return failed("cannot lock the run directory");
    return sw_ok();
}

/* Bound by a short relative name: a socket's path may have 107 bytes only. */
static struct sw_status open_control(struct step_run_dir *dir)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "control" };
    dir->control_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (dir->control_fd < 0 || fchdir(dir->fd) != 0 ||
        bind(dir->control_fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(dir->control_fd, 16) != 0)
        return failed("cannot open the control socket");
    return chdir("/") == 0 ? sw_ok() : failed("cannot leave the run directory");
}

/* An empty file, to be written when there is something to write. */
static bool create(const struct step_run_dir *dir, const char *name, mode_t mode)
{
    int fd = openat(dir->fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool fill(const struct step_run_dir *dir, const char *name, const char *text)
{
    int fd = openat(dir->fd, name, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && dprintf(fd, "%s", text) == (int)strlen(text);
    if (fd >= 0)
        written = close(fd) == 0 && written;
    return written;
}

static struct sw_status make_files(struct step_run_dir *dir)
{
    SW_TRY(open_lock(dir));
    SW_TRY(open_control(dir));
    dir->output_fd = openat(dir->fd, "output", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (dir->output_fd < 0 || !create(dir, "status", 0666) || !create(dir, "claim", 0600) ||
        !create(dir, "pid", 0600) || !create(dir, "exit.new", 0600))
        return failed("cannot create the files of the run directory");
    return sw_ok();
}

static struct sw_status make(struct step_run_dir *dir)
{
    (void)snprintf(dir->hidden, sizeof dir->hidden, ".spare-%08x%08x", sw_random32(), sw_random32());
    if (mkdirat(dir->runs_fd, dir->hidden, 0700) != 0) {
        dir->hidden[0] = '\0'; /* nothing to remove */
        return failed("cannot create the run directory");
    }
    dir->fd = openat(dir->runs_fd, dir->hidden, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return dir->fd >= 0 ? make_files(dir) : failed("cannot open the run directory");
}

struct sw_status step_run_dir_prepare(const char *runs, struct step_run_dir *ret_dir)
{
    struct step_run_dir dir = { .fd = -1, .lock_fd = -1, .control_fd = -1, .output_fd = -1 };
    dir.runs_fd = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct sw_status status = dir.runs_fd >= 0 ? make(&dir) : failed("cannot open the directory of runs");
    if (sw_failed(status))
        step_run_dir_close(&dir);
    *ret_dir = dir;
    return status;
}

struct sw_status step_run_dir_claim(struct step_run_dir *dir, const char *runs, const char *attempt)
{
    char text[128];
    if (dir->fd < 0)
        SW_TRY(step_run_dir_prepare(runs, dir));
    (void)snprintf(text, sizeof text, "{\"attempt\":\"%s\",\"pid\":%d}\n", attempt, (int)getpid());
    if (!fill(dir, "claim", text))
        return failed("cannot write the claim");
    if (renameat(dir->runs_fd, dir->hidden, dir->runs_fd, attempt) != 0) {
        if (errno == ENOTEMPTY || errno == EEXIST)
            return sw_fail(SW_CODE_REFUSED, "attempt \"%s\" was started before", attempt);
        return failed("cannot claim the run directory");
    }
    dir->hidden[0] = '\0';
    (void)snprintf(dir->status_path, sizeof dir->status_path, "%s/%s/status", runs, attempt);
    return sw_ok();
}

/* The directory's name is the claim: what is in it is for people. */
struct sw_status step_run_dir_sync_claim(const struct step_run_dir *dir)
{
    return fsync(dir->runs_fd) == 0 ? sw_ok() : failed("cannot sync the directory of runs");
}

void step_run_dir_note_pid(const struct step_run_dir *dir, pid_t pid)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%d\n", (int)pid);
    (void)fill(dir, "pid", text); /* for people; nothing depends on it */
}

struct sw_status step_run_dir_finish(const struct step_run_dir *dir, const struct step_exit *exit)
{
    JX_AUTO json_t *json = json_object();
    SW_AUTO_FREE char *valid = sw_utf8_repair_new(exit->error, strlen(exit->error));
    bool done = jx_set_string(json, "outcome", exit->outcome) && jx_set_i64(json, "exit_code", exit->exit_code) &&
                jx_set_i64(json, "signal", exit->signal) && jx_set_i64(json, "started_at_ms", exit->started_at_ms) &&
                jx_set_i64(json, "finished_at_ms", exit->finished_at_ms) && jx_set_string(json, "error", valid);
    SW_AUTO_FREE char *text = done ? jx_dump_new(json) : NULL;
    if (!text)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (!fill(dir, "exit.new", text) || renameat(dir->fd, "exit.new", dir->fd, "exit") != 0)
        return failed("cannot write how the attempt ended");
    return sw_ok();
}

struct sw_status step_run_dir_sync_exit(const struct step_run_dir *dir) { return fsio_sync(dir->fd, "exit"); }

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void step_run_dir_close(struct step_run_dir *dir)
{
    if (*dir->hidden) {
        struct sw_status removed = fsio_remove_tree(dir->runs_fd, dir->hidden);
        (void)removed; /* what is left is hidden, and pruned later */
        dir->hidden[0] = '\0';
    }
    close_fd(&dir->output_fd);
    close_fd(&dir->control_fd);
    close_fd(&dir->lock_fd);
    close_fd(&dir->fd);
    close_fd(&dir->runs_fd);
}
