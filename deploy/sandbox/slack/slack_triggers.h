/* SPDX-License-Identifier: Apache-2.0
 * slack_triggers: trigger_ids: each of a gesture of one person, good for one view within 3 s. Under the lock of `struct
 * slack`; time comes with the question. */
#ifndef DEPLOY_SANDBOX_SLACK_TRIGGERS_H
#define DEPLOY_SANDBOX_SLACK_TRIGGERS_H

#include <stdint.h>

enum { SLACK_TRIGGER_SIZE = 64, SLACK_TRIGGER_LIFE_MS = 3000 };

struct slack_user;
struct slack_triggers;

struct slack_triggers *slack_triggers_new(void);
void slack_triggers_free(struct slack_triggers *triggers);
void slack_triggers_reset(struct slack_triggers *triggers);
/* Valid until 4,096 newer ones exist. */
const char *slack_trigger_mint(struct slack_triggers *triggers, const struct slack_user *user, int64_t now_ms);
/* NULL and the person; or invalid_trigger_id, expired_trigger_id, exchanged_trigger_id. Looks only. */
const char *slack_trigger_check(const struct slack_triggers *triggers, const char *id, int64_t now_ms,
                                const struct slack_user **ret_user);
void slack_trigger_spend(struct slack_triggers *triggers, const char *id); /* one that was checked */

#endif
