/* SPDX-License-Identifier: Apache-2.0
 * trigger_ids: one view within three seconds. */
#include "deploy/sandbox/slack/slack_triggers.h"

#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_people.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

static void test_once_within_three_seconds(void **state)
{
    struct slack_triggers *triggers = slack_triggers_new();
    const struct slack_user *alice = slack_user_find("alice");
    const struct slack_user *found = NULL;
    const char *id = slack_trigger_mint(triggers, alice, 1000);
    (void)state;
    assert_null(slack_trigger_check(triggers, id, 1000 + SLACK_TRIGGER_LIFE_MS, &found));
    assert_ptr_equal(found, alice);
    assert_string_equal(slack_trigger_check(triggers, id, 1001 + SLACK_TRIGGER_LIFE_MS, &found), "expired_trigger_id");
    slack_trigger_spend(triggers, id);
    assert_string_equal(slack_trigger_check(triggers, id, 1000, &found), "exchanged_trigger_id");
    slack_triggers_free(triggers);
}

static void test_unknown_and_old(void **state)
{
    struct slack_triggers *triggers = slack_triggers_new();
    const struct slack_user *bob = slack_user_find("bob");
    const struct slack_user *found = NULL;
    char first[SLACK_TRIGGER_SIZE];
    (void)state;
    (void)sw_copy(first, sizeof(first), slack_trigger_mint(triggers, bob, 0));
    assert_string_equal(slack_trigger_check(triggers, "1.2.3", 0, &found), "invalid_trigger_id");
    assert_string_equal(slack_trigger_check(triggers, "", 0, &found), "invalid_trigger_id");
    for (int i = 0; i < 4096; i++)
        (void)slack_trigger_mint(triggers, bob, 0);
    assert_string_equal(slack_trigger_check(triggers, first, 0, &found), "invalid_trigger_id");
    slack_triggers_reset(triggers);
    assert_string_equal(slack_trigger_check(triggers, slack_trigger_mint(triggers, bob, 0), 9000, &found),
                        "expired_trigger_id");
    slack_triggers_free(triggers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once_within_three_seconds),
        cmocka_unit_test(test_unknown_and_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
