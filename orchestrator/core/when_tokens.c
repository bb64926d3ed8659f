/* SPDX-License-Identifier: Apache-2.0
 * Digits, letters and signs are tokens of their own even without a blank between them: "9jan", "14h30", "t14:00z". */
#include "orchestrator/core/when_internal.h"

#include "common/base/text.h"

#include <stdio.h>
#include <string.h>

static const char DIGITS[] = "0123456789";
static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

static bool is_letter(char c) { return c && strchr(LETTERS, c); }

/* Signs that look like ASCII ones, and blanks of other widths. */
static const struct {
    const char *from, to;
} LOOKALIKES[] = {
    { "\xE2\x88\x92", '-' },  /* minus */
    { "\xE2\x80\x90", '-' },  /* hyphen */
    { "\xE2\x80\x91", '-' },  /* no-break hyphen */
    { "\xE2\x80\x93", '-' },  /* en dash */
    { "\xE2\x80\x94", '-' },  /* em dash */
    { "\xE2\x80\x99", '\'' }, /* apostrophe */
    { "\xE2\x80\xAF", ' ' },  /* narrow no-break space */
    { "\xE2\x80\x89", ' ' },  /* thin space */
    { "\xC2\xA0", ' ' },      /* no-break space */
};

static size_t plain(const char *text, char *ret_sign)
{
    for (size_t i = 0; i < SW_COUNT(LOOKALIKES); i++)
        if (sw_starts_with(text, LOOKALIKES[i].from)) {
            *ret_sign = LOOKALIKES[i].to;
            return strlen(LOOKALIKES[i].from);
        }
    *ret_sign = *text;
    return 1;
}

/* A back-quote or a quotation mark around what was copied says nothing. */
static bool is_blank(char sign) { return strchr(" \t\r\n\v\f`\"", sign) != NULL; }

static bool put_word(struct when_token *token, enum when_token_kind kind, const char *text, size_t length)
{
    if (length >= sizeof token->word)
        return false;
    token->kind = kind;
    for (size_t i = 0; i < length; i++)
        token->word[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
    return true;
}

static bool put_number(struct when_token *token, const char *text, size_t length)
{
    if (length > WHEN_DIGITS_MAX)
        return false;
    token->digits = length;
    for (size_t i = 0; i < length; i++)
        token->value = token->value * 10 + (text[i] - '0');
    return put_word(token, WHEN_NUMBER, text, length);
}

/* "p.m." is one word, pm. Its length, or 0. */
static size_t dotted_half(const char *text, struct when_token *token)
{
    bool dotted = (text[0] | 0x20) == 'a' || (text[0] | 0x20) == 'p';
    if (!dotted || text[1] != '.' || (text[2] | 0x20) != 'm' || is_letter(text[3]))
        return 0;
    const char word[] = { text[0], text[2] };
    (void)put_word(token, WHEN_WORD, word, sizeof word); /* two letters fit */
    return text[3] == '.' ? 4 : 3;
}

/* Length of the token at text, 0 when it is too long. */
static size_t take_token(const char *text, struct when_token *token)
{
    size_t length = strspn(text, DIGITS);
    if (length > 0)
        return put_number(token, text, length) ? length : 0;
    length = dotted_half(text, token);
    if (length > 0)
        return length;
    length = strspn(text, LETTERS);
    if (length > 0)
        return put_word(token, WHEN_WORD, text, length) ? length : 0;
    char sign;
    length = plain(text, &sign);
    (void)put_word(token, WHEN_SIGN, &sign, 1); /* one byte fits */
    return length;
}

/* "2½": as 2.5. Its length, or 0. */
static size_t take_fraction(const char *text, struct when_parse *parse)
{
    static const struct {
        const char *sign, *digits;
    } FRACTIONS[] = { { "½", "5" }, { "¼", "25" }, { "¾", "75" } };
    for (size_t i = 0; i < SW_COUNT(FRACTIONS); i++) {
        const size_t length = strlen(FRACTIONS[i].sign);
        if (!sw_starts_with(text, FRACTIONS[i].sign) || parse->count + 2 > WHEN_TOKENS_MAX)
            continue;
        struct when_token *token = &parse->tokens[parse->count];
        parse->count += 2;
        (void)put_word(&token[0], WHEN_SIGN, ".", 1); /* both fit */
        (void)put_number(&token[1], FRACTIONS[i].digits, strlen(FRACTIONS[i].digits));
        return length;
    }
    return 0;
}

/* A sentence may end as sentences do. */
static void drop_end(struct when_parse *parse)
{
    while (parse->count > 0 && parse->tokens[parse->count - 1].kind == WHEN_SIGN &&
           strchr(".,;!", *parse->tokens[parse->count - 1].word))
        parse->tokens[--parse->count] = (struct when_token){ .kind = WHEN_END };
}

bool when_tokens(const char *text, struct when_parse *ret_parse)
{
    *ret_parse = (struct when_parse){ 0 };
    bool spaced = false;
    while (*text) {
        char sign;
        size_t length = plain(text, &sign);
        if (is_blank(sign)) {
            spaced = true;
            text += length;
            continue;
        }
        size_t fraction = take_fraction(text, ret_parse);
        if (fraction > 0) {
            text += fraction;
            spaced = false;
            continue;
        }
        struct when_token token = { .spaced = spaced };
        length = take_token(text, &token);
        if (length == 0 || ret_parse->count == WHEN_TOKENS_MAX) {
            WHEN_SAY(ret_parse->why, "it is too long");
            return false;
        }
        ret_parse->tokens[ret_parse->count++] = token;
        text += length;
        spaced = false;
    }
    drop_end(ret_parse);
    return true;
}

bool when_is(const struct when_token *token, const char *word)
{
    return (token->kind == WHEN_WORD || token->kind == WHEN_SIGN) && strcmp(token->word, word) == 0;
}

bool when_take(struct when_parse *parse, const char *word)
{
    if (!when_is(when_next(parse, 0), word))
        return false;
    parse->at++;
    return true;
}

bool when_is_number(const struct when_token *token, size_t min_digits, size_t max_digits)
{
    return token->kind == WHEN_NUMBER && token->digits >= min_digits && token->digits <= max_digits;
}
