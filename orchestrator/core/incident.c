/* SPDX-License-Identifier: Apache-2.0
 * The machine: what happened becomes an input of the table, the row that fits says what follows. */
#include "orchestrator/core/incident.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_kind.h"
#include "orchestrator/core/incident_nag.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_tracker.h"
#include "orchestrator/core/incident_verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what happened, in the table's words ---- */

static bool verb_input(struct incident_turn *turn, const char *name, enum incident_input *ret_input)
{
    turn->verb = incident_verb_find(name);
    if (!turn->verb)
        turn->verb = incident_verb_find("unknown");
    bool asks = turn->verb->show && !*turn->said && !turn->values;
    *ret_input = asks ? INCIDENT_ASK : turn->verb->input;
    return true;
}

static bool command_input(struct incident_turn *turn, enum incident_input *ret_input)
{
    const struct proto_command *command = turn->command;
    if (sw_equal(command->name, "incident"))
        return verb_input(turn, jx_string_or(command->args, "verb", ""), ret_input);
    if (sw_equal(command->name, "cancel") || sw_equal(command->name, "retry"))
        return verb_input(turn, command->name, ret_input);
    if (sw_equal(command->name, "receipt"))
        *ret_input = INCIDENT_RECEIPT;
    else if (sw_equal(command->name, "heard"))
        *ret_input = INCIDENT_HEARD;
    else if (sw_equal(command->name, "alert"))
        *ret_input = sw_equal(jx_string(command->args, "status"), "resolved") ? INCIDENT_OVER : INCIDENT_FIRING;
    else
        return false;
    return true;
}

static bool timer_input(const char *timer, enum incident_input *ret_input)
{
    static const struct {
        const char *timer;
        enum incident_input input;
    } TIMERS[] = { { INCIDENT_NAG_TIMER, INCIDENT_NAG_DUE },
                   { INCIDENT_ARCHIVE_TIMER, INCIDENT_ARCHIVE_DUE },
                   { INCIDENT_ORDERS_TIMER, INCIDENT_ORDERS_DUE },
                   { INCIDENT_ERRANDS_TIMER, INCIDENT_ERRANDS_DUE },
                   { INCIDENT_HOLD_TIMER, INCIDENT_HOLD_DUE } };
    for (size_t i = 0; i < SW_COUNT(TIMERS); i++)
        if (sw_equal(timer, TIMERS[i].timer)) {
            *ret_input = TIMERS[i].input;
            return true;
        }
    return false;
}

static bool classify(struct incident_turn *turn, enum incident_input *ret_input)
{
    switch (turn->input->kind) {
    case WF_COMMAND:
        return command_input(turn, ret_input);
    case WF_TIMER:
        return timer_input(turn->input->timer, ret_input);
    case WF_ERRAND:
        *ret_input = INCIDENT_ERRAND;
        return true;
    case WF_NEWS:
        *ret_input = INCIDENT_NEWS;
        return true;
    case WF_ADMIT:
    case WF_REPORT:
    case WF_PROGRESS:
        break; /* an incident has no lane and no steps */
    }
    return false;
}

/* ---- who may ---- */

/* A private incident is not there for those who are not in it. */
static bool seen(const struct wf *wf, const struct proto_command *command)
{
    const char *user = command->actor.user;
    if (!incident_private(wf) || !*user || sw_equal(command->channel, incident_channel(wf)))
        return true;
    const char *role;
    json_t *holder;
    json_object_foreach((json_t *)(uintptr_t)incident_part(wf, "roles"), role, holder)
    {
        if (sw_equal(json_string_value(holder), user))
            return true;
    }
    return sw_equal(incident_fact(wf, "user"), user);
}

static struct sw_status permit(struct incident_turn *turn)
{
    struct config_refusal refusal;
    if (!turn->verb)
        return sw_ok();
    if (!seen(turn->wf, turn->command))
        return incident_refuse(turn, "E-NOT-FOUND",
                               "There is no such incident.||||`/incident list` shows what there is.");
    if (incident_may(turn->config, turn->verb->name, turn->verb->sensitive, &turn->command->actor,
                     turn->command->channel, &refusal))
        return sw_ok();
    return incident_refuse(turn, refusal.code, "%s||%s||%s", refusal.text, refusal.why, refusal.hint);
}

/* ---- the step function ---- */

/* The only place that assigns a state. */
static void enter(struct incident_turn *turn, enum incident_state state) { turn->wf->state = state; }

static bool only_touches(const char *event) { return sw_equal(event, "changed") || sw_equal(event, "noted"); }

static struct sw_status apply(struct incident_turn *turn, enum incident_input input,
                              const struct incident_transition *row, const json_t *before)
{
    struct sw_status (*act)(struct incident_turn *) = row->act;
    if (!act && turn->verb)
        act = input == INCIDENT_ASK && turn->verb->show ? turn->verb->show : turn->verb->act;
    if (act)
        SW_TRY(act(turn));
    enter(turn, row->next);
    turn->update->why = row->why;
    if (row->event && (!only_touches(row->event) || !json_equal(before, turn->wf->facts)))
        incident_event(turn, row->event);
    return sw_ok();
}

static struct sw_status run(struct incident_turn *turn, enum incident_input input, const json_t *before)
{
    SW_TRY(permit(turn));
    if (turn->verb)
        incident_meet(turn, turn->command->actor.user, turn->command->actor.name, turn->command->actor.zone);
    const struct incident_transition *row = incident_transition_find((enum incident_state)turn->wf->state, input, turn);
    if (row)
        return apply(turn, input, row, before);
    return turn->verb ? incident_refuse_state(turn, input)
                      : sw_fail(SW_CODE_REFUSED, "%s: no transition for \"%s\" in state %s", turn->wf->id,
                                incident_input_name(input), incident_state_name((enum incident_state)turn->wf->state));
}

static void add_answer(struct incident_turn *turn)
{
    if (!*turn->answer.name) {
        bool dot = *turn->command->said.ts != '\0';
        incident_answer(turn, "%s", dot ? "" : "Done.");
    }
    struct proto_reply *reply = malloc(sizeof *reply);
    struct wf_effect *effect = reply ? incident_effect(turn, WF_REPLY) : NULL;
    if (!effect) {
        free(reply);
        turn->broken = true;
        return;
    }
    *reply = turn->answer;
    turn->answer = (struct proto_reply){ 0 };
    effect->reply = reply;
}

static struct sw_status broken(const struct incident_turn *turn)
{
    return turn->broken ? sw_fail(SW_CODE_NO_MEMORY, "out of memory") : sw_ok();
}

/* Views have no configuration: what the priority means is kept with it. */
static void note_level(struct incident_turn *turn)
{
    struct incident_level level;
    (void)incident_level(turn->config, incident_priority(turn->wf), &level); /* an unknown one has a name, too */
    json_t *json = json_pack("{sI ss ss sb sb}", "n", (json_int_t)level.n, "name", level.name, "emoji", level.emoji,
                             "high", level.high, "review", level.review);
    if (json_equal(json, json_object_get(turn->wf->facts, "level")))
        json_decref(json);
    else
        incident_put(turn, "level", json);
}

/* The turn's own changes are thrown away; what remains is the answer. */
static struct sw_status end_refused(struct incident_turn *turn, json_t *before, struct sw_status status)
{
    json_decref(turn->wf->facts);
    turn->wf->facts = json_incref(before);
    wf_update_release(turn->update);
    if (!turn->verb || status.code != SW_CODE_REFUSED)
        return status;
    turn->update->why = "refused";
    add_answer(turn);
    return broken(turn);
}

static bool awaits_errands(const struct incident_turn *turn)
{
    struct wf_errand errands[KIND_MAX_ERRANDS];
    const struct kind_world world = { .config = turn->config, .now_ms = turn->now_ms, .reads = turn->reads };
    size_t count = incident_errands(turn->wf, &world, errands);
    for (size_t i = 0; i < count; i++)
        json_decref(errands[i].spec);
    return count > 0;
}

/* An archived incident stays until what it has ordered is done: its channel is archived, its issue says so. */
static void close_when_settled(struct incident_turn *turn)
{
    struct wf *wf = turn->wf;
    if (wf->state != INCIDENT_ARCHIVED || wf->final)
        return;
    wf->final =
        !jx_i64_or(wf->facts, "orders_due", 0) && !jx_i64_or(wf->facts, "errands_due", 0) && !awaits_errands(turn);
}

static struct sw_status end_done(struct incident_turn *turn, bool answers)
{
    note_level(turn);
    incident_nag_finish(turn);
    if (answers)
        add_answer(turn); /* before the orders, which take what room is left */
    incident_orders_finish(turn);
    incident_errands_finish(turn);
    close_when_settled(turn);
    return broken(turn);
}

struct sw_status incident_turn_end(struct incident_turn *turn, json_t *before, struct sw_status status)
{
    status = sw_failed(status) ? end_refused(turn, before, status) : end_done(turn, turn->verb != NULL);
    proto_reply_release(&turn->answer);
    if (sw_failed(status))
        wf_update_release(turn->update);
    return status;
}

struct sw_status incident_turn_create_end(struct incident_turn *turn, struct sw_status status)
{
    if (sw_failed(status) && status.code == SW_CODE_REFUSED) {
        turn->update->why = "refused";
        add_answer(turn);
        status = broken(turn);
    } else if (!sw_failed(status))
        status = end_done(turn, true);
    proto_reply_release(&turn->answer);
    return status;
}

void incident_turn_speaker(struct incident_turn *turn)
{
    const char *user = incident_speaker(turn);
    if (*user)
        (void)snprintf(turn->spoken, sizeof turn->spoken, "<@%s>", user);
    else
        (void)sw_copy(turn->spoken, sizeof turn->spoken, "Slipway");
}

static char *trimmed_new(const char *text)
{
    static const char BLANKS[] = " \t\r\n";
    text += strspn(text, BLANKS);
    size_t length = strlen(text);
    while (length > 0 && strchr(BLANKS, text[length - 1]))
        length--;
    return strndup(text, length);
}

static struct sw_status incident_step(struct wf *wf, const struct wf_input *input, struct wf_update *ret_update)
{
    const json_t *args = input->kind == WF_COMMAND ? input->command->args : NULL;
    SW_AUTO_FREE char *said = trimmed_new(jx_string_or(args, "text", ""));
    JX_AUTO json_t *before = json_incref(wf->facts);
    struct wf_update update = { 0 };
    struct incident_turn turn = { .wf = wf, .config = input->config, .reads = input->reads, .now_ms = input->now_ms };
    turn.random = input->random;
    turn.input = input;
    turn.command = input->kind == WF_COMMAND ? input->command : NULL;
    turn.said = said;
    turn.values = json_is_object(json_object_get(args, "values")) ? json_object_get(args, "values") : NULL;
    turn.update = &update;
    incident_turn_speaker(&turn);
    enum incident_input what;
    if (!classify(&turn, &what))
        return sw_fail(SW_CODE_INVALID, "%s: nothing that an incident knows", wf->id);
    json_t *own = json_deep_copy(wf->facts);
    if (!own || !said) {
        json_decref(own);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    json_decref(wf->facts);
    wf->facts = own;
    SW_TRY(incident_turn_end(&turn, before, run(&turn, what, before)));
    *ret_update = update;
    return sw_ok();
}

/* ---- the kind ---- */

static const char *state_name(int32_t state) { return incident_state_name((enum incident_state)state); }

static bool state_parse(const char *name, int32_t *ret_state)
{
    enum incident_state state;
    if (!incident_state_parse(name, &state))
        return false;
    *ret_state = (int32_t)state;
    return true;
}

static bool waits(const struct wf *wf)
{
    (void)wf; /* an incident has no lane */
    return false;
}

static bool stops(const struct wf *wf, size_t step)
{
    (void)wf, (void)step;
    return false;
}

static struct sw_status spec(const struct wf *wf, const json_t *definition, size_t step, json_t **ret_spec)
{
    (void)definition, (void)step, (void)ret_spec;
    return sw_fail(SW_CODE_INTERNAL, "%s: an incident has no steps", wf->id);
}

static const struct kind_command COMMANDS[] = {
    { "declare", KIND_CREATES },
    { "incident", KIND_TELLS },
    { "heard", KIND_TELLS },
    { "alert", KIND_TELLS_OR_CREATES },
};

static const char *const END_STATES[] = { "archived", NULL };

const struct wf_kind INCIDENT_KIND = {
    .name = "incident",
    .id_prefix = 'i',
    .overview = "`/incident list`",
    .commands = COMMANDS,
    .command_count = SW_COUNT(COMMANDS),
    .create = incident_create,
    .step = incident_step,
    .spec = spec,
    .view = incident_view,
    .state_name = state_name,
    .end_states = END_STATES,
    .state_parse = state_parse,
    .waits = waits,
    .stops = stops,
    .keys = incident_keys,
    .command_key = incident_command_key,
    .astray = incident_astray,
    .errands = incident_errands,
    .watches = incident_watches,
    .watched = "deployment",
    .timeline = incident_timeline_new,
    .seen = seen,
};
