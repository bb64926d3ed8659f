/* SPDX-License-Identifier: Apache-2.0
 * One incident's story, with a death of the process, or a failure, at every call of every port: one channel, one
 * intro, one issue, every reminder once, a timeline without gaps. */
#include "tests/scenario/incidents_fixture.h"
#include "tests/scenario/world/sweep.h"

static const struct {
    int after_ms;
    const char *verb, *text;
} STORY[] = {
    { 8500, "point", "" },      { 4000, "comms", "" },  { 300, "notify", "We are on it" }, { 300, "ai", "Mend it" },
    { 300, "component", "db" }, { 300, "resolve", "" }, { 300, "complete", "" },
};

static const char *run_story(struct harbour *harbour)
{
    char tag[32];
    const char *id = harbour_declare(harbour, "one",
                                     json_pack("{ss si ss}", "title", "It is down", "priority", 1, "service", "site"));
    for (size_t i = 0; i < SW_COUNT(STORY); i++) {
        harbour_run(harbour, STORY[i].after_ms);
        (void)snprintf(tag, sizeof tag, "%s-%zu", STORY[i].verb, i);
        harbour_say(harbour, tag, STORY[i].verb, STORY[i].text);
    }
    harbour_run(harbour, 32000);
    return id;
}

static void check_story(const struct harbour *harbour, const char *id, size_t nags)
{
    char tag[32];
    harbour_check(harbour, id);
    assert_string_equal(world_state(harbour->world, id), "archived");
    assert_true(world_workflow(harbour->world, id)->final);
    assert_non_null(world_reply(harbour->world, "one", "accepted"));
    for (size_t i = 0; i < SW_COUNT(STORY); i++) {
        (void)snprintf(tag, sizeof tag, "%s-%zu", STORY[i].verb, i);
        if (!world_reply(harbour->world, tag, "done"))
            fail_msg("%s has no answer", tag);
    }
    assert_int_equal(harbour_count(harbour, "create_channel", NULL, NULL), 1);
    assert_int_equal(harbour_count(harbour, "post", "intro", NULL), 1);
    assert_int_equal(harbour_count(harbour, "post", "announce_new", NULL), 1);
    assert_int_equal(harbour_count(harbour, "post", "resolved", NULL), 1);
    assert_int_equal(harbour_count(harbour, "post", "completed", NULL), 1);
    assert_int_equal(harbour_count(harbour, "post", "report", NULL), 1);
    assert_int_equal(harbour_count(harbour, "post", "comm_update", NULL), 1);
    assert_int_equal(harbour_count(harbour, "archive", NULL, NULL), 1);
    assert_int_equal(harbour_count(harbour, "post", "nag", "CROOM"), nags);
    assert_int_equal(harbour->issues, 1);
    assert_string_equal(json_string_value(harbour->synced), "archived");
    assert_int_equal(harbour->world->hold_count, 0);
}

static struct harbour *swept;
static size_t nags; /* without a fault */

static struct world *begin(void)
{
    swept = harbour_new(true);
    return swept->world;
}

static void live(struct world *world)
{
    const char *id = run_story(swept);
    if (!world->fault_at)
        nags = harbour_count(swept, "post", "nag", "CROOM");
    assert_true(nags >= 2);
    check_story(swept, id, nags);
}

static void end(struct world *world)
{
    (void)world;
    harbour_end(swept);
}

static const struct sweep STORY_SWEEP = { begin, live, end, 100 };

static void test_the_process_may_die_before_any_call(void **state) { sweep_run(*state, WORLD_DIES_BEFORE); }
static void test_the_process_may_die_after_any_call(void **state) { sweep_run(*state, WORLD_DIES_AFTER); }
static void test_any_call_may_fail(void **state) { sweep_run(*state, WORLD_FAILS); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        SWEEP_TEST(test_the_process_may_die_before_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_the_process_may_die_after_any_call, &STORY_SWEEP),
        SWEEP_TEST(test_any_call_may_fail, &STORY_SWEEP),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
