/* SPDX-License-Identifier: Apache-2.0
 * What is said about incidents where there is none: questions about all of them, and what belongs into an incident's
 * channel and was said elsewhere. */
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_kind.h"
#include "orchestrator/core/incident_overview.h"

#include <stdlib.h>
#include <string.h>

static struct sw_status refuse_start(struct incident_turn *turn)
{
    return incident_refuse(turn, "E-TITLE", "What has happened?||||Such as `/incident start Checkout is down`.");
}

static const struct {
    const char *verb;
    struct sw_status (*show)(struct incident_turn *turn);
} QUESTIONS[] = {
    { "status", incident_show_overview },       { "list", incident_show_list }, { "history", incident_show_past },
    { "priorities", incident_show_priorities }, { "main", incident_show_main }, { "report", incident_show_figures },
    { "changes", incident_show_changes },       { "start", refuse_start },
};

/* "note #2 hi" where no incident is: "#2" may be the beginning of what was to be noted, so nothing is guessed. */
static bool names_one_behind(const struct incident_turn *turn)
{
    size_t digits = *turn->said == '#' ? strspn(turn->said + 1, "0123456789") : 0;
    return digits > 0 && digits < 10 && strchr(" \t\n", turn->said[1 + digits]);
}

static struct sw_status refuse_number_behind(struct incident_turn *turn)
{
    const char *spoken = jx_string_or(turn->command->args, "spoken", jx_string_or(turn->command->args, "verb", ""));
    int length = 1 + (int)strspn(turn->said + 1, "0123456789");
    return incident_refuse(turn, "E-NOT-HERE",
                           "No incident is under way in this channel, and nothing was done.||Behind `%.40s` the "
                           "`%.*s` could be part of the text.||Name the incident first: `/incident %.*s %.40s ...`.",
                           spoken, length, turn->said, length, turn->said, spoken);
}

static struct sw_status refuse_place(struct incident_turn *turn)
{
    const char *target = jx_string_or(turn->command->args, "target", "");
    if (!*target && names_one_behind(turn))
        return refuse_number_behind(turn);
    if (*target)
        return incident_refuse(turn, "E-NOT-FOUND",
                               "There is no incident `%.40s`.||||`/incident list` shows what there is.", target);
    struct sw_status status =
        incident_refuse(turn, "E-NOT-HERE",
                        "No incident is under way in this channel.||||`/incident list` shows where "
                        "there is one; name it with `#NUMBER` to speak about it from here.");
    incident_card(turn, "not_here", json_pack("{ss}", "main", incident_setting_text(turn->config, "", "main")));
    return status;
}

static struct sw_status respond(struct incident_turn *turn, bool *ret_silent)
{
    const char *verb = jx_string_or(turn->command->args, "verb", "");
    bool typed = *turn->command->said.ts != '\0', targeted = *jx_string_or(turn->command->args, "target", "") != '\0';
    if (!incident_configured(turn->config)) {
        *ret_silent = typed;
        return incident_refuse(turn, "E-NOT-CONFIGURED",
                               "Incidents are not set up here.||slipway.yaml has no section "
                               "`incidents`.||Ask whoever keeps it.");
    }
    for (size_t i = 0; i < SW_COUNT(QUESTIONS) && !targeted; i++)
        if (sw_equal(QUESTIONS[i].verb, verb))
            return QUESTIONS[i].show(turn);
    if (sw_equal(verb, "unknown")) {
        *ret_silent = typed && !incident_is_main(turn->config, turn->command->channel);
        return incident_not_understood(turn);
    }
    return refuse_place(turn);
}

struct sw_status incident_astray(const struct kind_world *world, const struct proto_command *command,
                                 struct proto_reply **ret_reply)
{
    struct wf_update update = { 0 };
    struct incident_turn turn = { .config = world->config, .reads = world->reads, .now_ms = world->now_ms };
    bool silent = !sw_equal(command->name, "incident");
    turn.command = command;
    turn.said = jx_string_or(command->args, "text", "");
    turn.update = &update;
    incident_turn_speaker(&turn);
    struct sw_status status = silent ? sw_ok() : respond(&turn, &silent);
    bool failed = turn.broken || (sw_failed(status) && status.code != SW_CODE_REFUSED);
    struct proto_reply *reply = failed || silent ? NULL : malloc(sizeof *reply);
    if (reply) {
        *reply = turn.answer;
        *ret_reply = reply;
        return sw_ok();
    }
    proto_reply_release(&turn.answer);
    if (failed && sw_failed(status))
        return status;
    *ret_reply = NULL;
    return silent ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}
