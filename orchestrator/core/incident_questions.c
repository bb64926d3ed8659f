/* SPDX-License-Identifier: Apache-2.0
 * Questions with short answers. */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_joined.h"
#include "orchestrator/core/incident_kind.h"

#include <string.h>

static void put_role(struct sw_buf *text, const struct wf *wf, const char *role)
{
    const char *user = incident_role(wf, role);
    if (*user)
        sw_buf_printf(text, ", %s: %s", role, incident_person(wf, user));
}

struct sw_status incident_show_status(struct incident_turn *turn)
{
    const struct wf *wf = turn->wf;
    char words[PROTO_NAME_SIZE];
    struct incident_level level;
    SW_AUTO_BUF struct sw_buf roles = { 0 };
    (void)incident_level(turn->config, incident_priority(wf), &level);
    incident_state_words(wf, words, sizeof words);
    put_role(&roles, wf, "point");
    put_role(&roles, wf, "comms");
    incident_answer(turn, "#%lld %s %s: %s%s", (long long)jx_i64_or(wf->facts, "number", 0), level.name,
                    incident_fact(wf, "title"), words, sw_buf_string(&roles));
    incident_card(turn, "status", incident_detail_new(wf));
    return sw_ok();
}

struct sw_status incident_show_issue(struct incident_turn *turn)
{
    const json_t *tracker = incident_part(turn->wf, "tracker");
    const char *key = jx_string(tracker, "key"), *url = jx_string(tracker, "url");
    if (!key)
        return incident_refuse(turn, "E-NO-ISSUE", "This incident has no issue.||||%s",
                               incident_setting(turn->config, "", "tracker")
                                   ? "It is made as soon as the tracker answers."
                                   : "No tracker is set up in slipway.yaml.");
    incident_answer(turn, "%s%s%s", key, url ? ": " : "", url ? url : "");
    return sw_ok();
}

struct sw_status incident_show_main(struct incident_turn *turn)
{
    const char *room = turn->wf ? incident_fact(turn->wf, "room") : "";
    incident_answer(turn, "Incidents are declared in <#%s>.", incident_setting_text(turn->config, room, "main"));
    return sw_ok();
}

/* ---- figures ---- */

static bool is_month(const char *word)
{
    return strlen(word) == 7 && word[4] == '-' && strspn(word, "0123456789") == 4 &&
           strspn(word + 5, "0123456789") == 2 && strcmp(word + 5, "01") >= 0 && strcmp(word + 5, "12") <= 0;
}

/* "2026-13", "2026-11-03", "11": no service is called so. */
static bool is_dated(const char *word) { return *word && word[strspn(word, "0123456789-/.")] == '\0'; }

/* [service] [month], in any order. */
static struct sw_status read_figures(struct incident_turn *turn, char *words, const char **ret_service,
                                     const char **ret_month)
{
    for (char *word; (word = strsep(&words, " \t\n"));) {
        if (is_month(word))
            *ret_month = word;
        else if (is_dated(word))
            return incident_refuse(turn, "E-MONTH", "`%.40s` is no month.||||Such as `.report site 2026-11`.", word);
        else if (*word && *ret_service)
            return incident_refuse(turn, "E-SERVICE", "I don't know what `%.60s` means here.||||One service at a time.",
                                   word);
        else if (*word)
            *ret_service = word;
    }
    return sw_ok();
}

struct sw_status incident_show_figures(struct incident_turn *turn)
{
    SW_AUTO_FREE char *words = sw_strdup(turn->said);
    const char *service = NULL, *month = NULL;
    SW_TRY(read_figures(turn, words, &service, &month));
    json_t *rows = words ? turn->reads->figures(turn->reads->self, service, month) : NULL;
    if (!rows)
        return sw_fail(SW_CODE_NO_MEMORY, "figures could not be read");
    if (service && json_array_size(rows) == 0 && !config_service(turn->config, service)) {
        json_decref(rows);
        return incident_refuse_service(turn, service);
    }
    incident_answer(turn, "Deployments and incidents%s%s%s%s.", service ? " of " : "", service ? service : "",
                    month ? " in " : "", month ? month : "");
    incident_card(turn, "figures", json_pack("{so ss* ss*}", "rows", rows, "service", service, "month", month));
    return sw_ok();
}

/* ---- what was not understood ---- */

/* The gateway has looked among all the names that it knows; those of priorities are ours to know. */
struct sw_status incident_not_understood(struct incident_turn *turn)
{
    const json_t *args = turn->command->args;
    const char *spoken = jx_string_or(args, "spoken", ""), *near = jx_string_or(args, "near", "");
    int64_t n;
    if (*spoken && incident_priority_parse(turn->config, spoken, &n))
        return incident_refuse(turn, "E-VERB",
                               "`%.60s` is a priority.||||`.start P%lld TITLE` declares an incident of it; "
                               "`.priority %.60s` sets it.",
                               spoken, (long long)n, spoken);
    if (*near)
        return incident_refuse(turn, "E-VERB",
                               "I don't know `%.60s`.||||Did you mean `%.60s`? `.help` lists what there "
                               "is.",
                               spoken, near);
    return incident_refuse(turn, "E-VERB", "I don't know `%.60s`.||||`.help` lists what there is.", spoken);
}
