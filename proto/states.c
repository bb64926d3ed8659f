/* SPDX-License-Identifier: Apache-2.0
 * The words of states, from the lists in view.h. */
#include "proto/view.h"

#include "common/base/text.h"

#define TEXT_(name, text) text,
static const char *const DEPLOYMENT_STATES[] = { PROTO_DEPLOYMENT_STATES(TEXT_) };
static const char *const STEP_STATES[] = { PROTO_STEP_STATES(TEXT_) };
#undef TEXT_

const char *proto_deployment_state_name(enum proto_deployment_state state) { return DEPLOYMENT_STATES[state]; }
const char *proto_step_state_name(enum proto_step_state state) { return STEP_STATES[state]; }

static bool find(const char *const *names, size_t count, const char *name, size_t *ret_index)
{
    for (size_t i = 0; i < count; i++)
        if (sw_equal(names[i], name)) {
            *ret_index = i;
            return true;
        }
    return false;
}

bool proto_deployment_state_parse(const char *name, enum proto_deployment_state *ret_state)
{
    size_t index;
    if (!find(DEPLOYMENT_STATES, SW_COUNT(DEPLOYMENT_STATES), name, &index))
        return false;
    *ret_state = (enum proto_deployment_state)index;
    return true;
}

bool proto_step_state_parse(const char *name, enum proto_step_state *ret_state)
{
    size_t index;
    if (!find(STEP_STATES, SW_COUNT(STEP_STATES), name, &index))
        return false;
    *ret_state = (enum proto_step_state)index;
    return true;
}

bool proto_deployment_state_final(enum proto_deployment_state state)
{
    switch (state) {
    case PROTO_DEPLOYMENT_SUCCEEDED:
    case PROTO_DEPLOYMENT_FAILED:
    case PROTO_DEPLOYMENT_CANCELLED:
    case PROTO_DEPLOYMENT_ROLLED_BACK:
    case PROTO_DEPLOYMENT_SUPERSEDED:
    case PROTO_DEPLOYMENT_REJECTED:
        return true;
    case PROTO_DEPLOYMENT_QUEUED:
    case PROTO_DEPLOYMENT_WAITING_FOR_APPROVAL:
    case PROTO_DEPLOYMENT_RUNNING:
    case PROTO_DEPLOYMENT_CANCELLING:
    case PROTO_DEPLOYMENT_ROLLING_BACK:
    case PROTO_DEPLOYMENT_NEEDS_A_HUMAN:
    case PROTO_DEPLOYMENT_STATE_COUNT:
        break;
    }
    return false;
}

void proto_state_words(const char *name, char *ret_text, size_t size)
{
    (void)sw_copy(ret_text, size, name); /* names are short */
    for (char *at = ret_text; *at; at++)
        if (*at == '_')
            *at = ' ';
}
