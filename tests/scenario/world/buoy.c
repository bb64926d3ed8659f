/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenario/world/buoy.h"

#include "common/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { AFLOAT, SUNK };
static const char *const STATES[] = { "afloat", "sunk" };
enum { AGAIN_MS = 1000 };

static struct wf_effect *add(struct wf_update *update, enum wf_effect_kind kind)
{
    struct wf_effect *effect = &update->effects[update->effect_count++];
    assert(update->effect_count <= KIND_MAX_EFFECTS);
    effect->kind = kind;
    return effect;
}

static void event(struct wf_update *update, const char *name) { add(update, WF_EVENT)->event = name; }

static void reply(struct wf_update *update, const char *name)
{
    add(update, WF_REPLY)->reply = kind_reply_new(name, NULL, "Aye.", NULL);
}

/* A new object takes the place of the old one. */
static void set(struct wf *wf, const char *key, json_t *value)
{
    json_t *facts = json_copy(wf->facts);
    assert(facts && value);
    (void)json_object_set_new(facts, key, value);
    json_decref(wf->facts);
    wf->facts = facts;
}

static void append(struct wf *wf, const char *key, json_t *value)
{
    json_t *list = json_object_get(wf->facts, key);
    list = list ? json_copy(list) : json_array();
    (void)json_array_append_new(list, value);
    set(wf, key, list);
}

static void copy_over(struct wf *wf, const json_t *args, const char *key)
{
    json_t *value = json_object_get(args, key);
    if (value)
        set(wf, key, json_incref(value));
}

static void hold(struct wf_update *update, const struct wf *wf, const json_t *args, int64_t now_ms)
{
    struct wf_hold *made = calloc(1, sizeof *made);
    (void)sw_copy(made->id, sizeof made->id, jx_string_or(args, "id", "h"));
    (void)sw_copy(made->origin, sizeof made->origin, wf->id);
    (void)sw_copy(made->reason, sizeof made->reason, "shallow water");
    (void)sw_copy(made->channel, sizeof made->channel, jx_string_or(args, "channel", ""));
    (void)sw_copy(made->service, sizeof made->service, jx_string_or(args, "service", ""));
    (void)sw_copy(made->lane, sizeof made->lane, jx_string_or(args, "lane", ""));
    made->since_ms = now_ms;
    int64_t for_ms = jx_i64_or(args, "for_ms", 0);
    made->until_ms = for_ms ? now_ms + for_ms : 0;
    add(update, WF_HOLD)->hold = made;
}

static void obey(struct wf *wf, const json_t *args, int64_t now_ms, struct wf_update *update)
{
    json_t *order = json_object_get(args, "order");
    copy_over(wf, args, "keys");
    copy_over(wf, args, "errands");
    copy_over(wf, args, "watch");
    if (json_object_get(args, "hold"))
        hold(update, wf, json_object_get(args, "hold"), now_ms);
    if (jx_string(args, "release"))
        (void)sw_copy(add(update, WF_RELEASE)->hold_id, PROTO_NAME_SIZE, jx_string(args, "release"));
    if (jx_bool_or(args, "end", false)) {
        wf->state = SUNK;
        wf->final = true;
        wf->finished_at_ms = now_ms;
    }
    event(update, wf->final ? "sunk" : "moved");
    if (order) {
        event(update, "ordered");
        update->effects[update->effect_count - 1].order = json_incref(order);
    }
}

/* ---- the machine ---- */

static struct sw_status create(const struct kind_world *world, const struct proto_command *command,
                               struct kind_created *ret_created)
{
    struct wf *wf = wf_new(&BUOY_KIND, command->workflow, 0);
    assert(wf && world->reads);
    wf->created_at_ms = world->now_ms;
    set(wf, "sequence", json_integer(world->sequence));
    ret_created->wf = wf;
    obey(wf, command->args, world->now_ms, &ret_created->update);
    reply(&ret_created->update, "accepted");
    return sw_ok();
}

/* The first item that is the text goes; false when there is none. */
static bool take_out(struct wf *wf, const char *key, const char *text)
{
    json_t *list = json_copy(json_object_get(wf->facts, key));
    for (size_t i = 0; i < json_array_size(list); i++)
        if (sw_equal(json_string_value(json_array_get(list, i)), text)) {
            (void)json_array_remove(list, i);
            set(wf, key, list);
            return true;
        }
    json_decref(list);
    return false;
}

static struct sw_status end_errand(struct wf *wf, const struct wf_input *input, struct wf_update *update)
{
    const struct errand_report *report = input->errand;
    if (!take_out(wf, "errands", report->name))
        return sw_fail(SW_CODE_REFUSED, "not outstanding");
    if (report->status.class == SW_RETRY) {
        append(wf, "later", json_string(report->name));
        struct wf_effect *timer = add(update, WF_SET_TIMER);
        (void)sw_copy(timer->timer, sizeof timer->timer, "again");
        timer->due_ms = input->now_ms + AGAIN_MS;
    } else
        append(wf, "results",
               sw_failed(report->status) ? json_string(report->status.text) : json_incref(report->result));
    event(update, "moved");
    return sw_ok();
}

static struct sw_status step(struct wf *wf, const struct wf_input *input, struct wf_update *ret_update)
{
    assert(input->reads);
    if (wf->final && input->kind != WF_COMMAND)
        return sw_fail(SW_CODE_REFUSED, "sunk");
    switch (input->kind) {
    case WF_COMMAND:
        obey(wf, input->command->args, input->now_ms, ret_update);
        reply(ret_update, "done");
        return sw_ok();
    case WF_ERRAND:
        return end_errand(wf, input, ret_update);
    case WF_TIMER: {
        json_t *later = json_object_get(wf->facts, "later");
        for (size_t i = 0; i < json_array_size(later); i++)
            append(wf, "errands", json_incref(json_array_get(later, i)));
        set(wf, "later", json_array());
        return sw_ok();
    }
    case WF_NEWS:
        append(wf, "news", json_sprintf("%s %s", input->other->kind->name, input->event));
        event(ret_update, "moved");
        return sw_ok();
    case WF_ADMIT:
    case WF_REPORT:
    case WF_PROGRESS:
        break;
    }
    return sw_fail(SW_CODE_REFUSED, "a buoy has no steps");
}

static struct sw_status spec(const struct wf *wf, const json_t *definition, size_t index, json_t **ret_spec)
{
    (void)wf, (void)definition, (void)index, (void)ret_spec;
    return sw_fail(SW_CODE_INTERNAL, "a buoy has no steps");
}

static struct sw_status view(const struct wf *wf, struct proto_view *ret_view)
{
    *ret_view = (struct proto_view){ .created_at_ms = wf->created_at_ms, .finished_at_ms = wf->finished_at_ms };
    (void)sw_copy(ret_view->workflow, sizeof ret_view->workflow, wf->id);
    (void)sw_copy(ret_view->kind, sizeof ret_view->kind, "buoy");
    (void)sw_copy(ret_view->state, sizeof ret_view->state, STATES[wf->state]);
    ret_view->detail = json_incref(wf->facts);
    ret_view->steps = calloc(1, sizeof *ret_view->steps);
    return sw_ok();
}

static const char *state_name(int32_t state) { return STATES[state]; }

static bool state_parse(const char *name, int32_t *ret_state)
{
    *ret_state = sw_equal(name, "sunk") ? SUNK : AFLOAT;
    return true;
}

static bool waits(const struct wf *wf) { return (void)wf, false; }
static bool stops(const struct wf *wf, size_t index) { return (void)wf, (void)index, false; }

/* ---- what is optional ---- */

static size_t keys(const struct wf *wf, char ret_keys[][WF_KEY_SIZE])
{
    const json_t *list = json_object_get(wf->facts, "keys");
    for (size_t i = 0; i < json_array_size(list); i++)
        (void)sw_copy(ret_keys[i], WF_KEY_SIZE, json_string_value(json_array_get(list, i)));
    return json_array_size(list);
}

static bool command_key(const struct kind_world *world, const struct proto_command *command, char ret_key[WF_KEY_SIZE])
{
    const char *key = jx_string(command->args, "key");
    return world->reads && key && sw_copy(ret_key, WF_KEY_SIZE, key);
}

static struct sw_status astray(const struct kind_world *world, const struct proto_command *command,
                               struct proto_reply **ret_reply)
{
    (void)world;
    if (jx_string(command->args, "quiet"))
        return sw_ok();
    *ret_reply = kind_reply_new("refused", NULL, "There is no such buoy.", NULL);
    return sw_ok();
}

static struct sw_status answer(const struct kind_world *world, const struct proto_command *command,
                               struct proto_reply **ret_reply)
{
    JX_AUTO json_t *open = world->reads->open(world->reads->self, "buoy");
    JX_AUTO json_t *recent = world->reads->recent(world->reads->self, "buoy", NULL, 10);
    JX_AUTO json_t *one = world->reads->find(world->reads->self, jx_string_or(command->args, "one", "?"));
    JX_AUTO json_t *figures = world->reads->figures(world->reads->self, NULL, jx_string(command->args, "month"));
    if (!open || !recent || !one || !figures)
        return sw_fail(SW_CODE_DB, "cannot be read");
    *ret_reply = kind_reply_new("answer", NULL, "Sounded.", NULL);
    (*ret_reply)->data = json_pack("{sO sO sO sO}", "open", open, "recent", recent, "one", one, "figures", figures);
    return sw_ok();
}

static size_t errands(const struct wf *wf, const struct kind_world *world, struct wf_errand *ret_errands)
{
    const json_t *list = json_object_get(wf->facts, "errands");
    assert(world->config);
    for (size_t i = 0; i < json_array_size(list); i++) {
        (void)sw_copy(ret_errands[i].name, sizeof ret_errands[i].name, json_string_value(json_array_get(list, i)));
        ret_errands[i].spec = json_pack("{ss}", "of", wf->id);
    }
    return json_array_size(list);
}

static bool watches(const struct wf *wf, const struct wf *other)
{
    return jx_bool_or(wf->facts, "watch", false) && other != wf;
}

static const struct kind_command COMMANDS[] = {
    { "lay", KIND_CREATES }, { "hail", KIND_TELLS }, { "drift", KIND_TELLS_OR_CREATES }, { "sound", KIND_ANSWERS }
};

const struct wf_kind BUOY_KIND = {
    .name = "buoy",
    .id_prefix = 'b',
    .overview = "`/buoys`",
    .commands = COMMANDS,
    .command_count = SW_COUNT(COMMANDS),
    .create = create,
    .step = step,
    .spec = spec,
    .view = view,
    .state_name = state_name,
    .state_parse = state_parse,
    .waits = waits,
    .stops = stops,
    .keys = keys,
    .command_key = command_key,
    .astray = astray,
    .answer = answer,
    .errands = errands,
    .watches = watches,
};
