/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/redact.h"

#include "common/base/attrs.h"

#include <stdbool.h>
#include <string.h>

/* What comes before a secret; the secret is the run of other characters than these behind it. */
static const struct secret_form {
    const char *prefix;
    size_t min_bytes; /* shorter runs are no secrets: "v0=" in a sentence */
} FORMS[] = {
    { "xoxb-", 4 },      { "xoxp-", 4 },     { "xoxa-", 4 }, { "xoxe-", 4 },
    { "xoxe.", 4 },      { "xoxs-", 4 },     { "xoxr-", 4 }, { "xapp-", 4 },
    { "Bearer ", 4 },    { "bearer ", 4 },   { "v0=", 32 },  { "hooks.slack.com/", 1 },
    { "/commands/", 1 }, { "/actions/", 1 },
};

static bool ends_secret(char byte) { return !byte || strchr(" \t\r\n\"'<>,;&|)", byte) != NULL; }

static size_t secret_length(const char *text)
{
    size_t length = 0;
    while (!ends_secret(text[length]))
        length++;
    return length;
}

/* Replaces the secret by *** and closes the gap. */
static void hide(char *secret, size_t length)
{
    size_t stars = length < 3 ? length : 3;
    memset(secret, '*', stars);
    memmove(secret + stars, secret + length, strlen(secret + length) + 1);
}

static void redact_form(char *text, const struct secret_form *form)
{
    size_t prefix_length = strlen(form->prefix);
    for (char *at = strstr(text, form->prefix); at; at = strstr(at + prefix_length, form->prefix)) {
        char *secret = at + prefix_length;
        size_t length = secret_length(secret);
        if (length >= form->min_bytes)
            hide(secret, length);
    }
}

void sw_redact(char *text)
{
    for (size_t i = 0; i < SW_COUNT(FORMS); i++)
        redact_form(text, &FORMS[i]);
}
