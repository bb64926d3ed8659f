/* SPDX-License-Identifier: Apache-2.0
 * slack_api_bookmarks: bookmarks.add, .list and .remove: the links at the head of a channel. */
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "deploy/sandbox/slack/slack_api.h"
#include "deploy/sandbox/slack/slack_form.h"

enum { MAX_BOOKMARKS = 100 };

/* These methods call the argument channel_id. */
static struct slack_channel *channel_of(struct slack_call *call, enum slack_access access, json_t **ret_answer)
{
    JX_AUTO json_t *args = json_pack("{s:s?}", "channel", slack_arg_string(call->args, "channel_id"));
    struct slack_call renamed = *call;
    if (!slack_arg_string(args, "channel")) {
        *ret_answer = slack_api_missing_new("channel_id");
        return NULL;
    }
    renamed.args = args;
    return slack_api_channel(&renamed, access, ret_answer);
}

static json_t *bookmark_new(struct slack_call *call, const struct slack_channel *channel)
{
    json_int_t now_s = (json_int_t)(sw_wall_ms() / 1000);
    json_t *id = json_sprintf("Bk%08X", sw_random32());
    return json_pack("{s:o,s:s,s:s,s:s,s:s?,s:n,s:s,s:n,s:I,s:I,s:s,s:s,s:s}", "id", id, "channel_id", channel->id,
                     "title", slack_arg_string(call->args, "title"), "link", slack_arg_string(call->args, "link"),
                     "emoji", slack_arg_string(call->args, "emoji"), "icon_url", "type", "link", "entity_id",
                     "date_created", now_s, "date_updated", now_s, "rank", "i", "last_updated_by_user_id",
                     SLACK_BOT_USER, "app_id", SLACK_APP_ID);
}

json_t *slack_bookmarks_add(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_channel *channel = channel_of(call, SLACK_WRITE, &answer);
    const char *link = slack_arg_string(call->args, "link");
    if (!channel)
        return answer;
    if (!slack_arg_string(call->args, "title"))
        return slack_api_missing_new("title");
    if (!sw_equal(slack_arg_string(call->args, "type"), "link"))
        return slack_api_error_new("invalid_bookmark_type");
    if (!link || !(sw_starts_with(link, "https://") || sw_starts_with(link, "http://")))
        return slack_api_error_new("invalid_link");
    if (json_array_size(channel->bookmarks) >= MAX_BOOKMARKS)
        return slack_api_error_new("too_many_bookmarks");
    json_t *bookmark = bookmark_new(call, channel);
    (void)json_array_append_new(channel->bookmarks, bookmark);
    slack_channel_touch(call->slack->world, channel);
    return json_pack("{s:b,s:O}", "ok", 1, "bookmark", bookmark);
}

json_t *slack_bookmarks_list(struct slack_call *call)
{
    json_t *answer = NULL;
    const struct slack_channel *channel = channel_of(call, SLACK_READ, &answer);
    return channel ? json_pack("{s:b,s:o}", "ok", 1, "bookmarks", json_deep_copy(channel->bookmarks)) : answer;
}

json_t *slack_bookmarks_remove(struct slack_call *call)
{
    json_t *answer = NULL;
    struct slack_channel *channel = channel_of(call, SLACK_WRITE, &answer);
    const char *id = slack_arg_string(call->args, "bookmark_id");
    if (!channel)
        return answer;
    for (size_t i = 0; id && i < json_array_size(channel->bookmarks); i++) {
        if (!sw_equal(jx_string(json_array_get(channel->bookmarks, i), "id"), id))
            continue;
        (void)json_array_remove(channel->bookmarks, i);
        slack_channel_touch(call->slack->world, channel);
        return slack_api_ok_new();
    }
    return id ? slack_api_error_new("not_found") : slack_api_missing_new("bookmark_id");
}
