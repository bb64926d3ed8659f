/* SPDX-License-Identifier: Apache-2.0
 * The orchestrator's orders, step by step, and what the outcome of a step changes:
 *
 *   post            [seek] say [pin] receipt          ephemeral   whisper receipt
 *   create_channel  create [find] purpose receipt     invite      invite, once for each person, receipt
 *
 * and each other verb its own step and the receipt. Where Slipway is not in the channel it joins once, and goes on. */
#include "gateway/core/relay_plan_internal.h"

#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    LOOKS_WHEN_UNSURE = 2, /* a post that was lost sight of may arrive later than the first look */
    FIRST_LOOK_MS = 1000,
    NEXT_LOOK_MS = 4000,
    WHISPERS_MAX = 3, /* cannot be looked for: seen twice is better than never, but not without end */
};

/* ---- choosing ---- */

static bool seeks(const struct relay_task *task) { return task->step == RELAY_SAY && task->looks > 0; }

static enum relay_verb verb_of(const struct relay_task *task) { return seeks(task) ? RELAY_SEEK : task->step; }

int64_t relay_plan_task_ready_ms(struct relay_plan *plan, const struct relay_item *item, const struct relay_task *task,
                                 int64_t now_ms)
{
    if (!relay_task_free(&item->tasks, task))
        return INT64_MAX;
    int64_t ready_ms = relay_pace_ready_ms(&plan->pace, verb_of(task), task->result.channel, now_ms);
    return ready_ms > task->not_before_ms ? ready_ms : task->not_before_ms;
}

void relay_plan_task_order(struct relay_plan *plan, struct relay_item *item, struct relay_task *task,
                           struct relay_order *ret_order)
{
    (void)item;
    plan->in_flight += task->step != RELAY_RECEIPT;
    task->handed_out = ret_order->id;
    task->begun = true;
    ret_order->verb = verb_of(task);
    ret_order->key = task->key;
    ret_order->order = &task->order;
    ret_order->result = &task->result;
    ret_order->user = task->step == RELAY_INVITE ? relay_task_user(task) : task->order.user;
    ret_order->look_from_ms = task->look_from_ms;
    ret_order->plain = task->plain;
    (void)sw_copy(ret_order->event, sizeof ret_order->event, task->event);                      /* of the same size */
    (void)sw_copy(ret_order->ref.channel, sizeof ret_order->ref.channel, task->result.channel); /* likewise */
    const char *ts = *task->result.ts ? task->result.ts : task->order.ts;
    if (ts)
        (void)sw_copy(ret_order->ref.ts, sizeof ret_order->ref.ts, ts); /* checked when it was read */
}

/* ---- steps that went well ---- */

static enum relay_news next_step(struct relay_task *task, enum relay_verb step)
{
    if (step == RELAY_RECEIPT)
        relay_task_end(task, NULL, NULL);
    task->step = step;
    task->failures = 0;
    task->not_before_ms = 0;
    return RELAY_NEWS_NONE;
}

static enum relay_news said(struct relay_task *task, const struct proto_message_ref *ref)
{
    (void)sw_copy(task->result.ts, sizeof task->result.ts, ref->ts); /* of the same size */
    if (*ref->channel)
        (void)sw_copy(task->result.channel, sizeof task->result.channel, ref->channel);
    return next_step(task, task->order.pin ? RELAY_PIN : RELAY_RECEIPT);
}

/* More than one: somebody's late reply. The first one counts, the others go. */
static enum relay_news sought(struct relay_item *item, struct relay_task *task, const struct relay_outcome *outcome,
                              int64_t now_ms)
{
    if (outcome->found_count == 0) {
        task->looks--;
        task->not_before_ms = task->looks > 0 ? now_ms + NEXT_LOOK_MS : 0;
        return RELAY_NEWS_NONE;
    }
    struct proto_message_ref ref = { 0 };
    (void)sw_copy(ref.channel, sizeof ref.channel, task->result.channel); /* of the same size */
    for (size_t i = 1; i < outcome->found_count; i++) {
        (void)sw_copy(ref.ts, sizeof ref.ts, outcome->found[i].ts); /* likewise */
        const struct relay_job job = { .verb = RELAY_DELETE, .ref = ref, .offset = task->offset, .since_ms = now_ms };
        if (!relay_item_add_job(item, &job))
            return RELAY_NEWS_RETRY; /* out of memory: found again by the next look */
    }
    (void)sw_copy(ref.ts, sizeof ref.ts, outcome->found[0].ts); /* likewise */
    task->looks = 0;
    (void)said(task, &ref);
    return RELAY_NEWS_FOUND;
}

static enum relay_news created(struct relay_task *task, const struct relay_channel *channel)
{
    task->result.created = *channel;
    (void)sw_copy(task->result.channel, sizeof task->result.channel, channel->id); /* of the same size */
    return next_step(task, RELAY_PURPOSE);
}

static enum relay_news found(struct relay_task *task, const struct relay_outcome *outcome, int64_t now_ms)
{
    if (*outcome->channel.id) {
        (void)created(task, &outcome->channel);
        return RELAY_NEWS_FOUND;
    }
    if (--task->looks > 0) { /* lists lag behind */
        task->not_before_ms = now_ms + NEXT_LOOK_MS;
        return RELAY_NEWS_NONE;
    }
    relay_task_end(task, "name_taken", task->order.name);
    return RELAY_NEWS_REFUSED;
}

/* The next person; at last the receipt, with those who could not be brought in. */
static enum relay_news invited(struct relay_task *task)
{
    task->invited++;
    task->failures = 0;
    if (*relay_task_user(task))
        return RELAY_NEWS_NONE;
    task->step = RELAY_RECEIPT;
    return *task->result.code ? RELAY_NEWS_REFUSED : RELAY_NEWS_NONE;
}

static enum relay_news went_well(struct relay_item *item, struct relay_task *task, enum relay_verb verb,
                                 const struct relay_outcome *outcome, int64_t now_ms)
{
    switch (verb) {
    case RELAY_SEEK:
        return sought(item, task, outcome, now_ms);
    case RELAY_SAY:
        return said(task, &outcome->ref);
    case RELAY_CREATE:
        return created(task, &outcome->channel);
    case RELAY_FIND:
        return found(task, outcome, now_ms);
    case RELAY_INVITE:
        return invited(task);
    case RELAY_JOIN:
        return next_step(task, task->joined ? task->after_join : RELAY_RECEIPT);
    case RELAY_RECEIPT:
        relay_tasks_close(&item->tasks, task);
        return RELAY_NEWS_NONE;
    case RELAY_REVISE:
        (void)sw_copy(task->result.ts, sizeof task->result.ts, task->order.ts); /* of the same size */
        return next_step(task, RELAY_RECEIPT);
    case RELAY_WHISPER:
    case RELAY_PIN:
    case RELAY_PURPOSE:
    case RELAY_TOPIC:
    case RELAY_ARCHIVE:
    case RELAY_UNARCHIVE:
    case RELAY_REACT:
    case RELAY_LOOK:
    case RELAY_POST:
    case RELAY_UPDATE:
    case RELAY_DELETE:
    case RELAY_VERB_COUNT:
        break;
    }
    return next_step(task, RELAY_RECEIPT);
}

/* ---- steps that did not ---- */

static enum relay_news again(struct relay_plan *plan, struct relay_task *task, int64_t now_ms)
{
    task->not_before_ms = relay_plan_retry_at(plan, &task->failures, now_ms);
    return RELAY_NEWS_RETRY;
}

static enum relay_news refused(struct relay_task *task, const struct relay_outcome *outcome)
{
    const char *code = *outcome->code ? outcome->code : "refused";
    const char *detail = strchr(outcome->error, '(');
    char text[RELAY_ERROR_SIZE];
    (void)sw_copy(text, sizeof text, detail ? detail + 1 : outcome->error); /* of the same size */
    text[strcspn(text, ")")] = '\0';
    relay_task_end(task, code, text);
    return RELAY_NEWS_REFUSED;
}

static enum relay_news unsure(struct relay_plan *plan, struct relay_task *task, enum relay_verb verb,
                              const struct relay_outcome *outcome, int64_t now_ms)
{
    (void)again(plan, task, now_ms);
    if (verb == RELAY_WHISPER && ++task->unsure >= WHISPERS_MAX) {
        relay_task_end(task, "unsure", outcome->error);
        return RELAY_NEWS_REFUSED;
    }
    if (verb != RELAY_SAY && verb != RELAY_CREATE)
        return RELAY_NEWS_RETRY;
    task->looks = LOOKS_WHEN_UNSURE;
    if (task->not_before_ms < now_ms + FIRST_LOOK_MS)
        task->not_before_ms = now_ms + FIRST_LOOK_MS;
    return RELAY_NEWS_RETRY;
}

/* Of the person, not of the channel: the others may still come in. */
static bool about_user(const char *code)
{
    static const char *const CODES[] = {
        "user_not_found",           "cant_invite",      "user_is_restricted",      "ura_max_channels",
        "org_user_not_in_team",     "user_disabled",    "cant_invite_self",        "already_in_channel",
        "user_is_ultra_restricted", "user_not_visible", "user_team_not_in_channel"
    };
    for (size_t i = 0; i < SW_COUNT(CODES); i++)
        if (sw_equal(CODES[i], code))
            return true;
    return false;
}

static enum relay_news not_invited(struct relay_task *task, const char *code)
{
    struct relay_result *result = &task->result;
    const size_t used = strlen(result->text);
    if (sw_equal(code, "cant_invite_self") || sw_equal(code, "already_in_channel"))
        return invited(task);
    (void)sw_copy(result->code, sizeof result->code, code); /* Slack's words are shorter */
    (void)snprintf(result->text + used, sizeof result->text - used, "%s<@%s>: %s", used ? "; " : "",
                   relay_task_user(task), relay_error_words(code)); /* cut: for people */
    return invited(task);
}

/* Slipway may have been removed, or never was there. */
static bool can_join(const struct relay_task *task, enum relay_verb verb, const char *code)
{
    return !task->joined && verb != RELAY_JOIN && sw_equal(code, "not_in_channel") && *task->result.channel;
}

static enum relay_news join_first(struct relay_task *task)
{
    task->joined = true;
    task->after_join = task->step;
    task->step = RELAY_JOIN;
    task->not_before_ms = 0;
    return RELAY_NEWS_NONE;
}

/* What was asked for is there when these come; they would only have made it better. */
static bool is_beside(enum relay_verb step) { return step == RELAY_PIN || step == RELAY_PURPOSE; }

static enum relay_news not_joined(struct relay_task *task, const struct relay_outcome *outcome)
{
    if (!task->joined)
        return refused(task, outcome);
    task->result.beside = is_beside(task->after_join);
    relay_task_end(task, "not_in_channel", outcome->code);
    return RELAY_NEWS_REFUSED;
}

static enum relay_news not_taken(struct relay_task *task, enum relay_verb verb, const struct relay_outcome *outcome)
{
    if (can_join(task, verb, outcome->code))
        return join_first(task);
    switch (verb) {
    case RELAY_SEEK: /* looking is not allowed here, while posting may be */
        task->looks = 0;
        return RELAY_NEWS_NONE;
    case RELAY_CREATE:
        if (!sw_equal(outcome->code, "name_taken"))
            return refused(task, outcome);
        task->looks = task->looks > 0 ? task->looks : 1;
        return next_step(task, RELAY_FIND);
    case RELAY_INVITE:
        return about_user(outcome->code) ? not_invited(task, outcome->code) : refused(task, outcome);
    case RELAY_JOIN:
        return not_joined(task, outcome);
    case RELAY_PIN:
    case RELAY_PURPOSE:
    case RELAY_SAY:
    case RELAY_WHISPER:
    case RELAY_REVISE:
    case RELAY_FIND:
    case RELAY_TOPIC:
    case RELAY_ARCHIVE:
    case RELAY_UNARCHIVE:
    case RELAY_REACT:
    case RELAY_RECEIPT:
    case RELAY_LOOK:
    case RELAY_POST:
    case RELAY_UPDATE:
    case RELAY_DELETE:
    case RELAY_VERB_COUNT:
        break;
    }
    task->result.beside = is_beside(verb);
    return refused(task, outcome);
}

static enum relay_news content_refused(struct relay_task *task, enum relay_verb verb,
                                       const struct relay_outcome *outcome)
{
    const bool message = verb == RELAY_SAY || verb == RELAY_WHISPER || verb == RELAY_REVISE;
    if (!message || task->plain)
        return not_taken(task, verb, outcome);
    task->plain = true;
    return RELAY_NEWS_RETRY;
}

/* A reaction or a pin on a message that is gone is not missed. */
static enum relay_news gone(struct relay_task *task, enum relay_verb verb, const struct relay_outcome *outcome)
{
    if (verb == RELAY_REACT || verb == RELAY_PIN)
        return next_step(task, RELAY_RECEIPT);
    return not_taken(task, verb, outcome);
}

enum relay_news relay_plan_task_done(struct relay_plan *plan, struct relay_item *item, struct relay_task *task,
                                     const struct relay_outcome *outcome, int64_t now_ms)
{
    const enum relay_verb verb = verb_of(task);
    task->handed_out = 0;
    plan->in_flight -= task->step != RELAY_RECEIPT;
    switch (outcome->class) {
    case SLACK_OK:
        return went_well(item, task, verb, outcome, now_ms);
    case SLACK_LIMITED:
        return relay_plan_limited(plan, verb, task->result.channel, outcome, now_ms);
    case SLACK_AUTH:
        return relay_plan_stalled(plan, now_ms);
    case SLACK_UNKNOWN:
        return unsure(plan, task, verb, outcome, now_ms);
    case SLACK_CONTENT:
        return content_refused(task, verb, outcome);
    case SLACK_GONE:
        return gone(task, verb, outcome);
    case SLACK_REFUSED:
        return not_taken(task, verb, outcome);
    case SLACK_RETRY:
    case SLACK_CLASS_COUNT:
        break;
    }
    return again(plan, task, now_ms);
}
