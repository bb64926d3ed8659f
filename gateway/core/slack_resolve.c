/* SPDX-License-Identifier: Apache-2.0
 * One pass, so that what an entity becomes is never read as markup. */
#include "gateway/core/slack_resolve.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <stdbool.h>
#include <string.h>

enum { TEXT_MAX = 12000, ID_MAX = 32 };

/* Between < and >: what is linked, and its label (NULL: none). */
struct link {
    const char *target, *label;
    size_t target_length, label_length;
};

/* Length of what was put is that of the entity; 0: none here. */
static size_t put_entity(struct sw_buf *out, const char *at, const char *end)
{
    static const struct {
        const char *entity, *sign;
    } ROWS[] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" } };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        size_t length = strlen(ROWS[i].entity);
        if ((size_t)(end - at) < length || memcmp(at, ROWS[i].entity, length) != 0)
            continue;
        sw_buf_puts(out, ROWS[i].sign);
        return length;
    }
    return 0;
}

static void put(struct sw_buf *out, const char *text, size_t length)
{
    for (const char *end = text + length; text < end;) {
        size_t taken = put_entity(out, text, end);
        if (taken == 0)
            sw_buf_append(out, text, taken = 1);
        text += taken;
    }
}

static void put_unchanged(struct sw_buf *out, const struct link *link)
{
    sw_buf_puts(out, "<");
    put(out, link->target, link->target_length);
    sw_buf_puts(out, ">");
}

static bool put_user(struct sw_buf *out, const struct link *link)
{
    if (*link->target != '@')
        return false;
    put_unchanged(out, link);
    return true;
}

static const char *channel_name(const struct slack_channel_names *channels, const struct link *link)
{
    char id[ID_MAX];
    if (!channels || link->target_length > sizeof id)
        return NULL;
    memcpy(id, link->target + 1, link->target_length - 1);
    id[link->target_length - 1] = '\0';
    return channels->name(channels->self, id);
}

static bool put_channel(struct sw_buf *out, const struct link *link, const struct slack_channel_names *channels)
{
    if (*link->target != '#')
        return false;
    const char *name = link->label_length > 0 ? NULL : channel_name(channels, link);
    if (link->label_length > 0 || name)
        sw_buf_puts(out, "#");
    if (link->label_length > 0)
        put(out, link->label, link->label_length);
    else if (name)
        sw_buf_puts(out, name);
    else
        put_unchanged(out, link);
    return true;
}

static bool is_broadcast(const struct link *link)
{
    static const char *const WORDS[] = { "!here", "!channel", "!group", "!everyone" };
    for (size_t i = 0; i < SW_COUNT(WORDS); i++)
        if (strlen(WORDS[i]) == link->target_length && memcmp(link->target, WORDS[i], link->target_length) == 0)
            return true;
    return false;
}

static bool put_special(struct sw_buf *out, const struct link *link)
{
    if (*link->target != '!')
        return false;
    if (is_broadcast(link)) {
        sw_buf_puts(out, "@");
        put(out, link->target + 1, link->target_length - 1);
    } else if (link->label_length > 0)
        put(out, link->label, link->label_length);
    else
        put_unchanged(out, link);
    return true;
}

static bool holds(const struct link *link, const char *url, size_t length)
{
    return memmem(link->label, link->label_length, url, length) != NULL;
}

/* Slack links what merely looks like a host; the label is then what was typed. */
static bool made_of_label(const struct link *link)
{
    static const char SCHEME[] = "http://";
    size_t scheme = sizeof SCHEME - 1;
    return link->target_length == scheme + link->label_length && memcmp(link->target, SCHEME, scheme) == 0 &&
           memcmp(link->target + scheme, link->label, link->label_length) == 0;
}

static bool put_url(struct sw_buf *out, const struct link *link)
{
    static const char MAILTO[] = "mailto:";
    size_t mail = sizeof MAILTO - 1;
    const char *url = link->target;
    size_t length = link->target_length;
    if (!memchr(url, ':', length) || memchr(url, ' ', length) || memchr(url, '\n', length))
        return false;
    if (length > mail && memcmp(url, MAILTO, mail) == 0) {
        url += mail;
        length -= mail;
    }
    if (link->label_length == 0) {
        put(out, url, length);
        return true;
    }
    put(out, link->label, link->label_length);
    if (!holds(link, url, length) && !made_of_label(link)) {
        sw_buf_puts(out, " (");
        put(out, url, length);
        sw_buf_puts(out, ")");
    }
    return true;
}

/* `inside` stands between < and >. False: no markup of Slack's. */
static bool put_link(struct sw_buf *out, const char *inside, size_t length, const struct slack_channel_names *channels)
{
    const char *bar = memchr(inside, '|', length);
    struct link link = { .target = inside, .target_length = bar ? (size_t)(bar - inside) : length };
    if (bar) {
        link.label = bar + 1;
        link.label_length = length - link.target_length - 1;
    }
    if (link.target_length < 2)
        return false;
    return put_user(out, &link) || put_channel(out, &link, channels) || put_special(out, &link) || put_url(out, &link);
}

struct sw_status slack_resolve(const char *text, const struct slack_channel_names *channels, char **ret_text)
{
    size_t length = strlen(text);
    struct sw_buf out = { .max_bytes = 4 * TEXT_MAX }; /* a name that is looked up may be longer than its id */
    if (length > TEXT_MAX)
        return sw_fail(SW_CODE_TOO_LARGE, "the message is longer than %d bytes", TEXT_MAX);
    for (const char *at = text, *end = text + length; at < end;) {
        const char *close = *at == '<' ? memchr(at, '>', (size_t)(end - at)) : NULL;
        if (close && put_link(&out, at + 1, (size_t)(close - at) - 1, channels)) {
            at = close + 1;
            continue;
        }
        size_t taken = put_entity(&out, at, end);
        if (taken == 0)
            sw_buf_append(&out, at, taken = 1);
        at += taken;
    }
    char *result = sw_buf_take(&out);
    if (!result)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    *ret_text = result;
    return sw_ok();
}
