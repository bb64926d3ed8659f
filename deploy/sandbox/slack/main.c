/* SPDX-License-Identifier: Apache-2.0
 * slipway-sandbox: the Slack simulator: what Slack is to the gateway, and a page that looks like a channel.
 *
 * Everything is in memory; nothing here is meant to face a network that one does not own. */
#include "common/base/log.h"
#include "common/base/settings.h"
#include "common/rt/signals.h"
#include "deploy/sandbox/slack/slack.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_CONFIG = 78 };

static const struct sw_setting SETTINGS[] = {
    { .name = "SLIPWAY_SANDBOX_LISTEN",
      .kind = SW_SETTING_STRING,
      .offset = offsetof(struct slack_settings, listen),
      .preset = "127.0.0.1:3080",
      .help = "Address of the page, the Web API and the driver API." },
    { .name = "SLIPWAY_SANDBOX_URL",
      .kind = SW_SETTING_STRING,
      .offset = offsetof(struct slack_settings, public_url),
      .help = "How gateways reach the simulator, for response_urls; made from the address when unset." },
    { .name = "SLIPWAY_SANDBOX_GATEWAY_URL",
      .kind = SW_SETTING_STRING,
      .offset = offsetof(struct slack_settings, gateway_urls),
      .preset = "http://127.0.0.1:3000/slack/events",
      .help = "Where commands, clicks and events go; a comma list is taken in turn." },
    { .name = "SLIPWAY_SANDBOX_EVENTS",
      .kind = SW_SETTING_STRING,
      .offset = offsetof(struct slack_settings, events),
      .preset =
          "app_mention,channel_archive,channel_created,channel_rename,channel_unarchive,group_archive,group_rename,"
          "group_unarchive,member_joined_channel,member_left_channel,message.channels,message.groups,message.im,"
          "message.mpim,pin_added,pin_removed,reaction_added,reaction_removed",
      .help = "What the app has subscribed to, as a comma list of Slack's names; \"none\": nothing." },
    { .name = "SLIPWAY_SANDBOX_SITE_DIR",
      .kind = SW_SETTING_STRING,
      .offset = offsetof(struct slack_settings, site_dir),
      .help = "Directory of the sample's published sites, served as /site/<environment>/." },
    { .name = "SLACK_SIGNING_SECRET",
      .kind = SW_SETTING_SECRET,
      .offset = offsetof(struct slack_settings, signing_secret),
      .required = true,
      .help = "Signs what is sent to the gateway." },
    { .name = "SLACK_BOT_TOKEN",
      .kind = SW_SETTING_SECRET,
      .offset = offsetof(struct slack_settings, bot_token),
      .help = "The only token accepted; any that begins with xoxb- when unset." },
    { .name = "SLACK_APP_TOKEN",
      .kind = SW_SETTING_SECRET,
      .offset = offsetof(struct slack_settings, app_token),
      .help = "The only token that apps.connections.open accepts; any that begins with xapp- when unset." },
    { .name = "SLIPWAY_SANDBOX_SOCKET_LISTEN",
      .kind = SW_SETTING_STRING,
      .offset = offsetof(struct slack_settings, socket_listen),
      .help = "Address of Socket Mode's connections; a free port of SLIPWAY_SANDBOX_LISTEN's host when unset." },
    { .name = "SLIPWAY_SANDBOX_SOCKET_LIFE",
      .kind = SW_SETTING_INT,
      .offset = offsetof(struct slack_settings, socket_life_s),
      .preset = "3600",
      .min = 1,
      .max = 86400,
      .help = "Seconds after which Socket Mode's connections are refreshed." },
    { .name = "SLIPWAY_LOG_LEVEL",
      .kind = SW_SETTING_CHOICE,
      .offset = offsetof(struct slack_settings, log_level),
      .preset = "info",
      .choices = "debug|info|warn|error",
      .help = "What is logged, as JSON lines on stderr." },
};

static int fail(const struct sw_status *status)
{
    sw_error("cannot start", sw_e(status));
    return status->code == SW_CODE_CONFIG ? EXIT_CONFIG : EXIT_FAILURE;
}

static int serve(const struct slack_settings *settings)
{
    struct slack *slack = NULL;
    struct sw_status status = slack_start(settings, &slack);
    if (sw_failed(status))
        return fail(&status);
    sw_info("ready", sw_s("url", slack->public_url), sw_s("gateway", settings->gateway_urls));
    int number;
    do {
        number = sw_signals_wait(-1);
    } while (number == SIGHUP);
    sw_info("stopping", sw_i("signal", number));
    slack_free(slack);
    return EXIT_SUCCESS;
}

static int print_help(void)
{
    char *reference = sw_settings_reference_new(SETTINGS, SW_COUNT(SETTINGS));
    (void)printf("usage: slipway-sandbox\n\nThe Slack simulator. Set by the environment:\n\n%s",
                 reference ? reference : "");
    free(reference);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct slack_settings settings = { 0 };
    enum sw_log_level level = SW_INFO;
    sw_log_init("sandbox", level);
    if (argc > 1)
        return strcmp(argv[1], "--help") == 0 ? print_help()
                                              : (fprintf(stderr, "slipway-sandbox takes no arguments\n"), EXIT_CONFIG);
    struct sw_settings_source source = sw_settings_process();
    struct sw_status status = sw_settings_load(SETTINGS, SW_COUNT(SETTINGS), &source, &settings);
    if (sw_failed(status))
        return fail(&status);
    if (sw_log_level_parse(settings.log_level, &level))
        sw_log_set_level(level);
    sw_signals_init();
    int code = serve(&settings);
    sw_settings_release(SETTINGS, SW_COUNT(SETTINGS), &settings);
    return code;
}
