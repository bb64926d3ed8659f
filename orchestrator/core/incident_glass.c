/* SPDX-License-Identifier: Apache-2.0
 * Two people break the glass past what an incident holds: its channel hears of it, so that those who know best can
 * agree or decline, and what passed is part of its story. */
#include "orchestrator/core/incident_glass.h"

#include "common/base/text.h"
#include "orchestrator/core/deployment_glass.h"
#include "orchestrator/core/incident_orders.h"

#include <stdio.h>

enum { WHAT_BYTES = PROTO_REF_SIZE + 2 * PROTO_NAME_SIZE + 64 };

/* "`d-1` (site main to staging)" */
static void name_it(const struct wf *deployment, char ret_text[WHAT_BYTES])
{
    (void)snprintf(ret_text, WHAT_BYTES, "`%s` (%s %s to %s)", deployment->id,
                   jx_string_or(deployment->facts, "service", ""), jx_string_or(deployment->facts, "ref", ""),
                   jx_string_or(deployment->facts, "environment", "")); /* fits */
}

static json_t *data_new(const struct wf *deployment, const json_t *request, bool open)
{
    return json_pack("{ss sI sb}", "deployment", deployment->id, "request", (json_int_t)jx_i64_or(request, "number", 0),
                     "open", open);
}

static void tell_asked(struct incident_turn *turn, const struct wf *deployment, const json_t *request)
{
    char what[WHAT_BYTES];
    name_it(deployment, what);
    incident_post(
        turn, "break_glass", data_new(deployment, request, true),
        "<@%s> asks to break the glass for %s, which this incident holds: %s\nSomebody else has to agree: here, on "
        "its message, or with `/deploy break-glass %s`.",
        jx_string_or(request, "user", ""), what, jx_string_or(request, "reason", ""), deployment->id);
}

static void tell_agreed(struct incident_turn *turn, const struct wf *deployment, const json_t *request)
{
    char what[WHAT_BYTES];
    const char *asked = jx_string_or(request, "user", ""), *agreed = jx_string_or(request, "by", "");
    const char *reason = jx_string_or(request, "reason", "");
    name_it(deployment, what);
    incident_post(turn, "break_glass", data_new(deployment, request, false),
                  "The glass is broken: %s passes what this incident holds. <@%s> asked, <@%s> agreed: %s", what, asked,
                  agreed, reason);
    (void)incident_log(turn, "deployment", "%s (%s %s to %s) passes what is held: <@%s> asked (%s), <@%s> agreed",
                       deployment->id, jx_string_or(deployment->facts, "service", ""),
                       jx_string_or(deployment->facts, "ref", ""), jx_string_or(deployment->facts, "environment", ""),
                       asked, reason, agreed);
}

static void tell_ended(struct incident_turn *turn, const struct wf *deployment, const json_t *request)
{
    char what[WHAT_BYTES];
    const char *by = jx_string_or(request, "by", "");
    name_it(deployment, what);
    if (*by)
        incident_post(turn, "break_glass", data_new(deployment, request, false),
                      "<@%s> %s to break the glass for %s: it stays held.", by,
                      sw_equal(by, jx_string(request, "user")) ? "asks no more" : "declined", what);
    else
        incident_post(turn, "break_glass", data_new(deployment, request, false),
                      "Nobody agreed in time to break the glass for %s: it stays held.", what);
}

void incident_glass_news(struct incident_turn *turn, const struct wf *deployment, const char *event)
{
    const json_t *request = deployment_glass_latest(deployment);
    if (!deployment_glass_concerns(request, turn->wf->id))
        return;
    if (sw_equal(event, "break_glass_asked"))
        tell_asked(turn, deployment, request);
    else if (sw_equal(event, "break_glass_agreed"))
        tell_agreed(turn, deployment, request);
    else if (sw_equal(event, "break_glass_declined") || sw_equal(event, "break_glass_expired"))
        tell_ended(turn, deployment, request);
}
