/* SPDX-License-Identifier: Apache-2.0
 * Times that people give: read in their zone, kept in order, answered with what was understood. */
#include "orchestrator/core/incident_times.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_verbs.h"
#include "orchestrator/core/when.h"

#include <stdio.h>
#include <string.h>

enum { SECOND_MS = 1000 };

const struct sw_zone *incident_zone(const struct incident_turn *turn)
{
    const char *name = turn->command ? turn->command->actor.zone : "";
    const struct sw_zone *zone = *name ? turn->reads->zone(turn->reads->self, name) : NULL;
    return zone ? zone : sw_zone_utc();
}

void incident_when_words(int64_t at_ms, const struct sw_zone *zone, char ret_text[INCIDENT_WHEN_SIZE])
{
    char utc[SW_RFC3339_SIZE], local[SW_RFC3339_SIZE];
    sw_rfc3339(at_ms, utc);
    sw_rfc3339(sw_zone_local_ms(zone, at_ms), local);
    if (strncmp(utc, local, 16) == 0)
        (void)snprintf(ret_text, INCIDENT_WHEN_SIZE, "%.10s %.8s UTC", utc, utc + 11);
    else
        (void)snprintf(ret_text, INCIDENT_WHEN_SIZE, "%.10s %.8s UTC (%.5s%s%.10s in %.60s)", utc, utc + 11, local + 11,
                       strncmp(utc, local, 10) ? " on " : "", strncmp(utc, local, 10) ? local : "", sw_zone_name(zone));
}

/* ---- reading ---- */

/* Refused as a whole, with what was typed, why, and what would be understood. The text is when.h's: "cannot read "x" as
 * a time: why HINT: type ...". */
static struct sw_status not_read(struct incident_turn *turn, const char *text)
{
    static const char AS[] = " as a time: ", HINT[] = " HINT: type ";
    const char *why = strstr(text, AS), *hint = strstr(text, HINT);
    const char *examples = hint ? hint + strlen(HINT) : "15 minutes ago, 14:05 or yesterday 4pm";
    why = why && hint > why ? why + strlen(AS) : text;
    SW_AUTO_FREE char *because = strndup(why, hint ? (size_t)(hint - why) : strlen(why));
    const char *zone = sw_zone_name(incident_zone(turn));
    struct sw_status refused =
        incident_refuse(turn, "E-TIME", "I can't read `%.60s` as a time: %s.||I read times as %s.||Type %s.",
                        turn->said, because ? because : "", zone, examples);
    incident_card(
        turn, "time_error",
        json_pack("{ss ss ss ss}", "input", turn->said, "why", because ? because : "", "zone", zone, "hint", examples));
    return refused;
}

static struct sw_status read_time(struct incident_turn *turn, int64_t *ret_at_ms)
{
    struct when when;
    struct sw_status status = when_parse(turn->said, turn->now_ms, incident_zone(turn), &when);
    if (sw_failed(status))
        return not_read(turn, status.text);
    *ret_at_ms = when.at_ms;
    return sw_ok();
}

struct sw_status incident_said_time(struct incident_turn *turn, int64_t *ret_at_ms)
{
    char words[INCIDENT_WHEN_SIZE];
    int64_t at_ms = turn->now_ms;
    if (*turn->said)
        SW_TRY(read_time(turn, &at_ms));
    incident_when_words(at_ms, incident_zone(turn), words);
    if (at_ms > turn->now_ms)
        return incident_refuse(turn, "E-TIME-FUTURE",
                               "That has not happened yet.||I read it as %s.||Say a time that "
                               "has passed; nothing was changed.",
                               words);
    *ret_at_ms = at_ms;
    return sw_ok();
}

/* ---- order ---- */

/* The first of each pair is not after the second. */
static const struct {
    const char *first, *second;
} ORDER[] = {
    { "genesis", "detected" },      { "genesis", "created" },       { "detected", "created" },
    { "genesis", "mitigated" },     { "detected", "acknowledged" }, { "genesis", "resolved" },
    { "acknowledged", "resolved" }, { "mitigated", "resolved" },
};

struct time_words {
    const char *name, *past, *perfect; /* "it began"; it cannot "have begun" */
};

static const struct time_words *words_of(const char *name)
{
    static const struct time_words WORDS[] = {
        { "genesis", "it began", "have begun" },
        { "detected", "it was detected", "have been detected" },
        { "created", "it was declared", "have been declared" },
        { "acknowledged", "it was acknowledged", "have been acknowledged" },
        { "mitigated", "it was mitigated", "have been mitigated" },
        { "resolved", "it was resolved", "have been resolved" },
    };
    for (size_t i = 0; i + 1 < SW_COUNT(WORDS); i++)
        if (sw_equal(WORDS[i].name, name))
            return &WORDS[i];
    return &WORDS[SW_COUNT(WORDS) - 1];
}

static struct sw_status refuse_order(struct incident_turn *turn, const char *name, const char *other, bool after)
{
    char words[INCIDENT_WHEN_SIZE];
    incident_when_words(incident_time(turn->wf, other), incident_zone(turn), words);
    return incident_refuse(turn, "E-TIME-ORDER",
                           "It cannot %s %s %s.||As far as is known, %s at %s.||Say another time, or correct that one "
                           "first; nothing was changed.",
                           words_of(name)->perfect, after ? "after" : "before", words_of(other)->past,
                           words_of(other)->past, words);
}

struct sw_status incident_set_time(struct incident_turn *turn, const char *name, int64_t at_ms)
{
    for (size_t i = 0; i < SW_COUNT(ORDER); i++) {
        bool first = sw_equal(ORDER[i].first, name);
        if (!first && !sw_equal(ORDER[i].second, name))
            continue;
        const char *other = first ? ORDER[i].second : ORDER[i].first;
        int64_t other_ms = incident_time(turn->wf, other);
        int64_t early = first ? at_ms : other_ms, late = first ? other_ms : at_ms;
        if (other_ms && early / SECOND_MS > late / SECOND_MS)
            return refuse_order(turn, name, other, first);
    }
    incident_put_time(turn, name, at_ms);
    return sw_ok();
}

/* ---- answers ---- */

static const char *zone_note(const struct incident_turn *turn)
{
    const char *name = turn->command->actor.zone;
    if (!*turn->said || (*name && turn->reads->zone(turn->reads->self, name)))
        return "";
    return " I don't know your time zone, so I read it as UTC.";
}

void incident_answer_time(struct incident_turn *turn, const char *card, const char *what, int64_t at_ms)
{
    char words[INCIDENT_WHEN_SIZE];
    incident_when_words(at_ms, incident_zone(turn), words);
    incident_answer(turn, "%s: %s.%s", what, words, zone_note(turn));
    incident_card(turn, card,
                  json_pack("{ss sI ss ss*}", "what", what, "at", (json_int_t)at_ms, "who", incident_speaker(turn),
                            "zone",
                            *turn->said ? sw_zone_name(incident_zone(turn)) : NULL)); /* a zone in which it was read */
}

struct sw_status incident_ack(struct incident_turn *turn)
{
    int64_t at_ms;
    SW_TRY(incident_said_time(turn, &at_ms));
    SW_TRY(incident_set_time(turn, "acknowledged", at_ms));
    (void)incident_log(turn, "event", "Acknowledged by %s", turn->spoken); /* a full log keeps nobody from acting */
    incident_answer_time(turn, "time_set", "Acknowledged", at_ms);
    return sw_ok();
}

static struct sw_status set_early(struct incident_turn *turn, const char *name, const char *what)
{
    char words[INCIDENT_WHEN_SIZE];
    int64_t at_ms;
    if (!*turn->said)
        return incident_refuse(turn, "E-TIME-MISSING", "When?||||Such as `.%s 15 minutes ago` or `.%s 14:05`.", name,
                               name);
    SW_TRY(incident_said_time(turn, &at_ms));
    SW_TRY(incident_set_time(turn, name, at_ms));
    incident_when_words(at_ms, sw_zone_utc(), words);
    (void)incident_log(turn, "event", "%s: %s", what, words);
    incident_answer_time(turn, "time_set", what, at_ms);
    return sw_ok();
}

struct sw_status incident_genesis(struct incident_turn *turn) { return set_early(turn, "genesis", "It began"); }

struct sw_status incident_detected(struct incident_turn *turn)
{
    return set_early(turn, "detected", "It was detected");
}

/* ack, mitigate, resolve with a time, when that has happened already (or, blocked, is learnt later). */
struct sw_status incident_correct(struct incident_turn *turn)
{
    static const char *const NAMES[][3] = { { "ack", "acknowledged", "Acknowledged" },
                                            { "mitigate", "mitigated", "Mitigated" },
                                            { "resolve", "resolved", "Resolved" } };
    char words[INCIDENT_WHEN_SIZE];
    int64_t at_ms;
    SW_TRY(incident_said_time(turn, &at_ms));
    for (size_t i = 0; i < SW_COUNT(NAMES); i++) {
        if (!sw_equal(NAMES[i][0], turn->verb->name))
            continue;
        SW_TRY(incident_set_time(turn, NAMES[i][1], at_ms));
        if (!incident_time(turn->wf, "acknowledged"))
            SW_TRY(incident_set_time(turn, "acknowledged", at_ms));
        incident_when_words(at_ms, sw_zone_utc(), words);
        (void)incident_log(turn, "event", "%s: set to %s", NAMES[i][2], words);
        incident_answer_time(turn, sw_equal(NAMES[i][1], "mitigated") ? "mitigated" : "time_set", NAMES[i][2], at_ms);
    }
    return sw_ok();
}
