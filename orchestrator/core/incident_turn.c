/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/incident_turn.h"

#include "common/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 2 * INCIDENT_MAX_TEXT };

/* ---- the record ---- */

void incident_put(struct incident_turn *turn, const char *key, json_t *value)
{
    if (!jx_set_take(turn->wf->facts, key, value))
        turn->broken = true;
}

void incident_put_text(struct incident_turn *turn, const char *key, const char *text)
{
    if (text)
        incident_put(turn, key, json_string(text));
    else
        incident_drop(turn, key);
}

void incident_drop(struct incident_turn *turn, const char *key) { (void)json_object_del(turn->wf->facts, key); }

json_t *incident_part_of(struct incident_turn *turn, const char *key)
{
    if (!json_is_object(json_object_get(turn->wf->facts, key)))
        incident_put(turn, key, json_object());
    return json_object_get(turn->wf->facts, key);
}

json_t *incident_list_of(struct incident_turn *turn, const char *key)
{
    if (!json_is_array(json_object_get(turn->wf->facts, key)))
        incident_put(turn, key, json_array());
    return json_object_get(turn->wf->facts, key);
}

void incident_put_in(struct incident_turn *turn, const char *part, const char *key, json_t *value)
{
    if (!jx_set_take(incident_part_of(turn, part), key, value))
        turn->broken = true;
}

void incident_put_time(struct incident_turn *turn, const char *name, int64_t at_ms)
{
    if (at_ms)
        incident_put_in(turn, "times", name, json_integer(at_ms));
    else
        (void)json_object_del(incident_part_of(turn, "times"), name); /* absent is as good */
}

void incident_put_role(struct incident_turn *turn, const char *role, const char *user)
{
    if (*user)
        incident_put_in(turn, "roles", role, json_string(user));
    else
        (void)json_object_del(incident_part_of(turn, "roles"), role);
}

void incident_meet(struct incident_turn *turn, const char *user, const char *name, const char *zone)
{
    const json_t *known = json_object_get(incident_part(turn->wf, "people"), user);
    if (!*user || !*name || (sw_equal(jx_string(known, "name"), name) && sw_equal(jx_string(known, "zone"), zone)))
        return;
    incident_put_in(turn, "people", user, json_pack("{ss ss}", "name", name, "zone", zone));
}

/* ---- the speaker ---- */

const char *incident_speaker(const struct incident_turn *turn)
{
    return turn->command ? turn->command->actor.user : "";
}

/* ---- the log ---- */

bool incident_log_is_full(const struct incident_turn *turn)
{
    return incident_last_entry(turn->wf) >= INCIDENT_MAX_LOG;
}

static json_t *entry_message(const struct incident_turn *turn)
{
    const struct proto_command *command = turn->command;
    if (!command || !*command->said.ts || !*command->channel)
        return NULL;
    return json_pack("{ss ss}", "channel", command->channel, "ts", command->said.ts);
}

json_t *incident_log_text(struct incident_turn *turn, const char *type, const char *text)
{
    if (incident_log_is_full(turn))
        return NULL;
    const char *link = turn->command ? jx_string(turn->command->args, "link") : NULL;
    const char *by = incident_speaker(turn);
    json_t *log = incident_list_of(turn, "log");
    int64_t id = incident_last_entry(turn->wf) + 1;
    json_t *entry =
        json_pack("{sI ss ss ss* sI ss* so*}", "id", (json_int_t)id, "type", type, "text", text, "by", *by ? by : NULL,
                  "at", (json_int_t)turn->now_ms, "link", link, "message", entry_message(turn));
    if (!entry || json_array_append_new(log, entry) != 0)
        turn->broken = true;
    incident_put(turn, "log_next", json_integer(id + 1));
    return turn->broken ? NULL : entry;
}

json_t *incident_log(struct incident_turn *turn, const char *type, const char *format, ...)
{
    char text[LONGEST];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments); /* cut: a text for people */
    va_end(arguments);
    return incident_log_text(turn, type, text);
}

/* ---- the answer ---- */

/* The index-th of the parts between double bars. */
static char *part_new(const char *text, int index)
{
    const char *end = strstr(text, "||");
    for (; index > 0; index--) {
        if (!end)
            return NULL;
        text = end + 2;
        end = strstr(text, "||");
    }
    size_t length = end ? (size_t)(end - text) : strlen(text);
    return length ? strndup(text, length) : NULL;
}

static void set_answer(struct incident_turn *turn, const char *name, const char *reaction, const char *text)
{
    struct proto_reply *answer = &turn->answer;
    proto_reply_release(answer);
    *answer = (struct proto_reply){ .open = true };
    (void)sw_copy(answer->name, sizeof answer->name, name); /* literals of ours */
    (void)sw_copy(answer->reaction, sizeof answer->reaction, reaction);
    answer->text = part_new(text, 0);
    answer->why = part_new(text, 1);
    answer->hint = part_new(text, 2);
}

void incident_answer(struct incident_turn *turn, const char *format, ...)
{
    char text[LONGEST];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments); /* cut: a text for people */
    va_end(arguments);
    set_answer(turn, "done", "ok_hand", text);
}

void incident_hint(struct incident_turn *turn, const char *format, ...)
{
    char text[LONGEST];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments); /* cut: a text for people */
    va_end(arguments);
    free(turn->answer.hint);
    turn->answer.hint = sw_strdup(text);
}

void incident_card(struct incident_turn *turn, const char *card, json_t *data)
{
    (void)sw_copy(turn->answer.card, sizeof turn->answer.card, card);
    json_decref(turn->answer.data);
    turn->answer.data = data;
    if (!data || (turn->wf && !jx_set_string(data, "target", turn->wf->id)))
        turn->broken = true;
}

void incident_answer_privately(struct incident_turn *turn) { turn->answer.open = false; }

struct sw_status incident_refuse(struct incident_turn *turn, const char *code, const char *format, ...)
{
    char text[LONGEST];
    va_list arguments;
    va_start(arguments, format);
    (void)sw_vprint(text, sizeof text, format, arguments); /* cut: a text for people */
    va_end(arguments);
    set_answer(turn, "refused", "exclamation", text);
    (void)sw_copy(turn->answer.code, sizeof turn->answer.code, code);
    return sw_fail(SW_CODE_REFUSED, "%s: %.200s", turn->wf ? turn->wf->id : "incident", text);
}

/* ---- effects ---- */

struct wf_effect *incident_effect(struct incident_turn *turn, enum wf_effect_kind kind)
{
    struct wf_update *update = turn->update;
    if (update->effect_count >= KIND_MAX_EFFECTS)
        return NULL;
    struct wf_effect *effect = &update->effects[update->effect_count++];
    *effect = (struct wf_effect){ .kind = kind };
    return effect;
}

void incident_event(struct incident_turn *turn, const char *event)
{
    bool shown = !sw_equal(event, "posted") && !sw_equal(event, "surplus");
    if (shown) /* other systems show it, too */
        incident_put(turn, "rev", json_integer(jx_i64_or(turn->wf->facts, "rev", 0) + 1));
    struct wf_effect *effect = incident_effect(turn, WF_EVENT);
    if (effect)
        effect->event = event;
    else
        turn->broken = true;
}

void incident_timer(struct incident_turn *turn, const char *name, int64_t due_ms)
{
    struct wf_effect *effect = incident_effect(turn, due_ms ? WF_SET_TIMER : WF_CLEAR_TIMER);
    if (!effect) {
        turn->broken = true;
        return;
    }
    (void)sw_copy(effect->timer, sizeof effect->timer, name);
    effect->due_ms = due_ms;
}
