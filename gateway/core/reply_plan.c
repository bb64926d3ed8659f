/* SPDX-License-Identifier: Apache-2.0
 * Commands, records and offsets; the orders are in reply_plan_orders.c. */
#include "gateway/core/reply_plan_internal.h"

#include "common/base/text.h"

enum {
    ENTRIES_MAX = 50000,
    FIRST_CAPACITY = 64,
    CLOSED_MAX = 50000,
    CLOSED_TTL_MS = 600000,
    EXPECT_MS = 3000,
    EXPECT_AT_PLACE_MS = 10000, /* words in a channel are no conversation with the bot */
    HOLD_MS = 2000,
};

struct reply_plan *reply_plan_new(const char *gateway, uint32_t seed)
{
    struct reply_plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        return NULL;
    (void)sw_copy(plan->gateway, sizeof plan->gateway, gateway); /* of the same size */
    plan->random = seed | 1;
    plan->closed = sw_lru_new(CLOSED_MAX, CLOSED_TTL_MS, NULL);
    if (plan->closed)
        return plan;
    reply_plan_free(plan);
    return NULL;
}

static void entry_free(struct reply_entry *entry)
{
    for (struct reply_say *next, *say = entry->says; say; say = next) {
        next = say->next;
        json_decref(say->message);
        free(say);
    }
    proto_reply_release(&entry->reply);
    free(entry->url);
    free(entry);
}

void reply_plan_free(struct reply_plan *plan)
{
    if (!plan)
        return;
    for (size_t i = 0; i < plan->count; i++)
        entry_free(plan->entries[i]);
    free(plan->entries);
    sw_lru_free(plan->closed);
    free(plan);
}

/* ---- entries ---- */

struct reply_entry *reply_plan_find(struct reply_plan *plan, const char *command)
{
    for (size_t i = 0; i < plan->count; i++)
        if (sw_equal(plan->entries[i]->command, command))
            return plan->entries[i];
    return NULL;
}

void reply_plan_drop(struct reply_plan *plan, struct reply_entry *entry)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->entries[i] == entry) {
            plan->entries[i] = plan->entries[--plan->count];
            break;
        }
    entry_free(entry);
}

void reply_plan_close(struct reply_plan *plan, struct reply_entry *entry, int64_t now_ms)
{
    (void)sw_lru_put(plan->closed, entry->command, NULL, now_ms); /* out of memory: the marker is on the topic too */
    reply_plan_drop(plan, entry);
}

static bool make_room(struct reply_plan *plan)
{
    if (plan->count < plan->capacity)
        return true;
    if (plan->count >= ENTRIES_MAX)
        return false;
    size_t capacity = plan->capacity ? 2 * plan->capacity : FIRST_CAPACITY;
    struct reply_entry **entries = realloc(plan->entries, capacity * sizeof(struct reply_entry *));
    if (!entries)
        return false;
    plan->entries = entries;
    plan->capacity = capacity;
    return true;
}

static struct reply_entry *find_or_add(struct reply_plan *plan, const char *command, int64_t now_ms)
{
    struct reply_entry *entry = reply_plan_find(plan, command);
    if (entry)
        return entry;
    entry = make_room(plan) ? calloc(1, sizeof *entry) : NULL;
    if (!entry)
        return NULL;
    (void)sw_copy(entry->command, sizeof entry->command, command); /* of the same size */
    entry->place.offset = -1;
    entry->begun_ms = now_ms;
    plan->entries[plan->count++] = entry;
    return entry;
}

static bool closed(struct reply_plan *plan, const char *command, int64_t now_ms)
{
    bool found;
    (void)sw_lru_get(plan->closed, command, now_ms, &found);
    return found;
}

/* ---- this gateway's own commands ---- */

static bool set_url(struct reply_entry *entry, const char *url)
{
    if (!entry->url)
        entry->url = sw_strdup(url);
    return entry->url != NULL;
}

bool reply_plan_at_place(const struct reply_entry *entry) { return entry->url && *entry->url == '{'; }

bool reply_plan_announce(struct reply_plan *plan, const char *command, const char *url, bool expected, int64_t now_ms)
{
    if (closed(plan, command, now_ms))
        return true; /* the same request once more */
    struct reply_entry *entry = find_or_add(plan, command, now_ms);
    if (!entry || !set_url(entry, url))
        return false;
    entry->hold_until_ms = 0; /* it may have been read before it was announced */
    entry->expected = expected && !entry->has_reply;
    entry->waiting_at_ms = now_ms + (reply_plan_at_place(entry) ? EXPECT_AT_PLACE_MS : EXPECT_MS);
    return true;
}

bool reply_plan_say(struct reply_plan *plan, const char *command, const char *url, json_t *message, int64_t now_ms)
{
    struct reply_entry *entry = message ? find_or_add(plan, command, now_ms) : NULL;
    struct reply_say *say = entry && set_url(entry, url) ? calloc(1, sizeof *say) : NULL;
    if (!say) {
        json_decref(message);
        return false;
    }
    say->message = message;
    struct reply_say **link = &entry->says;
    while (*link)
        link = &(*link)->next;
    *link = say;
    return true;
}

/* ---- records ---- */

static void marked(struct reply_plan *plan, const char *command, int64_t now_ms)
{
    struct reply_entry *entry = reply_plan_find(plan, command);
    if (!entry)
        (void)sw_lru_put(plan->closed, command, NULL, now_ms); /* out of memory: held 2 s for it once more */
    else if (!entry->busy)
        reply_plan_close(plan, entry, now_ms);
    else
        entry->answered = true; /* closes when what is under way has come back */
}

/* Without an address nobody is waiting: the command line reads its replies itself. */
static bool concerns_us(struct reply_plan *plan, const struct proto_reply *reply, const struct reply_place *place)
{
    if (!reply->reply_to && !reply_plan_find(plan, reply->command))
        return false;
    return place || sw_equal(reply->gateway, plan->gateway) || reply_plan_find(plan, reply->command);
}

static bool keep_reply(struct reply_plan *plan, struct proto_reply *reply, const struct reply_place *place,
                       int64_t now_ms)
{
    struct reply_entry *entry = find_or_add(plan, reply->command, now_ms);
    if (!entry)
        return false;
    if (place && entry->place.offset < 0)
        entry->place = *place;
    if (entry->has_reply)
        return true;
    entry->reply = *reply;
    *reply = (struct proto_reply){ 0 };
    entry->has_reply = true;
    entry->expected = false;
    entry->hold_until_ms = entry->url ? 0 : now_ms + HOLD_MS;
    return true;
}

bool reply_plan_reply(struct reply_plan *plan, struct proto_reply *reply, const struct reply_place *place,
                      int64_t now_ms)
{
    bool good = true;
    const bool stale = now_ms - reply->at_ms > REPLY_URL_LIFE_MS;
    if (sw_equal(reply->name, "delivered"))
        marked(plan, reply->command, now_ms);
    else if (!stale && !closed(plan, reply->command, now_ms) && concerns_us(plan, reply, place))
        good = keep_reply(plan, reply, place, now_ms);
    proto_reply_release(reply);
    if (good && place)
        reply_plan_passed(plan, place);
    return good;
}

/* ---- partitions ---- */

static struct reply_partition *find_partition(const struct reply_plan *plan, int32_t number)
{
    for (size_t i = 0; i < plan->partition_count; i++)
        if (plan->partitions[i].number == number)
            return (struct reply_partition *)(uintptr_t)&plan->partitions[i];
    return NULL;
}

void reply_plan_assign(struct reply_plan *plan, int32_t partition)
{
    if (!find_partition(plan, partition) && plan->partition_count < REPLY_PARTITIONS_MAX)
        plan->partitions[plan->partition_count++] = (struct reply_partition){ .number = partition, .position = -1 };
}

void reply_plan_revoke(struct reply_plan *plan, int32_t partition)
{
    struct reply_partition *part = find_partition(plan, partition);
    if (part)
        *part = plan->partitions[--plan->partition_count];
    for (size_t i = plan->count; i-- > 0;) {
        struct reply_entry *entry = plan->entries[i];
        if (entry->place.offset < 0 || entry->place.partition != partition)
            continue;
        entry->place.offset = -1;
        if (!entry->url && !entry->busy)
            reply_plan_drop(plan, entry);
    }
}

void reply_plan_passed(struct reply_plan *plan, const struct reply_place *place)
{
    struct reply_partition *part = find_partition(plan, place->partition);
    if (part)
        part->position = place->offset + 1;
}

bool reply_plan_offset(const struct reply_plan *plan, int32_t partition, int64_t *ret_offset)
{
    const struct reply_partition *part = find_partition(plan, partition);
    if (!part || part->position < 0)
        return false;
    int64_t offset = part->position;
    for (size_t i = 0; i < plan->count; i++) {
        const struct reply_place *place = &plan->entries[i]->place;
        if (place->partition == partition && place->offset >= 0 && place->offset < offset)
            offset = place->offset;
    }
    *ret_offset = offset;
    return true;
}

size_t reply_plan_open(const struct reply_plan *plan) { return plan->count; }

size_t reply_plan_in_flight(const struct reply_plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++)
        count += plan->entries[i]->busy;
    return count;
}
