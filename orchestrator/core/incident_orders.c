/* SPDX-License-Identifier: Apache-2.0
 * Giving orders. An order in the record: {"order":{what is sent}, "state":"waiting"|"new"|"open"|"failed", "tries",
 * "at", "error"}; one that waits has no channel yet. What comes back is incident_receipt.c's. */
#include "orchestrator/core/incident_orders.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/incident_config.h"
#include "proto/order.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void add_order(struct incident_turn *turn, const char *prefix, const char *state, int64_t at_ms, json_t *order)
{
    char key[PROTO_NAME_SIZE];
    int64_t n = jx_i64_or(turn->wf->facts, "order_next", 1);
    (void)snprintf(key, sizeof key, "%s:%lld", prefix, (long long)n); /* prefixes are literals */
    incident_put(turn, "order_next", json_integer(n + 1));
    if (!order || json_object_set_new(order, "key", json_string(key)) != 0)
        turn->broken = true;
    incident_put_in(turn, "orders", key,
                    json_pack("{so ss si sI}", "order", order, "state", state, "tries", 0, "at", (json_int_t)at_ms));
}

void incident_order(struct incident_turn *turn, const char *prefix, json_t *order)
{
    add_order(turn, prefix, "new", turn->now_ms, order);
}

void incident_order_later(struct incident_turn *turn, const char *prefix, int64_t delay_ms, json_t *order)
{
    add_order(turn, prefix, "new", turn->now_ms + delay_ms, order);
}

void incident_order_channel(struct incident_turn *turn, int64_t n)
{
    char name[PROTO_NAME_SIZE + 32], number[32];
    (void)snprintf(number, sizeof number, n > 1 ? "-%lld" : "", (long long)n);
    (void)snprintf(name, sizeof name, "%s%lld%s", incident_fact(turn->wf, "prefix"),
                   (long long)jx_i64_or(turn->wf->facts, "number", 0), number);
    incident_put(turn, "channel_tries", json_integer(n));
    incident_order(
        turn, "channel",
        json_pack("{ss ss sb}", "verb", "create_channel", "name", name, "private", incident_private(turn->wf)));
}

void incident_order_invite(struct incident_turn *turn, json_t *users)
{
    if (json_array_size(users) == 0 || !*incident_channel(turn->wf)) {
        json_decref(users);
        return;
    }
    incident_order(turn, "invite",
                   json_pack("{ss ss so}", "verb", "invite", "channel", incident_channel(turn->wf), "users", users));
}

/* ---- posts ---- */

struct post {
    const char *channel, *thread, *card;
    json_t *data; /* borrowed */
    bool pin;
};

static void order_post(struct incident_turn *turn, const struct post *post, const char *text)
{
    json_t *order = json_pack("{ss ss ss? ss? sO? ss sb}", "verb", "post", "channel", post->channel, "thread_ts",
                              post->thread, "card", post->card, "data", post->data, "text", text, "pin", post->pin);
    add_order(turn, "post", *post->channel ? "new" : "waiting", turn->now_ms, order);
}

/* Where it speaks while it has no channel: nowhere, unless making one has failed; then under its headline. */
static bool speaks_under_headline(const struct wf *wf)
{
    const char *key;
    json_t *entry;
    bool failed = false;
    json_object_foreach((json_t *)(uintptr_t)incident_part(wf, "orders"), key, entry)
    {
        failed = failed || (sw_equal(jx_string(json_object_get(entry, "order"), "verb"), "create_channel") &&
                            sw_equal(jx_string(entry, "state"), "failed"));
    }
    return failed && !incident_private(wf) && incident_part(wf, "message");
}

static void find_place(const struct wf *wf, struct post *post)
{
    const json_t *headline = incident_part(wf, "message");
    post->channel = incident_channel(wf);
    if (*post->channel || !speaks_under_headline(wf))
        return;
    post->channel = jx_string_or(headline, "channel", "");
    post->thread = jx_string(headline, "ts");
}

/* Behind what has been ordered since. */
static void send_to(struct incident_turn *turn, const char *key, json_t *entry, const struct post *place)
{
    json_t *orders = json_object_get(turn->wf->facts, "orders"), *order = json_object_get(entry, "order");
    bool done = jx_set_string(order, "channel", place->channel) &&
                jx_set_take(order, "thread_ts", place->thread ? json_string(place->thread) : json_null()) &&
                jx_set_string(entry, "state", "new") && jx_set_i64(entry, "at", turn->now_ms);
    char own[PROTO_NAME_SIZE];
    (void)sw_copy(own, sizeof own, key); /* the same size */
    json_incref(entry);
    (void)json_object_del(orders, own); /* it is there */
    if (!done || json_object_set_new(orders, own, entry) != 0)
        turn->broken = true;
}

void incident_orders_find_place(struct incident_turn *turn)
{
    struct post place = { 0 };
    const char *key;
    json_t *entry;
    void *next;
    json_t *orders = json_object_get(turn->wf->facts, "orders");
    find_place(turn->wf, &place);
    if (!*place.channel)
        return;
    json_object_foreach_safe(orders, next, key, entry)
    {
        if (sw_equal(jx_string(entry, "state"), "waiting"))
            send_to(turn, key, entry, &place);
    }
}

enum { POST_TEXT_SIZE = PROTO_ORDER_TEXT_MAX };

void incident_post(struct incident_turn *turn, const char *card, json_t *data, const char *format, ...)
{
    char text[POST_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments); /* cut: a text for people */
    va_end(arguments);
    struct post post = { .card = card, .data = data, .pin = sw_equal(card, "intro") };
    find_place(turn->wf, &post);
    order_post(turn, &post, text);
    json_decref(data);
}

static bool post_in(struct incident_turn *turn, const char *key, const char *card, json_t *data, const char *text)
{
    const char *channel = incident_fact(turn->wf, key);
    if (!*channel || incident_private(turn->wf))
        return false;
    order_post(turn, &(struct post){ .channel = channel, .card = card, .data = data }, text);
    return true;
}

static bool post_to_notify(struct incident_turn *turn, const char *card, json_t *data, const char *text)
{
    struct incident_level level;
    bool known = incident_level(turn->config, incident_priority(turn->wf), &level);
    return known && level.high && post_in(turn, "notify_channel", card, data, text);
}

void incident_announce(struct incident_turn *turn, const char *card, json_t *data, const char *format, ...)
{
    char text[POST_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments); /* cut: a text for people */
    va_end(arguments);
    (void)post_in(turn, "home_channel", card, data, text); /* nowhere is right, too */
    (void)post_to_notify(turn, card, data, text);
    json_decref(data);
}

void incident_post_main(struct incident_turn *turn, const char *card, json_t *data, const char *format, ...)
{
    char text[POST_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments); /* cut: a text for people */
    va_end(arguments);
    (void)post_in(turn, "home_channel", card, data, text); /* nowhere is right, too */
    json_decref(data);
}

bool incident_notify(struct incident_turn *turn, const char *card, json_t *data, const char *format, ...)
{
    char text[POST_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments); /* cut: a text for people */
    va_end(arguments);
    bool posted = post_to_notify(turn, card, data, text);
    json_decref(data);
    return posted;
}

/* ---- the end of a turn ---- */

/* The relay looks for what a repeat may have done already from when it was announced first. */
static void announce(struct incident_turn *turn, struct wf_effect *effect, json_t *entry)
{
    char now[SW_RFC3339_SIZE];
    json_t *order = json_object_get(entry, "order");
    sw_rfc3339(turn->now_ms, now);
    bool done = json_object_get(order, "since") || jx_set_string(order, "since", now);
    done = done && jx_set_string(entry, "state", "open") && jx_set_i64(entry, "at", turn->now_ms);
    turn->broken = turn->broken || !done;
    effect->event = "ordered";
    effect->order = json_incref(order);
}

static void announce_new(struct incident_turn *turn)
{
    const char *key;
    json_t *entry;
    int count = 0;
    json_object_foreach(json_object_get(turn->wf->facts, "orders"), key, entry)
    {
        if (!sw_equal(jx_string(entry, "state"), "new") || jx_i64_or(entry, "at", 0) > turn->now_ms ||
            count == INCIDENT_ORDERS_AT_ONCE)
            continue;
        struct wf_effect *effect = incident_effect(turn, WF_EVENT);
        if (!effect)
            return; /* stays new: the timer brings it up again */
        announce(turn, effect, entry);
        count++;
    }
}

int64_t incident_order_due(const json_t *order)
{
    int64_t at_ms = jx_i64_or(order, "at", 0);
    const char *state = jx_string_or(order, "state", "");
    if (sw_equal(state, "waiting"))
        return 0;
    if (sw_equal(state, "new"))
        return at_ms;
    if (sw_equal(state, "open"))
        return at_ms + INCIDENT_ORDER_SILENT_MS;
    return jx_i64_or(order, "tries", 0) < INCIDENT_ORDER_TRIES ? at_ms + INCIDENT_ORDER_AGAIN_MS : 0;
}

static void set_timer(struct incident_turn *turn)
{
    const char *key;
    json_t *order;
    int64_t due_ms = 0;
    json_object_foreach(json_object_get(turn->wf->facts, "orders"), key, order)
    {
        int64_t at_ms = incident_order_due(order);
        if (at_ms && (!due_ms || at_ms < due_ms))
            due_ms = at_ms;
    }
    if (due_ms == jx_i64_or(turn->wf->facts, "orders_due", 0))
        return;
    incident_put(turn, "orders_due", json_integer(due_ms));
    incident_timer(turn, INCIDENT_ORDERS_TIMER, due_ms);
}

/* A new topic takes the place of an older one that is not done yet. */
static void drop_older_topics(struct incident_turn *turn)
{
    const char *key;
    json_t *order;
    void *next;
    json_t *orders = json_object_get(turn->wf->facts, "orders");
    json_object_foreach_safe(orders, next, key, order)
    {
        if (sw_starts_with(key, "topic:"))
            (void)json_object_del(orders, key);
    }
}

static void order_topic(struct incident_turn *turn)
{
    char topic[1024];
    const char *channel = incident_channel(turn->wf);
    if (!*channel || jx_bool_or(incident_part(turn->wf, "channel"), "archived", false))
        return;
    incident_topic(turn->wf, turn->config, topic);
    if (sw_equal(incident_fact(turn->wf, "topic"), topic))
        return;
    drop_older_topics(turn);
    incident_put_text(turn, "topic", topic);
    incident_order(turn, "topic",
                   json_pack("{ss ss ss sb}", "verb", "topic", "channel", channel, "topic", topic, "replaces", 1));
}

void incident_orders_finish(struct incident_turn *turn)
{
    order_topic(turn);
    announce_new(turn);
    set_timer(turn);
}
