/* SPDX-License-Identifier: Apache-2.0
 * web_internal: what an answer means. Inside orchestrator/adapters/web*.c only. */
#ifndef ORCHESTRATOR_ADAPTERS_WEB_INTERNAL_H
#define ORCHESTRATOR_ADAPTERS_WEB_INTERNAL_H

#include "common/io/http_client.h"
#include "orchestrator/adapters/web.h"

/* Of an HTTP answer that came; body: what it held, parsed. Sets code and retry_after_ms. */
struct sw_status web_judge(struct web *web, const struct http_answer *answer, const json_t *body) SW_MUST_CHECK;

#endif
