/* SPDX-License-Identifier: Apache-2.0
 * directory: what Slack knows about people: guest or full member, of another organisation or not, which user groups.
 *
 * A cache that is filled in the background: a look never waits and never calls Slack; what is not known yet is said to
 * be unknown, and asked for. Without a token, or where the API lacks the method, everything stays unknown, silently.
 * Threads: any. */
#ifndef GATEWAY_IO_DIRECTORY_H
#define GATEWAY_IO_DIRECTORY_H

#include "common/io/http_client.h"
#include "proto/command.h"

struct directory;

struct directory_options {
    const char *slack_api_url; /* ends with "/" or not */
    const char *bot_token;     /* NULL: nothing is ever asked */
    struct http_client *http;  /* borrowed; freed after requests have ended and before the directory */
};

struct sw_status directory_new(const struct directory_options *options, struct directory **ret_directory) SW_MUST_CHECK;
/* Fills membership, foreign and groups (a new reference, or NULL) of the actor whose team and user are set. */
void directory_look(struct directory *directory, struct proto_actor *actor);
void directory_free(struct directory *directory);

#endif
