/* SPDX-License-Identifier: Apache-2.0
 * Questions about what could be deployed. */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/config.h"
#include "orchestrator/core/deployment_view.h"

#include <stdlib.h>

enum { MAX_TEXT_BYTES = 6000 }; /* beyond: the first ones */

static void say_service(struct sw_buf *text, const json_t *service)
{
    const json_t *environments = json_object_get(service, "environments");
    const char *description = jx_string(service, "description");
    sw_buf_printf(text, "\n`%s`%s%s to ", jx_string_or(service, "name", "?"), description ? ": " : "",
                  description ? description : "");
    for (size_t i = 0; i < json_array_size(environments); i++)
        sw_buf_printf(text, "%s`%s`", i ? ", " : "", json_string_value(json_array_get(environments, i)));
    const char *ref = jx_string(service, "ref");
    if (ref)
        sw_buf_printf(text, " (`%s` unless you say otherwise)", ref);
}

struct sw_status deployment_answer(const struct kind_world *world, const struct proto_command *command,
                                   struct proto_reply **ret_reply)
{
    (void)command; /* there is one question: `services` */
    JX_AUTO json_t *list = config_services(world->config);
    SW_AUTO_BUF struct sw_buf text = { .max_bytes = MAX_TEXT_BYTES };
    sw_buf_puts(&text, "What can be deployed:");
    for (size_t i = 0; i < json_array_size(list); i++)
        say_service(&text, json_array_get(list, i));
    *ret_reply = kind_reply_new("services", NULL, sw_buf_string(&text), "`/deploy <service> [ref] [to environment]`");
    return *ret_reply ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}
