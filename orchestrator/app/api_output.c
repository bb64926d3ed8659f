/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/api_output.h"

#include "common/rt/queue.h"
#include "common/rt/thread.h"
#include "orchestrator/app/api_views.h"

#include <stdlib.h>

enum { MAX_SHEETS = 1024, WAIT_MS = 60000 }; /* more than there are connections */

struct api_output {
    struct api_output_options options;
    struct sw_queue *queue; /* of struct api_sheet */
    struct sw_thread thread;
    _Atomic bool stopping;
};

/* ---- reading ---- */

static void add_output(const struct api_output *output, struct proto_view *view)
{
    char attempt[WF_ATTEMPT_ID_SIZE];
    for (size_t i = 0; i < view->step_count; i++) {
        struct proto_step_view *step = &view->steps[i];
        if (step->state != PROTO_STEP_RUNNING || step->tail)
            continue;
        wf_attempt_name(view->workflow, i, step->attempt, attempt);
        step->tail = output->options.read(output->options.self, attempt);
    }
}

/* ---- answering ---- */

static json_t *sheet_json(const struct api_sheet *sheet)
{
    if (!sheet->list)
        return api_workflow_new(&sheet->views[0]);
    json_t *list = json_array();
    for (size_t i = 0; i < sheet->count; i++)
        if (!api_workflow_private(&sheet->views[i]) &&
            json_array_append_new(list, api_workflow_new(&sheet->views[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return json_pack("{so}", sheet->list, list);
}

static void finish(const struct api_output *output, struct api_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++)
        add_output(output, &sheet->views[i]);
    api_answer_take(sheet->exchange, 200, sheet_json(sheet));
}

static void release_views(struct api_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++)
        proto_view_release(&sheet->views[i]);
    free(sheet->views);
}

static void run(void *self)
{
    struct api_output *output = self;
    for (;;) {
        struct api_sheet *sheet = sw_queue_pop(output->queue, WAIT_MS);
        if (sheet) {
            finish(output, sheet);
            release_views(sheet);
            free(sheet);
        } else if (output->stopping)
            return;
    }
}

/* ---- handing over ---- */

static bool has_running(const struct api_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++)
        for (size_t k = 0; k < sheet->views[i].step_count; k++)
            if (sheet->views[i].steps[k].state == PROTO_STEP_RUNNING)
                return true;
    return false;
}

static bool own(json_t **value)
{
    json_t *copy = json_deep_copy(*value);
    bool done = copy || !*value;
    json_decref(*value);
    *value = copy;
    return done;
}

/* Views share what the engine goes on with; another thread gets its own. */
static bool own_views(struct api_sheet *sheet)
{
    bool done = true;
    for (size_t i = 0; i < sheet->count; i++)
        done = own(&sheet->views[i].params) && own(&sheet->views[i].detail) && done;
    return done;
}

static bool hand_over(struct api_output *output, struct api_sheet *sheet)
{
    struct api_sheet *copy = malloc(sizeof *copy);
    if (!copy || !own_views(sheet)) {
        free(copy);
        return false;
    }
    *copy = *sheet;
    if (!sw_failed(sw_queue_push(output->queue, copy, 0)))
        return true;
    free(copy);
    return false;
}

void api_output_answer_take(struct api_output *output, struct api_sheet *sheet)
{
    if (has_running(sheet) && hand_over(output, sheet))
        return;
    api_answer_take(sheet->exchange, 200, sheet_json(sheet)); /* nothing to add, or nobody who could */
    release_views(sheet);
}

/* ---- life ---- */

struct sw_status api_output_start(const struct api_output_options *options, struct api_output **ret_output)
{
    struct api_output *output = calloc(1, sizeof *output);
    if (!output)
        return sw_fail(SW_CODE_NO_MEMORY, "api: out of memory");
    output->options = *options;
    output->queue = sw_queue_new(MAX_SHEETS);
    struct sw_status status = output->queue ? sw_thread_start(&output->thread, "api-output", run, output)
                                            : sw_fail(SW_CODE_NO_MEMORY, "api: out of memory");
    if (sw_failed(status)) {
        api_output_free(output);
        return status;
    }
    *ret_output = output;
    return sw_ok();
}

void api_output_free(struct api_output *output)
{
    if (!output)
        return;
    output->stopping = true;
    if (output->queue)
        sw_queue_close(output->queue);
    sw_thread_join(&output->thread);
    sw_queue_free(output->queue, NULL); /* it is empty */
    free(output);
}
