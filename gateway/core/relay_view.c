/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/relay_view.h"

#include "common/base/text.h"

#include <stdlib.h>
#include <string.h>

static bool has_ended(const struct proto_view *view)
{
    enum proto_deployment_state state;
    return proto_deployment_state_parse(view->state, &state) && proto_deployment_state_final(state);
}

bool relay_view_keep(struct relay_view *view, const struct proto_view *seen, const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (!copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    relay_view_forget_text(view);
    *view = (struct relay_view){ .epoch = seen->epoch,
                                 .n = seen->n,
                                 .at_ms = seen->at_ms,
                                 .final = has_ended(seen),
                                 .text = copy,
                                 .length = length };
    (void)sw_copy(view->workflow, sizeof view->workflow, seen->workflow); /* of the same size, as the next */
    (void)sw_copy(view->home_channel, sizeof view->home_channel, seen->home_channel);
    return true;
}

struct sw_status relay_view_read(const struct relay_view *view, struct proto_view *ret_view)
{
    JX_AUTO json_t *json = NULL;
    if (!view->text)
        return sw_fail(SW_CODE_INTERNAL, "nothing was kept of %s", view->workflow);
    SW_TRY(jx_parse(view->text, view->length, &json));
    return proto_view_decode(json, ret_view);
}

void relay_view_forget_text(struct relay_view *view)
{
    free(view->text);
    view->text = NULL;
    view->length = 0;
}
