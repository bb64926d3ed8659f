/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/step_report.h"

#include <stdlib.h>

void step_report_release(struct step_report *report)
{
    free(report->tail);
    report->tail = NULL;
}
