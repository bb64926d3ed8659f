/* SPDX-License-Identifier: Apache-2.0
 * Events and replies become rows of the outbox: numbered, complete, and never above the size of a record. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "orchestrator/engine/engine.h"
#include "proto/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_AHEAD = 5, ENVELOPE_ROOM = 4096 };
static const char SOURCE[] = "/slipway/orchestrator";

/* ---- views ---- */

static void put_place(const struct lane *lane, const struct entry *entry, struct proto_view *view)
{
    size_t position = lane_position(lane, entry);
    view->position = (int32_t)position;
    view->ahead = json_array();
    if (lane->active)
        (void)json_array_append_new(view->ahead,
                                    json_string(lane->active->wf->id)); /* a missing one misinforms nobody */
    for (size_t i = 1; i < position && json_array_size(view->ahead) < MAX_AHEAD; i++)
        (void)json_array_append_new(view->ahead, json_string(lane_at(lane, i)->wf->id));
}

static void put_hold(const struct wf_hold *hold, struct proto_view *view)
{
    (void)sw_copy(view->held_by, sizeof view->held_by, hold->origin); /* the same sizes */
    (void)sw_copy(view->held_channel, sizeof view->held_channel, hold->channel);
    (void)sw_copy(view->held_reason, sizeof view->held_reason, hold->reason);
    view->held_until_ms = hold->until_ms;
}

struct sw_status announce_view(struct engine *engine, const struct entry *entry, struct proto_view *ret_view)
{
    struct proto_view view;
    SW_TRY(entry->wf->kind->view(entry->wf, &view));
    view.n = entry->wf->n;
    view.epoch = engine->lease.epoch;
    view.at_ms = engine->now_ms;
    struct lane *lane = entry->wf->kind->waits(entry->wf) ? lanes_get(&engine->lanes, entry->wf->lane) : NULL;
    if (lane)
        put_place(lane, entry, &view);
    if (lane && entry->held)
        put_hold(entry->held, &view);
    *ret_view = view;
    return sw_ok();
}

/* ---- rows ---- */

static struct outbox_row *row_new(struct engine *engine, enum proto_topic topic)
{
    struct outbox_row *row = calloc(1, sizeof *row);
    struct outbox_row **slot = row ? vec_push(&engine->filling->outbox, sizeof row) : NULL;
    if (!slot) {
        free(row);
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "outbox: out of memory"));
        return NULL;
    }
    *slot = row;
    row->id = ++engine->last_outbox_id;
    row->topic = topic;
    row->envelope.time_ms = engine->now_ms;
    (void)sw_copy(row->envelope.source, sizeof row->envelope.source, SOURCE); /* fits */
    if (engine->current) {
        const char *trace = engine->current->envelope.traceparent;
        (void)sw_copy(row->envelope.traceparent, sizeof row->envelope.traceparent, trace); /* the same size */
    }
    return row;
}

static bool too_large(const char *body) { return strlen(body) > PROTO_MAX_RECORD_BYTES - ENVELOPE_ROOM; }

static void drop_tails(struct proto_view *views, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < views[i].step_count; k++) {
            free(views[i].steps[k].tail);
            views[i].steps[k].tail = NULL;
        }
}

static char *dump_take(json_t *json)
{
    char *text = json ? jx_dump_new(json) : NULL;
    json_decref(json);
    return text;
}

/* Output that makes a record too large stays in the store: the event names the workflow, which is enough to ask. */
static char *view_body(struct proto_view *view)
{
    char *body = dump_take(proto_view_encode(view));
    if (!body || !too_large(body))
        return body;
    free(body);
    drop_tails(view, 1);
    return dump_take(proto_view_encode(view));
}

static char *reply_body(struct proto_reply *reply)
{
    char *body = dump_take(proto_reply_encode(reply));
    if (!body || !too_large(body))
        return body;
    free(body);
    drop_tails(reply->views, reply->view_count);
    return dump_take(proto_reply_encode(reply));
}

static void set_body(struct engine *engine, struct outbox_row *row, char *body)
{
    row->body = body;
    if (!body)
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "outbox: out of memory"));
}

/* An order that the relay could not read would be outstanding for ever: it is a defect, said here. */
static json_t *checked_order(const struct entry *entry, json_t *order)
{
    struct proto_order read;
    struct sw_status status = order ? proto_order_read(order, &read) : sw_ok();
    if (!sw_failed(status))
        return order;
    sw_error("an order is left out", sw_s("workflow", entry->wf->id), sw_e(&status));
    json_decref(order);
    return NULL;
}

void announce_event(struct engine *engine, struct entry *entry, const char *event, json_t *order)
{
    struct proto_view view;
    order = checked_order(entry, order);
    world_touch(engine, entry);
    entry->wf->n++;
    struct sw_status status = announce_view(engine, entry, &view);
    struct outbox_row *row = sw_failed(status) ? NULL : row_new(engine, PROTO_TOPIC_EVENTS);
    engine_fail(engine, status);
    if (!row) {
        if (!sw_failed(status))
            proto_view_release(&view);
        json_decref(order);
        return;
    }
    view.order = order;
    (void)snprintf(row->envelope.id, sizeof row->envelope.id, "%s:%lld", entry->wf->id, (long long)entry->wf->n);
    proto_type_join(entry->wf->kind->name, event, 1, row->envelope.type);
    (void)sw_copy(row->envelope.subject, sizeof row->envelope.subject, entry->wf->id); /* the same size */
    row->envelope.seq = entry->wf->n;
    row->envelope.epoch = engine->lease.epoch;
    char key[PROTO_EVENT_KEY_SIZE];
    proto_event_key(view.home_team, view.home_channel, entry->wf->id, key);
    (void)sw_copy(row->key, sizeof row->key, key); /* shorter than a command's id */
    set_body(engine, row, view_body(&view));
    proto_view_release(&view);
}

/* ---- replies ---- */

static void add_view(struct engine *engine, struct proto_reply *reply, const struct entry *entry)
{
    if (reply->views || !entry)
        return;
    reply->views = calloc(1, sizeof *reply->views);
    struct sw_status status =
        reply->views ? announce_view(engine, entry, reply->views) : sw_fail(SW_CODE_NO_MEMORY, "reply: out of memory");
    engine_fail(engine, status);
    reply->has_view = !sw_failed(status);
    reply->view_count = reply->has_view;
}

static void address(const struct engine *engine, const struct proto_command *command, struct proto_reply *reply)
{
    (void)sw_copy(reply->command, sizeof reply->command, command->id); /* the same sizes */
    (void)sw_copy(reply->gateway, sizeof reply->gateway, command->gateway);
    reply->reply_to = sw_strdup(command->reply_to); /* without memory nobody else can post it: its taker can */
    reply->at_ms = engine->now_ms;
}

static void fill_row(struct outbox_row *row, const struct proto_command *command, const struct proto_reply *reply)
{
    (void)sw_print(row->envelope.id, sizeof row->envelope.id, "%.120s:reply", command->id);
    proto_type_join("reply", reply->name, 1, row->envelope.type);
    (void)sw_copy(row->envelope.subject, sizeof row->envelope.subject, command->workflow);
    (void)sw_copy(row->key, sizeof row->key, command->id);
}

void announce_reply(struct engine *engine, const struct proto_command *command, struct proto_reply *reply,
                    struct entry *entry)
{
    if (!reply) {
        engine_fail(engine, sw_fail(SW_CODE_NO_MEMORY, "reply: out of memory"));
        return;
    }
    add_view(engine, reply, entry);
    struct outbox_row *row = sw_failed(engine->failure) ? NULL : row_new(engine, PROTO_TOPIC_REPLIES);
    if (row) {
        address(engine, command, reply);
        fill_row(row, command, reply);
        set_body(engine, row, reply_body(reply));
    }
    proto_reply_release(reply);
    free(reply);
}
