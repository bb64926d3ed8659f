/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/intake.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/rt/clock.h"
#include "gateway/core/response_host.h"
#include "gateway/io/intake_internal.h"
#include "proto/workflow_id.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A question to the directory takes a second at most. */
enum { PRESET_ANSWER_MS = 1800, DRAIN_MS = 3 * DIRECTORY_WAIT_MS };

/* ---- from a request to a command ---- */

void intake_name_command(const struct intake_request *request, const struct slack_pass *pass,
                         char ret_id[PROTO_COMMAND_ID_MAX + 1])
{
    const char *prefix = request->kind == INGRESS_COMMAND ? "cmd" : request->kind == INGRESS_EVENT ? "evt" : "act";
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

bool intake_url_allowed(const struct intake *intake, const struct intake_request *request,
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

/* Where it was said, and the message that said it; what merely happened has its place among the arguments. */
static bool fill_said(const struct intake_request *request, struct proto_command *command)
{
    const char *ts = request->ts ? request->ts : "", *thread_ts = request->thread_ts ? request->thread_ts : "";
    return request->silent || (sw_copy(command->said.ts, sizeof command->said.ts, ts) &&
                               sw_copy(command->said.thread_ts, sizeof command->said.thread_ts, thread_ts));
}

static void add_link(struct intake *intake, const struct intake_request *request, json_t *args)
{
    char link[DIRECTORY_LINK_SIZE];
    if (request->ts && *request->ts &&
        directory_link(intake->options.directory, request->channel, request->ts,
                       request->thread_ts ? request->thread_ts : "", link))
        (void)jx_set_string(args, "link", link); /* without it there is none */
}

static struct sw_status fill_command(struct intake *intake, const struct intake_request *request,
                                     const struct command_parsed *parsed, const struct slack_pass *pass,
                                     struct proto_command *command)
{
    uint8_t digest[CRYPTO_SHA256_BYTES];
    if (!fill_ids(request, command) || !fill_said(request, command))
        return sw_fail(SW_CODE_INVALID, "an id of the request is too long");
    intake_name_command(request, pass, command->id);
    crypto_sha256(command->id, strlen(command->id), digest);
    if (parsed->creates)
        proto_workflow_id(parsed->creates, digest, command->workflow);
    else
        memcpy(command->workflow, parsed->workflow, sizeof command->workflow);
    (void)sw_copy(command->name, sizeof command->name, parsed->name);        /* the table's names fit */
    (void)sw_copy(command->origin, sizeof command->origin, request->origin); /* a literal */
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
    (void)snprintf(taking->ref, sizeof taking->ref, "%02X%02X", digest[0], digest[1]);        /* four digits */
    (void)sw_copy(taking->field, sizeof taking->field, request->field ? request->field : ""); /* ours */
}

static struct whisper_place place_of(const struct intake_request *request)
{
    struct whisper_place place;
    (void)sw_copy(place.channel, sizeof place.channel, request->channel); /* measured in fill_ids(), as the next */
    (void)sw_copy(place.user, sizeof place.user, request->user);
    (void)sw_copy(place.thread_ts, sizeof place.thread_ts, request->thread_ts ? request->thread_ts : "");
    return place;
}

/* {"channel","ts","thread_ts","user"}: where the answer goes to what was said in a channel. */
static char *place_new(const struct intake_request *request)
{
    JX_AUTO json_t *json = json_object();
    bool kept =
        jx_set_string(json, "channel", request->channel) && jx_set_string(json, "ts", request->ts) &&
        jx_set_string(json, "thread_ts", request->thread_ts && *request->thread_ts ? request->thread_ts : NULL) &&
        jx_set_string(json, "user", request->user);
    return kept ? jx_dump_new(json) : NULL;
}

static void fill_reply_to(struct taking *taking, const struct intake_request *request)
{
    if (request->kind != INGRESS_EVENT)
        taking->reply_to = intake_url_allowed(taking->intake, request, &taking->carrier.pass)
                               ? sw_strdup(request->response_url)
                               : NULL;
    else if (!request->silent) {
        taking->reply_to = place_new(request);
        taking->place = place_of(request);
    }
}

static void submit(struct taking *taking, struct proto_command *command)
{
    struct intake *intake = taking->intake;
    const int64_t within_ms = intake->options.answer_within_ms;
    if (taking->reply_to)
        command->reply_to = slack_gate_seal_new(intake->options.gate, command->id, taking->reply_to);
    publisher_submit(intake->options.publisher, command, taking->carrier.received_us + within_ms * 1000, taking_told,
                     taking);
}

/* As typed, cut to what travels: above it the grammar has refused it, or it is a message of which the rest counts. */
static char *text_new(const char *text)
{
    char cut[PROTO_COMMAND_TEXT_MAX + 1];
    if (!text)
        return NULL;
    (void)sw_copy(cut, sizeof cut, text); /* see above */
    return sw_strdup(cut);
}

static void send_on(struct taking *taking, const struct intake_request *request, struct command_parsed *parsed,
                    struct proto_command *command)
{
    struct answer_subject subject = taking_subject(taking);
    const struct intake_wants wants = { .actor = parsed->actor || *parsed->person,
                                        .person = parsed->person,
                                        .text = request->text_unknown };
    taking->taken = request->kind == INGRESS_COMMAND ? answer_taken(parsed, &subject) : NULL;
    command->args = SW_TAKE(parsed->args);
    command->text = text_new(request->text);
    add_link(taking->intake, request, command->args);
    carrier_keep(&taking->carrier);
    if (wants.actor || *wants.person || wants.text)
        intake_wait(taking, command, &wants, submit);
    else
        submit(taking, command);
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
    fill_reply_to(taking, request);
    if (carrier->pass.replayed)
        taking_replayed(taking);
    else
        send_on(taking, request, parsed, &command);
    proto_command_release(&command);
    return sw_ok();
}

void intake_answer(struct intake *intake, const struct intake_request *request, const struct carrier *carrier,
                   json_t *message)
{
    if ((carrier->wordless || request->kind == INGRESS_EVENT) && message) {
        intake_say(intake, request, carrier, message);
        message = NULL;
    }
    carrier_answer(carrier, request->kind, message);
}

static void whisper(struct intake *intake, const struct intake_request *request, json_t *message)
{
    const struct intake_whisper *whisper = &intake->options.whisper;
    const struct whisper_place place = place_of(request);
    if (whisper->say && *place.user)
        whisper->say(whisper->self, &place, message);
    else
        json_decref(message);
}

void intake_say(struct intake *intake, const struct intake_request *request, const struct carrier *carrier,
                json_t *message)
{
    const struct intake_replies *replies = &intake->options.replies;
    char id[PROTO_COMMAND_ID_MAX + 1];
    if (request->kind == INGRESS_EVENT) {
        whisper(intake, request, message);
        return;
    }
    intake_name_command(request, &carrier->pass, id);
    if (request->kind == INGRESS_CLICK)
        message = answer_beside_original(message);
    if (message && intake_url_allowed(intake, request, &carrier->pass))
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
    intake_dialog_init();
    *ret_intake = intake;
    return sw_ok();
}

void intake_drain(struct intake *intake)
{
    const int64_t until_ms = sw_monotonic_ms() + DRAIN_MS;
    while (atomic_load(&intake->waiting) > 0 && sw_monotonic_ms() < until_ms)
        (void)nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
    atomic_store(&intake->closed, true);
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
