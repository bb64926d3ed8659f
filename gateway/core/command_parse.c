/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/command_parse.h"

#include "common/base/text.h"
#include "gateway/core/command_words.h"
#include "gateway/core/deploy_args.h"
#include "gateway/core/incident_parse.h"
#include "gateway/core/said_text.h"
#include "gateway/core/slack_text.h"
#include "proto/workflow_id.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct parse {
    const struct command_names *names;
    enum command_family family;
    const struct command_words *words;
    size_t next; /* the first word behind the verb */
    struct command_parsed *parsed;
};

static void wrong(struct command_parsed *parsed, const char *code, const struct command_error *texts)
{
    parsed->outcome = COMMAND_WRONG;
    parsed->error = *texts;
    parsed->error.code = code;
}

static const char *slash(const struct parse *parse) { return parse->names->typed[parse->family]; }

static void usage_hint(const struct parse *parse, const struct command_row *row, struct command_error *error)
{
    COMMAND_SAY(error->hint, "Type `%s%s%s%s%s`. More: `%s help`.", slash(parse), row->verb ? " " : "",
                row->verb ? row->verb : "", *row->usage ? " " : "", row->usage, parse->names->typed[COMMAND_DEPLOY]);
}

static void wrong_usage(const struct parse *parse, const struct command_row *row, const char *what, const char *why)
{
    struct command_error error = { 0 };
    COMMAND_SAY(error.what, "%s", what);
    COMMAND_SAY(error.why, "%s", why);
    usage_hint(parse, row, &error);
    wrong(parse->parsed, "E-USAGE", &error);
}

static void not_available(const struct parse *parse, const struct command_row *row)
{
    struct command_error error = { 0 };
    COMMAND_SAY(error.what, "`%s%s%s` is not available in this version.", slash(parse), row->verb ? " " : "",
                row->verb ? row->verb : "");
    COMMAND_SAY(error.why,
                "The word is reserved for a feature that this Slipway does not have yet. Nothing was started.");
    COMMAND_SAY(error.hint, "`%s help` lists what there is.", parse->names->typed[COMMAND_DEPLOY]);
    wrong(parse->parsed, "E-NOT-AVAILABLE", &error);
}

/* Ids are pasted with the back-quotes that our answers show them in, and from phones with a capital. */
static void clean_target(const char *word, char *ret_target, size_t size)
{
    size_t out = 0;
    for (; *word && out + 1 < size; word++) {
        if (*word == '`' || *word == '*' || *word == '_')
            continue;
        ret_target[out++] = (char)(*word >= 'A' && *word <= 'Z' ? *word | 0x20 : *word);
    }
    ret_target[out] = '\0';
}

static bool looks_like_id(const char *word)
{
    char target[PROTO_NAME_SIZE];
    clean_target(word, target, sizeof target);
    return strlen(target) == PROTO_WORKFLOW_ID_SIZE - 1 &&
           (sw_starts_with(target, "d-") || sw_starts_with(target, "i-"));
}

static bool looks_like_id_first(const char *text)
{
    char word[PROTO_NAME_SIZE];
    (void)snprintf(word, sizeof word, "%.*s", (int)strcspn(text, " \t\n"), text); /* one that is cut is none */
    return looks_like_id(word);
}

static void publish(struct command_parsed *parsed, const char *name, json_t *args)
{
    parsed->outcome = COMMAND_PUBLISH;
    parsed->name = name;
    parsed->args = args;
}

static void publish_one(struct command_parsed *parsed, const char *name, const char *key, const char *value)
{
    json_t *args = json_object();
    (void)jx_set_string(args, key, value); /* a missing argument is refused by the orchestrator */
    publish(parsed, name, args);
}

static void publish_target(struct command_parsed *parsed, const char *name, const char *word)
{
    char target[PROTO_NAME_SIZE];
    clean_target(word, target, sizeof target);
    publish_one(parsed, name, "target", target);
    if (proto_workflow_id_valid(target))
        memcpy(parsed->workflow, target, PROTO_WORKFLOW_ID_SIZE);
}

static void parse_target(const struct parse *parse, const struct command_row *row)
{
    size_t given = parse->words->count - parse->next;
    if (given == 0)
        wrong_usage(parse, row, "Which one? There is no id.",
                    "A deployment is named by its id, such as `d-0123456789abc`.");
    else if (given > 1)
        wrong_usage(parse, row, "That is more than one word.", "One id at a time.");
    else
        publish_target(parse->parsed, row->name, parse->words->words[parse->next]);
}

/* ---- a target and a reason ---- */

enum { VERB_BYTES = 24 };

/* Quotation marks around the whole of it are not part of what was said. */
static char *unquoted(char *text)
{
    size_t length = strlen(text);
    if (length < 2 || (*text != '"' && *text != '\'') || text[length - 1] != *text ||
        memchr(text + 1, *text, length - 2))
        return text;
    text[length - 1] = '\0';
    return text + 1;
}

/* rest: behind the verb, the reason as it was said. */
static void parse_reason(const struct parse *parse, const struct command_row *row, char *rest)
{
    size_t length = strcspn(rest, " \t\n");
    char *reason = rest + length + strspn(rest + length, " \t\n");
    parse->parsed->row = row;
    parse->parsed->actor = true;
    rest[length] = '\0';
    reason = unquoted(reason);
    if (!*rest)
        wrong_usage(parse, row, "Which one? There is no id.",
                    "A deployment is named by its id, such as `d-0123456789abc`.");
    else if (!looks_like_id(rest))
        wrong_usage(parse, row, "There is no id behind that word.", "The deployment's id comes first, then why.");
    else if (sw_utf8_characters(reason) > PROTO_REASON_MAX)
        wrong_usage(parse, row, "That reason is longer than 500 characters.", "It is shown where people decide.");
    else {
        publish_target(parse->parsed, row->name, rest);
        (void)jx_set_string(parse->parsed->args, "reason", *reason ? reason : NULL); /* a missing one is refused */
    }
}

/* The first word as a verb; "break glass" and such are nearly one. Returns what stands behind it. */
static char *take_verb(char *said, char ret_verb[VERB_BYTES])
{
    size_t length = strcspn(said, " \t\n");
    (void)snprintf(ret_verb, VERB_BYTES, "%.*s", (int)length, said); /* one that is cut is none */
    return said + length + strspn(said + length, " \t\n");
}

static void wrong_near_miss(const struct parse *parse, const char *said, const char *verb);

/* Words whose text is kept as it was said. False: none of them. */
static bool parse_said(const struct parse *parse, char *said)
{
    char verb[VERB_BYTES], second[VERB_BYTES], both[2 * VERB_BYTES];
    char *rest = take_verb(said, verb), *behind = take_verb(rest, second);
    const struct command_row *row = command_row_find(parse->family, verb);
    if (row && row->grammar == GRAMMAR_TARGET_REASON) {
        parse_reason(parse, row, rest);
        return true;
    }
    bool apart = looks_like_id_first(behind);
    if (row || !(apart || looks_like_id_first(rest)))
        return false;
    (void)snprintf(both, sizeof both, apart ? "%s-%s" : "%s", verb, second); /* fits */
    const char *near = command_verb_near(parse->family, both);
    row = near ? command_row_find(parse->family, near) : NULL;
    if (!row || row->grammar != GRAMMAR_TARGET_REASON)
        return false;
    wrong_near_miss(parse, both, near);
    return true;
}

static void parse_service(const struct parse *parse, const struct command_row *row)
{
    size_t given = parse->words->count - parse->next;
    const char *service = given > 0 ? parse->words->words[parse->next] : NULL;
    if (given > 1)
        wrong_usage(parse, row, "That is more than one word.", "One service at a time, or none for all of them.");
    else if (service && strlen(service) >= PROTO_NAME_SIZE)
        wrong_usage(parse, row, "No service has so long a name.", "Names have at most 63 bytes.");
    else
        publish_one(parse->parsed, sw_equal(row->name, "check_status") ? "line" : row->name, "service", service);
}

static void wrong_topic(const struct parse *parse, const char *topic)
{
    char word[COMMAND_SHOWN_SIZE];
    struct command_error error = { 0 };
    const char *near = command_verb_near(COMMAND_DEPLOY, topic);
    COMMAND_SAY(error.what, "There is no help about `%s`.", command_shown(topic, word));
    COMMAND_SAY(error.why, "It is none of the words of `%s`.", slash(parse));
    if (near)
        COMMAND_SAY(error.hint, "Did you mean `%s help %s`?", slash(parse), near);
    else
        COMMAND_SAY(error.hint, "`%s help` lists what there is.", slash(parse));
    wrong(parse->parsed, "E-USAGE", &error);
}

static void parse_help(const struct parse *parse)
{
    parse->parsed->outcome = COMMAND_HELP;
    parse->parsed->row = NULL;
    if (parse->words->count == parse->next)
        return;
    const char *topic = parse->words->words[parse->next];
    const struct command_row *row = command_row_find(COMMAND_DEPLOY, sw_equal(topic, "deploy") ? NULL : topic);
    if (!row)
        wrong_topic(parse, topic);
    else if (row->grammar == GRAMMAR_ABSENT)
        not_available(parse, row);
    else
        parse->parsed->row = row;
}

static void parse_nothing(const struct parse *parse, const struct command_row *row)
{
    if (parse->words->count > parse->next)
        wrong_usage(parse, row, "Nothing stands behind that word.", "It takes no arguments.");
    else
        publish(parse->parsed, row->name, json_object());
}

/* A word that is nearly a verb, where no deployment is plainly meant: alone, or before an id. */
static const char *near_miss(const struct parse *parse)
{
    const struct command_words *words = parse->words;
    bool alone = words->count == 1, before_id = words->count == 2 && looks_like_id(words->words[1]);
    return alone || before_id ? command_verb_near(parse->family, words->words[0]) : NULL;
}

static void wrong_near_miss(const struct parse *parse, const char *said, const char *verb)
{
    char word[COMMAND_SHOWN_SIZE];
    struct command_error error = { 0 };
    command_shown(said, word);
    COMMAND_SAY(error.what, "I don't know `%s`. Did you mean `%s`?", word, verb);
    COMMAND_SAY(error.why, "It is so near to `%s %s` that nothing was started.", slash(parse), verb);
    COMMAND_SAY(error.hint,
                "To deploy a service of that name say where: `%s %s to <environment>`. All words: `%s help`.",
                slash(parse), word, slash(parse));
    wrong(parse->parsed, "E-USAGE", &error);
}

static void parse_deploy(const struct parse *parse, const struct command_row *row)
{
    json_t *args = NULL;
    struct command_error error = { 0 };
    const char *verb = near_miss(parse);
    if (verb) {
        wrong_near_miss(parse, parse->words->words[0], verb);
        return;
    }
    if (deploy_args_read(parse->words, &args, &error)) {
        publish(parse->parsed, row->name, args);
        parse->parsed->creates = 'd';
        return;
    }
    if (!*error.hint)
        usage_hint(parse, row, &error);
    wrong(parse->parsed, "E-USAGE", &error);
}

static void parse_row(const struct parse *parse, const struct command_row *row)
{
    parse->parsed->row = row;
    switch (row->grammar) {
    case GRAMMAR_DEPLOY:
        parse_deploy(parse, row);
        break;
    case GRAMMAR_TARGET:
        parse_target(parse, row);
        break;
    case GRAMMAR_TARGET_OR_SERVICE:
        if (parse->words->count == parse->next + 1 && looks_like_id(parse->words->words[parse->next]))
            parse_target(parse, row);
        else
            parse_service(parse, row);
        break;
    case GRAMMAR_SERVICE:
        parse_service(parse, row);
        break;
    case GRAMMAR_NOTHING:
        parse_nothing(parse, row);
        break;
    case GRAMMAR_HELP:
        parse_help(parse);
        break;
    case GRAMMAR_TARGET_REASON: /* parse_said() */
    case GRAMMAR_INCIDENT:      /* its words have a table of their own */
    case GRAMMAR_ABSENT:
        not_available(parse, row);
        break;
    }
    parse->parsed->actor = row->permission != NULL; /* who may not is known before it is asked for */
}

static void parse_words(struct parse *parse)
{
    const struct command_row *row = NULL;
    if (parse->words->count > 0)
        row = command_row_find(parse->family, parse->words->words[0]);
    parse->next = row ? 1 : 0;
    bool help = !row && parse->words->count > 0 && sw_equal(parse->words->words[0], "help");
    if (help) {
        parse->next = 1;
        parse_help(parse);
        return;
    }
    row = row ? row : command_row_find(parse->family, NULL);
    assert(row); /* each family has a row without a verb */
    parse_row(parse, row);
}

static void wrong_text(struct command_parsed *parsed, const struct sw_status *status)
{
    struct command_error error = { 0 };
    COMMAND_SAY(error.what, "I cannot read that command: %s.", status->text);
    COMMAND_SAY(error.why, "Nothing was started.");
    COMMAND_SAY(error.hint, "Shorten or correct it, and try again.");
    wrong(parsed, "E-USAGE", &error);
}

void command_parse(const struct command_names *names, enum command_family family, const char *text,
                   struct command_parsed *ret_parsed)
{
    SW_AUTO_FREE char *normal = NULL, *said = NULL;
    struct command_words words = { 0 };
    if (family == COMMAND_INCIDENT) {
        const struct incident_typed typed = { .way = INCIDENT_SLASH, .slash = names->typed[family], .text = text };
        incident_parse(&typed, ret_parsed);
        return;
    }
    *ret_parsed = (struct command_parsed){ 0 };
    struct parse parse = { .names = names, .family = family, .words = &words, .parsed = ret_parsed };
    struct sw_status status = said_text_resolve(text, &said);
    if (!sw_failed(status) && parse_said(&parse, said))
        return;
    if (!sw_failed(status))
        status = slack_text_normalise(text, &normal);
    if (!sw_failed(status))
        status = command_words_split(normal, &words);
    if (sw_failed(status)) {
        wrong_text(ret_parsed, &status);
        return;
    }
    parse_words(&parse);
    command_words_release(&words);
}

void command_unknown(const struct command_names *names, const char *typed, struct command_error *ret_error)
{
    char word[COMMAND_SHOWN_SIZE];
    const char *known[COMMAND_FAMILY_COUNT];
    for (size_t i = 0; i < COMMAND_FAMILY_COUNT; i++)
        known[i] = names->typed[i];
    const char *near = sw_nearest(typed, known, COMMAND_FAMILY_COUNT);
    *ret_error = (struct command_error){ .code = "E-USAGE" };
    if (near)
        COMMAND_SAY(ret_error->what, "I don't know `%s`. Did you mean `%s`?", command_shown(typed, word), near);
    else
        COMMAND_SAY(ret_error->what, "I don't know `%s`.", command_shown(typed, word));
    COMMAND_SAY(ret_error->why, "The Slack app sends this command here, but no command of Slipway has that name.");
    COMMAND_SAY(ret_error->hint, "`%s help` lists what there is. Names are set by SLIPWAY_COMMAND_NAMES.",
                names->typed[COMMAND_DEPLOY]);
}

void command_parsed_release(struct command_parsed *parsed)
{
    json_decref(parsed->args);
    parsed->args = NULL;
}

void command_of_button(const char *name, const char *target, struct command_parsed *ret_parsed)
{
    *ret_parsed = (struct command_parsed){ 0 };
    publish_target(ret_parsed, name, target);
    ret_parsed->actor = true; /* what our buttons do is not everybody's to do */
}
