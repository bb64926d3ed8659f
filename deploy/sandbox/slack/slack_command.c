/* SPDX-License-Identifier: Apache-2.0
 * slack_command: a person types a slash command: the signed form to the gateway, and what the person then sees. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_driver.h"
#include "deploy/sandbox/slack/slack_form.h"
#include "deploy/sandbox/slack/slack_gateway.h"
#include "deploy/sandbox/slack/slack_response_url.h"
#include "deploy/sandbox/slack/slack_triggers.h"
#include "deploy/sandbox/slack/slack_typed.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct typed {
    struct slack *slack;
    struct httpd_exchange *exchange;
    char user[SLACK_ID_SIZE];
    char channel[SLACK_ID_SIZE];
    char hook[SLACK_HOOK_PATH_SIZE];
    char trigger[SLACK_TRIGGER_SIZE];
    char *command;
    char *text;
};

static void typed_free(struct typed *typed)
{
    free(typed->command);
    free(typed->text);
    free(typed);
}

/* Slack names only public channels. */
static const char *place_name(const struct slack_channel *channel)
{
    switch (channel->kind) {
    case SLACK_PUBLIC:
        return channel->name;
    case SLACK_PRIVATE:
        return "privategroup";
    case SLACK_IM:
        return "directmessage";
    case SLACK_MPIM:
        return "mpdm";
    }
    return channel->name;
}

static char *form_new(struct typed *typed, const struct slack_user *user, const struct slack_channel *channel)
{
    struct sw_buf form = { 0 };
    SW_AUTO_FREE char *text = slack_typed_new(typed->slack->world, typed->text, SLACK_TYPED_COMMAND);
    char url[512];
    (void)snprintf(url, sizeof(url), "%s%s", typed->slack->public_url, typed->hook);
    slack_form_append(&form, "token", "sandbox-verification-token");
    slack_form_append(&form, "team_id", SLACK_TEAM_ID);
    slack_form_append(&form, "team_domain", SLACK_TEAM_DOMAIN);
    slack_form_append(&form, "channel_id", channel->id);
    slack_form_append(&form, "channel_name", place_name(channel));
    slack_form_append(&form, "user_id", user->id);
    slack_form_append(&form, "user_name", user->name);
    slack_form_append(&form, "command", typed->command);
    slack_form_append(&form, "text", text);
    slack_form_append(&form, "api_app_id", SLACK_APP_ID);
    slack_form_append(&form, "is_enterprise_install", "false");
    slack_form_append(&form, "response_url", url);
    slack_form_append(&form, "trigger_id", typed->trigger);
    return sw_buf_take(&form);
}

/* With the lock. What Slackbot says when the app did not do its part. */
static struct slack_message *show_failure(struct typed *typed, const char *error)
{
    char text[256];
    (void)snprintf(text, sizeof(text), "%.60s failed with the error \"%s\"", typed->command, error);
    const struct slack_content content = {
        .text = text, .user = "USLACKBOT", .audience = typed->user, .via = "slash command"
    };
    return slack_message_post(typed->slack->world, typed->channel, &content);
}

static json_t *answer_json_new(const struct slack_gateway_result *result)
{
    json_t *message = NULL;
    if (sw_blank(result->body))
        return NULL;
    if (sw_starts_with(result->content_type, "application/json") &&
        !sw_failed(jx_parse(result->body, strlen(result->body), &message)))
        return message;
    return json_pack("{s:s}", "text", result->body);
}

static void show_typed_command(struct typed *typed)
{
    SW_AUTO_BUF struct sw_buf line = { 0 };
    sw_buf_printf(&line, "%s%s%s", typed->command, typed->text[0] ? " " : "", typed->text);
    const struct slack_content content = { .text = sw_buf_string(&line), .user = typed->user, .via = "slash command" };
    (void)slack_message_post(typed->slack->world, typed->channel, &content);
}

/* With the lock. *error may come in set (transport) and is set for an answer that cannot be shown. */
static struct slack_message *show_result(struct typed *typed, const struct slack_gateway_result *result,
                                         const char **error)
{
    struct slack_hook *hook = slack_hooks_find(typed->slack->hooks, typed->hook);
    JX_AUTO json_t *message = result->error ? NULL : answer_json_new(result);
    struct slack_message *shown = NULL;
    bool in_channel = sw_equal(jx_string(message, "response_type"), "in_channel");
    if (in_channel)
        show_typed_command(typed);
    bool says_nothing = !slack_arg_string(message, "text") && !json_object_get(message, "blocks");
    if (message && hook && !says_nothing)
        shown = slack_response_show(typed->slack, hook, message, "slash command", error);
    return *error ? show_failure(typed, *error) : shown;
}

static void on_result(void *context, const struct slack_gateway_result *result)
{
    struct typed *typed = context;
    const char *error = result->error;
    slack_lock(typed->slack);
    const struct slack_message *shown = show_result(typed, result, &error);
    json_t *answer = json_pack("{s:b,s:i,s:I,s:s,s:o}", "ok", error == NULL, "status", result->status, "ms",
                               (json_int_t)result->ms, "trigger_id", typed->trigger, "response_url",
                               json_sprintf("%s%s", typed->slack->public_url, typed->hook));
    (void)jx_set_string(answer, "error", error);
    (void)jx_set_string(answer, "shown", shown ? jx_string_or(shown->body, "text", "") : "");
    (void)jx_set_take(answer, "message", shown ? slack_message_json_new(shown, false) : json_null());
    slack_unlock(typed->slack);
    slack_answer_json(typed->exchange, 200, answer);
    typed_free(typed);
}

static struct typed *typed_new(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    struct typed *typed = calloc(1, sizeof(*typed));
    assert(typed);
    *typed = (struct typed){ .slack = slack,
                             .exchange = exchange,
                             .command = sw_strdup(jx_string_or(args, "command", "")),
                             .text = sw_strdup(jx_string_or(args, "text", "")) };
    assert(typed->command && typed->text);
    return typed;
}

/* With the lock. */
static void mint(struct typed *typed, const struct slack_user *user, const struct slack_channel *channel)
{
    struct slack_hook template = { 0 };
    (void)sw_copy(typed->trigger, sizeof(typed->trigger),
                  slack_trigger_mint(typed->slack->triggers, user, sw_monotonic_ms()));
    (void)sw_copy(typed->user, sizeof(typed->user), user->id);
    (void)sw_copy(typed->channel, sizeof(typed->channel), channel->id);
    (void)sw_copy(template.user, sizeof(template.user), user->id);
    (void)sw_copy(template.channel, sizeof(template.channel), channel->id);
    (void)sw_copy(typed->hook, sizeof(typed->hook),
                  slack_hooks_mint(typed->slack->hooks, &template, sw_wall_ms())->path);
}

void slack_command_type(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const struct slack_user *user;
    struct slack_channel *channel;
    struct typed *typed = typed_new(slack, exchange, args);
    slack_lock(slack);
    bool known = slack_driver_where(slack, args, &user, &channel);
    SW_AUTO_FREE char *form = NULL;
    if (known) {
        mint(typed, user, channel);
        form = form_new(typed, user, channel);
    }
    slack_unlock(slack);
    if (!form || typed->command[0] != '/') {
        slack_answer_error(exchange, 400, known ? "command must begin with a slash" : "unknown user or channel");
        typed_free(typed);
        return;
    }
    const struct slack_outgoing outgoing = { .content_type = "application/x-www-form-urlencoded",
                                             .body = form,
                                             .url = jx_string(args, "gateway"),
                                             .skew_s = jx_i64_or(args, "skew", 0) };
    httpd_keep(exchange);
    slack_gateway_post(slack->gateway, &outgoing, on_result, typed);
}
