/* SPDX-License-Identifier: Apache-2.0
 * What changed: the latest deployments, asked for at any time, and those before the declaration, which the record
 * keeps. */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_joined.h"

enum { SHOWN = 5, KEPT = 3 };

static json_t *short_deployment(const json_t *view)
{
    const json_t *by = json_object_get(view, "requested_by");
    return json_pack("{ss ss* ss* ss* ss* ss* ss*}", "workflow", jx_string_or(view, "workflow", ""), "service",
                     jx_string(view, "service"), "environment", jx_string(view, "environment"), "ref",
                     jx_string(view, "ref"), "state", jx_string(view, "state"), "at", jx_string(view, "created_at"),
                     "user", jx_string(by, "user"));
}

/* Newest first; service "": of all. */
static json_t *changes_new(struct incident_turn *turn, const char *service, size_t limit)
{
    JX_AUTO json_t *recent = turn->reads->recent(turn->reads->self, "deployment", *service ? service : NULL, limit);
    json_t *changes = json_array();
    if (!recent)
        turn->broken = true;
    for (size_t i = 0; i < json_array_size(recent) && i < limit; i++)
        if (json_array_append_new(changes, short_deployment(json_array_get(recent, i))) != 0)
            turn->broken = true;
    return changes;
}

void incident_keep_changes(struct incident_turn *turn)
{
    const char *service = incident_fact(turn->wf, "service");
    if (*service)
        incident_put(turn, "changes", changes_new(turn, service, KEPT));
}

/* What was taken out of slipway.yaml may have a past; what has neither does not exist. */
struct sw_status incident_refuse_service(struct incident_turn *turn, const char *service)
{
    return incident_refuse(turn, "E-SERVICE", "There is no service `%.60s`.||||`/deploy services` lists them.",
                           service);
}

struct sw_status incident_show_changes(struct incident_turn *turn)
{
    const char *service = *turn->said ? turn->said : turn->wf ? incident_fact(turn->wf, "service") : "";
    SW_AUTO_BUF struct sw_buf text = { 0 };
    json_t *deployments = changes_new(turn, service, SHOWN);
    if (*turn->said && json_array_size(deployments) == 0 && !config_service(turn->config, service)) {
        json_decref(deployments);
        return incident_refuse_service(turn, service);
    }
    for (size_t i = 0; i < json_array_size(deployments); i++) {
        const json_t *shown = json_array_get(deployments, i);
        sw_buf_printf(&text, "\n%s: %s %s to %s, %s", jx_string_or(shown, "workflow", ""),
                      jx_string_or(shown, "service", ""), jx_string_or(shown, "ref", ""),
                      jx_string_or(shown, "environment", ""), jx_string_or(shown, "state", ""));
    }
    if (text.length)
        incident_answer(turn, "The latest deployments%s%s:%s", *service ? " of " : "", service, sw_buf_string(&text));
    else
        incident_answer(turn, "Nothing was deployed%s%s.", *service ? " of " : "", service);
    incident_card(turn, "changes", json_pack("{ss so}", "service", service, "deployments", deployments));
    return sw_ok();
}
