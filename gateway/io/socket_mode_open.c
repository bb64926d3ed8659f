/* SPDX-License-Identifier: Apache-2.0
 * apps.connections.open: POST with the app's token in the header alone; the answer has a URL that is good once. */
#include "gateway/io/socket_mode_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "gateway/io/slack_api.h"

#include <string.h>

enum { TIMEOUT_MS = 10000 };

/* One call under way; it may outlive the one who asked. */
struct asking {
    struct mailbox *mailbox;
    uint64_t link;
    bool plain_allowed;
};

static const char *hint_for(enum slack_class class)
{
    switch (class) {
    case SLACK_AUTH:
    case SLACK_REFUSED:
        return "; HINT: SLACK_APP_TOKEN must be an app-level token with the scope connections:write, and Socket Mode "
               "must be on in the app's settings";
    case SLACK_OK:
    case SLACK_LIMITED:
    case SLACK_RETRY:
    case SLACK_UNKNOWN:
    case SLACK_CONTENT:
    case SLACK_GONE:
    case SLACK_CLASS_COUNT:
        break;
    }
    return "";
}

static void read_answer(const struct asking *asking, const struct http_answer *answer, struct socket_news *news)
{
    JX_AUTO json_t *json = NULL;
    struct relay_outcome outcome = { 0 };
    slack_api_classify(answer, &outcome, &json);
    const char *url = jx_string_or(json, "url", "");
    news->class = outcome.class;
    news->retry_after_ms = outcome.retry_after_ms;
    (void)snprintf(news->why, sizeof news->why, "%s%s", outcome.error, hint_for(outcome.class)); /* cut: for people */
    if (outcome.class != SLACK_OK)
        return;
    if (sw_starts_with(url, "wss://") || (asking->plain_allowed && sw_starts_with(url, "ws://")))
        news->url = sw_strdup(url);
    if (news->url)
        return;
    news->class = SLACK_REFUSED;
    (void)sw_copy(news->why, sizeof news->why, "the answer has no wss:// URL"); /* fits */
}

static void answered(void *context, const struct http_answer *answer)
{
    struct asking *asking = context;
    struct socket_news news = { .kind = SOCKET_ASKED, .link = asking->link };
    read_answer(asking, answer, &news);
    socket_news_put(asking->mailbox, &news);
    mailbox_unref(asking->mailbox);
    free(asking);
}

void socket_ask(struct socket_mode *socket, uint64_t link)
{
    const char *const headers[] = { socket->authorization, "Content-Type: application/x-www-form-urlencoded", NULL };
    const struct http_request request = {
        .method = "POST", .url = socket->open_url, .headers = headers, .body = "", .timeout_ms = TIMEOUT_MS
    };
    struct asking *asking = malloc(sizeof *asking);
    struct http_answer failed = { .status = sw_fail(SW_CODE_NO_MEMORY, "out of memory"), .retry_after_ms = -1 };
    if (!asking)
        return; /* the plan gives up after a while, and tries again */
    *asking = (struct asking){ mailbox_ref(socket->mailbox), link, socket->plain_allowed };
    failed.status = http_client_send(socket->http, &request, answered, asking);
    if (sw_failed(failed.status))
        answered(asking, &failed);
}
