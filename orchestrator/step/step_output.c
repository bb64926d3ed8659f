/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/step/step_output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SECRET_MIN_BYTES = 4, HELD_MAX_BYTES = 2 * 1024 * 1024 }; /* shorter secrets would eat ordinary words */

static const char MORE[] = "\n[more than 15 MiB: what follows is shown when the step has ended]\n";

void step_output_init(struct step_output *output, int fd, const struct step_spec *spec)
{
    *output = (struct step_output){ .fd = fd, .spec = spec, .held = { .max_bytes = HELD_MAX_BYTES } };
    for (size_t i = 0; i < spec->secret_count; i++) {
        const char *value = spec->secrets[i].value;
        size_t length = strlen(value);
        if (length < SECRET_MIN_BYTES)
            continue;
        output->begins_secret[(unsigned char)*value] = true;
        output->longest_secret = length > output->longest_secret ? length : output->longest_secret;
    }
}

static void write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return; /* a full disk must not stop the step; its exit code is what counts */
        data += written;
        length -= (size_t)written;
    }
}

static void put_last(struct step_output *output, const char *data, size_t length)
{
    if (!output->last) {
        output->last = malloc(STEP_OUTPUT_LAST_BYTES);
        if (output->last)
            write_all(output->fd, MORE, sizeof MORE - 1);
    }
    while (output->last && length > 0) {
        size_t at = (size_t)(output->last_total % STEP_OUTPUT_LAST_BYTES);
        size_t part = length < STEP_OUTPUT_LAST_BYTES - at ? length : STEP_OUTPUT_LAST_BYTES - at;
        memcpy(output->last + at, data, part);
        output->last_total += (int64_t)part;
        data += part;
        length -= part;
    }
}

static void put(struct step_output *output, const char *data, size_t length)
{
    size_t room = (size_t)(STEP_OUTPUT_FIRST_BYTES - output->written);
    size_t first = length < room ? length : room;
    write_all(output->fd, data, first);
    output->written += (int64_t)first;
    if (first < length)
        put_last(output, data + first, length - first);
}

/* The length of the longest secret that begins here, or 0. */
static size_t secret_at(const struct step_output *output, const char *text, size_t length)
{
    size_t longest = 0;
    if (!output->begins_secret[(unsigned char)*text])
        return 0;
    for (size_t i = 0; i < output->spec->secret_count; i++) {
        const char *value = output->spec->secrets[i].value;
        size_t size = strlen(value);
        if (size >= SECRET_MIN_BYTES && size > longest && size <= length && memcmp(text, value, size) == 0)
            longest = size;
    }
    return longest;
}

/* Decides the first `limit` bytes of what is held. Secrets that overlap are covered as one. */
static void decide(struct step_output *output, size_t limit)
{
    const char *data = sw_buf_string(&output->held);
    size_t plain = 0; /* where the bytes begin that are not written yet */
    for (size_t i = 0; i < limit; i++) {
        size_t secret = secret_at(output, data + i, output->held.length - i);
        if (secret > 0 && output->masked == 0) {
            put(output, data + plain, i - plain);
            put(output, "***", 3);
        }
        output->masked = secret > output->masked ? secret : output->masked;
        if (output->masked > 0) {
            output->masked--;
            plain = i + 1;
        }
    }
    put(output, data + plain, limit - plain);
    output->held.length -= limit;
    if (limit > 0)
        memmove(output->held.data, output->held.data + limit, output->held.length + 1);
}

/* Whether these last bytes may be the beginning of a secret. */
static bool may_begin_secret(const struct step_output *output, const char *text, size_t length)
{
    if (!output->begins_secret[(unsigned char)*text])
        return false;
    for (size_t i = 0; i < output->spec->secret_count; i++) {
        const char *value = output->spec->secrets[i].value;
        size_t size = strlen(value);
        if (size >= SECRET_MIN_BYTES && size > length && memcmp(text, value, length) == 0)
            return true;
    }
    return false;
}

/* How much of what is held can be decided now. Somebody may be looking at the output of a command that hangs: only what
 * could become a secret waits for more. */
static size_t decidable(const struct step_output *output)
{
    const char *data = sw_buf_string(&output->held);
    size_t length = output->held.length, longest = output->longest_secret;
    for (size_t i = length < longest ? 0 : length - longest + 1; i < length; i++)
        if (may_begin_secret(output, data + i, length - i))
            return i;
    return length;
}

void step_output_write(struct step_output *output, const char *data, size_t length)
{
    if (output->longest_secret == 0) {
        put(output, data, length);
        return;
    }
    sw_buf_append(&output->held, data, length);
    decide(output, decidable(output));
}

static void put_ring(struct step_output *output)
{
    int64_t left_out = output->last_total - STEP_OUTPUT_LAST_BYTES;
    size_t at = left_out > 0 ? (size_t)(output->last_total % STEP_OUTPUT_LAST_BYTES) : 0;
    char mark[64];
    if (left_out > 0) {
        int length = snprintf(mark, sizeof mark, "\n[output cut: %lld bytes left out]\n", (long long)left_out);
        write_all(output->fd, mark, (size_t)length);
        write_all(output->fd, output->last + at, STEP_OUTPUT_LAST_BYTES - at);
        write_all(output->fd, output->last, at);
    } else
        write_all(output->fd, output->last, (size_t)output->last_total);
}

void step_output_finish(struct step_output *output)
{
    decide(output, output->held.length);
    if (output->last)
        put_ring(output);
    sw_buf_release(&output->held);
    free(output->last);
    output->last = NULL;
}
