/* SPDX-License-Identifier: Apache-2.0
 * Requests to break the glass: made, agreed to, ended. What is said of those that change nothing is
 * deployment_glass_say.c's. */
#include "orchestrator/core/deployment_glass.h"

#include "common/base/text.h"
#include "orchestrator/core/deployment_act.h"

#include <stdio.h>

static struct sw_status no_memory(void) { return sw_fail(SW_CODE_NO_MEMORY, "break the glass: out of memory"); }

/* ---- facts ---- */

/* Of its own, to be changed and put back; NULL: no memory. */
static json_t *glass_new(const struct wf *wf)
{
    const json_t *known = json_object_get(wf->facts, "break_glass");
    return known ? json_deep_copy(known) : json_pack("{si sn s[]}", "next", 1, "request", "past");
}

/* What holds it now, a new reference; of none, and without memory, an empty array. */
static json_t *holds_now(const struct deployment_turn *turn)
{
    const struct kind_reads *reads = turn->input->reads;
    json_t *holds = reads->holds(reads->self, turn->wf);
    return holds ? holds : json_array(); /* the term ends */
}

static bool is_held(const struct deployment_turn *turn)
{
    JX_AUTO json_t *holds = holds_now(turn);
    return json_array_size(holds) > 0;
}

/* A full list forgets one that came to nothing; false: all of them were agreed to. */
static bool make_room(json_t *past)
{
    for (size_t i = 0; json_array_size(past) >= GLASS_MAX_PAST && i < json_array_size(past); i++)
        if (!sw_equal(jx_string(json_array_get(past, i), "how"), "agreed"))
            (void)json_array_remove(past, i--); /* it is there */
    return json_array_size(past) < GLASS_MAX_PAST;
}

static void clear_timer(struct deployment_turn *turn)
{
    struct wf_effect *effect = deployment_effect(turn, WF_CLEAR_TIMER);
    (void)sw_copy(effect->timer, sizeof effect->timer, DEPLOYMENT_GLASS_TIMER); /* fits */
}

/* The open request has ended so. by: who did it, or NULL; holds: those that it is about in the end, or NULL. */
static struct sw_status end(struct deployment_turn *turn, const char *how, const char *by, json_t *holds)
{
    JX_AUTO json_t *glass = glass_new(turn->wf);
    json_t *request = json_object_get(glass, "request"), *past = json_object_get(glass, "past");
    bool done = jx_set_string(request, "how", how) && jx_set_string(request, "by", by) &&
                jx_set_time(request, "ended_at", turn->input->now_ms) &&
                (!holds || json_object_set(request, "holds", holds) == 0) && make_room(past) &&
                json_array_append(past, request) == 0 && jx_set_take(glass, "request", json_null());
    if (!done)
        return no_memory();
    clear_timer(turn);
    return deployment_set_fact(turn->wf, "break_glass", SW_TAKE(glass));
}

/* ---- questions ---- */

static bool speaks(const struct deployment_turn *turn, const char *user)
{
    return sw_equal(turn->input->command->actor.user, user);
}

bool deployment_glass_is_asked(const struct deployment_turn *turn)
{
    return deployment_glass_request(turn->wf) != NULL;
}

bool deployment_glass_is_moot(const struct deployment_turn *turn)
{
    return deployment_glass_is_asked(turn) && !is_held(turn);
}

bool deployment_glass_is_needless(const struct deployment_turn *turn) { return !is_held(turn); }

bool deployment_glass_is_own(const struct deployment_turn *turn)
{
    const json_t *request = deployment_glass_request(turn->wf);
    return request && speaks(turn, jx_string(request, "user"));
}

bool deployment_glass_is_unsound(const struct deployment_turn *turn)
{
    JX_AUTO json_t *glass = glass_new(turn->wf);
    JX_AUTO json_t *holds = holds_now(turn);
    const char *reason = jx_string(turn->input->command->args, "reason");
    return sw_blank(reason) || sw_utf8_characters(reason) > PROTO_REASON_MAX ||
           json_array_size(holds) > GLASS_MAX_HOLDS || !make_room(json_object_get(glass, "past"));
}

/* A button names the request that it was drawn for. */
bool deployment_glass_is_over(const struct deployment_turn *turn)
{
    const json_t *request = deployment_glass_request(turn->wf);
    return !request || jx_i64_or(request, "number", 0) != jx_i64_or(turn->input->command->args, "request", 0);
}

bool deployment_glass_is_broken(const struct deployment_turn *turn)
{
    const json_t *past = deployment_glass_past(turn->wf, jx_i64_or(turn->input->command->args, "request", 0));
    return past && sw_equal(jx_string(past, "how"), "agreed");
}

/* ---- asking ---- */

static void set_timer(struct deployment_turn *turn, int64_t due_ms)
{
    struct wf_effect *effect = deployment_effect(turn, WF_SET_TIMER);
    (void)sw_copy(effect->timer, sizeof effect->timer, DEPLOYMENT_GLASS_TIMER); /* fits */
    effect->due_ms = due_ms;
}

static json_t *request_new(const struct deployment_turn *turn, int64_t number, int64_t until_ms)
{
    const struct proto_command *command = turn->input->command;
    json_t *request = json_object();
    bool done = jx_set_i64(request, "number", number) && jx_set_string(request, "user", command->actor.user) &&
                jx_set_string(request, "reason", jx_string(command->args, "reason")) &&
                jx_set_time(request, "at", turn->input->now_ms) && jx_set_time(request, "until", until_ms) &&
                jx_set_take(request, "holds", holds_now(turn));
    if (done)
        return request;
    json_decref(request);
    return NULL;
}

struct sw_status deployment_glass_ask(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE], hint[PROTO_ERROR_SIZE];
    JX_AUTO json_t *glass = glass_new(turn->wf);
    int64_t number = jx_i64_or(glass, "next", 1);
    int64_t until_ms = turn->input->now_ms + config_break_glass_expires_ms(turn->input->config);
    if (!jx_set_i64(glass, "next", number + 1) || !jx_set_take(glass, "request", request_new(turn, number, until_ms)))
        return no_memory();
    SW_TRY(deployment_set_fact(turn->wf, "break_glass", SW_TAKE(glass)));
    set_timer(turn, until_ms);
    (void)snprintf(text, sizeof text,
                   "You ask to break the glass for `%s`. Nothing has changed yet: a second person "
                   "has to agree.",
                   turn->wf->id);
    (void)snprintf(hint, sizeof hint,
                   "Somebody else presses *Agree* on its message, or types `/deploy break-glass %s`.",
                   turn->wf->id); /* both fit */
    return deployment_reply(turn, "done", text, hint);
}

struct sw_status deployment_glass_renew(struct deployment_turn *turn)
{
    JX_AUTO json_t *glass = glass_new(turn->wf);
    if (!jx_set_take(json_object_get(glass, "request"), "holds", holds_now(turn)))
        return no_memory();
    return deployment_set_fact(turn->wf, "break_glass", SW_TAKE(glass));
}

/* ---- ending ---- */

struct sw_status deployment_glass_agree(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    JX_AUTO json_t *holds = holds_now(turn);
    SW_TRY(end(turn, "agreed", turn->input->command->actor.user, holds));
    (void)snprintf(text, sizeof text, "You agreed: `%s` passes what holds it now, and begins when its lane is free.",
                   turn->wf->id); /* fits */
    return deployment_reply(turn, "done", text, NULL);
}

struct sw_status deployment_glass_decline(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    bool own = deployment_glass_is_own(turn);
    SW_TRY(end(turn, "declined", turn->input->command->actor.user, NULL));
    (void)snprintf(text, sizeof text, "%s: `%s` stays held.",
                   own ? "Your request is withdrawn" : "The request is declined", turn->wf->id); /* fits */
    return deployment_reply(turn, "done", text, NULL);
}

struct sw_status deployment_glass_expire(struct deployment_turn *turn) { return end(turn, "expired", NULL, NULL); }

struct sw_status deployment_glass_drop(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    SW_TRY(end(turn, "dropped", NULL, NULL));
    if (turn->input->kind != WF_COMMAND)
        return sw_ok();
    (void)snprintf(text, sizeof text, "Nothing holds `%s` any more, so no glass has to be broken.",
                   turn->wf->id); /* fits */
    return deployment_reply(turn, "done", text, "It begins when its turn comes.");
}

struct sw_status deployment_glass_void(struct deployment_turn *turn)
{
    if (!deployment_glass_is_asked(turn))
        return sw_ok();
    deployment_effect(turn, WF_EVENT)->event = "break_glass_dropped";
    return end(turn, "dropped", NULL, NULL);
}
