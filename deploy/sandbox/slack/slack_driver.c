/* SPDX-License-Identifier: Apache-2.0
 * slack_driver: the routes of /sandbox/v1. */
#include "deploy/sandbox/slack/slack_driver.h"

#include "common/base/text.h"
#include "common/io/httpd.h"
#include "deploy/sandbox/slack/slack_event.h"
#include "deploy/sandbox/slack/slack_faults.h"
#include "deploy/sandbox/slack/slack_hooks.h"
#include "deploy/sandbox/slack/slack_interact.h"
#include "deploy/sandbox/slack/slack_journal.h"
#include "deploy/sandbox/slack/slack_request.h"
#include "deploy/sandbox/slack/slack_socket.h"
#include "deploy/sandbox/slack/slack_stream.h"
#include "deploy/sandbox/slack/slack_triggers.h"
#include "deploy/sandbox/slack/slack_views.h"

bool slack_driver_where(struct slack *slack, const json_t *args, const struct slack_user **ret_user,
                        struct slack_channel **ret_channel)
{
    const char *name = jx_string_or(args, "channel", "general");
    *ret_user = slack_user_find(jx_string_or(args, "user", "alice"));
    if (*ret_user && name[0] == '@' && slack_user_find(name) == slack_user_find(SLACK_BOT_USER))
        *ret_channel = slack_channel_open_direct(slack->world, slack_user_bit(*ret_user));
    else
        *ret_channel = slack_channel_find(slack->world, name);
    return *ret_user && *ret_channel;
}

void slack_driver_answer(struct httpd_exchange *exchange, const char *error, json_t *answer)
{
    if (!error) {
        slack_answer_json(exchange, 200, answer);
        return;
    }
    json_decref(answer);
    slack_answer_error(exchange, 400, error);
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

static json_t *groups_new(void)
{
    size_t count = 0;
    const struct slack_group *groups = slack_groups(&count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, slack_group_json_new(&groups[i], true));
    return list;
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
    slack_answer_json(exchange, 200,
                      json_pack("{s:b,s:o,s:o,s:o,s:s}", "ok", 1, "users", people, "groups", groups_new(), "channels",
                                channels, "bot_user", SLACK_BOT_USER));
}

static void stream(struct slack *slack, struct httpd_exchange *exchange, const json_t *args)
{
    (void)args;
    slack_stream_serve(slack, exchange);
}

static const struct {
    const char *method, *path;
    slack_route_fn *run;
} ROUTES[] = {
    { "POST", "commands", slack_command_type },
    { "POST", "clicks", slack_click_press },
    { "POST", "shortcuts", slack_shortcut_use },
    { "POST", "events", slack_event_send },
    { "GET", "events", list_deliveries },
    { "GET", "messages", slack_driver_list_messages },
    { "POST", "messages", slack_driver_say },
    { "POST", "messages/edit", slack_driver_edit },
    { "POST", "messages/delete", slack_driver_erase },
    { "POST", "reactions", slack_driver_react },
    { "POST", "reactions/remove", slack_driver_unreact },
    { "POST", "pins", slack_driver_pin },
    { "POST", "pins/remove", slack_driver_unpin },
    { "GET", "channels", slack_driver_list_rooms },
    { "POST", "channels", slack_driver_create_room },
    { "POST", "channels/change", slack_driver_change_room },
    { "GET", "views", slack_driver_list_views },
    { "POST", "views/submit", slack_driver_submit_view },
    { "POST", "views/close", slack_driver_close_view },
    { "GET", "calls", list_calls },
    { "POST", "faults", add_fault },
    { "GET", "faults", list_faults },
    { "DELETE", "faults", remove_faults },
    { "GET", "socket", slack_socket_show },
    { "POST", "socket", slack_socket_change },
    { "DELETE", "socket", slack_socket_off },
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
