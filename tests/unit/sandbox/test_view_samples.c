/* SPDX-License-Identifier: Apache-2.0
 * What the orchestrator's core says in the lives of tests/fixtures/views, as the gateway shows it: everything can be
 * read, is a message that Slack takes, and says something; and hostile words stay words. */
#include "gateway/core/render_card.h"
#include "gateway/core/render_message.h"
#include "gateway/core/render_reply.h"
#include "gateway/core/render_sheet.h"
#include "gateway/core/render_topic.h"
#include "proto/order.h"

#include "tests/unit/sandbox/render_judge.h"

#include <glob.h>

enum { FILES_MIN = 8, TURNS_MIN = 100 };

static const struct {
    const struct sheet_card *cards;
    const size_t *count;
} TABLES[] = { { SHEET_LIFE, &SHEET_LIFE_COUNT },
               { SHEET_PARTS, &SHEET_PARTS_COUNT },
               { SHEET_LISTS, &SHEET_LISTS_COUNT },
               { SHEET_NOTICES, &SHEET_NOTICES_COUNT } };

struct reading {
    const char *path, *said; /* of the turn */
    bool hostile;
    size_t turns;
    json_t *cards; /* seen: name to true */
};

/* ---- words ---- */

static bool is_control(const char *text)
{
    static const char *const SIGNS[] = { "\xE2\x80\xAE", "\xE2\x80\xA8", "\xC2\x85", "\x07", "\x1B" };
    for (size_t i = 0; i < SW_COUNT(SIGNS); i++)
        if (strstr(text, SIGNS[i]))
            return true;
    return false;
}

static void judge_words(const struct reading *reading, const char *text)
{
    const bool nothing = sw_blank(text) || strstr(text, "(null)") || strstr(text, "null") || strstr(text, "%s");
    const bool empty = !reading->hostile && strstr(text, "**");
    if (nothing || empty || is_control(text))
        fail_msg("%s, %s: \"%s\"", reading->path, reading->said, text);
}

static void judge_texts(const struct reading *reading, const json_t *json)
{
    const char *key;
    json_t *value;
    size_t i;
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        if (sw_equal(key, "text") && json_is_string(value))
            judge_words(reading, json_string_value(value));
        judge_texts(reading, value);
    }
    json_array_foreach(json, i, value) judge_texts(reading, value);
}

/* Takes the message. */
static void judge_message(const struct reading *reading, json_t *message)
{
    judge_limits(message);
    judge_texts(reading, message);
    if (reading->hostile)
        assert_harmless_texts(message);
    json_decref(message);
}

static void judge_topic(const struct reading *reading, char *topic)
{
    assert_non_null(topic);
    judge_words(reading, topic);
    assert_harmless(topic);
    assert_true(sw_utf8_characters(topic) <= RENDER_TOPIC_CHARACTERS);
    free(topic);
}

/* ---- what is said ---- */

static void note_card(struct reading *reading, const char *card)
{
    if (!*card)
        return;
    if (!render_card_known(card))
        fail_msg("%s, %s: the gateway has no card \"%s\"", reading->path, reading->said, card);
    assert_int_equal(json_object_set_new(reading->cards, card, json_true()), 0);
}

static void judge_order(struct reading *reading, const struct proto_view *view, const json_t *json)
{
    struct proto_order order;
    struct sw_status status = proto_order_read(json, &order);
    if (sw_failed(status))
        fail_msg("%s, %s: %s", reading->path, reading->said, status.text);
    note_card(reading, order.card);
    if (order.verb == PROTO_ORDER_TOPIC)
        judge_topic(reading, *order.topic ? render_topic_said_new(order.topic) : render_topic_new(view));
    if (order.verb == PROTO_ORDER_POST || order.verb == PROTO_ORDER_EPHEMERAL || order.verb == PROTO_ORDER_UPDATE)
        judge_message(
            reading,
            render_card_new(&(struct card){
                .name = order.card, .text = order.text, .data = order.data, .view = view, .now_ms = view->at_ms }));
}

/* As the engine sends it: with the view of its workflow when it has none. */
static void judge_reply(struct reading *reading, const json_t *view, json_t *json)
{
    struct proto_reply reply;
    if (!json_is_object(json_object_get(json, "view")))
        assert_int_equal(json_object_set(json, "view", (json_t *)(uintptr_t)view), 0);
    struct sw_status status = proto_reply_decode(json, &reply);
    if (sw_failed(status))
        fail_msg("%s, %s: %s", reading->path, reading->said, status.text);
    note_card(reading, reply.card);
    judge_message(reading, render_reply_new(&reply, reply.at_ms));
    proto_reply_release(&reply);
}

static void judge_view(struct reading *reading, const json_t *json, const json_t *orders)
{
    struct proto_view view;
    size_t i;
    json_t *order;
    struct sw_status status = proto_view_decode(json, &view);
    if (sw_failed(status))
        fail_msg("%s, %s: %s", reading->path, reading->said, status.text);
    const bool incident = sw_equal(view.kind, "incident");
    judge_message(reading, incident ? render_headline_new(&view, view.at_ms) : render_message_new(&view, view.at_ms));
    if (incident)
        judge_topic(reading, render_topic_new(&view));
    json_array_foreach(orders, i, order) judge_order(reading, &view, order);
    proto_view_release(&view);
}

static void read_file(struct reading *reading)
{
    json_error_t error;
    size_t i;
    json_t *turn;
    JX_AUTO json_t *file = json_load_file(reading->path, JSON_REJECT_DUPLICATES, &error);
    if (!file)
        fail_msg("%s: %s", reading->path, error.text);
    json_array_foreach(json_object_get(file, "turns"), i, turn)
    {
        const json_t *view = json_object_get(turn, "view");
        reading->said = jx_string(turn, "said");
        reading->turns++;
        if (json_is_object(view))
            judge_view(reading, view, json_object_get(turn, "orders"));
        if (json_is_object(json_object_get(turn, "reply")))
            judge_reply(reading, view, json_object_get(turn, "reply"));
    }
}

/* The live message is no order's. */
static void check_every_card_was_seen(const json_t *seen)
{
    for (size_t i = 0; i < SW_COUNT(TABLES); i++)
        for (size_t j = 0; j < *TABLES[i].count; j++) {
            const char *name = TABLES[i].cards[j].name;
            if (!json_object_get(seen, name) && !sw_equal(name, "headline"))
                fail_msg("no life of the core has the card \"%s\"", name);
        }
}

static void test_every_life(void **state)
{
    (void)state;
    glob_t found;
    JX_AUTO json_t *cards = json_object();
    struct reading reading = { .cards = cards };
    assert_int_equal(glob("tests/fixtures/views/*.json", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= FILES_MIN);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        reading.path = found.gl_pathv[i];
        reading.hostile = strstr(reading.path, "/hostile-") != NULL;
        print_message("  %s\n", reading.path);
        read_file(&reading);
    }
    assert_true(reading.turns >= TURNS_MIN);
    check_every_card_was_seen(cards);
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_life) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
