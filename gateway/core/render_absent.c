/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/render_absent.h"

json_t *__attribute__((weak)) render_message_new(const struct proto_view *view, int64_t now_ms)
{
    (void)now_ms;
    return json_pack("{s:o}", "text",
                     json_sprintf("%s %s: %s (%d)", view->service, view->workflow, view->state, (int)view->n));
}

json_t *__attribute__((weak)) render_metadata_new(const char *event_id, const char *workflow, int64_t n)
{
    return json_pack("{s:s, s:{s:s, s:s, s:I}}", "event_type", "deploy_status", "event_payload", "event_id", event_id,
                     "workflow", workflow, "n", (json_int_t)n);
}

json_t *__attribute__((weak)) render_reply_new(const struct proto_reply *reply, int64_t now_ms)
{
    (void)now_ms;
    return json_pack("{s:s?}", "text", reply->text);
}
