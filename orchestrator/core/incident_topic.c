/* SPDX-License-Identifier: Apache-2.0
 * The topic of an incident's channel: what somebody who glances at it must know. What people wrote stands in it as they
 * wrote it, the title in capitals: the gateway escapes it for Slack, as it does with every text of an order. */
#include "orchestrator/core/incident_orders.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/incident_config.h"

#include <ctype.h>
#include <string.h>

enum { TOPIC_CHARACTERS = 250 };

static const char *emoji(const struct wf *wf, const struct incident_level *level)
{
    if (incident_open_blockers(wf) > 0 && incident_open(wf))
        return "no_entry";
    return incident_open(wf) ? level->emoji : "sunny";
}

static void put_title(struct sw_buf *buf, const char *title)
{
    SW_AUTO_FREE char *capitals = sw_capitals_new(title);
    sw_buf_printf(buf, " *%s*", capitals ? capitals : title);
}

static void put_blockers(struct sw_buf *buf, const struct wf *wf, const char **separator)
{
    const json_t *list = incident_list(wf, "blockers");
    const char *comma = "Blocked on: ";
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *blocker = json_array_get(list, i);
        if (jx_i64_or(blocker, "until", 0))
            continue;
        sw_buf_printf(buf, "%s%s%s", *comma == ',' ? "" : *separator, comma, jx_string_or(blocker, "who", ""));
        comma = ",";
    }
    if (*comma == ',')
        *separator = ", ";
}

static void put_role(struct sw_buf *buf, const struct wf *wf, const char *role, bool always, const char **separator)
{
    const char *user = incident_role(wf, role);
    if (!*user && !always)
        return;
    sw_buf_printf(buf, "%s%c%s: ", *separator, toupper((unsigned char)*role), role + 1);
    if (*user)
        sw_buf_printf(buf, "<@%s>", user);
    else
        sw_buf_puts(buf, "_nobody_");
    *separator = ", ";
}

static void put_details(struct sw_buf *buf, const struct wf *wf)
{
    const char *separator = " - ", *key = jx_string(incident_part(wf, "tracker"), "key");
    put_blockers(buf, wf, &separator);
    if (incident_open(wf)) {
        put_role(buf, wf, "point", true, &separator);
        put_role(buf, wf, "comms", true, &separator);
        put_role(buf, wf, "triage", false, &separator);
        put_role(buf, wf, "eng", false, &separator);
    }
    if (key)
        sw_buf_printf(buf, "%s%s", separator, key);
}

/* A mention that is cut in two is none. */
static size_t without_half_mention(const char *text, size_t length)
{
    for (size_t i = length; i > 0 && text[i - 1] != '>'; i--)
        if (sw_starts_with(text + i - 1, "<@") || sw_starts_with(text + i - 1, "<#"))
            return i - 1;
    return length;
}

static void cut(const char *text, char ret_text[1024])
{
    if (sw_utf8_characters(text) <= TOPIC_CHARACTERS) {
        (void)sw_copy(ret_text, 1024, text); /* 250 characters are at most 1000 bytes */
        return;
    }
    size_t length = without_half_mention(text, sw_utf8_prefix_bytes(text, TOPIC_CHARACTERS - 3));
    memcpy(ret_text, text, length);
    memcpy(ret_text + length, "...", 4);
}

void incident_topic(const struct wf *wf, const struct config *config, char ret_text[1024])
{
    SW_AUTO_BUF struct sw_buf buf = { 0 };
    struct incident_level level;
    const json_t *components = incident_list(wf, "components");
    (void)incident_level(config, incident_priority(wf), &level); /* an unknown one has a name, too */
    sw_buf_printf(&buf, ":%s: [%s]", emoji(wf, &level), level.name);
    if (incident_open_blockers(wf) > 0 && incident_open(wf))
        sw_buf_puts(&buf, "[blocked]");
    for (size_t i = 0; i < json_array_size(components); i++)
        sw_buf_printf(&buf, "[%s]", json_string_value(json_array_get(components, i)));
    put_title(&buf, incident_fact(wf, "title"));
    put_details(&buf, wf);
    cut(sw_buf_string(&buf), ret_text);
}
