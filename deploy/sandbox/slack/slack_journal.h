/* SPDX-License-Identifier: Apache-2.0
 * slack_journal: every call that the app made, for tests to judge: Web API methods and response_url posts. Under the
 * lock of `struct slack`. Keeps the newest 20,000. */
#ifndef DEPLOY_SANDBOX_SLACK_JOURNAL_H
#define DEPLOY_SANDBOX_SLACK_JOURNAL_H

#include "common/json/jx.h"

#include <stdint.h>

struct slack_journal;

struct slack_call_record {
    const char *method;   /* "chat.update", or "response_url" */
    const json_t *args;   /* copied, without the token */
    int32_t status;       /* HTTP; 0: the connection was dropped */
    const json_t *answer; /* copied; NULL: none was made */
    const char *fault;    /* its kind; NULL: none */
    int64_t at_ms;
};

struct slack_journal *slack_journal_new(void);
void slack_journal_free(struct slack_journal *journal);
void slack_journal_reset(struct slack_journal *journal);
void slack_journal_add(struct slack_journal *journal, const struct slack_call_record *record);
/* New array of the calls numbered above `after`; method NULL: all. */
json_t *slack_journal_list_new(const struct slack_journal *journal, const char *method, int64_t after);

#endif
