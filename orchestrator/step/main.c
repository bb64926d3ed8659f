/* SPDX-License-Identifier: Apache-2.0
 * slipway-step: supervises one attempt of one step. Started by the orchestrator, outlives it, and is controlled through
 * its run directory alone. Usage: slipway-step --runs DIR --secrets DIR --deadman-ms N [--control FD] <spec.json
 * Exit: 0 when the attempt's end is written down (however it ended), 3 when there was nothing to do: it was claimed
 * before, or no spec came; 1 otherwise. */
#include "common/base/buf.h"
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/step/step_supervise.h"
#include "orchestrator/step/step_tree.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_NOTHING = 3, SPEC_MAX_BYTES = 1024 * 1024 };

struct arguments {
    const char *runs, *secrets;
    int64_t deadman_ms, control_fd;
};

static bool read_arguments(int argc, char **argv, struct arguments *ret_arguments)
{
    struct arguments arguments = { .deadman_ms = 120000, .control_fd = -1 };
    for (int i = 1; i + 1 < argc; i += 2) {
        if (sw_equal(argv[i], "--runs"))
            arguments.runs = argv[i + 1];
        else if (sw_equal(argv[i], "--secrets"))
            arguments.secrets = argv[i + 1];
        else if (sw_equal(argv[i], "--deadman-ms") && sw_parse_i64(argv[i + 1], 1000, INT32_MAX, &arguments.deadman_ms))
            continue;
        else if (!sw_equal(argv[i], "--control") || !sw_parse_i64(argv[i + 1], 0, 1023, &arguments.control_fd))
            return false;
    }
    *ret_arguments = arguments;
    return argc % 2 == 1 && arguments.runs && arguments.secrets && arguments.runs[0] == '/';
}

/* SW_CODE_REFUSED: this one was spare and is not needed any more. */
static struct sw_status read_spec(struct step_spec *ret_spec)
{
    SW_AUTO_BUF struct sw_buf text = { .max_bytes = SPEC_MAX_BYTES };
    char chunk[4096];
    ssize_t got;
    while ((got = read(STDIN_FILENO, chunk, sizeof chunk)) > 0)
        sw_buf_append(&text, chunk, (size_t)got);
    if (got < 0 || text.failed)
        return sw_fail(SW_CODE_INVALID, "the spec cannot be read, or is over %d bytes", SPEC_MAX_BYTES);
    if (text.length == 0)
        return sw_fail(SW_CODE_REFUSED, "there is no spec");
    return step_spec_parse(sw_buf_string(&text), text.length, ret_spec);
}

/* A secret that is missing is the attempt's failure, told in its run directory. */
static struct sw_status supervise(const struct arguments *arguments, struct step_spec *spec, struct step_run_dir *dir)
{
    struct step_supervise_options options = { .spec = spec,
                                              .dir = dir,
                                              .control_fd = (int)arguments->control_fd,
                                              .deadman_ms = arguments->deadman_ms,
                                              .path = getenv("PATH") ? getenv("PATH") : "/usr/local/bin:/usr/bin:/bin",
                                              .home = getenv("HOME") ? getenv("HOME") : "/" };
    struct sw_status secrets = step_spec_read_secrets(spec, arguments->secrets);
    if (!sw_failed(secrets))
        return step_supervise(&options);
    struct step_exit exit = { .outcome = "not_run", .error = secrets.text };
    SW_TRY(step_run_dir_finish(dir, &exit));
    return step_run_dir_sync_exit(dir);
}

static int run(const struct arguments *arguments)
{
    struct step_spec spec = { 0 };
    struct step_run_dir dir;
    struct sw_status prepared = step_run_dir_prepare(arguments->runs, &dir);
    (void)prepared; /* the claim tries again */
    struct sw_status status = read_spec(&spec);
    if (!sw_failed(status))
        status = step_run_dir_claim(&dir, arguments->runs, spec.attempt);
    if (!sw_failed(status))
        status = supervise(arguments, &spec, &dir);
    step_run_dir_close(&dir);
    if (sw_failed(status) && status.code != SW_CODE_REFUSED)
        sw_error("attempt not supervised", sw_s("attempt", spec.attempt), sw_e(&status));
    step_spec_release(&spec);
    return !sw_failed(status) ? 0 : status.code == SW_CODE_REFUSED ? EXIT_NOTHING : 1;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    sw_log_init("slipway-step", SW_INFO);
    if (!read_arguments(argc, argv, &arguments)) {
        fputs("usage: slipway-step --runs DIR --secrets DIR --deadman-ms N [--control FD] <spec.json\n"
              "Supervises one attempt; it is started by slipway-orchestrator, not by people.\n",
              stderr);
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* the end comes by the control socket, the timeout or the dead-man switch */
    signal(SIGHUP, SIG_IGN);
    if (!step_tree_become_reaper()) {
        sw_error("cannot become a child subreaper");
        return 1;
    }
    return run(&arguments);
}
