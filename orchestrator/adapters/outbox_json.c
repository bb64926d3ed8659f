/* SPDX-License-Identifier: Apache-2.0
 * One table of the envelope's attributes serves both directions. */
#include "orchestrator/adapters/outbox_json.h"

#include "common/base/text.h"
#include "common/json/jx.h"

#include <string.h>

static const struct {
    const char *key;
    size_t offset, size;
} TEXTS[] = {
    { "id", offsetof(struct proto_envelope, id), sizeof((struct proto_envelope *)0)->id },
    { "type", offsetof(struct proto_envelope, type), sizeof((struct proto_envelope *)0)->type },
    { "source", offsetof(struct proto_envelope, source), sizeof((struct proto_envelope *)0)->source },
    { "subject", offsetof(struct proto_envelope, subject), sizeof((struct proto_envelope *)0)->subject },
    { "traceparent", offsetof(struct proto_envelope, traceparent), sizeof((struct proto_envelope *)0)->traceparent },
};
static const struct {
    const char *key;
    size_t offset;
} NUMBERS[] = {
    { "time_ms", offsetof(struct proto_envelope, time_ms) },
    { "seq", offsetof(struct proto_envelope, seq) },
    { "epoch", offsetof(struct proto_envelope, epoch) },
};

char *outbox_json_new(const struct proto_envelope *envelope)
{
    JX_AUTO json_t *json = json_object();
    for (size_t i = 0; i < SW_COUNT(TEXTS); i++)
        if (!jx_set_string(json, TEXTS[i].key, (const char *)envelope + TEXTS[i].offset))
            return NULL;
    for (size_t i = 0; i < SW_COUNT(NUMBERS); i++) {
        int64_t value;
        memcpy(&value, (const char *)envelope + NUMBERS[i].offset, sizeof value);
        if (!jx_set_i64(json, NUMBERS[i].key, value))
            return NULL;
    }
    return jx_dump_new(json);
}

struct sw_status outbox_json_parse(const char *text, struct proto_envelope *ret_envelope)
{
    JX_AUTO json_t *json = NULL;
    SW_TRY(jx_parse(text, strlen(text), &json));
    *ret_envelope = (struct proto_envelope){ 0 };
    for (size_t i = 0; i < SW_COUNT(TEXTS); i++)
        if (!sw_copy((char *)ret_envelope + TEXTS[i].offset, TEXTS[i].size, jx_string_or(json, TEXTS[i].key, "")))
            return sw_fail(SW_CODE_INVALID, "the envelope's \"%s\" is too long", TEXTS[i].key);
    for (size_t i = 0; i < SW_COUNT(NUMBERS); i++) {
        int64_t value = jx_i64_or(json, NUMBERS[i].key, 0);
        memcpy((char *)ret_envelope + NUMBERS[i].offset, &value, sizeof value);
    }
    return sw_ok();
}

static const char *const TOPICS[] = {
#define NAME_(name, text, partitions, retention_ms) text,
    PROTO_TOPICS(NAME_)
#undef NAME_
};

const char *outbox_topic_name(enum proto_topic topic) { return TOPICS[topic]; }

bool outbox_topic_parse(const char *name, enum proto_topic *ret_topic)
{
    for (size_t i = 0; i < SW_COUNT(TOPICS); i++)
        if (sw_equal(TOPICS[i], name)) {
            *ret_topic = (enum proto_topic)i;
            return true;
        }
    return false;
}
