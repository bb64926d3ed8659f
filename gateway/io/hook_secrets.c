/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/hook_secrets.h"

#include "common/base/text.h"
#include "common/io/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char PREFIX[] = "SLIPWAY_HOOK_SECRET_", SUFFIX[] = "_FILE";

/* The length of the source's name in NAME=VALUE; 0: it is another variable. */
static size_t source_length(const char *variable)
{
    if (!sw_starts_with(variable, PREFIX))
        return 0;
    size_t length = strcspn(variable + strlen(PREFIX), "="), tail = strlen(SUFFIX);
    if (length > tail && memcmp(variable + strlen(PREFIX) + length - tail, SUFFIX, tail) == 0)
        length -= tail;
    return length;
}

static bool is_there(const struct hook_secrets *secrets, const char *source)
{
    for (size_t i = 0; i < secrets->count; i++)
        if (sw_equal(secrets->list[i].source, source))
            return true;
    return false;
}

struct value {
    char *secret;
};

static struct sw_status read_value(const char *name, const struct sw_settings_source *source, char **ret_secret)
{
    const struct sw_setting row = { .name = name,
                                    .kind = SW_SETTING_SECRET,
                                    .offset = offsetof(struct value, secret),
                                    .required = true,
                                    .help = "the secret that the source signs with" };
    struct value value;
    SW_TRY(sw_settings_load(&row, 1, source, &value));
    if (strlen(value.secret) < HOOK_SECRET_MIN) {
        sw_settings_release(&row, 1, &value);
        return sw_fail(SW_CODE_CONFIG, "%s is shorter than %d characters HINT: openssl rand -hex 32 makes a good one",
                       name, HOOK_SECRET_MIN);
    }
    *ret_secret = value.secret;
    return sw_ok();
}

static struct sw_status add(const char *variable, size_t length, const struct sw_settings_source *source,
                            struct hook_secrets *secrets)
{
    char name[128];
    struct hook_secret *secret = &secrets->list[secrets->count];
    (void)snprintf(name, sizeof name, "%s%.*s", PREFIX, (int)length, variable + strlen(PREFIX)); /* cut: no source */
    if (!hook_source_read(variable + strlen(PREFIX), length, secret->source))
        return sw_fail(SW_CODE_CONFIG, "%s: a source is named by at most %d letters, digits and underscores", name,
                       HOOK_SOURCE_SIZE - 1);
    if (is_there(secrets, secret->source))
        return sw_ok(); /* as a value and as a file: the value counts, as everywhere */
    if (secrets->count + 1 == HOOK_SOURCES_MAX)
        return sw_fail(SW_CODE_CONFIG, "%s: there are more than %d sources of webhooks", name, HOOK_SOURCES_MAX - 1);
    SW_TRY(read_value(name, source, &secret->secret));
    secrets->count++;
    return sw_ok();
}

struct sw_status hook_secrets_load(char *const *environment, const struct sw_settings_source *source,
                                   struct hook_secrets *ret_secrets)
{
    struct hook_secrets secrets = { .count = 0 };
    for (; *environment; environment++) {
        size_t length = source_length(*environment);
        struct sw_status status = length > 0 ? add(*environment, length, source, &secrets) : sw_ok();
        if (sw_failed(status)) {
            hook_secrets_release(&secrets);
            return status;
        }
    }
    *ret_secrets = secrets;
    return sw_ok();
}

void hook_secrets_release(struct hook_secrets *secrets)
{
    for (size_t i = 0; i < secrets->count; i++) {
        crypto_wipe(secrets->list[i].secret, strlen(secrets->list[i].secret));
        free(secrets->list[i].secret);
    }
    secrets->count = 0;
}
