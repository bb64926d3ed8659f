/* SPDX-License-Identifier: Apache-2.0
 * Which errands are outstanding, from the record alone. */
#include "common/base/text.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_kind.h"
#include "orchestrator/core/incident_model.h"
#include "orchestrator/core/incident_text.h"
#include "orchestrator/core/incident_tracker.h"

#include <string.h>

enum { TASK_SUMMARY_CHARACTERS = 155 };

struct errands {
    const struct wf *wf;
    const struct kind_world *world;
    struct wf_errand *list;
    size_t count;
};

/* Takes the spec; one that there is no memory for is outstanding again at the next turn. */
static void add(struct errands *errands, const char *name, json_t *spec)
{
    bool held_back = incident_errand_held_back(errands->wf, name, errands->world->now_ms);
    if (!spec || held_back || errands->count == KIND_MAX_ERRANDS || !jx_set_string(spec, "workflow", errands->wf->id)) {
        json_decref(spec);
        return;
    }
    struct wf_errand *errand = &errands->list[errands->count++];
    (void)sw_copy(errand->name, sizeof errand->name, name); /* literals */
    errand->spec = spec;
}

static json_t *model_of(const struct errands *errands)
{
    return incident_model_new(errands->wf, errands->world->config);
}

/* ---- tracker ---- */

static void add_create(struct errands *errands, const json_t *tracker)
{
    add(errands, "tracker.create",
        json_pack("{sO ss so}", "tracker", tracker, "title", incident_fact(errands->wf, "title"), "model",
                  model_of(errands)));
}

static void add_sync(struct errands *errands, const json_t *tracker, const char *key)
{
    const struct wf *wf = errands->wf;
    int64_t rev = jx_i64_or(wf->facts, "rev", 0);
    if (jx_i64_or(incident_part(wf, "tracker"), "rev", -1) == rev)
        return;
    add(errands, "tracker.sync",
        json_pack("{sO ss ss sI ss sO? sO? so sI}", "tracker", tracker, "key", key, "title", incident_fact(wf, "title"),
                  "priority", (json_int_t)incident_priority(wf), "state",
                  incident_state_name((enum incident_state)wf->state), "times", incident_part(wf, "times"), "roles",
                  incident_part(wf, "roles"), "model", model_of(errands), "rev", (json_int_t)rev));
}

/* The first entry of the type behind the id up to which it is done; NULL: none. */
static const json_t *first_after(const struct wf *wf, const char *type, int64_t done_id)
{
    for (int64_t id = done_id + 1; id <= incident_last_entry(wf); id++)
        if (incident_entry_is(incident_entry(wf, id), type))
            return incident_entry(wf, id);
    return NULL;
}

static void add_comment(struct errands *errands, const json_t *tracker, const char *key)
{
    const struct wf *wf = errands->wf;
    const json_t *entry = first_after(wf, "comm_update", jx_i64_or(incident_part(wf, "tracker"), "commented", 0));
    if (!entry)
        return;
    add(errands, "tracker.comment",
        json_pack("{sO ss sI ss sI ss so}", "tracker", tracker, "key", key, "id", (json_int_t)jx_i64_or(entry, "id", 0),
                  "text", jx_string_or(entry, "text", ""), "at", (json_int_t)jx_i64_or(entry, "at", 0), "by",
                  jx_string_or(entry, "by", ""), "people", incident_names_new(wf)));
}

static void add_task(struct errands *errands, const json_t *tracker, const char *key)
{
    const struct wf *wf = errands->wf;
    const json_t *entry = first_after(wf, "action_item", jx_i64_or(incident_part(wf, "tracker"), "tasked", 0));
    SW_AUTO_FREE char *summary = NULL, *details = NULL;
    if (!entry || !incident_text_halves(jx_string_or(entry, "text", ""), &summary, &details))
        return;
    summary[sw_utf8_prefix_bytes(summary, TASK_SUMMARY_CHARACTERS)] = '\0';
    add(errands, "tracker.task",
        json_pack("{sO ss sI ss ss ss* sI ss sI ss so}", "tracker", tracker, "key", key, "id",
                  (json_int_t)jx_i64_or(entry, "id", 0), "summary", summary, "description", details ? details : summary,
                  "link", jx_string(entry, "link"), "at", (json_int_t)jx_i64_or(entry, "at", 0), "by",
                  jx_string_or(entry, "by", ""), "number", (json_int_t)jx_i64_or(wf->facts, "number", 0), "title",
                  incident_fact(wf, "title"), "people", incident_names_new(wf)));
}

static void add_components(struct errands *errands, const json_t *tracker, const char *key)
{
    const struct wf *wf = errands->wf;
    const json_t *components = incident_list(wf, "components");
    const json_t *written = json_object_get(incident_part(wf, "tracker"), "components");
    if (json_equal(components, written) || (!written && json_array_size(components) == 0))
        return;
    add(errands, "tracker.components",
        json_pack("{sO ss sO}", "tracker", tracker, "key", key, "components", components));
}

static void add_tracker(struct errands *errands)
{
    const json_t *tracker = incident_setting(errands->world->config, incident_fact(errands->wf, "room"), "tracker");
    const char *key = jx_string(incident_part(errands->wf, "tracker"), "key");
    if (!tracker || (incident_private(errands->wf) && !jx_bool_or(tracker, "private", false)))
        return;
    if (!key) {
        add_create(errands, tracker);
        return;
    }
    add_sync(errands, tracker, key);
    add_comment(errands, tracker, key);
    add_task(errands, tracker, key);
    add_components(errands, tracker, key);
}

/* ---- report, status page ---- */

static void add_report(struct errands *errands)
{
    const struct wf *wf = errands->wf;
    const json_t *report = incident_setting(errands->world->config, incident_fact(wf, "room"), "report");
    const json_t *written = incident_part(wf, "report");
    struct incident_level level;
    int64_t rev = jx_i64_or(wf->facts, "rev", 0);
    if (!report || (incident_private(wf) && !jx_bool_or(report, "private", false)) || !incident_time(wf, "completed") ||
        jx_i64_or(written, "rev", -1) == rev)
        return;
    (void)incident_level(errands->world->config, incident_priority(wf), &level); /* an unknown one needs none */
    if (!level.report)
        return;
    add(errands, written ? "report.update" : "report.draft",
        json_pack("{sO so sI ss* ss*}", "report", report, "model", model_of(errands), "rev", (json_int_t)rev, "url",
                  jx_string(written, "url"), "path", jx_string(written, "path")));
}

static void add_status(struct errands *errands)
{
    const struct wf *wf = errands->wf;
    const json_t *page = incident_setting(errands->world->config, incident_fact(wf, "room"), "status_page");
    const char *webhook = jx_string(page, "webhook");
    const json_t *posted = incident_part(wf, "status"), *log = incident_list(wf, "log"), *update = NULL;
    const char *state = incident_state_name((enum incident_state)wf->state);
    struct incident_level level;
    if (!webhook || incident_private(wf))
        return;
    (void)incident_level(errands->world->config, incident_priority(wf), &level); /* an unknown one is not public */
    if (!posted && !level.high)
        return;
    for (size_t i = json_array_size(log); i > 0 && !update; i--)
        if (incident_entry_is(json_array_get(log, i - 1), "comm_update"))
            update = json_array_get(log, i - 1);
    int64_t update_id = jx_i64_or(update, "id", 0);
    if (sw_equal(jx_string(posted, "state"), state) && jx_i64_or(posted, "update", 0) == update_id)
        return;
    add(errands, "status.post",
        json_pack("{ss ss* ss ss ss sI}", "webhook", webhook, "secret", jx_string(page, "secret"), "title",
                  incident_fact(wf, "title"), "state", state, "text", jx_string_or(update, "text", ""), "update",
                  (json_int_t)update_id));
}

size_t incident_errands(const struct wf *wf, const struct kind_world *world, struct wf_errand *ret_errands)
{
    struct errands errands = { .wf = wf, .world = world, .list = ret_errands };
    add_tracker(&errands);
    add_report(&errands);
    add_status(&errands);
    return errands.count;
}
