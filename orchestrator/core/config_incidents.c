/* SPDX-License-Identifier: Apache-2.0
 * The `incidents` section, as tables of keys. Read from the bottom. */
#include "orchestrator/core/config_check.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void rule_flag(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_boolean(value))
        config_error(check, path, "must be true or false");
}

static void rule_slack_id(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_string(value) || !config_name_valid(json_string_value(value)))
        config_error(check, path, "must be an id of Slack HINT: such as U0123 or S0123, not a name");
}

static void rule_slack_ids(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 256, rule_slack_id);
}

/* One order invites them, with those who have a part in it. */
static void rule_invite(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 90, rule_slack_id);
}

static void rule_url(struct config_check *check, const char *path, const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text || (!sw_starts_with(text, "https://") && !sw_starts_with(text, "http://")) || strlen(text) > 1000)
        config_error(check, path, "must be a URL that begins with https:// or http://");
}

static void rule_prefix(struct config_check *check, const char *path, const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text || !*text || strlen(text) > 40 || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(text))
        config_error(check, path,
                     "must begin channel names HINT: lower-case letters, digits, - and _; at most 40, such as inc-");
}

static void rule_short_text(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_text(check, path, value);
    if (json_is_string(value) && (sw_blank(json_string_value(value)) || strlen(json_string_value(value)) > 500))
        config_error(check, path, "must not be empty, and not be longer than 500 bytes");
}

static bool number_valid(const char *name) { return strlen(name) == 1 && *name >= '1' && *name <= '9'; }

static void rule_priority(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > 9)
        config_error(check, path, "must be the number of a priority, 1 to 9");
}

static void rule_priority_numbers(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 9, rule_priority);
}

/* ---- priorities ---- */

static const struct config_key NAG[] = {
    { "point", false, config_rule_duration, "how often people are reminded that nobody is on point; `0`: never" },
    { "comms", false, config_rule_duration, "the same for comms" },
    { "initial", false, config_rule_duration, "how long a first update may take" },
    { "update", false, config_rule_duration, "how old the newest update may become" },
};

static void rule_nag(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, NAG, SW_COUNT(NAG));
}

static void rule_alias(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_name(check, path, value);
}

static void rule_aliases(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 16, rule_alias);
}

static const struct config_key LEVEL[] = {
    { "name", false, config_rule_name, "what people call it. Default: `P` and its number" },
    { "emoji", false, config_rule_name, "an emoji's name, without colons" },
    { "description", false, rule_short_text, "shown by `.priorities`" },
    { "url", false, rule_url, "where more is written about it" },
    { "aliases", false, rule_aliases, "words that mean it: `.priority high`" },
    { "high", false, rule_flag, "announced to everybody, and in the notify channel" },
    { "review", false, rule_flag, "it is completed only after a review" },
    { "report", false, rule_flag, "a report is drafted when it is completed" },
    { "nag", false, rule_nag, "when people are reminded; given, it replaces all four of the default" },
};

static void rule_level(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, LEVEL, SW_COUNT(LEVEL));
}

static void rule_levels(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, number_valid, "a number from 1 to 9", rule_level);
    if (json_is_object(value) && json_object_size(value) == 0)
        config_error(check, path, "is empty: an incident needs a priority");
}

/* ---- quiet hours, escalation, runbooks ---- */

static void rule_clock(struct config_check *check, const char *path, const json_t *value)
{
    const char *text = json_string_value(value);
    bool valid = text && strlen(text) == 5 && text[2] == ':' && strspn(text, "0123456789:") == 5 &&
                 strtol(text, NULL, 10) < 24 && strtol(text + 3, NULL, 10) < 60;
    if (!valid)
        config_error(check, path, "must be a time of day HINT: \"22:00\", in quotes");
}

static void rule_zone(struct config_check *check, const char *path, const json_t *value)
{
    const char *text = json_string_value(value);
    static const char KNOWN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";
    if (!text || !*text || strlen(text) >= PROTO_NAME_SIZE || *text == '/' || strspn(text, KNOWN) != strlen(text))
        config_error(check, path, "must be the name of a time zone HINT: such as Europe/Berlin or UTC");
}

static const struct config_key QUIET[] = {
    { "from", true, rule_clock, "when they begin: `\"22:00\"`" },
    { "to", true, rule_clock, "when they end; on the next day when it is earlier" },
    { "zone", false, rule_zone, "the time zone's name. Default: `UTC`" },
    { "priorities", false, rule_priority_numbers, "for which priorities. Default: `[3, 4, 5, 6, 7, 8, 9]`" },
};

static void rule_quiet(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, QUIET, SW_COUNT(QUIET));
}

static void rule_count(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > 100)
        config_error(check, path, "must be a number from 1 to 100");
}

static const struct config_key ESCALATE[] = {
    { "after", true, rule_count, "after how many reminders of one kind without effect" },
    { "to", true, rule_slack_ids, "people (`U...`) and user groups (`S...`) who are called then" },
};

static void rule_escalate(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, ESCALATE, SW_COUNT(ESCALATE));
}

static const struct config_key RUNBOOKS[] = {
    { "root", false, rule_url, "how incidents are handled" },
    { "point", false, rule_url, "for those on point; so on. Default: `root`" },
    { "comms", false, rule_url, "for those on comms" },
    { "triage", false, rule_url, "for those on triage" },
    { "eng", false, rule_url, "for the engineering lead" },
};

static void rule_runbooks(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, RUNBOOKS, SW_COUNT(RUNBOOKS));
}

/* ---- who may ---- */

static bool verb_valid(const char *name) { return sw_equal(name, "declare") || incident_verb_find(name); }

static const struct config_key ALLOW[] = {
    { "users", false, rule_slack_ids, "ids of people (`U...`) who may" },
    { "groups", false, rule_slack_ids, "ids of user groups (`S...`) whose members may" },
    { "channels", false, rule_slack_ids, "ids of channels from which alone it may be said" },
};

static void rule_allow_verb(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, ALLOW, SW_COUNT(ALLOW));
}

static void rule_allow(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, verb_valid, "a verb of incidents such as cancel, complete or declare",
                     rule_allow_verb);
}

/* ---- room sets ---- */

static const struct config_key ROOM[] = {
    { "name", true, config_rule_name, "what it is called" },
    { "main", true, config_rule_channel, "its main channel" },
    { "notify", false, config_rule_channel, "its notify channel" },
    { "prefix", false, rule_prefix, "its channels' prefix" },
    { "invite", false, rule_invite, "who is invited to its channels" },
    { "services", false, config_rule_names, "services whose incidents belong here" },
    { "tracker", false, config_rule_tracker, "its tracker instead of the common one" },
    { "report", false, config_rule_report, "its reports instead of the common ones" },
    { "status_page", false, config_rule_status_page, "its status page instead of the common one" },
};

static void rule_room(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, ROOM, SW_COUNT(ROOM));
}

static void rule_rooms(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 32, rule_room);
}

static const struct config_key HOLD[] = {
    { "priorities", true, rule_priority_numbers,
      "an incident of these priorities on a service keeps its deployments from starting; `[]`: none does" },
};

static void rule_hold(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, HOLD, SW_COUNT(HOLD));
}

static const struct config_key INCIDENTS[] = {
    { "main", true, config_rule_channel, "the channel in which incidents are declared and announced" },
    { "notify", false, config_rule_channel, "a channel that hears of incidents of high priority alone" },
    { "prefix", false, rule_prefix, "what names of incidents' channels begin with. Default: `inc-`" },
    { "invite", false, rule_invite, "people who are invited to every incident's channel" },
    { "archive_after", false, config_rule_duration,
      "how long after its end an incident's channel is archived. Default: `24h`" },
    { "nag_grid", false, config_rule_duration,
      "reminders are sent at multiples of it after the declaration; `0`: exactly when they are due. Default: `1s`" },
    { "priorities", false, rule_levels, "priorities by number. Default: five, P1 to P5" },
    { "default_priority", false, rule_priority, "of an incident that is declared without one. Default: `2`" },
    { "quiet_hours", false, rule_quiet, "when nobody is reminded" },
    { "escalate", false, rule_escalate, "who is called when reminders have no effect" },
    { "runbooks", false, rule_runbooks, "where it is written what to do" },
    { "oncall_tips", false, rule_short_text, "a text for the first message of an incident's channel" },
    { "components_url", false, rule_url, "where known components are listed" },
    { "strict_components", false, rule_flag, "only components that the tracker knows are accepted" },
    { "allow", false, rule_allow, "who may, by verb: `{cancel: {groups: [S0123]}}`; a verb that is absent: everybody" },
    { "rooms", false, rule_rooms, "other main channels, for other teams or services" },
    { "hold", false, rule_hold, "which incidents hold deployments. Default: priorities 1 and 2" },
    { "tracker", false, config_rule_tracker, "an issue for each incident" },
    { "report", false, config_rule_report, "where the document of a review is written" },
    { "status_page", false, config_rule_status_page, "a status page that is told how an incident stands" },
};

void config_rule_incidents(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, INCIDENTS, SW_COUNT(INCIDENTS));
}

/* ---- what one key says of another ---- */

static void check_number(struct config_check *check, const char *path, int64_t n, const json_t *levels)
{
    char key[24];
    (void)snprintf(key, sizeof key, "%lld", (long long)n);
    if (levels ? json_object_get(levels, key) == NULL : n < 1 || n > 5)
        config_error(check, path, "no priority %s HINT: it must stand under incidents.priorities", key);
}

static void check_room_services(struct config_check *check, const json_t *room, size_t index, const json_t *services)
{
    const json_t *list = json_object_get(room, "services");
    char path[CONFIG_PATH_SIZE];
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        (void)snprintf(path, sizeof path, "incidents.rooms[%zu].services[%zu]", index, i);
        if (name && !json_object_get(services, name))
            config_error(check, path, "no service \"%s\" HINT: it must stand under services", name);
    }
}

void config_check_incident_references(struct config_check *check, const json_t *root)
{
    const json_t *incidents = json_object_get(root, "incidents"), *rooms = json_object_get(incidents, "rooms");
    const json_t *levels = json_object_get(incidents, "priorities");
    if (!json_is_object(incidents))
        return;
    check_number(check, "incidents.default_priority", jx_i64_or(incidents, "default_priority", 2), levels);
    for (size_t i = 0; i < json_array_size(rooms); i++)
        check_room_services(check, json_array_get(rooms, i), i, json_object_get(root, "services"));
}

#define SECTION(path, what, keys)                                                                                      \
    {                                                                                                                  \
        path, what, keys, SW_COUNT(keys)                                                                               \
    }
const struct config_section CONFIG_INCIDENT_SECTIONS[] = {
    SECTION("incidents", "incidents, see [incidents](incidents.md)", INCIDENTS),
    SECTION("incidents.priorities.NUMBER", "a priority", LEVEL),
    SECTION("incidents.priorities.NUMBER.nag", "when people are reminded while an incident of it is not mitigated",
            NAG),
    SECTION("incidents.quiet_hours", "when nobody is reminded", QUIET),
    SECTION("incidents.escalate", "who is called when reminders have no effect", ESCALATE),
    SECTION("incidents.runbooks", "where it is written what to do", RUNBOOKS),
    SECTION("incidents.allow.VERB", "who may use a verb, and from where", ALLOW),
    SECTION("incidents.rooms[]", "another main channel", ROOM),
    SECTION("incidents.hold", "which incidents hold deployments", HOLD),
};
const size_t CONFIG_INCIDENT_SECTION_COUNT = SW_COUNT(CONFIG_INCIDENT_SECTIONS);
