/* SPDX-License-Identifier: Apache-2.0
 * Slack's published figures: one post a second and channel with short bursts and some hundred a minute in all, 50
 * edits a minute, bursts tolerated (https://docs.slack.dev/apis/web-api/rate-limits). The usual rates are above the
 * edits' figure, since a handful of deployments never reaches it for long; the careful ones are below. Channels are
 * made, named and archived 20 times a minute, people brought in 50 times. */
#include "gateway/core/relay_pace.h"

enum { CHANNELS_MAX = 4096, CHANNEL_TTL_MS = 600000, CAREFUL_MS = 60000 };

static const double POSTS_PER_CHANNEL = 1.0, POST_BURST = 4.0;

/* Of the same method: they share its budget. */
static enum relay_verb method_of(enum relay_verb verb)
{
    if (verb == RELAY_SAY)
        return RELAY_POST;
    if (verb == RELAY_SEEK)
        return RELAY_LOOK;
    return verb == RELAY_REVISE ? RELAY_UPDATE : verb;
}

static const struct {
    double usual, careful, burst;
} RATES[RELAY_VERB_COUNT] = {
    [RELAY_LOOK] = { 2, 0.8, 20 },          [RELAY_POST] = { 5, 1, 20 },
    [RELAY_UPDATE] = { 5, 0.8, 20 },        [RELAY_DELETE] = { 1, 0.8, 10 },
    [RELAY_RECEIPT] = { 1000, 1000, 1000 }, [RELAY_WHISPER] = { 2, 1.5, 20 },
    [RELAY_SEEK] = { 2, 0.8, 20 },          [RELAY_SAY] = { 5, 1, 20 },
    [RELAY_REVISE] = { 5, 0.8, 20 },        [RELAY_PIN] = { 0.5, 0.3, 10 },
    [RELAY_CREATE] = { 0.5, 0.3, 10 },      [RELAY_FIND] = { 0.5, 0.3, 10 },
    [RELAY_PURPOSE] = { 0.5, 0.3, 10 },     [RELAY_INVITE] = { 1.5, 0.8, 20 },
    [RELAY_TOPIC] = { 0.5, 0.3, 10 },       [RELAY_ARCHIVE] = { 0.5, 0.3, 10 },
    [RELAY_UNARCHIVE] = { 0.5, 0.3, 10 },   [RELAY_REACT] = { 1.5, 0.8, 20 },
    [RELAY_JOIN] = { 1.5, 0.8, 20 },
};

bool relay_pace_init(struct relay_pace *pace)
{
    for (size_t i = 0; i < RELAY_VERB_COUNT; i++)
        sw_bucket_init(&pace->methods[i], RATES[i].usual, RATES[i].burst, 0);
    pace->channels = sw_lru_new(CHANNELS_MAX, CHANNEL_TTL_MS, free);
    return pace->channels != NULL;
}

void relay_pace_release(struct relay_pace *pace) { sw_lru_free(pace->channels); }

/* NULL: not a post, or out of memory, and then only the method's bucket counts. */
static struct sw_bucket *channel_bucket(struct relay_pace *pace, enum relay_verb verb, const char *channel,
                                        int64_t now_ms)
{
    if (method_of(verb) != RELAY_POST)
        return NULL;
    struct sw_bucket *bucket = sw_lru_get(pace->channels, channel, now_ms, NULL);
    if (bucket)
        return bucket;
    bucket = malloc(sizeof *bucket);
    if (!bucket)
        return NULL;
    sw_bucket_init(bucket, POSTS_PER_CHANNEL, POST_BURST, now_ms);
    return sw_lru_put(pace->channels, channel, bucket, now_ms) ? bucket : NULL;
}

static struct sw_bucket *method_bucket(struct relay_pace *pace, enum relay_verb order, int64_t now_ms)
{
    const enum relay_verb verb = method_of(order);
    struct sw_bucket *bucket = &pace->methods[verb];
    bucket->per_second = now_ms < pace->careful_until_ms[verb] ? RATES[verb].careful : RATES[verb].usual;
    return bucket;
}

int64_t relay_pace_ready_ms(struct relay_pace *pace, enum relay_verb verb, const char *channel, int64_t now_ms)
{
    int64_t ready_ms = sw_bucket_ready_at_ms(method_bucket(pace, verb, now_ms), now_ms);
    struct sw_bucket *bucket = channel_bucket(pace, verb, channel, now_ms);
    int64_t channel_ms = bucket ? sw_bucket_ready_at_ms(bucket, now_ms) : now_ms;
    return channel_ms > ready_ms ? channel_ms : ready_ms;
}

void relay_pace_take(struct relay_pace *pace, enum relay_verb verb, const char *channel, int64_t now_ms)
{
    struct sw_bucket *bucket = channel_bucket(pace, verb, channel, now_ms);
    (void)sw_bucket_take(method_bucket(pace, verb, now_ms), now_ms); /* asked for just before */
    if (bucket)
        (void)sw_bucket_take(bucket, now_ms);
}

void relay_pace_limited(struct relay_pace *pace, enum relay_verb verb, const char *channel, int64_t until_ms,
                        int64_t now_ms)
{
    struct sw_bucket *bucket = channel_bucket(pace, verb, channel, now_ms);
    const enum relay_verb method = method_of(verb);
    pace->methods[method].tokens = 1; /* of a burst, the rest waits */
    pace->careful_until_ms[method] = until_ms + CAREFUL_MS;
    sw_bucket_block(&pace->methods[method], until_ms);
    if (bucket)
        sw_bucket_block(bucket, until_ms);
}
