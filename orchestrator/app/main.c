/* SPDX-License-Identifier: Apache-2.0
 * slipway-orchestrator: consumes commands, runs durable workflows, publishes events. One leads, others stand by. This
 * file has the process alone: arguments, settings, signals. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "common/rt/notify.h"
#include "common/rt/signals.h"
#include "orchestrator/app/orchestrator.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { EXIT_CONFIG = 78 }; /* sysexits.h: EX_CONFIG */

static int print_help(void)
{
    SW_AUTO_FREE char *reference = settings_reference_new();
    (void)printf("slipway-orchestrator %s: runs deployments, one at a time in a lane, and remembers them.\n\n"
                 "Usage: slipway-orchestrator [--help|--version]\n\n"
                 "It is configured by environment variables; each secret can also be given as the path of a file in\n"
                 "NAME_FILE. SIGHUP reads slipway.yaml again, SIGTERM gives the lease up and exits 0; running steps\n"
                 "go on.\n\n%s",
                 SLIPWAY_VERSION, reference ? reference : "");
    return EXIT_SUCCESS;
}

static int run_arguments(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "--help") == 0)
        return print_help();
    if (count == 2 && strcmp(arguments[1], "--version") == 0) {
        (void)printf("slipway-orchestrator %s\n", SLIPWAY_VERSION);
        return EXIT_SUCCESS;
    }
    (void)fprintf(stderr, "slipway-orchestrator: unknown argument \"%s\"; see --help\n", arguments[1]);
    return EXIT_CONFIG;
}

static void reload(struct orchestrator *orchestrator)
{
    struct sw_status status = orchestrator_reload(orchestrator);
    if (sw_failed(status))
        sw_error("reload refused, the old configuration stays", sw_e(&status));
}

/* A signal, or the end of the loop by itself. */
static struct sw_status wait_for_the_end(struct orchestrator *orchestrator)
{
    struct sw_status status;
    for (;;) {
        struct pollfd fds[] = { { .fd = sw_signals_fd(), .events = POLLIN },
                                { .fd = orchestrator_ended_fd(orchestrator), .events = POLLIN } };
        (void)poll(fds, SW_COUNT(fds), -1); /* interrupted: looked at again */
        if (orchestrator_ended(orchestrator, &status))
            return status;
        int number = sw_signals_wait(0);
        if (number == SIGHUP)
            reload(orchestrator);
        else if (number == SIGTERM || number == SIGINT)
            return sw_ok();
    }
}

static int fail(const struct sw_status *status)
{
    sw_error("the orchestrator does not run", sw_e(status));
    return status->code == SW_CODE_CONFIG ? EXIT_CONFIG : EXIT_FAILURE;
}

static int run(const struct settings *settings)
{
    enum sw_log_level level = SW_INFO;
    struct orchestrator *orchestrator = NULL;
    (void)sw_log_level_parse(settings->log_level, &level); /* one of the setting's choices */
    sw_log_set_level(level);
    struct sw_status status = orchestrator_start(settings, &orchestrator);
    if (sw_failed(status))
        return fail(&status);
    sw_notify("READY=1");
    status = wait_for_the_end(orchestrator);
    sw_notify("STOPPING=1");
    orchestrator_stop(orchestrator);
    orchestrator_free(orchestrator);
    if (sw_failed(status))
        return fail(&status);
    sw_info("the orchestrator has stopped; running steps go on");
    return EXIT_SUCCESS;
}

int main(int count, char **arguments)
{
    if (count > 1)
        return run_arguments(count, arguments);
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }); /* no core with secrets in it; lowering cannot fail */
    sw_signals_init();
    sw_log_init("orchestrator", SW_INFO);
    sw_metrics_init("orchestrator");
    struct settings settings;
    const struct sw_settings_source source = sw_settings_process();
    struct sw_status status = settings_load(&source, &settings);
    if (sw_failed(status))
        return fail(&status);
    int code = run(&settings);
    settings_release(&settings);
    return code;
}
