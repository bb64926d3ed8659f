/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/tracker_internal.h"

#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- for the kinds ---- */

void tracker_mark(const struct tracker_call *call, char kind, char ret_mark[TRACKER_MARK_SIZE])
{
    if (kind)
        (void)snprintf(ret_mark, TRACKER_MARK_SIZE, "slipway-%s-%c%lld", call->workflow, kind,
                       (long long)jx_i64_or(call->spec, "id", 0));
    else
        (void)snprintf(ret_mark, TRACKER_MARK_SIZE, "slipway-%s", call->workflow);
}

struct sw_status tracker_render(const struct tracker_call *call, enum render_format format, render_document *document,
                                const char *mark, size_t max_bytes, json_t **ret_text)
{
    const json_t *model = json_object_get(call->spec, "model");
    const json_t *of = model ? model : call->spec;
    JX_AUTO json_t *people = render_people_new(json_object_get(of, "people"), json_object_get(call->tracker, "people"));
    const struct render_request request = { .model = of, .people = people, .mark = mark };
    json_t *text = people ? render_new(format, document, &request, max_bytes) : NULL;
    if (!text)
        return sw_fail(SW_CODE_TOO_LARGE, "%s has no room for a text as long as this incident's", call->web->name);
    *ret_text = text;
    return sw_ok();
}

struct sw_status tracker_result(const struct tracker_call *call, json_t *result)
{
    if (!result)
        return sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", call->web->name);
    *call->ret_result = result;
    return sw_ok();
}

struct sw_status tracker_made(const struct tracker_call *call, const char *key, const char *url)
{
    if (!key || !*key || !url || !*url)
        return sw_fail(SW_CODE_IO, "%s answered without naming the issue", call->web->name);
    json_t *result = json_pack("{ss ss}", "key", key, "url", url);
    int64_t id = jx_i64_or(call->spec, "id", 0);
    if (result && id > 0 && !jx_set_i64(result, "id", id)) {
        json_decref(result);
        result = NULL;
    }
    return tracker_result(call, result);
}

/* ---- the adapter ---- */

static const struct tracker_kind *kind_of(const json_t *tracker)
{
    static const struct tracker_kind *const KINDS[] = { &TRACKER_JIRA, &TRACKER_GITHUB, &TRACKER_GITLAB };
    for (size_t i = 0; i < SW_COUNT(KINDS); i++)
        if (sw_equal(KINDS[i]->name, jx_string(tracker, "kind")))
            return KINDS[i];
    return NULL;
}

static struct sw_status run_open(struct tracker_call *call, const struct tracker_kind *kind, const char *name)
{
    const struct {
        const char *name;
        struct sw_status (*run)(struct tracker_call *call);
    } errands[] = { { "tracker.create", kind->create },
                    { "tracker.sync", kind->sync },
                    { "tracker.comment", kind->comment },
                    { "tracker.task", kind->task },
                    { "tracker.components", kind->components } };
    for (size_t i = 0; i < SW_COUNT(errands); i++)
        if (sw_equal(errands[i].name, name))
            return errands[i].run(call);
    return sw_fail(SW_CODE_INTERNAL, "trackers do no \"%s\"", name);
}

static struct sw_status run(void *self, const char *workflow, const char *name, const json_t *spec, json_t **ret_result,
                            int64_t *ret_retry_after_ms)
{
    const json_t *tracker = json_object_get(spec, "tracker");
    const struct tracker_kind *kind = kind_of(tracker);
    WEB_AUTO struct web web = { 0 };
    struct tracker_call call = { .web = &web,
                                 .secrets_dir = self,
                                 .workflow = workflow,
                                 .spec = spec,
                                 .tracker = tracker,
                                 .ret_result = ret_result };
    if (!kind)
        return sw_fail(SW_CODE_CONFIG, "nothing here knows a tracker of the kind \"%s\"",
                       jx_string_or(tracker, "kind", ""));
    struct sw_status status = kind->open(&call);
    if (!sw_failed(status))
        status = run_open(&call, kind, name);
    *ret_retry_after_ms = web.retry_after_ms;
    return status;
}

struct errand_adapter tracker_adapter(const char *secrets_dir)
{
    return (struct errand_adapter){ .prefix = "tracker.", .run = run, .self = (void *)(uintptr_t)secrets_dir };
}
