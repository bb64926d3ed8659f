/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/io/carrier.h"

#include "common/base/log.h"

void carrier_keep(const struct carrier *carrier) { carrier->way->keep(carrier->self); }

void carrier_answer(const struct carrier *carrier, enum ingress_kind kind, json_t *message)
{
    SW_AUTO_FREE char *json = message ? jx_dump_new(message) : NULL; /* out of memory: an empty answer is one too */
    json_decref(message);
    ingress_count(kind, 200, carrier->received_us);
    carrier->way->answer(carrier->self, json);
}

void carrier_refuse(const struct carrier *carrier, const struct sw_status *why)
{
    sw_warn("a verified request could not be read", sw_s("request", carrier->pass.request), sw_e(why));
    ingress_count(INGRESS_REFUSED, 400, carrier->received_us);
    carrier->way->refuse(carrier->self);
}

void carrier_leave(const struct carrier *carrier, enum ingress_kind kind)
{
    ingress_count(kind, 503, carrier->received_us);
    carrier->way->leave(carrier->self);
}
