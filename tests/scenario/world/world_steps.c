/* SPDX-License-Identifier: Apache-2.0
 * The supervisors: attempts run on whatever happens to the process that started them. */
#include "common/base/text.h"
#include "tests/scenario/world/world.h"

#include <assert.h>

static struct world_attempt *find(struct world *world, const char *id)
{
    for (size_t i = 0; i < world->attempt_count; i++)
        if (sw_equal(world->attempts[i].id, id))
            return &world->attempts[i];
    return NULL;
}

/* The intent must be durable, nothing else may run, and what is done must not begin again. */
static void check_start(struct world *world, const char *attempt)
{
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    size_t step;
    int32_t number;
    assert(wf_attempt_parse(attempt, workflow, &step, &number));
    const struct wf *wf = world_workflow(world, workflow);
    assert(wf && wf->active && wf->steps[step].attempt == number && wf->steps[step].state == PROTO_STEP_RUNNING);
    for (size_t i = 0; i < world->attempt_count; i++) {
        char other[PROTO_WORKFLOW_ID_SIZE];
        size_t other_step;
        int32_t other_number;
        assert(wf_attempt_parse(world->attempts[i].id, other, &other_step, &other_number));
        const struct wf *other_wf = world_workflow(world, other);
        assert(!(world->attempts[i].running && sw_equal(other_wf->lane, wf->lane)));
    }
}

static const char *step_name(const struct world *world, const char *attempt)
{
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    size_t step;
    int32_t number;
    assert(wf_attempt_parse(attempt, workflow, &step, &number));
    return world_workflow(world, workflow)->steps[step].name;
}

static const struct world_script *script_for(struct world *world, const char *attempt)
{
    static const struct world_script USUAL = { .takes_ms = 2000, .outcome = STEP_EXITED };
    for (size_t i = 0; i < world->script_count; i++) {
        struct world_script *script = &world->scripts[i];
        if (!sw_equal(script->step, step_name(world, attempt)) || (script->times && script->used >= script->times))
            continue;
        script->used++;
        return script;
    }
    return &USUAL;
}

static void add(struct world *world, const char *id, struct world_attempt attempt)
{
    struct world_attempt *added = &world->attempts[world->attempt_count++];
    *added = attempt;
    (void)sw_copy(added->id, sizeof added->id, id);
    (void)sw_copy(added->report.attempt, sizeof added->report.attempt, id);
}

static void begin(struct world *world, const char *attempt)
{
    check_start(world, attempt);
    const struct world_script *script = script_for(world, attempt);
    add(world, attempt,
        (struct world_attempt){ .running = true,
                                .starts = 1,
                                .ends_ms = world->now_ms + script->takes_ms,
                                .report = { .outcome = script->outcome, .exit_code = script->exit_code } });
}

static struct sw_status start(void *self, const char *attempt, const json_t *spec)
{
    struct world *world = self;
    if (world_enter(world, "steps.start"))
        return world_gone();
    assert(sw_equal(jx_string(spec, "attempt"), attempt));
    if (!find(world, attempt) && !world->claims_late) /* a second start adopts */
        begin(world, attempt);
    if (find(world, attempt))
        find(world, attempt)->told = false;
    world_left(world);
    return sw_ok();
}

static void stop(void *self, const char *attempt)
{
    struct world *world = self;
    struct world_attempt *found = find(world, attempt);
    if (world_enter(world, "steps.stop"))
        return;
    if (found && found->running) {
        found->ends_ms = world->now_ms + 100;
        found->report.outcome = STEP_STOPPED;
    }
    world_left(world);
}

static struct sw_status observe(void *self, const char *attempt, struct step_report *ret_report)
{
    struct world *world = self;
    const struct world_attempt *found = find(world, attempt);
    if (world_enter(world, "steps.observe"))
        return world_gone();
    if (found)
        *ret_report = found->report;
    (void)sw_copy(ret_report->attempt, sizeof ret_report->attempt, attempt);
    if (!found || found->running)
        ret_report->outcome = found ? STEP_RUNNING : STEP_ABSENT;
    world_left(world);
    return sw_ok();
}

static struct sw_status bar(void *self, const char *attempt)
{
    struct world *world = self;
    if (world_enter(world, "steps.bar"))
        return world_gone();
    if (world->claims_late)
        begin(world, attempt);
    world->claims_late = false;
    bool begun = find(world, attempt) != NULL;
    if (!begun)
        add(world, attempt, (struct world_attempt){ .told = true, .report = { .outcome = STEP_STOPPED } });
    world_left(world);
    return begun ? sw_fail(SW_CODE_REFUSED, "it has begun") : sw_ok();
}

/* A result counts as stored only when it is: the run directory may then be deleted. */
static void stored(void *self, const char *attempt)
{
    struct world *world = self;
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    size_t step;
    int32_t number;
    if (world_enter(world, "steps.stored"))
        return;
    assert(wf_attempt_parse(attempt, workflow, &step, &number));
    const struct wf *wf = world_workflow(world, workflow);
    assert(wf && (wf->steps[step].attempt != number || wf->steps[step].state != PROTO_STEP_RUNNING));
    if (find(world, attempt))
        find(world, attempt)->stored = true;
    world_left(world);
}

static void show_lease(void *self, int64_t epoch, int64_t valid_ms) { (void)self, (void)epoch, (void)valid_ms; }

static const char *state_dir(void *self) { return ((struct world *)self)->state_dir; }

static const char *boot(void *self)
{
    (void)self;
    return "boot-1";
}

struct steps_port world_steps(struct world *world)
{
    return (struct steps_port){ .start = start,
                                .stop = stop,
                                .observe = observe,
                                .bar = bar,
                                .show_lease = show_lease,
                                .stored = stored,
                                .state_dir = state_dir,
                                .boot = boot,
                                .self = world };
}

int64_t world_steps_next(const struct world *world)
{
    int64_t next_ms = INT64_MAX;
    for (size_t i = 0; i < world->attempt_count; i++)
        if (world->attempts[i].running && world->attempts[i].ends_ms < next_ms)
            next_ms = world->attempts[i].ends_ms;
    return next_ms;
}

void world_steps_end(struct world *world)
{
    for (size_t i = 0; i < world->attempt_count; i++)
        if (world->attempts[i].running && world->attempts[i].ends_ms <= world->now_ms)
            world->attempts[i].running = false;
}

void world_steps_tell(struct world *world)
{
    for (size_t i = 0; i < world->attempt_count; i++) {
        struct world_attempt *attempt = &world->attempts[i];
        if (attempt->running || attempt->told || leader_role(world->me->leader) != LEADER_ACTIVE)
            continue;
        attempt->told = true;
        leader_step_finished(world->me->leader, &attempt->report);
    }
}
