/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/step/step_output.h"

#include <string.h>
#include <unistd.h>

enum { SECRET_MIN_BYTES = 4 }; /* shorter values would eat ordinary words */

void step_output_init(struct step_output *output, int fd, const struct step_spec *spec)
{
    *output = (struct step_output){ .fd = fd, .spec = spec, .held = { .max_bytes = 2 * 1024 * 1024 } };
    for (size_t i = 0; i < spec->secret_count; i++) {
        size_t length = strlen(spec->secrets[i].value);
        output->longest_secret = length > output->longest_secret ? length : output->longest_secret;
    }
}

static void put(struct step_output *output, const char *data, size_t length)
{
    static const char MARK[] = "\n[output cut: over 16 MiB]\n";
    if (output->cut)
        return;
    if (output->written + (int64_t)length > STEP_OUTPUT_MAX_BYTES) {
        output->cut = true;
        data = MARK;
        length = sizeof MARK - 1;
    }
    while (length > 0) {
        ssize_t written = write(output->fd, data, length);
        if (written <= 0)
            return; /* a full disk must not stop the step; its exit code is what counts */
        data += written;
        length -= (size_t)written;
        output->written += written;
    }
}

/* The first secret in the text; the longer one when two begin together. */
static const char *find_secret(const struct step_spec *spec, const char *text, size_t length, size_t *ret_length)
{
    const char *first = NULL;
    for (size_t i = 0; i < spec->secret_count; i++) {
        size_t secret_length = strlen(spec->secrets[i].value);
        if (secret_length < SECRET_MIN_BYTES)
            continue;
        const char *at = memmem(text, length, spec->secrets[i].value, secret_length);
        if (at && (!first || at < first || (at == first && secret_length > *ret_length))) {
            first = at;
            *ret_length = secret_length;
        }
    }
    return first;
}

/* Writes all but the last `keep` bytes, with secrets replaced. */
static void drain(struct step_output *output, size_t keep)
{
    const char *at = sw_buf_string(&output->held), *end = at + output->held.length;
    const char *secret;
    size_t secret_length = 0;
    while ((secret = find_secret(output->spec, at, (size_t)(end - at), &secret_length))) {
        put(output, at, (size_t)(secret - at));
        put(output, "***", 3);
        at = secret + secret_length;
    }
    size_t left = (size_t)(end - at);
    size_t ready = left > keep ? left - keep : 0;
    put(output, at, ready);
    struct sw_buf rest = { .max_bytes = output->held.max_bytes };
    sw_buf_append(&rest, at + ready, left - ready);
    sw_buf_release(&output->held);
    output->held = rest;
}

void step_output_write(struct step_output *output, const char *data, size_t length)
{
    if (output->longest_secret < SECRET_MIN_BYTES) {
        put(output, data, length);
        return;
    }
    sw_buf_append(&output->held, data, length);
    drain(output, output->longest_secret - 1);
}

void step_output_finish(struct step_output *output)
{
    drain(output, 0);
    sw_buf_release(&output->held);
}
