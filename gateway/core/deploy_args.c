/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/deploy_args.h"

#include "common/base/text.h"

#include <string.h>
#include <strings.h>

struct reading {
    const char *service, *ref, *environment;
    json_t *params;
    struct command_error *error;
};

/* what: a literal format with one %s for the word. */
#define REFUSE(reading, word, what_, why_)                                                                             \
    (COMMAND_SAY((reading)->error->what, what_, command_shown((word), (char[COMMAND_SHOWN_SIZE]){ 0 })),               \
     COMMAND_SAY((reading)->error->why, "%s", (why_)), false)

static bool is_ref(const char *text)
{
    static const char ALNUM[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static const char ANY[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/@+-";
    return *text && strchr(ALNUM, *text) && strspn(text, ANY) == strlen(text) && strlen(text) < PROTO_REF_SIZE;
}

static bool is_name(const char *text)
{
    return *text && strlen(text) < PROTO_NAME_SIZE && !strpbrk(text, " `<>&\"'\n\t=");
}

static bool read_param(struct reading *reading, const char *word, const char *equals)
{
    char name[PROTO_NAME_SIZE];
    size_t length = (size_t)(equals - word);
    if (length == 0 || length >= sizeof name)
        return REFUSE(reading, word, "`%s` is no parameter.", "A parameter is written KEY=value.");
    memcpy(name, word, length);
    name[length] = '\0';
    if (strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") != length)
        return REFUSE(reading, name, "`%s` is no parameter's name.", "Names have letters, digits and `_`.");
    if (json_object_get(reading->params, name))
        return REFUSE(reading, name, "The parameter `%s` is given twice.", "Only one of the two could hold.");
    if (json_object_size(reading->params) == PROTO_MAX_PARAMS)
        return REFUSE(reading, name, "`%s` is one parameter too many.", "A deployment takes at most 16.");
    if (!jx_set_string(reading->params, name, equals + 1))
        return REFUSE(reading, name, "The parameter `%s` could not be kept.", "The gateway is out of memory.");
    return true;
}

static bool read_environment(struct reading *reading, const char *preposition, const char *word)
{
    if (!word)
        return REFUSE(reading, preposition, "Where to? No environment stands behind `%s`.",
                      "The environment is never guessed.");
    if (reading->environment)
        return REFUSE(reading, word, "`%s` is a second environment.", "A deployment goes to one environment.");
    if (!is_name(word))
        return REFUSE(reading, word, "`%s` is no environment's name.", "Names have no spaces or quotes.");
    reading->environment = word;
    return true;
}

static bool read_plain(struct reading *reading, const char *word)
{
    if (sw_starts_with(word, "--"))
        return REFUSE(reading, word, "I don't know the option `%s`.",
                      "Parameters are written KEY=value, without dashes.");
    if (!reading->service) {
        reading->service = word;
        return is_name(word) || REFUSE(reading, word, "`%s` is no service's name.", "Names have no spaces or quotes.");
    }
    if (!reading->ref) {
        reading->ref = word;
        return is_ref(word) || REFUSE(reading, word, "`%s` is no ref.",
                                      "A ref has letters, digits and `. _ / @ + -`, and at most 200 of them.");
    }
    return REFUSE(reading, word, "I don't know what `%s` means here.",
                  "Service and ref are said already; an environment follows `to`.");
}

static bool is_preposition(const char *word) { return strcasecmp(word, "to") == 0 || strcasecmp(word, "on") == 0; }

static bool read_words(struct reading *reading, const struct command_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->words[i], *equals = strchr(word, '=');
        if (is_preposition(word)) {
            const char *environment = i + 1 < words->count ? words->words[i + 1] : NULL;
            if (!read_environment(reading, word, environment))
                return false;
            i++;
        } else if (equals && !sw_starts_with(word, "--")) {
            if (!read_param(reading, word, equals))
                return false;
        } else if (!read_plain(reading, word))
            return false;
    }
    return true;
}

bool deploy_args_read(const struct command_words *words, json_t **ret_args, struct command_error *ret_error)
{
    struct reading reading = { .params = json_object(), .error = ret_error };
    JX_AUTO json_t *args = json_object();
    if (!read_words(&reading, words)) {
        json_decref(reading.params);
        return false;
    }
    bool kept = jx_set_take(args, "params", reading.params) && jx_set_string(args, "service", reading.service) &&
                jx_set_string(args, "ref", reading.ref) && jx_set_string(args, "environment", reading.environment);
    if (!kept)
        return REFUSE(&reading, "", "%sThe command could not be kept.", "The gateway is out of memory.");
    *ret_args = SW_TAKE(args);
    return true;
}
