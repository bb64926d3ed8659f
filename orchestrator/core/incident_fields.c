/* SPDX-License-Identifier: Apache-2.0
 * Title, summary, priority. */
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_joined.h"
#include "orchestrator/core/incident_nag.h"
#include "orchestrator/core/incident_orders.h"

#include <string.h>

struct sw_status incident_title(struct incident_turn *turn)
{
    if (!*turn->said)
        return incident_refuse(turn, "E-TITLE", "What shall it be called?||||Such as `.title Checkout is slow`.");
    if (strchr(turn->said, '\n') || sw_utf8_characters(turn->said) > INCIDENT_MAX_TITLE)
        return incident_refuse(turn, "E-TITLE",
                               "A title is one line of at most %d characters.||||The details belong into "
                               "`.summary`.",
                               INCIDENT_MAX_TITLE);
    if (sw_equal(turn->said, incident_fact(turn->wf, "title"))) {
        incident_answer(turn, "That is its title already.");
        return sw_ok();
    }
    (void)incident_log(turn, "event", "Title: %s\n(before: %s)", turn->said, incident_fact(turn->wf, "title"));
    incident_put_text(turn, "title", turn->said);
    incident_answer(turn, "It is called \"%s\" now.", turn->said);
    return sw_ok();
}

static void show_summary(struct incident_turn *turn)
{
    const char *summary = incident_fact(turn->wf, "summary");
    if (*summary)
        incident_answer(turn, "%s", summary);
    else
        incident_answer(turn, "There is no summary so far.||||`.summary TEXT` writes one.");
    incident_card(turn, "summary", json_pack("{ss}", "text", summary));
}

/* Alone it is a question. */
struct sw_status incident_summary(struct incident_turn *turn)
{
    const char *text = *turn->said ? turn->said : jx_string_or(turn->values, "summary", "");
    if (!*text) {
        show_summary(turn);
        return sw_ok();
    }
    if (!incident_log_text(turn, "summary", text) && !turn->broken)
        return incident_refuse(turn, "E-LOG-FULL",
                               "The timeline is full: it has %d entries.||||Complete this incident and "
                               "go on in another one.",
                               INCIDENT_MAX_LOG);
    incident_put_text(turn, "summary", text);
    incident_answer(turn, "Thank you, %s. The summary says now: %s", turn->spoken, text);
    incident_card(turn, "summary", json_pack("{ss}", "text", text));
    return sw_ok();
}

/* ---- priority ---- */

static json_t *level_json(const struct config *config, int64_t n)
{
    struct incident_level level;
    if (!incident_level(config, n, &level))
        return NULL;
    return json_pack("{sI ss ss ss ss* sb sb sb}", "n", (json_int_t)n, "name", level.name, "emoji", level.emoji,
                     "description", level.description, "url", level.url, "high", level.high, "review", level.review,
                     "default", n == incident_default_priority(config));
}

static json_t *incident_levels_new(const struct config *config)
{
    json_t *levels = json_array();
    for (int64_t n = 0; n <= INCIDENT_MAX_LEVELS; n++) {
        json_t *level = level_json(config, n);
        if (level && json_array_append_new(levels, level) != 0)
            break;
    }
    return levels;
}

struct sw_status incident_show_priorities(struct incident_turn *turn)
{
    json_t *levels = incident_levels_new(turn->config);
    SW_AUTO_BUF struct sw_buf text = { 0 };
    for (size_t i = 0; i < json_array_size(levels); i++) {
        const json_t *level = json_array_get(levels, i);
        sw_buf_printf(&text, "%s%s: %s", i ? "\n" : "", jx_string_or(level, "name", ""),
                      jx_string_or(level, "description", ""));
    }
    incident_answer(turn, "%s", sw_buf_string(&text));
    incident_card(turn, "priorities", json_pack("{so}", "levels", levels));
    return sw_ok();
}

static void raised(struct incident_turn *turn, const struct incident_level *level)
{
    incident_announce(turn, "announce_raised", NULL, "Raised to %s: %s", level->name, incident_fact(turn->wf, "title"));
}

/* The first word is the priority, the rest says why. */
static struct sw_status read_priority(struct incident_turn *turn, int64_t *ret_n, const char **ret_reason)
{
    char word[PROTO_NAME_SIZE];
    size_t length = strcspn(turn->said, " \t\n");
    if (length < sizeof word) {
        memcpy(word, turn->said, length);
        word[length] = '\0';
        if (incident_priority_parse(turn->config, word, ret_n)) {
            *ret_reason = turn->said + length + strspn(turn->said + length, " \t\n");
            return sw_ok();
        }
    }
    return incident_refuse(turn, "E-PRIORITY", "There is no priority `%.40s`.||||`.priorities` lists them.",
                           turn->said);
}

struct sw_status incident_set_priority(struct incident_turn *turn)
{
    int64_t before = incident_priority(turn->wf), n;
    const char *reason = "";
    struct incident_level old_level, level;
    SW_TRY(read_priority(turn, &n, &reason));
    (void)incident_level(turn->config, before, &old_level);
    (void)incident_level(turn->config, n, &level);
    if (n == before) {
        incident_answer(turn, "It is %s already.", level.name);
        return sw_ok();
    }
    incident_put(turn, "priority", json_integer(n));
    (void)incident_log(turn, "priority", "Priority: %s%s%s", level.name, *reason ? ": " : "", reason);
    incident_answer(turn, "It is %s now.", level.name);
    incident_card(turn, "priority_set", json_pack("{ss*}", "reason", *reason ? reason : NULL));
    if (level.high && !old_level.high)
        raised(turn, &level);
    if (incident_open(turn->wf))
        incident_hold_once_more(turn, !incident_level_holds(turn->config, before));
    return sw_ok();
}

struct sw_status incident_go_private(struct incident_turn *turn)
{
    if (incident_private(turn->wf))
        incident_answer(turn, "This incident is private: nothing of it is shown outside this channel.");
    else
        return incident_refuse(turn, "E-PRIVATE",
                               "An incident is private from its declaration, or not.||Its channel is "
                               "public, and apps cannot change that.||`/incident start` offers it.");
    return sw_ok();
}
