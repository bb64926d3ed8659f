/* SPDX-License-Identifier: Apache-2.0
 * Who may deploy what. A service and an environment may each have an `allow`; both must let the person through. In one
 * `allow`, users and groups say who (either suffices), channels say from where; an absent or empty list says nothing.
 * Who may break the glass has an `allow` of its own beside these. */
#include "orchestrator/core/config.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/config_check.h"
#include "orchestrator/core/config_refuse.h"

#include <stdio.h>

enum { GLASS_EXPIRES_MS = 15 * 60 * 1000 };

static bool contains(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (sw_equal(json_string_value(json_array_get(list, i)), text))
            return true;
    return false;
}

static bool shares_one(const json_t *a, const json_t *b)
{
    for (size_t i = 0; i < json_array_size(a); i++)
        if (contains(b, json_string_value(json_array_get(a, i))))
            return true;
    return false;
}

static bool allowed_person(const json_t *allow, const char *deed, const struct proto_actor *actor,
                           struct config_refusal *refusal)
{
    const json_t *users = json_object_get(allow, "users"), *groups = json_object_get(allow, "groups");
    if (json_array_size(users) + json_array_size(groups) == 0 || contains(users, actor->user) ||
        shares_one(groups, actor->groups))
        return true;
    if (!actor->groups && json_array_size(groups) > 0)
        return config_refuse(refusal, "E-GROUPS-UNKNOWN",
                             "I can't tell yet whether you may %s.||It is limited to user groups, and Slack has not "
                             "told me yours.||Try again in a minute; if it stays so, the app lacks the scope "
                             "`usergroups:read`.",
                             deed);
    return config_refuse(refusal, "E-NOT-ALLOWED",
                         "You may not %s.||It is limited to named people or user groups.||Ask one of them, or "
                         "whoever keeps slipway.yaml.",
                         deed);
}

/* deed: "deploy to `site`" */
static bool allowed_by(const json_t *allow, const char *deed, const struct proto_actor *actor, const char *channel,
                       struct config_refusal *refusal)
{
    const json_t *channels = json_object_get(allow, "channels");
    if (json_array_size(channels) > 0 && !contains(channels, channel))
        return config_refuse(refusal, "E-CHANNEL-NOT-ALLOWED",
                             "You can't %s from this channel.||It is limited to certain channels.||Go to <#%s> and "
                             "say it there.",
                             deed, json_string_value(json_array_get(channels, 0)));
    return allowed_person(allow, deed, actor, refusal);
}

static bool allowed_to_deploy(const json_t *allow, const char *of, const struct proto_actor *actor, const char *channel,
                              struct config_refusal *refusal)
{
    char deed[PROTO_NAME_SIZE + 16];
    (void)snprintf(deed, sizeof deed, "deploy to `%s`", of); /* fits */
    return allowed_by(allow, deed, actor, channel, refusal);
}

bool config_may(const struct config *config, const char *service, const char *environment,
                const struct proto_actor *actor, const char *channel, struct config_refusal *ret_refusal)
{
    if (actor->foreign)
        return config_refuse(
            ret_refusal, "E-FOREIGN",
            "People of other organisations can't deploy.||This channel is shared with another workspace.||Ask "
            "a member of this workspace.");
    if (actor->membership == PROTO_MEMBER_GUEST)
        return config_refuse(ret_refusal, "E-GUEST",
                             "Guests can't deploy.||Your account is a guest of this workspace.||Ask a full member.");
    const json_t *service_allow = json_object_get(config_service(config, service), "allow");
    const json_t *environment_allow = json_object_get(config_environment(config, environment), "allow");
    return allowed_to_deploy(service_allow, service, actor, channel, ret_refusal) &&
           allowed_to_deploy(environment_allow, environment, actor, channel, ret_refusal);
}

/* ---- breaking the glass ---- */

bool config_may_break_glass(const struct config *config, const struct proto_actor *actor, const char *channel,
                            struct config_refusal *ret_refusal)
{
    const json_t *allow = json_object_get(config_section(config, "break_glass"), "allow");
    if (!*actor->user)
        return config_refuse(ret_refusal, "E-NOT-ALLOWED",
                             "Only people can break the glass.||Nobody of Slack said this.||Say it in Slack.");
    return allowed_by(allow, "break the glass", actor, channel, ret_refusal);
}

int64_t config_break_glass_expires_ms(const struct config *config)
{
    const char *expires = jx_string(config_section(config, "break_glass"), "expires");
    int64_t expires_ms;
    return expires && sw_duration_parse(expires, &expires_ms) ? expires_ms : GLASS_EXPIRES_MS;
}
