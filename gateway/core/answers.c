/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/answers.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <string.h>

static json_t *private_text(struct sw_buf *text)
{
    SW_AUTO_FREE char *string = sw_buf_take(text);
    json_t *json = json_object();
    if (string && jx_set_string(json, "response_type", "ephemeral") && jx_set_string(json, "text", string))
        return json;
    json_decref(json);
    return NULL;
}

/* &, < and > are Slack's control characters. */
static void put_escaped(struct sw_buf *buf, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            sw_buf_puts(buf, "&amp;");
        else if (*text == '<')
            sw_buf_puts(buf, "&lt;");
        else if (*text == '>')
            sw_buf_puts(buf, "&gt;");
        else
            sw_buf_append(buf, text, 1);
    }
}

/* "before*word*after", or nothing when there is no word. */
static void put_fact(struct sw_buf *buf, const char *before, const json_t *args, const char *key, char mark)
{
    const char *word = jx_string(args, key);
    if (!word)
        return;
    sw_buf_puts(buf, before);
    sw_buf_append(buf, &mark, 1);
    put_escaped(buf, word);
    sw_buf_append(buf, &mark, 1);
}

static void put_deployment(struct sw_buf *buf, const struct command_parsed *parsed,
                           const struct answer_subject *subject)
{
    sw_buf_printf(buf, "Got it: deployment `%s`", subject->workflow);
    put_fact(buf, " of ", parsed->args, "service", '*');
    put_fact(buf, " to ", parsed->args, "environment", '*');
    put_fact(buf, ", version ", parsed->args, "ref", '`');
    sw_buf_printf(buf, ". Its place in line follows here; `%s %s` tells its state at any time.", subject->status_by,
                  subject->workflow);
}

static void put_incident(struct sw_buf *buf, const struct command_parsed *parsed, const struct answer_subject *subject)
{
    sw_buf_printf(buf, "Got it: incident `%s`", subject->workflow);
    put_fact(buf, ", ", parsed->args, "title", '*');
    put_fact(buf, ", of ", parsed->args, "service", '*');
    if (jx_bool_or(parsed->args, "private", false))
        sw_buf_puts(buf, ", private");
    sw_buf_puts(buf, ". Its channel follows here.");
}

static void put_said(struct sw_buf *buf, const struct command_parsed *parsed)
{
    sw_buf_puts(buf, "Got it: `");
    put_escaped(buf, jx_string_or(parsed->args, "spoken", ""));
    sw_buf_puts(buf, "`. The answer follows here.");
}

static void put_question(struct sw_buf *buf, const struct command_parsed *parsed)
{
    const char *target = jx_string(parsed->args, "target");
    if (!target) {
        sw_buf_puts(buf, "Looking; the answer follows here.");
        return;
    }
    if (sw_equal(parsed->name, "check_status"))
        sw_buf_puts(buf, "Looking up `");
    else
        sw_buf_printf(buf, "Got it: %s of `", parsed->row && parsed->row->verb ? parsed->row->verb : parsed->name);
    put_escaped(buf, target);
    sw_buf_puts(buf, "`. The answer follows here.");
}

json_t *answer_taken(const struct command_parsed *parsed, const struct answer_subject *subject)
{
    struct sw_buf buf = { 0 };
    if (parsed->creates == 'd')
        put_deployment(&buf, parsed, subject);
    else if (parsed->creates == 'i')
        put_incident(&buf, parsed, subject);
    else if (sw_equal(parsed->name, "incident"))
        put_said(&buf, parsed);
    else
        put_question(&buf, parsed);
    return private_text(&buf);
}

json_t *answer_wrong(const struct command_error *error)
{
    struct sw_buf buf = { 0 };
    put_escaped(&buf, error->what);
    sw_buf_puts(&buf, "\n");
    put_escaped(&buf, error->why);
    sw_buf_puts(&buf, "\n");
    put_escaped(&buf, error->hint);
    sw_buf_printf(&buf, "\n%s", error->code);
    return private_text(&buf);
}

static void put_row(struct sw_buf *buf, const struct command_names *names, const struct command_row *row)
{
    sw_buf_printf(buf, "`%s%s%s%s", names->typed[row->family], row->verb ? " " : "", row->verb ? row->verb : "",
                  *row->usage ? " " : "");
    put_escaped(buf, row->usage);
    sw_buf_printf(buf, "` %s\n", row->help);
}

json_t *answer_help(const struct command_names *names, const struct command_row *topic)
{
    struct sw_buf buf = { 0 };
    for (size_t i = 0; !topic && i < COMMAND_TABLE_COUNT; i++)
        if (COMMAND_TABLE[i].grammar != GRAMMAR_ABSENT)
            put_row(&buf, names, &COMMAND_TABLE[i]);
    if (!topic)
        sw_buf_printf(&buf, "More about one word: `%s help cancel`.", names->typed[COMMAND_DEPLOY]);
    else {
        put_row(&buf, names, topic);
        if (topic->more)
            sw_buf_printf(&buf, "%s\n", topic->more);
        sw_buf_printf(&buf, "Who may: %s.", topic->permission ? topic->permission : "everybody of the workspace");
    }
    return private_text(&buf);
}

json_t *answer_nothing_started(const struct answer_subject *subject)
{
    struct sw_buf buf = { 0 };
    sw_buf_puts(&buf, ":warning: Could not queue `");
    put_escaped(&buf, subject->typed);
    sw_buf_printf(&buf,
                  "`: the command bus is unavailable. Nothing was started. Ref %s. Try again in a minute.\nE-BUS-DOWN",
                  subject->ref);
    return private_text(&buf);
}

static void put_subject(struct sw_buf *buf, const struct answer_subject *subject)
{
    sw_buf_puts(buf, "`");
    put_escaped(buf, *subject->workflow ? subject->workflow : subject->typed);
    sw_buf_puts(buf, "`");
}

static void put_check_first(struct sw_buf *buf, const struct answer_subject *subject)
{
    if (*subject->workflow)
        sw_buf_printf(buf, " Check with `%s %s` before you repeat it.", subject->status_by, subject->workflow);
    sw_buf_printf(buf, " Ref %s.", subject->ref);
}

json_t *answer_unsure(const struct answer_subject *subject)
{
    struct sw_buf buf = { 0 };
    sw_buf_puts(&buf, ":warning: ");
    put_subject(&buf, subject);
    sw_buf_puts(&buf, " is not confirmed yet: the command bus is slow, it may still begin. What became of it follows "
                      "here within half a minute.");
    put_check_first(&buf, subject);
    sw_buf_puts(&buf, "\nE-BUS-SLOW");
    return private_text(&buf);
}

json_t *answer_repeated(const struct answer_subject *subject)
{
    struct sw_buf buf = { 0 };
    put_subject(&buf, subject);
    sw_buf_puts(&buf, " was taken already: this is the same request once more, and nothing was started twice.");
    return private_text(&buf);
}

json_t *answer_confirmed_late(const struct answer_subject *subject)
{
    struct sw_buf buf = { 0 };
    put_subject(&buf, subject);
    sw_buf_printf(&buf, " is confirmed now: it was queued. Do not repeat it. Ref %s.", subject->ref);
    return private_text(&buf);
}

json_t *answer_never_confirmed(const struct answer_subject *subject)
{
    struct sw_buf buf = { 0 };
    sw_buf_puts(&buf, ":warning: ");
    put_subject(&buf, subject);
    sw_buf_puts(&buf,
                " was not confirmed within half a minute: the command bus did not answer, and may have it or not.");
    put_check_first(&buf, subject);
    sw_buf_puts(&buf, "\nE-BUS-SLOW");
    return private_text(&buf);
}

json_t *answer_not_welcome(void)
{
    struct sw_buf buf = { 0 };
    sw_buf_puts(&buf,
                "This Slipway does not serve your workspace. Nothing was started.\nAn operator decides which ones it "
                "serves.\nAsk one to add yours to SLACK_TEAM_IDS.\nE-TEAM");
    return private_text(&buf);
}

json_t *answer_no_dialog(const char *instead, const char *reason)
{
    struct sw_buf buf = { 0 };
    sw_buf_puts(&buf, "The form could not be opened: ");
    put_escaped(&buf, reason);
    sw_buf_puts(&buf, ". Nothing was done.\nType it instead: `");
    put_escaped(&buf, instead);
    sw_buf_puts(&buf, "`.\nE-DIALOG");
    return private_text(&buf);
}

json_t *answer_private(json_t *message)
{
    if (!message || jx_set_string(message, "response_type", "ephemeral"))
        return message;
    json_decref(message);
    return NULL;
}

json_t *answer_beside_original(json_t *answer)
{
    if (!answer || jx_set_take(answer, "replace_original", json_false()))
        return answer;
    json_decref(answer);
    return NULL;
}
