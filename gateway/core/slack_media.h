/* SPDX-License-Identifier: Apache-2.0
 * slack_media: the media type of a request, without its parameters (charset=utf-8 is common and means nothing). Pure.
 */
#ifndef GATEWAY_CORE_SLACK_MEDIA_H
#define GATEWAY_CORE_SLACK_MEDIA_H

#include <stdbool.h>

enum slack_media { SLACK_MEDIA_FORM, SLACK_MEDIA_JSON, SLACK_MEDIA_OTHER };

enum slack_media slack_media_of(const char *content_type); /* NULL: OTHER */
bool slack_encoding_plain(const char *content_encoding);   /* NULL, "" and "identity" */

#endif
