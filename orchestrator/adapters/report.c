/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/report.h"

#include "common/base/text.h"
#include "orchestrator/adapters/report_internal.h"

#include <stdio.h>

/* ---- reports ---- */

struct sw_status report_to_webhook(struct report_call *call, const json_t *webhook)
{
    SW_AUTO_FREE char *markdown = NULL, *html = NULL;
    int64_t rev = jx_i64_or(call->spec, "rev", 0);
    char key[120];
    SW_TRY(report_text(call, RENDER_MARKDOWN, &markdown));
    SW_TRY(report_text(call, RENDER_HTML, &html));
    (void)snprintf(key, sizeof key, "%s-report-%lld", call->workflow, (long long)rev);
    JX_AUTO json_t *body = json_pack("{ss ss sI sO ss ss}", "event", "incident.report", "incident", call->workflow,
                                     "rev", (json_int_t)rev, "model", call->model, "markdown", markdown, "html", html);
    const struct webhook target = { .name = "the report's webhook",
                                    .url = jx_string_or(webhook, "url", ""),
                                    .secret = jx_string(webhook, "secret"),
                                    .secrets_dir = call->secrets_dir,
                                    .idempotency_key = key };
    return webhook_post(&target, body, &call->retry_after_ms);
}

static struct sw_status to_places(struct report_call *call)
{
    const char *dir = jx_string(call->report, "dir");
    const json_t *wordpress = json_object_get(call->report, "wordpress");
    const json_t *webhook = json_object_get(call->report, "webhook");
    if (dir)
        SW_TRY(report_to_dir(call, dir));
    if (wordpress)
        SW_TRY(report_to_wordpress(call, wordpress));
    if (webhook)
        SW_TRY(report_to_webhook(call, webhook));
    return sw_ok();
}

static struct sw_status run_report(void *self, const char *workflow, const char *name, const json_t *spec,
                                   json_t **ret_result, int64_t *ret_retry_after_ms)
{
    struct report_call call = { .secrets_dir = self,
                                .workflow = workflow,
                                .spec = spec,
                                .model = json_object_get(spec, "model"),
                                .report = json_object_get(spec, "report"),
                                .result = json_pack("{sI}", "rev", (json_int_t)jx_i64_or(spec, "rev", 0)) };
    (void)name; /* a draft and its update are written in the same way */
    struct sw_status status = call.result ? to_places(&call) : sw_fail(SW_CODE_NO_MEMORY, "report: out of memory");
    *ret_retry_after_ms = call.retry_after_ms;
    if (sw_failed(status))
        json_decref(call.result);
    else
        *ret_result = call.result;
    return status;
}

struct errand_adapter report_adapter(const char *secrets_dir)
{
    return (struct errand_adapter){ .prefix = "report.", .run = run_report, .self = (void *)(uintptr_t)secrets_dir };
}

/* ---- the status page ---- */

static struct sw_status run_status(void *self, const char *workflow, const char *name, const json_t *spec,
                                   json_t **ret_result, int64_t *ret_retry_after_ms)
{
    const char *state = jx_string_or(spec, "state", "");
    int64_t update = jx_i64_or(spec, "update", 0);
    char key[160];
    (void)name; /* there is one */
    (void)snprintf(key, sizeof key, "%s-%s-%lld", workflow, state, (long long)update);
    JX_AUTO json_t *body = json_pack("{ss ss ss ss ss sI}", "event", "incident.status", "incident", workflow, "title",
                                     jx_string_or(spec, "title", ""), "state", state, "text",
                                     jx_string_or(spec, "text", ""), "update", (json_int_t)update);
    const struct webhook target = { .name = "the status page",
                                    .url = jx_string_or(spec, "webhook", ""),
                                    .secret = jx_string(spec, "secret"),
                                    .secrets_dir = self,
                                    .idempotency_key = key };
    SW_TRY(webhook_post(&target, body, ret_retry_after_ms));
    *ret_result = json_pack("{ss sI}", "state", state, "update", (json_int_t)update);
    return *ret_result ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "status page: out of memory");
}

struct errand_adapter status_page_adapter(const char *secrets_dir)
{
    return (struct errand_adapter){ .prefix = "status.", .run = run_status, .self = (void *)(uintptr_t)secrets_dir };
}
