/* SPDX-License-Identifier: Apache-2.0
 * How deployments come to an end that is not success, or stand still. */
#include "common/base/text.h"
#include "orchestrator/core/deployment_act.h"

#include <stdio.h>

static const char *what_went_wrong(const struct deployment_turn *turn)
{
    const struct step_report *report = turn->input->report;
    switch (report->outcome) {
    case STEP_TIMED_OUT:
        return "E-STEP-TIMEOUT";
    case STEP_NOT_RUN:
        return "E-STEP-NOT-RUN";
    case STEP_SIGNALED:
    case STEP_STOPPED:
        return "E-STEP-KILLED";
    case STEP_EXITED:
    case STEP_RUNNING:
    case STEP_ABSENT:
    case STEP_LOST:
        break;
    }
    return "E-STEP-FAILED";
}

static void describe(const struct deployment_turn *turn, char *ret_text, size_t size)
{
    const struct step_report *report = turn->input->report;
    const char *name = turn->wf->steps[turn->step].name, *error = report->error;
    const char *separator = *error ? ": " : "";
    if (report->outcome == STEP_EXITED)
        (void)sw_print(ret_text, size, "`%s` ended with exit code %d%s%s", name, report->exit_code, separator, error);
    else if (report->outcome == STEP_TIMED_OUT)
        (void)sw_print(ret_text, size, "`%s` ran longer than its timeout and was killed%s%s", name, separator, error);
    else if (report->outcome == STEP_NOT_RUN)
        (void)sw_print(ret_text, size, "`%s` could not be started%s%s", name, separator, error);
    else if (report->outcome == STEP_SIGNALED)
        (void)sw_print(ret_text, size, "`%s` was killed by signal %d%s%s", name, report->signal, separator, error);
    else
        (void)sw_print(ret_text, size, "`%s` was stopped%s%s", name, separator, error);
}

struct sw_status deployment_fail(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    bool timed_out = turn->input->report->outcome == STEP_TIMED_OUT;
    describe(turn, text, sizeof text);
    deployment_end_step(turn, timed_out ? PROTO_STEP_TIMED_OUT : PROTO_STEP_FAILED);
    return deployment_set_error(turn->wf, what_went_wrong(turn), text,
                                "Read the last lines of its output, correct the cause, and deploy again.");
}

struct sw_status deployment_hold(struct deployment_turn *turn)
{
    char text[PROTO_ERROR_SIZE];
    (void)snprintf(text, sizeof text, "Nobody can tell how `%s` ended: its supervisor is gone and left no result",
                   turn->wf->steps[turn->step].name); /* fits */
    deployment_end_step(turn, PROTO_STEP_UNKNOWN);
    return deployment_set_error(turn->wf, "E-STEP-UNKNOWN", text,
                                "Look at its target. Retry runs the step again; Cancel leaves things as they are and "
                                "frees the lane.");
}

struct sw_status deployment_end_cancelled(struct deployment_turn *turn)
{
    bool done = turn->input->report->outcome == STEP_EXITED && turn->input->report->exit_code == 0 &&
                !turn->wf->steps[turn->step].probing;
    deployment_end_step(turn, done ? PROTO_STEP_SUCCEEDED : PROTO_STEP_CANCELLED);
    return sw_ok();
}

struct sw_status deployment_note_lost(struct deployment_turn *turn)
{
    deployment_end_step(turn, PROTO_STEP_UNKNOWN);
    return sw_ok();
}
