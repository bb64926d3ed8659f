/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/errand.h"

void errand_report_release(struct errand_report *report)
{
    json_decref(report->result);
    report->result = NULL;
}
