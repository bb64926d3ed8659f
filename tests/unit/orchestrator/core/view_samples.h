/* SPDX-License-Identifier: Apache-2.0
 * view_samples: what the core makes of the lives of workflows, as files that the gateway's tests read: one file a life,
 * one line a turn:
 *
 *   {"said":"point", "view":{the view after it}, "events":["acknowledged"], "orders":[{...}], "reply":{...}|null}
 *
 * What the engine adds stands in them as it would be: n, epoch and at of the view, command and at of the reply. A reply
 * without a view is sent with that of the turn. For test_view_samples*.c. */
#ifndef TESTS_UNIT_ORCHESTRATOR_CORE_VIEW_SAMPLES_H
#define TESTS_UNIT_ORCHESTRATOR_CORE_VIEW_SAMPLES_H

#include "tests/unit/orchestrator/core/incident_bench.h"

#define SAMPLES_DIR "tests/fixtures/views/"

struct samples {
    struct bench bench; /* an incident's */
    struct sw_buf lines;
    int64_t n;
};

extern bool samples_write; /* the program defines it: the files are written, not compared */

static inline void samples_read_arguments(int argc, char **argv)
{
    samples_write = argc == 2 && sw_equal(argv[1], "--write");
}

static inline json_t *sample_view_new(const struct samples *samples, const struct wf *wf, int64_t now_ms)
{
    struct proto_view view = { 0 };
    if (!wf)
        return json_null();
    assert_false(sw_failed(wf->kind->view(wf, &view)));
    view.n = samples->n;
    view.epoch = BENCH_NOW;
    view.at_ms = now_ms;
    json_t *json = proto_view_encode(&view);
    proto_view_release(&view);
    assert_non_null(json);
    return json;
}

static inline json_t *sample_reply_new(const struct samples *samples, struct proto_reply *reply, int64_t now_ms)
{
    (void)snprintf(reply->command, sizeof reply->command, "cmd:sample:%lld", (long long)samples->n);
    reply->at_ms = now_ms;
    json_t *json = proto_reply_encode(reply);
    assert_non_null(json);
    return json;
}

static inline void sample_add(struct samples *samples, json_t *turn)
{
    SW_AUTO_FREE char *line = json_dumps(turn, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
    assert_non_null(line);
    sw_buf_printf(&samples->lines, "%s%s", samples->lines.length ? ",\n" : "", line);
    json_decref(turn);
}

/* One turn; nothing when it says nothing to anybody. wf may be NULL. */
static inline void sample_keep(struct samples *samples, const char *said, const struct wf *wf,
                               const struct wf_update *update, int64_t now_ms)
{
    json_t *events = json_array(), *orders = json_array(), *reply = NULL;
    samples->n++;
    for (size_t i = 0; i < update->effect_count; i++) {
        const struct wf_effect *effect = &update->effects[i];
        if (effect->kind == WF_EVENT)
            assert_int_equal(json_array_append_new(events, json_string(effect->event)), 0);
        if (effect->order)
            assert_int_equal(json_array_append(orders, effect->order), 0);
        if (effect->kind == WF_REPLY)
            reply = sample_reply_new(samples, effect->reply, now_ms);
    }
    const bool silent = json_array_size(events) == 0 && !reply;
    json_t *turn = json_pack("{ss so so so so}", "said", said, "view", sample_view_new(samples, wf, now_ms), "events",
                             events, "orders", orders, "reply", reply ? reply : json_null());
    assert_non_null(turn);
    if (silent)
        json_decref(turn);
    else
        sample_add(samples, turn);
}

static inline void sample_compare(const char *path, const char *made)
{
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s is not there: run tests/fixtures/views/write", path);
    SW_AUTO_FREE char *kept = calloc(1, strlen(made) + 2);
    assert_non_null(kept);
    const size_t length = fread(kept, 1, strlen(made) + 1, file);
    (void)fclose(file);
    size_t line = 1, i = 0;
    for (; made[i] && made[i] == kept[i]; i++)
        line += made[i] == '\n';
    if (made[i] != kept[i])
        fail_msg("%s, line %zu is not what the core makes today (%zu bytes are the same). If that is right, run "
                 "tests/fixtures/views/write and look at what changes",
                 path, line, i);
    assert_int_equal(length, strlen(made));
}

/* The end of a life: its file is compared, or written. */
static inline void sample_end(struct samples *samples, const char *name)
{
    char path[160];
    struct sw_buf SW_AUTO_BUF text = { .max_bytes = 8 * 1024 * 1024 };
    sw_buf_printf(&text, "{\"turns\":[\n%s\n]}\n", sw_buf_string(&samples->lines));
    assert_false(text.failed || samples->lines.failed);
    (void)snprintf(path, sizeof path, SAMPLES_DIR "%s.json", name);
    if (samples_write) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text.data, 1, text.length, file), text.length);
        assert_int_equal(fclose(file), 0);
    } else
        sample_compare(path, text.data);
    sw_buf_release(&samples->lines);
}

/* ---- an incident ---- */

static inline void sample_turn(struct samples *samples, const char *said)
{
    sample_keep(samples, said, samples->bench.wf, &samples->bench.update, samples->bench.now_ms);
}

static inline void sample_say(struct samples *samples, const char *verb, const char *text)
{
    samples->bench.now_ms += BENCH_MINUTE;
    (void)bench_say(&samples->bench, verb, text);
    sample_turn(samples, verb);
}

static inline void sample_receipt(struct samples *samples, const char *key, json_t *created, json_t *error)
{
    char said[80];
    (void)snprintf(said, sizeof said, "receipt of %.60s", key);
    bench_receipt(&samples->bench, key, created, error);
    sample_turn(samples, said);
}

/* Every order that is open is done; the channel is C42. */
static inline void sample_answer(struct samples *samples)
{
    for (int rounds = 0; rounds < 500; rounds++) {
        const json_t *orders = incident_part(samples->bench.wf, "orders");
        const char *key = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)orders));
        if (!key)
            return;
        const json_t *order = json_object_get(json_object_get(orders, key), "order");
        const bool makes = sw_equal(jx_string(order, "verb"), "create_channel");
        json_t *created = makes ? json_pack("{ss ss}", "id", "C42", "name", "inc-42") : NULL;
        char own[PROTO_ORDER_KEY_SIZE];
        (void)sw_copy(own, sizeof own, key); /* the order goes with its receipt */
        sample_receipt(samples, own, created, NULL);
    }
    fail_msg("orders never end");
}

static inline void sample_headline(struct samples *samples)
{
    assert_false(sw_failed(bench_command_with(
        &samples->bench, "receipt",
        json_pack("{ss ss ss sn}", "event", "e", "channel", "CMAIN", "ts", "1706106000.000200", "order"))));
    sample_turn(samples, "receipt of the headline");
}

/* ---- a life ---- */

static const char SAMPLE_INCIDENTS[] =
    "{\"main\":\"CMAIN\",\"notify\":\"CNOTIFY\",\"prefix\":\"inc-\",\"invite\":[\"UHELP\"],\"archive_after\":\"1h\","
    "\"nag_grid\":0,\"runbooks\":{\"root\":\"https://wiki.example/incidents?a=1&b=2\"},"
    "\"oncall_tips\":\"Breathe.\\nThen read <the runbook> & ask.\",\"components_url\":\"https://wiki.example/parts\","
    "\"escalate\":{\"after\":2,\"to\":[\"UBOSS\",\"S012345\"]}}";

static inline void sample_begin(struct samples *samples)
{
    *samples = (struct samples){ .lines = { .max_bytes = 8 * 1024 * 1024 } };
    bench_open_with(&samples->bench, SAMPLE_INCIDENTS);
    samples->bench.views =
        json_pack("[{ss ss ss ss ss ss ss}]", "workflow", "d-0000000000009", "kind", "deployment", "service", "site",
                  "environment", "staging", "ref", "v1.2", "state", "succeeded", "finished_at", "2024-01-24T14:00:00Z");
}

static inline void sample_end_life(struct samples *samples, const char *name)
{
    sample_end(samples, name);
    bench_close(&samples->bench);
}

/* Words that want to be something else. */
static const char SAMPLE_HOSTILE[] =
    "<!channel> &amp; & <b>*_~ `c` ```x``` @here <@U0> <https://e.example|ok> \xE2\x80\xAE"
    "dlrow\x07\x1B[31m\xC2\x85\xE2\x80\xA8 \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 ";

static inline const char *sample_hostile(char *ret_text, size_t size)
{
    struct sw_buf SW_AUTO_BUF buf = { 0 };
    while (buf.length < size)
        sw_buf_puts(&buf, SAMPLE_HOSTILE);
    (void)sw_copy(ret_text, size, sw_buf_string(&buf));
    return ret_text;
}

#endif
