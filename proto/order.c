/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/order.h"

#include "common/base/text.h"
#include "proto/fields.h"

#include <string.h>

#define TEXT_(name, text) text,
static const char *const VERBS[] = { PROTO_ORDER_VERBS(TEXT_) };
#undef TEXT_

const char *proto_order_verb_name(enum proto_order_verb verb) { return VERBS[verb]; }

enum {
    NEED_CHANNEL = 1 << 0,
    NEED_USER = 1 << 1,
    NEED_TS = 1 << 2,
    NEED_NAME = 1 << 3,
    NEED_USERS = 1 << 4,
    NEED_CONTENT = 1 << 5, /* text or card */
};

static const unsigned NEEDS[PROTO_ORDER_VERB_COUNT] = {
    [PROTO_ORDER_POST] = NEED_CHANNEL | NEED_CONTENT,
    [PROTO_ORDER_EPHEMERAL] = NEED_CHANNEL | NEED_USER | NEED_CONTENT,
    [PROTO_ORDER_UPDATE] = NEED_CHANNEL | NEED_TS | NEED_CONTENT,
    [PROTO_ORDER_CREATE_CHANNEL] = NEED_NAME,
    [PROTO_ORDER_INVITE] = NEED_CHANNEL | NEED_USERS,
    [PROTO_ORDER_TOPIC] = NEED_CHANNEL,
    [PROTO_ORDER_ARCHIVE] = NEED_CHANNEL,
    [PROTO_ORDER_UNARCHIVE] = NEED_CHANNEL,
    [PROTO_ORDER_REACT] = NEED_CHANNEL | NEED_TS | NEED_NAME,
    [PROTO_ORDER_JOIN] = NEED_CHANNEL,
};

/* Absent and null are "". Limits are in characters: those of Slack are. */
static struct sw_status read_text(const json_t *json, const char *key, size_t max_characters, const char **ret_text)
{
    const json_t *value = json_object_get(json, key);
    *ret_text = "";
    if (!value || json_is_null(value))
        return sw_ok();
    if (!json_is_string(value))
        return sw_fail(SW_CODE_INVALID, "%s: must be a text", key);
    *ret_text = json_string_value(value);
    if (sw_utf8_characters(*ret_text) > max_characters)
        return sw_fail(SW_CODE_INVALID, "%s: longer than %zu characters", key, max_characters);
    return sw_ok();
}

static struct sw_status read_key(const json_t *json, const char **ret_key)
{
    SW_TRY(read_text(json, "key", PROTO_ORDER_KEY_SIZE - 1, ret_key));
    for (const char *at = *ret_key; *at; at++)
        if (*at <= ' ' || *at > '~')
            return sw_fail(SW_CODE_INVALID, "key: only printable ASCII without spaces");
    return **ret_key ? sw_ok() : sw_fail(SW_CODE_INVALID, "key: missing");
}

static struct sw_status read_verb(const json_t *json, enum proto_order_verb *ret_verb)
{
    const char *verb;
    SW_TRY(jx_need_string(json, "verb", &verb));
    for (size_t i = 0; i < SW_COUNT(VERBS); i++)
        if (sw_equal(VERBS[i], verb)) {
            *ret_verb = (enum proto_order_verb)i;
            return sw_ok();
        }
    return sw_fail(SW_CODE_INVALID, "verb: \"%.40s\" is unknown", verb);
}

static struct sw_status read_users(const json_t *json, const json_t **ret_users)
{
    const json_t *users = json_object_get(json, "users");
    if (!users || json_is_null(users))
        return sw_ok();
    if (!json_is_array(users) || json_array_size(users) > PROTO_MAX_INVITES)
        return sw_fail(SW_CODE_INVALID, "users: must be an array of at most %d ids", PROTO_MAX_INVITES);
    for (size_t i = 0; i < json_array_size(users); i++) {
        const json_t *user = json_array_get(users, i);
        if (json_string_length(user) == 0 || json_string_length(user) >= PROTO_SLACK_ID_SIZE)
            return sw_fail(SW_CODE_INVALID, "users: item %zu is no id", i);
    }
    *ret_users = users;
    return sw_ok();
}

static struct sw_status read_data(const json_t *json, const json_t **ret_data)
{
    const json_t *data = json_object_get(json, "data");
    if (!data || json_is_null(data))
        return sw_ok();
    if (!json_is_object(data))
        return sw_fail(SW_CODE_INVALID, "data: must be an object");
    *ret_data = data;
    return sw_ok();
}

static struct sw_status read_fields(const json_t *json, struct proto_order *order)
{
    SW_TRY(read_text(json, "channel", PROTO_SLACK_ID_SIZE - 1, &order->channel));
    SW_TRY(read_text(json, "user", PROTO_SLACK_ID_SIZE - 1, &order->user));
    SW_TRY(read_text(json, "ts", PROTO_TS_SIZE - 1, &order->ts));
    SW_TRY(read_text(json, "thread_ts", PROTO_TS_SIZE - 1, &order->thread_ts));
    SW_TRY(read_text(json, "card", PROTO_NAME_SIZE - 1, &order->card));
    SW_TRY(read_text(json, "text", PROTO_ORDER_TEXT_MAX, &order->text));
    SW_TRY(read_text(json, "topic", PROTO_TOPIC_SIZE - 1, &order->topic));
    SW_TRY(read_text(json, "name", PROTO_CHANNEL_NAME_SIZE - 1, &order->name));
    SW_TRY(read_users(json, &order->users));
    SW_TRY(read_data(json, &order->data));
    SW_TRY(proto_read_time(json, "since", &order->since_ms));
    order->pin = jx_bool_or(json, "pin", false);
    order->is_private = jx_bool_or(json, "private", false);
    order->replaces = jx_bool_or(json, "replaces", false);
    return sw_ok();
}

static struct sw_status need(bool wanted, bool present, const char *key)
{
    return wanted && !present ? sw_fail(SW_CODE_INVALID, "%s: missing", key) : sw_ok();
}

static struct sw_status check_needs(const struct proto_order *order)
{
    unsigned needs = NEEDS[order->verb];
    SW_TRY(need(needs & NEED_CHANNEL, *order->channel, "channel"));
    SW_TRY(need(needs & NEED_USER, *order->user, "user"));
    SW_TRY(need(needs & NEED_TS, *order->ts, "ts"));
    SW_TRY(need(needs & NEED_NAME, *order->name, "name"));
    SW_TRY(need(needs & NEED_USERS, json_array_size(order->users) > 0, "users"));
    return need(needs & NEED_CONTENT, *order->text || *order->card, "text");
}

struct sw_status proto_order_read(const json_t *json, struct proto_order *ret_order)
{
    struct proto_order order = { 0 };
    if (!json_is_object(json))
        return sw_fail(SW_CODE_INVALID, "order: no JSON object");
    SW_TRY(sw_wrap(read_key(json, &order.key), "order"));
    SW_TRY(sw_wrap(read_verb(json, &order.verb), "order \"%s\"", order.key));
    SW_TRY(sw_wrap(read_fields(json, &order), "order \"%s\"", order.key));
    SW_TRY(sw_wrap(check_needs(&order), "order \"%s\": %s", order.key, VERBS[order.verb]));
    *ret_order = order;
    return sw_ok();
}

bool proto_order_supersedes(const struct proto_order *later, const struct proto_order *earlier)
{
    size_t length = strcspn(later->key, ":");
    return later->replaces && length == strcspn(earlier->key, ":") && strncmp(later->key, earlier->key, length) == 0;
}
