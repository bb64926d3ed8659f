/* SPDX-License-Identifier: Apache-2.0
 * Time zones from bytes: files made here, sound and broken. Real ones are in io/test_zones.c. */
#include "common/base/zone.h"

#include "common/base/buf.h"
#include "common/base/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- making files ---- */

struct made {
    char version;
    int64_t transitions[4];
    unsigned char to[4];
    size_t transition_count;
    int32_t offsets[3];
    bool dst[3];
    unsigned char letters_at[3];
    size_t type_count;
    const char *letters;
    size_t letters_length;
    const char *tail; /* version 2 and later */
    uint32_t leaps;
};

static void put_32(struct sw_buf *buf, uint32_t value)
{
    const unsigned char bytes[] = { (unsigned char)(value >> 24), (unsigned char)(value >> 16),
                                    (unsigned char)(value >> 8), (unsigned char)value };
    sw_buf_append(buf, bytes, sizeof bytes);
}

static void put_block(struct sw_buf *buf, const struct made *made, bool wide)
{
    const char header[20] = { 'T', 'Z', 'i', 'f', made->version };
    sw_buf_append(buf, header, sizeof header);
    put_32(buf, 0); /* no marks of UTC, none of standard time */
    put_32(buf, 0);
    put_32(buf, made->leaps);
    put_32(buf, (uint32_t)made->transition_count);
    put_32(buf, (uint32_t)made->type_count);
    put_32(buf, (uint32_t)made->letters_length);
    for (size_t i = 0; i < made->transition_count; i++) {
        if (wide)
            put_32(buf, (uint32_t)((uint64_t)made->transitions[i] >> 32));
        put_32(buf, (uint32_t)made->transitions[i]);
    }
    sw_buf_append(buf, made->to, made->transition_count);
    for (size_t i = 0; i < made->type_count; i++) {
        const unsigned char rest[] = { made->dst[i], made->letters_at[i] };
        put_32(buf, (uint32_t)made->offsets[i]);
        sw_buf_append(buf, rest, sizeof rest);
    }
    sw_buf_append(buf, made->letters, made->letters_length);
    for (uint32_t i = 0; i < made->leaps * (wide ? 3 : 2); i++)
        put_32(buf, i);
}

static void make(const struct made *made, struct sw_buf *ret_buf)
{
    *ret_buf = (struct sw_buf){ 0 };
    put_block(ret_buf, made, false);
    if (made->version) {
        put_block(ret_buf, made, true);
        sw_buf_puts(ret_buf, "\n");
        sw_buf_puts(ret_buf, made->tail);
        sw_buf_puts(ret_buf, "\n");
    }
}

static struct sw_status parse(const struct made *made, struct sw_zone **ret_zone)
{
    struct sw_buf bytes;
    make(made, &bytes);
    struct sw_status status = sw_zone_parse("Made/Up", bytes.data, bytes.length, ret_zone);
    sw_buf_release(&bytes);
    return status;
}

/* One clock, and a rule for ever. */
static struct made with_tail(const char *tail)
{
    return (struct made){ .version = '3', .type_count = 1, .letters = "XST", .letters_length = 4, .tail = tail };
}

static const struct made SPRING = { .version = '2',
                                    .transitions = { 1000000, 2000000 },
                                    .to = { 1, 0 },
                                    .transition_count = 2,
                                    .offsets = { 3600, 7200 },
                                    .dst = { false, true },
                                    .letters_at = { 0, 4 },
                                    .type_count = 2,
                                    .letters = "AAA\0BBBB",
                                    .letters_length = 9,
                                    .tail = "" };

static int64_t utc(int64_t year, int month, int day, int hour, int minute)
{
    return sw_civil_to_ms((struct sw_civil){ year, month, day, hour, minute, 0, 0 });
}

/* ---- tests ---- */

static void check_spring(const struct sw_zone *zone)
{
    assert_string_equal(sw_zone_name(zone), "Made/Up");
    assert_int_equal(sw_zone_clock_at(zone, 999999999).offset_s, 3600);
    assert_int_equal(sw_zone_clock_at(zone, 1000000000).offset_s, 7200);
    assert_string_equal(sw_zone_clock_at(zone, 1000000000).abbreviation, "BBBB");
    assert_true(sw_zone_clock_at(zone, 1999999999).dst);
    assert_int_equal(sw_zone_clock_at(zone, 2000000000).offset_s, 3600);
    assert_int_equal(sw_zone_clock_at(zone, INT64_C(1) << 52).offset_s, 3600); /* no rule: the last clock stays */
    assert_int_equal(sw_zone_clock_at(zone, -(INT64_C(1) << 52)).offset_s, 3600);
}

static void test_versions_1_and_2(void **state)
{
    (void)state;
    for (int version = 0; version < 2; version++) {
        struct made made = SPRING;
        struct sw_zone *zone = NULL;
        made.version = version == 0 ? '\0' : '2';
        assert_false(sw_failed(parse(&made, &zone)));
        check_spring(zone);
        sw_zone_free(zone);
    }
}

static void test_gap_and_overlap(void **state)
{
    (void)state;
    struct sw_zone *zone = NULL;
    assert_false(sw_failed(parse(&SPRING, &zone)));
    static const struct {
        int64_t local_s;
        enum sw_zone_fit fit;
        int64_t first_s, second_s;
    } ROWS[] = {
        { 1003599, SW_ZONE_ONCE, 999999, 999999 },    { 1003600, SW_ZONE_NEVER, 1000000, 996400 },
        { 1007199, SW_ZONE_NEVER, 1003599, 999999 },  { 1007200, SW_ZONE_ONCE, 1000000, 1000000 },
        { 2003599, SW_ZONE_ONCE, 1996399, 1996399 },  { 2003600, SW_ZONE_TWICE, 1996400, 2000000 },
        { 2007199, SW_ZONE_TWICE, 1999999, 2003599 }, { 2007200, SW_ZONE_ONCE, 2003600, 2003600 },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        struct sw_zone_moment moment = sw_zone_moment(zone, ROWS[i].local_s * 1000 + 250);
        assert_int_equal(moment.fit, ROWS[i].fit);
        assert_int_equal(moment.first_ms, ROWS[i].first_s * 1000 + 250);
        assert_int_equal(moment.second_ms, ROWS[i].second_s * 1000 + 250);
    }
    sw_zone_free(zone);
}

static void test_rules_for_ever(void **state)
{
    (void)state;
    static const struct {
        const char *tail;
        int64_t year;
        int month, day, hour, minute; /* UTC */
        int32_t offset_s;
        const char *abbreviation;
    } ROWS[] = {
        { "CET-1CEST,M3.5.0,M10.5.0/3", 2400, 3, 26, 0, 59, 3600, "CET" },
        { "CET-1CEST,M3.5.0,M10.5.0/3", 2400, 3, 26, 1, 0, 7200, "CEST" },
        { "CET-1CEST,M3.5.0,M10.5.0/3", 2400, 10, 29, 0, 59, 7200, "CEST" },
        { "CET-1CEST,M3.5.0,M10.5.0/3", 2400, 10, 29, 1, 0, 3600, "CET" },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3", 2024, 1, 1, 0, 0, 39600, "AEDT" }, /* summer over New Year */
        { "AEST-10AEDT,M10.1.0,M4.1.0/3", 2024, 12, 31, 23, 59, 39600, "AEDT" },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3", 2024, 7, 1, 0, 0, 36000, "AEST" },
        { "IST-1GMT0,M10.5.0,M3.5.0/1", 2024, 1, 1, 0, 0, 0, "GMT" }, /* Dublin: winter is the exception */
        { "IST-1GMT0,M10.5.0,M3.5.0/1", 2024, 7, 1, 0, 0, 3600, "IST" },
        { "EST5EDT,0/0,J365/25", 2024, 1, 1, 4, 30, -14400, "EDT" }, /* summer the whole year */
        { "EST5EDT,0/0,J365/25", 2024, 1, 1, 5, 30, -14400, "EDT" },
        { "EST5EDT,0/0,J365/25", 2024, 12, 31, 12, 0, -14400, "EDT" },
        { "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2024, 4, 6, 14, 59, 39600, "+11" }, /* Lord Howe: half an hour */
        { "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2024, 4, 6, 15, 0, 37800, "+1030" },
        { "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2024, 3, 31, 0, 59, -7200, "-02" }, /* Nuuk: a change on the day before */
        { "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2024, 3, 31, 1, 0, -3600, "-01" },
        { "IST-2IDT,M3.4.4/26,M10.5.0", 2024, 3, 29, 0, 0, 10800, "IDT" }, /* Jerusalem: 26:00 */
        { "AAA0BBB,J60/0,J300/0", 2024, 2, 29, 23, 59, 0, "AAA" },         /* J60 is March 1, always */
        { "AAA0BBB,J60/0,J300/0", 2024, 3, 1, 0, 0, 3600, "BBB" },
        { "AAA0BBB,59/0,300/0", 2024, 2, 29, 0, 0, 3600, "BBB" }, /* 59 counts the leap day */
        { "<+0545>-5:45", 2024, 3, 1, 0, 0, 20700, "+0545" },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        struct made made = with_tail(ROWS[i].tail);
        struct sw_zone *zone = NULL;
        print_message("  %s\n", ROWS[i].tail);
        assert_false(sw_failed(parse(&made, &zone)));
        struct sw_zone_clock clock =
            sw_zone_clock_at(zone, utc(ROWS[i].year, ROWS[i].month, ROWS[i].day, ROWS[i].hour, ROWS[i].minute));
        assert_int_equal(clock.offset_s, ROWS[i].offset_s);
        assert_string_equal(clock.abbreviation, ROWS[i].abbreviation);
        sw_zone_free(zone);
    }
}

static void test_broken_rules_are_refused(void **state)
{
    (void)state;
    static const char *const ROWS[] = { "X",
                                        "EST",
                                        "EST5EDT",
                                        "EST5EDT,M3.2.0",
                                        "EST5,M3.2.0,M11.1.0",
                                        "EST25",
                                        "EST5:60",
                                        "<EST5",
                                        "<ES>5",
                                        "EST5EDT,M13.1.0,M11.1.0",
                                        "EST5EDT,M3.6.0,M11.1.0",
                                        "EST5EDT,M3.2.7,M11.1.0",
                                        "EST5EDT,J0,J300",
                                        "EST5EDT,J366,J300",
                                        "EST5EDT,M3.2.0/168,M11.1.0",
                                        "EST5EDT,M3.2.0,M11.1.0 ",
                                        "<ABCDEFGHIJKLMNOPQRST>5" };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        struct made made = with_tail(ROWS[i]);
        struct sw_zone *zone = NULL;
        print_message("  %s\n", ROWS[i]);
        struct sw_status status = parse(&made, &zone);
        assert_int_equal(status.code, SW_CODE_INVALID);
        assert_null(zone);
    }
}

static void refused(struct made made, enum sw_code code)
{
    struct sw_zone *zone = NULL;
    struct sw_status status = parse(&made, &zone);
    assert_int_equal(status.code, code);
    assert_non_null(strstr(status.text, "Made/Up"));
    assert_null(zone);
}

static void test_broken_files_are_refused(void **state)
{
    (void)state;
    struct made made = SPRING;
    made.transitions[1] = made.transitions[0];
    refused(made, SW_CODE_INVALID);
    made = SPRING;
    made.to[1] = 2;
    refused(made, SW_CODE_INVALID);
    made = SPRING;
    made.offsets[0] = 100000;
    refused(made, SW_CODE_INVALID);
    made = SPRING;
    made.letters_at[1] = 9;
    refused(made, SW_CODE_INVALID);
    made = SPRING;
    made.letters_length = 8; /* the last word has no end */
    refused(made, SW_CODE_INVALID);
    made = SPRING;
    made.type_count = 0;
    refused(made, SW_CODE_INVALID);
    made = SPRING;
    made.leaps = 1;
    refused(made, SW_CODE_REFUSED);
}

static void test_every_cut_and_every_changed_byte(void **state)
{
    (void)state;
    struct sw_buf bytes;
    make(&SPRING, &bytes);
    for (size_t length = 0; length < bytes.length; length++) {
        char *exact = malloc(length + 1); /* so that a sanitizer sees a step beyond */
        struct sw_zone *zone = NULL;
        memcpy(exact, bytes.data, length);
        exact = realloc(exact, length > 0 ? length : 1);
        assert_true(sw_failed(sw_zone_parse("Made/Up", exact, length, &zone)));
        free(exact);
    }
    for (size_t i = 0; i < bytes.length * 256; i++) {
        char kept = bytes.data[i / 256];
        struct sw_zone *zone = NULL;
        bytes.data[i / 256] = (char)(i % 256);
        if (!sw_failed(sw_zone_parse("Made/Up", bytes.data, bytes.length, &zone))) {
            (void)sw_zone_moment(zone, 1003600 * 1000LL);
            (void)sw_zone_moment(zone, utc(2030, 1, 1, 0, 0));
            int32_t offset_s;
            (void)sw_zone_abbreviation(zone, "none", utc(2030, 1, 1, 0, 0), &offset_s);
        }
        sw_zone_free(zone);
        bytes.data[i / 256] = kept;
    }
    sw_buf_release(&bytes);
}

static void test_utc_needs_no_file(void **state)
{
    (void)state;
    const struct sw_zone *zone = sw_zone_utc();
    assert_string_equal(sw_zone_name(zone), "UTC");
    assert_string_equal(sw_zone_clock_at(zone, 0).abbreviation, "UTC");
    struct sw_zone_moment moment = sw_zone_moment(zone, -1);
    assert_int_equal(moment.fit, SW_ZONE_ONCE);
    assert_int_equal(moment.first_ms, -1);
}

static void test_abbreviations_of_the_clocks_around(void **state)
{
    (void)state;
    struct made made = with_tail("CET-1CEST,M3.5.0,M10.5.0/3");
    struct sw_zone *zone = NULL;
    int32_t offset_s = 0;
    assert_false(sw_failed(parse(&made, &zone)));
    assert_true(sw_zone_abbreviation(zone, "cest", utc(2024, 1, 15, 0, 0), &offset_s));
    assert_int_equal(offset_s, 7200);
    assert_true(sw_zone_abbreviation(zone, "CET", utc(2024, 1, 15, 0, 0), &offset_s));
    assert_int_equal(offset_s, 3600);
    assert_false(sw_zone_abbreviation(zone, "EST", utc(2024, 1, 15, 0, 0), &offset_s));
    sw_zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_versions_1_and_2),         cmocka_unit_test(test_gap_and_overlap),
        cmocka_unit_test(test_rules_for_ever),           cmocka_unit_test(test_broken_rules_are_refused),
        cmocka_unit_test(test_broken_files_are_refused), cmocka_unit_test(test_every_cut_and_every_changed_byte),
        cmocka_unit_test(test_utc_needs_no_file),        cmocka_unit_test(test_abbreviations_of_the_clocks_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
