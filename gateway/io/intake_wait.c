/* SPDX-License-Identifier: Apache-2.0
 * What a command lacks is asked of the directory, all at once: who says it lives in which zone, who is meant, what a
 * message says. Each question is answered within a second, whatever the answer; the last one sends the command on. */
#include "common/base/text.h"
#include "gateway/io/intake_internal.h"

#include <stdlib.h>
#include <string.h>

struct waiting {
    struct taking *taking;
    struct proto_command command;
    char person[PROTO_SLACK_ID_SIZE];
    intake_complete_fn *then;
    atomic_int left;
};

static void one_less(struct waiting *waiting)
{
    struct intake *intake = waiting->taking->intake;
    if (atomic_fetch_sub(&waiting->left, 1) > 1)
        return;
    if (atomic_load(&intake->closed))
        taking_free(waiting->taking); /* the process ends, and who waited for an answer has been cut off */
    else
        waiting->then(waiting->taking, &waiting->command);
    proto_command_release(&waiting->command);
    free(waiting);
    atomic_fetch_sub(&intake->waiting, 1);
}

static void actor_told(void *context, const struct directory_person *person)
{
    struct waiting *waiting = context;
    struct proto_actor *actor = &waiting->command.actor;
    if (person->kind != DIRECTORY_UNKNOWN) {
        memcpy(actor->name, person->name, sizeof actor->name);
        memcpy(actor->zone, person->zone, sizeof actor->zone);
        if (actor->membership == PROTO_MEMBER_UNKNOWN)
            actor->membership = person->guest ? PROTO_MEMBER_GUEST : PROTO_MEMBER_FULL;
        actor->foreign = actor->foreign || person->foreign;
    }
    one_less(waiting);
}

static void person_told(void *context, const struct directory_person *person)
{
    struct waiting *waiting = context;
    json_t *user = json_object();
    bool kept = jx_set_string(user, "id", waiting->person) &&
                jx_set_string(user, "name", *person->name ? person->name : NULL) &&
                jx_set_string(user, "zone", *person->zone ? person->zone : NULL) &&
                jx_set_string(user, "kind", directory_kind_name(person->kind));
    if (kept)
        (void)jx_set_take(waiting->command.args, "user", user); /* without it the orchestrator refuses the word */
    else
        json_decref(user);
    one_less(waiting);
}

static void text_told(void *context, const struct directory_message *message)
{
    struct waiting *waiting = context;
    if (message->text && *message->text) /* what cannot be kept stays unknown */
        (void)jx_set_string(waiting->command.args, "text", message->text);
    if (message->user && *message->user)
        (void)jx_set_string(waiting->command.args, "user", message->user);
    if (message->thread_ts && *message->thread_ts)
        (void)jx_set_string(waiting->command.args, "thread_ts", message->thread_ts);
    one_less(waiting);
}

void intake_wait(struct taking *taking, struct proto_command *command, const struct intake_wants *wants,
                 intake_complete_fn *then)
{
    struct directory *directory = taking->intake->options.directory;
    struct waiting *waiting = calloc(1, sizeof *waiting);
    if (!waiting) { /* it goes without */
        then(taking, command);
        proto_command_release(command);
        return;
    }
    waiting->taking = taking;
    waiting->command = *command;
    *command = (struct proto_command){ 0 };
    waiting->then = then;
    (void)sw_copy(waiting->person, sizeof waiting->person, wants->person); /* of the same size */
    atomic_init(&waiting->left, 1);
    atomic_fetch_add(&taking->intake->waiting, 1);
    const struct proto_command *asked = &waiting->command;
    bool person = *waiting->person;
    atomic_fetch_add(&waiting->left, (wants->actor ? 1 : 0) + (person ? 1 : 0) + (wants->text ? 1 : 0));
    if (wants->actor)
        directory_ask(directory, asked->actor.user, actor_told, waiting);
    if (person)
        directory_ask(directory, waiting->person, person_told, waiting);
    if (wants->text)
        directory_recall(directory, asked->channel, jx_string_or(asked->args, "ts", ""), text_told, waiting);
    one_less(waiting);
}
