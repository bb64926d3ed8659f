/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/deployment_glass.h"

#include "common/base/text.h"

static const json_t *glass_of(const struct wf *wf) { return json_object_get(wf->facts, "break_glass"); }

static const json_t *past_of(const struct wf *wf) { return json_object_get(glass_of(wf), "past"); }

/* key: of a hold in the request. */
static bool has_hold(const json_t *request, const char *key, const char *text)
{
    const json_t *holds = json_object_get(request, "holds");
    for (size_t i = 0; i < json_array_size(holds); i++)
        if (sw_equal(jx_string(json_array_get(holds, i), key), text))
            return true;
    return false;
}

bool deployment_glass_passes(const struct wf *wf, const char *hold_id)
{
    const json_t *past = past_of(wf);
    for (size_t i = 0; i < json_array_size(past); i++) {
        const json_t *request = json_array_get(past, i);
        if (sw_equal(jx_string(request, "how"), "agreed") && has_hold(request, "id", hold_id))
            return true;
    }
    return false;
}

const json_t *deployment_glass_request(const struct wf *wf)
{
    const json_t *request = json_object_get(glass_of(wf), "request");
    return json_is_object(request) ? request : NULL;
}

const json_t *deployment_glass_latest(const struct wf *wf)
{
    const json_t *request = deployment_glass_request(wf), *past = past_of(wf);
    return request ? request : json_array_get(past, json_array_size(past) - 1); /* NULL when there is none */
}

const json_t *deployment_glass_past(const struct wf *wf, int64_t number)
{
    const json_t *past = past_of(wf);
    for (size_t i = 0; i < json_array_size(past); i++)
        if (jx_i64_or(json_array_get(past, i), "number", 0) == number)
            return json_array_get(past, i);
    return NULL;
}

bool deployment_glass_concerns(const json_t *request, const char *origin) { return has_hold(request, "by", origin); }
