/* SPDX-License-Identifier: Apache-2.0
 * slack_hooks: a ring of minted response_urls. */
#include "deploy/sandbox/slack/slack_hooks.h"

#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_people.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { RING = 4096 };

struct slack_hooks {
    struct slack_hook ring[RING];
    uint64_t minted;
};

struct slack_hooks *slack_hooks_new(void)
{
    struct slack_hooks *hooks = calloc(1, sizeof(*hooks));
    assert(hooks);
    return hooks;
}

void slack_hooks_free(struct slack_hooks *hooks) { free(hooks); }

void slack_hooks_reset(struct slack_hooks *hooks)
{
    for (size_t i = 0; i < RING; i++)
        hooks->ring[i].path[0] = '\0';
}

struct slack_hook *slack_hooks_mint(struct slack_hooks *hooks, const struct slack_hook *template, int64_t now_ms)
{
    struct slack_hook *hook = &hooks->ring[hooks->minted++ % RING];
    *hook = *template;
    hook->made_ms = now_ms;
    hook->uses = 0;
    (void)snprintf(hook->path, sizeof(hook->path), "/%s/%s/%" PRIu64 "/%08x%08x%08x",
                   hook->is_action ? "actions" : "commands", SLACK_TEAM_ID, 100000 + hooks->minted, sw_random32(),
                   sw_random32(), sw_random32());
    return hook;
}

struct slack_hook *slack_hooks_find(struct slack_hooks *hooks, const char *path)
{
    for (size_t i = 0; i < RING; i++)
        if (hooks->ring[i].path[0] && sw_equal(hooks->ring[i].path, path))
            return &hooks->ring[i];
    return NULL;
}

const char *slack_hook_use(struct slack_hook *hook, int64_t now_ms)
{
    if (now_ms - hook->made_ms > SLACK_HOOK_LIFE_MS)
        return "expired_url";
    if (hook->uses >= SLACK_HOOK_USES)
        return "used_url";
    hook->uses++;
    return NULL;
}
