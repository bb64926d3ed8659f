/* SPDX-License-Identifier: Apache-2.0
 * slack_views: see the header. */
#include "deploy/sandbox/slack/slack_views.h"

#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_blocks.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

struct shown {
    json_t *stack[SLACK_MAX_STACK];
    size_t count;
    json_t *home;
    uint64_t changed;
};

struct slack_views {
    struct shown of[SLACK_MAX_USERS]; /* slack_user_index() */
    uint64_t made;
};

struct slack_views *slack_views_new(void)
{
    struct slack_views *views = calloc(1, sizeof(*views));
    assert(views);
    return views;
}

static void drop(struct shown *shown)
{
    for (size_t i = 0; i < shown->count; i++)
        json_decref(shown->stack[i]);
    shown->count = 0;
}

void slack_views_free(struct slack_views *views)
{
    if (!views)
        return;
    for (size_t i = 0; i < SLACK_MAX_USERS; i++) {
        drop(&views->of[i]);
        json_decref(views->of[i].home);
    }
    free(views);
}

void slack_views_reset(struct slack_views *views, struct slack_world *world)
{
    for (size_t i = 0; i < SLACK_MAX_USERS; i++) {
        drop(&views->of[i]);
        json_decref(views->of[i].home);
        views->of[i].home = NULL;
        views->of[i].changed = slack_world_change(world);
    }
}

static struct shown *shown_to(struct slack_views *views, const struct slack_user *user)
{
    return &views->of[slack_user_index(user)];
}

static void set_missing(json_t *view, const char *name, json_t *value)
{
    if (json_object_get(view, name))
        json_decref(value);
    else
        (void)json_object_set_new(view, name, value);
}

/* Completes what the app sent. */
static json_t *view_new(const json_t *sent, const char *id)
{
    json_t *view = json_deep_copy(sent);
    json_t *blocks = json_object_get(view, "blocks");
    slack_blocks_name(blocks, id);
    slack_blocks_name_elements(blocks, id);
    set_missing(view, "private_metadata", json_string(""));
    set_missing(view, "callback_id", json_string(""));
    set_missing(view, "external_id", json_string(""));
    set_missing(view, "clear_on_close", json_false());
    set_missing(view, "notify_on_close", json_false());
    set_missing(view, "title", json_pack("{s:s,s:s,s:b}", "type", "plain_text", "text", "View Title", "emoji", 1));
    set_missing(view, "close", json_null());
    set_missing(view, "submit", json_null());
    (void)jx_set_string(view, "id", id);
    (void)jx_set_take(view, "hash", json_sprintf("%" PRId64 ".%08x", sw_wall_ms() / 1000, sw_random32()));
    (void)jx_set_take(view, "state", json_pack("{s:{}}", "values"));
    (void)jx_set_string(view, "team_id", SLACK_TEAM_ID);
    (void)jx_set_string(view, "app_installed_team_id", SLACK_TEAM_ID);
    (void)jx_set_string(view, "app_id", SLACK_APP_ID);
    (void)jx_set_string(view, "bot_id", SLACK_BOT_ID);
    return view;
}

static json_t *fresh_view_new(struct slack_views *views, const json_t *sent)
{
    JX_AUTO json_t *id = json_sprintf("V0%09" PRIX64, ++views->made);
    return view_new(sent, json_string_value(id));
}

static void changed(struct shown *shown, struct slack_world *world) { shown->changed = slack_world_change(world); }

json_t *slack_views_push(struct slack_views *views, struct slack_world *world, const struct slack_user *user,
                         const json_t *sent)
{
    struct shown *shown = shown_to(views, user);
    if (shown->count == SLACK_MAX_STACK)
        return NULL;
    json_t *view = fresh_view_new(views, sent);
    const json_t *below = shown->count ? shown->stack[shown->count - 1] : NULL;
    (void)jx_set_string(view, "previous_view_id", jx_string(below, "id"));
    (void)jx_set_string(view, "root_view_id", jx_string(shown->count ? shown->stack[0] : view, "id"));
    shown->stack[shown->count++] = view;
    changed(shown, world);
    return view;
}

json_t *slack_views_set_home(struct slack_views *views, struct slack_world *world, const struct slack_user *user,
                             const json_t *sent)
{
    struct shown *shown = shown_to(views, user);
    json_t *view = shown->home ? view_new(sent, jx_string(shown->home, "id")) : fresh_view_new(views, sent);
    (void)jx_set_string(view, "previous_view_id", NULL);
    (void)jx_set_string(view, "root_view_id", jx_string(view, "id"));
    json_decref(shown->home);
    shown->home = view;
    changed(shown, world);
    return view;
}

json_t *slack_views_replace(struct slack_views *views, struct slack_world *world, json_t *old, const json_t *sent)
{
    static const char *const KEPT[] = { "previous_view_id", "root_view_id" };
    json_t *view = view_new(sent, jx_string(old, "id"));
    for (size_t i = 0; i < SW_COUNT(KEPT); i++)
        (void)json_object_set(view, KEPT[i], json_object_get(old, KEPT[i]));
    for (size_t i = 0; i < SLACK_MAX_USERS; i++) {
        for (size_t depth = 0; depth < views->of[i].count; depth++) {
            if (views->of[i].stack[depth] != old)
                continue;
            json_decref(old);
            views->of[i].stack[depth] = view;
            changed(&views->of[i], world);
            return view;
        }
    }
    json_decref(view);
    return NULL;
}

json_t *slack_views_find(struct slack_views *views, const char *id, const char *external_id,
                         const struct slack_user **ret_user)
{
    size_t count = 0;
    const struct slack_user *users = slack_users(&count);
    for (size_t i = 0; i < count; i++) {
        for (size_t depth = 0; depth < views->of[i].count; depth++) {
            json_t *view = views->of[i].stack[depth];
            if (!(id && sw_equal(jx_string(view, "id"), id)) &&
                !(external_id && sw_equal(jx_string(view, "external_id"), external_id)))
                continue;
            if (ret_user)
                *ret_user = &users[i];
            return view;
        }
    }
    return NULL;
}

json_t *slack_views_home(struct slack_views *views, const struct slack_user *user)
{
    return shown_to(views, user)->home;
}

json_t *slack_views_at(struct slack_views *views, const struct slack_user *user, size_t depth)
{
    const struct shown *shown = shown_to(views, user);
    return depth < shown->count ? shown->stack[depth] : NULL;
}

size_t slack_views_depth(const struct slack_views *views, const struct slack_user *user)
{
    return views->of[slack_user_index(user)].count;
}

void slack_views_pop(struct slack_views *views, struct slack_world *world, const struct slack_user *user)
{
    struct shown *shown = shown_to(views, user);
    if (shown->count == 0)
        return;
    json_decref(shown->stack[--shown->count]);
    changed(shown, world);
}

void slack_views_clear(struct slack_views *views, struct slack_world *world, const struct slack_user *user)
{
    struct shown *shown = shown_to(views, user);
    drop(shown);
    changed(shown, world);
}

uint64_t slack_views_changed(const struct slack_views *views, const struct slack_user *user)
{
    return views->of[slack_user_index(user)].changed;
}

json_t *slack_views_json_new(struct slack_views *views, const struct slack_user *user)
{
    const struct shown *shown = shown_to(views, user);
    json_t *stack = json_array();
    for (size_t i = 0; i < shown->count; i++)
        (void)json_array_append_new(stack, json_deep_copy(shown->stack[i]));
    return json_pack("{s:b,s:o,s:o}", "ok", 1, "views", stack, "home",
                     shown->home ? json_deep_copy(shown->home) : json_null());
}
