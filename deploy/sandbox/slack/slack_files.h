/* SPDX-License-Identifier: Apache-2.0
 * slack_files: what a browser fetches: the page, embedded in the program, and the site that the sample publishes. */
#ifndef DEPLOY_SANDBOX_SLACK_FILES_H
#define DEPLOY_SANDBOX_SLACK_FILES_H

#include "deploy/sandbox/slack/slack.h"

/* "/", "/page.css", "/page.js", "/archives/...". False when the path is none of these. */
bool slack_page_serve(struct httpd_exchange *exchange, const char *path);
/* path: what follows "/site/": "<environment>/file"; directories answer with their index.html. */
void slack_site_serve(const char *site_dir, struct httpd_exchange *exchange, const char *path);

/* No part is "..", empty in the middle, or hidden; pure. */
bool slack_site_path_ok(const char *path);

#endif
