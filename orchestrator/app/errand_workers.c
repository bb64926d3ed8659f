/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/errand_workers.h"

#include "orchestrator/adapters/report.h"
#include "orchestrator/adapters/tracker.h"

struct sw_status errand_workers_start(const struct errand_workers_options *options, struct errands **ret_errands)
{
    const struct errands_options errands = { .adapters = { tracker_adapter(options->secrets_dir),
                                                           report_adapter(options->secrets_dir),
                                                           status_page_adapter(options->secrets_dir) },
                                             .adapter_count = 3,
                                             .listener = options->listener };
    return errands_new(&errands, ret_errands);
}
