/* SPDX-License-Identifier: Apache-2.0
 * What machines may ask while they decide (kind_reads of kind.h): from memory, where the newest state is, and from the
 * store what is not there any more. An answer that cannot be read ends the term: nothing is decided on half of it. */
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"
#include "proto/workflow_id.h"

#include <stdlib.h>

enum { MAX_RECENT = 50 };

static json_t *gave_up(struct engine *engine)
{
    engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "reads: out of memory"));
    return NULL;
}

static json_t *view_of(struct engine *engine, const struct entry *entry)
{
    struct proto_view view;
    struct sw_status status = announce_view(engine, entry, &view);
    if (sw_failed(status)) {
        engine_fail(engine, status);
        return NULL;
    }
    json_t *json = proto_view_encode(&view);
    proto_view_release(&view);
    return json ? json : gave_up(engine);
}

static json_t *find(void *self, const char *workflow)
{
    struct engine *engine = self;
    const struct entry *entry = proto_workflow_id_valid(workflow) ? world_find(engine, workflow) : NULL;
    if (sw_failed(engine->failure))
        return NULL;
    return entry ? view_of(engine, entry) : json_null();
}

/* ---- lists ---- */

struct search {
    const char *kind, *service; /* service NULL: any */
    bool open;                  /* those alone that are not final */
    struct vec found;           /* struct entry * */
    bool failed;
};

static bool fits(const struct search *search, const struct wf *wf)
{
    return sw_equal(wf->kind->name, search->kind) && !(search->open && wf->final) &&
           (!search->service || sw_equal(jx_string(wf->facts, "service"), search->service));
}

static void collect(void *self, void *value)
{
    struct search *search = self;
    struct entry *entry = value;
    if (!fits(search, entry->wf))
        return;
    struct entry **slot = vec_push(&search->found, sizeof entry);
    if (slot)
        *slot = entry;
    else
        search->failed = true;
}

static int newest_first(const void *a, const void *b)
{
    int64_t left = (*(struct entry *const *)a)->wf->number, right = (*(struct entry *const *)b)->wf->number;
    return (left < right) - (left > right);
}

static json_t *views_of(struct engine *engine, const struct search *search, size_t limit)
{
    json_t *views = json_array();
    struct entry **found = search->found.data;
    if (search->found.count)
        qsort(found, search->found.count, sizeof(struct entry *), newest_first);
    for (size_t i = 0; views && i < search->found.count && i < limit; i++)
        if (json_array_append_new(views, view_of(engine, found[i])) != 0) {
            json_decref(views);
            views = NULL;
        }
    return views && !search->failed ? views : gave_up(engine);
}

static json_t *open_ones(void *self, const char *kind)
{
    struct engine *engine = self;
    struct search search = { .kind = kind, .open = true };
    idmap_each(&engine->entries, collect, &search);
    json_t *views = views_of(engine, &search, SIZE_MAX);
    vec_release(&search.found);
    return views;
}

/* Final ones that are not in memory come from the store; everything else is newer here. */
static size_t add_stored(struct engine *engine, struct search *search, size_t limit, struct wf **found,
                         struct entry *entries)
{
    const struct store_port *store = engine_asks(engine);
    size_t count = 0, kept = 0;
    engine_fail(engine, store->history(store->self, search->kind, search->service, limit, found, &count));
    for (size_t i = 0; i < count; i++) {
        if (idmap_get(&engine->entries, found[i]->id)) {
            wf_free(found[i]);
            continue;
        }
        found[kept] = found[i];
        entries[kept] = (struct entry){ .wf = found[kept] };
        collect(search, &entries[kept++]);
    }
    return kept;
}

static json_t *recent(void *self, const char *kind, const char *service, size_t limit)
{
    struct engine *engine = self;
    struct search search = { .kind = kind, .service = service };
    struct wf *found[MAX_RECENT];
    struct entry entries[MAX_RECENT];
    limit = limit < MAX_RECENT ? limit : MAX_RECENT;
    idmap_each(&engine->entries, collect, &search);
    size_t stored = add_stored(engine, &search, limit, found, entries);
    json_t *views = sw_failed(engine->failure) ? NULL : views_of(engine, &search, limit);
    for (size_t i = 0; i < stored; i++)
        wf_free(found[i]);
    vec_release(&search.found);
    return views;
}

static json_t *figures(void *self, const char *service, const char *month)
{
    struct engine *engine = self;
    const struct store_port *store = engine_asks(engine);
    json_t *rows = NULL;
    struct sw_status status = store->figures(store->self, kind_join(), service, month, &rows);
    if (status.code == SW_CODE_NOT_FOUND)
        return json_array();
    engine_fail(engine, status);
    return rows;
}

static const struct sw_zone *zone(void *self, const char *name)
{
    const struct engine *engine = self;
    return engine->options->zone ? engine->options->zone(engine->options->zone_self, name) : NULL;
}

/* ---- holds ---- */

static json_t *holds(void *self, const struct wf *wf)
{
    struct engine *engine = self;
    json_t *list = json_array();
    for (size_t place = 0; list && wf->kind->waits(wf);) {
        const struct wf_hold *hold = holds_next(engine, wf, &place);
        if (!hold)
            break;
        json_t *item = json_pack("{ss ss ss ss}", "id", hold->id, "by", hold->origin, "channel", hold->channel,
                                 "reason", hold->reason);
        if (json_array_append_new(list, item) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list ? list : gave_up(engine);
}

struct kind_reads reads_of(struct engine *engine)
{
    return (struct kind_reads){ .find = find,
                                .open = open_ones,
                                .recent = recent,
                                .figures = figures,
                                .holds = holds,
                                .zone = zone,
                                .self = engine };
}

int64_t *reads_sequence(struct engine *engine, const struct wf_kind *kind)
{
    size_t place = 0;
    while (kind_at(place) != kind)
        place++;
    return &engine->last_sequence[place];
}

struct kind_world reads_world(struct engine *engine, const struct wf_kind *kind)
{
    return (struct kind_world){ .config = engine->config,
                                .now_ms = engine->now_ms,
                                .reads = &engine->reads,
                                .sequence = *reads_sequence(engine, kind) + 1,
                                .random = engine->options->random(engine->options->random_self) };
}
