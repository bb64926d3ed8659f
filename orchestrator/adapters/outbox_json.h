/* SPDX-License-Identifier: Apache-2.0
 * outbox_json: an envelope as the outbox table keeps it. Pure. */
#ifndef ORCHESTRATOR_ADAPTERS_OUTBOX_JSON_H
#define ORCHESTRATOR_ADAPTERS_OUTBOX_JSON_H

#include "proto/envelope.h"
#include "proto/topics.h"

/* free() the result; NULL when out of memory or when a text is not UTF-8. */
char *outbox_json_new(const struct proto_envelope *envelope);
struct sw_status outbox_json_parse(const char *text, struct proto_envelope *ret_envelope) SW_MUST_CHECK;
const char *outbox_topic_name(enum proto_topic topic); /* "events" */
bool outbox_topic_parse(const char *name, enum proto_topic *ret_topic);

#endif
