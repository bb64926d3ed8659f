/* SPDX-License-Identifier: Apache-2.0
 * What came of errands. */
#include "orchestrator/core/incident_tracker.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_orders.h"

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

/* ---- failed ---- */

static void set_timer(struct incident_turn *turn)
{
    int64_t due_ms = turn->now_ms + INCIDENT_FAILED_AGAIN_MS;
    incident_timer(turn, INCIDENT_ERRANDS_TIMER, due_ms);
}

static void failed(struct incident_turn *turn, size_t index, const char *text)
{
    const char *name = ERRANDS[index].name;
    const json_t *before = json_object_get(incident_part(turn->wf, "failed"), name);
    bool told = sw_equal(jx_string(before, "text"), text);
    incident_put_in(turn, "failed", name,
                    json_pack("{ss sI sI}", "text", text, "at", (json_int_t)turn->now_ms, "rev",
                              (json_int_t)jx_i64_or(turn->wf->facts, "rev", 0)));
    if (!told)
        incident_post(turn, "problem",
                      json_pack("{ss ss ss}", "what", ERRANDS[index].words, "why", text, "hint",
                                "It is tried again after a change, or in an hour."),
                      "I could not %s: %s. It is tried again after a change, or in an hour.", ERRANDS[index].words,
                      text);
    set_timer(turn);
}

struct sw_status incident_errand_ended(struct incident_turn *turn)
{
    const struct errand_report *report = turn->input->errand;
    size_t index = find(report->name);
    if (index == SW_COUNT(ERRANDS) || report->status.class == SW_RETRY)
        return sw_ok(); /* the engine tries again */
    if (sw_failed(report->status)) {
        failed(turn, index, report->status.text);
        return sw_ok();
    }
    (void)json_object_del(incident_part_of(turn, "failed"), report->name);
    ERRANDS[index].done(turn, report->result);
    return sw_ok();
}

/* The engine asks for errands after every turn. */
struct sw_status incident_errands_due(struct incident_turn *turn)
{
    (void)json_object_clear(incident_part_of(turn, "failed"));
    return sw_ok();
}
