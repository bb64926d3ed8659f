/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/dispatch.h"

#include "common/base/text.h"
#include "gateway/core/answers.h"
#include "gateway/core/incident_help.h"
#include "gateway/io/dispatch_internal.h"

#include <string.h>

bool dispatch_team_allowed(const struct dispatch *dispatch, const char *team)
{
    const size_t length = strlen(team);
    if (sw_blank(dispatch->team_ids))
        return true;
    for (const char *at = dispatch->team_ids + strspn(dispatch->team_ids, ", "); *at; at += strspn(at, ", ")) {
        size_t word = strcspn(at, ", ");
        if (word == length && memcmp(at, team, length) == 0)
            return true;
        at += word;
    }
    return false;
}

void dispatch_publish(const struct dispatch *dispatch, const struct intake_request *request,
                      struct command_parsed *parsed, const struct carrier *carrier)
{
    struct sw_status status = intake_take(dispatch->intake, request, parsed, carrier);
    if (sw_failed(status))
        carrier_refuse(carrier, &status);
}

/* ---- slash commands ---- */

static void take_slash(const struct dispatch *dispatch, enum command_family family,
                       const struct intake_request *request, const struct carrier *carrier)
{
    struct command_parsed parsed;
    const struct incident_typed typed = { .way = INCIDENT_SLASH, .slash = dispatch->names.typed[COMMAND_INCIDENT] };
    command_parse(&dispatch->names, family, request->text, &parsed);
    switch (parsed.outcome) {
    case COMMAND_PUBLISH:
        dispatch_publish(dispatch, request, &parsed, carrier);
        break;
    case COMMAND_HELP:
        intake_answer(dispatch->intake, request, carrier, answer_help(&dispatch->names, parsed.row));
        break;
    case COMMAND_FORM:
        dispatch_open(dispatch, request, &(struct incident_dialog){ .priority = parsed.priority }, carrier);
        break;
    case COMMAND_INCIDENT_HELP:
    case COMMAND_INCIDENT_WORDS:
        intake_answer(dispatch->intake, request, carrier, answer_private(incident_answer(&typed, &parsed)));
        break;
    case COMMAND_WRONG:
        intake_answer(dispatch->intake, request, carrier, answer_wrong(&parsed.error));
        break;
    }
    command_parsed_release(&parsed);
}

void dispatch_command(const struct dispatch *dispatch, const struct slack_slash *slash, const struct carrier *carrier)
{
    const struct intake_request request = {
        .kind = INGRESS_COMMAND,
        .origin = "slash",
        .app = slash->app,
        .trigger = slash->trigger,
        .team = slash->team,
        .user = slash->user,
        .enterprise = slash->enterprise,
        .channel = slash->channel,
        .response_url = slash->response_url,
        .typed = slash->command,
        .text = slash->text,
    };
    enum command_family family;
    struct command_error error;
    if (!dispatch_team_allowed(dispatch, slash->team))
        intake_answer(dispatch->intake, &request, carrier, answer_not_welcome());
    else if (command_names_find(&dispatch->names, slash->command, &family))
        take_slash(dispatch, family, &request, carrier);
    else {
        command_unknown(&dispatch->names, slash->command, &error);
        intake_answer(dispatch->intake, &request, carrier, answer_wrong(&error));
    }
}

/* ---- life ---- */

struct sw_status dispatch_new(const struct dispatch_options *options, struct dispatch **ret_dispatch)
{
    struct dispatch *dispatch = calloc(1, sizeof *dispatch);
    if (dispatch)
        dispatch->team_ids = sw_strdup(options->team_ids ? options->team_ids : "");
    if (dispatch)
        dispatch->reactions = sw_strdup(options->reactions ? options->reactions : "");
    if (!dispatch || !dispatch->team_ids || !dispatch->reactions) {
        dispatch_free(dispatch);
        return sw_fail(SW_CODE_NO_MEMORY, "dispatch: out of memory");
    }
    dispatch->names = options->names;
    dispatch->intake = options->intake;
    *ret_dispatch = dispatch;
    return sw_ok();
}

void dispatch_free(struct dispatch *dispatch)
{
    if (!dispatch)
        return;
    free(dispatch->team_ids);
    free(dispatch->reactions);
    free(dispatch);
}
