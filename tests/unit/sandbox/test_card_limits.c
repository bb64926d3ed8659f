/* SPDX-License-Identifier: Apache-2.0
 * Cards of incidents, judged by the simulator's Block Kit: with nothing, with everything, with too much, with what is
 * none of what is expected, and with texts that want to be mentions, entities or the end of a block. */
#include "gateway/core/render_card.h"
#include "gateway/core/render_sheet.h"
#include "gateway/core/render_topic.h"

#include "tests/unit/sandbox/render_judge.h"

enum { MANY = 120, TITLE_SIZE = 4000 };

static const int64_t NOW = 1767225600000;
static const char *const STATES[] = { "started",   "acknowledged",     "mitigated", "blocked",  "resolved",
                                      "cancelled", "ready_for_review", "completed", "archived", "a_later_one" };

/* ---- every key that a card reads, filled ---- */

static json_t *text_new(const char *filler, size_t size)
{
    SW_AUTO_FREE char *text = malloc(size);
    assert_non_null(text);
    fill(text, size, filler);
    return json_string(text);
}

static json_t *array_new(json_t *item, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        assert_int_equal(json_array_append(array, item), 0);
    json_decref(item);
    return array;
}

static void set(json_t *object, const char *key, json_t *value)
{
    assert_int_equal(json_object_set_new(object, key, value), 0);
}

static json_t *item_new(const char *filler)
{
    static const char *const TEXTS[] = { "text",  "type",        "by",    "link",    "url",         "who",
                                         "why",   "what",        "error", "service", "environment", "ref",
                                         "state", "workflow",    "user",  "title",   "state_words", "month",
                                         "name",  "description", "emoji" };
    json_t *item = json_object();
    for (size_t i = 0; i < SW_COUNT(TEXTS); i++)
        set(item, TEXTS[i], text_new(filler, TITLE_SIZE));
    set(item, "id", json_integer(INT64_MAX));
    set(item, "at", json_integer(NOW));
    set(item, "until", json_integer(0));
    set(item, "count", json_integer(INT64_MAX));
    set(item, "number", json_integer(INT64_MAX));
    set(item, "ttd_ms", json_integer(INT64_MAX));
    set(item, "aliases", array_new(text_new(filler, 100), MANY));
    set(item, "priority", json_pack("{so}", "name", text_new(filler, 100)));
    set(item, "edits", array_new(json_object(), 1));
    set(item, "task", json_pack("{so so}", "key", text_new(filler, 300), "url", text_new(filler, 300)));
    return item;
}

/* What data and detail have in common: whatever any card may look at. */
static json_t *everything_new(const char *filler, bool high)
{
    static const char *const TEXTS[] = { "title", "summary",   "service", "environment", "state_words", "runbook",
                                         "tips",  "details",   "user",    "comms",       "who",         "what",
                                         "zone",  "local",     "input",   "hint",        "text",        "by",
                                         "why",   "reason",    "code",    "main",        "usage",       "page",
                                         "next",  "known_url", "url",     "team",        "role" };
    static const char *const LISTS[] = { "blockers", "recent",      "holds",  "changes",   "failed_orders",
                                         "items",    "entries",     "active", "mitigated", "others",
                                         "levels",   "deployments", "rows" };
    static const char *const NAMES[] = { "components", "affected", "added", "dupes", "rejected", "escalate" };
    static const char *const TIMES[] = { "created", "genesis", "detected", "acknowledged", "mitigated", "resolved" };
    static const char *const ROLES[] = { "point", "comms", "triage", "eng", "assigned" };
    json_t *all = json_object(), *times = json_object(), *roles = json_object();
    for (size_t i = 0; i < SW_COUNT(TEXTS); i++)
        set(all, TEXTS[i], text_new(filler, TITLE_SIZE));
    for (size_t i = 0; i < SW_COUNT(LISTS); i++)
        set(all, LISTS[i], array_new(item_new(filler), MANY));
    for (size_t i = 0; i < SW_COUNT(NAMES); i++)
        set(all, NAMES[i], array_new(text_new(filler, 300), MANY));
    for (size_t i = 0; i < SW_COUNT(TIMES); i++)
        set(times, TIMES[i], json_integer(NOW + (int64_t)i * 1000000));
    for (size_t i = 0; i < SW_COUNT(ROLES); i++)
        set(roles, ROLES[i], text_new(filler, 300));
    set(all, "times", times);
    set(all, "roles", roles);
    set(all, "number", json_integer(INT64_MAX));
    set(all, "earlier", json_integer(INT64_MAX));
    set(all, "missed", json_integer(INT64_MAX));
    set(all, "n", json_integer(INT64_MAX));
    set(all, "of", json_integer(INT64_MAX));
    set(all, "count", json_integer(INT64_MAX));
    set(all, "archive_at", json_integer(NOW));
    set(all, "at", json_integer(NOW));
    set(all, "priority",
        json_pack("{so so sb sb}", "name", text_new(filler, 300), "emoji", text_new(filler, 300), "high", high,
                  "review", 1));
    set(all, "channel", json_pack("{so}", "id", text_new(filler, 300)));
    set(all, "tracker", json_pack("{so so}", "key", text_new(filler, 300), "url", text_new(filler, 3000)));
    set(all, "report", json_pack("{so}", "url", text_new(filler, 3000)));
    return all;
}

static void make_view(struct proto_view *view, const char *state, const char *filler, bool high)
{
    *view = (struct proto_view){ .workflow = "i-0123456789abc", .kind = "incident", .created_at_ms = NOW - 1000000 };
    (void)sw_copy(view->state, sizeof view->state, state);
    view->detail = filler ? everything_new(filler, high) : NULL;
}

/* ---- all cards ---- */

static const char *name_at(size_t i)
{
    const struct {
        const struct sheet_card *cards;
        size_t count;
    } tables[] = { { SHEET_LIFE, SHEET_LIFE_COUNT },
                   { SHEET_PARTS, SHEET_PARTS_COUNT },
                   { SHEET_LISTS, SHEET_LISTS_COUNT },
                   { SHEET_NOTICES, SHEET_NOTICES_COUNT } };
    for (size_t table = 0; table < SW_COUNT(tables); table++) {
        if (i < tables[table].count)
            return tables[table].cards[i].name;
        i -= tables[table].count;
    }
    return NULL;
}

static void judge_card(const char *name, const struct proto_view *view, const json_t *data, const char *text)
{
    JX_AUTO json_t *message =
        render_card_new(&(struct card){ .name = name, .text = text, .data = data, .view = view, .now_ms = NOW });
    print_message("  %s\n", name);
    judge(message);
}

static void test_every_card_without_anything(void **state)
{
    (void)state;
    struct proto_view view;
    JX_AUTO json_t *none = json_object();
    make_view(&view, "started", NULL, false);
    for (size_t i = 0; name_at(i); i++) {
        judge_card(name_at(i), NULL, NULL, NULL);
        judge_card(name_at(i), &view, none, "");
    }
    judge_card("of a later version", NULL, NULL, NULL);
}

static void test_every_card_with_everything(void **state)
{
    (void)state;
    for (size_t filler = 0; filler < SW_COUNT(FILLERS); filler++) {
        struct proto_view view;
        SW_AUTO_FREE char *text = malloc(TITLE_SIZE);
        JX_AUTO json_t *data = everything_new(FILLERS[filler], false);
        fill(text, TITLE_SIZE, FILLERS[filler]);
        make_view(&view, STATES[filler % SW_COUNT(STATES)], FILLERS[filler], false);
        for (size_t i = 0; name_at(i); i++)
            judge_card(name_at(i), &view, data, text);
        proto_view_release(&view);
    }
}

/* Each value of another type than expected: an older or a newer orchestrator, or a mistake. */
static json_t *twisted_new(const json_t *all, int turn)
{
    json_t *twisted = json_object(), *value;
    const char *key;
    json_object_foreach((json_t *)(uintptr_t)all, key, value) set(twisted, key,
                                                                  turn == 0   ? json_integer(7)
                                                                  : turn == 1 ? json_string("a text")
                                                                  : turn == 2 ? json_array()
                                                                  : turn == 3 ? json_pack("[i n s]", 1, "x")
                                                                              : json_object());
    return twisted;
}

static void test_every_card_with_what_is_not_expected(void **state)
{
    (void)state;
    JX_AUTO json_t *all = everything_new("x", false);
    for (int turn = 0; turn < 5; turn++) {
        struct proto_view view;
        JX_AUTO json_t *data = twisted_new(all, turn);
        make_view(&view, "started", NULL, false);
        view.detail = json_incref(data);
        for (size_t i = 0; name_at(i); i++)
            judge_card(name_at(i), &view, data, NULL);
        proto_view_release(&view);
    }
}

static void test_the_headline_in_every_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(STATES); i++)
        for (size_t filler = 0; filler < SW_COUNT(FILLERS); filler++) {
            struct proto_view view;
            make_view(&view, STATES[i], FILLERS[filler], false);
            JX_AUTO json_t *message = render_headline_new(&view, NOW);
            judge(message);
            proto_view_release(&view);
        }
}

static void test_topics_are_never_too_long(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(STATES); i++)
        for (size_t filler = 0; filler < SW_COUNT(FILLERS); filler++) {
            struct proto_view view;
            make_view(&view, STATES[i], FILLERS[filler], true);
            SW_AUTO_FREE char *topic = render_topic_new(&view);
            assert_non_null(topic);
            assert_true(sw_utf8_valid(topic, strlen(topic)));
            assert_true(sw_utf8_characters(topic) <= RENDER_TOPIC_CHARACTERS);
            assert_harmless(topic);
            proto_view_release(&view);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_card_without_anything),
        cmocka_unit_test(test_every_card_with_everything),
        cmocka_unit_test(test_every_card_with_what_is_not_expected),
        cmocka_unit_test(test_the_headline_in_every_state),
        cmocka_unit_test(test_topics_are_never_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
