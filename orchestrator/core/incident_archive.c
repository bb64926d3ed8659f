/* SPDX-License-Identifier: Apache-2.0
 * A completed or cancelled incident keeps its channel for a grace, then is archived: its record is closed and its
 * channel, unless people want to keep it, archived with it. */
#include "orchestrator/core/incident_archive.h"

#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_joined.h"
#include "orchestrator/core/incident_orders.h"

/* Nobody can write to an archived channel: what was said there last is answered first. */
enum { DAY_MS = 86400000, LAST_WORDS_MS = 5000 };

int64_t incident_archive_later(struct incident_turn *turn)
{
    int64_t at_ms = turn->now_ms + incident_setting_ms(turn->config, "archive_after", DAY_MS);
    incident_timer(turn, INCIDENT_ARCHIVE_TIMER, at_ms > turn->now_ms ? at_ms : turn->now_ms + 1);
    return at_ms;
}

static void close(struct incident_turn *turn)
{
    const char *channel = incident_channel(turn->wf);
    incident_put_time(turn, "archived", turn->now_ms);
    (void)incident_log(turn, "event", "Archived");
    incident_release_all(turn);
    if (*channel && !json_is_true(json_object_get(turn->wf->facts, "keep_channel")))
        incident_order_later(turn, "archive", LAST_WORDS_MS,
                             json_pack("{ss ss}", "verb", "archive", "channel", channel));
}

struct sw_status incident_archive(struct incident_turn *turn)
{
    bool keeps = json_is_true(json_object_get(turn->wf->facts, "keep_channel"));
    close(turn);
    incident_timer(turn, INCIDENT_ARCHIVE_TIMER, 0);
    incident_answer(turn,
                    keeps ? "It is closed; its channel is kept." : "It is closed, and its channel will be archived.");
    return sw_ok();
}

struct sw_status incident_archive_due(struct incident_turn *turn)
{
    close(turn);
    return sw_ok();
}

struct sw_status incident_keep(struct incident_turn *turn)
{
    bool keeps = json_is_true(json_object_get(turn->wf->facts, "keep_channel"));
    incident_put(turn, "keep_channel", json_true());
    if (!keeps)
        (void)incident_log(turn, "event", "Its channel is to be kept");
    incident_answer(turn, "Its channel will not be archived.");
    return sw_ok();
}
