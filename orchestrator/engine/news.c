/* SPDX-License-Identifier: Apache-2.0
 * News: what is announced of a workflow is told in the same commit to those that watch it. What they announce in turn
 * is news to nobody, so one change causes at most one round. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"

static struct entry **all(struct engine *engine) { return engine->watchers.data; }

void news_add(struct engine *engine, struct entry *entry)
{
    if (!entry->wf->kind->watches || entry->wf->final)
        return;
    struct entry **slot = vec_push(&engine->watchers, sizeof entry);
    if (slot)
        *slot = entry;
    else
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "news: out of memory"));
}

void news_forget(struct engine *engine, const struct entry *entry)
{
    size_t kept = 0;
    for (size_t i = 0; i < engine->watchers.count; i++)
        if (all(engine)[i] != entry)
            all(engine)[kept++] = all(engine)[i];
    engine->watchers.count = kept;
}

static void tell(struct engine *engine, struct entry *watcher, const struct entry *entry, const char *event)
{
    struct wf_input input = { .kind = WF_NEWS, .other = entry->wf, .event = event };
    struct sw_status status = tell_workflow(engine, watcher, &input, NULL);
    if (sw_failed(status))
        sw_warn("news were refused", sw_s("workflow", watcher->id), sw_s("of", entry->id), sw_s("event", event),
                sw_e(&status));
}

/* Asked once for all that watch: with thousands of them, asking each would cost more than the change itself. */
static bool concerns_a_kind(const struct wf_kind *changed)
{
    for (size_t i = 0; i < kind_count(); i++)
        if (kind_at(i)->watches && (!kind_at(i)->watched || sw_equal(kind_at(i)->watched, changed->name)))
            return true;
    return false;
}

static bool wants(const struct entry *watcher, const struct entry *entry)
{
    const struct wf_kind *kind = watcher->wf->kind;
    return watcher != entry && !watcher->wf->final &&
           (!kind->watched || sw_equal(kind->watched, entry->wf->kind->name)) && kind->watches(watcher->wf, entry->wf);
}

void news_spread(struct engine *engine, struct entry *entry, const struct wf_update *update)
{
    if (engine->spreading || engine->watchers.count == 0 || !concerns_a_kind(entry->wf->kind))
        return;
    engine->spreading = true;
    entry->told++;
    for (size_t i = 0; i < update->effect_count; i++)
        for (size_t k = 0; update->effects[i].kind == WF_EVENT && k < engine->watchers.count; k++) {
            struct entry *watcher = all(engine)[k];
            if (!sw_failed(engine->failure) && wants(watcher, entry))
                tell(engine, watcher, entry, update->effects[i].event);
        }
    entry->told--;
    engine->spreading = false;
}
