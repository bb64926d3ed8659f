/* SPDX-License-Identifier: Apache-2.0
 * A TZif file is a block with 32-bit times and, from version 2 on, a second block with 64-bit times and a rule for the
 * time behind the last one. Only one block is read: the second if there is one. */
#include "common/base/zone.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/base/zone_internal.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 44, TYPE_BYTES = 6, TYPES_MAX = 256, SIDEWAYS_S = 26 * 3600 };
static const int64_t TRANSITION_MAX_S = 1LL << 50; /* 35 million years: sums and milliseconds never overflow */

struct sw_zone {
    char *name;
    size_t transition_count, type_count;
    int64_t *at_s;           /* transition_count, ascending */
    uint8_t *to_type;        /* transition_count */
    struct zone_type *types; /* type_count, at least one */
    struct zone_tail tail;
};

/* ---- reading ---- */

struct header {
    size_t utc_marks, standard_marks, leaps, transitions, types, letters;
    size_t time_bytes;
};

static uint32_t big_32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t big_time(const uint8_t *at, size_t bytes)
{
    if (bytes == 4)
        return (int32_t)big_32(at);
    return (int64_t)((uint64_t)big_32(at) << 32 | big_32(at + 4));
}

static struct sw_status broken(const char *name, const char *what)
{
    return sw_fail(SW_CODE_INVALID, "the time zone file of \"%s\" is broken: %s", name, what);
}

static size_t block_bytes(const struct header *header)
{
    return header->transitions * (header->time_bytes + 1) + header->types * TYPE_BYTES + header->letters +
           header->leaps * (header->time_bytes + 4) + header->standard_marks + header->utc_marks;
}

/* False: the file is shorter than the header says, or no header is there. */
static bool read_header(const uint8_t *bytes, size_t length, size_t time_bytes, struct header *ret_header)
{
    if (length < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0)
        return false;
    *ret_header = (struct header){
        .utc_marks = big_32(bytes + 20),
        .standard_marks = big_32(bytes + 24),
        .leaps = big_32(bytes + 28),
        .transitions = big_32(bytes + 32),
        .types = big_32(bytes + 36),
        .letters = big_32(bytes + 40),
        .time_bytes = time_bytes,
    };
    return block_bytes(ret_header) <= length - HEADER_BYTES;
}

static struct sw_status check_header(const char *name, const struct header *header)
{
    if (header->leaps > 0)
        return sw_fail(SW_CODE_REFUSED,
                       "the time zone \"%s\" counts leap seconds HINT: name the zone without \"right/\"", name);
    if (header->types == 0 || header->types > TYPES_MAX || header->letters == 0)
        return broken(name, "it has no clock, or too many");
    return sw_ok();
}

static struct sw_status read_transitions(struct sw_zone *zone, const struct header *header, const uint8_t *block)
{
    const uint8_t *to_type = block + header->transitions * header->time_bytes;
    zone->at_s = calloc(header->transitions + 1, sizeof *zone->at_s);
    zone->to_type = calloc(header->transitions + 1, 1);
    if (!zone->at_s || !zone->to_type)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < header->transitions; i++) {
        zone->at_s[i] = big_time(block + i * header->time_bytes, header->time_bytes);
        zone->to_type[i] = to_type[i];
        if (zone->at_s[i] > TRANSITION_MAX_S || (i > 0 && zone->at_s[i] <= zone->at_s[i - 1]))
            return broken(zone->name, "its transitions are out of order");
        if (to_type[i] >= header->types)
            return broken(zone->name, "a transition to a clock that is not there");
    }
    zone->transition_count = header->transitions;
    return sw_ok();
}

static struct sw_status read_type(const struct sw_zone *zone, const struct header *header, const uint8_t *at,
                                  const char *letters, struct zone_type *ret_type)
{
    struct zone_type type = { .offset_s = (int32_t)big_32(at), .dst = at[4] != 0 };
    if (type.offset_s < ZONE_OFFSET_MIN_S || type.offset_s > ZONE_OFFSET_MAX_S || at[4] > 1)
        return broken(zone->name, "an impossible clock");
    if (at[5] >= header->letters || !memchr(letters + at[5], '\0', header->letters - at[5]))
        return broken(zone->name, "an abbreviation without an end");
    (void)sw_copy(type.abbreviation, sizeof type.abbreviation, letters + at[5]); /* six letters at most */
    *ret_type = type;
    return sw_ok();
}

static struct sw_status read_types(struct sw_zone *zone, const struct header *header, const uint8_t *at)
{
    const char *letters = (const char *)at + header->types * TYPE_BYTES;
    zone->types = calloc(header->types, sizeof *zone->types);
    if (!zone->types)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < header->types; i++)
        SW_TRY(read_type(zone, header, at + i * TYPE_BYTES, letters, &zone->types[i]));
    zone->type_count = header->types;
    return sw_ok();
}

/* "\nCET-1CEST,M3.5.0,M10.5.0/3\n"; nothing between the newlines: no rule. */
static struct sw_status read_tail(struct sw_zone *zone, const uint8_t *at, size_t length)
{
    const uint8_t *end = length > 0 && *at == '\n' ? memchr(at + 1, '\n', length - 1) : NULL;
    if (!end)
        return broken(zone->name, "its rule is cut off");
    size_t rule = (size_t)(end - at) - 1;
    if (rule > 0 && !zone_tail_parse((const char *)at + 1, rule, &zone->tail))
        return broken(zone->name, "its rule is not understood");
    return sw_ok();
}

static struct sw_status read_block(struct sw_zone *zone, const struct header *header, const uint8_t *block)
{
    SW_TRY(check_header(zone->name, header));
    SW_TRY(read_transitions(zone, header, block));
    return read_types(zone, header, block + header->transitions * (header->time_bytes + 1));
}

static struct sw_status read_file(struct sw_zone *zone, const uint8_t *bytes, size_t length)
{
    struct header header;
    if (!read_header(bytes, length, 4, &header))
        return broken(zone->name, "no TZif data, or cut off");
    if (bytes[4] < '2')
        return read_block(zone, &header, bytes + HEADER_BYTES);
    size_t first = HEADER_BYTES + block_bytes(&header);
    bytes += first;
    length -= first;
    if (!read_header(bytes, length, 8, &header))
        return broken(zone->name, "its second part is cut off");
    SW_TRY(read_block(zone, &header, bytes + HEADER_BYTES));
    size_t second = HEADER_BYTES + block_bytes(&header);
    return read_tail(zone, bytes + second, length - second);
}

struct sw_status sw_zone_parse(const char *name, const void *bytes, size_t length, struct sw_zone **ret_zone)
{
    struct sw_zone *zone = calloc(1, sizeof *zone);
    if (zone)
        zone->name = sw_strdup(name);
    struct sw_status status =
        zone && zone->name ? read_file(zone, bytes, length) : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        sw_zone_free(zone);
        return status;
    }
    *ret_zone = zone;
    return sw_ok();
}

void sw_zone_free(struct sw_zone *zone)
{
    if (!zone)
        return;
    free(zone->name);
    free(zone->at_s);
    free(zone->to_type);
    free(zone->types);
    free(zone);
}

const struct sw_zone *sw_zone_utc(void)
{
    static char name[] = "UTC";
    static struct zone_type type = { .abbreviation = "UTC" };
    static const struct sw_zone UTC = { .name = name, .type_count = 1, .types = &type };
    return &UTC;
}

const char *sw_zone_name(const struct sw_zone *zone) { return zone->name; }

/* ---- asking ---- */

static int64_t floor_s(int64_t ms) { return ms / SW_SECOND_MS - (ms % SW_SECOND_MS < 0); }

/* The number of transitions at or before it. */
static size_t transitions_until(const struct sw_zone *zone, int64_t at_s)
{
    size_t low = 0, high = zone->transition_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->at_s[middle] <= at_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct zone_period period_at(const struct sw_zone *zone, int64_t at_s)
{
    size_t passed = transitions_until(zone, at_s), count = zone->transition_count;
    int64_t begin_s = passed > 0 ? zone->at_s[passed - 1] : INT64_MIN;
    if (passed < count || !zone->tail.present) {
        size_t type = passed > 0 ? zone->to_type[passed - 1] : 0;
        return (struct zone_period){ begin_s, passed < count ? zone->at_s[passed] : INT64_MAX, &zone->types[type] };
    }
    struct zone_period period = zone_tail_period(&zone->tail, at_s);
    if (period.begin_s < begin_s)
        period.begin_s = begin_s;
    return period;
}

struct sw_zone_clock sw_zone_clock_at(const struct sw_zone *zone, int64_t at_ms)
{
    const struct zone_type *type = period_at(zone, floor_s(at_ms)).type;
    return (struct sw_zone_clock){ type->offset_s, type->dst, type->abbreviation };
}

int64_t sw_zone_local_ms(const struct sw_zone *zone, int64_t at_ms)
{
    return at_ms + sw_zone_clock_at(zone, at_ms).offset_s * (int64_t)SW_SECOND_MS;
}

/* Walks the periods around it; each holds the local time if reading it with the period's clock falls into the period.
 */
struct sw_zone_moment sw_zone_moment(const struct sw_zone *zone, int64_t local_ms)
{
    int64_t local_s = floor_s(local_ms), ms = local_ms - local_s * SW_SECOND_MS;
    int64_t first_s = 0, second_s = 0, skipped_first_s = 0, skipped_second_s = 0;
    size_t found = 0;
    struct zone_period period = period_at(zone, local_s - SIDEWAYS_S);
    for (;;) {
        int64_t read_s = local_s - period.type->offset_s;
        if (read_s >= period.begin_s && read_s < period.end_s) {
            second_s = read_s;
            if (found++ == 0)
                first_s = read_s;
        }
        if (period.end_s > local_s + SIDEWAYS_S)
            break;
        struct zone_period next = period_at(zone, period.end_s);
        if (read_s >= period.end_s && local_s - next.type->offset_s < next.begin_s) {
            skipped_first_s = read_s;
            skipped_second_s = local_s - next.type->offset_s;
        }
        period = next;
    }
    if (found == 0)
        return (struct sw_zone_moment){ SW_ZONE_NEVER, skipped_first_s * SW_SECOND_MS + ms,
                                        skipped_second_s * SW_SECOND_MS + ms };
    return (struct sw_zone_moment){ found == 1 ? SW_ZONE_ONCE : SW_ZONE_TWICE, first_s * SW_SECOND_MS + ms,
                                    second_s * SW_SECOND_MS + ms };
}

static bool means(struct zone_period period, const char *abbreviation, int32_t *ret_offset_s)
{
    if (strcasecmp(period.type->abbreviation, abbreviation) != 0)
        return false;
    *ret_offset_s = period.type->offset_s;
    return true;
}

bool sw_zone_abbreviation(const struct sw_zone *zone, const char *abbreviation, int64_t at_ms, int32_t *ret_offset_s)
{
    struct zone_period period = period_at(zone, floor_s(at_ms));
    if (means(period, abbreviation, ret_offset_s))
        return true;
    if (period.begin_s != INT64_MIN && means(period_at(zone, period.begin_s - 1), abbreviation, ret_offset_s))
        return true;
    return period.end_s != INT64_MAX && means(period_at(zone, period.end_s), abbreviation, ret_offset_s);
}
