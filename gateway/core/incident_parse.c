/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/incident_parse.h"

#include "common/base/text.h"
#include "gateway/core/incident_parse_internal.h"
#include "gateway/core/said_text.h"
#include "proto/workflow_id.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char BLANKS[] = " \t\n\v\f";

bool incident_is_dot_word(const char *text)
{
    return text[0] == '.' && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", text[1]) && text[1];
}

const char *incident_form(const struct incident_typed *typed, const char *word, char ret_form[INCIDENT_FORM_SIZE])
{
    if (typed->way == INCIDENT_DOT)
        (void)snprintf(ret_form, INCIDENT_FORM_SIZE, ".%s", word); /* cut by design, as the next */
    else
        (void)snprintf(ret_form, INCIDENT_FORM_SIZE, "%s %s", typed->slash, word);
    return ret_form;
}

/* ---- outcomes ---- */

static void wrong(struct incident_reading *reading, const struct command_error *error)
{
    reading->parsed->outcome = COMMAND_WRONG;
    reading->parsed->error = *error;
    reading->parsed->error.code = "E-USAGE";
}

void incident_wrong(struct incident_reading *reading, const char *what, const char *why)
{
    char form[INCIDENT_FORM_SIZE], help[INCIDENT_FORM_SIZE];
    const struct incident_row *row = reading->row;
    struct command_error error = { 0 };
    COMMAND_SAY(error.what, "%s", what);
    COMMAND_SAY(error.why, "%s", why);
    COMMAND_SAY(error.hint, "Type `%s%s%s`. More: `%s %s`.", incident_form(reading->typed, row->verb, form),
                *row->usage ? " " : "", row->usage, incident_form(reading->typed, "help", help), row->verb);
    wrong(reading, &error);
}

void incident_publish(struct incident_reading *reading, const char *verb, const char *text)
{
    struct command_parsed *parsed = reading->parsed;
    json_t *args = json_object();
    bool kept = jx_set_string(args, "verb", verb) && jx_set_take(args, "text", json_string(text)) &&
                jx_set_string(args, "target", *reading->target ? reading->target : NULL) &&
                jx_set_string(args, "spoken", reading->spoken) && jx_set_string(args, "link", NULL);
    if (!kept) { /* the orchestrator refuses a command without arguments */
        json_decref(args);
        args = json_object();
    }
    parsed->outcome = COMMAND_PUBLISH;
    parsed->name = "incident";
    parsed->args = args;
    parsed->incident = reading->row;
    parsed->actor = reading->row && !reading->row->looks; /* whose zone, and whether they may, comes first */
    if (proto_workflow_id_valid(reading->target))
        memcpy(parsed->workflow, reading->target, PROTO_WORKFLOW_ID_SIZE);
}

/* ---- words that the table does not know ---- */

/* "p1foo": somebody forgot a space. */
static bool glued_priority(const char *word, char ret_near[INCIDENT_WORD_SIZE])
{
    size_t digits = strspn(word + 1, "0123456789");
    if (*word != 'p' || digits == 0 || digits > 3)
        return false;
    (void)snprintf(ret_near, INCIDENT_WORD_SIZE, "%.*s", (int)digits + 1, word); /* "p" and three digits fit */
    return true;
}

static void wrong_word(struct incident_reading *reading, const char *near)
{
    char word[COMMAND_SHOWN_SIZE], form[INCIDENT_FORM_SIZE];
    struct command_error error = { 0 };
    command_shown(reading->spoken, word);
    if (near)
        COMMAND_SAY(error.what, "I don't know `%s`. Did you mean `%s`?", word,
                    incident_form(reading->typed, near, form));
    else
        COMMAND_SAY(error.what, "I don't know `%s`.", word);
    COMMAND_SAY(error.why, "It is no word of incidents, so nothing was done.");
    COMMAND_SAY(error.hint, "`%s` lists all words. To declare an incident: `%s <title>`.",
                incident_form(reading->typed, "commands", (char[INCIDENT_FORM_SIZE]){ 0 }),
                incident_form(reading->typed, "start", form));
    wrong(reading, &error);
}

static void read_unknown(struct incident_reading *reading)
{
    char buffer[INCIDENT_WORD_SIZE];
    const char *near =
        glued_priority(reading->spoken, buffer) || incident_word_near(reading->spoken, buffer) ? buffer : NULL;
    bool here = reading->typed->way == INCIDENT_MENTION || (reading->typed->way == INCIDENT_SLASH && near);
    if (here) {
        wrong_word(reading, near);
        return;
    }
    incident_publish(reading, "unknown", reading->rest);
    (void)jx_set_string(reading->parsed->args, "near", near); /* a missing help is no harm */
}

/* ---- which word ---- */

bool incident_target_read(const char *word, size_t length, char ret_target[PROTO_NAME_SIZE])
{
    char id[PROTO_NAME_SIZE];
    size_t out = 0;
    for (size_t i = 0; i < length; i++) { /* ids are pasted with the marks that our answers show them in */
        if (word[i] == '`' || word[i] == '*')
            continue;
        if (out + 1 == sizeof id)
            return false;
        id[out++] = (char)tolower((unsigned char)word[i]);
    }
    id[out] = '\0';
    size_t digits = strspn(id + (*id == '#'), "0123456789");
    bool number = *id == '#' && digits > 0 && digits < 10 && id[1 + digits] == '\0';
    if (!number && !(id[0] == 'i' && proto_workflow_id_valid(id)))
        return false;
    memcpy(ret_target, id, out + 1);
    return true;
}

/* "p2", "P02": the word is the priority. */
static int32_t priority_word(const char *word, size_t length)
{
    int32_t number = 0;
    if (length < 2 || length > 4 || tolower((unsigned char)*word) != 'p')
        return -1;
    for (size_t i = 1; i < length; i++) {
        if (!isdigit((unsigned char)word[i]))
            return -1;
        number = number * 10 + word[i] - '0';
    }
    return number;
}

static char *skip_blanks(char *text) { return text + strspn(text, BLANKS); }

static void read_priority_word(struct incident_reading *reading, int32_t number)
{
    char text[PROTO_COMMAND_TEXT_MAX + 16];
    for (char *at = reading->rest; *at; at++)
        if (strchr(BLANKS, *at))
            *at = ' ';
    (void)snprintf(text, sizeof text, "%d%s%s", (int)number, *reading->rest ? " " : "", reading->rest); /* fits */
    reading->row = incident_row_find("priority", 8);
    incident_publish(reading, "priority", text);
}

static void read_spoken(struct incident_reading *reading, char *word, size_t length)
{
    const char end = word[length];
    word[length] = '\0';
    (void)sw_copy(reading->spoken, sizeof reading->spoken, word); /* cut by design */
    word[length] = end;
    for (char *at = reading->spoken; *at; at++)
        *at = (char)tolower((unsigned char)*at);
}

static void read_word(struct incident_reading *reading, char *word)
{
    size_t length = strcspn(word, BLANKS);
    int32_t number = priority_word(word, length);
    read_spoken(reading, word, length);
    reading->rest = skip_blanks(word + length);
    reading->row = incident_row_find(word, length);
    reading->priority = reading->row ? 0 : incident_alias_priority(word, length);
    if (reading->priority > 0)
        reading->row = incident_row_find("start", 5);
    if (number >= 0)
        read_priority_word(reading, number);
    else if (reading->row)
        incident_rest_read(reading);
    else
        read_unknown(reading);
}

/* `/incident #42 status`: the target may stand before the word, where a word is no sentence's beginning. */
static char *read_target_first(struct incident_reading *reading, char *said)
{
    size_t length = strcspn(said, BLANKS);
    if (reading->typed->way == INCIDENT_DOT || !incident_target_read(said, length, reading->target))
        return said;
    return skip_blanks(said + length);
}

static void read_said(struct incident_reading *reading, char *said)
{
    if (reading->typed->way == INCIDENT_DOT)
        said += 1;
    said = read_target_first(reading, said);
    if (!*said && *reading->target) { /* a bare target: how does it stand? */
        reading->row = incident_row_find("status", 6);
        (void)sw_copy(reading->spoken, sizeof reading->spoken, "status"); /* fits */
        incident_publish(reading, "status", "");
    } else if (*said)
        read_word(reading, said);
    else
        reading->parsed->outcome = reading->typed->way == INCIDENT_SLASH ? COMMAND_FORM : COMMAND_INCIDENT_HELP;
}

void incident_parse(const struct incident_typed *typed, struct command_parsed *ret_parsed)
{
    SW_AUTO_FREE char *said = NULL;
    struct incident_reading reading = { .typed = typed, .parsed = ret_parsed };
    *ret_parsed = (struct command_parsed){ 0 };
    struct sw_status status = said_text_resolve(typed->text, &said);
    if (!sw_failed(status)) {
        read_said(&reading, said);
        return;
    }
    struct command_error error = { 0 };
    COMMAND_SAY(error.what, "I cannot read that: %s.", status.text);
    COMMAND_SAY(error.why, "Nothing was done.");
    COMMAND_SAY(error.hint, "Say it in less, or in several pieces.");
    wrong(&reading, &error);
}

void incident_of_button(const char *verb, const char *target, const char *text, struct command_parsed *ret_parsed)
{
    struct incident_reading reading = { .parsed = ret_parsed, .row = incident_row_find(verb, strlen(verb)) };
    *ret_parsed = (struct command_parsed){ 0 };
    (void)sw_copy(reading.spoken, sizeof reading.spoken, verb);         /* the table's fit; others are judged there */
    (void)incident_target_read(target, strlen(target), reading.target); /* none: the channel says which */
    incident_publish(&reading, verb, text);
    (void)jx_set_take(ret_parsed->args, "button", json_true()); /* a constant */
}
