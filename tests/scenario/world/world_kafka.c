/* SPDX-License-Identifier: Apache-2.0
 * The command log, and what is published. */
#include "common/base/text.h"
#include "proto/workflow_id.h"
#include "tests/scenario/world/world.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the log ---- */

static struct sw_status log_begin(void *self, const struct log_cursor *cursor, struct log_cursor *ret_cursor,
                                  bool *ret_new_log)
{
    struct world *world = self;
    if (world_enter(world, "log.begin"))
        return world_gone();
    world->me->log_next = cursor->next_offset;
    *ret_cursor = *cursor;
    (void)sw_copy(ret_cursor->cluster_id, sizeof ret_cursor->cluster_id, "cluster-1");
    *ret_new_log = false;
    world_left(world);
    return sw_ok();
}

static struct log_record *copy_record(const struct log_record *record)
{
    struct log_record *copy = malloc(sizeof *copy);
    *copy = *record;
    copy->value = malloc(record->value_bytes + 1);
    memcpy(copy->value, record->value, record->value_bytes + 1);
    copy->headers = NULL;
    return copy;
}

static struct log_record *log_pull(void *self)
{
    struct world *world = self;
    if (world->me->log_next >= world->log_count || world_enter(world, "log.pull"))
        return NULL;
    struct log_record *record = copy_record(world->log[world->me->log_next++]);
    world_left(world);
    return record;
}

static struct sw_status log_health(void *self)
{
    (void)self;
    return sw_ok();
}

static void log_stop(void *self) { (void)self; }

struct log_port world_log(struct world *world)
{
    return (
        struct log_port){ .begin = log_begin, .pull = log_pull, .health = log_health, .stop = log_stop, .self = world };
}

void world_put_record(struct world *world, const char *type, const char *id, const char *value)
{
    struct log_record *record = calloc(1, sizeof *record);
    record->offset = world->log_count;
    record->timestamp_ms = world_clock(world);
    (void)sw_copy(record->envelope.id, sizeof record->envelope.id, id);
    (void)sw_copy(record->envelope.type, sizeof record->envelope.type, type);
    record->value = strdup(value);
    record->value_bytes = strlen(value);
    (void)snprintf(record->hash, sizeof record->hash, "hash-%lld", (long long)record->offset);
    assert(world->log_count < (int64_t)world->room);
    world->log[world->log_count++] = record;
}

void world_say(struct world *world, const char *tag, const char *name, const char *workflow, const char *args_json)
{
    world_say_as(world, "U1", tag, name, workflow, args_json);
}

void world_say_as(struct world *world, const char *user, const char *tag, const char *name, const char *workflow,
                  const char *args_json)
{
    struct proto_command command = { .actor = { .team = "T1", .membership = PROTO_MEMBER_FULL },
                                     .channel = "C1",
                                     .origin = "slash",
                                     .gateway = "gateway-1",
                                     .at_ms = world_clock(world) };
    char type[PROTO_TYPE_SIZE];
    (void)snprintf(command.id, sizeof command.id, "cmd:A1:%s", tag);
    (void)sw_copy(command.name, sizeof command.name, name);
    (void)sw_copy(command.actor.user, sizeof command.actor.user, user);
    (void)sw_copy(command.workflow, sizeof command.workflow, workflow);
    command.args = json_loads(args_json, 0, NULL);
    assert(command.args);
    json_t *json = proto_command_encode(&command);
    char *text = jx_dump_new(json);
    proto_type_join("command", name, 1, type);
    world_put_record(world, type, command.id, text);
    free(text);
    json_decref(json);
    json_decref(command.args);
}

const char *world_id(char prefix, const char *tag)
{
    static char ids[64][PROTO_WORKFLOW_ID_SIZE]; /* the caller may keep some */
    static size_t next;
    uint8_t digest[32] = { 0 };
    char *id = ids[next++ % 64];
    for (size_t i = 0; tag[i]; i++)
        digest[i % 8] = (uint8_t)(digest[i % 8] * 31 + tag[i]);
    proto_workflow_id(prefix, digest, id);
    return id;
}

const char *world_deploy(struct world *world, const char *tag, const char *args_json)
{
    const char *id = world_id('d', tag);
    world_say(world, tag, "deploy", id, args_json);
    return id;
}

/* ---- what is published ---- */

/* The first appearance of each number of a workflow is in order; repeats carry the same content. */
static void check_event(const struct world *world, const struct outbox_row *row)
{
    if (row->topic != PROTO_TOPIC_EVENTS)
        return;
    struct world_row *of = world_row(world, row->envelope.subject);
    assert(of && row->envelope.seq == of->published_n + 1);
    of->published_n = row->envelope.seq;
}

static void repeat(struct world *world, const struct outbox_row *row)
{
    if (world->publish)
        return;
    assert(sw_equal(world->events[row->id - 1].envelope.id, row->envelope.id));
    world->events[row->id - 1].published++;
}

static void publish_row(struct world *world, const struct outbox_row *row)
{
    assert(row->id >= 1 && row->id <= world->outbox_count); /* durable before it leaves */
    if (row->id <= (int64_t)world->event_count) {
        repeat(world, row);
        return;
    }
    assert(row->id == (int64_t)world->event_count + 1 && world->event_count < world->room);
    check_event(world, row);
    if (world->publish) {
        world->event_count++;
        world->publish(world->publish_self, row);
        return;
    }
    struct world_event *event = &world->events[world->event_count++];
    *event = (struct world_event){ .id = row->id, .envelope = row->envelope, .topic = row->topic, .published = 1 };
    (void)sw_copy(event->key, sizeof event->key, row->key);
    event->body = json_loads(row->body, 0, NULL);
    assert(event->body);
}

/* In the order of their ids; what could not be sent is sent the next time. */
static void send(struct world *world)
{
    while (!world->kafka_down && world->me->sent_id < world->me->taken_id)
        if (world->outbox[world->me->sent_id++]) /* else another has published it */
            publish_row(world, world->outbox[world->me->sent_id - 1]);
}

static struct sw_status begin(void *self, int64_t epoch, int64_t published_id, int64_t last_id)
{
    struct world *world = self;
    (void)epoch;
    if (world_enter(world, "publisher.begin"))
        return world_gone();
    world->me->sent_id = published_id;
    world->me->taken_id = last_id;
    send(world);
    world_left(world);
    return sw_ok();
}

static void publish_take(void *self, struct outbox_row **rows, size_t count)
{
    struct world *world = self;
    bool gone = world_enter(world, "publisher.publish");
    for (size_t i = 0; i < count; i++) {
        assert(rows[i]->id == world->me->taken_id + 1);
        world->me->taken_id = rows[i]->id;
        outbox_row_free(rows[i]);
    }
    if (gone)
        return; /* Kafka is away for a moment */
    send(world);
    world_left(world);
}

static int64_t published(void *self)
{
    struct world *world = self;
    if (!world->me->dead)
        send(world);
    return world->me->sent_id;
}

static int64_t unpublished_bytes(void *self)
{
    (void)self;
    return 0;
}

static void stop(void *self) { (void)self; }

struct publisher_port world_publisher(struct world *world)
{
    return (struct publisher_port){ .begin = begin,
                                    .publish_take = publish_take,
                                    .published = published,
                                    .unpublished_bytes = unpublished_bytes,
                                    .stop = stop,
                                    .self = world };
}
