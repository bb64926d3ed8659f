/* SPDX-License-Identifier: Apache-2.0
 * slack_api_views: views.open, .push, .update and .publish. */
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_blocks.h"
#include "deploy/sandbox/slack/slack_form.h"
#include "deploy/sandbox/slack/slack_triggers.h"
#include "deploy/sandbox/slack/slack_views.h"

#include <string.h>

static json_t *shown_new(json_t *view) { return json_pack("{s:b,s:o}", "ok", 1, "view", json_deep_copy(view)); }

/* args.view, judged; NULL and the refusal. A new reference. */
static json_t *read_view_new(struct slack_call *call, const char *type, json_t **ret_answer)
{
    bool bad = false;
    JX_AUTO json_t *problems = json_array();
    JX_AUTO json_t *view = slack_arg_json_new(call->args, "view", &bad);
    SW_AUTO_FREE char *text = view ? json_dumps(view, JSON_COMPACT) : NULL;
    if (bad)
        (void)json_array_append_new(problems, json_string("must be a valid JSON object [json-pointer:/view]"));
    else if (!view)
        (void)json_array_append_new(problems, json_string("missing required field: view"));
    else if (text && strlen(text) > SLACK_MAX_VIEW_BYTES)
        *ret_answer = slack_api_error_new("view_too_large");
    else
        (void)slack_view_validate(view, type, problems);
    if (json_array_size(problems) > 0)
        *ret_answer = slack_api_problems_new("invalid_arguments", problems);
    return *ret_answer ? NULL : SW_TAKE(view);
}

static const char *external_id_error(struct slack_call *call, const json_t *view, const json_t *own)
{
    const char *external_id = slack_arg_string(view, "external_id");
    const json_t *other = external_id ? slack_views_find(call->slack->views, NULL, external_id, NULL) : NULL;
    return other && other != own ? "duplicate_external_id" : NULL;
}

/* The trigger is spent only when nothing else is wrong. */
static json_t *open_view(struct slack_call *call, bool push)
{
    json_t *answer = NULL;
    struct slack *slack = call->slack;
    const char *trigger = slack_arg_string(call->args, "trigger_id");
    const struct slack_user *user = NULL;
    if (!trigger)
        return slack_api_missing_new("trigger_id");
    JX_AUTO json_t *view = read_view_new(call, "modal", &answer);
    if (!view)
        return answer;
    const char *error = slack_trigger_check(slack->triggers, trigger, sw_monotonic_ms(), &user);
    if (!error)
        error = external_id_error(call, view, NULL);
    if (!error && push && slack_views_depth(slack->views, user) == SLACK_MAX_STACK)
        error = "push_limit_reached";
    if (error)
        return slack_api_error_new(error);
    slack_trigger_spend(slack->triggers, trigger);
    if (!push)
        slack_views_clear(slack->views, slack->world, user);
    return shown_new(slack_views_push(slack->views, slack->world, user, view));
}

json_t *slack_api_views_open(struct slack_call *call) { return open_view(call, false); }
json_t *slack_api_views_push(struct slack_call *call) { return open_view(call, true); }

static bool hash_conflicts(const struct slack_call *call, const json_t *view)
{
    const char *hash = slack_arg_string(call->args, "hash");
    return hash && view && !sw_equal(hash, jx_string(view, "hash"));
}

json_t *slack_api_views_update(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack *slack = call->slack;
    const char *id = slack_arg_string(call->args, "view_id");
    const char *external_id = slack_arg_string(call->args, "external_id");
    if (!id && !external_id)
        return slack_api_missing_new("view_id");
    JX_AUTO json_t *view = read_view_new(call, "modal", &answer);
    if (!view)
        return answer;
    json_t *old = slack_views_find(slack->views, id, external_id, NULL);
    const char *error = external_id_error(call, view, old);
    if (!old)
        return slack_api_error_new("not_found");
    if (hash_conflicts(call, old))
        return slack_api_error_new("hash_conflict");
    return error ? slack_api_error_new(error) : shown_new(slack_views_replace(slack->views, slack->world, old, view));
}

json_t *slack_api_views_publish(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack *slack = call->slack;
    const char *id = slack_arg_string(call->args, "user_id");
    const struct slack_user *user = slack_user_find(id);
    if (!id)
        return slack_api_missing_new("user_id");
    JX_AUTO json_t *view = read_view_new(call, "home", &answer);
    if (!view)
        return answer;
    if (!user || user->is_slackbot)
        return slack_api_error_new("user_not_found");
    if (hash_conflicts(call, slack_views_home(slack->views, user)))
        return slack_api_error_new("hash_conflict");
    return shown_new(slack_views_set_home(slack->views, slack->world, user, view));
}
