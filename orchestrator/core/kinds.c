/* SPDX-License-Identifier: Apache-2.0
 * The table of kinds. A new kind is a new row here. */
#include "orchestrator/core/kind.h"

#include "common/base/text.h"
#include "orchestrator/core/deployment.h"

#include <stdlib.h>

static const struct wf_kind *const KINDS[] = { &DEPLOYMENT_KIND };

void wf_update_release(struct wf_update *update)
{
    for (size_t i = 0; i < update->effect_count; i++)
        if (update->effects[i].reply) {
            proto_reply_release(update->effects[i].reply);
            free(update->effects[i].reply);
        }
    *update = (struct wf_update){ 0 };
}

void kind_created_release(struct kind_created *created)
{
    wf_free(created->wf);
    json_decref(created->definition);
    wf_update_release(&created->update);
    *created = (struct kind_created){ 0 };
}

size_t kind_count(void) { return SW_COUNT(KINDS); }

const struct wf_kind *kind_at(size_t index) { return KINDS[index]; }

const struct wf_kind *kind_by_name(const char *name)
{
    for (size_t i = 0; i < SW_COUNT(KINDS); i++)
        if (sw_equal(KINDS[i]->name, name))
            return KINDS[i];
    return NULL;
}

const struct wf_kind *kind_by_command(const char *command)
{
    for (size_t i = 0; i < SW_COUNT(KINDS); i++)
        if (sw_equal(KINDS[i]->create_command, command))
            return KINDS[i];
    return NULL;
}

const struct wf_kind *kind_by_id(const char *workflow_id)
{
    for (size_t i = 0; i < SW_COUNT(KINDS); i++)
        if (KINDS[i]->id_prefix == *workflow_id)
            return KINDS[i];
    return NULL;
}
