/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/whisper.h"

#include "common/base/log.h"

static void said(void *context, const struct relay_outcome *outcome)
{
    (void)context;
    if (outcome->class != SLACK_OK)
        sw_warn("a private word could not be said in a channel", sw_s("reason", outcome->error));
}

void whisper_say(struct slack_api *api, const struct whisper_place *place, json_t *message)
{
    bool filled = message && jx_set_string(message, "channel", place->channel) &&
                  jx_set_string(message, "user", place->user) &&
                  (!*place->thread_ts || jx_set_string(message, "thread_ts", place->thread_ts));
    if (!filled) {
        json_decref(message);
        sw_warn("a private word could not be said in a channel", sw_s("reason", "out of memory"));
        return;
    }
    (void)json_object_del(message, "response_type"); /* of answers to slash commands alone */
    slack_api_call(api, "chat.postEphemeral", message, said, NULL);
}
