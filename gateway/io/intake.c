/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/intake.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/rt/clock.h"
#include "gateway/core/answers.h"
#include "gateway/core/response_host.h"
#include "proto/workflow_id.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { PRESET_ANSWER_MS = 1800 };

struct intake {
    struct intake_options options;
    char *gateway, *response_hosts, *status_command;
};

/* A command on its way. Owned by the publisher's calls, which do not overlap. */
struct taking {
    struct intake *intake;
    struct carrier carrier;
    bool answered;
    bool unsure; /* it has been said that nothing is known yet */
    enum ingress_kind kind;
    char command_id[PROTO_COMMAND_ID_MAX + 1];
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    char typed[COMMAND_SHOWN_SIZE];
    char ref[ANSWER_REF_SIZE];
    char *response_url; /* NULL when absent or not allowed */
    json_t *taken;      /* the answer when all is well; NULL for clicks: an empty one */
};

/* ---- what the publisher tells ---- */

static struct answer_subject subject_of(const struct taking *taking)
{
    struct answer_subject subject = { .typed = taking->typed,
                                      .workflow = taking->workflow,
                                      .status_by = taking->intake->status_command };
    (void)sw_copy(subject.ref, sizeof subject.ref, taking->ref); /* the same size */
    return subject;
}

static void say(const struct taking *taking, json_t *message)
{
    const struct intake_replies *replies = &taking->intake->options.replies;
    if (taking->kind == INGRESS_CLICK)
        message = answer_beside_original(message);
    if (taking->response_url && message)
        replies->say(replies->self, taking->command_id, taking->response_url, message);
    else
        json_decref(message);
}

/* A click's own answer is always empty: a message there would replace nothing. What there is to say goes beside it. */
static void answer_first(struct taking *taking, json_t *message, bool wanted)
{
    taking->answered = true;
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
    if (taking->response_url)
        replies->announce(replies->self, taking->command_id, taking->response_url, true);
}

static void taking_free(struct taking *taking)
{
    json_decref(taking->taken);
    free(taking->response_url);
    free(taking);
}

static void tell_confirmed(struct taking *taking)
{
    struct answer_subject subject = subject_of(taking);
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
    struct answer_subject subject = subject_of(taking);
    taking->unsure = true;
    if (taking->carrier.patient) {
        ingress_count_fallback("unsure");
        say(taking, answer_unsure(&subject));
    } else
        tell_failed(taking, answer_unsure(&subject), "unsure");
}

static void tell_never_confirmed(struct taking *taking)
{
    struct answer_subject subject = subject_of(taking);
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
    struct answer_subject subject = subject_of(taking);
    if (taking->carrier.repeated)
        tell_never_confirmed(taking);
    else
        tell_failed(taking, answer_nothing_started(&subject), "nothing_started");
}

static void told(void *context, enum publisher_news news)
{
    struct taking *taking = context;
    if (news != PUBLISHER_HANDING)
        log_news(taking, news);
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

/* ---- from a request to a command ---- */

static void name_command(const struct intake_request *request, const struct slack_pass *pass,
                         char ret_id[PROTO_COMMAND_ID_MAX + 1])
{
    const char *prefix = request->kind == INGRESS_CLICK ? "act" : "cmd";
    int length = -1;
    if (*request->trigger)
        length = snprintf(ret_id, PROTO_COMMAND_ID_MAX + 1, "%s:%s:%s", prefix, request->app, request->trigger);
    if (length < 0 || length > PROTO_COMMAND_ID_MAX) /* 4 and 64 characters fit */
        (void)snprintf(ret_id, PROTO_COMMAND_ID_MAX + 1, "%s", pass->request);
}

static bool fill_ids(const struct intake_request *request, struct proto_command *command)
{
    struct proto_actor *actor = &command->actor;
    return sw_copy(actor->team, sizeof actor->team, request->team) &&
           sw_copy(actor->user, sizeof actor->user, request->user) &&
           sw_copy(actor->enterprise, sizeof actor->enterprise, request->enterprise) &&
           sw_copy(command->channel, sizeof command->channel, request->channel);
}

static bool url_allowed(const struct intake *intake, const struct intake_request *request,
                        const struct slack_pass *pass)
{
    if (!*request->response_url)
        return false;
    if (response_host_allowed(intake->response_hosts, request->response_url))
        return true;
    sw_warn("a response_url of another host is not used HINT: see SLACK_RESPONSE_HOSTS",
            sw_s("request", pass->request));
    return false;
}

static struct sw_status fill_command(struct intake *intake, const struct intake_request *request,
                                     const struct command_parsed *parsed, const struct slack_pass *pass,
                                     struct proto_command *command)
{
    uint8_t digest[CRYPTO_SHA256_BYTES];
    if (!fill_ids(request, command))
        return sw_fail(SW_CODE_INVALID, "an id of the request is too long");
    name_command(request, pass, command->id);
    crypto_sha256(command->id, strlen(command->id), digest);
    if (parsed->creates)
        proto_workflow_id(parsed->creates, digest, command->workflow);
    else
        memcpy(command->workflow, parsed->workflow, sizeof command->workflow);
    (void)sw_copy(command->name, sizeof command->name, parsed->name); /* the table's names fit */
    (void)sw_copy(command->origin, sizeof command->origin, request->kind == INGRESS_CLICK ? "button" : "slash");
    (void)sw_copy(command->gateway, sizeof command->gateway, intake->gateway);
    command->at_ms = sw_wall_ms();
    command->actor.foreign = request->foreign;
    directory_look(intake->options.directory, &command->actor);
    return sw_ok();
}

static void fill_taking(struct taking *taking, const struct intake_request *request,
                        const struct proto_command *command, const struct carrier *carrier)
{
    uint8_t digest[CRYPTO_SHA256_BYTES];
    crypto_sha256(command->id, strlen(command->id), digest);
    taking->carrier = *carrier;
    taking->kind = request->kind;
    memcpy(taking->command_id, command->id, sizeof taking->command_id);
    memcpy(taking->workflow, command->workflow, sizeof taking->workflow);
    command_shown(request->typed, taking->typed);
    (void)snprintf(taking->ref, sizeof taking->ref, "%02X%02X", digest[0], digest[1]); /* four digits */
}

static void submit(struct intake *intake, struct proto_command *command, const char *text, struct taking *taking)
{
    const int64_t within_ms = intake->options.answer_within_ms;
    char *sealed =
        taking->response_url ? slack_gate_seal_new(intake->options.gate, command->id, taking->response_url) : NULL;
    command->reply_to = sealed;
    command->text = text ? sw_strdup(text) : NULL;
    carrier_keep(&taking->carrier);
    publisher_submit(intake->options.publisher, command, taking->carrier.received_us + within_ms * 1000, told, taking);
}

/* Exactly this request is on Kafka already: the same answer, and that it had no second effect. */
static void answer_replay(struct taking *taking)
{
    struct answer_subject subject = subject_of(taking);
    answer_first(taking, answer_repeated(&subject), true);
    taking_free(taking);
}

struct sw_status intake_take(struct intake *intake, const struct intake_request *request, struct command_parsed *parsed,
                             const struct carrier *carrier)
{
    struct proto_command command = { 0 };
    struct taking *taking = calloc(1, sizeof *taking);
    struct sw_status status = taking ? fill_command(intake, request, parsed, &carrier->pass, &command)
                                     : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        free(taking);
        return status;
    }
    taking->intake = intake;
    fill_taking(taking, request, &command, carrier);
    taking->response_url = url_allowed(intake, request, &carrier->pass) ? sw_strdup(request->response_url) : NULL;
    if (carrier->pass.replayed)
        answer_replay(taking);
    else {
        struct answer_subject subject = subject_of(taking);
        taking->taken = request->kind == INGRESS_CLICK ? NULL : answer_taken(parsed, &subject);
        command.args = SW_TAKE(parsed->args);
        submit(intake, &command, request->text, taking);
    }
    proto_command_release(&command);
    return sw_ok();
}

void intake_answer(struct intake *intake, const struct intake_request *request, const struct carrier *carrier,
                   json_t *message)
{
    if (carrier->wordless && message) {
        intake_say(intake, request, carrier, message);
        message = NULL;
    }
    carrier_answer(carrier, request->kind, message);
}

void intake_say(struct intake *intake, const struct intake_request *request, const struct carrier *carrier,
                json_t *message)
{
    const struct intake_replies *replies = &intake->options.replies;
    char id[PROTO_COMMAND_ID_MAX + 1];
    name_command(request, &carrier->pass, id);
    if (request->kind == INGRESS_CLICK)
        message = answer_beside_original(message);
    if (message && url_allowed(intake, request, &carrier->pass))
        replies->say(replies->self, id, request->response_url, message);
    else
        json_decref(message);
}

/* ---- life ---- */

struct sw_status intake_new(const struct intake_options *options, struct intake **ret_intake)
{
    struct intake *intake = calloc(1, sizeof *intake);
    if (!intake)
        return sw_fail(SW_CODE_NO_MEMORY, "intake: out of memory");
    intake->options = *options;
    if (intake->options.answer_within_ms == 0)
        intake->options.answer_within_ms = PRESET_ANSWER_MS;
    intake->gateway = sw_strdup(options->gateway);
    intake->response_hosts = sw_strdup(options->response_hosts);
    intake->status_command = sw_strdup(options->status_command);
    if (!intake->gateway || !intake->response_hosts || !intake->status_command) {
        intake_free(intake);
        return sw_fail(SW_CODE_NO_MEMORY, "intake: out of memory");
    }
    *ret_intake = intake;
    return sw_ok();
}

void intake_free(struct intake *intake)
{
    if (!intake)
        return;
    free(intake->gateway);
    free(intake->response_hosts);
    free(intake->status_command);
    free(intake);
}
