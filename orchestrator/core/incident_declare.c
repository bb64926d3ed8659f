/* SPDX-License-Identifier: Apache-2.0
 * From a declaration, or an alert, to an incident: it exists first; its channel and all else are ordered. */
#include "common/base/text.h"
#include "orchestrator/core/incident_alert.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_joined.h"
#include "orchestrator/core/incident_kind.h"
#include "orchestrator/core/incident_nag.h"
#include "orchestrator/core/incident_orders.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is being declared. Texts borrow from the command, or from `from`. */
struct declaration {
    const char *title, *details, *service, *environment, *cause;
    int64_t priority;
    bool is_private;
    json_t *from; /* the deployment's view, or NULL; owned */
    char made_title[INCIDENT_MAX_TITLE + 1];
    char first_word[PROTO_NAME_SIZE]; /* of the title */
};

/* ---- what is declared ---- */

/* A failed deployment says what it was; what the person said stands. */
static void fill_from_deployment(struct declaration *declared)
{
    const json_t *view = declared->from;
    const char *service = jx_string_or(view, "service", ""),
               *error = jx_string_or(json_object_get(view, "error"), "text", "");
    declared->cause = jx_string_or(view, "workflow", "");
    if (!*declared->service)
        declared->service = service;
    if (!*declared->environment)
        declared->environment = jx_string_or(view, "environment", "");
    if (!*declared->details)
        declared->details = error;
    if (*declared->title)
        return;
    (void)sw_print(declared->made_title, sizeof declared->made_title, "Deployment of %s to %s: %s", service,
                   declared->environment, jx_string_or(view, "state", ""));
    declared->title = declared->made_title;
}

static void read_deployment(const struct kind_world *world, const char *from, struct declaration *declared)
{
    json_t *view = *from ? world->reads->find(world->reads->self, from) : NULL;
    if (json_is_object(view) && sw_equal(jx_string(view, "kind"), "deployment")) {
        declared->from = view;
        fill_from_deployment(declared);
        return;
    }
    json_decref(view);
}

/* Who only says a title can name a service by beginning with it: "site is down". In a form there is a field for it. */
static void read_service(const struct kind_world *world, const struct proto_command *command,
                         struct declaration *declared)
{
    size_t length = strcspn(declared->title, " \t:,");
    bool said = sw_equal(command->origin, "slash") || sw_equal(command->origin, "dot");
    if (!said || *declared->service || length >= sizeof declared->first_word)
        return;
    (void)snprintf(declared->first_word, sizeof declared->first_word, "%.*s", (int)length, declared->title);
    for (char *c = declared->first_word; !config_service(world->config, declared->first_word) && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (config_service(world->config, declared->first_word))
        declared->service = declared->first_word;
}

static bool priority_named(const struct kind_world *world, const json_t *args, int64_t *ret_n)
{
    const char *spoken = jx_string_or(args, "spoken", "");
    int64_t n = jx_i64_or(args, "priority", 0);
    struct incident_level level;
    if (n == 0 && *spoken && incident_priority_parse(world->config, spoken, ret_n))
        return true;
    if (n == 0)
        n = incident_default_priority(world->config);
    *ret_n = n;
    return incident_level(world->config, n, &level);
}

static void read_declaration(const struct kind_world *world, const struct proto_command *command,
                             struct declaration *declared)
{
    const json_t *args = command->args;
    declared->title = jx_string_or(args, "title", "");
    declared->details = jx_string_or(args, sw_equal(command->name, "alert") ? "text" : "details", "");
    declared->service = jx_string_or(args, "service", "");
    declared->environment = jx_string_or(args, "environment", "");
    declared->cause = "";
    declared->is_private = jx_bool_or(args, "private", false);
    read_deployment(world, jx_string_or(args, "from", ""), declared);
    declared->title += strspn(declared->title, " \t\n");
    read_service(world, command, declared);
}

/* ---- refusing ---- */

static struct sw_status refuse_title(struct incident_turn *turn, const struct declaration *declared)
{
    if (sw_blank(declared->title))
        return incident_refuse(turn, "E-TITLE", "What has happened?||||Such as `/incident start Checkout is down`.");
    if (strchr(declared->title, '\n') || sw_utf8_characters(declared->title) > INCIDENT_MAX_TITLE)
        return incident_refuse(turn, "E-TITLE",
                               "A title is one line of at most %d characters.||||Say the rest with "
                               "`.summary` in the incident's channel.",
                               INCIDENT_MAX_TITLE);
    return sw_ok();
}

static struct sw_status refuse_names(struct incident_turn *turn, const struct declaration *declared)
{
    bool alert = sw_equal(turn->command->name, "alert");
    if (*declared->service && !alert && !config_service(turn->config, declared->service))
        return incident_refuse(turn, "E-SERVICE-UNKNOWN",
                               "There is no service `%.60s`.||||`/deploy services` lists them; "
                               "an incident needs none.",
                               declared->service);
    if (*declared->environment && !alert && !config_environment(turn->config, declared->environment))
        return incident_refuse(turn, "E-ENVIRONMENT-UNKNOWN",
                               "There is no environment `%.60s`.||||`/deploy services` lists "
                               "them; an incident needs none.",
                               declared->environment);
    return sw_ok();
}

static struct sw_status refuse_place(struct incident_turn *turn)
{
    const struct proto_command *command = turn->command;
    const char *main = incident_setting_text(turn->config, "", "main");
    if (!sw_equal(command->origin, "dot") || incident_is_main(turn->config, command->channel))
        return sw_ok();
    struct sw_status status = incident_refuse(turn, "E-NOT-HERE",
                                              "Incidents are declared in <#%s>.||||Go there and say it "
                                              "again, or use `/incident start` anywhere.",
                                              main);
    incident_card(turn, "not_here", json_pack("{ss}", "main", main));
    return status;
}

static struct sw_status check(struct incident_turn *turn, const struct kind_world *world, struct declaration *declared)
{
    struct config_refusal refusal;
    bool alert = sw_equal(turn->command->name, "alert");
    if (!incident_configured(world->config))
        return incident_refuse(turn, "E-NOT-CONFIGURED",
                               "Incidents are not set up here.||slipway.yaml has no section "
                               "`incidents`.||Ask whoever keeps it.");
    SW_TRY(refuse_place(turn));
    if (!alert &&
        !incident_may(world->config, "declare", true, &turn->command->actor, turn->command->channel, &refusal))
        return incident_refuse(turn, refusal.code, "%s||%s||%s", refusal.text, refusal.why, refusal.hint);
    SW_TRY(refuse_title(turn, declared));
    SW_TRY(refuse_names(turn, declared));
    if (!priority_named(world, turn->command->args, &declared->priority)) {
        if (!alert)
            return incident_refuse(turn, "E-PRIORITY",
                                   "There is no priority %lld, so \"%.300s\" was not declared.||||"
                                   "`/incident priorities` lists them.",
                                   (long long)declared->priority, declared->title);
        declared->priority = incident_default_priority(world->config);
    }
    return sw_ok();
}

/* ---- making ---- */

static void fill(struct incident_turn *turn, const struct kind_world *world, const struct declaration *declared)
{
    const struct proto_command *command = turn->command;
    const char *room = incident_room_for(world->config, command->channel, declared->service);
    const char *prefix = incident_setting_text(world->config, room, "prefix");
    incident_put(turn, "number", json_integer(world->sequence));
    incident_put_text(turn, "title", declared->title);
    incident_put(turn, "priority", json_integer(declared->priority));
    incident_put_text(turn, "service", declared->service);
    incident_put_text(turn, "environment", declared->environment);
    incident_put(turn, "private", json_boolean(declared->is_private));
    incident_put_text(turn, "team", command->actor.team);
    incident_put_text(turn, "user", command->actor.user);
    incident_put_text(turn, "room", room);
    incident_put_text(turn, "home_channel", incident_setting_text(world->config, room, "main"));
    incident_put_text(turn, "notify_channel", incident_setting_text(world->config, room, "notify"));
    incident_put_text(turn, "prefix", *prefix ? prefix : "inc-");
    incident_put_text(turn, "declared_in", command->channel);
    incident_put_text(turn, "cause", *declared->cause ? declared->cause : NULL);
    incident_put_time(turn, "created", world->now_ms);
}

static void say_declared(struct incident_turn *turn, const struct declaration *declared)
{
    char held[PROTO_NAME_SIZE + 64] = "";
    if (json_array_size(incident_list(turn->wf, "holds")))
        (void)snprintf(held, sizeof held, "Deployments of `%s` do not start until `.release`.", declared->service);
    incident_answer(turn, "Incident #%lld is declared: %s||%s||Its channel is being made; `%s` finds it.",
                    (long long)jx_i64_or(turn->wf->facts, "number", 0), declared->title, held, turn->wf->id);
}

static void start(struct incident_turn *turn, const struct declaration *declared)
{
    incident_meet(turn, turn->command->actor.user, turn->command->actor.name, turn->command->actor.zone);
    (void)incident_log(turn, "event", "Declared: %s", declared->title);
    if (!sw_blank(declared->details))
        (void)incident_log_text(turn, "note", declared->details);
    if (sw_equal(turn->command->name, "alert"))
        incident_alert_first(turn);
    incident_event(turn, "started");
    incident_order_channel(turn, 1);
    incident_keep_changes(turn);
    incident_hold_if_serious(turn);
    say_declared(turn, declared);
    (void)sw_copy(turn->answer.name, sizeof turn->answer.name, "accepted");
}

static struct sw_status make(struct incident_turn *turn, const struct kind_world *world,
                             const struct declaration *declared)
{
    turn->wf = wf_new(&INCIDENT_KIND, turn->command->workflow, 0);
    if (!turn->wf)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    turn->wf->sequence = world->sequence;
    turn->wf->created_at_ms = turn->wf->started_at_ms = world->now_ms;
    turn->wf->state = INCIDENT_STARTED;
    turn->update->why = sw_equal(turn->command->name, "alert") ? "an alert fires" : "declared";
    fill(turn, world, declared);
    start(turn, declared);
    return sw_ok();
}

static struct sw_status run(struct incident_turn *turn, const struct kind_world *world)
{
    struct declaration declared = { 0 };
    read_declaration(world, turn->command, &declared);
    struct sw_status status = sw_ok();
    if (sw_equal(turn->command->name, "alert") && sw_equal(jx_string(turn->command->args, "status"), "resolved"))
        status = incident_refuse(turn, "E-NOT-FOUND", "No incident is open for this alert.");
    if (!sw_failed(status))
        status = check(turn, world, &declared);
    if (!sw_failed(status))
        status = make(turn, world, &declared);
    json_decref(declared.from);
    return status;
}

struct sw_status incident_create(const struct kind_world *world, const struct proto_command *command,
                                 struct kind_created *ret_created)
{
    struct kind_created created = { 0 };
    struct incident_turn turn = { .config = world->config, .reads = world->reads, .now_ms = world->now_ms };
    turn.command = command;
    turn.said = "";
    turn.update = &created.update;
    incident_turn_speaker(&turn);
    struct sw_status status = incident_turn_create_end(&turn, run(&turn, world));
    created.wf = turn.wf;
    if (sw_failed(status)) {
        kind_created_release(&created);
        return status;
    }
    *ret_created = created;
    return sw_ok();
}
