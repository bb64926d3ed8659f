/* SPDX-License-Identifier: Apache-2.0
 * Errands. What is outstanding is a fact of the workflow, asked of its kind: after each commit that touched it, by the
 * reconciler, and so at the start of a term. What is not under way is started; nothing depends on having been told
 * once. An errand is begun on durable facts alone, and its end is an input like any other. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"
#include "orchestrator/engine/figures.h"

/* A failed one rests, longer each time, and at least as long as the other side asks for: a system in trouble is left
 * alone, and a kind that names it again at once makes no storm. */
enum { REST_MS = 1000, MAX_REST_MS = 60000, MAX_ASKED_MS = 900000, TRY_AGAIN_MS = 500 };

struct flight {
    char name[PROTO_NAME_SIZE];
    bool under_way;
    uint32_t failures;     /* one after the other */
    int64_t not_before_ms; /* monotonic */
};

static struct flight *find(const struct entry *entry, const char *name)
{
    struct flight *flights = entry->flights.data;
    for (size_t i = 0; i < entry->flights.count; i++)
        if (sw_equal(flights[i].name, name))
            return &flights[i];
    return NULL;
}

/* NULL: no memory; the reconciler tries again. */
static struct flight *find_or_add(struct entry *entry, const char *name)
{
    struct flight *flight = find(entry, name);
    if (flight)
        return flight;
    flight = vec_push(&entry->flights, sizeof *flight);
    if (flight)
        (void)sw_copy(flight->name, sizeof flight->name, name); /* the same size */
    return flight;
}

/* Those that have ended well need not be remembered. */
static void forget_ended(struct entry *entry)
{
    struct flight *flights = entry->flights.data;
    size_t kept = 0;
    for (size_t i = 0; i < entry->flights.count; i++)
        if (flights[i].under_way || flights[i].failures > 0)
            flights[kept++] = flights[i];
    entry->flights.count = kept;
}

static void fail_at_once(struct engine *engine, struct entry *entry, const char *name, struct sw_status status)
{
    struct errand_report report = { .status = status };
    (void)sw_copy(report.workflow, sizeof report.workflow, entry->id); /* the same sizes */
    (void)sw_copy(report.name, sizeof report.name, name);
    errands_report(engine, &report);
}

static void start(struct engine *engine, struct entry *entry, const struct wf_errand *errand)
{
    const struct errands_port *port = &engine->options->errands;
    struct flight *flight = find_or_add(entry, errand->name);
    if (!flight || flight->under_way || flight->not_before_ms > engine->monotonic_ms)
        return;
    struct sw_status status =
        port->start ? port->start(port->self, entry->id, errand) : sw_fail(SW_CODE_CONFIG, "nobody here does errands");
    if (!sw_failed(status)) {
        flight->under_way = true;
        sw_info("errand starts", sw_s("workflow", entry->id), sw_s("errand", errand->name));
    } else if (status.class == SW_RETRY) {
        sw_warn("an errand could not be started yet", sw_s("workflow", entry->id), sw_s("errand", errand->name),
                sw_e(&status));
        engine->reconcile_due_ms = engine->monotonic_ms + TRY_AGAIN_MS;
    } else
        fail_at_once(engine, entry, errand->name, status);
}

/* What memory says is what the database says. */
static bool is_durable(const struct entry *entry) { return entry->durable && !entry->touched && !entry->committing; }

void errands_start(struct engine *engine, struct entry *entry)
{
    const struct wf_kind *kind = entry->wf->kind;
    struct wf_errand errands[KIND_MAX_ERRANDS] = { 0 };
    if (!kind->errands || entry->wf->final || engine->stopping || !is_durable(entry))
        return;
    const struct kind_world world = reads_world(engine, kind);
    forget_ended(entry);
    entry->told++;
    size_t count = kind->errands(entry->wf, &world, errands);
    for (size_t i = 0; i < count; i++) {
        if (is_durable(entry) && !sw_failed(engine->failure)) /* one that failed at once has changed it */
            start(engine, entry, &errands[i]);
        json_decref(errands[i].spec);
    }
    entry->told--;
}

/* ---- what comes back ---- */

static int64_t rest_ms(const struct flight *flight, const struct errand_report *report)
{
    int64_t asked_ms = report->retry_after_ms < MAX_ASKED_MS ? report->retry_after_ms : MAX_ASKED_MS;
    int64_t own_ms = flight->failures < 7 ? (int64_t)REST_MS << (flight->failures - 1) : MAX_REST_MS;
    return asked_ms > own_ms ? asked_ms : own_ms < MAX_REST_MS ? own_ms : MAX_REST_MS;
}

void errands_report(struct engine *engine, const struct errand_report *report)
{
    struct entry *entry = idmap_get(&engine->entries, report->workflow);
    struct flight *flight = entry ? find(entry, report->name) : NULL;
    struct wf_input input = { .kind = WF_ERRAND, .errand = report };
    figures_errand(&report->status);
    if (!entry)
        return; /* it ended meanwhile, and left memory */
    if (flight) {
        flight->under_way = false;
        flight->failures = sw_failed(report->status) ? flight->failures + 1 : 0;
        flight->not_before_ms = flight->failures ? engine->monotonic_ms + rest_ms(flight, report) : 0;
    }
    if (sw_failed(report->status))
        sw_warn("an errand failed", sw_s("workflow", entry->id), sw_s("errand", report->name), sw_e(&report->status));
    struct sw_status status = tell_workflow(engine, entry, &input, NULL);
    if (sw_failed(status))
        sw_warn("an errand's end was refused", sw_s("workflow", entry->id), sw_s("errand", report->name),
                sw_e(&status));
}

/* ---- the reconciler ---- */

static void collect(void *self, void *value)
{
    struct entry *entry = value, **slot;
    if (!entry->wf->kind->errands || entry->wf->final)
        return;
    slot = vec_push(self, sizeof entry);
    if (slot) /* without memory: looked at the next time */
        *slot = entry;
}

void errands_reconcile(struct engine *engine)
{
    struct vec open = { 0 };
    idmap_each(&engine->entries, collect, &open); /* collected first: what is found changes the map's values */
    for (size_t i = 0; i < open.count && !sw_failed(engine->failure); i++)
        errands_start(engine, ((struct entry **)open.data)[i]);
    vec_release(&open);
}
