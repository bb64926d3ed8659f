/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/steps_tend.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/io/fsio.h"
#include "orchestrator/adapters/steps_run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

typedef void visit_fn(void *context, int runs_fd, const char *name);

static bool is_attempt(const char *name)
{
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    size_t step;
    int32_t number;
    return wf_attempt_parse(name, workflow, &step, &number);
}

/* A second name of the exit file, which costs less than a file; an attempt that was lost has none, and gets one, as on
 * a file system without second names. */
void steps_tend_stored(int runs_fd, const char *attempt)
{
    char exit[WF_ATTEMPT_ID_SIZE + 16], stored[WF_ATTEMPT_ID_SIZE + 16];
    (void)snprintf(exit, sizeof exit, "%s/exit", attempt);
    (void)snprintf(stored, sizeof stored, "%s/stored", attempt);
    if (linkat(runs_fd, exit, runs_fd, stored, 0) == 0 || errno == EEXIST)
        return;
    int fd = openat(runs_fd, stored, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
}

static void each_directory(int runs_fd, visit_fn *visit, void *context)
{
    int fd = openat(runs_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
    if (!directory) {
        if (fd >= 0)
            close(fd);
        return; /* looked at again the next time */
    }
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (!sw_equal(entry->d_name, ".") && !sw_equal(entry->d_name, ".."))
            visit(context, runs_fd, entry->d_name);
    closedir(directory);
}

/* When a file, or what is called so, last changed; 0 when there is none. Of "stored", a second name of the exit file,
 * that is when it got the name. */
static int64_t changed_ms(int runs_fd, const char *directory, const char *name)
{
    char path[WF_ATTEMPT_ID_SIZE + 16];
    struct stat found;
    bool whole = sw_print(path, sizeof path, "%s/%s", directory, name);
    return whole && fstatat(runs_fd, path, &found, AT_SYMLINK_NOFOLLOW) == 0
               ? (int64_t)found.st_ctim.tv_sec * 1000 + found.st_ctim.tv_nsec / 1000000
               : 0;
}

struct pruning {
    int64_t now_ms;
    int removed;
};

/* Since when nobody needs it; 0: somebody may. What is hidden waited for an attempt, and is left when its supervisor
 * was killed. */
static int64_t needless_since_ms(int runs_fd, const char *name)
{
    if (is_attempt(name))
        return changed_ms(runs_fd, name, "stored");
    return sw_starts_with(name, STEPS_RUN_SPARE) && !steps_run_may_live(runs_fd, name) ? changed_ms(runs_fd, name, ".")
                                                                                       : 0;
}

static void prune_one(void *context, int runs_fd, const char *name)
{
    struct pruning *pruning = context;
    int64_t since_ms = needless_since_ms(runs_fd, name);
    if (since_ms == 0 || pruning->now_ms - since_ms < STEPS_KEEP_MS)
        return;
    struct sw_status status = fsio_remove_tree(runs_fd, name);
    if (sw_failed(status))
        sw_warn("an old run directory cannot be removed", sw_s("attempt", name), sw_e(&status));
    else
        pruning->removed++;
}

int steps_tend_prune(int runs_fd, int64_t now_ms)
{
    struct pruning pruning = { .now_ms = now_ms };
    each_directory(runs_fd, prune_one, &pruning);
    return pruning.removed;
}

struct telling {
    bool (*watched)(void *self, const char *attempt);
    void *self;
    const char *line;
};

static void tell_one(void *context, int runs_fd, const char *attempt)
{
    const struct telling *telling = context;
    if (!is_attempt(attempt) || changed_ms(runs_fd, attempt, "exit") || telling->watched(telling->self, attempt))
        return;
    int fd = steps_run_connect(runs_fd, attempt);
    if (fd < 0)
        return;
    (void)send(fd, telling->line, strlen(telling->line), MSG_DONTWAIT | MSG_NOSIGNAL); /* told again at the next beat */
    close(fd);
}

void steps_tend_tell(int runs_fd, bool (*watched)(void *self, const char *attempt), void *self, const char *line)
{
    struct telling telling = { .watched = watched, .self = self, .line = line };
    each_directory(runs_fd, tell_one, &telling);
}
