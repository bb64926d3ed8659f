/* SPDX-License-Identifier: Apache-2.0
 * What people and the relay say about a deployment that exists: cancel, retry, "the message is posted". */
#include "common/base/text.h"
#include "orchestrator/core/deployment_act.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- facts ---- */

struct sw_status deployment_set_fact(struct wf *wf, const char *key, json_t *value)
{
    json_t *facts = json_copy(wf->facts);
    if (!facts || !jx_set_take(facts, key, value)) {
        json_decref(facts);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    json_decref(wf->facts);
    wf->facts = facts;
    return sw_ok();
}

struct sw_status deployment_set_error(struct wf *wf, const char *code, const char *text, const char *hint)
{
    return deployment_set_fact(wf, "error", json_pack("{ss ss* ss*}", "code", code, "text", text, "hint", hint));
}

const char *deployment_fact(const struct wf *wf, const char *key) { return jx_string_or(wf->facts, key, ""); }

/* ---- effects ---- */

struct wf_effect *deployment_effect(struct deployment_turn *turn, enum wf_effect_kind kind)
{
    struct wf_update *update = turn->update;
    assert(update->effect_count < KIND_MAX_EFFECTS); /* no row has more than a handful */
    struct wf_effect *effect = &update->effects[update->effect_count++];
    *effect = (struct wf_effect){ .kind = kind };
    return effect;
}

struct sw_status deployment_reply(struct deployment_turn *turn, const char *name, const char *text, const char *hint)
{
    struct proto_reply *reply = calloc(1, sizeof *reply);
    if (!reply)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    (void)sw_copy(reply->name, sizeof reply->name, name); /* a literal of ours */
    reply->text = sw_strdup(text);
    reply->hint = sw_strdup(hint);
    deployment_effect(turn, WF_REPLY)->reply = reply;
    return sw_ok();
}

/* ---- cancel ---- */

static struct sw_status note_cancel(struct deployment_turn *turn)
{
    json_t *at = json_object();
    bool done =
        jx_set_string(at, "user", turn->input->command->actor.user) && jx_set_time(at, "at", turn->input->now_ms);
    if (done)
        return deployment_set_fact(turn->wf, "cancel", at);
    json_decref(at);
    return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}

struct sw_status deployment_cancel_queued(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    SW_TRY(note_cancel(turn));
    SW_TRY(deployment_glass_void(turn));
    (void)snprintf(text, sizeof text, "`%s` has left the line. Nothing of it was started.", turn->wf->id);
    return deployment_reply(turn, "done", text, NULL);
}

struct sw_status deployment_cancel_asked(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    SW_TRY(note_cancel(turn));
    deployment_effect(turn, WF_STOP_STEP)->step = turn->step;
    (void)snprintf(text, sizeof text, "`%s` is being cancelled: `%s` is told to stop.", turn->wf->id,
                   turn->wf->steps[turn->step].name);
    return deployment_reply(turn, "done", text, "The next deployment begins when it has stopped.");
}

struct sw_status deployment_cancel_idle(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    struct wf_step *step = &turn->wf->steps[turn->step];
    SW_TRY(note_cancel(turn));
    deployment_clear_timer(turn);
    if (step->state != PROTO_STEP_UNKNOWN)
        deployment_end_step(turn, PROTO_STEP_CANCELLED);
    (void)snprintf(text, sizeof text, "`%s` is cancelled; its lane is free.", turn->wf->id);
    return deployment_reply(turn, "done", text, NULL);
}

/* Tells the supervisor once more: the first word may have been lost with the process that said it. */
struct sw_status deployment_cancel_again(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    deployment_effect(turn, WF_STOP_STEP)->step = turn->step;
    (void)snprintf(text, sizeof text, "`%s` is being cancelled already; `%s` has not stopped yet.", turn->wf->id,
                   turn->wf->steps[turn->step].name);
    return deployment_reply(turn, "duplicate", text, NULL);
}

/* ---- retry ---- */

struct sw_status deployment_retry_asked(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    struct wf_step *step = &turn->wf->steps[turn->step];
    SW_TRY(deployment_set_fact(turn->wf, "error", json_null()));
    step->tries = 1;
    SW_TRY(deployment_start_attempt(turn, turn->step));
    (void)snprintf(text, sizeof text, "`%s` runs `%s` again.", turn->wf->id, step->name);
    return deployment_reply(turn, "done", text, NULL);
}

/* ---- the message at Slack ---- */

static bool same_message(const json_t *message, const char *channel, const char *ts)
{
    return sw_equal(jx_string(message, "channel"), channel) && sw_equal(jx_string(message, "ts"), ts);
}

/* The first one counts. Another one is a second message, which somebody has to delete. */
struct sw_status deployment_note_receipt(struct deployment_turn *turn)
{
    const json_t *args = turn->input->command->args, *known = json_object_get(turn->wf->facts, "message");
    const char *channel = jx_string_or(args, "channel", ""), *ts = jx_string_or(args, "ts", "");
    if (!*channel || !*ts)
        return sw_fail(SW_CODE_INVALID, "a receipt without channel or ts");
    if (same_message(known, channel, ts))
        return sw_ok();
    bool first = !json_is_object(known);
    SW_TRY(deployment_set_fact(turn->wf, first ? "message" : "surplus",
                               json_pack("{ss ss}", "channel", channel, "ts", ts)));
    deployment_effect(turn, WF_EVENT)->event = first ? "posted" : "surplus";
    return sw_ok();
}
