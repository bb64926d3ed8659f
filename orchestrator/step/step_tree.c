/* SPDX-License-Identifier: Apache-2.0
 * Source: proc(5), /proc/PID/task/TID/children. A process that forks while it is being counted is found at the next
 * signal: the caller repeats until the tree is empty. */
#include "orchestrator/step/step_tree.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_DEPTH = 64 };

bool step_tree_become_reaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0; }

static int signal_children(pid_t pid, int signal_number, int depth);

/* A process is the child of the thread that forked it: Go and Java fork from any. */
static int signal_children_of_thread(pid_t pid, const char *thread, int signal_number, int depth)
{
    char path[300];
    int child, count = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%s/children", (int)pid, thread);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0; /* it has ended meanwhile */
    while (fscanf(file, "%d", &child) == 1) {
        /* Children first: a parent that is told first may start new ones. */
        count += 1 + signal_children(child, signal_number, depth + 1);
        (void)kill(child, signal_number); /* it may have ended meanwhile */
    }
    fclose(file);
    return count;
}

static int signal_children(pid_t pid, int signal_number, int depth)
{
    char path[64];
    int count = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *threads = depth < MAX_DEPTH ? opendir(path) : NULL;
    for (struct dirent *thread; threads && (thread = readdir(threads));)
        if (thread->d_name[0] != '.')
            count += signal_children_of_thread(pid, thread->d_name, signal_number, depth);
    if (threads)
        closedir(threads);
    return count;
}

int step_tree_signal(int signal_number) { return signal_children(getpid(), signal_number, 0); }

bool step_tree_reap(pid_t main_child, int *ret_status)
{
    bool found = false;
    int status;
    pid_t ended;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
        if (ended == main_child) {
            *ret_status = status;
            found = true;
        }
    return found;
}

bool step_tree_empty(void)
{
    siginfo_t info = { 0 };
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
}
