/* SPDX-License-Identifier: Apache-2.0
 * slipway-gateway: verifies what Slack sends, puts commands on Kafka, answers Slack; and turns events from Kafka into
 * messages. Stateless: any number of replicas. This file has the process alone: arguments, settings, signals. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "common/rt/notify.h"
#include "common/rt/signals.h"
#include "gateway/app/gateway.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { EXIT_CONFIG = 78 }; /* sysexits.h: EX_CONFIG */

static int print_help(void)
{
    SW_AUTO_FREE char *reference = gateway_settings_reference_new();
    (void)printf("slipway-gateway %s: Slack's way in and out of Slipway.\n\n"
                 "Usage: slipway-gateway [--help|--version]\n\n"
                 "It is configured by environment variables; each secret can also be given as the path of a file in\n"
                 "NAME_FILE. SLIPWAY_HOOK_SECRET_<SOURCE>, at least 16 characters, lets that source post to\n"
                 "/hooks/<source> (docs/hooks.md). SIGHUP reads the signing secrets and those of hooks again, SIGTERM\n"
                 "drains and exits 0.\n\n%s",
                 SLIPWAY_VERSION, reference ? reference : "");
    return EXIT_SUCCESS;
}

static int run_arguments(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "--help") == 0)
        return print_help();
    if (count == 2 && strcmp(arguments[1], "--version") == 0) {
        (void)printf("slipway-gateway %s\n", SLIPWAY_VERSION);
        return EXIT_SUCCESS;
    }
    (void)fprintf(stderr, "slipway-gateway: unknown argument \"%s\"; see --help\n", arguments[1]);
    return EXIT_CONFIG;
}

static void reload(struct gateway *gateway)
{
    struct gateway_settings settings;
    const struct sw_settings_source source = sw_settings_process();
    struct sw_status status = gateway_settings_load(&source, &settings);
    if (!sw_failed(status)) {
        status = gateway_reload(gateway, &settings);
        gateway_settings_release(&settings);
    }
    if (sw_failed(status))
        sw_error("reload refused, the old secrets stay", sw_e(&status));
    else
        sw_info("the secrets were read again");
}

static void wait_for_the_end(struct gateway *gateway)
{
    for (;;) {
        int number = sw_signals_wait(-1);
        if (number == SIGHUP)
            reload(gateway);
        else if (number == SIGTERM || number == SIGINT)
            return;
    }
}

static int fail(const struct sw_status *status)
{
    sw_error("the gateway does not start", sw_e(status));
    return status->code == SW_CODE_CONFIG ? EXIT_CONFIG : EXIT_FAILURE;
}

static int run(const struct gateway_settings *settings)
{
    enum sw_log_level level = SW_INFO;
    struct gateway *gateway = NULL;
    (void)sw_log_level_parse(settings->log_level, &level); /* one of the setting's choices */
    sw_log_set_level(level);
    struct sw_status status = gateway_start(settings, &gateway);
    if (sw_failed(status))
        return fail(&status);
    sw_notify("READY=1");
    wait_for_the_end(gateway);
    sw_notify("STOPPING=1");
    sw_info("draining");
    gateway_drain(gateway);
    gateway_free(gateway);
    sw_info("the gateway has stopped");
    return EXIT_SUCCESS;
}

int main(int count, char **arguments)
{
    if (count > 1)
        return run_arguments(count, arguments);
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }); /* no core with secrets in it; lowering cannot fail */
    sw_signals_init();
    sw_log_init("gateway", SW_INFO);
    sw_metrics_init("gateway");
    struct gateway_settings settings;
    const struct sw_settings_source source = sw_settings_process();
    struct sw_status status = gateway_settings_load(&source, &settings);
    if (sw_failed(status))
        return fail(&status);
    int code = run(&settings);
    gateway_settings_release(&settings);
    return code;
}
