/* SPDX-License-Identifier: Apache-2.0
 * The same words as in test_incident_parse.c in other letters, with other blanks, under their other names and in other
 * languages: it never matters. */
#include "tests/unit/gateway/core/incident_parse_fixture.h"

#include <ctype.h>

static const struct vector VARIANTS[] = {
    { ".Start\tÜber­last in Köln 🔥", "+Über­last in Köln 🔥|||||" },
    { ".start   ", "wrong" },
    { ".start\nIt is down", "+It is down|||||" },
    { ".DECLARE x", "+x|||||" },
    { ".HIGH foo ", "+foo|1||||" },
    { ".critical\tfoo", "+foo|1||||" },
    { ".mid x", "+x|2||||" },
    { ".Medium x", "+x|2||||" },
    { ".normal x", "+x|2||||" },
    { ".lo x", "+x|3||||" },
    { ".lite x", "+x|3||||" },
    { ".LIGHT x", "+x|3||||" },
    { ".none x", "+x|4||||" },
    { ".crit", "wrong" },
    { ".criticality x", "=unknown|x||" },
    { ".Clear", "=resolve|||" },
    { ".RESOLVED  ", "=resolve|||" },
    { ".resolved\t5 minutes ago", "=resolve|5 minutes ago||" },
    { ".stopp", "=unknown|||" },
    { "..stop", "nothing" },
    { " .stop", "nothing" },
    { "please .stop", "nothing" },
    { ".MITIGATE", "=mitigate|||" },
    { ".Mitigate  2 Hours Ago ", "=mitigate|2 Hours Ago||" },
    { ".mitigated\t\t2pm\t", "=mitigate|2pm||" },
    { ".Unresolved ", "=unresolve|||" },
    { ".RESTART", "=restart|||" },
    { ".unMitigated", "=restart|||" },
    { ".Uncancel ", "=uncancel|||" },
    { ".RFR ", "=ready|||" },
    { ".readyForReview", "=ready|||" },
    { ".Complete", "=complete|||" },
    { ".NEXT ", "=next|||" },
    { ".tutorial", "=next|||" },
    { ".point U0LAN0Z89", "=point|||U0LAN0Z89" },
    { ".COMMS\tW0LAN0Z89  ", "=comms|||W0LAN0Z89" },
    { ".handover W0LAN0Z89 triage", "=handover|triage||W0LAN0Z89" },
    { ".point u0lan0z89", "wrong" }, /* ids are in capitals */
    { ".point ULRICHMAYER", "wrong" },
    { ".point U1", "wrong" },
    { ".point C0LAN0Z89", "wrong" },
    { ".point <@U0LAN0Z89", "wrong" },
    { ".point &lt;@u0lan0z89|ann&gt;", "wrong" },
    { ".point Jürgen", "wrong" },
    { ".point @Zoë", "wrong" },
    { ".point 田中", "wrong" },
    { ".P2 ", "=priority|2||" },
    { ".p3\twird besser", "=priority|3 wird besser||" },
    { ".p", "=unknown|||" },
    { ".p 1", "=unknown|1||" },
    { ".p1234", "=unknown|||" },
    { ".p1!", "=unknown|||" },
    { ".PRIORITY 02 warum", "=priority|2 warum||" },
    { ".severity 1", "=priority|1||" },
    { ".Priorities ", "=priorities|||" },
    { ".priority -1", "=priority|-1||" }, /* refused where priorities are known */
    { ".Components Übersicht, 会計 ", "=component|Übersicht, 会計||" },
    { ".COMPONENTRM Übersicht", "=component_remove|Übersicht||" },
    { ".component,a", "=unknown|||" },
    { ".AFFECTED  Müller & Söhne, 東京 ", "=affected|Müller & Söhne, 東京||" },
    { ".ActionItem x", "=ai|x||" },
    { ".actionitems ", "=ai|||" },
    { ".CAUSE x", "=factor|x||" },
    { ".chains", "=factor|||" },
    { ".iamsorry I did it", "=factor|I did it||" },
    { ".FixPR <https://a.example/1>", "=pr|https://a.example/1||" },
    { ".TIMELINE ", "=history|||" },
    { ".log", "=history|||" },
    { ".BLOCKER x =&gt; y ", "=blocked|x => y||" },
    { ".blocked a=&gt;b", "=blocked|a=>b||" },
    { ".Blocked <@U0LAN0Z89|bob> =&gt; une clé", "=blocked|<@U0LAN0Z89> => une clé||" },
    { ".blocker", "wrong" },
    { ".Blockers ", "=blockers|||" },
    { ".UNBLOCK 012", "=unblock|12||" },
    { ".unblock 1x", "wrong" },
    { ".unblock １", "wrong" }, /* digits of another width */
    { ".unblock ALL ", "=unblock_all|||" },
    { ".UnblockedAll ", "=unblock_all|||" },
    { ".unblockall now", "wrong" },
    { ".BreakingChannels ", "=list|||" },
    { ".ISSUE", "=issue|||" },
    { ".Ticket ", "=issue|||" },
    { ".MainChannel", "=main|||" },
    { ".STATUS ", "=status|||" },
    { ".Help ", "help " },
    { ".helpp", "=unknown|||" },
    { ".help  HI", "help start" },
    { ". help", "nothing" },
    { "ahelp", "nothing" },
    { ".commands now", "wrong" },
};

static void test_variants(void **state)
{
    (void)state;
    check(INCIDENT_DOT, VARIANTS, SW_COUNT(VARIANTS));
}

/* Whatever its letters and the blanks around it, a word is the row that the table has for it. */
static void test_case_and_blanks_never_matter(void **state)
{
    (void)state;
    static const char *const BLANKS[] = { "", " ", "   ", "\t" };
    for (size_t i = 0; i < INCIDENT_TABLE_COUNT; i++)
        for (const char *at = INCIDENT_TABLE[i].aliases; at && *at;) {
            const size_t length = strcspn(at, " ");
            for (size_t j = 0; j < SW_COUNT(BLANKS); j++) {
                char plain[64], loud[64];
                (void)snprintf(plain, sizeof plain, ".%.*s", (int)length, at);
                (void)snprintf(loud, sizeof loud, ".%.*s%s", (int)length, at, BLANKS[j]);
                for (char *c = loud; *c; c++)
                    *c = (char)toupper((unsigned char)*c);
                SW_AUTO_FREE char *one = parse_new(INCIDENT_DOT, plain);
                SW_AUTO_FREE char *other = parse_new(INCIDENT_DOT, loud);
                assert_string_equal(one, other);
            }
            at += length + strspn(at + length, " ");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variants),
        cmocka_unit_test(test_case_and_blanks_never_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
