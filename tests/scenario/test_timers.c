/* SPDX-License-Identifier: Apache-2.0
 * Timers are rows, at scale: three orchestrators and more than 5,000 timers (reminders, snoozes until tomorrow at nine,
 * quiet hours, graces of archiving, waits of deployments) through a night in which the clocks are changed. Leaders die
 * at any call of any port, also between a commit and its answer; they sleep through their lease and wake; Postgres's
 * clock jumps; each machine has a clock of its own. Nothing is lost, nothing comes twice, nothing is late while
 * somebody leads. After two hours in which nobody ran each incident reminds once and says what was missed; what was
 * dismissed does not come back. The nights run beside each other, each in a process of its own; what fails is printed
 * with the seed of its night. */
#include "tests/scenario/world/fleet.h"

#include "common/base/log.h"
#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SECOND_MS = 1000, MINUTE_MS = 60000, HOUR_MS = 3600000, INCIDENTS = 5300, TIMERS = 5000, LATE_MS = 2000 };

/* Saturdays at 20:00 in Berlin. */
static const struct date {
    const char *name;
    int64_t start_ms, summer_from_ms, summer_until_ms, morning_ms; /* morning_ms: until half past nine */
} SPRING = { "forward", 1774724400000, 1774746000000, 1792890000000, 12 * HOUR_MS + 30 * MINUTE_MS },
  AUTUMN = { "back", 1792864800000, 1774746000000, 1792890000000, 14 * HOUR_MS + 30 * MINUTE_MS };

static uint32_t random_below(uint32_t *seed, uint32_t limit)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % limit;
}

/* ---- who is there ---- */

static const struct part {
    int from, to, priority;
    const char *said;  /* at once, or at a time of the night that depends on the number; "": nothing */
    bool in_the_night; /* hours before they would be reminded */
} PARTS[] = {
    { 0, 800, 1, "", false },     /* after 5 hours */
    { 800, 1000, 5, "", false },  /* of two things at once */
    { 1000, 1060, 4, "", false }, /* of two things, every 30 minutes, but not in the night */
    { 1060, 2400, 3, "", false }, /* every 90 minutes, but not in the night */
    { 2400, 3600, 2, "snooze", false } /* until nine */,
    { 3600, 4800, 1, "cancel", false }, /* archived after 4 hours */
    { 4800, 5000, 2, "mitigate", false },
    { 5000, 5150, 1, "mitigate", true },
    { 5150, INCIDENTS, 1, "cancel", true },
};

static void say_now(struct fleet *fleet, const struct part *part)
{
    for (int number = part->from; *part->said && !part->in_the_night && number < part->to; number++)
        fleet_say(fleet, number, part->said);
}

static struct fleet *settle(const struct date *date)
{
    struct fleet *fleet = fleet_new(date->start_ms, date->summer_from_ms, date->summer_until_ms);
    for (int number = 0; number < FLEET_SERVICES; number++)
        fleet_deploy(fleet, number);
    for (size_t i = 0; i < SW_COUNT(PARTS); i++)
        for (int number = PARTS[i].from; number < PARTS[i].to; number++)
            fleet_declare(fleet, number, PARTS[i].priority);
    world_run(&fleet->world, 4 * MINUTE_MS);
    for (size_t i = 0; i < SW_COUNT(PARTS); i++)
        say_now(fleet, &PARTS[i]);
    world_run(&fleet->world, 4 * MINUTE_MS);
    return fleet;
}

/* ---- what happens in the night ---- */

struct night {
    struct fleet *fleet;
    uint32_t seed, random;
    int64_t next_turn_ms;
    int deaths, takeovers, jumps;
    int said; /* of those who speak in the night */
};

static int64_t clock_of(const struct world *world)
{
    int64_t led_ms = world->now_ms + world->led_clock_ms;
    return led_ms > world->last_at_ms ? led_ms : world->last_at_ms;
}

/* It sleeps until long after its lease, and wakes as one who believes that it leads. */
static void sleep_through(struct night *night)
{
    struct world *world = &night->fleet->world;
    world->holder->asleep_until_ms = world->now_ms + (int64_t)random_below(&night->random, 20) * SECOND_MS;
    night->takeovers++;
}

/* Up to 20 minutes forward or back; who led knows nothing of it until it has to take the lease again. */
static void jump(struct night *night)
{
    struct world *world = &night->fleet->world;
    world->clock_ms += ((int64_t)random_below(&night->random, 41) - 20) * MINUTE_MS;
    night->jumps++;
    if (random_below(&night->random, 2))
        sleep_through(night);
}

/* At one of the next calls of any port, before or after it has its effect. */
static void die_soon(struct night *night)
{
    struct world *world = &night->fleet->world;
    world->fault = random_below(&night->random, 2) ? WORLD_DIES_BEFORE : WORLD_DIES_AFTER;
    world->fault_at = world->calls + 1 + (int)random_below(&night->random, 60);
    world->down_ms = (int64_t)random_below(&night->random, 30) * SECOND_MS;
    world->lease_is_provably_dead = random_below(&night->random, 2); /* it ran on this machine */
    night->deaths++;
}

static void speak(struct night *night, int64_t since_ms)
{
    for (int n = night->said; n < INCIDENTS - TIMERS && since_ms > HOUR_MS + n / 50 * (int64_t)(10 * MINUTE_MS); n++) {
        fleet_say(night->fleet, TIMERS + n, n < 150 ? "mitigate" : "cancel");
        night->said = n + 1;
    }
}

static void turn(struct night *night)
{
    switch (random_below(&night->random, 10)) {
    case 0:
        sleep_through(night);
        return;
    case 1:
        jump(night);
        return;
    default:
        die_soon(night);
        return;
    }
}

/* Before each step of the world. Most turns come while much is due: then steps are short and calls are many. */
static void tick(void *self)
{
    struct night *night = self;
    struct world *world = &night->fleet->world;
    oracle_moment(&night->fleet->oracle, world->now_ms, clock_of(world), world->up_ms);
    speak(night, clock_of(world) - night->fleet->oracle.incidents[0].declared_ms);
    if (!night->random || !world->holder || world->fault_at > world->calls || world->now_ms < night->next_turn_ms)
        return;
    bool busy = world->holder->submitted;
    if (!busy && random_below(&night->random, 40) != 0)
        return;
    turn(night);
    night->next_turn_ms = world->now_ms + (int64_t)random_below(&night->random, busy ? 30 : 4000) * SECOND_MS;
}

static void begin(struct night *night)
{
    struct world *world = &night->fleet->world;
    night->random = night->fleet->oracle.seed = night->seed;
    world->tick = tick;
    world->tick_self = night;
    for (size_t i = 0; i < world->process_count; i++)
        world->processes[i].machine_ms += (int64_t)i * 7777777;
}

static int report(struct night *night, const char *what)
{
    struct oracle *oracle = &night->fleet->oracle;
    const struct world *world = &night->fleet->world;
    int64_t owed = oracle_owed(oracle, clock_of(world));
    struct oracle_late middle = oracle_percentile(oracle, 50), most = oracle_percentile(oracle, 99),
                       worst = oracle_percentile(oracle, 100);
    printf("%s, seed %u: %lld fired; %lld lost, %lld double or wrong, %lld caught up; late while somebody leads p50 "
           "%lld ms, p99 %lld ms, worst %lld ms (with takeovers %lld, %lld, %lld ms); %d deaths, %d slept through "
           "their lease, %d jumps, %d commits\n",
           what, night->seed, (long long)oracle->fired, (long long)owed, (long long)(oracle->wrong - owed),
           (long long)oracle->caught_up, (long long)middle.up_ms, (long long)most.up_ms, (long long)worst.up_ms,
           (long long)middle.ms, (long long)most.ms, (long long)worst.ms, world->deaths, night->takeovers, night->jumps,
           world->commits);
    (void)fflush(stdout);
    return oracle->wrong || most.up_ms >= LATE_MS || night->fleet->refusals;
}

/* ---- nights ---- */

static void until_morning(struct night *night, const struct date *date)
{
    struct world *world = &night->fleet->world;
    while (clock_of(world) < date->start_ms + date->morning_ms)
        world_run(world, 10 * MINUTE_MS);
    night->random = 0; /* peace: what was due comes now, if it comes */
    world->fault = WORLD_NO_FAULT;
    world_run(world, 2 * MINUTE_MS);
}

static int chaos(const struct date *date, struct fleet *fleet, uint32_t seed)
{
    struct night night = { .fleet = fleet, .seed = seed };
    begin(&night);
    until_morning(&night, date);
    int bad = report(&night, date->name);
    for (int number = 2400; number < 3600; number++) /* at nine, when it is nine */
        bad += fleet->oracle.incidents[number].reminders != 1;
    for (int number = 3600; number < INCIDENTS; number++) /* those that were dismissed */
        bad += fleet->oracle.incidents[number].reminders != 0;
    bad += night.deaths < 5 || night.takeovers < 1 || fleet->oracle.fired < TIMERS;
    return bad;
}

/* Nobody runs. */
static void outage(struct night *night, int64_t for_ms)
{
    struct world *world = &night->fleet->world;
    for (size_t i = 0; i < world->process_count; i++) {
        world->me = &world->processes[i];
        world_kill(world);
        world->me->asleep_until_ms = world->now_ms + for_ms;
    }
    for (int number = 0; number < INCIDENTS; number++)
        night->fleet->oracle.incidents[number].since_back = 0;
    world_run(world, for_ms + 5 * MINUTE_MS);
}

static bool reminded_again(const struct night *night, int number)
{
    int reminders = night->fleet->oracle.incidents[number].since_back;
    if (reminders > 1)
        (void)fprintf(stderr, "seed %u: number %d: %d reminders after an outage\n", night->seed, number, reminders);
    return reminders > 1;
}

static int two_hours(const struct date *date, struct fleet *fleet, uint32_t seed)
{
    struct night night = { .fleet = fleet, .seed = seed };
    int bad = 0;
    begin(&night);
    night.random = 0;
    const int64_t AFTER_MS[] = { 45 * MINUTE_MS,  /* into the quiet hours */
                                 200 * MINUTE_MS, /* across one reminder of two things */
                                 date->morning_ms - 130 * MINUTE_MS };
    for (size_t i = 0; i < SW_COUNT(AFTER_MS); i++) {
        world_run(&fleet->world, date->start_ms + AFTER_MS[i] - clock_of(&fleet->world));
        outage(&night, 2 * HOUR_MS);
        for (int number = 0; number < INCIDENTS; number++)
            bad += reminded_again(&night, number);
    }
    until_morning(&night, date);
    return report(&night, date->name) + bad + !fleet->oracle.caught_up;
}

/* ---- side by side ---- */

typedef int night_of(const struct date *date, struct fleet *fleet, uint32_t seed);

/* A night in a process of its own, on a copy of the same evening. */
static pid_t spend(night_of *night, const struct date *date, struct fleet *fleet, uint32_t seed)
{
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    int bad = night(date, fleet, seed);
    (void)fflush(NULL);
    _exit(bad ? 1 : 0); /* what it has is given back with it */
}

static const struct date *const DATES[] = { &SPRING, &AUTUMN };
static struct fleet *evenings[SW_COUNT(DATES)];

static int settle_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(DATES); i++)
        evenings[i] = settle(DATES[i]);
    for (size_t i = 0; i < SW_COUNT(DATES); i++)
        assert_true(evenings[i]->world.timer_count >= TIMERS);
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(DATES); i++)
        fleet_free(evenings[i]);
    return 0;
}

/* SLIPWAY_NIGHTS=20: so many nights of each date instead of one; no two have the same seed. */
static uint32_t nights(void)
{
    const char *said = getenv("SLIPWAY_NIGHTS");
    return said ? (uint32_t)strtoul(said, NULL, 10) : 1;
}

static void spend_all(night_of *night, uint32_t count)
{
    int bad = 0;
    for (uint32_t seed = 1; count > 0; count--) {
        pid_t children[SW_COUNT(DATES)];
        for (size_t i = 0; i < SW_COUNT(DATES); i++)
            children[i] = spend(night, DATES[i], evenings[i], seed++);
        for (size_t i = 0; i < SW_COUNT(DATES); i++) {
            int status = 1;
            assert_true(waitpid(children[i], &status, 0) == children[i]);
            bad += status != 0;
        }
    }
    assert_int_equal(bad, 0);
}

static void test_nothing_is_lost_or_comes_twice_whoever_dies(void **state)
{
    (void)state;
    spend_all(chaos, nights());
}

static void test_after_two_hours_each_reminds_once(void **state)
{
    (void)state;
    spend_all(two_hours, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_lost_or_comes_twice_whoever_dies),
        cmocka_unit_test(test_after_two_hours_each_reminds_once),
    };
    sw_log_set_level(SW_ERROR);
    return cmocka_run_group_tests(tests, settle_all, free_all);
}
