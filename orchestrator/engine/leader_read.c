/* SPDX-License-Identifier: Apache-2.0
 * What the API asks: from the engine's memory while leading, from the store otherwise. Reads change nothing. */
#include "orchestrator/engine/leader_inside.h"

#include "common/base/text.h"
#include "orchestrator/engine/engine.h"
#include "proto/workflow_id.h"

#include <stdlib.h>

static struct sw_status stored_view(const struct wf *wf, struct proto_view *ret_view)
{
    SW_TRY(wf->kind->view(wf, ret_view));
    ret_view->n = wf->n;
    return sw_ok();
}

/* In memory while it is under way, else stored: then ret_stored is the caller's and ret_entry NULL. */
static struct sw_status look_up(struct leader *leader, const char *id, const struct entry **ret_entry,
                                struct wf **ret_stored)
{
    const struct store_port *store = &leader->options.store;
    if (!proto_workflow_id_valid(id))
        return sw_fail(SW_CODE_NOT_FOUND, "\"%.40s\" is no workflow's id", id);
    *ret_entry = leader->engine ? idmap_get(&leader->engine->entries, id) : NULL;
    *ret_stored = NULL;
    return *ret_entry ? sw_ok() : store->find_workflow(store->self, id, ret_stored);
}

struct sw_status leader_view(struct leader *leader, const char *id, struct proto_view *ret_view)
{
    const struct entry *entry;
    struct wf *stored;
    SW_TRY(look_up(leader, id, &entry, &stored));
    struct sw_status status = entry ? announce_view(leader->engine, entry, ret_view) : stored_view(stored, ret_view);
    wf_free(stored);
    return status;
}

static struct sw_status timeline_of(const struct wf *wf, json_t **ret_timeline)
{
    if (!wf->kind->timeline)
        return sw_fail(SW_CODE_NOT_FOUND, "a %s has no timeline", wf->kind->name);
    *ret_timeline = wf->kind->timeline(wf);
    return *ret_timeline ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}

struct sw_status leader_timeline(struct leader *leader, const char *id, json_t **ret_timeline)
{
    const struct entry *entry;
    struct wf *stored;
    SW_TRY(look_up(leader, id, &entry, &stored));
    struct sw_status status = timeline_of(entry ? entry->wf : stored, ret_timeline);
    wf_free(stored);
    return status;
}

static struct sw_status add_view(struct engine *engine, const struct entry *entry, struct proto_view *views,
                                 size_t *count)
{
    SW_TRY(announce_view(engine, entry, &views[*count]));
    (*count)++;
    return sw_ok();
}

static struct sw_status add_lane(struct engine *engine, const struct lane *lane, size_t limit, struct proto_view *views,
                                 size_t *count)
{
    if (lane->active && *count < limit)
        SW_TRY(add_view(engine, lane->active, views, count));
    for (size_t place = 1; place <= lane_length(lane) && *count < limit; place++)
        SW_TRY(add_view(engine, lane_at(lane, place), views, count));
    return sw_ok();
}

static struct sw_status stands_by(void)
{
    return sw_fail(SW_CODE_CLOSED, "this orchestrator stands by. HINT: ask the active one");
}

struct sw_status leader_holds(struct leader *leader, size_t limit, struct leader_hold *ret_holds, size_t *ret_count)
{
    if (!leader->engine)
        return stands_by();
    struct wf_hold *const *holds = leader->engine->holds.data;
    size_t count = leader->engine->holds.count < limit ? leader->engine->holds.count : limit;
    for (size_t i = 0; i < count; i++)
        ret_holds[i] = (struct leader_hold){ .hold = *holds[i], .waiting = holds_waiting(leader->engine, holds[i]) };
    *ret_count = count;
    return sw_ok();
}

struct sw_status leader_line(struct leader *leader, size_t limit, struct proto_view *ret_views, size_t *ret_count)
{
    size_t count = 0;
    struct sw_status status = sw_ok();
    if (!leader->engine)
        return stands_by();
    for (size_t i = 0; i < leader->engine->lanes.count && !sw_failed(status); i++)
        status = add_lane(leader->engine, leader->engine->lanes.all[i], limit, ret_views, &count);
    for (size_t i = 0; sw_failed(status) && i < count; i++)
        proto_view_release(&ret_views[i]);
    if (!sw_failed(status))
        *ret_count = count;
    return status;
}

struct sw_status leader_history(struct leader *leader, const char *kind, const char *service, size_t limit,
                                struct proto_view *ret_views, size_t *ret_count)
{
    const struct store_port *store = &leader->options.store;
    struct wf **found = calloc(limit, sizeof(struct wf *));
    size_t count = 0, done = 0;
    struct sw_status status = found ? store->history(store->self, kind, service, limit, found, &count)
                                    : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        if (!sw_failed(status))
            status = stored_view(found[i], &ret_views[done]);
        done += !sw_failed(status);
        wf_free(found[i]);
    }
    free(found);
    for (size_t i = 0; sw_failed(status) && i < done; i++)
        proto_view_release(&ret_views[i]);
    if (!sw_failed(status))
        *ret_count = done;
    return status;
}

struct sw_status leader_figures(struct leader *leader, const char *service, const char *month, json_t **ret_rows)
{
    const struct store_port *store = &leader->options.store;
    return store->figures(store->self, kind_join(), service, month, ret_rows);
}

static struct sw_status decode_views(const json_t *list, size_t limit, struct proto_view *ret_views, size_t *ret_count)
{
    struct sw_status status = sw_ok();
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list) && i < limit && !sw_failed(status); i++) {
        status = proto_view_decode(json_array_get(list, i), &ret_views[count]);
        count += !sw_failed(status);
    }
    for (size_t i = 0; sw_failed(status) && i < count; i++)
        proto_view_release(&ret_views[i]);
    *ret_count = count;
    return status;
}

struct sw_status leader_open(struct leader *leader, const char *kind, size_t limit, struct proto_view *ret_views,
                             size_t *ret_count)
{
    if (!leader->engine)
        return stands_by();
    const struct kind_reads *reads = &leader->engine->reads;
    JX_AUTO json_t *list = reads->open(reads->self, kind);
    return list ? decode_views(list, limit, ret_views, ret_count) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}
