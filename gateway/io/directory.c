/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/directory.h"

#include "common/base/buf.h"
#include "common/base/log.h"
#include "common/base/lru.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "common/rt/metrics.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum {
    PEOPLE_MAX = 10000,
    PEOPLE_TTL_MS = 600000,
    GROUPS_TTL_MS = 300000,
    RETRY_MS = 30000, /* after a question that was not answered, and while one is under way */
    TIMEOUT_MS = 5000,
};

struct person {
    bool guest, foreign;
};

struct directory {
    char *api_url;
    char *authorization; /* a header line; NULL without a token */
    struct http_client *http;

    pthread_mutex_t lock;
    struct sw_lru *people; /* user -> struct person */
    struct sw_lru *asked;  /* user -> NULL: do not ask again yet */
    json_t *groups;        /* {user: [group ids]}; NULL: not known */
    int64_t groups_ask_at_ms;
};

/* One question under way. */
struct question {
    struct directory *directory;
    char user[PROTO_SLACK_ID_SIZE];
};

/* ---- what came back ---- */

/* NULL, and a debug line, when Slack did not say ok: an API without the method is no trouble. */
static json_t *parse_ok(const char *method, const struct http_answer *answer)
{
    JX_AUTO json_t *json = NULL;
    struct sw_status status = answer->status;
    if (!sw_failed(status))
        status = jx_parse(answer->body, answer->body_bytes, &json);
    bool good = !sw_failed(status) && answer->code == 200 && jx_bool_or(json, "ok", false);
    sw_count("slipway_directory_calls_total", "background questions to Slack's directory", "result",
             good ? "ok" : "failed");
    if (good)
        return SW_TAKE(json);
    sw_debug("the directory was not answered", sw_s("method", method), sw_i("http", answer->code),
             sw_s("slack_error", jx_string(json, "error")), sw_e(&status));
    return NULL;
}

static void keep_person(struct directory *directory, const char *user, const json_t *json)
{
    const json_t *facts = json_object_get(json, "user");
    struct person *person = calloc(1, sizeof *person);
    if (!person)
        return;
    person->guest = jx_bool_or(facts, "is_restricted", false) || jx_bool_or(facts, "is_ultra_restricted", false);
    person->foreign = jx_bool_or(facts, "is_stranger", false);
    pthread_mutex_lock(&directory->lock);
    (void)sw_lru_put(directory->people, user, person, sw_monotonic_ms()); /* unknown again when out of memory */
    sw_lru_remove(directory->asked, user);
    pthread_mutex_unlock(&directory->lock);
}

static void person_answered(void *context, const struct http_answer *answer)
{
    struct question *question = context;
    JX_AUTO json_t *json = parse_ok("users.info", answer);
    if (json)
        keep_person(question->directory, question->user, json);
    free(question);
}

static void add_member(json_t *map, const char *user, const char *group)
{
    json_t *groups = json_object_get(map, user);
    if (!groups) {
        groups = json_array();
        if (json_object_set_new(map, user, groups) != 0)
            return;
    }
    (void)json_array_append_new(groups, json_string(group)); /* a missing one means less may be done, never more */
}

/* {user: [ids of the groups that hold the user]} */
static json_t *groups_by_user(const json_t *answer)
{
    size_t i, j;
    json_t *group, *user, *map = json_object();
    json_array_foreach(json_object_get(answer, "usergroups"), i, group)
    {
        const char *id = jx_string(group, "id");
        json_array_foreach(json_object_get(group, "users"), j, user)
        {
            if (id && json_is_string(user))
                add_member(map, json_string_value(user), id);
        }
    }
    return map;
}

static void groups_answered(void *context, const struct http_answer *answer)
{
    struct question *question = context;
    struct directory *directory = question->directory;
    JX_AUTO json_t *json = parse_ok("usergroups.list", answer);
    free(question);
    if (!json)
        return;
    json_t *groups = groups_by_user(json);
    pthread_mutex_lock(&directory->lock);
    json_decref(directory->groups);
    directory->groups = groups;
    directory->groups_ask_at_ms = sw_monotonic_ms() + GROUPS_TTL_MS;
    pthread_mutex_unlock(&directory->lock);
}

/* ---- asking ---- */

static void ask(struct directory *directory, const char *user, const char *method_and_query, http_done_fn *done)
{
    char url[512];
    const char *const headers[] = { directory->authorization, NULL };
    struct question *question = calloc(1, sizeof *question);
    if (!question)
        return;
    question->directory = directory;
    (void)sw_copy(question->user, sizeof question->user, user); /* the actor's field has the same size */
    (void)snprintf(url, sizeof url, "%s%s", directory->api_url, method_and_query); /* cut: Slack answers an error */
    const struct http_request request = { .url = url, .headers = headers, .timeout_ms = TIMEOUT_MS };
    struct sw_status status = http_client_send(directory->http, &request, done, question);
    if (!sw_failed(status))
        return;
    sw_debug("the directory was not asked", sw_e(&status));
    free(question);
}

static bool plain_id(const char *id) { return *id && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(id); }

static void ask_person(struct directory *directory, const char *user)
{
    char query[64 + PROTO_SLACK_ID_SIZE];
    if (!plain_id(user))
        return;
    (void)snprintf(query, sizeof query, "users.info?user=%s", user); /* an id fits */
    ask(directory, user, query, person_answered);
}

/* ---- looking ---- */

struct look {
    bool ask_person, ask_groups;
};

/* @locks directory->lock is held */
static struct look look_locked(struct directory *directory, struct proto_actor *actor, int64_t now_ms)
{
    struct look look = { 0 };
    bool asked;
    const struct person *person = sw_lru_get(directory->people, actor->user, now_ms, NULL);
    if (person) {
        actor->membership = person->guest ? PROTO_MEMBER_GUEST : PROTO_MEMBER_FULL;
        actor->foreign = actor->foreign || person->foreign;
    } else {
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
        ask_person(directory, actor->user);
    if (look.ask_groups)
        ask(directory, "", "usergroups.list?include_users=true", groups_answered);
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
