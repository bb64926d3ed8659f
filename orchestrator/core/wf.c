/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/wf.h"

#include "common/base/text.h"
#include "orchestrator/core/kind.h"
#include "proto/workflow_id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wf *wf_new(const struct wf_kind *kind, const char *id, size_t step_count)
{
    struct wf *wf = calloc(1, sizeof *wf);
    if (!wf)
        return NULL;
    wf->kind = kind;
    wf->facts = json_object();
    wf->steps = calloc(step_count + 1, sizeof *wf->steps);
    if (!sw_copy(wf->id, sizeof wf->id, id) || !wf->facts || !wf->steps) {
        wf_free(wf);
        return NULL;
    }
    wf->step_count = step_count;
    return wf;
}

static bool copy_steps(struct wf *copy, const struct wf *wf)
{
    copy->steps = calloc(wf->step_count + 1, sizeof *copy->steps);
    if (!copy->steps)
        return false;
    for (size_t i = 0; i < wf->step_count; i++) {
        copy->steps[i] = wf->steps[i];
        copy->steps[i].tail = sw_strdup(wf->steps[i].tail);
        if (wf->steps[i].tail && !copy->steps[i].tail) {
            copy->step_count = i;
            return false;
        }
    }
    return true;
}

struct wf *wf_copy_new(const struct wf *wf)
{
    struct wf *copy = malloc(sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *wf;
    copy->facts = json_incref(wf->facts);
    if (!copy_steps(copy, wf)) {
        wf_free(copy);
        return NULL;
    }
    return copy;
}

void wf_free(struct wf *wf)
{
    if (!wf)
        return;
    for (size_t i = 0; wf->steps && i < wf->step_count; i++)
        free(wf->steps[i].tail);
    free(wf->steps);
    json_decref(wf->facts);
    free(wf);
}

void wf_attempt_name(const char *workflow, size_t step_index, int32_t attempt, char ret_id[WF_ATTEMPT_ID_SIZE])
{
    (void)snprintf(ret_id, WF_ATTEMPT_ID_SIZE, "%s.%zu.%d", workflow, step_index + 1, attempt);
}

void wf_attempt_id(const struct wf *wf, size_t step_index, char ret_id[WF_ATTEMPT_ID_SIZE])
{
    wf_attempt_name(wf->id, step_index, wf->steps[step_index].attempt, ret_id);
}

bool wf_attempt_parse(const char *attempt_id, char ret_workflow[PROTO_WORKFLOW_ID_SIZE], size_t *ret_step_index,
                      int32_t *ret_attempt)
{
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    const char *dot = strchr(attempt_id, '.');
    unsigned step;
    int attempt, end = 0;
    if (!dot || (size_t)(dot - attempt_id) != sizeof workflow - 1)
        return false;
    memcpy(workflow, attempt_id, sizeof workflow - 1);
    workflow[sizeof workflow - 1] = '\0';
    if (!proto_workflow_id_valid(workflow) || sscanf(dot, ".%2u.%9d%n", &step, &attempt, &end) != 2 || dot[end] ||
        step < 1 || step > PROTO_MAX_STEPS || attempt < 1)
        return false;
    memcpy(ret_workflow, workflow, sizeof workflow);
    *ret_step_index = step - 1;
    *ret_attempt = attempt;
    return true;
}
