/* SPDX-License-Identifier: Apache-2.0
 * directory: what Slack knows about people (guest or full member, of another organisation or not, which user groups,
 * what they are called, in which time zone they live, whether they are people at all), about ourselves and messages.
 *
 * A cache that is filled in the background: a look never waits and never calls Slack; what is not known yet is said to
 * be unknown, and asked for. Who can wait asks, and is told within a second. Without a token, or where the API lacks
 * the method, everything stays unknown, silently. Threads: any. */
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

/* clang-format off */
#define DIRECTORY_KINDS(X) \
    X(UNKNOWN, "unknown") /* Slack did not say */ \
    X(HUMAN, "human") X(BOT, "bot") \
    X(MISSING, "missing") /* nobody has that id, or not any more */
/* clang-format on */
#define DIRECTORY_KIND_ENUM_(name, text) DIRECTORY_##name,
enum directory_kind { DIRECTORY_KINDS(DIRECTORY_KIND_ENUM_) };
#undef DIRECTORY_KIND_ENUM_
const char *directory_kind_name(enum directory_kind kind);

struct directory_person {
    enum directory_kind kind;
    bool guest, foreign;
    char name[PROTO_PERSON_SIZE]; /* as people call them; "" when not known */
    char zone[PROTO_NAME_SIZE];   /* IANA; "" when not known */
};

enum { DIRECTORY_WAIT_MS = 1000, DIRECTORY_LINK_SIZE = 256 };

struct sw_status directory_new(const struct directory_options *options, struct directory **ret_directory) SW_MUST_CHECK;
/* Fills membership, foreign, groups (a new reference, or NULL), name and zone of the actor whose team and user are
 * set. */
void directory_look(struct directory *directory, struct proto_actor *actor);

/* The person is valid during the call. */
typedef void directory_told_fn(void *context, const struct directory_person *person);
/* Told exactly once, within DIRECTORY_WAIT_MS: before this returns when it is known, else on the HTTP client's
 * thread. */
void directory_ask(struct directory *directory, const char *user, directory_told_fn *told, void *context);

struct directory_message { /* NULL: not known */
    const char *text, *user, *thread_ts;
};
/* The message is valid during the call. */
typedef void directory_recalled_fn(void *context, const struct directory_message *message);
/* What a message says. Told exactly once, within DIRECTORY_WAIT_MS. */
void directory_recall(struct directory *directory, const char *channel, const char *ts, directory_recalled_fn *told,
                      void *context);

/* The address of a message for people's browsers; false while our workspace's address is not known. thread_ts "" when
 * it is no thread's. */
bool directory_link(struct directory *directory, const char *channel, const char *ts, const char *thread_ts,
                    char ret_link[DIRECTORY_LINK_SIZE]);
void directory_free(struct directory *directory);

#endif
