/* SPDX-License-Identifier: Apache-2.0
 * Systems beside Slack. What is under way dies with the process; what reached its end there stays done. */
#include "common/base/text.h"
#include "orchestrator/core/kind.h"
#include "tests/scenario/world/world.h"

#include <assert.h>

/* What is started must be outstanding as things are stored. */
static void check_start(const struct world *world, const char *workflow, const char *name)
{
    struct wf_errand errands[KIND_MAX_ERRANDS];
    const struct wf *wf = world_workflow(world, workflow);
    const struct kind_world now = { .config = world->config, .now_ms = world_clock(world) };
    bool outstanding = false;
    assert(wf && !wf->final);
    size_t count = wf->kind->errands(wf, &now, errands);
    for (size_t i = 0; i < count; i++) {
        outstanding = outstanding || sw_equal(errands[i].name, name);
        json_decref(errands[i].spec);
    }
    assert(outstanding);
}

static struct world_errand *find(struct world *world, const char *workflow, const char *name)
{
    for (size_t i = 0; i < world->errand_count; i++)
        if (sw_equal(world->errands[i].workflow, workflow) && sw_equal(world->errands[i].name, name))
            return &world->errands[i];
    struct world_errand *errand = &world->errands[world->errand_count++];
    *errand = (struct world_errand){ 0 };
    (void)sw_copy(errand->workflow, sizeof errand->workflow, workflow);
    (void)sw_copy(errand->name, sizeof errand->name, name);
    return errand;
}

static struct sw_status start(void *self, const char *workflow, const struct wf_errand *errand)
{
    struct world *world = self;
    if (world_enter(world, "errands.start"))
        return world_gone();
    check_start(world, workflow, errand->name);
    assert(sw_equal(jx_string_or(errand->spec, "workflow", jx_string(errand->spec, "of")), workflow));
    struct world_errand *known = find(world, workflow, errand->name);
    assert(!known->under_way || known->epoch != world->epoch); /* one term starts it once */
    if (!known->under_way) {
        known->starts++;
        known->ends_ms = world->now_ms + WORLD_ERRAND_MS;
    }
    known->under_way = true;
    json_decref(known->spec);
    known->spec = json_incref(errand->spec);
    known->epoch = world->epoch;
    world_left(world);
    return sw_ok();
}

struct errands_port world_errands(struct world *world)
{
    return (struct errands_port){ .start = start, .self = world };
}

int64_t world_errands_next(const struct world *world)
{
    int64_t next_ms = INT64_MAX;
    for (size_t i = 0; i < world->errand_count; i++)
        if (world->errands[i].under_way && world->errands[i].ends_ms < next_ms)
            next_ms = world->errands[i].ends_ms;
    return next_ms;
}

static struct sw_status outcome(struct world *world, struct world_errand *errand)
{
    if (world->errand_failures > 0) {
        world->errand_failures--;
        return world->errands_fail_for_good ? sw_fail(SW_CODE_REFUSED, "the tracker refuses")
                                            : sw_fail(SW_CODE_IO, "the tracker is away");
    }
    errand->done++;
    return sw_ok();
}

static json_t *result_of(const struct world *world, const struct world_errand *errand)
{
    return world->errand_done ? world->errand_done(world->errand_done_self, errand->name, errand->spec)
                              : json_pack("{ss}", "of", errand->name);
}

void world_errands_tell(struct world *world)
{
    for (size_t i = 0; i < world->errand_count; i++) {
        struct world_errand *errand = &world->errands[i];
        if (!errand->under_way || errand->ends_ms > world->now_ms || leader_role(world->me->leader) != LEADER_ACTIVE)
            continue;
        struct errand_report report = { .status = outcome(world, errand), .retry_after_ms = world->errands_ask_ms };
        (void)sw_copy(report.workflow, sizeof report.workflow, errand->workflow);
        (void)sw_copy(report.name, sizeof report.name, errand->name);
        report.result = sw_failed(report.status) ? NULL : result_of(world, errand);
        errand->under_way = false;
        leader_errand_finished(world->me->leader, &report);
        errand_report_release(&report);
    }
}

void world_errands_die(struct world *world)
{
    for (size_t i = 0; i < world->errand_count; i++)
        world->errands[i].under_way = false;
}

const struct world_errand *world_errand(const struct world *world, const char *workflow, const char *name)
{
    for (size_t i = 0; i < world->errand_count; i++)
        if (sw_equal(world->errands[i].workflow, workflow) && sw_equal(world->errands[i].name, name))
            return &world->errands[i];
    return NULL;
}
