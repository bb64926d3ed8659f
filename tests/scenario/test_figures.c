/* SPDX-License-Identifier: Apache-2.0
 * What the metrics say while deployments run, wait and end. */
#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "tests/scenario/world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char CONFIG[] = "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{"
                             "\"site\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"slow\"}},"
                             "\"pipelines\":{\"slow\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./"
                             "build\"]},{\"name\":\"settle\",\"wait\":\"10s\"}]}}}";

static void assert_line(const char *line)
{
    SW_AUTO_BUF struct sw_buf buf = { 0 };
    sw_metrics_print(&buf);
    if (!strstr(sw_buf_string(&buf), line))
        fail_msg("no line \"%s\" in\n%s", line, sw_buf_string(&buf));
}

static void test_figures_follow_the_line(void **state)
{
    (void)state;
    struct world *world = malloc(sizeof *world);
    world_init(world, CONFIG, NULL, 0);
    world_run(world, 2000);
    assert_line("\nslipway_queue_length 0\n");
    assert_line("\nslipway_terms_total 1\n");
    assert_line("\nslipway_active{state=\"needs_a_human\"} 0\n"); /* there before the first one needs a human */
    (void)world_deploy(world, "1", "{\"service\":\"site\"}");
    (void)world_deploy(world, "2", "{\"service\":\"site\"}");
    (void)world_deploy(world, "3", "{\"service\":\"site\"}");
    world_run(world, 5000);
    assert_line("\nslipway_queue_length 2\n");
    assert_line("\nslipway_lanes_active 1\n");
    assert_line("\nslipway_active{state=\"running\"} 1\n");
    assert_line("\nslipway_attempts_total{outcome=\"succeeded\"} 1\n");
    world_run(world, 60000);
    assert_line("\nslipway_queue_length 0\n");
    assert_line("\nslipway_queue_oldest_seconds 0\n");
    assert_line("\nslipway_active{state=\"running\"} 0\n");
    assert_line("\nslipway_workflows_ended_total{state=\"succeeded\"} 3\n");
    world_release(world);
    free(world);
    assert_line("\nslipway_lease_epoch 0\n");
}

/* The rate of a counter that appears with its first count does not see that count. */
static void test_what_alarms_and_dashboard_count_is_there_before_it_happens(void **state)
{
    (void)state;
    static const char *const LINES[] = {
        "\nslipway_commands_total{outcome=\"taken\"} 0\n",
        "\nslipway_commands_total{outcome=\"duplicate\"} 0\n",
        "\nslipway_commands_total{outcome=\"parked\"} 0\n",
        "\nslipway_workflows_ended_total{state=\"succeeded\"} 0\n",
        "\nslipway_workflows_ended_total{state=\"failed\"} 0\n",
        "\nslipway_workflows_ended_total{state=\"cancelled\"} 0\n",
        "\nslipway_workflows_ended_total{state=\"archived\"} 0\n",
        "\nslipway_attempts_total{outcome=\"succeeded\"} 0\n",
        "\nslipway_attempts_total{outcome=\"failed\"} 0\n",
        "\nslipway_attempts_total{outcome=\"killed\"} 0\n",
        "\nslipway_attempts_total{outcome=\"timed_out\"} 0\n",
        "\nslipway_attempts_total{outcome=\"stopped\"} 0\n",
        "\nslipway_attempts_total{outcome=\"not_run\"} 0\n",
        "\nslipway_attempts_total{outcome=\"unknown\"} 0\n",
    };
    struct world *world = malloc(sizeof *world);
    world_init(world, CONFIG, NULL, 0);
    for (size_t i = 0; i < SW_COUNT(LINES); i++)
        assert_line(LINES[i]);
    world_release(world);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_alarms_and_dashboard_count_is_there_before_it_happens),
        cmocka_unit_test(test_figures_follow_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
