/* SPDX-License-Identifier: Apache-2.0
 * A form is opened by a call of its own, with the trigger of what asked for it; the request itself is answered at once,
 * since the trigger lasts three seconds. When it does not open, the person is told how to type it instead. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/metrics.h"
#include "gateway/core/response_host.h"
#include "gateway/io/intake_internal.h"

#include <stdio.h>

struct opening {
    struct intake *intake;
    enum ingress_kind kind;
    char command_id[PROTO_COMMAND_ID_MAX + 1];
    char instead[128];
    char *response_url; /* NULL: nobody can be told */
};

static struct sw_metric *opened, *failed;

void intake_dialog_init(void)
{
    static const char HELP[] = "forms that people asked for, by what became of them";
    opened = sw_counter("slipway_dialogs_total", "outcome=\"opened\"", HELP);
    failed = sw_counter("slipway_dialogs_total", "outcome=\"failed\"", HELP);
}

static void opening_free(struct opening *opening)
{
    struct intake *intake = opening->intake;
    free(opening->response_url);
    free(opening);
    atomic_fetch_sub(&intake->waiting, 1);
}

static void tell_instead(struct opening *opening, const char *reason)
{
    const struct intake_replies *replies = &opening->intake->options.replies;
    json_t *message = answer_no_dialog(opening->instead, reason);
    sw_metric_add(failed, 1);
    sw_warn("a form could not be opened", sw_s("command", opening->command_id), sw_s("reason", reason));
    if (opening->kind == INGRESS_CLICK)
        message = answer_beside_original(message);
    if (message && opening->response_url && !atomic_load(&opening->intake->closed))
        replies->say(replies->self, opening->command_id, opening->response_url, message);
    else
        json_decref(message);
}

static void view_opened(void *context, const struct relay_outcome *outcome)
{
    struct opening *opening = context;
    if (outcome->class == SLACK_OK)
        sw_metric_add(opened, 1);
    else
        tell_instead(opening, outcome->error);
    opening_free(opening);
}

static struct opening *opening_new(struct intake *intake, const struct intake_request *request, const char *instead,
                                   const struct carrier *carrier)
{
    struct opening *opening = calloc(1, sizeof *opening);
    if (!opening)
        return NULL;
    atomic_fetch_add(&intake->waiting, 1);
    opening->intake = intake;
    opening->kind = request->kind;
    intake_name_command(request, &carrier->pass, opening->command_id);
    (void)sw_copy(opening->instead, sizeof opening->instead, instead); /* ours are short */
    opening->response_url =
        intake_url_allowed(intake, request, &carrier->pass) ? sw_strdup(request->response_url) : NULL;
    return opening;
}

void intake_open(struct intake *intake, const struct intake_request *request, const char *instead, json_t *view,
                 const struct carrier *carrier)
{
    struct opening *opening = opening_new(intake, request, instead, carrier);
    json_t *args = view ? json_pack("{ss so}", "trigger_id", request->trigger, "view", view) : NULL;
    if (!opening || !args) {
        if (opening)
            opening_free(opening);
        json_decref(args);
        intake_answer(intake, request, carrier, NULL);
        return;
    }
    carrier_answer(carrier, request->kind, NULL);
    if (intake->options.api) {
        slack_api_call(intake->options.api, "views.open", args, view_opened, opening);
        return;
    }
    json_decref(args);
    tell_instead(opening, "SLACK_BOT_TOKEN is not set");
    opening_free(opening);
}
