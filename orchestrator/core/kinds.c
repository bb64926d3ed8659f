/* SPDX-License-Identifier: Apache-2.0
 * Finding kinds, and freeing what they make. The table of them is kind_table.c. */
#include "common/base/text.h"
#include "orchestrator/core/kind.h"
#include "orchestrator/core/kind_table.h"

#include <stdlib.h>

static void release_effect(struct wf_effect *effect)
{
    json_decref(effect->order);
    free(effect->hold);
    if (effect->reply)
        proto_reply_release(effect->reply);
    free(effect->reply);
}

void wf_update_release(struct wf_update *update)
{
    for (size_t i = 0; i < update->effect_count; i++)
        release_effect(&update->effects[i]);
    *update = (struct wf_update){ 0 };
}

struct proto_reply *kind_reply_new(const char *name, const char *code, const char *text, const char *hint)
{
    struct proto_reply *reply = calloc(1, sizeof *reply);
    if (!reply)
        return NULL;
    (void)sw_copy(reply->name, sizeof reply->name, name); /* literals of ours */
    (void)sw_copy(reply->code, sizeof reply->code, code ? code : "");
    reply->text = sw_strdup(text);
    reply->hint = sw_strdup(hint);
    return reply;
}

void kind_created_release(struct kind_created *created)
{
    wf_free(created->wf);
    json_decref(created->definition);
    wf_update_release(&created->update);
    *created = (struct kind_created){ 0 };
}

size_t kind_count(void) { return KIND_TABLE_COUNT; }

const struct wf_kind *kind_at(size_t index) { return KIND_TABLE[index]; }

const struct wf_kind *kind_by_name(const char *name)
{
    for (size_t i = 0; i < KIND_TABLE_COUNT; i++)
        if (sw_equal(KIND_TABLE[i]->name, name))
            return KIND_TABLE[i];
    return NULL;
}

const struct wf_kind *kind_by_command(const char *command, enum kind_way *ret_way)
{
    for (size_t i = 0; i < KIND_TABLE_COUNT; i++)
        for (size_t k = 0; k < KIND_TABLE[i]->command_count; k++)
            if (sw_equal(KIND_TABLE[i]->commands[k].name, command)) {
                *ret_way = KIND_TABLE[i]->commands[k].way;
                return KIND_TABLE[i];
            }
    return NULL;
}

const struct kind_join *kind_join(void) { return &KIND_JOIN; }

const struct wf_kind *kind_by_id(const char *workflow_id)
{
    for (size_t i = 0; i < KIND_TABLE_COUNT; i++)
        if (KIND_TABLE[i]->id_prefix == *workflow_id)
            return KIND_TABLE[i];
    return NULL;
}
