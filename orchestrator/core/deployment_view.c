/* SPDX-License-Identifier: Apache-2.0
 * A deployment as the world sees it. */
#include "orchestrator/core/deployment_view.h"

#include "common/base/text.h"
#include "orchestrator/core/deployment_act.h"

#include <stdlib.h>

/* Texts of facts were measured when they came in: copies into fields of the same limits cannot cut. */
static void put(char *ret_text, size_t size, const json_t *object, const char *key)
{
    (void)sw_copy(ret_text, size, jx_string_or(object, key, ""));
}

static void put_message(struct proto_message_ref *ret_message, const json_t *message)
{
    put(ret_message->channel, sizeof ret_message->channel, message, "channel");
    put(ret_message->ts, sizeof ret_message->ts, message, "ts");
}

static void put_facts(struct proto_view *view, const json_t *facts)
{
    const json_t *cancel = json_object_get(facts, "cancel"), *error = json_object_get(facts, "error");
    put(view->service, sizeof view->service, facts, "service");
    put(view->environment, sizeof view->environment, facts, "environment");
    put(view->ref, sizeof view->ref, facts, "ref");
    put(view->requested_team, sizeof view->requested_team, facts, "team");
    put(view->requested_user, sizeof view->requested_user, facts, "user");
    put(view->home_team, sizeof view->home_team, facts, "home_team");
    put(view->home_channel, sizeof view->home_channel, facts, "home_channel");
    put_message(&view->message, json_object_get(facts, "message"));
    put_message(&view->surplus, json_object_get(facts, "surplus"));
    put(view->cancel_user, sizeof view->cancel_user, cancel, "user");
    view->cancel_at_ms = jx_time_or(cancel, "at", 0);
    put(view->error_code, sizeof view->error_code, error, "code");
    put(view->error_text, sizeof view->error_text, error, "text");
    put(view->error_hint, sizeof view->error_hint, error, "hint");
    view->params = json_incref(json_object_get(facts, "params"));
}

/* What only this kind knows: requests to break the glass. */
static bool put_detail(struct proto_view *view, const json_t *facts)
{
    json_t *glass = json_object_get(facts, "break_glass");
    if (glass)
        view->detail = json_pack("{sO}", "break_glass", glass);
    return view->detail || !glass;
}

static bool put_step(struct proto_step_view *view, const struct wf_step *step, int32_t attempts)
{
    *view = (struct proto_step_view){
        .state = step->state,
        .attempt = step->attempt,
        .attempts = attempts,
        .started_at_ms = step->started_at_ms,
        .finished_at_ms = step->finished_at_ms,
        .retry_at_ms = step->retry_at_ms,
        .has_exit_code = step->has_exit_code,
        .exit_code = step->exit_code,
        .tail = sw_strdup(step->tail),
    };
    (void)sw_copy(view->name, sizeof view->name, step->name);
    (void)sw_copy(view->status, sizeof view->status, step->status);
    (void)sw_copy(view->error, sizeof view->error, step->error);
    return view->tail || !step->tail;
}

struct sw_status deployment_view(const struct wf *wf, struct proto_view *ret_view)
{
    const json_t *attempts = json_object_get(wf->facts, "attempts");
    struct proto_view view = { .created_at_ms = wf->created_at_ms,
                               .started_at_ms = wf->started_at_ms,
                               .finished_at_ms = wf->finished_at_ms };
    (void)sw_copy(view.workflow, sizeof view.workflow, wf->id);
    (void)sw_copy(view.kind, sizeof view.kind, wf->kind->name);
    (void)sw_copy(view.state, sizeof view.state, wf->kind->state_name(wf->state));
    (void)sw_copy(view.lane, sizeof view.lane, wf->lane);
    put_facts(&view, wf->facts);
    view.steps = calloc(wf->step_count + 1, sizeof *view.steps);
    bool done = view.steps != NULL && put_detail(&view, wf->facts);
    for (size_t i = 0; done && i < wf->step_count; i++) {
        done = put_step(&view.steps[i], &wf->steps[i], (int32_t)json_integer_value(json_array_get(attempts, i)));
        view.step_count++;
    }
    if (!done) {
        proto_view_release(&view);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    *ret_view = view;
    return sw_ok();
}

struct sw_status deployment_spec(const struct wf *wf, const json_t *definition, size_t step, json_t **ret_spec)
{
    char attempt[WF_ATTEMPT_ID_SIZE];
    wf_attempt_id(wf, step, attempt);
    const struct plan_facts facts = { .workflow = wf->id,
                                      .ref = deployment_fact(wf, "ref"),
                                      .attempt = attempt,
                                      .epoch = wf->steps[step].epoch,
                                      .params = json_object_get(wf->facts, "params") };
    return plan_spec_new(definition, step, wf->steps[step].probing ? PLAN_ASK : PLAN_DO, &facts, ret_spec);
}
