/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/directory.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "gateway/io/directory_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PEOPLE_MAX = 10000,
    PEOPLE_TTL_MS = 600000,
    GROUPS_TTL_MS = 300000,
    RETRY_MS = 30000, /* after a question that was not answered, and while one is under way */
};

#define KIND_NAME_(name, text) [DIRECTORY_##name] = (text),
static const char *const KINDS[] = { DIRECTORY_KINDS(KIND_NAME_) };

const char *directory_kind_name(enum directory_kind kind) { return KINDS[kind]; }

/* ---- what is kept ---- */

void directory_keep_person(struct directory *directory, const char *user, const struct directory_person *person)
{
    struct directory_person *copy = malloc(sizeof *copy);
    if (!copy)
        return;
    *copy = *person;
    pthread_mutex_lock(&directory->lock);
    (void)sw_lru_put(directory->people, user, copy, sw_monotonic_ms()); /* unknown again when out of memory */
    sw_lru_remove(directory->asked, user);
    pthread_mutex_unlock(&directory->lock);
}

void directory_keep_groups(struct directory *directory, json_t *groups)
{
    pthread_mutex_lock(&directory->lock);
    json_decref(directory->groups);
    directory->groups = groups;
    directory->groups_ask_at_ms = sw_monotonic_ms() + GROUPS_TTL_MS;
    pthread_mutex_unlock(&directory->lock);
}

void directory_keep_home(struct directory *directory, const char *home)
{
    pthread_mutex_lock(&directory->lock);
    if (!sw_copy(directory->home, sizeof directory->home, home))
        directory->home[0] = '\0'; /* half an address is none */
    pthread_mutex_unlock(&directory->lock);
}

/* ---- looking ---- */

struct look {
    bool ask_person, ask_groups;
};

/* @locks directory->lock is held */
static void know_person(const struct directory_person *person, struct proto_actor *actor)
{
    actor->membership = person->guest ? PROTO_MEMBER_GUEST : PROTO_MEMBER_FULL;
    actor->foreign = actor->foreign || person->foreign;
    memcpy(actor->name, person->name, sizeof actor->name);
    memcpy(actor->zone, person->zone, sizeof actor->zone);
}

/* @locks directory->lock is held */
static struct look look_locked(struct directory *directory, struct proto_actor *actor, int64_t now_ms)
{
    struct look look = { 0 };
    bool asked;
    const struct directory_person *person = sw_lru_get(directory->people, actor->user, now_ms, NULL);
    if (person)
        know_person(person, actor);
    else {
        (void)sw_lru_get(directory->asked, actor->user, now_ms, &asked);
        look.ask_person = !asked && sw_lru_put(directory->asked, actor->user, NULL, now_ms);
    }
    if (directory->groups) {
        json_t *groups = json_object_get(directory->groups, actor->user);
        actor->groups = groups ? json_deep_copy(groups) : json_array(); /* jansson's counts are not shared safely */
    }
    look.ask_groups = now_ms >= directory->groups_ask_at_ms;
    if (look.ask_groups)
        directory->groups_ask_at_ms = now_ms + RETRY_MS;
    return look;
}

void directory_look(struct directory *directory, struct proto_actor *actor)
{
    if (!directory->authorization || !*actor->user)
        return;
    pthread_mutex_lock(&directory->lock);
    struct look look = look_locked(directory, actor, sw_monotonic_ms());
    pthread_mutex_unlock(&directory->lock);
    if (look.ask_person)
        directory_ask_person(directory, actor->user, NULL, NULL);
    if (look.ask_groups)
        directory_ask_groups(directory);
}

void directory_ask(struct directory *directory, const char *user, directory_told_fn *told, void *context)
{
    struct directory_person person = { .kind = DIRECTORY_UNKNOWN };
    pthread_mutex_lock(&directory->lock);
    const struct directory_person *known = sw_lru_get(directory->people, user, sw_monotonic_ms(), NULL);
    if (known)
        person = *known;
    pthread_mutex_unlock(&directory->lock);
    if (known || !directory->authorization)
        told(context, &person);
    else
        directory_ask_person(directory, user, told, context);
}

/* ---- links ---- */

bool directory_link(struct directory *directory, const char *channel, const char *ts, const char *thread_ts,
                    char ret_link[DIRECTORY_LINK_SIZE])
{
    char home[DIRECTORY_LINK_SIZE], digits[PROTO_TS_SIZE];
    const int64_t now_ms = sw_monotonic_ms();
    pthread_mutex_lock(&directory->lock);
    memcpy(home, directory->home, sizeof home);
    bool ask = !*home && directory->authorization && now_ms >= directory->self_ask_at_ms;
    if (ask)
        directory->self_ask_at_ms = now_ms + RETRY_MS;
    pthread_mutex_unlock(&directory->lock);
    if (ask)
        directory_ask_self(directory);
    const char *dot = strchr(ts, '.');
    if (!*home || !dot || strlen(ts) >= sizeof digits)
        return false;
    (void)snprintf(digits, sizeof digits, "%.*s%s", (int)(dot - ts), ts, dot + 1); /* shorter than ts */
    const char *slash = home[strlen(home) - 1] == '/' ? "" : "/";
    bool reply = *thread_ts && strcmp(thread_ts, ts) != 0;
    int length = reply ? snprintf(ret_link, DIRECTORY_LINK_SIZE, "%s%sarchives/%s/p%s?thread_ts=%s&cid=%s", home, slash,
                                  channel, digits, thread_ts, channel)
                       : snprintf(ret_link, DIRECTORY_LINK_SIZE, "%s%sarchives/%s/p%s", home, slash, channel, digits);
    return length < DIRECTORY_LINK_SIZE;
}

/* ---- life ---- */

static bool fill(struct directory *directory, const struct directory_options *options)
{
    struct sw_buf url = { 0 }, line = { 0 };
    sw_buf_puts(&url, options->slack_api_url);
    if (url.length > 0 && url.data[url.length - 1] != '/')
        sw_buf_puts(&url, "/");
    directory->api_url = sw_buf_take(&url);
    if (!sw_blank(options->bot_token)) {
        sw_buf_printf(&line, "Authorization: Bearer %s", options->bot_token);
        directory->authorization = sw_buf_take(&line);
    }
    directory->people = sw_lru_new(PEOPLE_MAX, PEOPLE_TTL_MS, free);
    directory->asked = sw_lru_new(PEOPLE_MAX, RETRY_MS, NULL);
    return directory->api_url && directory->people && directory->asked;
}

struct sw_status directory_new(const struct directory_options *options, struct directory **ret_directory)
{
    struct directory *directory = calloc(1, sizeof *directory);
    if (!directory)
        return sw_fail(SW_CODE_NO_MEMORY, "directory: out of memory");
    pthread_mutex_init(&directory->lock, NULL);
    directory->http = options->http;
    if (!fill(directory, options)) {
        directory_free(directory);
        return sw_fail(SW_CODE_NO_MEMORY, "directory: out of memory");
    }
    if (directory->authorization) {
        directory->self_ask_at_ms = sw_monotonic_ms() + RETRY_MS;
        directory_ask_self(directory);
    }
    *ret_directory = directory;
    return sw_ok();
}

void directory_free(struct directory *directory)
{
    if (!directory)
        return;
    sw_lru_free(directory->people);
    sw_lru_free(directory->asked);
    json_decref(directory->groups);
    free(directory->api_url);
    free(directory->authorization);
    pthread_mutex_destroy(&directory->lock);
    free(directory);
}
