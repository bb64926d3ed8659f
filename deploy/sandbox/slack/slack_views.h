/* SPDX-License-Identifier: Apache-2.0
 * slack_views: what the app shows to one person beside the messages: a stack of at most three modals, and a home.
 *
 * Views here are complete, as views.open answers with them; slack_view_problems() (slack_blocks.h) has judged what the
 * app sent. Under the lock of `struct slack`. */
#ifndef DEPLOY_SANDBOX_SLACK_VIEWS_H
#define DEPLOY_SANDBOX_SLACK_VIEWS_H

#include "common/json/jx.h"
#include "deploy/sandbox/slack/slack_people.h"
#include "deploy/sandbox/slack/slack_world.h"

enum { SLACK_MAX_STACK = 3, SLACK_MAX_VIEW_BYTES = 250000 };

struct slack_views;

struct slack_views *slack_views_new(void);
void slack_views_free(struct slack_views *views);
void slack_views_reset(struct slack_views *views, struct slack_world *world);

/* On top of the person's stack; the result belongs to it. NULL: three are open. `view` is what the app sent. */
json_t *slack_views_push(struct slack_views *views, struct slack_world *world, const struct slack_user *user,
                         const json_t *view);
json_t *slack_views_set_home(struct slack_views *views, struct slack_world *world, const struct slack_user *user,
                             const json_t *view);
/* In place: the id stays, the hash does not. `old` comes from a find; the result takes its place. */
json_t *slack_views_replace(struct slack_views *views, struct slack_world *world, json_t *old, const json_t *view);
/* A modal by id or external_id; NULL when it is not open. ret_user may be NULL. */
json_t *slack_views_find(struct slack_views *views, const char *id, const char *external_id,
                         const struct slack_user **ret_user);
json_t *slack_views_home(struct slack_views *views, const struct slack_user *user);             /* NULL: none yet */
json_t *slack_views_at(struct slack_views *views, const struct slack_user *user, size_t depth); /* 0: the first */
size_t slack_views_depth(const struct slack_views *views, const struct slack_user *user);
void slack_views_pop(struct slack_views *views, struct slack_world *world, const struct slack_user *user);
void slack_views_clear(struct slack_views *views, struct slack_world *world, const struct slack_user *user);
/* The world's number of the latest change of what this person sees. */
uint64_t slack_views_changed(const struct slack_views *views, const struct slack_user *user);
/* {"ok":true,"views":[...],"home":...}, the first view first. */
json_t *slack_views_json_new(struct slack_views *views, const struct slack_user *user);

#endif
