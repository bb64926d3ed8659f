/* SPDX-License-Identifier: Apache-2.0
 * Classes as Slack documents its errors: https://docs.slack.dev/reference/methods/chat.postMessage#errors and the same
 * of the other methods. */
#include "gateway/core/slack_class.h"

#include "common/base/text.h"

static const struct {
    const char *error;
    enum slack_class class;
} ERRORS[] = {
    { "ratelimited", SLACK_LIMITED },
    { "rate_limited", SLACK_LIMITED },
    { "message_limit_exceeded", SLACK_LIMITED },
    { "service_unavailable", SLACK_RETRY },
    { "team_added_to_org", SLACK_RETRY },
    { "update_failed", SLACK_RETRY },
    { "internal_error", SLACK_UNKNOWN }, /* "some aspect may have succeeded before the error" */
    { "fatal_error", SLACK_UNKNOWN },
    { "request_timeout", SLACK_UNKNOWN },
    { "invalid_blocks", SLACK_CONTENT },
    { "invalid_blocks_format", SLACK_CONTENT },
    { "msg_blocks_too_long", SLACK_CONTENT },
    { "msg_too_long", SLACK_CONTENT },
    { "no_text", SLACK_CONTENT },
    { "invalid_arguments", SLACK_CONTENT },
    { "invalid_metadata_format", SLACK_CONTENT },
    { "invalid_metadata_schema", SLACK_CONTENT },
    { "metadata_too_large", SLACK_CONTENT },
    { "block_mismatch", SLACK_CONTENT },
    { "message_not_found", SLACK_GONE },
    { "cant_update_message", SLACK_GONE },
    { "cant_delete_message", SLACK_GONE },
    { "edit_window_closed", SLACK_GONE },
    { "is_inactive", SLACK_GONE },
    { "not_authed", SLACK_AUTH },
    { "invalid_auth", SLACK_AUTH },
    { "account_inactive", SLACK_AUTH },
    { "token_revoked", SLACK_AUTH },
    { "token_expired", SLACK_AUTH },
    { "org_login_required", SLACK_AUTH },
    { "team_access_not_granted", SLACK_AUTH },
    { "already_in_channel", SLACK_OK },
    { "already_archived", SLACK_OK },
    { "not_archived", SLACK_OK },
    { "already_reacted", SLACK_OK },
    { "no_reaction", SLACK_OK },
    { "already_pinned", SLACK_OK },
};

#define NAME_(name, text) [SLACK_##name] = (text),
static const char *const NAMES[] = { SLACK_CLASSES(NAME_) };

const char *slack_class_name(enum slack_class class) { return NAMES[class]; }

enum slack_class slack_class_of(int32_t code, const char *error)
{
    if (code == 429)
        return SLACK_LIMITED;
    for (size_t i = 0; error && i < SW_COUNT(ERRORS); i++)
        if (sw_equal(ERRORS[i].error, error))
            return ERRORS[i].class;
    if (code >= 500)
        return SLACK_UNKNOWN; /* a proxy's 503 may stand before a post that went through */
    if (error || (code >= 400 && code < 500))
        return SLACK_REFUSED;
    return SLACK_UNKNOWN; /* 200 with something else than JSON, a redirect */
}
