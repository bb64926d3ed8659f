/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/incident_start.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "proto/limits.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct reading {
    char line[PROTO_COMMAND_TEXT_MAX + 1]; /* the first line; its words end where NULs are put */
    char service[PROTO_NAME_SIZE], environment[PROTO_NAME_SIZE];
    int32_t priority;
    bool private;
    struct sw_buf title;
    struct command_error *error;
};

/* what: a literal format with one %s for the word. */
#define REFUSE(reading, word, what_, why_)                                                                             \
    (COMMAND_SAY((reading)->error->what, what_, command_shown((word), (char[COMMAND_SHOWN_SIZE]){ 0 })),               \
     COMMAND_SAY((reading)->error->why, "%s", (why_)), false)

/* ---- words ---- */

/* The next word, which is ended by a NUL; NULL: none. */
static char *next_word(char **at)
{
    char *word = *at + strspn(*at, " \t\v\f");
    if (!*word)
        return NULL;
    size_t length = strcspn(word, " \t\v\f");
    *at = word + length;
    if (word[length]) {
        word[length] = '\0';
        (*at)++;
    }
    return word;
}

int32_t incident_start_priority(const char *word)
{
    size_t digits = strspn(word + 1, "0123456789");
    bool tail = word[1 + digits] == '\0' || (word[1 + digits] == ':' && word[2 + digits] == '\0');
    if (tolower((unsigned char)*word) != 'p' || digits == 0 || digits > 2 || !tail)
        return -1;
    return (int32_t)(digits == 2 ? (word[1] - '0') * 10 + word[2] - '0' : word[1] - '0');
}

bool incident_start_is_name(const char *text) { return !strpbrk(text, " `<>&\"'=") && strlen(text) < PROTO_NAME_SIZE; }

static bool keep_name(struct reading *reading, char *field, const char *kind, const char *value)
{
    if (!value || !*value)
        return REFUSE(reading, kind, "Which one? No name stands behind `%s`.", "It is never guessed.");
    if (!incident_start_is_name(value))
        return REFUSE(reading, value, "`%s` is no name of a service or environment.",
                      "Names have no spaces or quotes, and at most 63 bytes.");
    if (*field && strcmp(field, value) != 0)
        return REFUSE(reading, value, "`%s` is a second one of its kind.", "An incident has one service.");
    (void)sw_copy(field, PROTO_NAME_SIZE, value); /* measured above */
    return true;
}

enum outcome { NO_OPTION, TAKEN, REFUSED };

/* service=NAME, --service=NAME, --service NAME; the same of environment. */
static enum outcome read_name(struct reading *reading, const char *word, char **rest)
{
    static const char *const names[] = { "service", "environment", "env" };
    bool dashes = sw_starts_with(word, "--");
    const char *name = word + (dashes ? 2 : 0), *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    for (size_t i = 0; i < SW_COUNT(names); i++) {
        if (strlen(names[i]) != length || strncasecmp(name, names[i], length) != 0 || (!dashes && !equals))
            continue;
        const char *value = equals ? equals + 1 : next_word(rest);
        return keep_name(reading, i == 0 ? reading->service : reading->environment, names[i], value) ? TAKEN : REFUSED;
    }
    return NO_OPTION;
}

static enum outcome read_anywhere(struct reading *reading, const char *word, char **rest)
{
    if (strcasecmp(word, "--private") == 0) {
        reading->private = true;
        return TAKEN;
    }
    return read_name(reading, word, rest);
}

static enum outcome read_leading(struct reading *reading, const char *word, char **rest)
{
    int32_t priority = incident_start_priority(word);
    if (strcasecmp(word, "private") == 0) {
        reading->private = true;
        return TAKEN;
    }
    if (priority < 0)
        return read_anywhere(reading, word, rest);
    if (priority == 0) {
        (void)REFUSE(reading, word, "`%s` is no priority.", "They are counted from P1, which is the most urgent.");
        return REFUSED;
    }
    if (reading->priority > 0 && reading->priority != priority) {
        (void)REFUSE(reading, word, "`%s` is a second priority.", "Only one of the two could hold.");
        return REFUSED;
    }
    reading->priority = priority;
    return TAKEN;
}

/* ---- the title ---- */

/* "the whole title" in quotation marks: its length, and where it begins; 0: it is not quoted. */
static size_t quoted(const char *text, const char **ret_begin)
{
    static const struct {
        const char *open, *close;
    } marks[] = { { "\"", "\"" }, { "“", "”" }, { "„", "“" }, { "'", "'" } };
    for (size_t i = 0; i < SW_COUNT(marks); i++) {
        if (!sw_starts_with(text, marks[i].open))
            continue;
        const char *begin = text + strlen(marks[i].open);
        for (const char *end = strstr(begin, marks[i].close); end; end = strstr(end + 1, marks[i].close)) {
            const char *behind = end + strlen(marks[i].close);
            if (end > begin && (*behind == '\0' || *behind == ' ')) {
                *ret_begin = begin;
                return (size_t)(end - begin);
            }
        }
    }
    return 0;
}

static void add_word(struct reading *reading, const char *word)
{
    if (reading->title.length > 0)
        sw_buf_puts(&reading->title, " ");
    sw_buf_puts(&reading->title, word);
}

/* Takes a quoted title whole, when nothing but options follows it. */
static bool take_quoted(struct reading *reading, char **at)
{
    char line[PROTO_COMMAND_TEXT_MAX + 1];
    const char *begin;
    size_t length = quoted(*at, &begin);
    if (length == 0)
        return false;
    (void)sw_copy(line, sizeof line, begin + length); /* a part of the line */
    char *rest = line + strcspn(line, " ");
    for (char *word = next_word(&rest); word; word = next_word(&rest))
        if (read_anywhere(reading, word, &rest) != TAKEN)
            return false;
    sw_buf_append(&reading->title, begin, length);
    *at += strlen(*at);
    return true;
}

static bool read_title(struct reading *reading, char *at)
{
    if (take_quoted(reading, &at))
        return true;
    for (char *word = next_word(&at); word; word = next_word(&at)) {
        enum outcome outcome = read_anywhere(reading, word, &at);
        if (outcome == REFUSED)
            return false;
        if (outcome == NO_OPTION)
            add_word(reading, word);
    }
    return true;
}

static bool read_line(struct reading *reading)
{
    char *at = reading->line, *before = at;
    for (;;) {
        before = at + strspn(at, " \t\v\f");
        char saved[PROTO_COMMAND_TEXT_MAX + 1];
        (void)sw_copy(saved, sizeof saved, before); /* the words end in NULs afterwards */
        char *word = next_word(&at);
        enum outcome outcome = word ? read_leading(reading, word, &at) : NO_OPTION;
        if (outcome == REFUSED)
            return false;
        if (outcome == NO_OPTION) {
            memcpy(before, saved, strlen(saved) + 1);
            return read_title(reading, before);
        }
    }
}

/* ---- the arguments ---- */

static bool check(struct reading *reading, const char *details)
{
    const char *title = sw_buf_string(&reading->title);
    if (reading->title.failed)
        return REFUSE(reading, "", "%sThe title could not be kept.", "The gateway is out of memory.");
    if (!*title)
        return REFUSE(reading, "", "%sWhat shall it be called? The title is missing.",
                      "One line that tells the others what is broken is enough.");
    if (sw_utf8_characters(title) > INCIDENT_TITLE_MAX)
        return REFUSE(reading, title, "The title `%s` is longer than 512 characters.",
                      "Channels and lists show one line. What stands below the first line becomes details.");
    if (sw_utf8_characters(details) > INCIDENT_DETAILS_MAX)
        return REFUSE(reading, "", "%sThe details are longer than 3,000 characters.",
                      "Begin with what matters; notes can follow.");
    return true;
}

static json_t *arguments(const struct incident_start *start, const struct reading *reading, const char *details)
{
    JX_AUTO json_t *args = json_object();
    bool kept = jx_set_string(args, "title", sw_buf_string(&reading->title)) &&
                jx_set_take(args, "priority", reading->priority >= 0 ? json_integer(reading->priority) : json_null()) &&
                jx_set_string(args, "service", *reading->service ? reading->service : NULL) &&
                jx_set_string(args, "environment", *reading->environment ? reading->environment : NULL) &&
                jx_set_take(args, "private", json_boolean(reading->private)) && jx_set_string(args, "from", NULL) &&
                jx_set_string(args, "details", *details ? details : NULL) &&
                jx_set_string(args, "spoken", start->spoken);
    return kept ? SW_TAKE(args) : NULL;
}

bool incident_start_read(const struct incident_start *start, json_t **ret_args, struct command_error *ret_error)
{
    struct reading reading = { .priority = start->priority > 0 ? start->priority : -1, .error = ret_error };
    const char *text = start->text + strspn(start->text, " \n\t\v\f");
    size_t length = strcspn(text, "\n");
    const char *details = text + length + strspn(text + length, " \n\t\v\f");
    if (length >= sizeof reading.line)
        return REFUSE(&reading, text, "The title `%s` is too long.", "It has at most 512 characters.");
    memcpy(reading.line, text, length);
    reading.line[length] = '\0';
    if (read_line(&reading) && check(&reading, details))
        *ret_args = arguments(start, &reading, details);
    bool good = *ret_args != NULL;
    if (!good && !*ret_error->what)
        (void)REFUSE(&reading, "", "%sThe command could not be kept.", "The gateway is out of memory.");
    sw_buf_release(&reading.title);
    return good;
}
