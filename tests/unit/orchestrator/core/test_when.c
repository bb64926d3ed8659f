/* SPDX-License-Identifier: Apache-2.0
 * What people type for a time. NULL: it must be refused. A comment says why a reading was chosen where there is
 * another. */
#include "tests/unit/orchestrator/core/when_fixture.h"

/* ---- the vectors of other bots ---- */

static void test_february_2022(void **state)
{
    (void)state;
    static const struct row NEW_YORK[] = {
        { "yesterday 11:20a", "2022-01-31 16:20:00" },
        { "some garbage", NULL },
        { "15 minutes ago", "2022-02-01 09:45:00" },
        { "now", "2022-02-01 10:00:00" },
        { "april 20, 2020 16:20pm UTC", "2020-04-20 16:20:00" },
        { "april 20, 2020 16:20pm utc", "2020-04-20 16:20:00" },
        { "12 UTC", "2022-02-01 12:00:00" },
        { "12 utc", "2022-02-01 12:00:00" },
    };
    static const struct row UTC[] = {
        { "8:34 am", "2022-02-01 08:34:00" },
        { "23:34", "2022-02-01 23:34:00" }, /* today, even if still to come */
        { "8:34 UTc", "2022-02-01 08:34:00" },
        { "23:34 uTC", "2022-02-01 23:34:00" },
    };
    static const struct row CHICAGO[] = {
        { "2024-02-28T17:00Z", "2024-02-28 17:00:00" },
        { "2024-02-28T12:00", "2024-02-28 18:00:00" }, /* no offset: the caller's zone, as everything else */
    };
    check_all("2022-02-01 10:00:00", "America/New_York", NEW_YORK, SW_COUNT(NEW_YORK));
    check_all("2022-02-01 10:00:00", "UTC", UTC, SW_COUNT(UTC));
    check_all("2022-02-01 10:00:00", "America/Chicago", CHICAGO, SW_COUNT(CHICAGO));
}

static const struct row COUNTS[] = {
    { "5 minutes ago", "2024-03-21 15:25:00" },
    { "an hour ago", "2024-03-21 14:30:00" },
    { "three hours ago", "2024-03-21 12:30:00" },
    { "2 days ago", "2024-03-19 15:30:00" },
    { "1 week ago", "2024-03-14 15:30:00" },
    { "in 10 minutes", "2024-03-21 15:40:00" },
    { "10 minutes from now", "2024-03-21 15:40:00" },
    { "5 min ago", "2024-03-21 15:25:00" },
    { "5 mins ago", "2024-03-21 15:25:00" },
    { "5m ago", "2024-03-21 15:25:00" },
    { "5min ago", "2024-03-21 15:25:00" },
    { "2 hrs ago", "2024-03-21 13:30:00" },
    { "1.5 hours ago", "2024-03-21 14:00:00" },
    { ".5h ago", "2024-03-21 15:00:00" },
    { "an hour and a half ago", "2024-03-21 14:00:00" },
    { "an hour and half ago", "2024-03-21 14:00:00" },
    { "one and a half hours ago", "2024-03-21 14:00:00" },
    { "1 and a half hours ago", "2024-03-21 14:00:00" },
    { "half an hour ago", "2024-03-21 15:00:00" },
    { "a half hour ago", "2024-03-21 15:00:00" },
    { "a quarter of an hour ago", "2024-03-21 15:15:00" },
    { "15 mins", "2024-03-21 15:15:00" }, /* a count without a direction lies in the past */
    { "5 minutes", "2024-03-21 15:25:00" },
    { "-5 minutes", "2024-03-21 15:25:00" }, /* and so does a negative one */
    { "-5m", "2024-03-21 15:25:00" },
    { "\xE2\x88\x92"
      "5m",
      "2024-03-21 15:25:00" }, /* a real minus sign */
    { "+5m", "2024-03-21 15:35:00" },
    { "-5 minutes ago", "2024-03-21 15:25:00" },
    { "in 5 minutes ago", NULL },
    { "1h30m ago", "2024-03-21 14:00:00" },
    { "1h 30m", "2024-03-21 14:00:00" },
    { "2 hours, 5 minutes and 10 seconds ago", "2024-03-21 13:24:50" },
    { "an hour and 5 minutes ago", "2024-03-21 14:25:00" },
    { "twenty-five minutes ago", "2024-03-21 15:05:00" },
    { "a couple of hours ago", "2024-03-21 13:30:00" },
    { "a couple hours ago", "2024-03-21 13:30:00" },
    { "90 seconds ago", "2024-03-21 15:28:30" },
    { "10 minutes earlier", "2024-03-21 15:20:00" },
    { "10 minutes before now", "2024-03-21 15:20:00" },
    { "about 5 minutes ago", "2024-03-21 15:25:00" },
    { "5 minutes ago utc", "2024-03-21 15:25:00" },
    { "2d ago", "2024-03-19 15:30:00" },
    { "1d 2h ago", "2024-03-20 13:30:00" },
    { "a month ago", "2024-02-21 16:30:00" }, /* the same wall clock, which was EST */
    { "1 year ago", "2023-03-21 15:30:00" },
    { "half a year ago", "2023-09-21 15:30:00" },
    { "2½ hours ago", "2024-03-21 13:00:00" },
    { "½ hour ago", "2024-03-21 15:00:00" },
    { "1¾h", "2024-03-21 13:45:00" },
    { "2 ½ hours ago", "2024-03-21 13:00:00" },
    { "½", NULL },
    { "last hour", "2024-03-21 14:30:00" },
    { "the past hour", "2024-03-21 14:30:00" },
    { "last minute", "2024-03-21 15:29:00" },
    { "next hour", "2024-03-21 16:30:00" },
    { "last day at 9am", "2024-03-20 13:00:00" },
    { "this hour", NULL },
    { "an hour ago and last hour", NULL },
    { "10  Minutes   AGO", "2024-03-21 15:20:00" },
    { "3 wks ago", "2024-02-29 15:30:00" },
    { "1 hour 30 minutes ago", "2024-03-21 14:00:00" },
    { "2 hours later", "2024-03-21 17:30:00" },
    { "in an hour", "2024-03-21 16:30:00" },
    { "last week", "2024-03-14 15:30:00" },
    { "last month", "2024-02-21 16:30:00" },
    { "next year", "2025-03-21 15:30:00" },
    { "2 days ago at 4pm", "2024-03-19 20:00:00" },
    { "a week ago 9am", "2024-03-14 13:00:00" },
    { "in 2 days at 9:00", "2024-03-23 13:00:00" },
    { "12 days ago", "2024-03-09 15:30:00" }, /* exactly 288 hours, though the clocks changed: 10:30 there */
    { "12 days ago at 11:30", "2024-03-09 16:30:00" },
    { "0 minutes ago", "2024-03-21 15:30:00" },
    { "2 hours ago at 4pm", NULL },
    { "1.5 months ago", NULL },
    { "99999999999 hours ago", NULL },
    { "999 years ago", NULL },
    { "60 years ago", NULL },
    { "a few minutes ago", NULL },
    { "minutes ago", NULL },
    { "5 ago", NULL },
    { "5 parsecs ago", NULL },
};

static void test_counts(void **state)
{
    (void)state;
    check_all(NOW, "America/New_York", COUNTS, SW_COUNT(COUNTS));
}

static const struct row TIMES[] = {
    { "3:45 pm", "2024-03-21 19:45:00" },
    { "3:45pm", "2024-03-21 19:45:00" },
    { "3:45PM", "2024-03-21 19:45:00" },
    { "3:45 p.m.", "2024-03-21 19:45:00" },
    { "3pm", "2024-03-21 19:00:00" },
    { "3 pm", "2024-03-21 19:00:00" },
    { "3p", "2024-03-21 19:00:00" },
    { "12am", "2024-03-21 04:00:00" },
    { "12pm", "2024-03-21 16:00:00" },
    { "12:30am", "2024-03-21 04:30:00" },
    { "noon", "2024-03-21 16:00:00" },
    { "12 noon", "2024-03-21 16:00:00" },
    { "midnight", "2024-03-21 04:00:00" }, /* begins its day */
    { "15:45", "2024-03-21 19:45:00" },
    { "15:45:30", "2024-03-21 19:45:30" },
    { "15:45:30.999", "2024-03-21 19:45:30" },
    { "1545", "2024-03-21 19:45:00" },
    { "345", "2024-03-21 07:45:00" }, /* 3:45 of 24 hours */
    { "345pm", "2024-03-21 19:45:00" },
    { "0345", "2024-03-21 07:45:00" },
    { "9", "2024-03-21 13:00:00" },
    { "09", "2024-03-21 13:00:00" },
    { "00", "2024-03-21 04:00:00" },
    { "0", "2024-03-21 04:00:00" },
    { "23", "2024-03-22 03:00:00" },
    { "9:05", "2024-03-21 13:05:00" },
    { "at 3pm", "2024-03-21 19:00:00" },
    { "@ 3pm", "2024-03-21 19:00:00" },
    { "3 o'clock", "2024-03-21 07:00:00" },
    { "3 o\xE2\x80\x99"
      "clock pm",
      "2024-03-21 19:00:00" },
    { "14h30", "2024-03-21 18:30:00" },
    { "8.34pm", "2024-03-22 00:34:00" },
    { "half past 3", "2024-03-21 07:30:00" },
    { "quarter to 4pm", "2024-03-21 19:45:00" },
    { "10 past 9", "2024-03-21 13:10:00" },
    { "this morning at 9", "2024-03-21 13:00:00" },
    { "this afternoon at 3", "2024-03-21 19:00:00" },
    { "3 in the afternoon", "2024-03-21 19:00:00" },
    { "8 in the evening", "2024-03-22 00:00:00" },
    { "tonight at 9", "2024-03-22 01:00:00" },
    { "tonight at 2am", "2024-03-22 06:00:00" },
    { "last night at 11", "2024-03-21 03:00:00" },
    { "last night at 2am", "2024-03-21 06:00:00" },
    { "yesterday evening at 8", "2024-03-21 00:00:00" },
    { "24:00", "2024-03-22 04:00:00" }, /* ISO 8601: the midnight that ends the day */
    { "  3pm  ", "2024-03-21 19:00:00" },
    { "\t3pm\n", "2024-03-21 19:00:00" },
    { "`3pm`", "2024-03-21 19:00:00" },
    { "3\xC2\xA0pm", "2024-03-21 19:00:00" },
    { "8.34", NULL }, /* a number with a part, or a time? */
    { "25:00", NULL },
    { "24:01", NULL },
    { "12:60", NULL },
    { "12:30:60", NULL },
    { "24", NULL },
    { "99", NULL },
    { "1260", NULL },
    { "13:5", NULL },
    { "0pm", NULL },
    { "16:20am", NULL },
    { "23:59:59", "2024-03-22 03:59:59" },
    { "9A.M.", "2024-03-21 13:00:00" },
    { "midday", "2024-03-21 16:00:00" },
    { "5pm today", "2024-03-21 21:00:00" },
    { "23:60", NULL },
    { "99:99", NULL },
    { "15:45 Uhr", NULL }, /* German; "uhr" is no time zone */
    { "昨日", NULL },
    { "à 16h", NULL },
    { "3pm 4pm", NULL },
    { "123456", NULL },
    { "12345", NULL },
    { "this morning", NULL },
    { "last night", NULL },
    { "tonight", NULL },
    { "15 in the morning", NULL },
    { "", NULL },
    { " ", NULL },
    { "at", NULL },
    { "utc", NULL },
    { "pm", NULL },
    { ":", NULL },
    { "2024", NULL }, /* a year, or 20:24: asked back */
    { "2099", NULL },
    { "1930", "2024-03-21 23:30:00" }, /* no incident was in 1930 */
    { "2100", "2024-03-22 01:00:00" },
    { "at 2024", "2024-03-22 00:24:00" },
    { "yesterday 2024", "2024-03-21 00:24:00" },
    { "2024 utc", "2024-03-21 20:24:00" },
};

static void test_times_of_day(void **state)
{
    (void)state;
    check_all(NOW, "America/New_York", TIMES, SW_COUNT(TIMES));
}

static const struct row DAYS[] = {
    { "today", "2024-03-21 04:00:00" },
    { "yesterday", "2024-03-20 04:00:00" },
    { "tomorrow", "2024-03-22 04:00:00" }, /* as the others, at 00:00 there */
    { "yesterday 4pm", "2024-03-20 20:00:00" },
    { "yesterday at 4pm", "2024-03-20 20:00:00" },
    { "4pm yesterday", "2024-03-20 20:00:00" },
    { "Yesterday, 16:00", "2024-03-20 20:00:00" },
    { "today 4pm", "2024-03-21 20:00:00" },
    { "tmrw 9am", "2024-03-22 13:00:00" },
    { "tomorrow at noon", "2024-03-22 16:00:00" },
    { "day before yesterday 9am", "2024-03-19 13:00:00" },
    { "the day before yesterday", "2024-03-19 04:00:00" },
    { "the day after tomorrow", "2024-03-23 04:00:00" },
    { "monday", "2024-03-18 04:00:00" },
    { "last monday", "2024-03-11 04:00:00" },
    { "monday last week", "2024-03-11 04:00:00" },
    { "monday 9am", "2024-03-18 13:00:00" },
    { "mon 9", "2024-03-18 13:00:00" },
    { "on monday at 9am", "2024-03-18 13:00:00" },
    { "9am monday", "2024-03-18 13:00:00" },
    { "next friday", "2024-03-29 04:00:00" },
    { "friday", "2024-03-15 04:00:00" },      /* the latest one */
    { "this friday", "2024-03-22 04:00:00" }, /* of this week */
    { "thursday", "2024-03-21 04:00:00" },    /* today */
    { "LAST TUESDAY", "2024-03-12 04:00:00" },
    { "weds at noon", "2024-03-20 16:00:00" },
    { "previous friday", "2024-03-15 04:00:00" },
    { "friday next week", "2024-03-29 04:00:00" },
    { "thursday 4pm", "2024-03-21 20:00:00" },
    { "sunday", "2024-03-17 04:00:00" },
    { "last sunday", "2024-03-17 04:00:00" }, /* weeks begin on Monday */
    { "next sunday", "2024-03-31 04:00:00" },
    { "this week", NULL },
    { "monday tuesday", NULL },
    { "today yesterday", NULL },
};

static void test_days(void **state)
{
    (void)state;
    check_all(NOW, "America/New_York", DAYS, SW_COUNT(DAYS));
}

static const struct row DATES[] = {
    { "jan 9 at 4 pm", "2024-01-09 21:00:00" },
    { "jan 9 4pm", "2024-01-09 21:00:00" },
    { "9 jan 16:00", "2024-01-09 21:00:00" },
    { "january 9, 2024 4pm", "2024-01-09 21:00:00" },
    { "Jan 9th 2024, 4pm", "2024-01-09 21:00:00" },
    { "9th of January at 16:00", "2024-01-09 21:00:00" },
    { "16:00 on 9 jan", "2024-01-09 21:00:00" },
    { "4pm january the 9th", "2024-01-09 21:00:00" },
    { "9-jan-2024 16:00", "2024-01-09 21:00:00" },
    { "2024 jan 9 16:00", "2024-01-09 21:00:00" },
    { "jan 9", "2024-01-09 05:00:00" },
    { "jan. 9", "2024-01-09 05:00:00" },
    { "jan 9 1545", "2024-01-09 20:45:00" },
    { "jan 9 2023", "2023-01-09 05:00:00" },
    { "jan 9 2023 2015", "2023-01-10 01:15:00" },
    { "jan 9 at 2015", "2024-01-10 01:15:00" },
    { "dec 25", "2023-12-25 05:00:00" }, /* without a year: the latest that is not after today */
    { "mar 21", "2024-03-21 04:00:00" },
    { "mar 22", "2023-03-22 04:00:00" },
    { "feb 29", "2024-02-29 05:00:00" },
    { "the 9th at 4pm", "2024-03-09 21:00:00" },
    { "the 22nd", "2024-02-22 05:00:00" },
    { "31st", "2024-01-31 05:00:00" },
    { "tuesday jan 9", "2024-01-09 05:00:00" },
    { "tue, 9 jan 2024 16:00:00 -0500", "2024-01-09 21:00:00" },
    { "Thu Mar 21 15:30:00 UTC 2024", "2024-03-21 15:30:00" }, /* date(1) */
    { "09/Jan/2024:16:00:05 -0500", "2024-01-09 21:00:05" },   /* web servers' logs */
    { "2024-03-20", "2024-03-20 04:00:00" },
    { "2024-03-20 14:00", "2024-03-20 18:00:00" },
    { "2024-03-20T14:00", "2024-03-20 18:00:00" },
    { "2024-03-20t14:00:05", "2024-03-20 18:00:05" },
    { "2024-03-20T14:00:05.123456", "2024-03-20 18:00:05" },
    { "2024-03-20T14:00:05,123", "2024-03-20 18:00:05" },
    { "2024-03-20T14", "2024-03-20 18:00:00" },
    { "2024-03-20T14Z", "2024-03-20 14:00:00" },
    { "2024-03-20T1400", "2024-03-20 18:00:00" },
    { "2024-03-20T2024", "2024-03-21 00:24:00" },
    { "20240320", "2024-03-20 04:00:00" },
    { "20240320T140005Z", "2024-03-20 14:00:05" },
    { "20240320T1400+0100", "2024-03-20 13:00:00" },
    { "2024-03-20T14:00:00-04:00", "2024-03-20 18:00:00" },
    { "2024-03-20T14:00:00.000Z", "2024-03-20 14:00:00" },
    { "2024-03-20 14:00 utc", "2024-03-20 14:00:00" },
    { "2024-03-20 14:00:00 +00:00", "2024-03-20 14:00:00" },
    { "2024-03-20 14:00:00 +0530", "2024-03-20 08:30:00" },
    { "2024-03-20 4pm", "2024-03-20 20:00:00" },
    { "2024-03-20T24:00", "2024-03-21 04:00:00" },
    { "2024-3-9 9:05", "2024-03-09 14:05:00" },
    { "2024/03/20 14:00", "2024-03-20 18:00:00" },
    { "20.3.2024 14:00", "2024-03-20 18:00:00" },
    { "3/20/2024 2pm", "2024-03-20 18:00:00" },
    { "20/3/2024 2pm", "2024-03-20 18:00:00" },
    { "3/3/2024", "2024-03-03 05:00:00" },
    { "1711035000", "2024-03-21 15:30:00" },
    { "1711035000.123456", "2024-03-21 15:30:00" }, /* a Slack ts */
    { "1711035000123", "2024-03-21 15:30:00" },
    { "3/4/2024", NULL }, /* April or March */
    { "3/20", NULL },
    { "feb 30", NULL },
    { "april 31 2024", NULL },
    { "30 feb 2024", NULL },
    { "2024-06-31", NULL },
    { "02/30/2024", NULL },
    { "31 sept", NULL },
    { "the 14th of MARCH", "2024-03-14 04:00:00" },
    { "Wed, 20 Mar 2024 14:00:00 GMT", "2024-03-20 14:00:00" },
    { "2024-03-20T14:00:00+05:30", "2024-03-20 08:30:00" },
    { "2024.03.20", "2024-03-20 04:00:00" },
    { "20-03-2024", "2024-03-20 04:00:00" },
    { "2023-02-29", NULL },
    { "feb 29 2023", NULL },
    { "2024-13-01", NULL },
    { "2024-00-10", NULL },
    { "2024-03-00", NULL },
    { "2024-03-32", NULL },
    { "2024-03-20T25:00", NULL },
    { "32nd", NULL },
    { "jan", NULL },
    { "jan 2024", NULL },
    { "2024-03", NULL },
    { "1899-01-01", NULL },
    { "monday jan 9 2024", NULL }, /* a Tuesday */
    { "jan 9 feb 3", NULL },
    { "2024-03-20 2024-03-21", NULL },
};

static void test_dates(void **state)
{
    (void)state;
    check_all(NOW, "America/New_York", DATES, SW_COUNT(DATES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_february_2022), cmocka_unit_test(test_counts), cmocka_unit_test(test_times_of_day),
        cmocka_unit_test(test_days),          cmocka_unit_test(test_dates),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
