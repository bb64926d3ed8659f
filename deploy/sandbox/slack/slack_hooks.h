/* SPDX-License-Identifier: Apache-2.0
 * slack_hooks: response_urls: each good for 30 minutes and 5 posts. Under the lock of `struct slack`. */
#ifndef DEPLOY_SANDBOX_SLACK_HOOKS_H
#define DEPLOY_SANDBOX_SLACK_HOOKS_H

#include "deploy/sandbox/slack/slack_world.h"

#include <stdbool.h>
#include <stdint.h>

enum { SLACK_HOOK_USES = 5, SLACK_HOOK_LIFE_MS = 30 * 60 * 1000, SLACK_HOOK_PATH_SIZE = 96 };

struct slack_hook {
    char path[SLACK_HOOK_PATH_SIZE]; /* "/commands/T.../.../..." */
    char user[SLACK_ID_SIZE];
    char channel[SLACK_ID_SIZE];
    char source_ts[SLACK_TS_SIZE]; /* what replace_original means; "" while there is nothing */
    bool is_action;
    int64_t made_ms;
    int32_t uses;
};

struct slack_hooks;

struct slack_hooks *slack_hooks_new(void);
void slack_hooks_free(struct slack_hooks *hooks);
void slack_hooks_reset(struct slack_hooks *hooks);
/* template: user, channel, source_ts, is_action. The result lives until it is reset or 4,096 newer ones exist. */
struct slack_hook *slack_hooks_mint(struct slack_hooks *hooks, const struct slack_hook *template, int64_t now_ms);
struct slack_hook *slack_hooks_find(struct slack_hooks *hooks, const char *path);
/* Counts a use. NULL, or why it is refused: "expired_url", "used_url". */
const char *slack_hook_use(struct slack_hook *hook, int64_t now_ms);

#endif
