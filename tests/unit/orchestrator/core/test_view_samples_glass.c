/* SPDX-License-Identifier: Apache-2.0
 * As test_view_samples.c: a deployment that an incident holds, and two people who break the glass: what is said in its
 * message, in the incident's channel and privately. Also in words that want to be something else. */
#include "tests/unit/orchestrator/core/view_samples.h"

#include "orchestrator/core/deployment.h"
#include "orchestrator/core/deployment_glass.h"

bool samples_write;

static const char INCIDENTS[] = "{\"main\":\"CMAIN\",\"prefix\":\"inc-\",\"nag_grid\":0}";

struct life {
    struct samples samples;
    struct wf *wf;
    int hold; /* number of the hold that is in force; 0: none */
};

static struct life *living; /* for holds(), whose self is the bench's */

/* As the engine answers. */
static json_t *holds(void *self, const struct wf *wf)
{
    char id[32];
    (void)self;
    (void)snprintf(id, sizeof id, "i-0000000000001:%d", living->hold);
    if (!living->hold || deployment_glass_passes(wf, id))
        return json_array();
    return json_pack("[{ss ss ss ss}]", "id", id, "by", "i-0000000000001", "channel", "C42", "reason",
                     "incident #42: Checkout *errors* & <slow> payments");
}

/* What is announced of the deployment is news to the incident. */
static void spread(struct life *life, const struct wf_update *update)
{
    for (size_t i = 0; i < update->effect_count; i++) {
        const char *event = update->effects[i].event;
        if (update->effects[i].kind != WF_EVENT || !INCIDENT_KIND.watches(life->samples.bench.wf, life->wf))
            continue;
        assert_false(sw_failed(
            bench_tell(&life->samples.bench, (struct wf_input){ .kind = WF_NEWS, .other = life->wf, .event = event })));
        sample_turn(&life->samples, event);
    }
}

static void turn(struct life *life, const char *said, struct wf_input input)
{
    struct bench *bench = &life->samples.bench;
    struct wf_update update = { 0 };
    bench->now_ms += BENCH_MINUTE;
    input.config = bench->config;
    input.reads = &bench->reads;
    input.now_ms = bench->now_ms;
    assert_false(sw_failed(DEPLOYMENT_KIND.step(life->wf, &input, &update)));
    sample_keep(&life->samples, said, life->wf, &update, input.now_ms);
    spread(life, &update);
    wf_update_release(&update);
}

static void say(struct life *life, const char *user, const char *name, json_t *args)
{
    life->samples.bench.user = user;
    struct proto_command command = bench_command(&life->samples.bench, name, args);
    turn(life, name, (struct wf_input){ .kind = WF_COMMAND, .command = &command });
    json_decref(args);
}

static void ask(struct life *life, const char *user, const char *reason)
{
    say(life, user, "break_glass", json_pack("{ss?}", "reason", reason));
}

static void press(struct life *life, const char *user, const char *name, int request)
{
    say(life, user, name, json_pack("{si}", "request", request));
}

static void timer(struct life *life, const char *name)
{
    turn(life, name, (struct wf_input){ .kind = WF_TIMER, .timer = name });
}

static void begin(struct life *life)
{
    *life = (struct life){ .samples = { .lines = { .max_bytes = 8 * 1024 * 1024 } }, .hold = 1 };
    living = life;
    bench_open_with(&life->samples.bench, INCIDENTS);
    life->samples.bench.reads.holds = holds;
    assert_true(bench_declare_as(
        &life->samples.bench, "declare",
        json_pack("{ss si ss}", "title", "Checkout *errors* & <slow> payments", "priority", 3, "service", "site")));
    sample_answer(&life->samples);
    life->wf = wf_new(&DEPLOYMENT_KIND, "d-0000000000001", 0);
    life->wf->state = PROTO_DEPLOYMENT_QUEUED;
    life->wf->created_at_ms = life->samples.bench.now_ms;
    json_decref(life->wf->facts);
    life->wf->facts = json_pack("{ss ss ss ss ss ss ss}", "service", "site", "environment", "staging", "ref", "main",
                                "team", "T1", "user", "U1", "home_team", "T1", "home_channel", "C1");
}

static void end(struct life *life, const char *name)
{
    sample_end(&life->samples, name);
    wf_free(life->wf);
    bench_close(&life->samples.bench);
}

/* ---- lives ---- */

static void test_two_people_break_the_glass(void **state)
{
    (void)state;
    struct life life;
    begin(&life);
    ask(&life, "U1", NULL);
    ask(&life, "U1", "it mends what is broken");
    ask(&life, "U1", "it really does");
    press(&life, "U1", "break_glass_agree", 1);
    press(&life, "U2", "break_glass_decline", 1);
    press(&life, "U2", "break_glass_agree", 1);
    ask(&life, "U1", "please");
    press(&life, "U1", "break_glass_decline", 2);
    ask(&life, "U1", "nobody is awake");
    timer(&life, "glass");
    press(&life, "U2", "break_glass_agree", 3);
    ask(&life, "U1", "it will be over soon");
    life.hold = 0;
    timer(&life, "line");
    ask(&life, "U1", "nothing holds it");
    press(&life, "U2", "break_glass_agree", 4);
    life.hold = 2;
    ask(&life, "U1", "it mends what is broken");
    press(&life, "U2", "break_glass_agree", 5);
    press(&life, "U3", "break_glass_agree", 5);
    life.hold = 3;
    ask(&life, "U3", "again & <again>");
    say(&life, "U1", "cancel", json_object());
    press(&life, "U3", "break_glass_agree", 5);
    end(&life, "break-glass");
}

static void test_hostile_reasons(void **state)
{
    (void)state;
    static const char REASON[] = "<!channel> &amp; & <b>*_~ `c` ```x``` @here <@U0> <https://e.example|ok> "
                                 "\xE2\x80\xAE"
                                 "dlrow\x07\x1B[31m\xC2\x85\xE2\x80\xA8 \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
    char reason[500] = "";
    struct life life;
    begin(&life);
    while (strlen(reason) + sizeof REASON < sizeof reason)
        (void)strcat(reason, REASON);
    ask(&life, "U1", reason);
    press(&life, "U2", "break_glass_decline", 1);
    ask(&life, "U1", reason);
    press(&life, "U2", "break_glass_agree", 2);
    end(&life, "hostile-break-glass");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_people_break_the_glass),
        cmocka_unit_test(test_hostile_reasons),
    };
    samples_write = argc == 2 && sw_equal(argv[1], "--write");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
