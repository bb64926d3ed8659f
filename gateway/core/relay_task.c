/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/relay_task.h"

#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

enum { DONE_MAX = 64 };

static const enum relay_verb FIRST_STEPS[PROTO_ORDER_VERB_COUNT] = {
    [PROTO_ORDER_POST] = RELAY_SAY,        [PROTO_ORDER_EPHEMERAL] = RELAY_WHISPER,
    [PROTO_ORDER_UPDATE] = RELAY_REVISE,   [PROTO_ORDER_CREATE_CHANNEL] = RELAY_CREATE,
    [PROTO_ORDER_INVITE] = RELAY_INVITE,   [PROTO_ORDER_TOPIC] = RELAY_TOPIC,
    [PROTO_ORDER_ARCHIVE] = RELAY_ARCHIVE, [PROTO_ORDER_UNARCHIVE] = RELAY_UNARCHIVE,
    [PROTO_ORDER_REACT] = RELAY_REACT,     [PROTO_ORDER_JOIN] = RELAY_JOIN,
};

/* ---- words ---- */

static const struct {
    const char *code, *words;
} ERRORS[] = {
    { "not_in_channel", "Slipway is not in that channel and cannot join it by itself: invite it there" },
    { "channel_not_found", "there is no such channel, or it is private and Slipway was not invited" },
    { "is_archived", "the channel is archived" },
    { "name_taken", "a channel of that name exists already, and it is not this incident's" },
    { "missing_scope", "the Slack app may not do that: give it the scope and install it again" },
    { "no_permission", "the Slack app may not do that" },
    { "restricted_action", "the workspace does not allow apps to do that" },
    { "restricted_action_read_only_channel", "only some people may write in that channel" },
    { "user_not_found", "Slack knows no such person" },
    { "user_is_restricted", "a guest cannot be brought in that way" },
    { "cant_invite", "that person cannot be invited" },
    { "user_not_in_channel", "that person is not in the channel" },
    { "message_not_found", "the message is not there any more" },
    { "invalid_name_maxlength", "the name of the channel is too long" },
    { "invalid_name_specials", "the name of the channel has signs that Slack does not allow" },
    { "too_long", "the text is too long for Slack" },
    { "invalid_order", "the order cannot be read, which is a mistake of Slipway itself" },
    { "unsure", "nobody knows whether it was done" },
};

const char *relay_error_words(const char *code)
{
    for (size_t i = 0; i < SW_COUNT(ERRORS); i++)
        if (sw_equal(ERRORS[i].code, code))
            return ERRORS[i].words;
    return "Slack refuses it";
}

void relay_task_end(struct relay_task *task, const char *code, const char *detail)
{
    struct relay_result *result = &task->result;
    task->step = RELAY_RECEIPT;
    task->not_before_ms = 0;
    task->failures = 0;
    if (!code)
        return;
    (void)sw_copy(result->code, sizeof result->code, code); /* Slack's words are shorter */
    (void)snprintf(result->text, sizeof result->text, "%s%s%s%s", relay_error_words(code), detail ? " (" : "",
                   detail ? detail : "", detail ? ")" : ""); /* cut: for people */
}

const char *relay_task_user(const struct relay_task *task)
{
    const char *user = json_string_value(json_array_get(task->order.users, task->invited));
    return user ? user : "";
}

/* ---- the row ---- */

static void task_free(struct relay_task *task)
{
    json_decref(task->json);
    free(task);
}

static void unlink_task(struct relay_tasks *tasks, struct relay_task *task)
{
    struct relay_task **link = &tasks->first;
    while (*link != task)
        link = &(*link)->next;
    *link = task->next;
    tasks->count--;
    task_free(task);
}

static bool has_task(const struct relay_tasks *tasks, const char *key)
{
    for (const struct relay_task *task = tasks->first; task; task = task->next)
        if (sw_equal(task->key, key))
            return true;
    return false;
}

static const struct relay_done *find_done(const struct relay_tasks *tasks, const char *key)
{
    const struct relay_done *done = tasks->done;
    while (done && !sw_equal(done->key, key))
        done = done->next;
    return done;
}

/* Older ones that have not begun are not worth a call: they are told to be done. */
static void supersede(struct relay_tasks *tasks, const struct relay_task *later)
{
    for (struct relay_task *task = tasks->first; task; task = task->next)
        if (task != later && task->order.key && !task->begun && task->step != RELAY_RECEIPT &&
            proto_order_supersedes(&later->order, &task->order))
            relay_task_end(task, NULL, NULL);
}

static void read_order(struct relay_task *task, const struct relay_done *done)
{
    struct sw_status status = proto_order_read(task->json, &task->order);
    if (done) {
        task->result = done->result;
        task->step = RELAY_RECEIPT;
    } else if (sw_failed(status)) {
        task->order = (struct proto_order){ 0 };
        relay_task_end(task, "invalid_order", status.text);
    } else {
        task->step = FIRST_STEPS[task->order.verb];
        (void)sw_copy(task->result.channel, sizeof task->result.channel, task->order.channel); /* checked */
    }
}

bool relay_tasks_add(struct relay_tasks *tasks, json_t *json, const char *event, struct relay_task **ret_task)
{
    const char *key = jx_string(json, "key");
    *ret_task = NULL;
    if (!key || strlen(key) >= PROTO_ORDER_KEY_SIZE || !*key || has_task(tasks, key)) {
        json_decref(json);
        return true;
    }
    struct relay_task *task = calloc(1, sizeof *task);
    if (!task) {
        json_decref(json);
        return false;
    }
    task->json = json;
    (void)sw_copy(task->key, sizeof task->key, key);       /* checked */
    (void)sw_copy(task->event, sizeof task->event, event); /* of the same size */
    read_order(task, find_done(tasks, key));
    struct relay_task **link = &tasks->first;
    while (*link)
        link = &(*link)->next;
    *link = task;
    tasks->count++;
    if (task->order.key)
        supersede(tasks, task);
    *ret_task = task;
    return true;
}

static bool listed(const json_t *outstanding, const char *key)
{
    for (size_t i = 0; i < json_array_size(outstanding); i++)
        if (sw_equal(json_string_value(json_array_get(outstanding, i)), key))
            return true;
    return false;
}

void relay_tasks_prune(struct relay_tasks *tasks, const json_t *outstanding, const char *own)
{
    if (!json_is_array(outstanding))
        return;
    for (struct relay_task *next, *task = tasks->first; task; task = next) {
        next = task->next;
        if (!task->handed_out && !sw_equal(task->key, own) && !listed(outstanding, task->key))
            unlink_task(tasks, task);
    }
    for (struct relay_done **link = &tasks->done; *link;) {
        struct relay_done *done = *link;
        if (sw_equal(done->key, own) || listed(outstanding, done->key)) {
            link = &done->next;
            continue;
        }
        *link = done->next;
        tasks->done_count--;
        free(done);
    }
}

/* ---- who goes first ---- */

static bool changes_channel(const struct relay_task *task)
{
    return task->order.verb == PROTO_ORDER_ARCHIVE || task->order.verb == PROTO_ORDER_UNARCHIVE ||
           task->order.verb == PROTO_ORDER_JOIN;
}

static bool waits_for(const struct relay_task *task, const struct relay_task *earlier)
{
    const bool same = sw_equal(task->order.channel, earlier->order.channel);
    const bool topic = task->order.verb == PROTO_ORDER_TOPIC, other_topic = earlier->order.verb == PROTO_ORDER_TOPIC;
    return same && (topic == other_topic || changes_channel(task) || changes_channel(earlier));
}

bool relay_task_free(const struct relay_tasks *tasks, const struct relay_task *task)
{
    if (task->step == RELAY_RECEIPT)
        return true;
    for (const struct relay_task *earlier = tasks->first; earlier && earlier != task; earlier = earlier->next)
        if (earlier->step != RELAY_RECEIPT && waits_for(task, earlier))
            return false;
    return true;
}

/* ---- what was done ---- */

static void drop_oldest(struct relay_tasks *tasks)
{
    struct relay_done **link = &tasks->done;
    while (*link && (*link)->next)
        link = &(*link)->next;
    free(*link);
    *link = NULL;
    tasks->done_count--;
}

static void forget_done(struct relay_tasks *tasks, const char *key)
{
    for (struct relay_done **link = &tasks->done; *link; link = &(*link)->next)
        if (sw_equal((*link)->key, key)) {
            struct relay_done *done = *link;
            *link = done->next;
            tasks->done_count--;
            free(done);
            return;
        }
}

void relay_tasks_close(struct relay_tasks *tasks, struct relay_task *task)
{
    struct relay_done *done = calloc(1, sizeof *done);
    forget_done(tasks, task->key);
    if (done && (!*task->result.code ||
                 task->result.beside)) { /* out of memory: a repeat is looked for; what failed may be tried again */
        (void)sw_copy(done->key, sizeof done->key, task->key); /* of the same size */
        done->result = task->result;
        done->next = tasks->done;
        tasks->done = done;
        if (++tasks->done_count > DONE_MAX)
            drop_oldest(tasks);
    } else
        free(done);
    unlink_task(tasks, task);
}

void relay_tasks_release(struct relay_tasks *tasks)
{
    while (tasks->first)
        unlink_task(tasks, tasks->first);
    while (tasks->done)
        drop_oldest(tasks);
}
