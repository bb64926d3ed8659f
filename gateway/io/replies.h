/* SPDX-License-Identifier: Apache-2.0
 * replies: answers to commands, from slipway.replies to the person's response_url, or, for what was said in a channel,
 * to that place: a message in the thread or one that the person alone sees, and a reaction.
 *
 * The ingress announces each command that it has taken. A reply to one of those is posted at once and marked as
 * delivered on the topic; if none comes within 3 s, that is said there. Replies of a gateway that died are posted by
 * the member of the consumer group <prefix>relay-replies that reads their partition, 2 s after them, unless the marker
 * came. A response_url allows 5 posts within 30 minutes. Threads: announce and say from any; the rest is inside. */
#ifndef GATEWAY_IO_REPLIES_H
#define GATEWAY_IO_REPLIES_H

#include "common/base/status.h"
#include "common/io/http_client.h"
#include "common/io/kafka.h"
#include "common/json/jx.h"

struct replies;

struct replies_options {
    struct kafka_config kafka;
    const char *topic_prefix;
    const char *gateway;                          /* this instance's id, as in the commands it publishes */
    const char *response_hosts;                   /* SLACK_RESPONSE_HOSTS */
    const char *signing_secret, *previous_secret; /* to open sealed reply addresses; previous may be NULL */
    const char *slack_api_url, *bot_token;        /* for answers in channels; the token may be NULL: none are given */
    struct http_client *http;                     /* borrowed */
    struct kafka_producer *producer;              /* borrowed; for the delivered markers */
};

struct sw_status replies_new(const struct replies_options *options, struct replies **ret_replies) SW_MUST_CHECK;
/* A command was handed to Kafka; address is plain here and copied: a response_url, or
 * {"channel","ts","thread_ts","user"}. When `expected` and no reply comes within 3 s, in a channel 10 s, that is said
 * there. */
void replies_announce(struct replies *replies, const char *command_id, const char *address, bool expected);
/* Posts a message of the gateway's own to a response_url (correction of a first answer). Steals the reference. */
void replies_say(struct replies *replies, const char *command_id, const char *response_url, json_t *message);
/* The secrets have changed: addresses sealed with these open from now on. Any thread. */
void replies_replace_secrets(struct replies *replies, const char *signing_secret, const char *previous_secret);
void replies_free(struct replies *replies); /* what is being posted is finished, at most 2 s */

#endif
