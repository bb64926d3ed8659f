/* SPDX-License-Identifier: Apache-2.0
 * What people say about incidents, behind a dot, behind /incident and to the bot, and what becomes of it. */
#include "tests/unit/gateway/core/incident_parse_fixture.h"

/* The vectors of shared behaviour (C1 to C22); where the original was silent or fussy, what is better. */
static const struct vector DOTS[] = {
    /* declaring */
    { ".START  Foo bar", "+Foo bar|||||" },
    { ".start", "wrong" },
    { " .start x", "nothing" },
    { "..start x", "nothing" },
    { "hello .start", "nothing" },
    { ".start a\nb\n\nc ", "+a|||||b\n\nc" },
    { ".hi foo", "+foo|1||||" },
    { ".crit foo", "+foo|1||||" },
    { ".MED foo", "+foo|2||||" },
    { ".low x", "+x|3||||" },
    { ".backlog x", "+x|4||||" },
    { ".wontfix x", "+x|5||||" },
    { ".hi", "wrong" },
    { ".start P1 service=checkout private it is down", "+it is down|1|checkout||yes|" },
    { ".start p2: it is down --service checkout --env=production", "+it is down|2|checkout|production||" },
    { ".start it is down SERVICE=checkout again", "+it is down again||checkout|||" },
    { ".start the private beta has P1 in its title", "+the private beta has P1 in its title|||||" },
    { ".start \"private beta is down\" service=beta", "+private beta is down||beta|||" },
    { ".start “P1 of 2” is broken", "+“P1 of 2” is broken|||||" },
    { ".start \"quoted\"", "+quoted|||||" },
    { ".start kubectl --force broke it", "+kubectl --force broke it|||||" },
    { ".start P1 P2 x", "wrong" },
    { ".start P1 P1 x", "+x|1||||" },
    { ".crit P2 x", "wrong" },
    { ".start P0 x", "wrong" },
    { ".start P1", "wrong" },
    { ".start service= x", "wrong" },
    { ".start x --service", "wrong" },
    { ".start x service=a service=b", "wrong" },
    { ".start &lt;script&gt; &amp;amp; <https://a.example|https://a.example> <http://b.example|b.example>",
      "+<script> &amp; https://a.example b.example|||||" },
    /* ending */
    { ".stop ", "=resolve|||" },
    { ".stop now", "=resolve|now||" },
    { ".allclear", "=resolve|||" },
    { ".Mitigated", "=mitigate|||" },
    { ".mitigated 2pm", "=mitigate|2pm||" },
    { ".mitigated  2pm", "=mitigate|2pm||" },
    { ".mitigated ", "=mitigate|||" },
    { ".unresolve", "=unresolve|||" },
    { ".unmitigate", "=restart|||" },
    { ".canceled", "=cancel|||" },
    { ".cancel false alarm", "=cancel|false alarm||" },
    { ".rfr", "=ready|||" },
    { ".ready-for-review", "=ready|||" },
    { ".done", "=complete|||" },
    { ".unresolve please", "wrong" },
    /* people */
    { ".point", "=point|||" },
    { ".point ", "=point|||" },
    { ".point me", "=point|||" },
    { ".points", "=unknown|||" },
    { ".englead", "=eng|||" },
    { ".point <@U0LAN0Z89>", "=point|||U0LAN0Z89" },
    { ".Comms <@W0LAN0Z89|ann>,", "=comms|||W0LAN0Z89" },
    { ".point alice", "wrong" },
    { ".point @alice", "wrong" },
    { ".point <!subteam^S0123|@sre>", "wrong" },
    { ".point <@U0LAN0Z89> <@U0LAN0Z88>", "wrong" },
    { ".assign <@U0LAN0Z89> ", "=assign|||U0LAN0Z89" },
    { ".handover", "wrong" },
    { ".handover <@U0LAN0Z89>", "=handover|||U0LAN0Z89" },
    { ".handover comms to <@U0LAN0Z89>", "=handover|comms||U0LAN0Z89" },
    { ".handover <@U0LAN0Z89> englead", "=handover|eng||U0LAN0Z89" },
    { ".handover comms", "wrong" },
    { ".unset Point", "=unset|point||" },
    { ".unset assignee", "=unset|assigned||" },
    { ".unset cook", "wrong" },
    { ".invite", "wrong" },
    { ".invite <@U0LAN0Z89>", "=invite|||U0LAN0Z89" },
    /* facts */
    { ".title x\ny", "=title|x y||" },
    { ".title", "wrong" },
    { ".title #42 is back", "=title|#42 is back||" },
    { ".summary x", "=summary|x||" },
    { ".summary xy", "=summary|xy||" },
    { ".summary a\nb", "=summary|a\nb||" },
    { ".summary", "=summary|||" },
    { ".p1", "=priority|1||" },
    { ".P1 because", "=priority|1 because||" },
    { ".p12", "=priority|12||" },
    { ".p02", "=priority|2||" },
    { ".p1foo", "=unknown|||" },
    { ".priority 2 why\nthough", "=priority|2 why though||" },
    { ".priority P3", "=priority|3||" },
    { ".priority high", "=priority|high||" },
    { ".priorities", "=priorities|||" },
    { ".priority", "=priorities|||" },
    { ".genesis", "wrong" },
    { ".Genesis yesterday 16:00", "=genesis|yesterday 16:00||" },
    { ".detected an hour ago", "=detected|an hour ago||" },
    { ".component a", "=component|a||" },
    { ".components a,b", "=component|a,b||" },
    { ".component-foo", "=unknown|||" },
    { ".component ", "=component|||" },
    { ".componentrm a", "=component_remove|a||" },
    { ".affected a", "=affected|a||" },
    { ".affected ab", "=affected|ab||" },
    { ".affected ,,", "=affected|,,||" },
    { ".affected-rm a", "=affected_remove|a||" },
    /* timeline */
    { ".notify a\n\nb", "=notify|a\n\nb||" },
    { ".notify", "wrong" },
    { ".note x", "=note|x||" },
    { ".notes xy", "=note|xy||" },
    { ".notes", "=note|||" },
    { ".ai fix it =&gt; soon\nor not", "=ai|fix it => soon or not||" },
    { ".ais", "=ai|||" },
    { ".mybad", "=factor|||" },
    { ".rootcause <https://a.example/b?c&amp;d>", "=factor|https://a.example/b?c&d||" },
    { ".pr <https://a.example/1|#1>", "=pr|#1 (https://a.example/1)||" },
    { ".timeline", "=history|||" },
    { ".edit 3 said\nbetter", "=edit|3 said\nbetter||" },
    { ".edit #03 x", "=edit|3 x||" },
    { ".edit 3", "wrong" },
    { ".edit x", "wrong" },
    { ".forget 3", "=forget|3||" },
    { ".forget all", "wrong" },
    { ".undo", "=undo|||" },
    /* blockers */
    { ".blocked I don't want to get dressed", "=blocked|I don't want to get dressed||" },
    { ".blocked    something with spaces   =&gt;   result with spaces   ",
      "=blocked|something with spaces   =>   result with spaces||" },
    { ".block x", "=blocked|x||" },
    { ".blocked", "wrong" },
    { ".blocked=&gt;x", "=unknown|||" },
    { "blah .blocked a => b", "nothing" },
    { "some.blocker a", "nothing" },
    { ".blockers", "=blockers|||" },
    { ".unblock", "wrong" },
    { ".unblock all", "=unblock_all|||" },
    { ".unblockall", "=unblock_all|||" },
    { ".unblockedall", "=unblock_all|||" },
    { ".unblocked 12", "=unblock|12||" },
    { ".unblock #12", "=unblock|12||" },
    { ".unblock 12 13", "wrong" },
    /* looking */
    { ".status #42", "=status||#42|" },
    { ".status 42", "=status||#42|" },
    { ".status `" ID "`", "=status||" ID "|" },
    { ".status quo", "wrong" },
    { ".breakings", "=list|||" },
    { ".mainchannel", "=main|||" },
    { ".cancel " ID " wrong one", "=cancel|wrong one|" ID "|" },
    { ".HELP", "help " },
    { ".help .crit", "help start" },
    { ".help Mitigated", "help mitigate" },
    { ".help nonsense", "wrong" },
    { ".CommandS", "words" },
    { ".command", "=unknown|||" },
    { ".commandss", "=unknown|||" },
    { ". commands", "nothing" },
    { ".commands ", "words" },
    { "bcommands", "nothing" },
    { ".sev1 database is gone", "=unknown|database is gone||" },
    { ".5 percent", "nothing" },
    { ".", "nothing" },
    { "", "nothing" },
};

static void test_dot_words(void **state)
{
    (void)state;
    check(INCIDENT_DOT, DOTS, SW_COUNT(DOTS));
}

static void test_behind_the_slash_command(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        { "", "form 0" },
        { "  ", "form 0" },
        { "start", "form 0" },
        { "crit", "form 1" },
        { "start P1 checkout is down --service checkout", "+checkout is down|1|checkout|||" },
        { "help", "help " },
        { "help start", "help start" },
        { "commands", "words" },
        { "#42", "=status||#42|" },
        { "#42 note it is back", "=note|it is back|#42|" },
        { ID " resolve", "=resolve||" ID "|" },
        { "resolve " ID, "=resolve||" ID "|" },
        { "note " ID " is the other one", "=note|" ID " is the other one||" },
        { "resovle", "wrong" },
        { "resovle now", "wrong" },
        { "p1foo", "wrong" },
        { "checkout is down", "=unknown|is down||" },
        { "summary a\nb", "=summary|a\nb||" },
    };
    check(INCIDENT_SLASH, vectors, SW_COUNT(vectors));
}

static void test_said_to_the_bot(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        { "", "help " },      { " status", "=status|||" },
        { "start", "wrong" }, { "start it burns", "+it burns|||||" },
        { "hello", "wrong" }, { "thanks for nothing", "wrong" },
        { "help", "help " },
    };
    check(INCIDENT_MENTION, vectors, SW_COUNT(vectors));
}

static void parse_wrong(enum incident_way way, const char *text, struct command_error *ret_error)
{
    struct command_parsed parsed;
    const struct incident_typed typed = typed_of(way, text);
    incident_parse(&typed, &parsed);
    assert_int_equal(parsed.outcome, COMMAND_WRONG);
    assert_true(*parsed.error.what && *parsed.error.why && *parsed.error.hint);
    assert_string_equal(parsed.error.code, "E-USAGE");
    *ret_error = parsed.error;
}

static void test_errors_say_what_to_type_and_how(void **state)
{
    (void)state;
    struct command_error error;
    parse_wrong(INCIDENT_DOT, ".title", &error);
    assert_non_null(strstr(error.hint, "`.title <title>`"));
    parse_wrong(INCIDENT_SLASH, "title", &error);
    assert_non_null(strstr(error.hint, "`/incident title <title>`"));
    parse_wrong(INCIDENT_DOT, ".point al`ice", &error);
    assert_non_null(strstr(error.what, "`al'ice`"));
    assert_non_null(strstr(error.why, "@"));
    parse_wrong(INCIDENT_SLASH, "resovled", &error);
    assert_non_null(strstr(error.what, "Did you mean `/incident resolved`"));
    parse_wrong(INCIDENT_SLASH, "crti it burns", &error);
    assert_non_null(strstr(error.what, "Did you mean `/incident crit`"));
}

static void test_a_near_miss_names_what_may_have_been_meant(void **state)
{
    (void)state;
    static const struct {
        const char *text, *near;
    } vectors[] = { { ".points", "point" },    { ".sumary x", "summary" }, { ".p1foo", "p1" },
                    { ".REZOLVE", "resolve" }, { ".gitignore x", NULL },   { ".sev1 database", "sev" },
                    { ".ünter", NULL } };
    for (size_t i = 0; i < SW_COUNT(vectors); i++) {
        struct command_parsed parsed;
        const struct incident_typed typed = typed_of(INCIDENT_DOT, vectors[i].text);
        if (!incident_is_dot_word(vectors[i].text))
            continue;
        incident_parse(&typed, &parsed);
        assert_int_equal(parsed.outcome, COMMAND_PUBLISH);
        assert_string_equal(jx_string(parsed.args, "verb"), "unknown");
        if (vectors[i].near)
            assert_string_equal(jx_string_or(parsed.args, "near", ""), vectors[i].near);
        else
            assert_null(jx_string(parsed.args, "near"));
        command_parsed_release(&parsed);
    }
}

static void test_what_changes_something_wants_to_know_who_says_it(void **state)
{
    (void)state;
    struct command_parsed parsed;
    struct incident_typed typed = typed_of(INCIDENT_DOT, ".mitigated 2pm");
    incident_parse(&typed, &parsed);
    assert_true(parsed.actor);
    assert_string_equal(jx_string(parsed.args, "spoken"), "mitigated");
    command_parsed_release(&parsed);
    typed.text = ".status";
    incident_parse(&typed, &parsed);
    assert_false(parsed.actor);
    command_parsed_release(&parsed);
}

static void test_a_declaration_wants_to_know_who_says_it(void **state)
{
    (void)state;
    struct command_parsed parsed;
    struct incident_typed typed = typed_of(INCIDENT_DOT, ".start P2 The site is down");
    incident_parse(&typed, &parsed);
    assert_string_equal(parsed.name, "declare");
    assert_true(parsed.actor);
    command_parsed_release(&parsed);
}

static void test_what_is_too_long_is_told(void **state)
{
    (void)state;
    char text[4200];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memcpy(text, ".note ", 6);
    struct command_error error;
    parse_wrong(INCIDENT_DOT, text, &error);
    assert_non_null(strstr(error.what, "4000"));
    memcpy(text, ".start ", 7);
    text[7 + 513] = '\0';
    parse_wrong(INCIDENT_DOT, text, &error);
    assert_non_null(strstr(error.what, "512 characters"));
    text[7 + 512] = '\0';
    SW_AUTO_FREE char *longest = parse_new(INCIDENT_DOT, text);
    assert_int_equal(strlen(longest), 1 + 512 + 5);
}

/* Each name of the table is one row's, and finds it. */
static void test_names_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < INCIDENT_TABLE_COUNT; i++) {
        const struct incident_row *row = &INCIDENT_TABLE[i];
        assert_true(strlen(row->verb) < PROTO_NAME_SIZE && row->usage && row->help);
        assert_ptr_equal(incident_row_find(row->verb, strlen(row->verb)), row);
        assert_int_equal(incident_alias_priority(row->verb, strlen(row->verb)), 0);
        for (const char *at = row->aliases; at && *at;) {
            size_t length = strcspn(at, " ");
            assert_ptr_equal(incident_row_find(at, length), row);
            assert_int_equal(incident_alias_priority(at, length), 0);
            at += length + strspn(at + length, " ");
        }
        char near[INCIDENT_WORD_SIZE], wrong[INCIDENT_WORD_SIZE];
        (void)snprintf(wrong, sizeof wrong, "%sx", row->verb);
        if (!incident_row_find(wrong, strlen(wrong)))
            assert_true(incident_word_near(wrong, near)); /* the names fit their storage */
    }
}

/* Pieces that mean something, in any order: whatever comes out is one of the outcomes, whole and within its limits. */
static void test_anything_gives_one_whole_outcome(void **state)
{
    (void)state;
    static const char *const pieces[] = { ".",          "start",    "point",   "unblock", "p1",      "P2",   " ",
                                          "  ",         "\n",       "<@U123>", "<@",      ">",       "<",    "|",
                                          "&gt;",       "&",        "#4",      ID,        "=",       "--",   "service",
                                          "service=a ", "\"",       "”",       "“",       "`",       "ü",    "private",
                                          "=>",         "handover", "edit",    "\t",      "<!here>", "crit", "help",
                                          "x",          "\xC2\xA0" };
    uint32_t random = 1;
    for (size_t round = 0; round < 60000; round++) {
        char text[512] = "";
        random = random * 1664525u + 1013904223u;
        for (uint32_t left = (random >> 16) % 12; left > 0; left--) {
            random = random * 1664525u + 1013904223u;
            (void)strcat(text, pieces[(random >> 8) % SW_COUNT(pieces)]);
        }
        enum incident_way way = (enum incident_way)(round % 3);
        const struct incident_typed typed = typed_of(way, text);
        struct command_parsed parsed;
        if (way == INCIDENT_DOT && !incident_is_dot_word(text))
            continue;
        incident_parse(&typed, &parsed);
        assert_true(parsed.outcome != COMMAND_HELP && (parsed.outcome != COMMAND_FORM || way == INCIDENT_SLASH));
        assert_true((parsed.outcome == COMMAND_PUBLISH) == (parsed.args != NULL));
        if (parsed.outcome == COMMAND_PUBLISH) {
            SW_AUTO_FREE char *args = jx_dump_new(parsed.args);
            assert_true(args && sw_utf8_valid(args, strlen(args)));
            assert_true(json_object_size(parsed.args) >= 5);
        }
        command_parsed_release(&parsed);
    }
}

static void test_buttons_carry_their_verb(void **state)
{
    (void)state;
    struct command_parsed parsed;
    incident_of_button("snooze", ID, "30m", &parsed);
    assert_int_equal(parsed.outcome, COMMAND_PUBLISH);
    assert_string_equal(parsed.workflow, ID);
    assert_string_equal(jx_string(parsed.args, "text"), "30m");
    assert_true(jx_bool_or(parsed.args, "button", false));
    assert_true(parsed.actor);
    command_parsed_release(&parsed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dot_words),
        cmocka_unit_test(test_behind_the_slash_command),
        cmocka_unit_test(test_said_to_the_bot),
        cmocka_unit_test(test_errors_say_what_to_type_and_how),
        cmocka_unit_test(test_a_near_miss_names_what_may_have_been_meant),
        cmocka_unit_test(test_what_changes_something_wants_to_know_who_says_it),
        cmocka_unit_test(test_a_declaration_wants_to_know_who_says_it),
        cmocka_unit_test(test_what_is_too_long_is_told),
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_anything_gives_one_whole_outcome),
        cmocka_unit_test(test_buttons_carry_their_verb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
