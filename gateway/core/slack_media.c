/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/slack_media.h"

#include "common/base/text.h"

#include <string.h>
#include <strings.h>

static bool is_word(const char *text, const char *word)
{
    text += strspn(text, " \t");
    size_t length = strcspn(text, "; \t");
    return length == strlen(word) && strncasecmp(text, word, length) == 0;
}

enum slack_media slack_media_of(const char *content_type)
{
    if (!content_type)
        return SLACK_MEDIA_OTHER;
    if (is_word(content_type, "application/x-www-form-urlencoded"))
        return SLACK_MEDIA_FORM;
    return is_word(content_type, "application/json") ? SLACK_MEDIA_JSON : SLACK_MEDIA_OTHER;
}

bool slack_encoding_plain(const char *content_encoding)
{
    return sw_blank(content_encoding) || is_word(content_encoding, "identity");
}
