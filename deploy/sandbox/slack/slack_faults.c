/* SPDX-License-Identifier: Apache-2.0
 * slack_faults: the list of faults, and the buckets behind the kind "tiers". */
#include "deploy/sandbox/slack/slack_faults.h"

#include "common/base/bucket.h"
#include "common/base/text.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdio.h>

enum { MAX_FAULTS = 64, MAX_BUCKETS = 256, NAME_SIZE = 96 };

struct fault {
    int64_t id;
    enum slack_fault_kind kind;
    char method[NAME_SIZE];
    char error[NAME_SIZE];
    int64_t retry_after_s;
    int64_t delay_ms;
    int64_t count; /* strikes left; -1: no end */
    double probability;
    int64_t struck;
};

struct tier_bucket {
    char key[2 * NAME_SIZE];
    struct sw_bucket bucket;
};

struct slack_faults {
    struct fault list[MAX_FAULTS];
    size_t count;
    int64_t last_id;
    struct tier_bucket buckets[MAX_BUCKETS];
    size_t bucket_count;
};

static const char *const KIND_NAMES[] = {
    [SLACK_FAULT_NONE] = "none",   [SLACK_FAULT_RATE_LIMIT] = "rate_limit", [SLACK_FAULT_HTML_503] = "http_503_html",
    [SLACK_FAULT_DOWN] = "down",   [SLACK_FAULT_LOST_REPLY] = "lost_reply", [SLACK_FAULT_SLOW] = "slow",
    [SLACK_FAULT_ERROR] = "error", [SLACK_FAULT_TIERS] = "tiers",
};

/* Calls a minute by tier (1, 2, 3, 4), for the methods that the simulator has. */
static const struct {
    const char *method;
    double per_minute;
} TIERS[] = {
    { "chat.postMessage", 60 },
    { "chat.getPermalink", 600 },
    { "auth.test", 600 },
    { "chat.postEphemeral", 100 },
    { "conversations.members", 100 },
    { "users.info", 100 },
    { "views.*", 100 },
    { "users.list", 20 },
    { "conversations.list", 20 },
    { "conversations.create", 20 },
    { "conversations.rename", 20 },
    { "conversations.set*", 20 },
    { "conversations.*archive", 20 },
    { "reactions.remove", 20 },
    { "pins.*", 20 },
    { "bookmarks.*", 20 },
    { "usergroups.*", 20 },
    { "*", 50 },
};

struct slack_faults *slack_faults_new(void)
{
    struct slack_faults *faults = calloc(1, sizeof(*faults));
    assert(faults);
    return faults;
}

void slack_faults_free(struct slack_faults *faults) { free(faults); }

static struct sw_status parse_kind(const char *name, enum slack_fault_kind *ret_kind)
{
    for (size_t i = 1; name && i < SW_COUNT(KIND_NAMES); i++) {
        if (sw_equal(name, KIND_NAMES[i])) {
            *ret_kind = (enum slack_fault_kind)i;
            return sw_ok();
        }
    }
    return sw_fail(SW_CODE_INVALID, "kind '%s' HINT: rate_limit http_503_html down lost_reply slow error tiers",
                   name ? name : "");
}

struct sw_status slack_faults_add(struct slack_faults *faults, const json_t *fault, int64_t *ret_id)
{
    struct fault new = { .id = faults->last_id + 1 };
    const json_t *probability = json_object_get(fault, "probability");
    SW_TRY(parse_kind(jx_string(fault, "kind"), &new.kind));
    new.probability = json_is_number(probability) ? json_number_value(probability) : 1.0;
    new.count = jx_i64_or(fault, "count", -1);
    new.retry_after_s = jx_i64_or(fault, "retry_after", 1);
    new.delay_ms = jx_i64_or(fault, "ms", 1000);
    if (faults->count == MAX_FAULTS)
        return sw_fail(SW_CODE_FULL, "more than %d faults", (int)MAX_FAULTS);
    if (new.probability < 0 || new.probability > 1 || new.count == 0 || new.delay_ms < 0 || new.retry_after_s < 0)
        return sw_fail(SW_CODE_INVALID, "probability is 0..1, count at least 1, ms and retry_after not negative");
    if (!sw_copy(new.method, sizeof(new.method), jx_string_or(fault, "method", "*")) ||
        !sw_copy(new.error, sizeof(new.error), jx_string_or(fault, "error", "internal_error")))
        return sw_fail(SW_CODE_INVALID, "method or error is too long");
    faults->list[faults->count++] = new;
    *ret_id = faults->last_id = new.id;
    return sw_ok();
}

static void remove_at(struct slack_faults *faults, size_t index)
{
    for (size_t i = index; i + 1 < faults->count; i++)
        faults->list[i] = faults->list[i + 1];
    faults->count--;
}

bool slack_faults_remove(struct slack_faults *faults, int64_t id)
{
    bool found = id == 0;
    for (size_t i = faults->count; i-- > 0;) {
        if (id == 0 || faults->list[i].id == id) {
            remove_at(faults, i);
            found = true;
        }
    }
    faults->bucket_count = 0;
    return found;
}

json_t *slack_faults_list_new(const struct slack_faults *faults)
{
    json_t *list = json_array();
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        (void)json_array_append_new(list, json_pack("{s:I,s:s,s:s,s:I,s:f,s:I,s:I,s:I}", "id", (json_int_t)fault->id,
                                                    "method", fault->method, "kind", KIND_NAMES[fault->kind], "count",
                                                    (json_int_t)fault->count, "probability", fault->probability,
                                                    "retry_after", (json_int_t)fault->retry_after_s, "ms",
                                                    (json_int_t)fault->delay_ms, "struck", (json_int_t)fault->struck));
    }
    return list;
}

static double per_minute(const char *method)
{
    size_t i = 0;
    while (fnmatch(TIERS[i].method, method, 0) != 0)
        i++; /* the last row fits everything */
    return TIERS[i].per_minute;
}

static struct sw_bucket *tier_bucket(struct slack_faults *faults, const char *method, const char *channel,
                                     int64_t now_ms)
{
    char key[2 * NAME_SIZE];
    bool post = sw_equal(method, "chat.postMessage");
    (void)snprintf(key, sizeof(key), "%.90s %.90s", method, post && channel ? channel : "");
    for (size_t i = 0; i < faults->bucket_count; i++)
        if (sw_equal(faults->buckets[i].key, key))
            return &faults->buckets[i].bucket;
    if (faults->bucket_count == MAX_BUCKETS)
        faults->bucket_count = 0; /* a burst more than allowed is better than an end */
    struct tier_bucket *fresh = &faults->buckets[faults->bucket_count++];
    (void)sw_copy(fresh->key, sizeof(fresh->key), key);
    double rate = per_minute(method);
    sw_bucket_init(&fresh->bucket, rate / 60.0, post ? 4 : rate / 4, now_ms);
    return &fresh->bucket;
}

static bool over_tier(struct slack_faults *faults, const char *method, const char *channel, int64_t now_ms,
                      int64_t *ret_retry_after_s)
{
    struct sw_bucket *bucket = tier_bucket(faults, method, channel, now_ms);
    if (sw_bucket_take(bucket, now_ms))
        return false;
    *ret_retry_after_s = (sw_bucket_ready_at_ms(bucket, now_ms) - now_ms + 999) / 1000;
    return true;
}

struct slack_fault_verdict slack_faults_strike(struct slack_faults *faults, const char *method, const char *channel,
                                               int64_t now_ms, double dice)
{
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->list[i];
        if (fnmatch(fault->method, method, 0) != 0 || dice >= fault->probability || fault->count == 0)
            continue;
        struct slack_fault_verdict verdict = { .kind = fault->kind,
                                               .name = KIND_NAMES[fault->kind],
                                               .retry_after_s = fault->retry_after_s,
                                               .delay_ms = fault->kind == SLACK_FAULT_SLOW ? fault->delay_ms : 0,
                                               .error = fault->error };
        if (fault->kind == SLACK_FAULT_TIERS) {
            if (!over_tier(faults, method, channel, now_ms, &verdict.retry_after_s))
                continue;
            verdict.kind = SLACK_FAULT_RATE_LIMIT;
        }
        fault->struck++;
        if (fault->count > 0)
            fault->count--;
        return verdict;
    }
    return (struct slack_fault_verdict){ .kind = SLACK_FAULT_NONE };
}
