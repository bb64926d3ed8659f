/* SPDX-License-Identifier: Apache-2.0
 * Cards that want something from somebody, or say what does not work. */
#include "gateway/core/render_sheet.h"

#include "common/base/text.h"
#include "gateway/core/escape.h"
#include "gateway/core/render_glass.h"
#include "proto/workflow_id.h"

#include <stdio.h>

enum { WHY_UNITS = 900, GLASS_UNITS = 2500 };

/* ---- nags ---- */

static const struct nag {
    const char *what, *words, *verb, *label;
    bool form;
} NAGS[] = {
    { "point", "nobody is on point. Who leads? `.point`", "point", "Take point", false },
    { "comms", "nobody tells the others. Who does? `.comms`", "comms", "Take comms", false },
    { "initial", "nobody has told the others anything yet. A first word, please: `.summary &lt;what is known&gt;`",
      "summary", "Write it…", true },
    { "update", "it is time for news. What has changed? `.notify &lt;news&gt;`", "notify", "Tell them…", true },
    { "overdue", "news is overdue. Even \"nothing new\" helps those who wait: `.notify &lt;news&gt;`", "notify",
      "Tell them…", true },
};

static const struct nag *find_nag(const char *what)
{
    static const struct nag OTHER = { "", "somebody is waited for: `.status` tells for what", NULL, NULL, false };
    for (size_t i = 0; i < SW_COUNT(NAGS); i++)
        if (sw_equal(NAGS[i].what, what))
            return &NAGS[i];
    return &OTHER;
}

static void put_whom(struct sheet *sheet)
{
    const json_t *who = json_object_get(sheet->data, "who");
    if (json_is_array(who) && json_array_size(who) > 0) {
        sheet_users(sheet, who, " ");
        sheet_say(sheet, ": ");
    } else if (!sw_blank(json_string_value(who))) {
        sheet_user(sheet, json_string_value(who));
        sheet_say(sheet, ": ");
    } else if (jx_bool_or(sheet->data, "here", false))
        sheet_say(sheet, "<!here> ");
}

static void put_nag(struct sheet *sheet)
{
    const struct nag *nag = find_nag(sheet_str(sheet, "what", ""));
    const json_t *escalate = json_object_get(sheet->data, "escalate");
    const long long missed = (long long)jx_i64_or(sheet->data, "missed", 0);
    struct sheet_button buttons[3];
    size_t count = 0;
    sheet_say(sheet, ":mega: ");
    put_whom(sheet);
    sheet_number(sheet);
    sheet_say(sheet, " (");
    sheet_put(sheet, jx_string_or(sheet_get(sheet, "priority"), "name", "?"), 20);
    sheet_say(sheet, "): %s", nag->words);
    sheet_end(sheet);
    if (jx_bool_or(sheet->data, "main", false)) {
        sheet_title(sheet);
        sheet_say(sheet, " · ");
        escape_put_channel(&sheet->line, jx_string_or(sheet_get(sheet, "channel"), "id", ""));
        sheet_end(sheet);
    }
    if (json_array_size(escalate) > 0) {
        sheet_say(sheet, ":arrow_double_up: Nobody has answered, so this goes to ");
        sheet_users(sheet, escalate, ", ");
        sheet_end(sheet);
    }
    if (missed > 0)
        sheet_hint(sheet, "%lld earlier reminder%s fell into a time when Slipway was down.", missed,
                   missed == 1 ? "" : "s");
    if (nag->verb)
        buttons[count++] =
            (struct sheet_button){ .verb = nag->verb, .label = nag->label, .style = "primary", .form = nag->form };
    buttons[count++] = (struct sheet_button){ .verb = "snooze", .label = "Snooze 15 m", .text = "15m" };
    sheet_buttons(sheet, "nag", buttons, count);
}

/* ---- holds ---- */

static void put_hold_words(struct sheet *sheet, const json_t *hold)
{
    sheet_say(sheet, ":ice_cube: Deployments wait: ");
    sheet_bold(sheet, jx_string_or(hold, "what", "all of them"), SHEET_NAME_UNITS);
    if (sheet_ms(hold, "until")) {
        sheet_say(sheet, " until ");
        sheet_time(sheet, sheet_ms(hold, "until"));
    }
    if (!sw_blank(jx_string(hold, "why")))
        sheet_say(sheet, " · ");
    sheet_put(sheet, jx_string(hold, "why"), SHEET_TITLE_UNITS);
}

static void put_hold(struct sheet *sheet)
{
    const json_t *holds = sheet_get(sheet, "holds");
    if (json_object_get(sheet->data, "what"))
        put_hold_words(sheet, sheet->data);
    else if (json_array_size(holds) > 0)
        sheet_items(sheet, holds, put_hold_words, "`.status` shows them all");
    else
        sheet_say(sheet, ":ice_cube: No deployment waits for this incident.");
    sheet_end(sheet);
    sheet_hint(sheet, "What waits keeps its place. `.release` lets it start, `.hold &lt;service&gt;` holds another.");
}

static void put_release_offer(struct sheet *sheet)
{
    const struct sheet_button buttons[] = { { .verb = "release",
                                              .label = "Let them start…",
                                              .style = "primary",
                                              .ask = "What waited for this incident starts, one after the other.",
                                              .yes = "Start them" } };
    sheet_say(sheet, ":ice_cube: Deployments still wait for this incident. Shall they start?");
    sheet_end(sheet);
    sheet_items(sheet, sheet_get(sheet, "holds"), put_hold_words, "`.status` shows them all");
    sheet_buttons(sheet, "release", buttons, SW_COUNT(buttons));
}

/* ---- alerts ---- */

static void put_alert(struct sheet *sheet, const char *sign, const char *words)
{
    sheet_say(sheet, ":%s: %s *", sign, words);
    if (escape_is_url(sheet_str(sheet, "url", "")))
        sheet_link(sheet, sheet_str(sheet, "url", ""), sheet_str(sheet, "title", "an alert"));
    else
        sheet_put(sheet, sheet_str(sheet, "title", "an alert"), SHEET_TITLE_UNITS);
    sheet_say(sheet, "*");
    sheet_end(sheet);
}

static void put_resolve_offer(struct sheet *sheet)
{
    const struct sheet_button buttons[] = { { .verb = "resolve",
                                              .label = "All clear…",
                                              .style = "primary",
                                              .ask = "The incident is over for everybody, not for monitoring alone.",
                                              .yes = "It is over" } };
    put_alert(sheet, "white_check_mark", "Monitoring sees no trouble any more. The last to end was");
    sheet_hint(sheet, "Is it over? `.resolve` says so; until then it stays open.");
    sheet_buttons(sheet, "resolve_offer", buttons, SW_COUNT(buttons));
}

static void put_alert_again(struct sheet *sheet)
{
    const struct sheet_button buttons[] = { { .verb = "restart", .label = "It hurts again", .style = "danger" },
                                            { .verb = "unresolve", .label = "Not over after all" } };
    put_alert(sheet, "rotating_light", "An alert fires again:");
    sheet_hint(sheet, "`.restart` begins the response anew, `.unresolve` goes back to mitigated.");
    sheet_buttons(sheet, "alert_again", buttons, SW_COUNT(buttons));
}

/* ---- breaking the glass ---- */

static void put_glass(struct sheet *sheet)
{
    const char *deployment = sheet_str(sheet, "deployment", "");
    struct blocks_button buttons[GLASS_BUTTONS];
    char value[GLASS_VALUE_BYTES], id[64];
    sheet_say(sheet, ":hammer: ");
    escape_put(&sheet->line, ESCAPE_SENTENCE, sheet->text ? sheet->text : "", GLASS_UNITS);
    sheet_end(sheet);
    if (!proto_workflow_id_valid(deployment) || !jx_bool_or(sheet->data, "open", false))
        return;
    const int64_t request = jx_i64_or(sheet->data, "request", 0);
    (void)snprintf(id, sizeof id, "glass:%.20s:%lld", deployment, (long long)request); /* fits */
    render_glass_answers(deployment, request, value, buttons);
    blocks_buttons(&sheet->blocks, id, buttons, GLASS_BUTTONS);
}

/* ---- what does not work ---- */

static void put_missing(struct sheet *sheet, const json_t *item)
{
    sheet_say(sheet, "• ");
    sheet_put(sheet, json_is_string(item) ? json_string_value(item) : jx_string(item, "text"), SHEET_TITLE_UNITS);
}

static void put_problem(struct sheet *sheet)
{
    sheet_say(sheet, ":warning: Did not work: ");
    sheet_bold(sheet, sheet_str(sheet, "what", "something"), SHEET_TITLE_UNITS);
    sheet_end(sheet);
    sheet_quote(sheet, sheet_str(sheet, "why", ""), WHY_UNITS);
    sheet_break(sheet);
    escape_put(&sheet->line, ESCAPE_SENTENCE, sheet_str(sheet, "hint", ""), WHY_UNITS);
    sheet_end(sheet);
    sheet_items(sheet, sheet_get(sheet, "items"), put_missing, "`.status` shows them all");
    escape_put_code(&sheet->line, sheet_str(sheet, "code", ""), SHEET_NAME_UNITS);
    sheet_small(sheet);
}

static void put_not_here(struct sheet *sheet)
{
    const char *main_channel = sheet_str(sheet, "main", "");
    sheet_say(sheet, ":point_right: No incident is at home in this channel.");
    if (*main_channel) {
        sheet_say(sheet, " They are declared in ");
        escape_put_channel(&sheet->line, main_channel);
        sheet_say(sheet, ": `.start &lt;title&gt;` there, or `/incident start &lt;title&gt;` anywhere.");
    }
    sheet_end(sheet);
    sheet_hint(sheet,
               "`/incident #7 note &lt;text&gt;` speaks about number 7 from anywhere; `/incident list` has them.");
}

const struct sheet_card SHEET_NOTICES[] = {
    { "nag", put_nag, "Somebody is waited for." },
    { "hold", put_hold, "Deployments wait for this incident." },
    { "resolve_offer", put_resolve_offer, "Monitoring sees no trouble any more." },
    { "alert_again", put_alert_again, "An alert fires again." },
    { "release_offer", put_release_offer, "Deployments still wait for this incident." },
    { "break_glass", put_glass, "Somebody breaks the glass of a held deployment." },
    { "problem", put_problem, "Something does not work." },
    { "not_here", put_not_here, "No incident is at home in this channel." },
};
const size_t SHEET_NOTICES_COUNT = SW_COUNT(SHEET_NOTICES);
