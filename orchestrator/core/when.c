/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/when.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "orchestrator/core/when_internal.h"

#include <string.h>

#define PAST_EXAMPLES "\"15 minutes ago\", \"yesterday 4pm\" or \"2024-03-20 14:00\""
#define UNTIL_EXAMPLES "\"30m\", \"until 15:00\" or \"until tomorrow 9am\""

enum { SHOWN_SIZE = 52 };

/* What was typed, fit for a line of text. */
static void show(const char *text, char ret_shown[SHOWN_SIZE])
{
    char shown[SHOWN_SIZE];
    bool cut = !sw_copy(shown, sizeof shown - 3, text); /* room for the sign of the cut */
    bool valid = sw_utf8_valid(shown, strlen(shown));
    for (char *at = shown; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F || (!valid && (unsigned char)*at >= 0x80))
            *at = '?';
    (void)sw_print(ret_shown, SHOWN_SIZE, "%s%s", shown, cut ? "…" : "");
}

static struct sw_status refuse(const char *text, const char *why, enum when_bias bias)
{
    char shown[SHOWN_SIZE];
    show(text, shown);
    return sw_fail(SW_CODE_INVALID, "cannot read \"%s\" as a time: %s HINT: type %s", shown, why,
                   bias == WHEN_PAST ? PAST_EXAMPLES : UNTIL_EXAMPLES);
}

/* Where reading stopped. */
static void explain(const struct when_parse *parse, char why[WHEN_WHY_SIZE])
{
    char shown[SHOWN_SIZE];
    const struct when_token *token = when_next(parse, 0);
    if (parse->why[0])
        WHEN_SAY(why, "%s", parse->why);
    else if (parse->count == 0)
        WHEN_SAY(why, "nothing was typed");
    else if (token->kind == WHEN_END)
        WHEN_SAY(why, "something is missing at the end");
    else if ((unsigned char)*token->word >= 0x80)
        WHEN_SAY(why, "times are read in English, with the digits 0 to 9");
    else {
        show(token->word, shown);
        WHEN_SAY(why, "\"%s\" is not understood", shown);
    }
}

static struct sw_status parse_with(const char *text, const struct when_context *context, struct when_parts *ret_parts,
                                   struct when *ret_when)
{
    char why[WHEN_WHY_SIZE] = "";
    struct when_parse parse = { 0 };
    if (strlen(text) > WHEN_TEXT_MAX)
        return refuse(text, "it is too long", context->bias);
    if (!when_tokens(text, &parse) || !when_read(&parse, ret_parts)) {
        explain(&parse, why);
        return refuse(text, why, context->bias);
    }
    if (!when_resolve(ret_parts, context, why, ret_when))
        return refuse(text, why, context->bias);
    return sw_ok();
}

static struct when_context context_of(int64_t now_ms, const struct sw_zone *zone, enum when_bias bias)
{
    int64_t part = now_ms % SW_SECOND_MS;
    return (struct when_context){ .now_ms = now_ms - (part < 0 ? part + SW_SECOND_MS : part),
                                  .zone = zone ? zone : sw_zone_utc(),
                                  .bias = bias };
}

struct sw_status when_parse(const char *text, int64_t now_ms, const struct sw_zone *zone, struct when *ret_when)
{
    struct when_context context = context_of(now_ms, zone, WHEN_PAST);
    struct when_parts parts;
    return parse_with(text, &context, &parts, ret_when);
}

/* The text behind "until" or "for"; whether it was there. */
static bool skip_word(const char **text, const char *word)
{
    const char *at = *text + strspn(*text, " \t\r\n");
    size_t length = strlen(word);
    if (strncasecmp(at, word, length) != 0 || (at[length] != ' ' && at[length] != '\t'))
        return false;
    *text = at + length;
    return true;
}

struct sw_status when_parse_until(const char *text, int64_t now_ms, const struct sw_zone *zone, struct when *ret_when)
{
    struct when_context context = context_of(now_ms, zone, WHEN_FUTURE);
    struct when_parts parts;
    struct when when;
    const char *rest = text;
    bool until = skip_word(&rest, "until") || skip_word(&rest, "till") || skip_word(&rest, "til");
    if (!until)
        (void)skip_word(&rest, "for"); /* may be missing */
    SW_TRY(parse_with(rest, &context, &parts, &when));
    if (parts.bare_number && !until)
        return refuse(text, "a bare number could be minutes or an hour", WHEN_FUTURE);
    if (when.at_ms <= context.now_ms)
        return refuse(text, "it is not after now", WHEN_FUTURE);
    *ret_when = when;
    return sw_ok();
}
