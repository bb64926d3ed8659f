/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/socket_message.h"

#include "common/base/text.h"

#include <string.h>

enum { LIFE_MAX_S = 7 * 24 * 3600 };

#define NAME_(name, text) [SOCKET_##name] = (text),
static const char *const NAMES[] = { SOCKET_TYPES(NAME_) };

const char *socket_type_name(enum socket_type type) { return NAMES[type]; }

static void read_hello(const json_t *json, struct socket_message *message)
{
    int64_t life_s = jx_i64_or(json_object_get(json, "debug_info"), "approximate_connection_time", 0);
    message->kind = SOCKET_HELLO;
    message->life_ms = life_s > 0 && life_s <= LIFE_MAX_S ? life_s * 1000 : 0;
    message->connections = jx_i64_or(json, "num_connections", 0);
}

static void read_disconnect(const json_t *json, struct socket_message *message)
{
    message->kind = SOCKET_DISCONNECT;
    message->reason = jx_string_or(json, "reason", "");
    message->disconnect = sw_equal(message->reason, "link_disabled")         ? SOCKET_DISABLED
                          : sw_equal(message->reason, "too_many_websockets") ? SOCKET_TOO_MANY
                                                                             : SOCKET_REFRESH;
}

static enum socket_type type_of(const char *type)
{
    enum socket_type found = SOCKET_COMMAND;
    while (found < SOCKET_OTHER && !sw_equal(NAMES[found], type))
        found++;
    return found;
}

static struct sw_status read_envelope(const json_t *json, const char *type, struct socket_message *message)
{
    message->kind = SOCKET_ENVELOPE;
    message->type = type_of(type);
    message->accepts_payload = jx_bool_or(json, "accepts_response_payload", false);
    message->retry = jx_i64_or(json, "retry_attempt", 0);
    message->retry_reason = jx_string_or(json, "retry_reason", "");
    SW_TRY(jx_need_string(json, "envelope_id", &message->envelope));
    if (strlen(message->envelope) > SOCKET_ENVELOPE_ID_MAX)
        return sw_fail(SW_CODE_INVALID, "envelope_id is longer than %d bytes", SOCKET_ENVELOPE_ID_MAX);
    return message->type == SOCKET_OTHER ? sw_ok() : jx_need_object(json, "payload", &message->payload);
}

struct sw_status socket_message_read(const json_t *json, struct socket_message *ret_message)
{
    const char *type;
    struct socket_message message = { .kind = SOCKET_NOTHING, .reason = "", .retry_reason = "" };
    SW_TRY(sw_wrap(jx_need_string(json, "type", &type), "socket message"));
    if (sw_equal(type, "hello"))
        read_hello(json, &message);
    else if (sw_equal(type, "disconnect"))
        read_disconnect(json, &message);
    else if (type_of(type) != SOCKET_OTHER || json_object_get(json, "envelope_id"))
        SW_TRY(sw_wrap(read_envelope(json, type, &message), "socket message \"%s\"", type));
    *ret_message = message;
    return sw_ok();
}

char *socket_ack_new(const char *envelope, const char *payload_json)
{
    JX_AUTO json_t *ack = json_object();
    JX_AUTO json_t *payload = NULL;
    bool filled = jx_set_string(ack, "envelope_id", envelope);
    if (filled && payload_json) /* it was made from a value just before: what fails here is memory */
        filled = !sw_failed(jx_parse(payload_json, strlen(payload_json), &payload)) &&
                 jx_set_take(ack, "payload", SW_TAKE(payload));
    return filled ? jx_dump_new(ack) : NULL;
}

const char *socket_field(const void *payload, const char *name) { return jx_string_or(payload, name, ""); }
