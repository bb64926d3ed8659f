/* SPDX-License-Identifier: Apache-2.0
 * What people write into the timeline: updates, notes, action items, factors, changes that repair it. */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_orders.h"
#include "orchestrator/core/incident_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static struct sw_status refuse_full(struct incident_turn *turn)
{
    return incident_refuse(turn, "E-LOG-FULL",
                           "The timeline is full: it has %d entries.||||Complete this incident and go "
                           "on in another one.",
                           INCIDENT_MAX_LOG);
}

/* The entry's link is the URL, in place of the message's. */
static struct sw_status add_entry(struct incident_turn *turn, const char *type, const char *text, const char *url,
                                  int64_t *ret_id)
{
    json_t *entry = incident_log_text(turn, type, text);
    if (!entry && !turn->broken)
        return refuse_full(turn);
    if (entry && url && !jx_set_string(entry, "link", url))
        turn->broken = true;
    *ret_id = incident_last_entry(turn->wf);
    return sw_ok();
}

/* ---- lists ---- */

static json_t *items_of(struct incident_turn *turn, const char *type)
{
    const json_t *log = incident_list(turn->wf, "log");
    json_t *items = json_array();
    for (size_t i = 0; i < json_array_size(log); i++) {
        const json_t *entry = json_array_get(log, i), *task = json_object_get(entry, "task");
        if (!incident_entry_is(entry, type))
            continue;
        const char *url = jx_string(task, "url") ? jx_string(task, "url") : jx_string(entry, "link");
        json_t *item = json_pack("{sI ss ss* ss*}", "id", (json_int_t)jx_i64_or(entry, "id", 0), "text",
                                 jx_string_or(entry, "text", ""), "link", url, "key", jx_string(task, "key"));
        if (json_array_append_new(items, item) != 0)
            turn->broken = true;
    }
    return items;
}

/* many: in lower case; it heads the list as a sentence begins. */
static void show(struct incident_turn *turn, const char *type, const char *one, const char *many, const char *usage)
{
    char title[PROTO_NAME_SIZE];
    json_t *items = items_of(turn, type);
    size_t count = json_array_size(items);
    SW_AUTO_BUF struct sw_buf text = { .max_bytes = INCIDENT_MAX_TEXT };
    for (size_t i = 0; i < count; i++)
        sw_buf_printf(&text, "\n%lld. %s", (long long)jx_i64_or(json_array_get(items, i), "id", 0),
                      jx_string_or(json_array_get(items, i), "text", ""));
    if (count == 0)
        incident_answer(turn, "There is no %s so far.||||%s", one, usage);
    else
        incident_answer(turn, "There %s %zu %s:%s||||%s", count == 1 ? "is" : "are", count, count == 1 ? one : many,
                        sw_buf_string(&text), usage);
    (void)snprintf(title, sizeof title, "%c%s", toupper((unsigned char)*many), many + 1); /* ours, and short */
    incident_card(turn, "list", json_pack("{ss so ss}", "title", title, "items", items, "usage", usage));
}

/* ---- updates ---- */

struct sw_status incident_tell_update(struct incident_turn *turn)
{
    int64_t id;
    if (!*turn->said)
        return incident_refuse(turn, "E-TEXT",
                               "What shall people be told?||||Such as `.notify Logins work again, slowly.`");
    SW_TRY(add_entry(turn, "comm_update", turn->said, NULL, &id));
    json_t *data = json_pack("{ss ss}", "text", turn->said, "by", incident_speaker(turn));
    struct incident_level level;
    (void)incident_level(turn->config, incident_priority(turn->wf), &level);
    bool told = *incident_fact(turn->wf, "notify_channel")
                    ? incident_notify(turn, "comm_update", json_incref(data), "%s: %s",
                                      incident_fact(turn->wf, "title"), turn->said)
                    : level.high && !incident_private(turn->wf);
    if (told && !*incident_fact(turn->wf, "notify_channel"))
        incident_announce(turn, "comm_update", json_incref(data), "%s: %s", incident_fact(turn->wf, "title"),
                          turn->said);
    json_decref(data);
    incident_answer(turn, told ? "The update is out." : "The update is in the timeline.");
    return sw_ok();
}

/* ---- notes ---- */

struct sw_status incident_note(struct incident_turn *turn)
{
    int64_t id;
    if (!*turn->said) {
        show(turn, "note", "note", "notes", "`.note TEXT` adds one.");
        return sw_ok();
    }
    SW_TRY(add_entry(turn, "note", turn->said, NULL, &id));
    incident_answer(turn, "Noted as %lld. Thank you, %s.", (long long)id, turn->spoken);
    return sw_ok();
}

static void without_ticks(char *text)
{
    char *to = text;
    for (; *text; text++)
        if (*text != '`')
            *to++ = *text;
    *to = '\0';
}

struct sw_status incident_action_item(struct incident_turn *turn)
{
    int64_t id;
    if (!*turn->said) {
        show(turn, "action_item", "action item", "action items", "`.ai TITLE => MORE` adds one.");
        return sw_ok();
    }
    SW_AUTO_FREE char *first = NULL, *second = NULL;
    if (!incident_text_halves(turn->said, &first, &second)) {
        turn->broken = true;
        return sw_ok();
    }
    if (!*first)
        return incident_refuse(turn, "E-TEXT", "What is to be done?||||Such as `.ai Watch the disks => all of web`.");
    SW_TRY(add_entry(turn, "action_item", turn->said, NULL, &id));
    without_ticks(first);
    incident_answer(turn, "Action item %lld: %s", (long long)id, first);
    incident_card(turn, "action_item",
                  json_pack("{sI ss ss*}", "id", (json_int_t)id, "text", first, "details", second));
    return sw_ok();
}

struct sw_status incident_factor(struct incident_turn *turn)
{
    int64_t id;
    if (!*turn->said) {
        show(turn, "factor", "contributing factor", "contributing factors", "`.factor TEXT` adds one.");
        return sw_ok();
    }
    SW_AUTO_FREE char *url = strstr(turn->said, "://") ? incident_text_url_new(turn->said) : NULL;
    if (url && strpbrk(turn->said, " \t\n"))
        url[0] = '\0'; /* a sentence with a link in it is a sentence */
    SW_TRY(add_entry(turn, "factor", url && *url ? url : turn->said, url && *url ? url : NULL, &id));
    incident_answer(turn, "Contributing factor %lld: %s", (long long)id, url && *url ? url : turn->said);
    incident_card(turn, "factor", json_pack("{sI ss}", "id", (json_int_t)id, "text", url && *url ? url : turn->said));
    return sw_ok();
}

struct sw_status incident_pr(struct incident_turn *turn)
{
    int64_t id;
    if (!*turn->said) {
        show(turn, "pr", "change that repairs it", "changes that repair it", "`.pr URL` adds one.");
        return sw_ok();
    }
    SW_AUTO_FREE char *url = incident_text_url_new(turn->said);
    if (!url)
        return incident_refuse(turn, "E-URL",
                               "`%.100s` is no URL.||||Give the whole address, such as "
                               "`.pr https://git.example.com/site/pull/7`.",
                               turn->said);
    SW_TRY(add_entry(turn, "pr", url, url, &id));
    incident_answer(turn, "Change %lld: %s", (long long)id, url);
    incident_card(turn, "pr", json_pack("{sI ss}", "id", (json_int_t)id, "text", url));
    return sw_ok();
}
