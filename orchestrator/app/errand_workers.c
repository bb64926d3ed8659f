/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/errand_workers.h"

struct sw_status errand_workers_start(const struct errands_listener *listener, struct errands **ret_errands)
{
    const struct errands_options options = { .listener = *listener };
    return errands_new(&options, ret_errands);
}
