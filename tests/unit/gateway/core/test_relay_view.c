/* SPDX-License-Identifier: Apache-2.0
 * What the relay keeps of a view. */
#include "gateway/core/relay_view.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct proto_view seen_in(const char *state, int64_t n)
{
    struct proto_view view = { .n = n, .epoch = 7, .at_ms = 1767225600000 };
    (void)sw_copy(view.workflow, sizeof view.workflow, "d-aaaaaaaaaaaaa");
    (void)sw_copy(view.kind, sizeof view.kind, "deployment");
    (void)sw_copy(view.state, sizeof view.state, state);
    (void)sw_copy(view.home_channel, sizeof view.home_channel, "C1");
    return view;
}

static void keep(struct relay_view *view, const struct proto_view *seen)
{
    JX_AUTO json_t *json = proto_view_encode(seen);
    SW_AUTO_FREE char *text = jx_dump_new(json);
    assert_true(relay_view_keep(view, seen, text, strlen(text)));
}

static void test_it_comes_back_whole(void **state)
{
    (void)state;
    struct relay_view view = { 0 };
    struct proto_view shown, seen = seen_in("running", 3);
    (void)sw_copy(seen.service, sizeof seen.service, "checkout");
    keep(&view, &seen);
    assert_int_equal(view.n, 3);
    assert_int_equal(view.epoch, 7);
    assert_int_equal(view.at_ms, seen.at_ms);
    assert_string_equal(view.workflow, seen.workflow);
    assert_string_equal(view.home_channel, "C1");
    assert_false(view.final);
    assert_false(sw_failed(relay_view_read(&view, &shown)));
    assert_string_equal(shown.service, "checkout");
    assert_int_equal(shown.at_ms, seen.at_ms);
    proto_view_release(&shown);
    relay_view_forget_text(&view);
}

static void test_the_next_one_takes_its_place(void **state)
{
    (void)state;
    struct relay_view view = { 0 };
    struct proto_view shown, first = seen_in("running", 3), last = seen_in("succeeded", 4);
    keep(&view, &first);
    keep(&view, &last);
    assert_true(view.final);
    assert_false(sw_failed(relay_view_read(&view, &shown)));
    assert_int_equal(shown.n, 4);
    proto_view_release(&shown);
    relay_view_forget_text(&view);
}

static void test_without_a_text_it_decides_but_says_nothing(void **state)
{
    (void)state;
    struct relay_view view = { 0 };
    struct proto_view shown, seen = seen_in("running", 3);
    keep(&view, &seen);
    relay_view_forget_text(&view);
    relay_view_forget_text(&view);
    assert_int_equal(view.n, 3);
    assert_string_equal(view.workflow, seen.workflow);
    assert_int_equal(relay_view_read(&view, &shown).code, SW_CODE_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_comes_back_whole),
        cmocka_unit_test(test_the_next_one_takes_its_place),
        cmocka_unit_test(test_without_a_text_it_decides_but_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
