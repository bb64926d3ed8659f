/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/envelope.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void add(struct proto_headers *headers, const char *name, const char *value)
{
    if (!*value)
        return;
    assert(headers->count < PROTO_MAX_HEADERS);
    headers->headers[headers->count++] = (struct proto_header){ name, value };
}

void proto_envelope_headers(const struct proto_envelope *envelope, struct proto_headers *ret_headers)
{
    ret_headers->count = 0;
    sw_rfc3339(envelope->time_ms, ret_headers->time);
    (void)snprintf(ret_headers->seq, sizeof ret_headers->seq, "%lld", (long long)envelope->seq);
    (void)snprintf(ret_headers->epoch, sizeof ret_headers->epoch, "%lld", (long long)envelope->epoch);
    add(ret_headers, "ce_specversion", "1.0");
    add(ret_headers, "ce_id", envelope->id);
    add(ret_headers, "ce_type", envelope->type);
    add(ret_headers, "ce_source", envelope->source);
    add(ret_headers, "ce_subject", envelope->subject);
    add(ret_headers, "ce_time", ret_headers->time);
    add(ret_headers, "content-type", "application/json");
    add(ret_headers, "traceparent", envelope->traceparent);
    if (envelope->seq == 0)
        return;
    add(ret_headers, "ce_slipwayseq", ret_headers->seq);
    add(ret_headers, "ce_slipwayepoch", ret_headers->epoch);
}

struct reader {
    const char *(*lookup)(const void *self, const char *name);
    const void *self;
};

static struct sw_status read_text(const struct reader *reader, const char *name, bool required, char *ret_text,
                                  size_t size)
{
    const char *value = reader->lookup(reader->self, name);
    if (sw_blank(value) && required)
        return sw_fail(SW_CODE_INVALID, "header %s is missing", name);
    if (value && !sw_copy(ret_text, size, value))
        return sw_fail(SW_CODE_INVALID, "header %s is longer than %zu bytes", name, size - 1);
    return sw_ok();
}

static struct sw_status read_number(const struct reader *reader, const char *name, int64_t *ret_value)
{
    const char *value = reader->lookup(reader->self, name);
    if (value && !sw_parse_i64(value, 0, INT64_MAX, ret_value))
        return sw_fail(SW_CODE_INVALID, "header %s is no number", name);
    return sw_ok();
}

static struct sw_status read_time(const struct reader *reader, int64_t *ret_time_ms)
{
    const char *value = reader->lookup(reader->self, "ce_time");
    if (value && !sw_rfc3339_parse(value, ret_time_ms))
        return sw_fail(SW_CODE_INVALID, "header ce_time is no RFC 3339 time");
    return sw_ok();
}

struct sw_status proto_envelope_parse(const char *(*lookup)(const void *self, const char *name), const void *self,
                                      struct proto_envelope *ret_envelope)
{
    struct reader reader = { lookup, self };
    struct proto_envelope envelope = { 0 };
    const char *version = lookup(self, "ce_specversion");
    if (!sw_equal(version, "1.0"))
        return sw_fail(SW_CODE_INVALID, "header ce_specversion is not 1.0");
    SW_TRY(read_text(&reader, "ce_id", true, envelope.id, sizeof envelope.id));
    SW_TRY(read_text(&reader, "ce_type", true, envelope.type, sizeof envelope.type));
    SW_TRY(read_text(&reader, "ce_source", true, envelope.source, sizeof envelope.source));
    SW_TRY(read_text(&reader, "ce_subject", false, envelope.subject, sizeof envelope.subject));
    SW_TRY(read_text(&reader, "traceparent", false, envelope.traceparent, sizeof envelope.traceparent));
    SW_TRY(read_time(&reader, &envelope.time_ms));
    SW_TRY(read_number(&reader, "ce_slipwayseq", &envelope.seq));
    SW_TRY(read_number(&reader, "ce_slipwayepoch", &envelope.epoch));
    *ret_envelope = envelope;
    return sw_ok();
}

bool proto_type_split(const char *type, char ret_domain[PROTO_NAME_SIZE], char ret_name[PROTO_NAME_SIZE],
                      int32_t *ret_version)
{
    int version = 0, end = 0;
    char domain[PROTO_NAME_SIZE], name[PROTO_NAME_SIZE];
    int found = sscanf(type, "slipway.%63[a-z_].%63[a-z_].v%d%n", domain, name, &version, &end);
    if (found != 3 || type[end] != '\0' || version < 1)
        return false;
    memcpy(ret_domain, domain, sizeof domain);
    memcpy(ret_name, name, sizeof name);
    *ret_version = version;
    return true;
}

void proto_type_join(const char *domain, const char *name, int32_t version, char ret_type[PROTO_TYPE_SIZE])
{
    (void)snprintf(ret_type, PROTO_TYPE_SIZE, "slipway.%.24s.%.32s.v%d", domain, name,
                   (int)version); /* our own words */
}
