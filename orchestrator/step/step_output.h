/* SPDX-License-Identifier: Apache-2.0
 * step_output: what a step prints, on its way to the file `output` of its run directory: secrets are replaced by ***,
 * also across the borders of reads; what is over 16 MiB is cut, and says so. */
#ifndef ORCHESTRATOR_STEP_STEP_OUTPUT_H
#define ORCHESTRATOR_STEP_STEP_OUTPUT_H

#include "common/base/buf.h"
#include "orchestrator/step/step_spec.h"

enum { STEP_OUTPUT_MAX_BYTES = 16 * 1024 * 1024 };

struct step_output {
    int fd;
    const struct step_spec *spec;
    struct sw_buf held; /* not written yet: could be the beginning of a secret */
    size_t longest_secret;
    int64_t written;
    bool cut;
};

void step_output_init(struct step_output *output, int fd, const struct step_spec *spec);
void step_output_write(struct step_output *output, const char *data, size_t length);
void step_output_finish(struct step_output *output); /* writes what is held */

#endif
