/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/glass_form.h"

#include "common/base/text.h"
#include "gateway/core/modal.h"
#include "proto/workflow_id.h"

#include <string.h>

const char GLASS_FORM_REASON[] = "reason";

enum { REASON_BYTES = 4 * PROTO_REASON_MAX };

json_t *glass_form_new(const struct glass_form *form)
{
    static const struct modal_input REASON = {
        .block = GLASS_FORM_REASON,
        .label = "Why can't it wait?",
        .placeholder = "It mends what the incident is about",
        .hint = "A second person reads this and agrees or not. It stays in the timeline of the deployment and of each "
                "incident that holds it.",
        .max_length = PROTO_REASON_MAX,
        .lines = true
    };
    JX_AUTO json_t *json = json_object();
    bool kept = jx_set_string(json, "channel", form->channel) &&
                jx_set_string(json, "response_url", form->response_url) && jx_set_string(json, "target", form->target);
    SW_AUTO_FREE char *metadata = kept ? jx_dump_new(json) : NULL;
    if (!metadata)
        return NULL;
    return json_pack("{ss ss ss so so so s[o]}", "type", "modal", "callback_id", GLASS_FORM, "private_metadata",
                     metadata, "title", modal_plain_new("Break the glass"), "submit", modal_plain_new("Ask"), "close",
                     modal_plain_new("Cancel"), "blocks", modal_text_new(&REASON, ""));
}

/* ---- what comes back ---- */

static bool fill(struct command_parsed *parsed, const char *name, const char *target)
{
    *parsed = (struct command_parsed){ .outcome = COMMAND_PUBLISH, .name = name, .actor = true };
    parsed->args = json_object();
    if (proto_workflow_id_valid(target))
        (void)sw_copy(parsed->workflow, sizeof parsed->workflow, target); /* the same size */
    return jx_set_string(parsed->args, "target", target);
}

bool glass_form_read(const json_t *view, struct glass_form_sent *ret_sent)
{
    char reason[REASON_BYTES + 1];
    const char *metadata = jx_string_or(view, "private_metadata", "");
    *ret_sent = (struct glass_form_sent){ .channel = "", .response_url = "" };
    struct sw_status status = jx_parse(metadata, strlen(metadata), &ret_sent->metadata);
    if (sw_failed(status))
        ret_sent->metadata = NULL;
    const char *target = jx_string(ret_sent->metadata, "target");
    if (!target)
        return false;
    ret_sent->channel = jx_string_or(ret_sent->metadata, "channel", "");
    ret_sent->response_url = jx_string_or(ret_sent->metadata, "response_url", "");
    if (!modal_text(view, GLASS_FORM_REASON, PROTO_REASON_MAX, reason, sizeof reason))
        ret_sent->wrong = "That is longer than 500 characters.";
    else if (!*reason)
        ret_sent->wrong = "Without a reason nobody is asked. Say why, or close the form.";
    if (ret_sent->wrong)
        return true;
    return fill(&ret_sent->parsed, "break_glass", target) && jx_set_string(ret_sent->parsed.args, "reason", reason);
}

void glass_form_sent_release(struct glass_form_sent *sent)
{
    command_parsed_release(&sent->parsed);
    json_decref(sent->metadata);
    *sent = (struct glass_form_sent){ 0 };
}

/* ---- buttons ---- */

char *glass_value_new(const char *target, int64_t request)
{
    JX_AUTO json_t *json = json_pack("{ss sI}", "target", target, "request", (json_int_t)request);
    return json ? jx_dump_new(json) : NULL;
}

void glass_of_button(const char *action, const char *value, struct command_parsed *ret_parsed)
{
    JX_AUTO json_t *json = NULL;
    struct sw_status status = jx_parse(value, strlen(value), &json);
    const char *target = sw_failed(status) ? "" : jx_string_or(json, "target", ""); /* the relay draws no such button */
    bool agrees = sw_equal(action, "break_glass_agree");
    if (fill(ret_parsed, agrees ? "break_glass_agree" : "break_glass_decline", target))
        (void)jx_set_i64(ret_parsed->args, "request", jx_i64_or(json, "request", 0)); /* without it none is meant */
}
