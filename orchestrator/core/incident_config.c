/* SPDX-License-Identifier: Apache-2.0
 * Levels that the file does not describe are the five of LEVELS; a key that a level leaves out is that of the level of
 * the same number here. */
#include "orchestrator/core/incident_config.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/config_check.h"

#include <stdio.h>
#include <string.h>

enum { SECOND_MS = 1000 };

static const struct {
    const char *emoji, *description, *aliases;
    bool high, review, report;
    int64_t point_s, comms_s, initial_s, update_s;
} LEVELS[] = {
    { "fire", "Critical: many customers cannot work, or data is at risk. Everybody who can help does.",
      "hi high critical crit", true, true, true, 180, 120, 360, 1800 },
    { "fire", "Serious, but not for everybody: a part is down or badly degraded.", "mid med medium normal", true, true,
      true, 1800, 1200, 360, 3600 },
    { "dash", "Minor: few are affected, and a fix is wanted soon.", "lo low lite light", false, false, false, 1800,
      1200, 600, 0 },
    { "heavy_multiplication_x", "No incident: ordinary work for the backlog.", "backlog none", false, false, false, 0,
      0, 0, 0 },
    { "heavy_multiplication_x", "A false alarm, or nothing that will be fixed.", "wontfix", false, false, false, 0, 0,
      0, 0 },
};

static const json_t *section(const struct config *config)
{
    return config ? config_section(config, "incidents") : NULL;
}

bool incident_configured(const struct config *config) { return section(config) != NULL; }

/* ---- room sets ---- */

static const json_t *room_named(const struct config *config, const char *name)
{
    const json_t *rooms = json_object_get(section(config), "rooms");
    for (size_t i = 0; *name && i < json_array_size(rooms); i++)
        if (sw_equal(jx_string(json_array_get(rooms, i), "name"), name))
            return json_array_get(rooms, i);
    return NULL;
}

const json_t *incident_setting(const struct config *config, const char *room, const char *key)
{
    const json_t *own = json_object_get(room_named(config, room), key);
    return own ? own : json_object_get(section(config), key);
}

const char *incident_setting_text(const struct config *config, const char *room, const char *key)
{
    const char *text = json_string_value(incident_setting(config, room, key));
    return text ? text : "";
}

static int64_t duration_ms(const json_t *value, int64_t preset)
{
    int64_t ms = preset;
    if (json_is_integer(value))
        return json_integer_value(value) * SECOND_MS; /* 0, the only number that the rules let through */
    if (json_is_string(value) && !sw_duration_parse(json_string_value(value), &ms))
        return preset;
    return ms;
}

int64_t incident_setting_ms(const struct config *config, const char *key, int64_t preset)
{
    return duration_ms(json_object_get(section(config), key), preset);
}

static bool has_text(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (sw_equal(json_string_value(json_array_get(list, i)), text))
            return true;
    return false;
}

const char *incident_room_for(const struct config *config, const char *channel, const char *service)
{
    const json_t *rooms = json_object_get(section(config), "rooms");
    const char *found = "";
    for (size_t i = 0; i < json_array_size(rooms); i++) {
        const json_t *room = json_array_get(rooms, i);
        if (*channel && sw_equal(jx_string(room, "main"), channel))
            return jx_string_or(room, "name", "");
        if (!*found && *service && has_text(json_object_get(room, "services"), service))
            found = jx_string_or(room, "name", "");
    }
    return found;
}

bool incident_is_main(const struct config *config, const char *channel)
{
    const json_t *rooms = json_object_get(section(config), "rooms");
    if (sw_equal(jx_string(section(config), "main"), channel))
        return true;
    for (size_t i = 0; i < json_array_size(rooms); i++)
        if (sw_equal(jx_string(json_array_get(rooms, i), "main"), channel))
            return true;
    return false;
}

/* ---- levels ---- */

static void preset_level(int64_t n, struct incident_level *level)
{
    *level = (struct incident_level){ .n = n, .emoji = "grey_question", .description = "" };
    (void)snprintf(level->name, sizeof level->name, "P%lld", (long long)n);
    if (n < 1 || n > (int64_t)SW_COUNT(LEVELS))
        return;
    size_t i = (size_t)n - 1;
    level->emoji = LEVELS[i].emoji;
    level->description = LEVELS[i].description;
    level->high = LEVELS[i].high;
    level->review = LEVELS[i].review;
    level->report = LEVELS[i].report;
    level->nag_ms[INCIDENT_NAG_POINT] = LEVELS[i].point_s * SECOND_MS;
    level->nag_ms[INCIDENT_NAG_COMMS] = LEVELS[i].comms_s * SECOND_MS;
    level->nag_ms[INCIDENT_NAG_INITIAL] = LEVELS[i].initial_s * SECOND_MS;
    level->nag_ms[INCIDENT_NAG_UPDATE] = LEVELS[i].update_s * SECOND_MS;
}

static void read_level(const json_t *said, struct incident_level *level)
{
    const json_t *nag = json_object_get(said, "nag");
    const char *name = jx_string(said, "name");
    static const char *const NAGS[INCIDENT_NAG_KINDS] = { "point", "comms", "initial", "update" };
    if (name)
        (void)sw_copy(level->name, sizeof level->name, name); /* measured when the file was read */
    level->emoji = jx_string_or(said, "emoji", level->emoji);
    level->description = jx_string_or(said, "description", level->description);
    level->url = jx_string(said, "url");
    level->aliases = json_object_get(said, "aliases");
    level->high = jx_bool_or(said, "high", level->high);
    level->review = jx_bool_or(said, "review", level->review);
    level->report = jx_bool_or(said, "report", level->report);
    for (size_t i = 0; i < INCIDENT_NAG_KINDS; i++)
        level->nag_ms[i] = duration_ms(json_object_get(nag, NAGS[i]), nag ? 0 : level->nag_ms[i]);
}

bool incident_level(const struct config *config, int64_t n, struct incident_level *ret_level)
{
    const json_t *levels = json_object_get(section(config), "priorities");
    char key[24];
    preset_level(n, ret_level);
    (void)snprintf(key, sizeof key, "%lld", (long long)n);
    const json_t *said = json_object_get(levels, key);
    if (said)
        read_level(said, ret_level);
    return levels ? said != NULL : n >= 1 && n <= (int64_t)SW_COUNT(LEVELS);
}

int64_t incident_default_priority(const struct config *config)
{
    return jx_i64_or(section(config), "default_priority", 2);
}

/* The index-th of the words. */
static bool word_at(const char *words, size_t index, char ret_word[PROTO_NAME_SIZE])
{
    for (; index > 0 && *words; index--) {
        words += strcspn(words, " ");
        words += strspn(words, " ");
    }
    size_t length = strcspn(words, " ");
    if (length == 0 || length >= PROTO_NAME_SIZE)
        return false;
    memcpy(ret_word, words, length);
    ret_word[length] = '\0';
    return true;
}

bool incident_level_alias(const struct incident_level *level, size_t index, char ret_alias[PROTO_NAME_SIZE])
{
    if (level->aliases) {
        const char *alias = json_string_value(json_array_get(level->aliases, index));
        return alias && sw_copy(ret_alias, PROTO_NAME_SIZE, alias);
    }
    bool built_in = level->n >= 1 && level->n <= (int64_t)SW_COUNT(LEVELS);
    return built_in && word_at(LEVELS[level->n - 1].aliases, index, ret_alias);
}

static bool called(const struct incident_level *level, const char *text)
{
    char alias[PROTO_NAME_SIZE];
    if (sw_compare_folded(level->name, text) == 0)
        return true;
    for (size_t i = 0; incident_level_alias(level, i, alias); i++)
        if (sw_compare_folded(alias, text) == 0)
            return true;
    return false;
}

bool incident_priority_parse(const struct config *config, const char *text, int64_t *ret_n)
{
    struct incident_level level;
    int64_t n;
    const char *digits = *text == 'p' || *text == 'P' ? text + 1 : text;
    if (sw_parse_i64(digits, 0, INT32_MAX, &n)) {
        if (!incident_level(config, n, &level))
            return false;
        *ret_n = n;
        return true;
    }
    for (n = 1; n <= INCIDENT_MAX_LEVELS; n++)
        if (incident_level(config, n, &level) && called(&level, text)) {
            *ret_n = n;
            return true;
        }
    return false;
}

bool incident_level_holds(const struct config *config, int64_t n)
{
    const json_t *hold = json_object_get(section(config), "hold");
    const json_t *listed = json_object_get(hold, "priorities");
    if (!listed)
        return n == 1 || n == 2;
    for (size_t i = 0; i < json_array_size(listed); i++)
        if (json_integer_value(json_array_get(listed, i)) == n)
            return true;
    return false;
}
