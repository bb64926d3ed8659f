/* SPDX-License-Identifier: Apache-2.0
 * Whom it waits for. */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_text.h"

#include <string.h>

enum { MAX_BLOCKERS = 200, MAX_WHO = 255 };

/* Whoever is waited for and was mentioned is brought in first, and reads it then; the speaker knows. */
static void tell_people(struct incident_turn *turn, const char *who, const char *why, size_t id)
{
    JX_AUTO json_t *mentioned = incident_text_people(who);
    json_t *people = json_array();
    for (size_t i = 0; i < json_array_size(mentioned); i++)
        if (!sw_equal(json_string_value(json_array_get(mentioned, i)), incident_speaker(turn)))
            turn->broken = json_array_append(people, json_array_get(mentioned, i)) != 0 || turn->broken;
    turn->broken = turn->broken || !mentioned || !people;
    if (json_array_size(people) == 0) {
        json_decref(people);
        return;
    }
    incident_order_invite(turn, json_incref(people));
    incident_post(turn, "waits_for_you", json_pack("{so ss* sI}", "people", people, "why", why, "id", (json_int_t)id),
                  "%s: this incident waits for you%s%s. `.unblock %zu` when you have acted.", who, why ? ": " : "",
                  why ? why : "", id);
}

static struct sw_status add_blocker(struct incident_turn *turn, const char *who, const char *why)
{
    json_t *list = incident_list_of(turn, "blockers");
    size_t id = json_array_size(list) + 1;
    if (!*who || strlen(who) > MAX_WHO)
        return incident_refuse(turn, "E-BLOCKER",
                               "Who has to act first?||||Such as `.blocked the network team => a router "
                               "is down`.");
    if (id > MAX_BLOCKERS)
        return incident_refuse(turn, "E-TOO-MANY", "There have been %d blockers.||||Write this one down with `.note`.",
                               MAX_BLOCKERS);
    json_t *blocker = json_pack("{sI ss ss* ss sI sI}", "id", (json_int_t)id, "who", who, "why", why, "by",
                                incident_speaker(turn), "at", (json_int_t)turn->now_ms, "until", (json_int_t)0);
    if (!blocker || json_array_append_new(list, blocker) != 0)
        turn->broken = true;
    (void)incident_log(turn, "blocker", "%s%s%s", who, why ? " => " : "", why ? why : "");
    incident_answer(turn, "It waits for %s now%s%s.||||`.unblock %zu` when they have acted.", who, why ? ": " : "",
                    why ? why : "", id);
    incident_card(turn, "blocker",
                  json_pack("{sI ss ss* sI}", "id", (json_int_t)id, "who", who, "why", why, "count",
                            (json_int_t)incident_open_blockers(turn->wf)));
    tell_people(turn, who, why, id);
    return sw_ok();
}

struct sw_status incident_block(struct incident_turn *turn)
{
    SW_AUTO_FREE char *who = NULL, *why = NULL;
    if (!incident_text_halves(turn->said, &who, &why)) {
        turn->broken = true;
        return sw_ok();
    }
    return add_blocker(turn, who, why);
}

struct sw_status incident_show_blockers(struct incident_turn *turn)
{
    const json_t *list = incident_list(turn->wf, "blockers");
    SW_AUTO_BUF struct sw_buf text = { 0 };
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *blocker = json_array_get(list, i);
        if (jx_i64_or(blocker, "until", 0))
            continue;
        const char *why = jx_string_or(blocker, "why", "");
        sw_buf_printf(&text, "\n%zu. %s%s%s", i + 1, jx_string_or(blocker, "who", ""), *why ? ": " : "", why);
        json_t *words = json_sprintf("%s%s%s", jx_string_or(blocker, "who", ""), *why ? ": " : "", why);
        if (json_array_append_new(items, json_pack("{sI so}", "id", (json_int_t)(i + 1), "text", words)) != 0)
            turn->broken = true;
    }
    if (text.length)
        incident_answer(turn, "It waits for:%s", sw_buf_string(&text));
    else
        incident_answer(turn, "Nothing blocks it.");
    incident_hint(turn, "`.blocked WHO => WHY` adds one; `.unblock NUMBER` when they have acted.");
    incident_card(turn, "list",
                  json_pack("{ss so ss}", "title", "Blockers", "items", items, "usage",
                            "`.blocked WHO => WHY`, `.unblock NUMBER`"));
    return sw_ok();
}

static bool end_blocker(struct incident_turn *turn, json_t *blocker)
{
    if (!blocker || jx_i64_or(blocker, "until", 0))
        return false;
    if (json_object_set_new(blocker, "until", json_integer(turn->now_ms)) != 0)
        turn->broken = true;
    (void)incident_log(turn, "unblock", "%s", jx_string_or(blocker, "who", ""));
    return true;
}

struct sw_status incident_unblock(struct incident_turn *turn)
{
    int64_t id;
    json_t *list = incident_list_of(turn, "blockers");
    const char *digits = turn->said + (*turn->said == '#');
    if (!sw_parse_i64(digits, 1, MAX_BLOCKERS, &id))
        return incident_refuse(turn, "E-BLOCKER",
                               "Which one?||||`.blockers` lists them by number; `.unblockall` ends all.");
    if (!end_blocker(turn, json_array_get(list, (size_t)id - 1)))
        return incident_refuse(turn, "E-BLOCKER",
                               "There is no blocker %lld that still waits.||||`.blockers` lists them.", (long long)id);
    size_t left = incident_open_blockers(turn->wf);
    if (left)
        incident_answer(turn, "%zu blocker%s left.", left, left == 1 ? " is" : "s are");
    else
        incident_answer(turn, "Nothing blocks it any more.");
    return sw_ok();
}

struct sw_status incident_unblock_all(struct incident_turn *turn)
{
    json_t *list = incident_list_of(turn, "blockers");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        count += end_blocker(turn, json_array_get(list, i));
    incident_answer(turn, "Nothing blocks it any more: %zu blocker%s ended.", count, incident_s(count));
    return sw_ok();
}
