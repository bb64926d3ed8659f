/* SPDX-License-Identifier: Apache-2.0
 * What the store keeps beside workflows, on a real Postgres: the keys under which they are found, and holds. */
#include "tests/integration/pg_leader.h"

#include "common/base/text.h"
#include "orchestrator/core/kind.h"

#include <stdlib.h>

static struct wf *make_workflow(const char *id, int64_t number, const char *state)
{
    const struct wf_kind *kind = kind_by_name("deployment");
    struct wf *wf = wf_new(kind, id, 0);
    assert_non_null(wf);
    assert_true(kind->state_parse(state, &wf->state));
    wf->number = wf->sequence = number;
    return wf;
}

/* ---- keys ---- */

static struct sw_status commit_keys(const struct store_key *keys, size_t count)
{
    return fixture_commit(&leader, &(struct store_batch){ .keys = keys, .key_count = count });
}

static void assert_key(const char *key, const char *workflow)
{
    char found[PROTO_WORKFLOW_ID_SIZE] = "";
    struct sw_status status = leader.port.find_key(leader.port.self, key, found);
    if (workflow)
        fixture_ok(status);
    else
        assert_int_equal(status.code, SW_CODE_NOT_FOUND);
    assert_string_equal(found, workflow ? workflow : "");
}

static void test_the_newest_claimer_has_the_key(void **state)
{
    (void)state;
    static const char ONE[] = "d-0000000000001", TWO[] = "d-0000000000002";
    const struct store_key claims[] = { { "channel:C1", "d-0000000000001", false },
                                        { "channel:C1", "d-0000000000002", false },
                                        { "channel:C2", "d-0000000000001", false } };
    const struct store_key given_up[] = { { "channel:C1", "d-0000000000001", true },
                                          { "channel:C2", "d-0000000000001", true },
                                          { "channel:C3", "d-0000000000001", true },
                                          { "channel:C3", "d-0000000000002", false } };
    struct wf *wf = make_workflow(TWO, 2, "queued"), *ended = make_workflow(ONE, 1, "succeeded");
    struct store_snapshot snapshot = { 0 };
    ended->final = true;
    const struct wf *const wfs[] = { wf, ended };
    fixture_ok(fixture_commit(&leader, &(struct store_batch){ .workflows = wfs, .workflow_count = 2 }));
    fixture_ok(commit_keys(claims, SW_COUNT(claims)));
    assert_key("channel:C1", TWO);
    assert_key("channel:C2", ONE);
    fixture_ok(leader.port.load(leader.port.self, &snapshot));
    assert_int_equal(snapshot.key_count, 1); /* what has ended is not loaded */
    assert_string_equal(snapshot.keys[0].key, "channel:C1");
    assert_string_equal(snapshot.keys[0].workflow, TWO);
    store_snapshot_release(&snapshot);
    fixture_ok(commit_keys(given_up, SW_COUNT(given_up)));
    assert_key("channel:C1", TWO); /* not the one's any more to give up */
    assert_key("channel:C2", NULL);
    assert_key("channel:C3", TWO);
    wf_free(wf);
    wf_free(ended);
}

static void assert_same_hold(const struct wf_hold *a, const struct wf_hold *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->origin, b->origin);
    assert_string_equal(a->by, b->by);
    assert_string_equal(a->reason, b->reason);
    assert_string_equal(a->channel, b->channel);
    assert_string_equal(a->service, b->service);
    assert_string_equal(a->environment, b->environment);
    assert_string_equal(a->lane, b->lane);
    assert_int_equal(a->since_ms, b->since_ms);
    assert_int_equal(a->until_ms, b->until_ms);
}

static void test_holds_come_back_as_they_were(void **state)
{
    (void)state;
    struct store_hold rows[] = { { { .id = "a", .reason = "first", .since_ms = 1 }, false },
                                 { { .id = "b", .since_ms = 3 }, false },
                                 { { .id = "a",
                                     .origin = "d-0000000000001",
                                     .by = "U1",
                                     .reason = "it \"burns\", {NULL}",
                                     .channel = "C1",
                                     .service = "site",
                                     .environment = "staging",
                                     .lane = "main",
                                     .since_ms = 2,
                                     .until_ms = 1767225600000 },
                                   false } };
    struct store_snapshot snapshot = { 0 };
    fixture_ok(fixture_commit(&leader, &(struct store_batch){ .holds = rows, .hold_count = SW_COUNT(rows) }));
    fixture_ok(leader.port.load(leader.port.self, &snapshot));
    assert_int_equal(snapshot.hold_count, 2);
    assert_same_hold(&snapshot.holds[0], &rows[2].hold);
    assert_same_hold(&snapshot.holds[1], &rows[1].hold);
    store_snapshot_release(&snapshot);
    rows[0].gone = true;
    fixture_ok(fixture_commit(&leader, &(struct store_batch){ .holds = rows, .hold_count = 1 }));
    fixture_ok(leader.port.load(leader.port.self, &snapshot));
    assert_int_equal(snapshot.hold_count, 1);
    store_snapshot_release(&snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_newest_claimer_has_the_key),
        TEST(test_holds_come_back_as_they_were),
    };
    return cmocka_run_group_tests(tests, fixture_begin, fixture_end);
}
