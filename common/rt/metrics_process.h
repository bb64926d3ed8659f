/* SPDX-License-Identifier: Apache-2.0
 * metrics_process: memory, processor time, descriptors and start time of this process, under Prometheus's customary
 * names. For metrics.c only. */
#ifndef COMMON_RT_METRICS_PROCESS_H
#define COMMON_RT_METRICS_PROCESS_H

void metrics_process_init(void);
void metrics_process_update(void); /* before each scrape */

#endif
