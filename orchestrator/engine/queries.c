/* SPDX-License-Identifier: Apache-2.0
 * Questions: answered from memory where possible, else from the store. They change nothing. */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"
#include "proto/workflow_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { MAX_VIEWS = 20, MAX_LIST_STEPS = 8, MAX_NEAR = 5 };

/* ---- one workflow ---- */

static const struct wf_kind *kind_of(const char *target)
{
    const struct wf_kind *kind = target[0] && target[1] == '-' ? kind_by_id(target) : NULL;
    return kind ? kind : kind_at(0);
}

static struct proto_reply *not_found(struct engine *engine, const char *target)
{
    const struct store_port *store = engine_asks(engine);
    char near[MAX_NEAR][PROTO_WORKFLOW_ID_SIZE], text[PROTO_ERROR_SIZE];
    size_t count = 0;
    SW_AUTO_BUF struct sw_buf hint = { .max_bytes = 1024 };
    struct sw_status status = store->near_ids(store->self, target, near, &count);
    if (sw_failed(status) || (count && sw_equal(near[0], target)))
        count = 0; /* the answer is true without them, and one that may not be seen is not named */
    for (size_t i = 0; i < count; i++)
        sw_buf_printf(&hint, "%s`%s`", i ? ", " : "Did you mean ", near[i]);
    sw_buf_puts(&hint, count ? "? " : "");
    sw_buf_printf(&hint, "%s shows what runs and what waits.", kind_of(target)->overview);
    (void)sw_print(text, sizeof text, "There is no workflow `%.100s`.", target);
    return kind_reply_new("not_found", "E-NOT-FOUND", text, sw_buf_string(&hint));
}

void queries_not_found(struct engine *engine, const struct proto_command *command, const char *target)
{
    announce_reply(engine, command, not_found(engine, target), NULL);
}

static void lower(const char *text, char *ret_text, size_t size)
{
    (void)sw_copy(ret_text, size, text); /* cut: then it is no id */
    for (char *at = ret_text; *at; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
}

static bool seen(const struct wf *wf, const struct proto_command *command)
{
    return !wf->kind->seen || wf->kind->seen(wf, command);
}

static void check_status(struct engine *engine, const struct proto_command *command)
{
    const char *target = jx_string_or(command->args, "target", command->workflow);
    char id[PROTO_WORKFLOW_ID_SIZE + 1];
    lower(target, id, sizeof id);
    struct entry *entry = proto_workflow_id_valid(id) ? world_find(engine, id) : NULL;
    if (sw_failed(engine->failure))
        return;
    if (entry && seen(entry->wf, command))
        announce_reply(engine, command, kind_reply_new("status", NULL, NULL, NULL), entry);
    else
        queries_not_found(engine, command, target);
}

/* ---- lists ---- */

static struct proto_reply *list_new(const char *name, const char *text)
{
    struct proto_reply *reply = kind_reply_new(name, NULL, text, NULL);
    if (reply)
        reply->views = calloc(MAX_VIEWS, sizeof *reply->views);
    return reply;
}

/* Lists name steps but not their output; long pipelines go without. */
static void trim(struct proto_view *view)
{
    for (size_t i = 0; i < view->step_count; i++) {
        free(view->steps[i].tail);
        view->steps[i].tail = NULL;
    }
    if (view->step_count > MAX_LIST_STEPS)
        view->step_count = 0;
}

static bool add_view(struct engine *engine, struct proto_reply *reply, const struct entry *entry)
{
    struct proto_view *view = &reply->views[reply->view_count];
    struct sw_status status = announce_view(engine, entry, view);
    engine_fail(engine, status);
    if (sw_failed(status))
        return false;
    trim(view);
    reply->view_count++;
    return true;
}

static bool of_service(const struct entry *entry, const char *service)
{
    return !service || sw_equal(jx_string(entry->wf->facts, "service"), service);
}

static void add_lane(struct engine *engine, struct proto_reply *reply, const struct lane *lane, const char *service)
{
    if (lane->active && of_service(lane->active, service) && reply->view_count < MAX_VIEWS)
        (void)add_view(engine, reply, lane->active);
    for (size_t place = 1; place <= lane_length(lane) && reply->view_count < MAX_VIEWS; place++)
        if (of_service(lane_at(lane, place), service) && !add_view(engine, reply, lane_at(lane, place)))
            return;
}

static void count_all(const struct engine *engine, size_t *ret_running, size_t *ret_waiting)
{
    *ret_running = *ret_waiting = 0;
    for (size_t i = 0; i < engine->lanes.count; i++) {
        *ret_running += engine->lanes.all[i]->active != NULL;
        *ret_waiting += lane_length(engine->lanes.all[i]);
    }
}

static void line(struct engine *engine, const struct proto_command *command)
{
    size_t running, waiting;
    char text[PROTO_ERROR_SIZE];
    const char *service = jx_string(command->args, "service");
    count_all(engine, &running, &waiting);
    if (running + waiting)
        (void)snprintf(text, sizeof text, "%zu running, %zu waiting.", running, waiting);
    else
        (void)sw_copy(text, sizeof text, "All quiet: nothing runs.");
    struct proto_reply *reply = list_new("line", text);
    for (size_t i = 0; reply && reply->views && i < engine->lanes.count; i++)
        add_lane(engine, reply, engine->lanes.all[i], service);
    announce_reply(engine, command, reply, NULL);
}

static void add_found(struct engine *engine, const struct proto_command *command, struct proto_reply *reply,
                      struct wf *wf)
{
    struct entry found = { .wf = wf };
    if (reply && reply->views && !sw_failed(engine->failure) && seen(wf, command))
        (void)add_view(engine, reply, &found);
    wf_free(wf);
}

static void history(struct engine *engine, const struct proto_command *command)
{
    const struct store_port *store = engine_asks(engine);
    const struct wf_kind *kind = kind_by_name(jx_string_or(command->args, "kind", kind_at(0)->name));
    const char *service = jx_string(command->args, "service");
    struct wf *found[MAX_VIEWS];
    size_t count = 0;
    struct sw_status status =
        store->history(store->self, kind ? kind->name : kind_at(0)->name, service, MAX_VIEWS, found, &count);
    if (sw_failed(status)) {
        engine_fail(engine, status);
        return;
    }
    char text[PROTO_ERROR_SIZE];
    const char *what = count ? "The latest ones" : "Nothing has ended yet";
    (void)sw_print(text, sizeof text, "%s%s%.64s.", what, service ? " of " : "", service ? service : "");
    struct proto_reply *reply = list_new("history", text);
    for (size_t i = 0; i < count; i++)
        add_found(engine, command, reply, found[i]);
    announce_reply(engine, command, reply, NULL);
}

/* ---- the table ---- */

static const struct query {
    const char *name;
    void (*answer)(struct engine *engine, const struct proto_command *command);
} QUERIES[] = {
    { "check_status", check_status },
    { "line", line },
    { "history", history },
};

static const struct query *find(const char *name)
{
    for (size_t i = 0; i < SW_COUNT(QUERIES); i++)
        if (sw_equal(QUERIES[i].name, name))
            return &QUERIES[i];
    return NULL;
}

bool queries_know(const char *name) { return find(name) != NULL; }

bool queries_answer(struct engine *engine, const struct proto_command *command)
{
    const struct query *query = find(command->name);
    if (query)
        query->answer(engine, command);
    return query != NULL;
}
