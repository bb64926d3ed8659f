/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenario/world/fleet.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/io/zones.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 400000, MINUTE_MS = 60000, HOUR_MS = 3600000 };

static const char INCIDENTS[] =
    "\"incidents\":{\"main\":\"CMAIN\",\"archive_after\":\"4h\",\"nag_grid\":\"1m\","
    "\"quiet_hours\":{\"from\":\"22:00\",\"to\":\"07:00\",\"zone\":\"Europe/"
    "Berlin\",\"priorities\":[3,4]},\"priorities\":{"
    "\"1\":{\"nag\":{\"point\":\"5h\"}},\"2\":{\"nag\":{\"point\":\"2h\"}},\"3\":{\"nag\":{\"point\":\"90m\"}},"
    "\"4\":{\"nag\":{\"point\":\"30m\",\"comms\":\"30m\"}},\"5\":{\"nag\":{\"point\":\"5h\",\"comms\":\"5h\"}}}}";

/* What the oracle knows of it: the same, said once more. */
static const struct oracle_rules RULES = { .grid_ms = MINUTE_MS,
                                           .archive_after_ms = 4 * HOUR_MS,
                                           .last_words_ms = 5000,
                                           .outage_ms = 5 * MINUTE_MS,
                                           .quiet_from = 22,
                                           .quiet_to = 7,
                                           .wait_ms = 6 * HOUR_MS };
static const struct {
    int64_t every_ms[ORACLE_KINDS];
    bool quiet;
} PRIORITIES[] = { { { 0 }, false },
                   { { 5 * HOUR_MS }, false },
                   { { 2 * HOUR_MS }, false },
                   { { 90 * MINUTE_MS }, true },
                   { { 30 * MINUTE_MS, 30 * MINUTE_MS }, true },
                   { { 5 * HOUR_MS, 5 * HOUR_MS }, false } };

static char *config_new_text(void)
{
    struct sw_buf text = { 0 };
    sw_buf_printf(&text, "{\"version\":1,\"environments\":{\"staging\":{}},\"pipelines\":{\"slow\":{\"steps\":"
                         "[{\"name\":\"settle\",\"wait\":\"6h\"}]}},\"services\":{");
    for (int i = 0; i < FLEET_SERVICES; i++)
        sw_buf_printf(&text, "%s\"s%d\":{\"environments\":[\"staging\"],\"ref\":\"main\",\"pipeline\":\"slow\"}",
                      i ? "," : "", i);
    sw_buf_printf(&text, "},%s}", INCIDENTS);
    char *copy = strdup(sw_buf_string(&text));
    sw_buf_release(&text);
    return copy;
}

/* ---- Slack ---- */

static int number_of(const char *workflow) { return (int)strtol(workflow + 2, NULL, 10); }

/* Takes args. */
static void receipt(struct fleet *fleet, const char *workflow, json_t *args)
{
    char id[PROTO_COMMAND_ID_MAX], type[PROTO_TYPE_SIZE];
    struct proto_command command = {
        .origin = "relay", .gateway = "g", .at_ms = world_clock(&fleet->world), .args = args
    };
    (void)snprintf(id, sizeof id, "rcpt:%s:%lld", workflow, (long long)++fleet->receipts);
    (void)sw_copy(command.id, sizeof command.id, id);
    (void)sw_copy(command.name, sizeof command.name, "receipt");
    (void)sw_copy(command.workflow, sizeof command.workflow, workflow);
    JX_AUTO json_t *json = proto_command_encode(&command);
    char *text = jx_dump_new(json);
    proto_type_join("command", command.name, 1, type);
    world_put_record(&fleet->world, type, command.id, text);
    free(text);
    json_decref(args);
}

static json_t *made_channel(const char *workflow, const json_t *order)
{
    char id[32];
    if (!sw_equal(jx_string(order, "verb"), "create_channel"))
        return NULL;
    (void)snprintf(id, sizeof id, "C%d", number_of(workflow));
    return json_pack("{ss ss}", "id", id, "name", jx_string_or(order, "name", ""));
}

static void tell_of_order(struct fleet *fleet, int number, int64_t at_ms, const json_t *order)
{
    const json_t *data = json_object_get(order, "data");
    bool point = sw_equal(jx_string(data, "what"), "point");
    if (sw_equal(jx_string(order, "card"), "nag"))
        oracle_reminded(&fleet->oracle, number, at_ms, point ? ORACLE_POINT : ORACLE_COMMS,
                        jx_i64_or(data, "missed", 0), jx_string_or(order, "text", ""));
    if (sw_equal(jx_string(order, "verb"), "archive"))
        oracle_closed(&fleet->oracle, number, at_ms);
}

/* Of the event's body the order alone is read: the rest of it is the view of the whole incident. */
static void obey(struct fleet *fleet, const struct outbox_row *row)
{
    static const char MEMBER[] = "\"order\":{";
    const char *workflow = row->envelope.subject, *at = strstr(row->body, MEMBER);
    assert(at);
    JX_AUTO json_t *order = json_loads(at + strlen(MEMBER) - 1, JSON_DISABLE_EOF_CHECK, NULL);
    assert(order);
    tell_of_order(fleet, number_of(workflow), row->envelope.time_ms, order);
    receipt(fleet, workflow,
            json_pack("{ss ss ss ss so? sn}", "event", row->envelope.id, "channel", jx_string_or(order, "channel", ""),
                      "ts", "1.1", "order", jx_string_or(order, "key", ""), "created", made_channel(workflow, order),
                      "error"));
}

/* ---- what the oracle hears ---- */

static const char *state_of(const struct outbox_row *row)
{
    static const char MEMBER[] = "\"state\":\"";
    const char *at = strstr(row->body, MEMBER);
    return at ? at + strlen(MEMBER) : "";
}

static void hear_event(struct fleet *fleet, const struct outbox_row *row)
{
    const struct proto_envelope *of = &row->envelope;
    struct oracle_incident *incident = &fleet->oracle.incidents[number_of(of->subject)];
    int number = number_of(of->subject);
    if (*of->subject == 'd' && sw_equal(of->type, "slipway.deployment.started.v1"))
        oracle_waits(&fleet->oracle, number, of->time_ms);
    else if (*of->subject == 'd' && sw_equal(of->type, "slipway.deployment.succeeded.v1"))
        oracle_waited(&fleet->oracle, number, of->time_ms);
    else if (*of->subject == 'i' && of->seq == 1) {
        oracle_declared(&fleet->oracle, number, of->time_ms);
        receipt(fleet, of->subject,
                json_pack("{ss ss ss sn sn sn}", "event", of->id, "channel", "CMAIN", "ts", "2.2", "order", "created",
                          "error"));
    } else if (*of->subject == 'i' && !incident->archived_ms && sw_starts_with(state_of(row), "archived"))
        oracle_archived(&fleet->oracle, number, of->time_ms);
}

/* "cmd:A1:snooze-17:reply" */
static void hear_reply(struct fleet *fleet, const struct outbox_row *row)
{
    char verb[16];
    int number;
    if (sscanf(row->envelope.id, "cmd:A1:%15[a-z]-%d:reply", verb, &number) != 2)
        return;
    if (strstr(row->body, "\"refused\"")) {
        (void)fprintf(stderr, "%s: %s\n", row->envelope.id, row->body);
        fleet->refusals++;
    } else if (sw_equal(verb, "snooze"))
        oracle_snoozed(&fleet->oracle, number, row->envelope.time_ms);
    else if (sw_equal(verb, "mitigate"))
        oracle_dismissed(&fleet->oracle, number);
    else if (sw_equal(verb, "cancel"))
        oracle_over(&fleet->oracle, number, row->envelope.time_ms);
}

static void publish(void *self, const struct outbox_row *row)
{
    if (row->topic != PROTO_TOPIC_EVENTS)
        hear_reply(self, row);
    else if (sw_equal(row->envelope.type, "slipway.incident.ordered.v1"))
        obey(self, row);
    else
        hear_event(self, row);
}

/* ---- life ---- */

static const struct sw_zone *zone(void *self, const char *name)
{
    const struct sw_zone *found = NULL;
    struct fleet *fleet = self;
    struct sw_status status = zones_get(fleet->zones, name, &found);
    assert(!sw_failed(status));
    return found;
}

struct fleet *fleet_new(int64_t start_ms, int64_t summer_from_ms, int64_t summer_until_ms)
{
    struct fleet *fleet = calloc(1, sizeof *fleet);
    char *config = config_new_text();
    assert(fleet);
    struct sw_status status = zones_new(NULL, &fleet->zones);
    assert(!sw_failed(status));
    world_init_wide(&fleet->world, config, ROOM);
    free(config);
    fleet->world.process_count = WORLD_PROCESSES;
    fleet->world.calm_ms = 10 * MINUTE_MS;
    fleet->world.commit_ms = 5;
    fleet->world.clock_ms = start_ms - fleet->world.now_ms;
    fleet->world.zone = zone;
    fleet->world.publish = publish;
    fleet->world.zone_self = fleet->world.publish_self = fleet;
    fleet->oracle.rules = RULES;
    fleet->oracle.summer_from_ms = summer_from_ms;
    fleet->oracle.summer_until_ms = summer_until_ms;
    return fleet;
}

void fleet_free(struct fleet *fleet)
{
    world_release(&fleet->world);
    oracle_release(&fleet->oracle);
    zones_free(fleet->zones);
    free(fleet);
}

/* ---- people ---- */

/* Takes args. */
static void command(struct fleet *fleet, const char *tag, int number, const char *name, const char *workflow,
                    json_t *args)
{
    struct proto_command command = { .actor = { .team = "T1", .user = "U1", .membership = PROTO_MEMBER_FULL },
                                     .origin = "dot",
                                     .gateway = "g",
                                     .at_ms = world_clock(&fleet->world),
                                     .args = args };
    char type[PROTO_TYPE_SIZE];
    (void)snprintf(command.id, sizeof command.id, "cmd:A1:%s-%d", tag, number);
    (void)snprintf(command.channel, sizeof command.channel, *workflow ? "CMAIN" : "C%d", number);
    (void)snprintf(command.said.ts, sizeof command.said.ts, "3.%06lld", (long long)fleet->world.log_count);
    (void)sw_copy(command.name, sizeof command.name, name);
    (void)sw_copy(command.workflow, sizeof command.workflow, workflow);
    (void)sw_copy(command.actor.name, sizeof command.actor.name, "Ada");
    (void)sw_copy(command.actor.zone, sizeof command.actor.zone, "Europe/Berlin");
    JX_AUTO json_t *json = proto_command_encode(&command);
    char *text = jx_dump_new(json);
    proto_type_join("command", command.name, 1, type);
    world_put_record(&fleet->world, type, command.id, text);
    free(text);
    json_decref(args);
}

void fleet_declare(struct fleet *fleet, int number, int priority)
{
    char id[PROTO_WORKFLOW_ID_SIZE];
    struct oracle_incident *incident = &fleet->oracle.incidents[number];
    (void)snprintf(id, sizeof id, "i-%013d", number);
    memcpy(incident->every_ms, PRIORITIES[priority].every_ms, sizeof incident->every_ms);
    incident->quiet = PRIORITIES[priority].quiet;
    command(fleet, "declare", number, "declare", id,
            json_pack("{ss si sb}", "title", "Nothing loads", "priority", priority, "private", 1));
}

void fleet_say(struct fleet *fleet, int number, const char *verb)
{
    const char *text = sw_equal(verb, "snooze") ? "until tomorrow 9:00" : "";
    command(fleet, verb, number, "incident", "", json_pack("{ss ss ss}", "verb", verb, "text", text, "spoken", verb));
}

void fleet_deploy(struct fleet *fleet, int number)
{
    char id[PROTO_WORKFLOW_ID_SIZE], service[16];
    (void)snprintf(id, sizeof id, "d-%013d", number);
    (void)snprintf(service, sizeof service, "s%d", number);
    command(fleet, "deploy", number, "deploy", id, json_pack("{ss}", "service", service));
}
