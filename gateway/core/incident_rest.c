/* SPDX-License-Identifier: Apache-2.0
 * What stands behind an incident word, by the grammar of its row. */
#include "common/base/text.h"
#include "gateway/core/incident_parse_internal.h"
#include "gateway/core/incident_start.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char BLANKS[] = " \t\n\v\f";

static const struct {
    const char *role, *names;
} ROLES[] = { { "point", "point" }, { "comms", "comms" },     { "triage", "triage" },
              { "eng", "eng" },     { "assigned", "assign" }, { "assigned", "assigned" } };

/* The first word and what stands behind it. */
struct head {
    const char *word;
    size_t length;
    const char *rest;
};

static struct head head_of(const char *text)
{
    struct head head = { .word = text, .length = strcspn(text, BLANKS) };
    head.rest = text + head.length;
    head.rest += strspn(head.rest, BLANKS);
    return head;
}

/* what: a literal format with one %s for what was typed. */
#define WRONG_WITH(reading, what_, typed_, why_)                                                                       \
    do {                                                                                                               \
        char what_text_[320], shown_[COMMAND_SHOWN_SIZE];                                                              \
        COMMAND_SAY(what_text_, what_, command_shown((typed_), shown_));                                               \
        incident_wrong((reading), what_text_, (why_));                                                                 \
    } while (0)

static void wrong_empty(struct incident_reading *reading)
{
    char why[256];
    COMMAND_SAY(why, "What it does: %s.", reading->row->help);
    WRONG_WITH(reading, "Something is missing behind `%s`.", reading->spoken, why);
}

/* ---- which incident ---- */

/* Behind these a "#42" can be nothing but an incident; elsewhere "#42 is back" is a sentence. */
static bool takes_number(const struct incident_row *row)
{
    switch (row->grammar) {
    case INCIDENT_NOTHING:
    case INCIDENT_PERSON:
    case INCIDENT_PERSON_OR_SELF:
    case INCIDENT_HANDOVER:
    case INCIDENT_ROLE:
    case INCIDENT_PRIORITY:
        return true;
    case INCIDENT_LINE_OR_NOTHING:
        return row->time || row->looks;
    case INCIDENT_LINE:
    case INCIDENT_TEXT:
    case INCIDENT_TEXT_OR_NOTHING:
    case INCIDENT_NUMBER:
    case INCIDENT_NUMBER_AND_TEXT:
    case INCIDENT_START:
    case INCIDENT_HELP:
        break;
    }
    return false;
}

static bool takes_id(const struct incident_row *row)
{
    return takes_number(row) || row->grammar == INCIDENT_LINE_OR_NOTHING;
}

/* "status #42", "resolve i-...", and "status 42" where nothing else can stand. */
static void read_target_behind(struct incident_reading *reading)
{
    const struct incident_row *row = reading->row;
    char word[PROTO_NAME_SIZE], *behind = reading->rest + strcspn(reading->rest, BLANKS);
    size_t length = (size_t)(behind - reading->rest);
    bool bare = row->looks && row->grammar == INCIDENT_NOTHING && isdigit((unsigned char)*reading->rest);
    if (*reading->target || length == 0 || length + 2 > sizeof word)
        return;
    (void)snprintf(word, sizeof word, "%s%.*s", bare ? "#" : "", (int)length, reading->rest); /* measured above */
    if (*word == '#' ? !takes_number(row) : !takes_id(row))
        return;
    if (incident_target_read(word, strlen(word), reading->target))
        reading->rest = behind + strspn(behind, BLANKS);
}

/* ---- grammars ---- */

static void one_line(char *text)
{
    char *out = text;
    for (const char *at = text; *at; at++) {
        bool blank = strchr(BLANKS, *at) != NULL, line_end = *at == '\n';
        if (line_end && out > text && out[-1] == ' ')
            continue;
        *out++ = blank ? ' ' : *at;
    }
    *out = '\0';
}

static void read_nothing(struct incident_reading *reading)
{
    if (*reading->rest)
        WRONG_WITH(reading, "I don't know what `%s` means here.", reading->rest,
                   "Nothing stands behind that word, so nothing was done.");
    else
        incident_publish(reading, reading->row->verb, "");
}

static void read_line(struct incident_reading *reading, bool needed)
{
    one_line(reading->rest);
    if (needed && !*reading->rest)
        wrong_empty(reading);
    else
        incident_publish(reading, reading->row->verb, reading->rest);
}

static void read_text(struct incident_reading *reading, bool needed)
{
    if (needed && !*reading->rest)
        wrong_empty(reading);
    else
        incident_publish(reading, reading->row->verb, reading->rest);
}

/* <@U123>; people put a comma or a full stop behind it. */
static bool read_mention(const struct head *head, char ret_person[PROTO_SLACK_ID_SIZE])
{
    size_t length = head->length;
    while (length > 0 && strchr(",.;:!", head->word[length - 1]))
        length--;
    if (length < 5 || memcmp(head->word, "<@", 2) != 0 || head->word[length - 1] != '>' ||
        length - 3 >= PROTO_SLACK_ID_SIZE ||
        strspn(head->word + 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != length - 3)
        return false;
    memcpy(ret_person, head->word + 2, length - 3);
    ret_person[length - 3] = '\0';
    return true;
}

/* A bare id, as logs and profiles show it: "U024BE7LH". Names in capitals have no digits. */
static bool read_id(const struct head *head, char ret_person[PROTO_SLACK_ID_SIZE])
{
    static const char OF_IDS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    if ((*head->word != 'U' && *head->word != 'W') || head->length < 8 || head->length > 20 ||
        strspn(head->word, OF_IDS) < head->length || strcspn(head->word, "0123456789") >= head->length)
        return false;
    memcpy(ret_person, head->word, head->length);
    ret_person[head->length] = '\0';
    return true;
}

static void wrong_person(struct incident_reading *reading, const char *word)
{
    if (*word == '@' && !sw_starts_with(word, "@here") && !sw_starts_with(word, "@channel"))
        word++;
    WRONG_WITH(reading, "I don't know who `%s` is.", word,
               "A person is named by a mention: type `@` and choose from Slack's list. Names alone may be several "
               "people's, and groups are not one person.");
}

static void publish_person(struct incident_reading *reading, const char *text, const char *person)
{
    incident_publish(reading, reading->row->verb, text);
    (void)sw_copy(reading->parsed->person, sizeof reading->parsed->person, person); /* the same size */
}

static bool is_self(const char *text) { return !*text || incident_word_same(text, strlen(text), "me"); }

static void read_person(struct incident_reading *reading, bool needed)
{
    char person[PROTO_SLACK_ID_SIZE];
    struct head head = head_of(reading->rest);
    if (!needed && is_self(reading->rest))
        incident_publish(reading, reading->row->verb, "");
    else if (!*reading->rest)
        wrong_empty(reading);
    else if (!read_mention(&head, person) && !read_id(&head, person))
        wrong_person(reading, reading->rest);
    else if (*head.rest)
        WRONG_WITH(reading, "I don't know what `%s` means here.", head.rest, "One person at a time.");
    else
        publish_person(reading, "", person);
}

static const char *role_of(const char *word, size_t length)
{
    const struct incident_row *row = incident_row_find(word, length);
    for (size_t i = 0; i < SW_COUNT(ROLES); i++)
        if (incident_word_same(word, length, ROLES[i].names) || (row && sw_equal(row->verb, ROLES[i].names)))
            return ROLES[i].role;
    return NULL;
}

static void wrong_role(struct incident_reading *reading, const char *word)
{
    WRONG_WITH(reading, "`%s` is no role.", word, "The roles are point, comms, triage, eng and assigned.");
}

static void read_role(struct incident_reading *reading)
{
    struct head head = head_of(reading->rest);
    const char *role = role_of(head.word, head.length);
    if (!*reading->rest)
        wrong_empty(reading);
    else if (!role || *head.rest)
        wrong_role(reading, reading->rest);
    else
        incident_publish(reading, reading->row->verb, role);
}

/* [role] and a mention; either may come first, and "to" may stand between. */
static void read_handover(struct incident_reading *reading)
{
    char person[PROTO_SLACK_ID_SIZE] = "";
    const char *role = NULL;
    if (!*reading->rest) {
        wrong_empty(reading);
        return;
    }
    for (struct head head = head_of(reading->rest); head.length > 0; head = head_of(head.rest)) {
        const char *named = role_of(head.word, head.length);
        if (incident_word_same(head.word, head.length, "to"))
            continue;
        if (named && !role)
            role = named;
        else if (*person || !(read_mention(&head, person) || read_id(&head, person))) {
            wrong_person(reading, head.word);
            return;
        }
    }
    if (*person)
        publish_person(reading, role ? role : "", person);
    else
        WRONG_WITH(reading, "Who takes over? `%s` names nobody.", reading->rest, reading->row->help);
}

/* "7", "#7". NULL: no number stands first. */
static const char *read_number(const struct head *head, char ret_number[16])
{
    const char *digits = head->word + (*head->word == '#');
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 9 || digits + length != head->word + head->length)
        return NULL;
    while (length > 1 && *digits == '0') {
        digits++;
        length--;
    }
    memcpy(ret_number, digits, length);
    ret_number[length] = '\0';
    return head->rest;
}

static void read_number_alone(struct incident_reading *reading)
{
    char number[16];
    struct head head = head_of(reading->rest);
    bool all = sw_equal(reading->row->verb, "unblock") && incident_word_same(head.word, head.length, "all");
    const char *rest = read_number(&head, number);
    if (!*reading->rest)
        wrong_empty(reading);
    else if (all && !*head.rest)
        incident_publish(reading, "unblock_all", "");
    else if (!rest || *rest)
        WRONG_WITH(reading, "`%s` is no number.", reading->rest, "One is named by the number that the list shows.");
    else
        incident_publish(reading, reading->row->verb, number);
}

static void read_number_and_text(struct incident_reading *reading)
{
    char number[16], text[PROTO_COMMAND_TEXT_MAX + 32];
    struct head head = head_of(reading->rest);
    const char *rest = read_number(&head, number);
    if (!*reading->rest)
        wrong_empty(reading);
    else if (!rest)
        WRONG_WITH(reading, "`%s` is no number.", reading->rest, "An entry is named by its number in the timeline.");
    else if (!*rest)
        WRONG_WITH(reading, "What shall stand at `%s`?", number, "The new text is missing, so nothing was changed.");
    else {
        (void)snprintf(text, sizeof text, "%s %s", number, rest); /* fits: it was typed so */
        incident_publish(reading, reading->row->verb, text);
    }
}

/* "2 why", "P2 why" become "2 why"; a name stays for the orchestrator, who knows all of them. */
static void read_priority(struct incident_reading *reading)
{
    char number[16], text[PROTO_COMMAND_TEXT_MAX + 32];
    one_line(reading->rest);
    struct head head = head_of(reading->rest);
    struct head digits = head;
    bool p = head.length > 1 && tolower((unsigned char)*head.word) == 'p';
    digits.word += p;
    digits.length -= p;
    if (!*reading->rest)
        incident_publish(reading, "priorities", "");
    else if (*digits.word != '#' && read_number(&digits, number)) {
        (void)snprintf(text, sizeof text, "%s%s%s", number, *head.rest ? " " : "", head.rest); /* not longer */
        incident_publish(reading, "priority", text);
    } else
        incident_publish(reading, "priority", reading->rest);
}

static void read_start(struct incident_reading *reading)
{
    struct command_parsed *parsed = reading->parsed;
    const struct incident_start start = { .text = reading->rest,
                                          .priority = reading->priority,
                                          .spoken = reading->spoken };
    struct command_error error = { 0 };
    parsed->incident = reading->row;
    if (!*reading->rest && reading->typed->way == INCIDENT_SLASH) {
        parsed->outcome = COMMAND_FORM;
        parsed->priority = reading->priority;
    } else if (!*reading->rest)
        incident_wrong(reading, "What shall it be called? The title is missing.",
                       "One line that tells the others what is broken is enough.");
    else if (!incident_start_read(&start, &parsed->args, &error))
        incident_wrong(reading, error.what, error.why);
    else {
        parsed->outcome = COMMAND_PUBLISH;
        parsed->name = "declare";
        parsed->creates = 'i';
        parsed->actor = true; /* a guest may not */
    }
}

static void read_help(struct incident_reading *reading)
{
    struct head head = head_of(reading->rest);
    const char *word = head.word + (head.length > 1 && *head.word == '.');
    size_t length = head.length - (size_t)(word - head.word);
    const struct incident_row *topic = incident_row_find(word, length);
    if (incident_alias_priority(word, length) > 0 && !topic)
        topic = incident_row_find("start", 5);
    reading->parsed->outcome = COMMAND_INCIDENT_HELP;
    reading->parsed->incident = topic;
    if (sw_equal(reading->row->verb, "commands") && !*reading->rest)
        reading->parsed->outcome = COMMAND_INCIDENT_WORDS;
    else if (*reading->rest && !topic)
        WRONG_WITH(reading, "There is no help about `%s`.", reading->rest, "It is no word of incidents.");
}

void incident_rest_read(struct incident_reading *reading)
{
    read_target_behind(reading);
    switch (reading->row->grammar) {
    case INCIDENT_NOTHING:
        read_nothing(reading);
        break;
    case INCIDENT_LINE:
    case INCIDENT_LINE_OR_NOTHING:
        read_line(reading, reading->row->grammar == INCIDENT_LINE);
        break;
    case INCIDENT_TEXT:
    case INCIDENT_TEXT_OR_NOTHING:
        read_text(reading, reading->row->grammar == INCIDENT_TEXT);
        break;
    case INCIDENT_PERSON:
    case INCIDENT_PERSON_OR_SELF:
        read_person(reading, reading->row->grammar == INCIDENT_PERSON);
        break;
    case INCIDENT_HANDOVER:
        read_handover(reading);
        break;
    case INCIDENT_ROLE:
        read_role(reading);
        break;
    case INCIDENT_NUMBER:
        read_number_alone(reading);
        break;
    case INCIDENT_NUMBER_AND_TEXT:
        read_number_and_text(reading);
        break;
    case INCIDENT_PRIORITY:
        read_priority(reading);
        break;
    case INCIDENT_START:
        read_start(reading);
        break;
    case INCIDENT_HELP:
        read_help(reading);
        break;
    }
}
