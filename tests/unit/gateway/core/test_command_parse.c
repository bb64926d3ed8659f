/* SPDX-License-Identifier: Apache-2.0
 * What people type behind /deploy and /check_status, and what becomes of it. */
#include "gateway/core/command_parse.h"

#include "common/base/text.h"

#include "gateway/core/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ID "d-0123456789abc"

static void parse(enum command_family family, const char *text, struct command_parsed *ret_parsed)
{
    struct command_names names;
    command_names_preset(&names);
    print_message("  %s %s\n", names.typed[family], text);
    command_parse(&names, family, text, ret_parsed);
}

static const struct {
    enum command_family family;
    const char *text, *name, *args, *workflow;
} GOOD[] = {
    { COMMAND_DEPLOY, "", "deploy", "{'environment':null,'params':{},'ref':null,'service':null}", "" },
    { COMMAND_DEPLOY, "site", "deploy", "{'environment':null,'params':{},'ref':null,'service':'site'}", "" },
    { COMMAND_DEPLOY, "site main to staging", "deploy",
      "{'environment':'staging','params':{},'ref':'main','service':'site'}", "" },
    { COMMAND_DEPLOY, "site ON staging feature/x@{bad", NULL, NULL, NULL },
    { COMMAND_DEPLOY, "to staging", "deploy", "{'environment':'staging','params':{},'ref':null,'service':null}", "" },
    { COMMAND_DEPLOY, "site on staging v1.2+x", "deploy",
      "{'environment':'staging','params':{},'ref':'v1.2+x','service':'site'}", "" },
    { COMMAND_DEPLOY, "site MODE=debug to staging NOTE=“a b” main", "deploy",
      "{'environment':'staging','params':{'MODE':'debug','NOTE':'a b'},'ref':'main','service':'site'}", "" },
    { COMMAND_DEPLOY, "MODE=", "deploy", "{'environment':null,'params':{'MODE':''},'ref':null,'service':null}", "" },
    { COMMAND_DEPLOY, "cancel `" ID "`", "cancel", "{'target':'" ID "'}", ID },
    { COMMAND_DEPLOY, "Cancel D-0123456789ABC", "cancel", "{'target':'" ID "'}", ID },
    { COMMAND_DEPLOY, "retry " ID, "retry", "{'target':'" ID "'}", ID },
    { COMMAND_DEPLOY, "retry 17", "retry", "{'target':'17'}", "" },
    /* a reason is kept as it was said */
    { COMMAND_DEPLOY, "break-glass " ID " it can't wait", "break_glass", "{'reason':'it can't wait','target':'" ID "'}",
      ID },
    { COMMAND_DEPLOY, "Break-Glass  `" ID "`   “mends the outage”", "break_glass",
      "{'reason':'“mends the outage”','target':'" ID "'}", ID },
    { COMMAND_DEPLOY, "break-glass " ID " 'mends the outage'", "break_glass",
      "{'reason':'mends the outage','target':'" ID "'}", ID },
    { COMMAND_DEPLOY, "break-glass " ID " <@U2|bo> agreed, see <https://a.example|this>", "break_glass",
      "{'reason':'<@U2> agreed, see this (https://a.example)','target':'" ID "'}", ID },
    { COMMAND_DEPLOY, "break-glass " ID, "break_glass", "{'reason':null,'target':'" ID "'}", ID },
    { COMMAND_DEPLOY, "break glass", "deploy", "{'environment':null,'params':{},'ref':'glass','service':'break'}", "" },
    { COMMAND_DEPLOY, "status", "line", "{'service':null}", "" },
    { COMMAND_DEPLOY, "status site", "line", "{'service':'site'}", "" },
    { COMMAND_DEPLOY, "status " ID, "check_status", "{'target':'" ID "'}", ID },
    { COMMAND_DEPLOY, "status `" ID "`", "check_status", "{'target':'" ID "'}", ID },
    { COMMAND_DEPLOY, "queue", "line", "{'service':null}", "" },
    { COMMAND_DEPLOY, "queue site", "line", "{'service':'site'}", "" },
    { COMMAND_DEPLOY, "history", "history", "{'service':null}", "" },
    { COMMAND_DEPLOY, "history site", "history", "{'service':'site'}", "" },
    { COMMAND_DEPLOY, "services", "services", "{}", "" },
    { COMMAND_CHECK_STATUS, ID, "check_status", "{'target':'" ID "'}", ID },
    { COMMAND_CHECK_STATUS, " *`" ID "`* ", "check_status", "{'target':'" ID "'}", ID },
    { COMMAND_CHECK_STATUS, "nonsense", "check_status", "{'target':'nonsense'}", "" },
    /* a service may be called nearly as a verb: it is meant when more stands behind it */
    { COMMAND_DEPLOY, "stats to staging", "deploy",
      "{'environment':'staging','params':{},'ref':null,'service':'stats'}", "" },
    { COMMAND_DEPLOY, "helm main", "deploy", "{'environment':null,'params':{},'ref':'main','service':'helm'}", "" },
};

static void single_quotes(char *text)
{
    for (; *text; text++)
        if (*text == '"')
            *text = '\'';
}

static void test_commands(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(GOOD); i++) {
        struct command_parsed parsed;
        parse(GOOD[i].family, GOOD[i].text, &parsed);
        if (!GOOD[i].name) {
            assert_int_equal(parsed.outcome, COMMAND_WRONG);
            continue;
        }
        assert_int_equal(parsed.outcome, COMMAND_PUBLISH);
        assert_string_equal(parsed.name, GOOD[i].name);
        assert_int_equal(parsed.creates, strcmp(parsed.name, "deploy") == 0 ? 'd' : 0);
        assert_string_equal(parsed.workflow, GOOD[i].workflow);
        SW_AUTO_FREE char *args = jx_dump_new(parsed.args);
        single_quotes(args);
        assert_string_equal(args, GOOD[i].args);
        bool changes = sw_equal(GOOD[i].name, "deploy") || sw_equal(GOOD[i].name, "cancel") ||
                       sw_equal(GOOD[i].name, "retry") || sw_equal(GOOD[i].name, "break_glass");
        assert_int_equal(parsed.actor, changes); /* whether they are a guest is known first */
        command_parsed_release(&parsed);
    }
}

static const struct {
    enum command_family family;
    const char *text, *what, *hint;
} WRONG[] = {
    { COMMAND_CHECK_STATUS, "", "no id", "`/check_status <id>`" },
    { COMMAND_CHECK_STATUS, ID " " ID, "more than one", "`/check_status <id>`" },
    { COMMAND_DEPLOY, "cancel", "no id", "`/deploy cancel <id>`" },
    { COMMAND_DEPLOY, "retry a b", "more than one", "`/deploy retry <id>`" },
    { COMMAND_DEPLOY, "break-glass", "no id", "`/deploy break-glass <id> <reason>`" },
    { COMMAND_DEPLOY, "break-glass site is down", "no id behind", "`/deploy break-glass <id> <reason>`" },
    { COMMAND_DEPLOY, "breakglass " ID " it can't wait", "Did you mean `break-glass`", "" },
    { COMMAND_DEPLOY, "break_glass " ID, "Did you mean `break-glass`", "" },
    { COMMAND_DEPLOY, "break glass " ID " it can't wait", "Did you mean `break-glass`", "" },
    { COMMAND_DEPLOY, "breakglass", "Did you mean `break-glass`", "" },
    { COMMAND_DEPLOY, "queue a b", "more than one", "`/deploy queue [service]`" },
    { COMMAND_DEPLOY, "services x", "Nothing stands behind", "`/deploy services`" },
    { COMMAND_DEPLOY, "site to", "No environment", "[to environment]" },
    { COMMAND_DEPLOY, "site to a to b", "second environment", "[to environment]" },
    { COMMAND_DEPLOY, "site main extra", "`extra`", "[to environment]" },
    { COMMAND_DEPLOY, "site —env=prod", "`--env=prod`", "KEY=value" },
    { COMMAND_DEPLOY, "site A=1 A=2", "`A` is given twice", "" },
    { COMMAND_DEPLOY, "site A-B=1", "`A-B`", "" },
    { COMMAND_DEPLOY, "site =1", "`=1`", "" },
    { COMMAND_DEPLOY, "site -rf", "`-rf` is no ref", "" },
    { COMMAND_DEPLOY, "site \"open", "quotation mark", "" },
    { COMMAND_DEPLOY, "statsu", "Did you mean `status`", "/deploy statsu to <environment>" },
    { COMMAND_DEPLOY, "cancle " ID, "Did you mean `cancel`", "" },
    { COMMAND_DEPLOY, "hlep", "Did you mean `help`", "" },
    { COMMAND_DEPLOY, "rollback", "`/deploy rollback` is not available in this version", "/deploy help" },
    { COMMAND_DEPLOY, "approve " ID, "not available in this version", "/deploy help" },
    { COMMAND_DEPLOY, "reject " ID, "not available in this version", "" },
    { COMMAND_DEPLOY, "lock site", "not available in this version", "" },
    { COMMAND_DEPLOY, "unlock site", "not available in this version", "" },
    { COMMAND_DEPLOY, "freeze", "not available in this version", "" },
    { COMMAND_DEPLOY, "logs " ID, "not available in this version", "" },
    { COMMAND_DEPLOY, "why " ID, "not available in this version", "" },
    { COMMAND_DEPLOY, "help logs", "not available in this version", "" },
    { COMMAND_DEPLOY, "help quue", "no help about `quue`", "Did you mean `/deploy help queue`" },
};

static void test_usage_errors_say_what_to_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(WRONG); i++) {
        struct command_parsed parsed;
        parse(WRONG[i].family, WRONG[i].text, &parsed);
        assert_int_equal(parsed.outcome, COMMAND_WRONG);
        assert_null(parsed.args);
        assert_non_null(strstr(parsed.error.what, WRONG[i].what));
        assert_non_null(strstr(parsed.error.hint, WRONG[i].hint));
        assert_true(*parsed.error.why && *parsed.error.hint && *parsed.error.code);
    }
}

static void test_too_many_params_are_refused(void **state)
{
    (void)state;
    struct command_parsed parsed;
    parse(COMMAND_DEPLOY, "A=1 B=1 C=1 D=1 E=1 F=1 G=1 H=1 I=1 J=1 K=1 L=1 M=1 N=1 O=1 P=1", &parsed);
    assert_int_equal(parsed.outcome, COMMAND_PUBLISH);
    command_parsed_release(&parsed);
    parse(COMMAND_DEPLOY, "A=1 B=1 C=1 D=1 E=1 F=1 G=1 H=1 I=1 J=1 K=1 L=1 M=1 N=1 O=1 P=1 Q=1", &parsed);
    assert_int_equal(parsed.outcome, COMMAND_WRONG);
}

static void test_a_reason_has_an_end(void **state)
{
    (void)state;
    struct command_parsed parsed;
    char text[700];
    for (size_t length = 500; length <= 501; length++) {
        (void)snprintf(text, sizeof text, "break-glass " ID " %0*d", (int)length, 7);
        parse(COMMAND_DEPLOY, text, &parsed);
        assert_int_equal(parsed.outcome, length == 500 ? COMMAND_PUBLISH : COMMAND_WRONG);
        command_parsed_release(&parsed);
    }
}

static void test_help_offers_what_there_is(void **state)
{
    (void)state;
    struct command_parsed parsed;
    struct command_names names;
    command_names_preset(&names);
    parse(COMMAND_DEPLOY, "help", &parsed);
    assert_int_equal(parsed.outcome, COMMAND_HELP);
    assert_null(parsed.row);
    JX_AUTO json_t *help = answer_help(&names, parsed.row);
    const char *text = jx_string(help, "text");
    static const char *const offered[] = { "/deploy status",
                                           "/deploy queue",
                                           "/deploy cancel &lt;id&gt;",
                                           "/deploy retry",
                                           "/deploy break-glass &lt;id&gt; &lt;reason&gt;",
                                           "/deploy history",
                                           "/deploy services",
                                           "/check_status &lt;id&gt;",
                                           "/incident [word ...]" };
    static const char *const absent[] = { "rollback", "approve", "lock", "freeze", "logs", "why" };
    for (size_t i = 0; i < SW_COUNT(offered); i++)
        assert_non_null(strstr(text, offered[i]));
    for (size_t i = 0; i < SW_COUNT(absent); i++)
        assert_null(strstr(text, absent[i]));
    assert_string_equal(jx_string(help, "response_type"), "ephemeral");
}

static void test_help_about_one_word(void **state)
{
    (void)state;
    struct command_parsed parsed;
    struct command_names names;
    command_names_preset(&names);
    parse(COMMAND_DEPLOY, "help cancel", &parsed);
    assert_int_equal(parsed.outcome, COMMAND_HELP);
    JX_AUTO json_t *help = answer_help(&names, parsed.row);
    assert_non_null(strstr(jx_string(help, "text"), "Who may: whoever `slipway.yaml` allows"));
    parse(COMMAND_CHECK_STATUS, "help", &parsed);
    assert_int_equal(parsed.outcome, COMMAND_HELP);
}

static void test_command_names_can_be_changed(void **state)
{
    (void)state;
    struct command_names names;
    enum command_family family;
    assert_false(sw_failed(command_names_parse("deploy=/ship, incident=/inc", &names)));
    assert_true(command_names_find(&names, "/ship", &family) && family == COMMAND_DEPLOY);
    assert_true(command_names_find(&names, "/check_status", &family) && family == COMMAND_CHECK_STATUS);
    assert_false(command_names_find(&names, "/deploy", &family));
    static const char *const bad[] = { "deploy", "deploy=ship", "deploy=", "ship=/deploy",
                                       "deploy=/a-name-that-is-longer-than-slack-allows" };
    for (size_t i = 0; i < SW_COUNT(bad); i++)
        assert_int_equal(command_names_parse(bad[i], &names).code, SW_CODE_CONFIG);
}

static void test_an_unknown_slash_command_is_told_the_near_one(void **state)
{
    (void)state;
    struct command_names names;
    struct command_error error;
    command_names_preset(&names);
    command_unknown(&names, "/depoly", &error);
    assert_non_null(strstr(error.what, "Did you mean `/deploy`"));
    command_unknown(&names, "/`weather`", &error);
    assert_non_null(strstr(error.what, "`/'weather'`"));
    assert_null(strstr(error.what, "mean"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_usage_errors_say_what_to_type),
        cmocka_unit_test(test_too_many_params_are_refused),
        cmocka_unit_test(test_a_reason_has_an_end),
        cmocka_unit_test(test_help_offers_what_there_is),
        cmocka_unit_test(test_help_about_one_word),
        cmocka_unit_test(test_command_names_can_be_changed),
        cmocka_unit_test(test_an_unknown_slash_command_is_told_the_near_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
