/* SPDX-License-Identifier: Apache-2.0
 * A Kafka message as the engine takes it. A record that cannot be used is handed over too, with the reason. */
#include "orchestrator/adapters/command_log_internal.h"

#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/json/jx.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_HEADERS = 64 };

static const char *look_up(const void *self, const char *name) { return kafka_message_header(self, name); }

/* [["name","value"],...], because a name may come twice. What is not text is made text: this is for people. */
static char *headers_json_new(const struct kafka_message *message)
{
    JX_AUTO json_t *list = json_array();
    struct kafka_header header;
    for (size_t i = 0; i < MAX_HEADERS && kafka_message_header_at(message, i, &header); i++) {
        SW_AUTO_FREE char *name = sw_utf8_repair_new(header.name, strlen(header.name));
        SW_AUTO_FREE char *value = sw_utf8_repair_new(header.value, strlen(header.value));
        if (!name || !value || json_array_append_new(list, json_pack("[ss]", name, value)))
            return NULL;
    }
    return json_array_size(list) ? jx_dump_new(list) : NULL;
}

static struct sw_status judge(const struct kafka_message *message, struct proto_envelope *ret_envelope)
{
    SW_TRY(proto_envelope_parse(look_up, message, ret_envelope));
    if (message->value_bytes > PROTO_MAX_RECORD_BYTES)
        return sw_fail(SW_CODE_TOO_LARGE, "the record has %zu bytes, %d are allowed", message->value_bytes,
                       PROTO_MAX_RECORD_BYTES);
    return sw_ok();
}

struct log_record *command_log_record_new(const struct kafka_message *message)
{
    struct log_record *record = calloc(1, sizeof *record);
    char *value = calloc(1, message->value_bytes + 1);
    if (!record || !value) {
        free(record);
        free(value);
        return NULL;
    }
    if (message->value_bytes > 0)
        memcpy(value, message->value, message->value_bytes);
    record->value = value;
    record->value_bytes = message->value_bytes;
    record->offset = message->offset;
    record->timestamp_ms = message->timestamp_ms;
    crypto_sha256_hex(value, record->value_bytes, record->hash);
    record->bad = judge(message, &record->envelope);
    record->headers = headers_json_new(message);
    return record;
}
