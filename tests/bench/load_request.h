/* SPDX-License-Identifier: Apache-2.0
 * load_request: a slash command as Slack sends it, signed, with a trigger of its own each time. One thread. */
#ifndef TESTS_BENCH_LOAD_REQUEST_H
#define TESTS_BENCH_LOAD_REQUEST_H

#include <stddef.h>
#include <stdint.h>

struct load_request {
    const char *command, *text, *response_url; /* as they travel: percent-encoded where need be */
    char secret[256];
    uint64_t number;
    char bytes[4096]; /* of the last one */
};

void load_request_secret(struct load_request *request, const char *path); /* exits when it cannot be read */
const char *load_request_next(struct load_request *request, size_t *ret_length);

#endif
