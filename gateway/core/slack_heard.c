/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/slack_heard.h"

#include "common/base/text.h"
#include "gateway/core/incident_parse.h"

#include <string.h>

/* One event while it is read. */
struct reading {
    const json_t *event;
    const char *self; /* our own user id; "" when the event does not say */
    const char *reactions;
    struct slack_heard *heard;
};

static const char *text_of(const json_t *object, const char *key) { return jx_string_or(object, key, ""); }

static void change(struct reading *reading, const char *what)
{
    reading->heard->kind = SLACK_HEARD_CHANGE;
    reading->heard->what = what;
}

static bool is_self(const struct reading *reading, const char *user) { return *user && sw_equal(user, reading->self); }

static bool of_a_person(const struct reading *reading, const json_t *message)
{
    const char *user = text_of(message, "user");
    return *user && !is_self(reading, user) && !jx_string(message, "bot_id") &&
           !json_object_get(message, "bot_profile") && !sw_equal(user, "USLACKBOT");
}

/* ---- messages ---- */

static void read_said(struct reading *reading)
{
    struct slack_heard *heard = reading->heard;
    const char *subtype = jx_string(reading->event, "subtype");
    bool plain = !subtype || sw_equal(subtype, "thread_broadcast") || sw_equal(subtype, "file_share");
    heard->text = text_of(reading->event, "text");
    heard->ts = text_of(reading->event, "ts");
    heard->thread_ts = text_of(reading->event, "thread_ts");
    if (plain && of_a_person(reading, reading->event) && !jx_bool_or(reading->event, "hidden", false) &&
        incident_is_dot_word(heard->text) && *heard->ts)
        heard->kind = SLACK_HEARD_DOT;
}

static void read_of_message(struct reading *reading, const json_t *message, const char *ts)
{
    struct slack_heard *heard = reading->heard;
    heard->user = text_of(message, "user");
    heard->actor = heard->user; /* Slack does not say who deleted it */
    heard->ts = ts;
    heard->thread_ts = text_of(message, "thread_ts");
    heard->text = text_of(message, "text");
}

/* Unfurled links and answers in the thread change a message too, but not what it says. */
static void read_edited(struct reading *reading)
{
    const json_t *message = json_object_get(reading->event, "message"),
                 *before = json_object_get(reading->event, "previous_message");
    if (sw_equal(jx_string(message, "subtype"), "tombstone")) { /* deleted, but its thread is there still */
        if (!of_a_person(reading, before))
            return;
        read_of_message(reading, before, text_of(message, "ts"));
        change(reading, "deleted");
        return;
    }
    if (!of_a_person(reading, message) || sw_equal(text_of(message, "text"), text_of(before, "text")))
        return;
    read_of_message(reading, message, text_of(message, "ts"));
    change(reading, "edited");
}

static void read_deleted(struct reading *reading)
{
    const json_t *before = json_object_get(reading->event, "previous_message");
    if (!of_a_person(reading, before))
        return;
    read_of_message(reading, before, text_of(reading->event, "deleted_ts"));
    change(reading, "deleted");
}

static void read_message(struct reading *reading)
{
    const char *subtype = text_of(reading->event, "subtype");
    if (sw_equal(subtype, "message_changed"))
        read_edited(reading);
    else if (sw_equal(subtype, "message_deleted"))
        read_deleted(reading);
    else
        read_said(reading);
}

/* Only at the beginning: people talk about us too. */
static void read_mention(struct reading *reading)
{
    struct slack_heard *heard = reading->heard;
    const char *text = text_of(reading->event, "text");
    text += strspn(text, " ");
    const char *end = sw_starts_with(text, "<@") ? strchr(text, '>') : NULL;
    size_t self = strlen(reading->self);
    heard->ts = text_of(reading->event, "ts");
    heard->thread_ts = text_of(reading->event, "thread_ts");
    if (!end || !*heard->ts || !of_a_person(reading, reading->event) || json_object_get(reading->event, "edited"))
        return;
    if (self > 0 && (strncmp(text + 2, reading->self, self) != 0 || (text[2 + self] != '>' && text[2 + self] != '|')))
        return;
    heard->text = end + 1 + strspn(end + 1, " ,:");
    heard->kind = SLACK_HEARD_MENTION;
}

/* ---- reactions and pins ---- */

static bool reaction_counts(const struct reading *reading, const char *reaction)
{
    const char *tone = strstr(reaction, "::");
    size_t length = tone ? (size_t)(tone - reaction) : strlen(reaction);
    for (const char *at = reading->reactions; *at;) {
        size_t name = strcspn(at, ", ");
        if (name == length && length > 0 && memcmp(at, reaction, length) == 0)
            return true;
        at += name + strspn(at + name, ", ");
    }
    return false;
}

static void read_reaction(struct reading *reading, const char *what)
{
    struct slack_heard *heard = reading->heard;
    const json_t *item = json_object_get(reading->event, "item");
    heard->reaction = text_of(reading->event, "reaction");
    if (!sw_equal(jx_string(item, "type"), "message") || is_self(reading, heard->actor) ||
        !reaction_counts(reading, heard->reaction))
        return;
    heard->channel = text_of(item, "channel");
    heard->ts = text_of(item, "ts");
    heard->user = text_of(reading->event, "item_user");
    heard->text_unknown = sw_equal(what, "reacted");
    change(reading, what);
}

static void read_reacted(struct reading *reading) { read_reaction(reading, "reacted"); }

static void read_unreacted(struct reading *reading) { read_reaction(reading, "unreacted"); }

static void read_pin(struct reading *reading, const char *what)
{
    struct slack_heard *heard = reading->heard;
    const json_t *item = json_object_get(reading->event, "item");
    const json_t *message = json_object_get(item, "message");
    if (!message || is_self(reading, heard->actor))
        return;
    heard->channel = text_of(reading->event, "channel_id");
    if (!*heard->channel)
        heard->channel = text_of(item, "channel");
    heard->ts = text_of(message, "ts");
    heard->thread_ts = text_of(message, "thread_ts");
    heard->user = text_of(message, "user");
    heard->text = text_of(message, "text");
    heard->text_unknown = !*heard->text && sw_equal(what, "pinned");
    change(reading, what);
}

static void read_pinned(struct reading *reading) { read_pin(reading, "pinned"); }

static void read_unpinned(struct reading *reading) { read_pin(reading, "unpinned"); }

/* ---- channels ---- */

static void read_member(struct reading *reading, const char *what)
{
    if (is_self(reading, reading->heard->actor) || !*reading->heard->actor)
        return;
    reading->heard->user = reading->heard->actor;
    change(reading, what);
}

static void read_joined(struct reading *reading) { read_member(reading, "joined"); }

static void read_left(struct reading *reading) { read_member(reading, "left"); }

static void read_channel(struct reading *reading, const char *what)
{
    if (!is_self(reading, reading->heard->actor))
        change(reading, what);
}

static void read_archived(struct reading *reading) { read_channel(reading, "archived"); }

static void read_unarchived(struct reading *reading) { read_channel(reading, "unarchived"); }

static void read_renamed(struct reading *reading)
{
    const json_t *channel = json_object_get(reading->event, "channel");
    reading->heard->channel = text_of(channel, "id");
    reading->heard->text = text_of(channel, "name");
    change(reading, "renamed");
}

static const struct {
    const char *type;
    void (*read)(struct reading *reading);
} READERS[] = {
    { "message", read_message },
    { "app_mention", read_mention },
    { "reaction_added", read_reacted },
    { "reaction_removed", read_unreacted },
    { "pin_added", read_pinned },
    { "pin_removed", read_unpinned },
    { "member_joined_channel", read_joined },
    { "member_left_channel", read_left },
    { "channel_archive", read_archived },
    { "channel_unarchive", read_unarchived },
    { "channel_rename", read_renamed },
    { "group_archive", read_archived },
    { "group_unarchive", read_unarchived },
    { "group_rename", read_renamed },
};

/* ---- the envelope ---- */

/* In channels that two organisations share, the authorisation says which workspace the event is for. */
static void read_envelope(const json_t *body, struct reading *reading)
{
    const json_t *authorization = json_array_get(json_object_get(body, "authorizations"), 0);
    const char *team = text_of(authorization, "team_id"), *enterprise = text_of(authorization, "enterprise_id");
    struct slack_heard *heard = reading->heard;
    heard->id = text_of(body, "event_id");
    heard->app = text_of(body, "api_app_id");
    heard->team = *team ? team : text_of(body, "team_id");
    heard->enterprise = *enterprise ? enterprise : text_of(body, "enterprise_id");
    if (jx_bool_or(authorization, "is_bot", false))
        reading->self = text_of(authorization, "user_id");
    heard->actor = text_of(reading->event, "user");
    heard->actor_team = text_of(reading->event, "user_team");
    if (!*heard->actor_team)
        heard->actor_team = text_of(reading->event, "team");
    heard->channel = text_of(reading->event, "channel");
}

struct sw_status slack_heard_read(const json_t *body, const char *reactions, struct slack_heard *ret_heard)
{
    struct slack_heard heard = {
        .channel = "", .ts = "", .thread_ts = "", .text = "", .what = "", .user = "", .reaction = ""
    };
    struct reading reading = { .self = "", .reactions = reactions, .heard = &heard };
    const char *type, *id;
    SW_TRY(sw_wrap(jx_need_object(body, "event", &reading.event), "event callback"));
    SW_TRY(sw_wrap(jx_need_string(reading.event, "type", &type), "event callback: event"));
    SW_TRY(sw_wrap(jx_need_string(body, "event_id", &id), "event callback"));
    read_envelope(body, &reading);
    for (size_t i = 0; i < SW_COUNT(READERS); i++)
        if (sw_equal(READERS[i].type, type))
            READERS[i].read(&reading);
    if (!*heard.channel)
        heard.kind = SLACK_HEARD_NOTHING;
    *ret_heard = heard;
    return sw_ok();
}

int64_t slack_ts_ms(const char *ts)
{
    const char *dot = strchr(ts, '.');
    char seconds[16];
    int64_t value;
    if (!dot || (size_t)(dot - ts) >= sizeof seconds)
        return 0;
    memcpy(seconds, ts, (size_t)(dot - ts));
    seconds[dot - ts] = '\0';
    if (!sw_parse_i64(seconds, 0, INT64_C(100000000000), &value))
        return 0;
    char millis[4] = "000";
    for (size_t i = 0; i < 3 && dot[1 + i] >= '0' && dot[1 + i] <= '9'; i++)
        millis[i] = dot[1 + i];
    return value * 1000 + (millis[0] - '0') * 100 + (millis[1] - '0') * 10 + (millis[2] - '0');
}
