/* SPDX-License-Identifier: Apache-2.0
 * What came of errands. */
#include "orchestrator/core/incident_tracker.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_orders.h"

enum { FIRST_AGAIN_MS = 5000, LAST_AGAIN_MS = 600000, TRIES_UNTIL_TOLD = 6 }; /* they are told after 155 s */

/* ---- done ---- */

static void put_result(struct incident_turn *turn, const char *part, const json_t *result, const char *key)
{
    json_t *value = json_object_get(result, key);
    if (value && !json_is_null(value))
        incident_put_in(turn, part, key, json_incref(value));
}

static void created(struct incident_turn *turn, const json_t *result)
{
    put_result(turn, "tracker", result, "key");
    put_result(turn, "tracker", result, "url");
    (void)incident_log(turn, "event", "Issue: %s", jx_string_or(result, "key", "")); /* a full log is told elsewhere */
    incident_event(turn, "changed");
}

static void synced(struct incident_turn *turn, const json_t *result) { put_result(turn, "tracker", result, "rev"); }

static void commented(struct incident_turn *turn, const json_t *result)
{
    incident_put_in(turn, "tracker", "commented", json_integer(jx_i64_or(result, "id", 0)));
}

static void tasked(struct incident_turn *turn, const json_t *result)
{
    int64_t id = jx_i64_or(result, "id", 0);
    json_t *entry = id > 0 ? json_array_get(incident_list_of(turn, "log"), (size_t)id - 1) : NULL;
    const char *key = jx_string_or(result, "key", ""), *url = jx_string_or(result, "url", "");
    incident_put_in(turn, "tracker", "tasked", json_integer(id));
    if (!entry || !*key)
        return;
    if (json_object_set_new(entry, "task", json_pack("{ss ss}", "key", key, "url", url)) != 0)
        turn->broken = true;
    incident_event(turn, "noted");
}

static void wrote_components(struct incident_turn *turn, const json_t *result)
{
    json_t *known = json_object_get(result, "known");
    put_result(turn, "tracker", result, "components");
    if (json_is_array(known))
        incident_put_in(turn, "tracker", "known_components", json_incref(known));
}

static void reported(struct incident_turn *turn, const json_t *result)
{
    const char *url = jx_string(result, "url"), *path = jx_string(result, "path");
    bool first = incident_part(turn->wf, "report") == NULL;
    put_result(turn, "report", result, "url");
    put_result(turn, "report", result, "path");
    if (first) {
        incident_post(turn, "report", json_pack("{ss* ss*}", "url", url, "path", path), "The report's draft: %s",
                      url    ? url
                      : path ? path
                             : "is written");
        incident_event(turn, "changed");
    }
    /* what has just been told needs no new draft */
    int64_t rev = jx_i64_or(result, "rev", 0) + (first ? 1 : 0);
    incident_put_in(turn, "report", "rev", json_integer(rev));
}

static void posted(struct incident_turn *turn, const json_t *result)
{
    put_result(turn, "status", result, "state");
    put_result(turn, "status", result, "update");
}

static const struct {
    const char *name;
    void (*done)(struct incident_turn *turn, const json_t *result);
    const char *words; /* what could not be done */
} ERRANDS[] = {
    { "tracker.create", created, "make an issue in the tracker" },
    { "tracker.sync", synced, "bring the issue up to date" },
    { "tracker.comment", commented, "add the update to the issue" },
    { "tracker.task", tasked, "make a task for the action item" },
    { "tracker.components", wrote_components, "set the issue's components" },
    { "report.draft", reported, "draft the report" },
    { "report.update", reported, "bring the report up to date" },
    { "status.post", posted, "tell the status page" },
};

static size_t find(const char *name)
{
    size_t i = 0;
    while (i < SW_COUNT(ERRANDS) && !sw_equal(ERRANDS[i].name, name))
        i++;
    return i;
}

const char *incident_errand_words(const char *name)
{
    size_t index = find(name);
    return index < SW_COUNT(ERRANDS) ? ERRANDS[index].words : name;
}

/* ---- failed ---- */

/* What may work the next time is tried again soon, then less and less often. */
static int64_t again_after(bool for_good, int64_t tries)
{
    int64_t after_ms = FIRST_AGAIN_MS;
    if (for_good)
        return INCIDENT_FAILED_AGAIN_MS;
    while (--tries > 0 && after_ms < LAST_AGAIN_MS)
        after_ms *= 2;
    return after_ms < LAST_AGAIN_MS ? after_ms : LAST_AGAIN_MS;
}

static void tell_people(struct incident_turn *turn, const char *what, const char *text, const char *hint)
{
    incident_post(turn, "problem", json_pack("{ss ss ss}", "what", what, "why", text, "hint", hint),
                  "I could not %s: %s. %s", what, text, hint);
}

static void failed(struct incident_turn *turn, size_t index, const struct sw_status *status)
{
    const char *name = ERRANDS[index].name;
    const json_t *before = json_object_get(incident_part(turn->wf, "failed"), name);
    bool for_good = status->class != SW_RETRY, told = jx_bool_or(before, "told", false);
    int64_t tries = jx_i64_or(before, "tries", 0) + 1;
    bool tells =
        for_good ? !told || !sw_equal(jx_string(before, "text"), status->text) : !told && tries == TRIES_UNTIL_TOLD;
    incident_put_in(turn, "failed", name,
                    json_pack("{ss sI sI sI sb sb}", "text", status->text, "again",
                              (json_int_t)(turn->now_ms + again_after(for_good, tries)), "rev",
                              (json_int_t)jx_i64_or(turn->wf->facts, "rev", 0), "tries", (json_int_t)tries, "final",
                              for_good, "told", told || tells));
    if (tells)
        tell_people(turn, ERRANDS[index].words, status->text,
                    for_good ? "It is tried again after a change, or in an hour." : "It is tried until it works.");
}

bool incident_errand_held_back(const struct wf *wf, const char *name, int64_t now_ms)
{
    const json_t *failed = json_object_get(incident_part(wf, "failed"), name);
    bool changed = jx_bool_or(failed, "final", false) && jx_i64_or(failed, "rev", 0) != jx_i64_or(wf->facts, "rev", 0);
    return failed && !changed && now_ms < jx_i64_or(failed, "again", 0);
}

size_t incident_errands_again(struct incident_turn *turn)
{
    const char *name;
    json_t *failed, *all = json_object_get(turn->wf->facts, "failed");
    json_object_foreach(all, name, failed) { turn->broken = turn->broken || !jx_set_i64(failed, "again", 0); }
    return json_object_size(all);
}

void incident_errands_finish(struct incident_turn *turn)
{
    const char *name;
    json_t *failed;
    int64_t due_ms = 0;
    json_object_foreach(json_object_get(turn->wf->facts, "failed"), name, failed)
    {
        int64_t again_ms = jx_i64_or(failed, "again", 0);
        if (again_ms > turn->now_ms && (!due_ms || again_ms < due_ms))
            due_ms = again_ms;
    }
    if (due_ms == jx_i64_or(turn->wf->facts, "errands_due", 0))
        return;
    incident_put(turn, "errands_due", json_integer(due_ms));
    incident_timer(turn, INCIDENT_ERRANDS_TIMER, due_ms);
}

/* ---- rows ---- */

struct sw_status incident_errand_ended(struct incident_turn *turn)
{
    const struct errand_report *report = turn->input->errand;
    size_t index = find(report->name);
    if (index == SW_COUNT(ERRANDS))
        return sw_ok(); /* of an earlier version */
    if (sw_failed(report->status)) {
        failed(turn, index, &report->status);
        return sw_ok();
    }
    (void)json_object_del(incident_part_of(turn, "failed"), report->name);
    ERRANDS[index].done(turn, report->result);
    return sw_ok();
}

/* The engine asks for errands after every turn. */
struct sw_status incident_errands_due(struct incident_turn *turn)
{
    incident_put(turn, "errands_due", json_integer(0)); /* the timer has fired; another one is set at the turn's end */
    return sw_ok();
}
