/* SPDX-License-Identifier: Apache-2.0
 * slack_journal: an array of JSON objects, ready to be served. */
#include "deploy/sandbox/slack/slack_journal.h"

#include "common/base/text.h"

#include <assert.h>

enum { KEEP = 20000, DROP = 1000 };

struct slack_journal {
    json_t *calls;
    int64_t last;
};

struct slack_journal *slack_journal_new(void)
{
    struct slack_journal *journal = calloc(1, sizeof(*journal));
    assert(journal);
    journal->calls = json_array();
    return journal;
}

void slack_journal_free(struct slack_journal *journal)
{
    if (!journal)
        return;
    json_decref(journal->calls);
    free(journal);
}

void slack_journal_reset(struct slack_journal *journal) { (void)json_array_clear(journal->calls); }

static json_t *without_token(const json_t *args)
{
    json_t *copy = args ? json_deep_copy(args) : json_object();
    (void)json_object_del(copy, "token");
    return copy;
}

static void drop_oldest(struct slack_journal *journal)
{
    JX_AUTO json_t *kept = json_array();
    for (size_t i = DROP; i < json_array_size(journal->calls); i++)
        (void)json_array_append(kept, json_array_get(journal->calls, i));
    json_decref(journal->calls);
    journal->calls = SW_TAKE(kept);
}

void slack_journal_add(struct slack_journal *journal, const struct slack_call_record *record)
{
    json_t *call = json_object();
    (void)jx_set_i64(call, "n", ++journal->last);
    (void)jx_set_time(call, "at", record->at_ms);
    (void)jx_set_string(call, "method", record->method);
    (void)jx_set_take(call, "args", without_token(record->args));
    (void)jx_set_i64(call, "status", record->status);
    (void)jx_set_take(call, "answer", record->answer ? json_deep_copy(record->answer) : json_null());
    (void)jx_set_string(call, "fault", record->fault);
    if (json_array_size(journal->calls) >= KEEP)
        drop_oldest(journal);
    (void)json_array_append_new(journal->calls, call);
}

json_t *slack_journal_list_new(const struct slack_journal *journal, const char *method, int64_t after)
{
    json_t *list = json_array();
    size_t i;
    json_t *call;
    json_array_foreach(journal->calls, i, call)
    {
        if (jx_i64_or(call, "n", 0) > after && (!method || sw_equal(jx_string(call, "method"), method)))
            (void)json_array_append(list, call);
    }
    return list;
}
