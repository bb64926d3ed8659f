/* SPDX-License-Identifier: Apache-2.0
 * report_internal: the places of a report. Inside orchestrator/adapters/report*.c only. */
#ifndef ORCHESTRATOR_ADAPTERS_REPORT_INTERNAL_H
#define ORCHESTRATOR_ADAPTERS_REPORT_INTERNAL_H

#include "orchestrator/adapters/report.h"
#include "orchestrator/adapters/web.h"
#include "orchestrator/core/render.h"

struct report_call {
    const char *secrets_dir, *workflow;
    const json_t *spec, *model, *report; /* report: the section of the configuration */
    json_t *result;
    int64_t retry_after_ms;
};

/* ---- report_text.c ---- */
/* The review with a seal at its end, by which report_is_ours() knows whether people have changed it. */
struct sw_status report_text(const struct report_call *call, enum render_format format, char **ret_text) SW_MUST_CHECK;
bool report_is_ours(const struct report_call *call, const char *text);
char *report_title_new(const struct report_call *call); /* "Incident #42: TITLE"; NULL: no memory */

/* ---- the places; each adds to result what it has ---- */
struct sw_status report_to_dir(struct report_call *call, const char *dir) SW_MUST_CHECK;
struct sw_status report_to_wordpress(struct report_call *call, const json_t *wordpress) SW_MUST_CHECK;
struct sw_status report_to_webhook(struct report_call *call, const json_t *webhook) SW_MUST_CHECK;

/* ---- webhook.c ---- */
struct webhook {
    const char *name, *url, *secret; /* name: a literal; secret: its name, NULL: unsigned */
    const char *secrets_dir, *idempotency_key;
};
/* Posts the body, signed: X-Slipway-Signature is "v1=" and the hex HMAC-SHA256 of "v1:TIMESTAMP:BODY",
 * X-Slipway-Timestamp the seconds since 1970. */
struct sw_status webhook_post(const struct webhook *webhook, const json_t *body,
                              int64_t *ret_retry_after_ms) SW_MUST_CHECK;

#endif
