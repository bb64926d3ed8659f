/* SPDX-License-Identifier: Apache-2.0
 * report: the errands "report." and "status." (core/incident_tracker.h has specs and results): the document of an
 * incident's review as files, at WordPress and to a webhook; how it stands to the webhook of a status page.
 *
 * A document that people have changed since it was written is theirs: it is left as it is. Files are replaced whole;
 * a post at WordPress is found by its slug, so that a lost reply doubles nothing; webhooks may hear the same twice,
 * with the same Idempotency-Key. */
#ifndef ORCHESTRATOR_ADAPTERS_REPORT_H
#define ORCHESTRATOR_ADAPTERS_REPORT_H

#include "orchestrator/adapters/errands.h"

/* secrets_dir: borrowed as long as the adapters are in use. */
struct errand_adapter report_adapter(const char *secrets_dir);
struct errand_adapter status_page_adapter(const char *secrets_dir);

#endif
