/* SPDX-License-Identifier: Apache-2.0
 * What is posted next, and what its outcome changes. A response_url takes 5 posts: "no word yet" leaves room for the
 * truth and its repeats. */
#include "gateway/core/reply_plan_internal.h"

#include "common/base/backoff.h"

enum {
    POSTS_MAX = 5,
    POSTS_BEFORE_WAITING = 3,
    UNSURE_MAX = 2,           /* a repeat may be seen twice; no answer at all is worse, once */
    UNSURE_MAX_AT_PLACE = 20, /* a repeat is looked for before */
    FAILURES_MAX = 200,
    NO_RETRY_AFTER_MS = 30000,
    ASK_AGAIN_MS = 60000,
};

static const struct sw_backoff RETRIES = { .base_ms = 500, .max_ms = 5000, .jitter_percent = 20 };

static uint32_t next_random(struct reply_plan *plan)
{
    plan->random ^= plan->random << 13; /* xorshift32 */
    plan->random ^= plan->random >> 17;
    plan->random ^= plan->random << 5;
    return plan->random;
}

/* ---- choosing ---- */

/* False: nothing before *ret_at_ms, which may be never. */
static bool wants(const struct reply_entry *entry, int64_t *ret_at_ms, enum reply_verb *ret_verb)
{
    *ret_at_ms = entry->not_before_ms;
    if (entry->answered)
        *ret_verb = REPLY_MARK;
    else if (entry->says)
        *ret_verb = REPLY_SAY;
    else if (entry->has_reply)
        *ret_verb = REPLY_POST;
    else if (entry->expected && (entry->posts < POSTS_BEFORE_WAITING || reply_plan_at_place(entry)))
        *ret_verb = REPLY_WAITING;
    else
        return false;
    const int64_t due_ms = *ret_verb == REPLY_POST      ? entry->hold_until_ms
                           : *ret_verb == REPLY_WAITING ? entry->waiting_at_ms
                                                        : 0;
    *ret_at_ms = due_ms > *ret_at_ms ? due_ms : *ret_at_ms;
    return true;
}

static struct reply_order order_of(struct reply_entry *entry, enum reply_verb verb)
{
    entry->busy = true;
    entry->order = verb;
    return (struct reply_order){ .verb = verb,
                                 .command = entry->command,
                                 .url = entry->url,
                                 .reply = entry->has_reply ? &entry->reply : NULL,
                                 .message = entry->says ? entry->says->message : NULL,
                                 .look = !entry->url || entry->posts > 0 || entry->failures > 0 };
}

static bool over(const struct reply_entry *entry, int64_t now_ms)
{
    return !entry->busy && now_ms - entry->begun_ms > REPLY_URL_LIFE_MS;
}

bool reply_plan_next(struct reply_plan *plan, int64_t now_ms, struct reply_order *ret_order, int64_t *ret_wake_ms)
{
    *ret_wake_ms = now_ms + ASK_AGAIN_MS;
    for (size_t i = plan->count; i-- > 0;) {
        int64_t at_ms;
        enum reply_verb verb;
        struct reply_entry *entry = plan->entries[i];
        if (over(entry, now_ms)) {
            reply_plan_drop(plan, entry);
            continue;
        }
        if (entry->busy || !wants(entry, &at_ms, &verb))
            continue;
        if (at_ms <= now_ms) {
            *ret_order = order_of(entry, verb);
            return true;
        }
        *ret_wake_ms = at_ms < *ret_wake_ms ? at_ms : *ret_wake_ms;
    }
    return false;
}

/* ---- outcomes ---- */

static void next_say(struct reply_entry *entry)
{
    struct reply_say *say = entry->says;
    entry->says = say->next;
    json_decref(say->message);
    free(say);
}

/* The order is over, well or not. */
static void settled(struct reply_plan *plan, struct reply_entry *entry, enum reply_verb verb, int64_t now_ms)
{
    entry->failures = entry->unsure = 0;
    switch (verb) {
    case REPLY_POST:
        entry->answered = true;
        return;
    case REPLY_WAITING:
        entry->expected = false;
        return;
    case REPLY_SAY:
        next_say(entry);
        if (!entry->says && !entry->has_reply && !entry->waiting_at_ms)
            reply_plan_drop(plan, entry); /* never announced: nothing more is to come */
        return;
    case REPLY_MARK:
        reply_plan_close(plan, entry, now_ms);
        return;
    }
}

static enum reply_news again_at(struct reply_entry *entry, int64_t at_ms)
{
    entry->not_before_ms = at_ms;
    return REPLY_NEWS_RETRY;
}

static enum reply_news again(struct reply_plan *plan, struct reply_entry *entry, int64_t now_ms)
{
    entry->failures++;
    return again_at(entry, now_ms + sw_backoff_delay_ms(&RETRIES, entry->failures, next_random(plan)));
}

/* Nothing will be taken at this address any more. */
static enum reply_news give_up(struct reply_plan *plan, struct reply_entry *entry, enum reply_verb verb, int64_t now_ms)
{
    settled(plan, entry, verb, now_ms);
    return REPLY_NEWS_GIVEN_UP;
}

static enum reply_news posted(struct reply_plan *plan, struct reply_entry *entry, enum reply_verb verb,
                              enum slack_class class, int64_t now_ms)
{
    entry->posts += verb != REPLY_MARK;
    if (class == SLACK_OK) {
        settled(plan, entry, verb, now_ms);
        return REPLY_NEWS_NONE;
    }
    entry->unsure++;
    const bool place = reply_plan_at_place(entry);
    const bool enough =
        place ? entry->unsure > UNSURE_MAX_AT_PLACE : entry->posts >= POSTS_MAX || entry->unsure > UNSURE_MAX;
    if (verb != REPLY_MARK && enough)
        return give_up(plan, entry, verb, now_ms);
    return again(plan, entry, now_ms);
}

enum reply_news reply_plan_done(struct reply_plan *plan, const char *command, enum slack_class class,
                                int64_t retry_after_ms, int64_t now_ms)
{
    struct reply_entry *entry = reply_plan_find(plan, command);
    if (!entry || !entry->busy)
        return REPLY_NEWS_NONE;
    const enum reply_verb verb = entry->order;
    entry->busy = false;
    switch (class) {
    case SLACK_OK:
    case SLACK_UNKNOWN:
        return posted(plan, entry, verb, class, now_ms);
    case SLACK_LIMITED:
        return again_at(entry, now_ms + (retry_after_ms < 0 ? NO_RETRY_AFTER_MS : retry_after_ms));
    case SLACK_RETRY:
        if (entry->failures < FAILURES_MAX)
            return again(plan, entry, now_ms);
        return give_up(plan, entry, verb, now_ms);
    case SLACK_CONTENT:
    case SLACK_GONE:
    case SLACK_REFUSED:
    case SLACK_AUTH:
    case SLACK_CLASS_COUNT:
        break;
    }
    return give_up(plan, entry, verb, now_ms);
}
