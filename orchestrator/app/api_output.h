/* SPDX-License-Identifier: Apache-2.0
 * api_output: finishes answers that show workflows: adds what their running steps have printed so far, which stands in
 * run directories and not in the engine, and sends them.
 *
 * A thread of its own: the state directory may be on a network, and while it does not answer neither the loop nor the
 * HTTP server's thread may wait for it. */
#ifndef ORCHESTRATOR_APP_API_OUTPUT_H
#define ORCHESTRATOR_APP_API_OUTPUT_H

#include "common/io/httpd.h"
#include "proto/view.h"

struct api_output;

struct api_output_options {
    /* The last lines of an attempt that runs; "": nothing yet, NULL: not known here. free()d. From the thread. */
    char *(*read)(void *self, const char *attempt);
    void *self;
};

struct api_sheet {
    struct httpd_exchange *exchange;
    const char *list;         /* a literal: {"LIST":[...]} of those that are not private; NULL: views[0] alone */
    struct proto_view *views; /* owned */
    size_t count;
};

struct sw_status api_output_start(const struct api_output_options *options,
                                  struct api_output **ret_output) SW_MUST_CHECK;
/* On the loop's thread. Takes the views. Answers at once when nothing runs, else the thread does it soon. */
void api_output_answer_take(struct api_output *output, struct api_sheet *sheet);
void api_output_free(struct api_output *output); /* answers what it was given; before the HTTP server ends */

#endif
