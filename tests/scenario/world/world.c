/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenario/world/world.h"

#include "common/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EPOCH_START_MS = 1000000, MAX_PASSES = 200000, IDLE_STEP_MS = 1000, LOST_STEP_MS = 60000 };

/* ---- faults ---- */

struct sw_status world_gone(void) { return sw_fail(SW_CODE_CLOSED, "the world says no"); }

bool world_enter(struct world *world, const char *call)
{
    if (world->me->dead)
        return true;
    if (++world->calls != world->fault_at)
        return false;
    (void)sw_copy(world->faulted, sizeof world->faulted, call);
    if (world->fault == WORLD_DIES_BEFORE)
        world->me->dead = true;
    return world->fault == WORLD_DIES_BEFORE || world->fault == WORLD_FAILS;
}

void world_left(struct world *world)
{
    if (world->calls == world->fault_at && world->fault == WORLD_DIES_AFTER)
        world->me->dead = true;
}

/* ---- life ---- */

static int32_t line(void *self, const char *path)
{
    (void)self, (void)path;
    return 1;
}

static struct config *read_config(const char *text)
{
    struct sw_buf errors = { 0 };
    struct config *config = NULL;
    json_t *root = json_loads(text, 0, NULL);
    assert(root);
    const struct config_source source = { .file = "slipway.yaml", .dir = "/srv", .root = root, .line = line };
    struct sw_status status = config_new(&source, &errors, &config);
    if (sw_failed(status))
        (void)fprintf(stderr, "%s", sw_buf_string(&errors));
    assert(!sw_failed(status));
    json_decref(root);
    sw_buf_release(&errors);
    return config;
}

void world_init_wide(struct world *world, const char *config, size_t room)
{
    *world = (struct world){ .now_ms = EPOCH_START_MS, .process_count = 1, .me = world->processes };
    world->config = read_config(config);
    world_rows_new(world, room);
    (void)sw_copy(world->state_dir, sizeof world->state_dir, "dir-1");
}

void world_init(struct world *world, const char *config, struct world_script *scripts, size_t script_count)
{
    world_init_wide(world, config, WORLD_MAX);
    world->scripts = scripts;
    world->script_count = script_count;
    for (size_t i = 0; i < script_count; i++)
        scripts[i].used = 0;
    world_boot(world);
}

int64_t world_clock(const struct world *world) { return world->now_ms + world->clock_ms; }

static uint32_t random_number(void *self)
{
    (void)self;
    return 0x7fffffff; /* no jitter to speak of: schedules are exact */
}

static void hash_text(const char *data, size_t length, char ret_hex[65])
{
    uint64_t hash = 1469598103934665603ULL;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)data[i]) * 1099511628211ULL;
    (void)snprintf(ret_hex, 65, "%064llx", (unsigned long long)hash);
}

void world_boot(struct world *world)
{
    struct world_process *me = world->me;
    const struct leader_options options = { .store = world_store(world),
                                            .log = world_log(world),
                                            .publisher = world_publisher(world),
                                            .steps = world_steps(world),
                                            .errands = world_errands(world),
                                            .config = world->config,
                                            .lease_ttl_ms = WORLD_TTL_MS,
                                            .random = random_number,
                                            .zone = world->zone,
                                            .zone_self = world->zone_self,
                                            .sha256_hex = hash_text };
    assert(!me->leader);
    me->dead = false;
    me->submitted = NULL;
    for (size_t i = 0; i < world->attempt_count; i++)
        world->attempts[i].told = false;
    me->leader = leader_new(&options);
    assert(me->leader);
}

void world_kill(struct world *world)
{
    world->me->dead = true; /* what the leader still calls has no effect */
    leader_free(world->me->leader);
    world->me->leader = NULL;
    world->me->submitted = NULL;
    world->me->asleep_until_ms = world->now_ms + world->down_ms;
    world->deaths++;
    world_errands_die(world);
}

void world_release(struct world *world)
{
    for (size_t i = 0; i < world->process_count; i++) {
        world->me = &world->processes[i];
        if (world->me->leader)
            world_kill(world);
    }
    world_rows_free(world);
    for (size_t i = 0; i < world->errand_count; i++)
        json_decref(world->errands[i].spec);
    config_free(world->config);
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Who has the lease lives, is awake and knows it. */
static bool is_led(const struct world *world)
{
    const struct world_process *holder = world->holder;
    return holder && holder->leader && holder->asleep_until_ms <= world->now_ms &&
           leader_role(holder->leader) == LEADER_ACTIVE;
}

/* One turn; returns when it wants the next one. */
static int64_t run_process(struct world *world)
{
    struct world_process *me = world->me;
    if (me->asleep_until_ms > world->now_ms)
        return me->asleep_until_ms;
    if (!me->leader)
        world_boot(world);
    world_steps_tell(world);
    world_errands_tell(world);
    int64_t due_ms = leader_pass(me->leader, world->now_ms + me->machine_ms) - me->machine_ms;
    if (me->dead) {
        world_kill(world);
        return me->asleep_until_ms;
    }
    return me->submitted ? me->answered_ms : due_ms > world->now_ms ? due_ms : world->now_ms + 1; /* time passes */
}

static int64_t run_processes(struct world *world)
{
    int64_t due_ms = INT64_MAX;
    if (is_led(world))
        world->lease_until_ms = world_clock(world) + WORLD_TTL_MS; /* its beat */
    for (size_t i = 0; i < world->process_count; i++) {
        world->me = &world->processes[i];
        world->me->due_ms = run_process(world);
        due_ms = least(due_ms, world->me->due_ms);
    }
    int64_t other_ms = least(world_steps_next(world), world_errands_next(world));
    return least(due_ms, other_ms > world->now_ms ? other_ms : world->now_ms + 1);
}

/* While somebody leads who has nothing to do, the others do not matter, and time passes until the next timer. */
static int64_t pass_over(struct world *world, int64_t next_ms)
{
    const struct world_process *holder = world->holder;
    if (!world->calm_ms || !is_led(world) || holder->due_ms < world->now_ms + IDLE_STEP_MS ||
        holder->log_next < world->log_count)
        return least(next_ms, world->now_ms + IDLE_STEP_MS);
    int64_t timer_ms = world_timer_next(world) - world->led_clock_ms;
    for (size_t i = 0; i < world->process_count; i++) /* one that wakes believes what it believed */
        if (world->processes[i].asleep_until_ms > world->now_ms)
            timer_ms = least(timer_ms, world->processes[i].asleep_until_ms);
    if (timer_ms <= world->now_ms) /* nobody knows of it: it is lost, and the test will say so */
        timer_ms = world->now_ms + LOST_STEP_MS;
    return least(world->now_ms + world->calm_ms, timer_ms);
}

void world_run(struct world *world, int64_t for_ms)
{
    int64_t until_ms = world->now_ms + for_ms;
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        if (world->tick)
            world->tick(world->tick_self);
        world_steps_end(world);
        int64_t next_ms = pass_over(world, run_processes(world));
        if (next_ms > until_ms)
            return;
        world->up_ms += is_led(world) ? next_ms - world->now_ms : 0;
        world->now_ms = next_ms;
    }
    assert(!"the world does not come to rest");
}

/* ---- what can be asked ---- */

const struct wf *world_workflow(const struct world *world, const char *id)
{
    const struct world_row *row = world_row(world, id);
    return row ? row->wf : NULL;
}

const char *world_state(const struct world *world, const char *id)
{
    const struct wf *wf = world_workflow(world, id);
    return wf ? wf->kind->state_name(wf->state) : "(none)";
}

static bool is_attempt_of(const struct world *world, const struct world_attempt *attempt, const char *workflow,
                          const char *step)
{
    char of[PROTO_WORKFLOW_ID_SIZE];
    size_t index;
    int32_t number;
    const struct wf *wf = world_workflow(world, workflow);
    return wf && wf_attempt_parse(attempt->id, of, &index, &number) && sw_equal(of, workflow) &&
           sw_equal(wf->steps[index].name, step);
}

int world_starts(const struct world *world, const char *workflow, const char *step)
{
    int starts = 0;
    for (size_t i = 0; i < world->attempt_count; i++)
        if (is_attempt_of(world, &world->attempts[i], workflow, step))
            starts += world->attempts[i].starts;
    return starts;
}

int world_effects(const struct world *world, const char *workflow, const char *step)
{
    int effects = 0;
    for (size_t i = 0; i < world->attempt_count; i++) {
        const struct world_attempt *attempt = &world->attempts[i];
        if (is_attempt_of(world, attempt, workflow, step) && !attempt->running &&
            attempt->report.outcome == STEP_EXITED && attempt->report.exit_code == 0)
            effects += attempt->starts;
    }
    return effects;
}

const struct world_event *world_reply(const struct world *world, const char *tag, const char *name)
{
    char id[PROTO_COMMAND_ID_MAX];
    (void)snprintf(id, sizeof id, "cmd:A1:%s:reply", tag);
    for (size_t i = 0; i < world->event_count; i++)
        if (world->events[i].topic == PROTO_TOPIC_REPLIES && sw_equal(world->events[i].envelope.id, id) &&
            sw_equal(jx_string(world->events[i].body, "name"), name))
            return &world->events[i];
    return NULL;
}

const struct world_event *world_event(const struct world *world, const char *workflow, int64_t n)
{
    for (size_t i = 0; i < world->event_count; i++)
        if (world->events[i].topic == PROTO_TOPIC_EVENTS && world->events[i].envelope.seq == n &&
            sw_equal(world->events[i].envelope.subject, workflow))
            return &world->events[i];
    return NULL;
}
