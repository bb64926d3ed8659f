/* SPDX-License-Identifier: Apache-2.0
 * Who may say what to an incident: `incidents.allow`, by verb. Guests and people of other organisations may speak, and
 * are kept from what cannot be taken back easily. */
#include "orchestrator/core/incident_config.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/config_refuse.h"

static bool contains(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (sw_equal(json_string_value(json_array_get(list, i)), text))
            return true;
    return false;
}

static bool in_group(const json_t *groups, const json_t *own)
{
    for (size_t i = 0; i < json_array_size(own); i++)
        if (contains(groups, json_string_value(json_array_get(own, i))))
            return true;
    return false;
}

static void put_names(struct sw_buf *buf, const json_t *list, const char *before, const char *after)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        sw_buf_printf(buf, "%s%s%s%s", buf->length ? ", " : "", before, json_string_value(json_array_get(list, i)),
                      after);
}

static bool refuse_person(struct config_refusal *refusal, const char *verb, const json_t *users, const json_t *groups)
{
    SW_AUTO_BUF struct sw_buf names = { .max_bytes = 300 }; /* more names would not help */
    put_names(&names, users, "<@", ">");
    put_names(&names, groups, "<!subteam^", ">");
    return config_refuse(refusal, "E-NOT-ALLOWED",
                         "You may not use `%s`.||Here it is for %s.||Ask one of them, or whoever keeps slipway.yaml.",
                         verb, sw_buf_string(&names));
}

/* As it is said. */
static const char *spoken(const char *verb) { return sw_equal(verb, "declare") ? "start" : verb; }

bool incident_may(const struct config *config, const char *verb, bool sensitive, const struct proto_actor *actor,
                  const char *channel, struct config_refusal *ret_refusal)
{
    const json_t *allow = json_object_get(incident_setting(config, "", "allow"), verb);
    const json_t *users = json_object_get(allow, "users"), *groups = json_object_get(allow, "groups"),
                 *channels = json_object_get(allow, "channels");
    if ((sensitive || allow) && (actor->foreign || actor->membership == PROTO_MEMBER_GUEST))
        return config_refuse(ret_refusal, actor->foreign ? "E-FOREIGN" : "E-GUEST",
                             "`%s` is for full members of this workspace.||You are %s here.||Ask a member to do it.",
                             spoken(verb), actor->foreign ? "from another organisation" : "a guest");
    if (json_array_size(channels) > 0 && !contains(channels, channel))
        return config_refuse(ret_refusal, "E-CHANNEL-NOT-ALLOWED",
                             "`%s` can't be used from this channel.||It is limited to certain channels.||Go to <#%s>.",
                             spoken(verb), json_string_value(json_array_get(channels, 0)));
    if (json_array_size(users) + json_array_size(groups) == 0 || contains(users, actor->user) ||
        in_group(groups, actor->groups))
        return true;
    return refuse_person(ret_refusal, spoken(verb), users, groups);
}
