/* SPDX-License-Identifier: Apache-2.0
 * slack_driver: the routes of /sandbox/v1. */
#include "deploy/sandbox/slack/slack_driver.h"

#include "common/base/text.h"
#include "common/io/httpd.h"
#include "deploy/sandbox/slack/slack_act.h"
#include "deploy/sandbox/slack/slack_event.h"
#include "deploy/sandbox/slack/slack_faults.h"
#include "deploy/sandbox/slack/slack_hooks.h"
#include "deploy/sandbox/slack/slack_journal.h"
#include "deploy/sandbox/slack/slack_request.h"
#include "deploy/sandbox/slack/slack_stream.h"
#include "deploy/sandbox/slack/slack_triggers.h"
#include "deploy/sandbox/slack/slack_views.h"

typedef void route_fn(struct slack *slack, struct httpd_exchange *exchange, const json_t *args);

bool slack_driver_where(struct slack *slack, const json_t *args, const struct slack_user **ret_user,
                        struct slack_channel **ret_channel)
{
    *ret_user = slack_user_find(jx_string_or(args, "user", "alice"));
    *ret_channel = slack_channel_find(slack->world, jx_string_or(args, "channel", "general"));
    return *ret_user && *ret_channel;
}

static void list_messages(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const char *channel_name = httpd_query(exchange, "channel");
    const struct slack_user *user = slack_user_find(httpd_query(exchange, "user"));
    bool with_deleted = sw_equal(httpd_query(exchange, "deleted"), "1");
    json_t *list = json_array();
    const struct slack_message *message;
    (void)args;
    slack_lock(slack);
    const struct slack_channel *channel = slack_channel_find(slack->world, channel_name);
    for (size_t i = 0; (message = slack_message_at(slack->world, i)) != NULL; i++) {
        bool here = !channel_name || (channel && sw_equal(channel->id, message->channel));
        bool seen = !user || !message->audience[0] || sw_equal(user->id, message->audience);
        if (here && seen && (with_deleted || !message->deleted))
            (void)json_array_append_new(list, slack_message_json_new(message, true));
    }
    json_t *answer = json_pack("{s:b,s:o}", "ok", 1, "messages", list);
    slack_unlock(slack);
    slack_answer_json(exchange, 200, answer);
}

/* A person says something that is no command. */
static void say(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    const struct slack_user *user;
    struct slack_channel *channel;
    const char *text = jx_string(args, "text");
    json_t *answer = NULL;
    slack_lock(slack);
    if (!sw_blank(text) && slack_driver_where(slack, args, &user, &channel)) {
        const struct slack_content content = {
            .text = text, .user = user->id, .via = "person", .thread_ts = jx_string(args, "thread_ts")
        };
        const struct slack_message *message = slack_act_post(slack, channel, &content);
        answer = json_pack("{s:b,s:s}", "ok", 1, "ts", message->ts);
    }
    slack_unlock(slack);
    if (answer)
        slack_answer_json(exchange, 200, answer);
    else
        slack_answer_error(exchange, 400, "text is empty, or the user or channel is unknown");
}

static void list_calls(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    int64_t after = 0;
    const char *after_text = httpd_query(exchange, "after");
    (void)args;
    if (after_text && !sw_parse_i64(after_text, 0, INT64_MAX, &after)) {
        slack_answer_error(exchange, 400, "after must be a number");
        return;
    }
    slack_lock(slack);
    json_t *list = slack_journal_list_new(slack->journal, httpd_query(exchange, "method"), after);
    JX_AUTO json_t *answer = json_pack("{s:b,s:o}", "ok", 1, "calls", list);
    SW_AUTO_FREE char *text = json_dumps(answer, JSON_COMPACT);
    slack_unlock(slack);
    httpd_answer_json(exchange, 200, text ? text : "{}");
}

static void list_deliveries(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    (void)args;
    slack_lock(slack);
    json_t *answer = json_pack("{s:b,s:o}", "ok", 1, "events", json_deep_copy(slack->deliveries));
    slack_unlock(slack);
    slack_answer_json(exchange, 200, answer);
}

static void add_fault(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    int64_t id = 0;
    slack_lock(slack);
    struct sw_status status = slack_faults_add(slack->faults, args, &id);
    slack_unlock(slack);
    if (sw_failed(status))
        slack_answer_error(exchange, 400, status.text);
    else
        slack_answer_json(exchange, 200, json_pack("{s:b,s:I}", "ok", 1, "id", (json_int_t)id));
}

static void list_faults(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    (void)args;
    slack_lock(slack);
    json_t *answer = json_pack("{s:b,s:o}", "ok", 1, "faults", slack_faults_list_new(slack->faults));
    slack_unlock(slack);
    slack_answer_json(exchange, 200, answer);
}

static void remove_faults(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    int64_t id = 0;
    const char *id_text = httpd_query(exchange, "id");
    (void)args;
    bool readable = !id_text || sw_parse_i64(id_text, 1, INT64_MAX, &id);
    slack_lock(slack);
    bool found = readable && slack_faults_remove(slack->faults, id);
    slack_unlock(slack);
    if (found)
        slack_answer_json(exchange, 200, json_pack("{s:b}", "ok", 1));
    else
        slack_answer_error(exchange, 404, "no such fault");
}

static void reset(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    (void)args;
    slack_lock(slack);
    slack_world_reset(slack->world);
    slack_journal_reset(slack->journal);
    slack_hooks_reset(slack->hooks);
    slack_triggers_reset(slack->triggers);
    slack_views_reset(slack->views, slack->world);
    (void)slack_faults_remove(slack->faults, 0);
    (void)json_array_clear(slack->deliveries);
    slack_unlock(slack);
    slack_answer_json(exchange, 200, json_pack("{s:b}", "ok", 1));
}

static void info(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    size_t count = 0;
    json_t *people = json_array();
    json_t *channels = json_array();
    (void)args;
    slack_lock(slack);
    const struct slack_user *users = slack_users(&count);
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(people, slack_user_json_new(slack->zones, &users[i]));
    const struct slack_channel *channel;
    for (size_t i = 0; (channel = slack_channel_at(slack->world, i)) != NULL; i++)
        (void)json_array_append_new(channels, slack_channel_wide_json_new(channel));
    slack_unlock(slack);
    slack_answer_json(
        exchange, 200,
        json_pack("{s:b,s:o,s:o,s:s}", "ok", 1, "users", people, "channels", channels, "bot_user", SLACK_BOT_USER));
}

static void stream(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    (void)args;
    slack_stream_serve(slack, exchange);
}

static const struct {
    const char *method, *path;
    route_fn *run;
} ROUTES[] = {
    { "POST", "commands", slack_command_type },
    { "POST", "clicks", slack_click_press },
    { "POST", "events", slack_event_send },
    { "GET", "events", list_deliveries },
    { "GET", "messages", list_messages },
    { "POST", "messages", say },
    { "GET", "calls", list_calls },
    { "POST", "faults", add_fault },
    { "GET", "faults", list_faults },
    { "DELETE", "faults", remove_faults },
    { "POST", "reset", reset },
    { "GET", "stream", stream },
    { "GET", "info", info },
};

void slack_driver_serve(struct slack *slack, struct httpd_exchange *exchange, const char *path)
{
    const char *error = NULL;
    for (size_t i = 0; i < SW_COUNT(ROUTES); i++) {
        if (!sw_equal(ROUTES[i].method, httpd_method(exchange)) || !sw_equal(ROUTES[i].path, path))
            continue;
        JX_AUTO json_t *args = slack_request_body_new(exchange, &error);
        if (error)
            slack_answer_error(exchange, 400, error);
        else
            ROUTES[i].run(slack, exchange, args);
        return;
    }
    slack_answer_error(exchange, 404, "no such endpoint");
}
