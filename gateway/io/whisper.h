/* SPDX-License-Identifier: Apache-2.0
 * whisper: a message in a channel that one person alone sees (chat.postEphemeral): what the gateway itself has to say
 * about what somebody said there.
 *
 * Tried once: it is no record of anything, and the person can say the word again. Threads: any. */
#ifndef GATEWAY_IO_WHISPER_H
#define GATEWAY_IO_WHISPER_H

#include "gateway/io/slack_api.h"

struct whisper_place {
    char channel[PROTO_SLACK_ID_SIZE], user[PROTO_SLACK_ID_SIZE];
    char thread_ts[PROTO_TS_SIZE]; /* "" when it was said in no thread */
};

/* message: {text, blocks}; stolen, NULL: out of memory. */
void whisper_say(struct slack_api *api, const struct whisper_place *place, json_t *message);

#endif
