/* SPDX-License-Identifier: Apache-2.0
 * slack_people: the cast and the user groups. */
#include "deploy/sandbox/slack/slack_people.h"

#include "common/base/text.h"
#include "common/io/zones.h"
#include "common/rt/clock.h"

#include <assert.h>
#include <stdio.h>

#define EMAIL_DOMAIN "@example.com"

static const struct slack_user USERS[] = {
    { .id = "U0ALICE0001", .name = "alice", .real_name = "Alice Adler", .tz = "America/New_York" },
    { .id = "U0BOB000001", .name = "bob", .real_name = "Bob Brandt", .tz = "Europe/Berlin" },
    { .id = "U0CAROL0001", .name = "carol", .real_name = "Carol Costa", .tz = "UTC" },
    { .id = "U0GUS000001",
      .name = "gus",
      .real_name = "Gus (guest)",
      .tz = "America/Los_Angeles",
      .is_restricted = true },
    { .id = SLACK_BOT_USER,
      .name = "slipway",
      .real_name = "Slipway",
      .tz = "America/Los_Angeles",
      .bot_id = SLACK_BOT_ID,
      .app_id = SLACK_APP_ID,
      .is_bot = true },
    { .id = "USLACKBOT",
      .name = "slackbot",
      .real_name = "Slackbot",
      .tz = "America/Los_Angeles",
      .is_slackbot = true },
    { .id = "U0ERIN00001", .name = "erin", .real_name = "Erin Extern", .tz = "Asia/Tokyo", .team_id = "T0PARTNER01" },
    { .id = "U0PAGER0001",
      .name = "pager",
      .real_name = "Pager",
      .tz = "America/Los_Angeles",
      .bot_id = "B0PAGER0001",
      .app_id = "A0PAGER0001",
      .is_bot = true },
};
static_assert(SW_COUNT(USERS) <= SLACK_MAX_USERS, "a set of members has a bit for each user");

/* What Slack calls a zone, in winter and in summer. */
static const struct {
    const char *tz, *label, *summer_label;
} ZONE_LABELS[] = {
    { "UTC", "Coordinated Universal Time", "Coordinated Universal Time" },
    { "America/New_York", "Eastern Standard Time", "Eastern Daylight Time" },
    { "America/Los_Angeles", "Pacific Standard Time", "Pacific Daylight Time" },
    { "Europe/Berlin", "Central European Time", "Central European Summer Time" },
    { "Asia/Tokyo", "Japan Standard Time", "Japan Standard Time" },
};

static const struct slack_group GROUPS[] = {
    { "S0RELEASE01", "release", "Release managers", "May ship to production",
      (const char *const[]){ "U0ALICE0001", "U0BOB000001", NULL } },
    { "S0ONCALL001", "oncall", "On call", "Look at incidents first",
      (const char *const[]){ "U0BOB000001", "U0CAROL0001", NULL } },
};

const struct slack_user *slack_users(size_t *ret_count)
{
    *ret_count = SW_COUNT(USERS);
    return USERS;
}

const struct slack_user *slack_user_find(const char *id_or_name)
{
    if (id_or_name && id_or_name[0] == '@')
        id_or_name++;
    for (size_t i = 0; id_or_name && i < SW_COUNT(USERS); i++)
        if (sw_equal(USERS[i].id, id_or_name) || sw_equal(USERS[i].name, id_or_name))
            return &USERS[i];
    return NULL;
}

static const char *email_of(const struct slack_user *user, char ret_email[64])
{
    (void)snprintf(ret_email, 64, "%s%s", user->name, EMAIL_DOMAIN);
    return ret_email;
}

const struct slack_user *slack_user_by_email(const char *email)
{
    char own[64];
    for (size_t i = 0; email && i < SW_COUNT(USERS); i++)
        if (!USERS[i].is_bot && !USERS[i].is_slackbot && sw_equal(email_of(&USERS[i], own), email))
            return &USERS[i];
    return NULL;
}

size_t slack_user_index(const struct slack_user *user) { return (size_t)(user - USERS); }
const char *slack_user_team(const struct slack_user *user) { return user->team_id ? user->team_id : SLACK_TEAM_ID; }
bool slack_user_is_app(const struct slack_user *user) { return sw_equal(user->id, SLACK_BOT_USER); }

static json_t *profile_new(const struct slack_user *user)
{
    char email[64];
    json_t *profile = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "real_name", user->real_name, "display_name",
                                user->name, "real_name_normalized", user->real_name, "display_name_normalized",
                                user->name, "team", slack_user_team(user), "title", "", "status_text", "");
    if (user->is_bot) {
        (void)jx_set_string(profile, "bot_id", user->bot_id);
        (void)jx_set_string(profile, "api_app_id", user->app_id);
    } else if (!user->is_slackbot) {
        (void)jx_set_string(profile, "email", email_of(user, email));
    }
    return profile;
}

static const char *zone_label(const char *tz, bool summer)
{
    for (size_t i = 0; i < SW_COUNT(ZONE_LABELS); i++)
        if (sw_equal(ZONE_LABELS[i].tz, tz))
            return summer ? ZONE_LABELS[i].summer_label : ZONE_LABELS[i].label;
    return tz;
}

static void add_zone(json_t *json, struct zones *zones, const char *tz)
{
    const struct sw_zone *zone = sw_zone_utc();
    if (sw_failed(zones_get(zones, tz, &zone)))
        zone = sw_zone_utc();
    struct sw_zone_clock clock = sw_zone_clock_at(zone, sw_wall_ms());
    (void)jx_set_string(json, "tz", tz);
    (void)jx_set_string(json, "tz_label", zone_label(tz, clock.dst));
    (void)jx_set_i64(json, "tz_offset", clock.offset_s);
}

json_t *slack_user_json_new(struct zones *zones, const struct slack_user *user)
{
    json_t *json = json_pack("{s:s,s:s,s:s,s:b,s:s,s:b,s:b,s:b,s:b,s:b,s:b,s:b,s:i,s:o}", "id", user->id, "team_id",
                             slack_user_team(user), "name", user->name, "deleted", 0, "real_name", user->real_name,
                             "is_admin", sw_equal(user->name, "alice"), "is_owner", 0, "is_primary_owner", 0,
                             "is_restricted", user->is_restricted, "is_ultra_restricted", 0, "is_bot", user->is_bot,
                             "is_app_user", 0, "updated", 1600000000, "profile", profile_new(user));
    add_zone(json, zones, user->tz);
    if (user->team_id)
        (void)jx_set_take(json, "is_stranger", json_true());
    return json;
}

const struct slack_group *slack_groups(size_t *ret_count)
{
    *ret_count = SW_COUNT(GROUPS);
    return GROUPS;
}

const struct slack_group *slack_group_find(const char *id_or_handle)
{
    for (size_t i = 0; id_or_handle && i < SW_COUNT(GROUPS); i++)
        if (sw_equal(GROUPS[i].id, id_or_handle) || sw_equal(GROUPS[i].handle, id_or_handle))
            return &GROUPS[i];
    return NULL;
}

json_t *slack_group_users_new(const struct slack_group *group)
{
    json_t *users = json_array();
    for (const char *const *user = group->users; *user; user++)
        (void)json_array_append_new(users, json_string(*user));
    return users;
}

json_t *slack_group_json_new(const struct slack_group *group, bool with_users)
{
    json_t *users = slack_group_users_new(group);
    json_t *json =
        json_pack("{s:s,s:s,s:b,s:s,s:s,s:s,s:b,s:i,s:i,s:i,s:s,s:i}", "id", group->id, "team_id", SLACK_TEAM_ID,
                  "is_usergroup", 1, "name", group->name, "handle", group->handle, "description", group->description,
                  "is_external", 0, "date_create", 1600000000, "date_update", 1600000000, "date_delete", 0,
                  "created_by", "U0ALICE0001", "user_count", (int)json_array_size(users));
    if (with_users)
        (void)json_object_set(json, "users", users);
    json_decref(users);
    return json;
}
