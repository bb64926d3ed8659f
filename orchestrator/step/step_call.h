/* SPDX-License-Identifier: Apache-2.0
 * step_call: an HTTP step, run as a command of its own so that it is supervised like one: reads the call as JSON from
 * stdin, prints what came, and ends with 0 when the status is one that was expected. */
#ifndef ORCHESTRATOR_STEP_STEP_CALL_H
#define ORCHESTRATOR_STEP_STEP_CALL_H

int step_call_main(void);

#endif
