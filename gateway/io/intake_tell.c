/* SPDX-License-Identifier: Apache-2.0
 * What becomes of a command on its way, as it is told to Slack and to the person. */
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/rt/clock.h"
#include "gateway/io/intake_internal.h"

#include <assert.h>
#include <stdlib.h>

/* ---- what the publisher tells ---- */

struct answer_subject taking_subject(const struct taking *taking)
{
    struct answer_subject subject = { .typed = taking->typed,
                                      .workflow = taking->workflow,
                                      .status_by = taking->intake->status_command };
    (void)sw_copy(subject.ref, sizeof subject.ref, taking->ref); /* the same size */
    return subject;
}

/* What comes after the first answer: to the response_url, or for one person's eyes into the channel. */
static void say(const struct taking *taking, json_t *message)
{
    const struct intake_replies *replies = &taking->intake->options.replies;
    const struct intake_whisper *whisper = &taking->intake->options.whisper;
    if (taking->kind == INGRESS_CLICK)
        message = answer_beside_original(message);
    if (!taking->reply_to || !message)
        json_decref(message);
    else if (!*taking->place.user)
        replies->say(replies->self, taking->command_id, taking->reply_to, message);
    else if (whisper->say)
        whisper->say(whisper->self, &taking->place, message);
    else
        json_decref(message);
}

/* A form stays open with what is wrong in it. */
static json_t *form_error(const struct taking *taking, json_t *message)
{
    json_t *answer = json_pack("{s:s, s:{s:s}}", "response_action", "errors", "errors", taking->field,
                               jx_string_or(message, "text", "It could not be queued. Try again."));
    json_decref(message);
    return answer;
}

/* A click's own answer is always empty: a message there would replace nothing. What there is to say goes beside it. */
static void answer_first(struct taking *taking, json_t *message, bool wanted)
{
    taking->answered = true;
    if (taking->kind == INGRESS_VIEW) {
        carrier_answer(&taking->carrier, taking->kind, wanted ? message : form_error(taking, message));
        return;
    }
    if (taking->kind != INGRESS_CLICK && !taking->carrier.wordless) {
        carrier_answer(&taking->carrier, taking->kind, message);
        return;
    }
    carrier_answer(&taking->carrier, taking->kind, NULL);
    if (wanted && taking->kind == INGRESS_CLICK)
        json_decref(message);
    else
        say(taking, message);
}

static void log_news(const struct taking *taking, enum publisher_news news)
{
    sw_log_(news == PUBLISHER_CONFIRMED ? SW_INFO : SW_WARN, "command", sw_s("result", publisher_news_name(news)),
            sw_s("command", taking->command_id), sw_s("workflow", taking->workflow), sw_s("ref", taking->ref),
            sw_i("after_us", sw_monotonic_us() - taking->carrier.received_us));
}

static void announce(const struct taking *taking)
{
    const struct intake_replies *replies = &taking->intake->options.replies;
    if (taking->reply_to)
        replies->announce(replies->self, taking->command_id, taking->reply_to, true);
}

void taking_free(struct taking *taking)
{
    json_decref(taking->taken);
    free(taking->reply_to);
    free(taking);
}

static void tell_confirmed(struct taking *taking)
{
    struct answer_subject subject = taking_subject(taking);
    slack_gate_remember(taking->intake->options.gate, taking->carrier.pass.request);
    if (taking->answered || taking->unsure)
        say(taking, answer_confirmed_late(&subject));
    if (taking->answered)
        return;
    if (taking->unsure) /* so late that Slack may not show what an answer carries */
        carrier_answer(&taking->carrier, taking->kind, NULL);
    else
        answer_first(taking, SW_TAKE(taking->taken), true);
}

static void tell_failed(struct taking *taking, json_t *message, const char *what)
{
    if (taking->answered)
        say(taking, message);
    else {
        ingress_count_fallback(what);
        answer_first(taking, message, false);
    }
}

/* Not known yet. A patient carrier waits on: were it answered now, a crash could still lose the command. */
static void tell_unsure(struct taking *taking)
{
    struct answer_subject subject = taking_subject(taking);
    taking->unsure = true;
    if (taking->carrier.patient) {
        ingress_count_fallback("unsure");
        say(taking, answer_unsure(&subject));
    } else
        tell_failed(taking, answer_unsure(&subject), "unsure");
}

static void tell_never_confirmed(struct taking *taking)
{
    struct answer_subject subject = taking_subject(taking);
    if (!taking->carrier.patient) {
        tell_failed(taking, answer_never_confirmed(&subject), "never_confirmed");
        return;
    }
    ingress_count_fallback("never_confirmed");
    say(taking, answer_never_confirmed(&subject));
    carrier_leave(&taking->carrier, taking->kind);
}

/* What an earlier delivery did is not known here, so "nothing was started" would be a guess. */
static void tell_nothing_started(struct taking *taking)
{
    struct answer_subject subject = taking_subject(taking);
    if (taking->carrier.repeated)
        tell_never_confirmed(taking);
    else
        tell_failed(taking, answer_nothing_started(&subject), "nothing_started");
}

/* ---- events ---- */

/* Slack delivers again what is left, three times within six minutes; only then the person is told. */
static void leave_event(struct taking *taking)
{
    struct answer_subject subject = taking_subject(taking);
    if (taking->carrier.last)
        say(taking, answer_never_confirmed(&subject));
    if (!taking->answered)
        carrier_leave(&taking->carrier, taking->kind);
    taking->answered = true;
}

static void told_of_event(struct taking *taking, enum publisher_news news)
{
    switch (news) {
    case PUBLISHER_HANDING:
        announce(taking);
        return;
    case PUBLISHER_UNSURE:
        ingress_count_fallback("unsure");
        if (!taking->carrier.patient)
            leave_event(taking);
        return;
    case PUBLISHER_CONFIRMED:
        slack_gate_remember(taking->intake->options.gate, taking->carrier.pass.request);
        if (!taking->answered)
            carrier_answer(&taking->carrier, taking->kind, NULL);
        break;
    case PUBLISHER_NOTHING_STARTED:
    case PUBLISHER_NEVER_CONFIRMED:
        ingress_count_fallback(publisher_news_name(news));
        leave_event(taking);
        break;
    case PUBLISHER_NEWS_COUNT:
        assert(false);
    }
    taking_free(taking);
}

/* ---- requests of people ---- */

void taking_told(void *context, enum publisher_news news)
{
    struct taking *taking = context;
    if (news != PUBLISHER_HANDING)
        log_news(taking, news);
    if (taking->kind == INGRESS_EVENT) {
        told_of_event(taking, news);
        return;
    }
    switch (news) {
    case PUBLISHER_HANDING:
        announce(taking);
        return;
    case PUBLISHER_UNSURE:
        tell_unsure(taking);
        return;
    case PUBLISHER_CONFIRMED:
        tell_confirmed(taking);
        break;
    case PUBLISHER_NOTHING_STARTED:
        tell_nothing_started(taking);
        break;
    case PUBLISHER_NEVER_CONFIRMED:
        tell_never_confirmed(taking);
        break;
    case PUBLISHER_NEWS_COUNT:
        assert(false);
    }
    taking_free(taking);
}

void taking_replayed(struct taking *taking)
{
    struct answer_subject subject = taking_subject(taking);
    if (taking->kind == INGRESS_EVENT || taking->kind == INGRESS_VIEW)
        carrier_answer(&taking->carrier, taking->kind, NULL);
    else
        answer_first(taking, answer_repeated(&subject), true);
    taking_free(taking);
}
