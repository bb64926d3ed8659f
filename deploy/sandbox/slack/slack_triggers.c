/* SPDX-License-Identifier: Apache-2.0
 * slack_triggers: a ring of minted trigger_ids. */
#include "deploy/sandbox/slack/slack_triggers.h"

#include "common/base/text.h"
#include "common/rt/clock.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RING = 4096 };

struct trigger {
    char id[SLACK_TRIGGER_SIZE];
    const struct slack_user *user;
    int64_t made_ms;
    bool spent;
};

struct slack_triggers {
    struct trigger ring[RING];
    uint64_t minted;
};

struct slack_triggers *slack_triggers_new(void)
{
    struct slack_triggers *triggers = calloc(1, sizeof(*triggers));
    assert(triggers);
    return triggers;
}

void slack_triggers_free(struct slack_triggers *triggers) { free(triggers); }
void slack_triggers_reset(struct slack_triggers *triggers) { memset(triggers->ring, 0, sizeof(triggers->ring)); }

const char *slack_trigger_mint(struct slack_triggers *triggers, const struct slack_user *user, int64_t now_ms)
{
    struct trigger *trigger = &triggers->ring[triggers->minted++ % RING];
    *trigger = (struct trigger){ .user = user, .made_ms = now_ms };
    (void)snprintf(trigger->id, sizeof(trigger->id), "%" PRId64 "%03u.%u.%08x%08x%08x", sw_wall_ms(),
                   sw_random32() % 1000, 100000000 + sw_random32() % 100000000, sw_random32(), sw_random32(),
                   sw_random32());
    return trigger->id;
}

static const struct trigger *find(const struct slack_triggers *triggers, const char *id)
{
    for (size_t i = 0; id && id[0] && i < RING; i++)
        if (sw_equal(triggers->ring[i].id, id))
            return &triggers->ring[i];
    return NULL;
}

const char *slack_trigger_check(const struct slack_triggers *triggers, const char *id, int64_t now_ms,
                                const struct slack_user **ret_user)
{
    const struct trigger *trigger = find(triggers, id);
    if (!trigger)
        return "invalid_trigger_id";
    if (trigger->spent)
        return "exchanged_trigger_id";
    if (now_ms - trigger->made_ms > SLACK_TRIGGER_LIFE_MS)
        return "expired_trigger_id";
    *ret_user = trigger->user;
    return NULL;
}

void slack_trigger_spend(struct slack_triggers *triggers, const char *id)
{
    const struct trigger *trigger = find(triggers, id);
    assert(trigger);
    triggers->ring[trigger - triggers->ring].spent = true;
}
