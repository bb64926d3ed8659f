/* SPDX-License-Identifier: Apache-2.0
 * step_output: what a step prints, on its way to the file `output` of its run directory: secrets are replaced by ***,
 * also across the borders of reads; of more than 16 MiB the first 15 and the last one are kept, and it says so.
 *
 * The file is looked at while the step runs: what it printed is there at once, but for bytes that may be the beginning
 * of a secret, and for what comes behind 15 MiB. */
#ifndef ORCHESTRATOR_STEP_STEP_OUTPUT_H
#define ORCHESTRATOR_STEP_STEP_OUTPUT_H

#include "common/base/buf.h"
#include "orchestrator/step/step_spec.h"

enum { STEP_OUTPUT_FIRST_BYTES = 15 * 1024 * 1024, STEP_OUTPUT_LAST_BYTES = 1024 * 1024 };

struct step_output {
    int fd;
    const struct step_spec *spec;
    bool begins_secret[256]; /* by first byte */
    size_t longest_secret;   /* 0: nothing to hide */
    struct sw_buf held;      /* not written yet: could be the beginning of a secret */
    size_t masked;           /* bytes at the front of `held` that belong to a secret already told as *** */
    int64_t written;         /* of the first part */
    char *last;              /* a ring, written at the end; made when the first part is full */
    int64_t last_total;      /* bytes that went into it */
};

void step_output_init(struct step_output *output, int fd, const struct step_spec *spec);
void step_output_write(struct step_output *output, const char *data, size_t length);
void step_output_finish(struct step_output *output); /* writes what is held; frees */

#endif
