/* SPDX-License-Identifier: Apache-2.0
 * News: what is announced of a workflow is told in the same commit to those that watch it. What they announce in turn
 * is news to nobody, so one change causes at most one round. */
#include "common/base/log.h"
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

void news_spread(struct engine *engine, struct entry *entry, const struct wf_update *update)
{
    if (engine->spreading || engine->watchers.count == 0)
        return;
    engine->spreading = true;
    entry->told++;
    for (size_t i = 0; i < update->effect_count; i++)
        for (size_t k = 0; update->effects[i].kind == WF_EVENT && k < engine->watchers.count; k++) {
            struct entry *watcher = all(engine)[k];
            if (watcher != entry && !watcher->wf->final && !sw_failed(engine->failure) &&
                watcher->wf->kind->watches(watcher->wf, entry->wf))
                tell(engine, watcher, entry, update->effects[i].event);
        }
    entry->told--;
    engine->spreading = false;
}
