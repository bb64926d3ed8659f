/* SPDX-License-Identifier: Apache-2.0
 * Admission: the first in line that nothing holds begins when its lane is free. */
#include "common/base/log.h"
#include "orchestrator/engine/engine.h"

/* Those that are held keep their place and are stepped over. */
static struct entry *next_in(const struct lane *lane)
{
    for (size_t place = 1; place <= lane_length(lane); place++)
        if (!lane_at(lane, place)->held)
            return lane_at(lane, place);
    return NULL;
}

static bool admit_first(struct engine *engine, struct lane *lane)
{
    struct entry *first = next_in(lane);
    struct wf_input input = { .kind = WF_ADMIT };
    if (!first)
        return false;
    struct sw_status status = tell_workflow(engine, first, &input, NULL);
    if (sw_failed(status)) /* a definition of another version: it must not block the line for ever */
        sw_error("cannot be admitted; cancel it", sw_s("workflow", first->wf->id), sw_e(&status));
    return !sw_failed(status);
}

/* One that needs no time ends as it is admitted, and the next one's turn comes in the same commit. */
void admit_lane(struct engine *engine, struct lane *lane)
{
    while (!lane->active && lane_first(lane) && !sw_failed(engine->failure)) {
        if (batch_full(engine->filling) || engine->stopping) {
            engine->admission_owed = !engine->stopping;
            return;
        }
        if (!admit_first(engine, lane))
            return;
    }
}

void admit_all(struct engine *engine)
{
    engine->admission_owed = false;
    for (size_t i = 0; i < engine->lanes.count; i++)
        admit_lane(engine, engine->lanes.all[i]);
}
