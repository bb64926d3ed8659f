/* SPDX-License-Identifier: Apache-2.0
 * slack_typed: one pass over the text. */
#include "deploy/sandbox/slack/slack_typed.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "deploy/sandbox/slack/slack_channels.h"

#include <ctype.h>
#include <string.h>

static bool word_part(char c) { return isalnum((unsigned char)c) || (c && strchr("-_", c) != NULL); }

/* The token that "@name" or "#name" stands for; false: for nothing. */
static bool put_mention(struct sw_buf *out, struct slack_world *world, char sign, const char *name,
                        enum slack_typed_as as)
{
    const struct slack_user *user = sign == '@' ? slack_user_find(name) : NULL;
    const struct slack_channel *channel = sign == '#' ? slack_channel_find(world, name) : NULL;
    bool everybody = sw_equal(name, "here") || sw_equal(name, "channel") || sw_equal(name, "everyone");
    const struct slack_group *group = sign == '@' ? slack_group_find(name) : NULL;
    if (user)
        sw_buf_printf(out, "<@%s>", user->id);
    else if (channel && !slack_channel_is_direct(channel))
        sw_buf_printf(out, "<#%s|%s>", channel->id, channel->kind == SLACK_PUBLIC ? channel->name : "");
    else if (as == SLACK_TYPED_MESSAGE && sign == '@' && everybody)
        sw_buf_printf(out, "<!%s>", name);
    else if (as == SLACK_TYPED_MESSAGE && group)
        sw_buf_printf(out, "<!subteam^%s>", group->id);
    else
        return false;
    return true;
}

static void put_plain(struct sw_buf *out, char c, enum slack_typed_as as)
{
    const char *entity = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : NULL;
    if (entity && as == SLACK_TYPED_MESSAGE)
        sw_buf_puts(out, entity);
    else
        sw_buf_append(out, &c, 1);
}

static size_t link_length(const char *text)
{
    bool is_link = sw_starts_with(text, "https://") || sw_starts_with(text, "http://");
    size_t length = is_link ? strcspn(text, " \t\n<>|\"") : 0;
    while (length > 0 && strchr(".,;:!?)", text[length - 1])) /* the sentence's, not the address's */
        length--;
    return length;
}

static void put_link(struct sw_buf *out, const char *text, size_t length)
{
    sw_buf_puts(out, "<");
    for (size_t i = 0; i < length; i++)
        put_plain(out, text[i], SLACK_TYPED_MESSAGE);
    sw_buf_puts(out, ">");
}

/* How many bytes of the text were put as something else than they are. */
static size_t put_word(struct sw_buf *out, struct slack_world *world, const char *text, enum slack_typed_as as)
{
    char name[SLACK_NAME_SIZE];
    size_t length = 0;
    if (as == SLACK_TYPED_MESSAGE && (length = link_length(text)) > 0) {
        put_link(out, text, length);
        return length;
    }
    if (text[0] != '@' && text[0] != '#')
        return 0;
    while (length < sizeof(name) - 1 && word_part(text[1 + length])) {
        name[length] = text[1 + length];
        length++;
    }
    name[length] = '\0';
    return put_mention(out, world, text[0], name, as) ? length + 1 : 0;
}

char *slack_typed_new(struct slack_world *world, const char *text, enum slack_typed_as as)
{
    struct sw_buf out = { 0 };
    for (size_t i = 0; text[i];) {
        bool begins = i == 0 || isspace((unsigned char)text[i - 1]) || text[i - 1] == '(';
        size_t taken = begins ? put_word(&out, world, text + i, as) : 0;
        if (taken == 0)
            put_plain(&out, text[i++], as);
        i += taken;
    }
    char *typed = sw_buf_take(&out);
    return typed ? typed : sw_strdup("");
}
