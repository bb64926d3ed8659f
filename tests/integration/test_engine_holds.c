/* SPDX-License-Identifier: Apache-2.0
 * Incidents hold deployments, on the engine with a real Postgres: in one commit, across restarts and takeovers, until
 * their time is over. The command log, the steps and what is published are made up; the monotonic clock can be moved
 * ahead. */
#include "tests/integration/pg_fixture.h"

#include "common/base/text.h"
#include "orchestrator/core/config.h"
#include "orchestrator/engine/leader.h"
#include "proto/workflow_id.h"

#include <stdlib.h>

enum { MAX_RECORDS = 64, MAX_ATTEMPTS = 64, MINUTE_MS = 60 * 1000, TTL_MS = 1000 };

static const char CONFIG[] =
    "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{"
    "\"site\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"},"
    "\"shop\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"one\"}},"
    "\"pipelines\":{\"one\":{\"steps\":[{\"name\":\"build\",\"run\":[\"./build\"],\"on_unknown\":\"retry\"}]}},"
    "\"incidents\":{\"main\":\"CMAIN\",\"notify\":\"CNOTIFY\",\"nag_grid\":0}}";

/* ---- what is around the engine ---- */

static struct {
    char *values[MAX_RECORDS];
    struct proto_envelope envelopes[MAX_RECORDS];
    int64_t count, next;
} topic;

static struct {
    char ids[MAX_ATTEMPTS][WF_ATTEMPT_ID_SIZE];
    size_t count, ended; /* in the order in which they were started */
} attempts;

static int64_t published, ahead_ms; /* by how much the monotonic clock was moved */
static struct config *config;
static struct fixture_store one, two;
static struct leader *leader;
static struct fixture_store *leaders_store;

static struct sw_status log_begin(void *self, const struct log_cursor *cursor, struct log_cursor *ret_cursor,
                                  bool *ret_new_log)
{
    (void)self;
    *ret_cursor = *cursor;
    (void)sw_copy(ret_cursor->cluster_id, sizeof ret_cursor->cluster_id, "cluster-1");
    topic.next = cursor->next_offset;
    *ret_new_log = false;
    return sw_ok();
}

static struct log_record *log_pull(void *self)
{
    (void)self;
    if (topic.next >= topic.count)
        return NULL;
    struct log_record *record = calloc(1, sizeof *record);
    record->offset = topic.next;
    record->envelope = topic.envelopes[topic.next];
    record->value = strdup(topic.values[topic.next++]);
    record->value_bytes = strlen(record->value);
    (void)snprintf(record->hash, sizeof record->hash, "hash-%lld", (long long)record->offset);
    return record;
}

static struct sw_status log_health(void *self)
{
    (void)self;
    return sw_ok();
}

static void nothing(void *self) { (void)self; }

static struct sw_status publisher_begin(void *self, int64_t epoch, int64_t published_id, int64_t last_id)
{
    (void)self, (void)epoch, (void)published_id;
    published = last_id;
    return sw_ok();
}

static void publish_take(void *self, struct outbox_row **rows, size_t count)
{
    (void)self;
    for (size_t i = 0; i < count; i++) {
        published = rows[i]->id;
        outbox_row_free(rows[i]);
    }
}

static int64_t published_id(void *self)
{
    (void)self;
    return published;
}

static int64_t no_bytes(void *self)
{
    (void)self;
    return 0;
}

static struct sw_status steps_start(void *self, const char *attempt, const json_t *spec)
{
    (void)self, (void)spec;
    assert_true(attempts.count < MAX_ATTEMPTS);
    assert_true(sw_copy(attempts.ids[attempts.count++], WF_ATTEMPT_ID_SIZE, attempt));
    return sw_ok();
}

static void steps_of_attempt(void *self, const char *attempt) { (void)self, (void)attempt; }

static struct sw_status steps_observe(void *self, const char *attempt, struct step_report *ret_report)
{
    (void)self;
    *ret_report = (struct step_report){ .outcome = STEP_ABSENT };
    for (size_t i = 0; i < attempts.count; i++)
        if (sw_equal(attempts.ids[i], attempt))
            ret_report->outcome = STEP_RUNNING;
    (void)sw_copy(ret_report->attempt, sizeof ret_report->attempt, attempt);
    return sw_ok();
}

static struct sw_status steps_bar(void *self, const char *attempt)
{
    (void)self, (void)attempt;
    return sw_ok();
}

static void steps_lease(void *self, int64_t epoch, int64_t valid_ms) { (void)self, (void)epoch, (void)valid_ms; }

static const char *steps_place(void *self)
{
    (void)self;
    return "place-1";
}

static uint32_t random_number(void *self)
{
    (void)self;
    return 7;
}

static void hash_text(const char *data, size_t length, char ret_hex[65])
{
    uint64_t hash = 1469598103934665603ULL;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)data[i]) * 1099511628211ULL;
    (void)snprintf(ret_hex, 65, "%064llx", (unsigned long long)hash);
}

/* ---- life ---- */

static int32_t line(void *self, const char *path)
{
    (void)self, (void)path;
    return 1;
}

static struct config *read_config(void)
{
    struct sw_buf errors = { 0 };
    struct config *read = NULL;
    JX_AUTO json_t *root = json_loads(CONFIG, 0, NULL);
    const struct config_source source = { .file = "slipway.yaml", .dir = "/srv", .root = root, .line = line };
    struct sw_status status = config_new(&source, &errors, &read);
    if (sw_failed(status))
        fail_msg("%s", sw_buf_string(&errors));
    sw_buf_release(&errors);
    return read;
}

static struct leader *new_leader(struct fixture_store *store)
{
    const struct leader_options options = {
        .store = store->port,
        .log = { .begin = log_begin, .pull = log_pull, .health = log_health, .stop = nothing },
        .publisher = { .begin = publisher_begin,
                       .publish_take = publish_take,
                       .published = published_id,
                       .unpublished_bytes = no_bytes,
                       .stop = nothing },
        .steps = { .start = steps_start,
                   .stop = steps_of_attempt,
                   .observe = steps_observe,
                   .bar = steps_bar,
                   .show_lease = steps_lease,
                   .stored = steps_of_attempt,
                   .state_dir = steps_place,
                   .boot = steps_place },
        .config = config,
        .lease_ttl_ms = TTL_MS,
        .random = random_number,
        .sha256_hex = hash_text
    };
    struct leader *made = leader_new(&options);
    assert_non_null(made);
    leaders_store = store;
    return made;
}

static void pass(void)
{
    struct pollfd waiting = { .fd = store_pg_fd(leaders_store->store), .events = POLLIN };
    (void)leader_pass(leader, sw_monotonic_ms() + ahead_ms);
    (void)poll(&waiting, waiting.fd >= 0 ? 1 : 0, 2);
}

#define UNTIL(condition)                                                                                               \
    do {                                                                                                               \
        int64_t deadline_ms_ = sw_monotonic_ms() + 20000;                                                              \
        while (!(condition)) {                                                                                         \
            if (sw_monotonic_ms() > deadline_ms_)                                                                      \
                fail_msg("never: %s", #condition);                                                                     \
            pass();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* Everything that was said is done, and durable. */
static void settle(void)
{
    UNTIL(fixture_number("SELECT next_offset FROM slipway.cursor") == topic.count);
    for (int i = 0; i < 20; i++)
        pass();
}

static void end_steps(void)
{
    while (attempts.ended < attempts.count) {
        struct step_report report = { .outcome = STEP_EXITED };
        (void)sw_copy(report.attempt, sizeof report.attempt, attempts.ids[attempts.ended++]);
        leader_step_finished(leader, &report);
        settle();
    }
}

/* The process dies, and another one of its name begins. */
static void restart(void)
{
    leader_free(leader);
    fixture_close(&one);
    fixture_open(&one, "one", TTL_MS);
    leader = new_leader(&one);
}

static int begin(void **state)
{
    (void)fixture_empty(state);
    one = two = (struct fixture_store){ 0 };
    topic.count = topic.next = 0;
    attempts.count = attempts.ended = 0;
    published = ahead_ms = 0;
    config = read_config();
    fixture_open(&one, "one", TTL_MS);
    leader = new_leader(&one);
    UNTIL(leader_role(leader) == LEADER_ACTIVE);
    return 0;
}

static int end(void **state)
{
    (void)state;
    leader_free(leader);
    fixture_close(&one);
    if (two.store)
        fixture_close(&two);
    config_free(config);
    for (int64_t i = 0; i < topic.count; i++)
        free(topic.values[i]);
    return 0;
}

/* ---- what people say ---- */

static const char *speaker = "U1";

static const char *say(const char *name, char prefix, const char *args)
{
    static char ids[MAX_RECORDS][PROTO_WORKFLOW_ID_SIZE];
    struct proto_command command = { .actor = { .team = "T1", .membership = PROTO_MEMBER_FULL },
                                     .channel = "C1",
                                     .origin = "slash" };
    struct proto_envelope *envelope = &topic.envelopes[topic.count];
    char *id = ids[topic.count];
    const uint8_t digest[32] = { (uint8_t)(topic.count + 1) };
    proto_workflow_id(prefix, digest, id);
    (void)snprintf(command.id, sizeof command.id, "cmd:A1:%lld", (long long)topic.count);
    (void)sw_copy(command.name, sizeof command.name, name);
    (void)sw_copy(command.actor.user, sizeof command.actor.user, speaker);
    (void)sw_copy(command.workflow, sizeof command.workflow, id);
    (void)sw_copy(command.gateway, sizeof command.gateway, "gateway-1");
    command.args = json_loads(args, 0, NULL);
    JX_AUTO json_t *json = proto_command_encode(&command);
    *envelope = (struct proto_envelope){ 0 };
    (void)sw_copy(envelope->id, sizeof envelope->id, command.id);
    proto_type_join("command", name, 1, envelope->type);
    topic.values[topic.count++] = jx_dump_new(json);
    json_decref(command.args);
    return id;
}

static const char *declare(int priority)
{
    char args[128];
    (void)snprintf(args, sizeof args, "{\"title\":\"Nothing loads\",\"priority\":%d,\"service\":\"site\"}", priority);
    return say("declare", 'i', args);
}

static void tell(const char *incident, const char *verb, const char *text)
{
    char args[200];
    (void)snprintf(args, sizeof args, "{\"verb\":\"%s\",\"text\":\"%s\",\"target\":\"%s\"}", verb, text, incident);
    (void)say("incident", 'x', args);
}

static void break_glass(const char *user, const char *deployment, const char *reason)
{
    char args[200];
    speaker = user;
    (void)snprintf(args, sizeof args, "{\"target\":\"%s\",\"reason\":\"%s\"}", deployment, reason);
    (void)say("break_glass", 'x', args);
    speaker = "U1";
}

static const char *deploy(const char *service)
{
    char args[64];
    (void)snprintf(args, sizeof args, "{\"service\":\"%s\"}", service);
    return say("deploy", 'd', args);
}

/* In the database. */
static bool is(const char *id, const char *workflow_state)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM slipway.workflow WHERE id = '%s' AND state = '%s'", id,
                   workflow_state);
    return fixture_number(sql) == 1;
}

static int64_t holds(void) { return fixture_number("SELECT count(*) FROM slipway.hold"); }

/* ---- tests ---- */

static void test_a_hold_and_its_incident_are_one_commit(void **state)
{
    (void)state;
    (void)declare(1);
    const char *held = deploy("site");
    UNTIL(holds() == 1);
    assert_int_equal(fixture_number("SELECT count(*) FROM slipway.workflow w JOIN slipway.hold h ON h.origin = w.id "
                                    "WHERE w.xmin = h.xmin"),
                     1);
    settle();
    assert_true(is(held, "queued"));
    assert_int_equal(attempts.count, 0);
}

static void test_a_hold_outlives_a_restart_and_ends_at_its_time(void **state)
{
    (void)state;
    const char *incident = declare(3);
    settle();
    tell(incident, "hold", "site 30m");
    const char *held = deploy("site");
    settle();
    assert_int_equal(holds(), 1);
    restart();
    UNTIL(leader_role(leader) == LEADER_ACTIVE); /* a term's time begins with the database's */
    ahead_ms = 20LL * MINUTE_MS;
    settle();
    assert_true(is(held, "queued"));
    ahead_ms = 40LL * MINUTE_MS;
    UNTIL(is(held, "running"));
    assert_int_equal(holds(), 0);
    UNTIL(fixture_number("SELECT json_array_length(facts::json -> 'holds') FROM slipway.workflow WHERE kind = "
                         "'incident'") == 0);
}

static void test_a_person_releases_it(void **state)
{
    (void)state;
    const char *incident = declare(1), *held = deploy("site");
    settle();
    assert_true(is(held, "queued"));
    tell(incident, "release", "");
    UNTIL(is(held, "running"));
    assert_int_equal(holds(), 0);
}

static void test_it_ends_with_its_incident(void **state)
{
    (void)state;
    const char *incident = declare(1), *held = deploy("site");
    settle();
    tell(incident, "cancel", "a false alarm");
    UNTIL(is(held, "running"));
    assert_int_equal(holds(), 0);
}

/* The first leader hangs: the second one takes over, and what the first one still wants to write is refused. */
static void test_a_takeover_keeps_it(void **state)
{
    (void)state;
    const char *incident = declare(1), *held = deploy("site"), *free_one = deploy("shop");
    settle();
    assert_true(is(free_one, "running"));
    struct leader *first = leader;
    one.hangs = true;
    fixture_open(&two, "two", TTL_MS);
    leader = new_leader(&two);
    UNTIL(leader_role(leader) == LEADER_ACTIVE);
    end_steps();
    assert_true(is(free_one, "succeeded"));
    assert_true(is(held, "queued"));
    leader_free(first);
    tell(incident, "release", "");
    UNTIL(is(held, "running"));
    assert_int_equal(holds(), 0);
}

/* Of six in one lane the held ones are stepped over and keep their places: 2, 4, 6, then 1, 3, 5. */
static void test_the_order_is_strict_among_those_that_may_start(void **state)
{
    (void)state;
    static const int EXPECTED[] = { 1, 3, 5, 0, 2, 4 };
    const char *incident = declare(1), *ids[6];
    for (int i = 0; i < 6; i++)
        ids[i] = deploy(i % 2 ? "shop" : "site");
    settle();
    end_steps();
    assert_int_equal(attempts.count, 3);
    restart();
    UNTIL(leader_role(leader) == LEADER_ACTIVE);
    tell(incident, "release", "");
    settle();
    end_steps();
    assert_int_equal(attempts.count, 6);
    for (int i = 0; i < 6; i++)
        assert_memory_equal(attempts.ids[i], ids[EXPECTED[i]], strlen(ids[EXPECTED[i]]));
}

/* Asked, agreed to, and waiting for its lane: each with a process of its own. */
static void test_what_two_people_let_pass_outlives_restarts(void **state)
{
    (void)state;
    static const char TIMERS[] = "SELECT count(*) FROM slipway.timer WHERE name = 'glass'";
    (void)declare(1);
    const char *runs = deploy("shop"), *held = deploy("site"), *other = deploy("site");
    break_glass("U1", held, "it mends");
    settle();
    assert_int_equal(fixture_number(TIMERS), 1);
    restart();
    UNTIL(leader_role(leader) == LEADER_ACTIVE);
    break_glass("U1", held, "it mends"); /* the same person again */
    settle();
    assert_int_equal(fixture_number(TIMERS), 1);
    break_glass("U2", held, "");
    settle();
    assert_int_equal(fixture_number(TIMERS), 0);
    assert_true(is(runs, "running") && is(held, "queued"));
    restart();
    UNTIL(leader_role(leader) == LEADER_ACTIVE);
    end_steps();
    assert_true(is(runs, "succeeded") && is(held, "succeeded") && is(other, "queued"));
    assert_int_equal(holds(), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_hold_and_its_incident_are_one_commit),
        TEST(test_a_hold_outlives_a_restart_and_ends_at_its_time),
        TEST(test_a_person_releases_it),
        TEST(test_it_ends_with_its_incident),
        TEST(test_a_takeover_keeps_it),
        TEST(test_what_two_people_let_pass_outlives_restarts),
        TEST(test_the_order_is_strict_among_those_that_may_start),
    };
    return cmocka_run_group_tests(tests, fixture_begin, fixture_end);
}
