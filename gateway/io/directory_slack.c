/* SPDX-License-Identifier: Apache-2.0
 * The directory's questions to Slack, and what the answers mean. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "gateway/io/directory_internal.h"

#include <stdio.h>
#include <string.h>

enum { TIMEOUT_MS = 5000 };

/* One question under way. */
struct question {
    struct directory *directory;
    char user[PROTO_SLACK_ID_SIZE];
    directory_told_fn *told; /* NULL: nobody waits */
    void *context;
};

/* ---- what came back ---- */

/* NULL, and a debug line, when Slack did not say ok: an API without the method is no trouble. ret_error (may be NULL):
 * what Slack said instead, "" when nothing. */
static json_t *parse_ok(const char *method, const struct http_answer *answer, char ret_error[PROTO_NAME_SIZE])
{
    JX_AUTO json_t *json = NULL;
    struct sw_status status = answer->status;
    if (!sw_failed(status))
        status = jx_parse(answer->body, answer->body_bytes, &json);
    bool good = !sw_failed(status) && answer->code == 200 && jx_bool_or(json, "ok", false);
    const char *error = jx_string_or(json, "error", "");
    sw_count("slipway_directory_calls_total", "background questions to Slack's directory", "result",
             good ? "ok" : "failed");
    if (ret_error)
        (void)sw_copy(ret_error, PROTO_NAME_SIZE, error); /* Slack's are short words */
    if (good)
        return SW_TAKE(json);
    sw_debug("the directory was not answered", sw_s("method", method), sw_i("http", answer->code),
             sw_s("slack_error", error), sw_e(&status));
    return NULL;
}

/* The name that people see: what they chose, else their real one, else the account's. */
static const char *name_of(const json_t *user)
{
    const json_t *profile = json_object_get(user, "profile");
    const char *const names[] = { jx_string(profile, "display_name"), jx_string(profile, "real_name"),
                                  jx_string(user, "real_name"), jx_string(user, "name") };
    for (size_t i = 0; i < SW_COUNT(names); i++)
        if (!sw_blank(names[i]))
            return names[i];
    return "";
}

static struct directory_person person_of(const json_t *user)
{
    struct directory_person person = { .kind = DIRECTORY_HUMAN };
    if (jx_bool_or(user, "deleted", false))
        person.kind = DIRECTORY_MISSING;
    else if (jx_bool_or(user, "is_bot", false) || sw_equal(jx_string(user, "id"), "USLACKBOT"))
        person.kind = DIRECTORY_BOT;
    person.guest = jx_bool_or(user, "is_restricted", false) || jx_bool_or(user, "is_ultra_restricted", false);
    person.foreign = jx_bool_or(user, "is_stranger", false);
    (void)sw_copy(person.name, sizeof person.name, name_of(user));                /* Slack allows 80 */
    (void)sw_copy(person.zone, sizeof person.zone, jx_string_or(user, "tz", "")); /* the longest has 32 */
    return person;
}

static bool means_missing(const char *error)
{
    return sw_equal(error, "user_not_found") || sw_equal(error, "users_not_found") ||
           sw_equal(error, "user_not_visible");
}

static void person_answered(void *context, const struct http_answer *answer)
{
    struct question *question = context;
    char error[PROTO_NAME_SIZE] = "";
    struct directory_person person = { .kind = DIRECTORY_UNKNOWN };
    JX_AUTO json_t *json = parse_ok("users.info", answer, error);
    if (json) {
        person = person_of(json_object_get(json, "user"));
        directory_keep_person(question->directory, question->user, &person);
    } else if (means_missing(error))
        person.kind = DIRECTORY_MISSING;
    if (question->told)
        question->told(question->context, &person);
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
    JX_AUTO json_t *json = parse_ok("usergroups.list", answer, NULL);
    if (json)
        directory_keep_groups(question->directory, groups_by_user(json));
    free(question);
}

static void self_answered(void *context, const struct http_answer *answer)
{
    struct question *question = context;
    JX_AUTO json_t *json = parse_ok("auth.test", answer, NULL);
    const char *url = jx_string_or(json, "url", "");
    if (sw_starts_with(url, "https://") || sw_starts_with(url, "http://"))
        directory_keep_home(question->directory, url);
    free(question);
}

/* ---- asking ---- */

static const struct http_answer NOT_ASKED = { .status = { .code = SW_CODE_CLOSED }, .retry_after_ms = -1, .body = "" };

static void ask(struct question *question, const char *method_and_query, int64_t timeout_ms, http_done_fn *done)
{
    char url[512];
    struct directory *directory = question->directory;
    const char *const headers[] = { directory->authorization, NULL };
    (void)snprintf(url, sizeof url, "%s%s", directory->api_url, method_and_query); /* cut: Slack answers an error */
    const struct http_request request = { .url = url, .headers = headers, .timeout_ms = timeout_ms };
    struct sw_status status = http_client_send(directory->http, &request, done, question);
    if (!sw_failed(status))
        return;
    sw_debug("the directory was not asked", sw_e(&status));
    done(question, &NOT_ASKED);
}

static bool plain_id(const char *id) { return *id && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(id); }

void directory_ask_person(struct directory *directory, const char *user, directory_told_fn *told, void *context)
{
    char query[64 + PROTO_SLACK_ID_SIZE];
    struct question *question = plain_id(user) ? calloc(1, sizeof *question) : NULL;
    if (!question) {
        if (told)
            told(context, &(struct directory_person){ .kind = plain_id(user) ? DIRECTORY_UNKNOWN : DIRECTORY_MISSING });
        return;
    }
    question->directory = directory;
    question->told = told;
    question->context = context;
    (void)sw_copy(question->user, sizeof question->user, user);      /* the actor's field has the same size */
    (void)snprintf(query, sizeof query, "users.info?user=%s", user); /* an id fits */
    ask(question, query, told ? DIRECTORY_WAIT_MS : TIMEOUT_MS, person_answered);
}

static void ask_plainly(struct directory *directory, const char *method_and_query, http_done_fn *done)
{
    struct question *question = calloc(1, sizeof *question);
    if (!question)
        return;
    question->directory = directory;
    ask(question, method_and_query, TIMEOUT_MS, done);
}

void directory_ask_groups(struct directory *directory)
{
    ask_plainly(directory, "usergroups.list?include_users=true", groups_answered);
}

void directory_ask_self(struct directory *directory) { ask_plainly(directory, "auth.test", self_answered); }
