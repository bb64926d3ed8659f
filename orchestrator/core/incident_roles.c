/* SPDX-License-Identifier: Apache-2.0
 * Who has which part in it. */
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_nag.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_verbs.h"

#include <stdio.h>
#include <strings.h>

/* What people call the roles; the first ones are the four of an incident's response. */
static const struct {
    const char *role, *name;
} ROLES[] = { { "point", "point" },
              { "comms", "comms" },
              { "triage", "triage" },
              { "eng", "engineering lead" },
              { "assigned", "owner of the review" } };

static const char *role_name(const char *role)
{
    for (size_t i = 0; i < SW_COUNT(ROLES); i++)
        if (sw_equal(ROLES[i].role, role))
            return ROLES[i].name;
    return role;
}

static const char *find_role(const char *said)
{
    for (size_t i = 0; i < SW_COUNT(ROLES); i++)
        if (strcasecmp(ROLES[i].role, said) == 0 || strcasecmp(ROLES[i].name, said) == 0)
            return ROLES[i].role;
    return strcasecmp(said, "assign") == 0 || strcasecmp(said, "assignee") == 0 ? "assigned" : NULL;
}

/* ---- who is meant ---- */

static struct sw_status refuse_person(struct incident_turn *turn, const char *kind)
{
    if (sw_equal(kind, "bot"))
        return incident_refuse(turn, "E-PERSON",
                               "That is a bot.||A part in an incident is for people.||Mention a person.");
    const char *id = jx_string_or(json_object_get(turn->command->args, "user"), "id", "");
    return incident_refuse(turn, "E-PERSON",
                           "I don't know who `%.80s` is.||Slack knows nobody of that name.||Mention the "
                           "person: type @ and choose from Slack's list.",
                           *turn->said ? turn->said
                           : *id       ? id
                                       : "that");
}

/* The person who was named; the speaker when nobody was and that is allowed. */
static struct sw_status named_person(struct incident_turn *turn, bool or_self, const char **ret_user)
{
    const json_t *user = json_object_get(turn->command->args, "user");
    const char *kind = jx_string_or(user, "kind", ""), *id = jx_string_or(user, "id", "");
    if (json_is_object(user) && (sw_equal(kind, "bot") || sw_equal(kind, "missing") || !*id))
        return refuse_person(turn, kind);
    if (!json_is_object(user) && (*turn->said || !or_self))
        return refuse_person(turn, "");
    if (json_is_object(user))
        incident_meet(turn, id, jx_string_or(user, "name", ""), jx_string_or(user, "zone", ""));
    *ret_user = json_is_object(user) ? id : incident_speaker(turn);
    return **ret_user ? sw_ok() : refuse_person(turn, "");
}

/* Behind handover a role may stand, too. */
static struct sw_status handed_to(struct incident_turn *turn, const char **ret_user)
{
    if (!json_is_object(json_object_get(turn->command->args, "user")))
        return refuse_person(turn, "");
    return named_person(turn, false, ret_user);
}

static void bring_in(struct incident_turn *turn, const char *user)
{
    if (!sw_equal(user, incident_speaker(turn)) || !sw_equal(turn->command->channel, incident_channel(turn->wf)))
        incident_order_invite(turn, json_pack("[s]", user));
}

/* Who loses a part by somebody else's word reads it in the channel: answers may be private. */
static void tell_former(struct incident_turn *turn, const char *role, const char *from, const char *to)
{
    char now_on[PROTO_SLACK_ID_SIZE + 16] = "nobody is";
    if (!*from || sw_equal(from, to) || sw_equal(from, incident_speaker(turn)))
        return;
    if (*to)
        (void)snprintf(now_on, sizeof now_on, "<@%s> is", to); /* fits */
    incident_post(turn, "role_moved", json_pack("{ss ss ss}", "role", role, "from", from, "to", to),
                  "<@%s>, you are no longer on %s: %s, as %s said.", from, role_name(role), now_on, turn->spoken);
}

/* ---- point, comms, triage, eng ---- */

static const char *homework(const char *role)
{
    if (sw_equal(role, "point"))
        return "Keep `.summary` true, and write down what contributed to it with `.factor`.";
    if (sw_equal(role, "comms"))
        return "Write a first `.summary`, name the `.components`, and keep people posted with `.notify`.";
    if (sw_equal(role, "triage"))
        return "Collect what comes in from outside, and link it to this channel.";
    return "Find out what happened, and write down what contributed to it with `.factor`.";
}

static const char *runbook(const struct incident_turn *turn, const char *role)
{
    const json_t *books = incident_setting(turn->config, incident_fact(turn->wf, "room"), "runbooks");
    const char *url = jx_string(books, role);
    return url ? url : jx_string(books, "root");
}

static void acknowledge_if_both(struct incident_turn *turn)
{
    if (!*incident_role(turn->wf, "point") || !*incident_role(turn->wf, "comms") ||
        incident_time(turn->wf, "acknowledged"))
        return;
    incident_put_time(turn, "acknowledged", turn->now_ms);
    (void)incident_log(turn, "event", "Acknowledged: point and comms are both taken");
}

struct sw_status incident_take_role(struct incident_turn *turn)
{
    const char *role = turn->verb->name, *user;
    SW_TRY(named_person(turn, true, &user));
    if (sw_equal(incident_role(turn->wf, role), user)) {
        incident_answer(turn, "<@%s> is on %s already.", user, role_name(role));
        return sw_ok();
    }
    tell_former(turn, role, incident_role(turn->wf, role), user);
    incident_put_role(turn, role, user);
    incident_nag_restart_of(turn, role);
    (void)incident_log(turn, "event", "%s is now on %s", incident_person(turn->wf, user), role_name(role));
    acknowledge_if_both(turn);
    bring_in(turn, user);
    incident_answer(turn, "Thank you, <@%s>: you are on %s now.||||%s", user, role_name(role), homework(role));
    incident_card(turn, "takeover",
                  json_pack("{ss ss ss*}", "role", role, "user", user, "runbook", runbook(turn, role)));
    return sw_ok();
}

struct sw_status incident_assign(struct incident_turn *turn)
{
    const char *user;
    SW_TRY(named_person(turn, true, &user));
    tell_former(turn, "assigned", incident_role(turn->wf, "assigned"), user);
    incident_put_role(turn, "assigned", user);
    (void)incident_log(turn, "event", "The review is assigned to %s", incident_person(turn->wf, user));
    bring_in(turn, user);
    incident_answer(turn, "The review is <@%s>'s.||||`.next` leads through it.", user);
    return sw_ok();
}

struct sw_status incident_unset_role(struct incident_turn *turn)
{
    const char *role = find_role(turn->said);
    if (!role)
        return incident_refuse(turn, "E-ROLE",
                               "Which role?||There are point, comms, triage, eng and assigned.||Such as "
                               "`.unset point`.");
    const char *user = incident_role(turn->wf, role);
    if (!*user)
        return incident_refuse(turn, "E-ROLE", "Nobody is on %s.||||Nothing was changed.", role_name(role));
    (void)incident_log(turn, "event", "%s is no longer on %s", incident_person(turn->wf, user), role_name(role));
    incident_answer(turn, "<@%s> is no longer on %s; nobody is.", user, role_name(role));
    tell_former(turn, role, user, "");
    incident_put_role(turn, role, "");
    incident_nag_restart_of(turn, role);
    return sw_ok();
}

/* ---- others ---- */

static void hand_over(struct incident_turn *turn, const char *role, const char *user)
{
    const char *from = incident_role(turn->wf, role);
    (void)incident_log(turn, "event", "%s: handed over to %s%s%s", role_name(role), incident_person(turn->wf, user),
                       *from ? " by " : "", *from ? incident_person(turn->wf, from) : "");
    tell_former(turn, role, from, user);
    incident_put_role(turn, role, user);
}

/* The role that is named, whoever has it; or those of the speaker. */
struct sw_status incident_handover(struct incident_turn *turn)
{
    const char *user, *from = incident_speaker(turn), *named = *turn->said ? find_role(turn->said) : NULL;
    size_t count = 0;
    SW_TRY(handed_to(turn, &user));
    for (size_t i = 0; i < SW_COUNT(ROLES); i++) {
        bool holds = named ? sw_equal(ROLES[i].role, named) : sw_equal(incident_role(turn->wf, ROLES[i].role), from);
        if (!holds)
            continue;
        hand_over(turn, ROLES[i].role, user);
        count++;
    }
    if (count == 0)
        return incident_refuse(turn, "E-ROLE",
                               "You have no part in it to hand over.||||`.point @somebody` gives the lead "
                               "to somebody.");
    acknowledge_if_both(turn);
    incident_nag_restart(turn);
    bring_in(turn, user);
    incident_answer(turn, "%zu role%s handed over to <@%s>.", count, count == 1 ? " is" : "s are", user);
    return sw_ok();
}

struct sw_status incident_invite(struct incident_turn *turn)
{
    const char *user;
    SW_TRY(named_person(turn, false, &user));
    if (!*incident_channel(turn->wf))
        return incident_refuse(turn, "E-NO-CHANNEL",
                               "Its channel is not there yet.||||`.status` shows whether making it "
                               "has failed.");
    incident_order_invite(turn, json_pack("[s]", user));
    incident_answer(turn, "<@%s> is invited.", user);
    return sw_ok();
}
