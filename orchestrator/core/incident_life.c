/* SPDX-License-Identifier: Apache-2.0
 * The large steps in an incident's life: mitigated, resolved, ready, completed; and the ways back. */
#include "orchestrator/core/incident_act.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_archive.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_joined.h"
#include "orchestrator/core/incident_nag.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_review.h"
#include "orchestrator/core/incident_times.h"

#include "common/base/timefmt.h"

#include <stdio.h>

struct sw_status incident_nothing(struct incident_turn *turn)
{
    (void)turn;
    return sw_ok();
}

/* ---- mitigated ---- */

static const char *who_tells(const struct incident_turn *turn, char ret_text[2 * PROTO_SLACK_ID_SIZE + 16])
{
    const char *comms = incident_role(turn->wf, "comms");
    if (*comms && !sw_equal(comms, incident_speaker(turn)))
        (void)snprintf(ret_text, 2 * PROTO_SLACK_ID_SIZE + 16, "<@%s> or %s", comms, turn->spoken);
    else
        (void)snprintf(ret_text, 2 * PROTO_SLACK_ID_SIZE + 16, "%s", turn->spoken);
    return ret_text;
}

/* Who is in its channel reads it there, also when somebody pressed a button or spoke elsewhere. */
static void tell_mitigated(struct incident_turn *turn, int64_t at_ms)
{
    const struct proto_command *command = turn->command;
    if (*command->said.ts && sw_equal(command->channel, incident_channel(turn->wf)))
        return;
    incident_post(turn, "mitigated", json_pack("{sI ss}", "at", (json_int_t)at_ms, "who", incident_speaker(turn)),
                  "%s says that this incident is mitigated. Tell people with `.notify`; `.restart` if it is not so.",
                  turn->spoken);
}

struct sw_status incident_mitigate(struct incident_turn *turn)
{
    char words[INCIDENT_WHEN_SIZE], who[2 * PROTO_SLACK_ID_SIZE + 16];
    int64_t at_ms;
    SW_TRY(incident_said_time(turn, &at_ms));
    SW_TRY(incident_set_time(turn, "mitigated", at_ms));
    if (!incident_time(turn->wf, "acknowledged"))
        SW_TRY(incident_set_time(turn, "acknowledged", at_ms));
    incident_when_words(at_ms, sw_zone_utc(), words);
    (void)incident_log(turn, "event", *turn->said ? "Mitigated at %s" : "Mitigated", words);
    incident_answer_time(turn, "mitigated", "Mitigated", at_ms);
    incident_hint(turn, "%s: tell people with `.notify`. `.mitigated WHEN` corrects the time.", who_tells(turn, who));
    tell_mitigated(turn, at_ms);
    return sw_ok();
}

/* ---- resolved ---- */

static void who_reviews(const struct wf *wf, char ret_text[2 * PROTO_SLACK_ID_SIZE + 24])
{
    const char *point = incident_role(wf, "point"), *comms = incident_role(wf, "comms");
    const size_t size = 2 * PROTO_SLACK_ID_SIZE + 24;
    if (*point && *comms && !sw_equal(point, comms))
        (void)snprintf(ret_text, size, "<@%s> or <@%s>", point, comms);
    else if (*point || *comms)
        (void)snprintf(ret_text, size, "<@%s>", *point ? point : comms);
    else
        (void)snprintf(ret_text, size, "Somebody");
}

/* "42 min from its beginning" */
static void lasted_words(const struct wf *wf, int64_t at_ms, char *ret_text, size_t size)
{
    char lasted[SW_DURATION_SIZE];
    int64_t begun_ms = incident_begun(wf);
    sw_duration(at_ms > begun_ms ? at_ms - begun_ms : 0, lasted);
    (void)snprintf(ret_text, size, "%s from %s", lasted, incident_begun_words(wf)); /* fits */
}

static void post_resolved(struct incident_turn *turn, const char *lasted)
{
    const struct wf *wf = turn->wf;
    char who[2 * PROTO_SLACK_ID_SIZE + 24];
    struct incident_level level;
    size_t actions = incident_count_entries(wf, "action_item"), prs = incident_count_entries(wf, "pr"),
           factors = incident_count_entries(wf, "factor");
    (void)incident_level(turn->config, incident_priority(wf), &level);
    who_reviews(wf, who);
    json_t *data = json_pack("{sI sI sI ss}", "actions", (json_int_t)actions, "prs", (json_int_t)prs, "factors",
                             (json_int_t)factors, "next", level.review ? "review" : "complete");
    incident_post(turn, "resolved", data,
                  level.review
                      ? "All clear: %s. It lasted %s. %s: `.assign` who writes the review, within one working day; "
                        "`.next` leads through it."
                      : "All clear: %s. It lasted %s. %s: check the priority, then `.complete`.",
                  incident_fact(wf, "title"), lasted, who);
}

struct sw_status incident_resolve(struct incident_turn *turn)
{
    char words[INCIDENT_WHEN_SIZE], lasted[SW_DURATION_SIZE + 32];
    static const char *const EARLIER[] = { "mitigated", "acknowledged" };
    int64_t at_ms;
    SW_TRY(incident_said_time(turn, &at_ms));
    SW_TRY(incident_set_time(turn, "resolved", at_ms));
    for (size_t i = 0; i < SW_COUNT(EARLIER); i++)
        if (!incident_time(turn->wf, EARLIER[i]))
            incident_put_time(turn, EARLIER[i], at_ms);
    incident_when_words(at_ms, sw_zone_utc(), words);
    lasted_words(turn->wf, at_ms, lasted, sizeof lasted);
    (void)incident_log(turn, "event", *turn->said ? "Resolved at %s" : "Resolved", words);
    incident_answer_time(turn, "time_set", "Resolved", at_ms);
    post_resolved(turn, lasted);
    incident_announce(turn, "announce_resolved", NULL, "Resolved: %s (%s). It lasted %s.",
                      incident_fact(turn->wf, "title"), turn->wf->id, lasted);
    incident_offer_release(turn);
    return sw_ok();
}

struct sw_status incident_unresolve(struct incident_turn *turn)
{
    incident_put_time(turn, "resolved", 0);
    incident_drop(turn, "wizard");
    (void)incident_log(turn, "event", "Not resolved after all");
    incident_answer(turn, "It is open again, as mitigated.");
    incident_post(turn, "unresolved", NULL, "Not resolved after all: %s", incident_fact(turn->wf, "title"));
    incident_announce(turn, "unresolved", NULL, "Not resolved after all: %s", incident_fact(turn->wf, "title"));
    incident_hold_once_more(turn, false);
    return sw_ok();
}

struct sw_status incident_restart(struct incident_turn *turn)
{
    incident_put_time(turn, "mitigated", 0);
    incident_put_time(turn, "resolved", 0);
    incident_drop(turn, "wizard");
    incident_nag_restart(turn);
    (void)incident_log(turn, "event", "It hurts again");
    incident_answer(turn, "It is open again, and not mitigated.");
    incident_post(turn, "restarted", NULL, "This incident is open again: %s", incident_fact(turn->wf, "title"));
    incident_announce(turn, "announce_restarted", NULL, "Open again: %s", incident_fact(turn->wf, "title"));
    incident_hold_once_more(turn, false);
    return sw_ok();
}

/* ---- cancelled ---- */

struct sw_status incident_cancel(struct incident_turn *turn)
{
    incident_put_time(turn, "cancelled", turn->now_ms);
    incident_drop(turn, "wizard");
    const char *why = turn->said, *colon = *why ? ": " : "";
    (void)incident_log(turn, "event", "Cancelled%s%s", colon, why);
    incident_release_all(turn);
    int64_t archive_at_ms = incident_archive_later(turn);
    json_t *data = json_pack("{sI ss}", "archive_at", (json_int_t)archive_at_ms, "why", why);
    incident_answer(turn, "It is cancelled.||||`.uncancel` takes that back until its channel is archived.");
    incident_post(turn, "cancelled", json_incref(data),
                  "This incident is cancelled: it was none%s%s. `.uncancel` takes that back.", *why ? ", " : "", why);
    incident_announce(turn, "announce_cancelled", data, "Cancelled: %s%s%s", incident_fact(turn->wf, "title"), colon,
                      why);
    return sw_ok();
}

struct sw_status incident_uncancel(struct incident_turn *turn)
{
    incident_put_time(turn, "cancelled", 0);
    incident_timer(turn, INCIDENT_ARCHIVE_TIMER, 0);
    (void)incident_log(turn, "event", "Not cancelled after all");
    incident_answer(turn, "It goes on.");
    incident_post(turn, "uncancelled", NULL, "This incident goes on: %s", incident_fact(turn->wf, "title"));
    incident_announce(turn, "uncancelled", NULL, "Not cancelled after all: %s", incident_fact(turn->wf, "title"));
    if (!incident_time(turn->wf, "resolved"))
        incident_hold_once_more(turn, false);
    return sw_ok();
}

/* ---- reviewed ---- */

struct sw_status incident_ready(struct incident_turn *turn)
{
    incident_put_time(turn, "ready", turn->now_ms);
    incident_drop(turn, "wizard");
    (void)incident_log(turn, "event", "Ready for review");
    incident_answer(turn, "It is ready for review.");
    incident_post_review(turn);
    return sw_ok();
}

struct sw_status incident_complete(struct incident_turn *turn)
{
    incident_put_time(turn, "completed", turn->now_ms);
    incident_drop(turn, "wizard");
    (void)incident_log(turn, "event", "Completed");
    incident_release_all(turn);
    int64_t archive_at_ms = incident_archive_later(turn);
    json_t *data = json_pack("{sI}", "archive_at", (json_int_t)archive_at_ms);
    incident_answer(turn, "It is completed.");
    incident_post(turn, "completed", data,
                  archive_at_ms ? "This incident is completed. Its channel will be archived; `.keep` keeps it."
                                : "This incident is completed.");
    return sw_ok();
}
