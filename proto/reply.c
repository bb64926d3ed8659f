/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/reply.h"

#include "proto/fields.h"

enum { REPLY_TEXT_MAX = 8192, SEALED_MAX = 4096, MAX_VIEWS = 50 };

void proto_reply_release(struct proto_reply *reply)
{
    for (size_t i = 0; i < reply->view_count; i++)
        proto_view_release(&reply->views[i]);
    free(reply->views);
    free(reply->reply_to);
    free(reply->text);
    free(reply->why);
    free(reply->hint);
    json_decref(reply->data);
    *reply = (struct proto_reply){ 0 };
}

static bool set_views(json_t *json, const struct proto_reply *reply)
{
    json_t *views = json_array();
    for (size_t i = reply->has_view ? 1 : 0; i < reply->view_count; i++) {
        json_t *view = proto_view_encode(&reply->views[i]);
        if (!view || json_array_append_new(views, view) != 0) {
            json_decref(views);
            return false;
        }
    }
    return jx_set_take(json, "views", views) &&
           jx_set_take(json, "view", reply->has_view ? proto_view_encode(&reply->views[0]) : json_null());
}

json_t *proto_reply_encode(const struct proto_reply *reply)
{
    json_t *json = json_object();
    bool done = jx_set_string(json, "command", reply->command) && proto_set_text(json, "gateway", reply->gateway) &&
                jx_set_string(json, "reply_to", reply->reply_to) && jx_set_time(json, "at", reply->at_ms) &&
                jx_set_string(json, "name", reply->name) && proto_set_text(json, "code", reply->code) &&
                jx_set_string(json, "text", reply->text) && jx_set_string(json, "why", reply->why) &&
                jx_set_string(json, "hint", reply->hint) && proto_set_text(json, "reaction", reply->reaction) &&
                proto_set_text(json, "card", reply->card) &&
                jx_set_take(json, "data", reply->data ? json_incref(reply->data) : json_null()) &&
                jx_set_take(json, "open", json_boolean(reply->open)) && set_views(json, reply);
    if (done)
        return json;
    json_decref(json);
    return NULL;
}

static struct sw_status decode_views(const json_t *json, struct proto_reply *reply)
{
    const json_t *first = json_object_get(json, "view"), *rest = json_object_get(json, "views");
    reply->has_view = json_is_object(first);
    size_t count = json_array_size(rest) + reply->has_view;
    if (count > MAX_VIEWS)
        return sw_fail(SW_CODE_INVALID, "views: more than %d", MAX_VIEWS);
    reply->views = calloc(count + 1, sizeof *reply->views);
    if (!reply->views)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        const json_t *view = i == 0 && reply->has_view ? first : json_array_get(rest, i - reply->has_view);
        SW_TRY(proto_view_decode(view, &reply->views[i]));
        reply->view_count++;
    }
    return sw_ok();
}

static struct sw_status decode_parts(const json_t *json, struct proto_reply *reply)
{
    SW_TRY(proto_need_text(json, "command", reply->command, sizeof reply->command));
    SW_TRY(proto_read_text(json, "gateway", reply->gateway, sizeof reply->gateway));
    SW_TRY(proto_need_text(json, "name", reply->name, sizeof reply->name));
    SW_TRY(proto_read_text(json, "code", reply->code, sizeof reply->code));
    SW_TRY(proto_read_new(json, "reply_to", SEALED_MAX, &reply->reply_to));
    SW_TRY(proto_read_new(json, "text", REPLY_TEXT_MAX, &reply->text));
    SW_TRY(proto_read_new(json, "why", REPLY_TEXT_MAX, &reply->why));
    SW_TRY(proto_read_new(json, "hint", REPLY_TEXT_MAX, &reply->hint));
    SW_TRY(proto_read_time(json, "at", &reply->at_ms));
    SW_TRY(proto_read_text(json, "reaction", reply->reaction, sizeof reply->reaction));
    SW_TRY(proto_read_text(json, "card", reply->card, sizeof reply->card));
    SW_TRY(proto_read_object(json, "data", &reply->data));
    reply->open = jx_bool_or(json, "open", false);
    return decode_views(json, reply);
}

struct sw_status proto_reply_decode(const json_t *json, struct proto_reply *ret_reply)
{
    struct proto_reply reply = { 0 };
    if (!json_is_object(json))
        return sw_fail(SW_CODE_INVALID, "reply: no JSON object");
    struct sw_status status = decode_parts(json, &reply);
    if (sw_failed(status)) {
        proto_reply_release(&reply);
        return sw_wrap(status, "reply");
    }
    *ret_reply = reply;
    return sw_ok();
}
