/* SPDX-License-Identifier: Apache-2.0
 * envelope: CloudEvents 1.0, Kafka binary mode: the attributes of a record as headers; the value is JSON.
 *
 * Source: CloudEvents "Kafka Protocol Binding" 1.0.2, section 3.2. Times are RFC 3339. Pure. */
#ifndef PROTO_ENVELOPE_H
#define PROTO_ENVELOPE_H

#include "common/base/status.h"
#include "proto/limits.h"

#include <stddef.h>
#include <stdint.h>

enum { PROTO_TYPE_SIZE = 80, PROTO_MAX_HEADERS = 12, PROTO_TRACEPARENT_SIZE = 56 };

struct proto_envelope {
    char id[PROTO_COMMAND_ID_MAX + 1];
    char type[PROTO_TYPE_SIZE];           /* slipway.<command|deployment|incident|reply>.<name>.v<N> */
    char source[PROTO_NAME_SIZE];         /* "/slipway/gateway" */
    char subject[PROTO_WORKFLOW_ID_SIZE]; /* the workflow's id, "" when there is none */
    int64_t time_ms;
    char traceparent[PROTO_TRACEPARENT_SIZE]; /* W3C Trace Context; "" when absent */
    int64_t seq;                              /* events: ce_slipwayseq; 0 otherwise */
    int64_t epoch;                            /* events: ce_slipwayepoch; 0 otherwise */
};

struct proto_header {
    const char *name;
    const char *value;
};
/* Headers with the memory of their values. Do not copy: `headers` points into the struct. */
struct proto_headers {
    struct proto_header headers[PROTO_MAX_HEADERS];
    size_t count;
    char time[32], seq[24], epoch[24];
};

/* The headers borrow the envelope's strings. Absent attributes are left out. */
void proto_envelope_headers(const struct proto_envelope *envelope, struct proto_headers *ret_headers);
/* lookup returns NULL for an absent header. SW_CODE_INVALID names the header; ce_specversion must be 1.0. */
struct sw_status proto_envelope_parse(const char *(*lookup)(const void *self, const char *name), const void *self,
                                      struct proto_envelope *ret_envelope) SW_MUST_CHECK;

/* "slipway.deployment.running.v1" -> domain "deployment", name "running", version 1. False when it is not of this form.
 */
bool proto_type_split(const char *type, char ret_domain[PROTO_NAME_SIZE], char ret_name[PROTO_NAME_SIZE],
                      int32_t *ret_version);
void proto_type_join(const char *domain, const char *name, int32_t version, char ret_type[PROTO_TYPE_SIZE]);

#endif
