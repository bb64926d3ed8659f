/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/command_names.h"

#include "common/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FAMILY_NAME_(name, text) [COMMAND_##name] = (text),
static const char *const FAMILIES[] = { COMMAND_FAMILIES(FAMILY_NAME_) };

void command_names_preset(struct command_names *ret_names)
{
    for (size_t i = 0; i < COMMAND_FAMILY_COUNT; i++) /* the literals fit */
        (void)snprintf(ret_names->typed[i], COMMAND_NAME_SIZE, "/%s", FAMILIES[i]);
}

/* One "family=/name". */
static struct sw_status parse_entry(const char *entry, size_t length, struct command_names *names)
{
    for (size_t i = 0; i < COMMAND_FAMILY_COUNT; i++) {
        size_t family = strlen(FAMILIES[i]);
        if (length < family + 3 || memcmp(entry, FAMILIES[i], family) != 0 || entry[family] != '=')
            continue;
        size_t name_length = length - family - 1;
        if (entry[family + 1] != '/' || name_length >= COMMAND_NAME_SIZE)
            break;
        memcpy(names->typed[i], entry + family + 1, name_length);
        names->typed[i][name_length] = '\0';
        return sw_ok();
    }
    return sw_fail(
        SW_CODE_CONFIG,
        "\"%.*s\" is no command name HINT: write deploy=/deploy,check_status=/check_status,incident=/incident",
        (int)length, entry);
}

struct sw_status command_names_parse(const char *text, struct command_names *ret_names)
{
    struct command_names names;
    command_names_preset(&names);
    while (*text) {
        text += strspn(text, ", ");
        size_t length = strcspn(text, ", ");
        if (length > 0)
            SW_TRY(parse_entry(text, length, &names));
        text += length;
    }
    *ret_names = names;
    return sw_ok();
}

bool command_names_find(const struct command_names *names, const char *typed, enum command_family *ret_family)
{
    for (size_t i = 0; i < COMMAND_FAMILY_COUNT; i++) {
        if (strcasecmp(names->typed[i], typed) == 0) {
            *ret_family = (enum command_family)i;
            return true;
        }
    }
    return false;
}
