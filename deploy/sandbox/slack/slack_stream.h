/* SPDX-License-Identifier: Apache-2.0
 * slack_stream: live changes for the page, as server-sent events.
 *
 * Events: "reset" (start over), "channel", "message", "views": what the waiting person may see of what changed.
 * A response carries what has changed since the client's last event id and ends; EventSource comes back by itself with
 * that id. Nothing to tell yet: the exchange waits until there is, at most WAIT_MS. So no server thread is held. */
#ifndef DEPLOY_SANDBOX_SLACK_STREAM_H
#define DEPLOY_SANDBOX_SLACK_STREAM_H

#include "deploy/sandbox/slack/slack.h"

struct slack_stream;
struct slack_stream_batch; /* answers that are ready to go */

struct slack_stream *slack_stream_new(void);
void slack_stream_free(struct slack_stream *stream);
void slack_stream_serve(struct slack *slack, struct httpd_exchange *exchange);
/* With the lock: renders for those who have something to hear, or have waited long enough. NULL when there is nobody.
 */
struct slack_stream_batch *slack_stream_take(struct slack *slack);
/* Without the lock. */
void slack_stream_send(struct slack_stream_batch *batch);

#endif
