/* SPDX-License-Identifier: Apache-2.0
 * The directory's inside: directory.c keeps what is known, directory_slack.c asks Slack. */
#ifndef GATEWAY_IO_DIRECTORY_INTERNAL_H
#define GATEWAY_IO_DIRECTORY_INTERNAL_H

#include "common/base/lru.h"
#include "gateway/io/directory.h"

#include <pthread.h>

struct directory {
    char *api_url;
    char *authorization; /* a header line; NULL without a token */
    struct http_client *http;

    pthread_mutex_t lock;
    struct sw_lru *people; /* user -> struct directory_person */
    struct sw_lru *asked;  /* user -> NULL: do not ask again yet */
    json_t *groups;        /* {user: [group ids]}; NULL: not known */
    int64_t groups_ask_at_ms, self_ask_at_ms;
    char home[DIRECTORY_LINK_SIZE]; /* "https://acme.slack.com/"; "": not known */
};

/* Questions in the background; what comes back is kept. */
void directory_ask_person(struct directory *directory, const char *user, directory_told_fn *told, void *context);
void directory_ask_groups(struct directory *directory);
void directory_ask_self(struct directory *directory);

/* Answers, from directory_slack.c. groups: stolen. */
void directory_keep_person(struct directory *directory, const char *user, const struct directory_person *person);
void directory_keep_groups(struct directory *directory, json_t *groups);
void directory_keep_home(struct directory *directory, const char *home);

#endif
