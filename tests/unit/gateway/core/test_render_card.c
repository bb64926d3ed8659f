/* SPDX-License-Identifier: Apache-2.0
 * What the cards of an incident say. */
#include "gateway/core/render_card.h"
#include "gateway/core/render_topic.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int64_t NOW = 1767225600000;

static const char DETAIL[] =
    "{'number':42,'title':'Checkout *errors* <now>','summary':'Cards fail.\\nSince noon.','team':'T1','user':'U9',"
    "'priority':{'n':1,'name':'P1','emoji':'fire','high':true,'review':true},'service':'site','environment':'"
    "production',"
    "'channel':{'id':'C42','name':'inc-42'},'roles':{'point':'U1','comms':null},"
    "'times':{'created':1767222000000,'mitigated':null},'affected':['checkout'],'components':['auth-service'],"
    "'blockers':[{'id':1,'who':'An external system','why':'they are down','at':1767224000000,'until':0}],"
    "'recent':[{'id':3,'type':'comm_update','text':'We know.','by':'U1','at':1767225000000}],"
    "'tracker':{'key':'OPS-7','url':'https://jira.example/browse/OPS-7'}}";

static json_t *json_of(const char *text)
{
    SW_AUTO_FREE char *copy = sw_strdup(text);
    json_t *json = NULL;
    for (char *at = copy; (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    assert_false(sw_failed(jx_parse(copy, strlen(copy), &json)));
    return json;
}

static void make_view(struct proto_view *view, const char *state, const char *detail)
{
    *view = (struct proto_view){ .workflow = "i-0123456789abc", .kind = "incident" };
    (void)sw_copy(view->state, sizeof view->state, state);
    view->detail = json_of(detail);
}

static char *said_new(const char *name, const struct proto_view *view, const char *data)
{
    JX_AUTO json_t *given = data ? json_of(data) : NULL;
    JX_AUTO json_t *message = render_card_new(
        &(struct card){ .name = name, .text = "So it is.", .data = given, .view = view, .now_ms = NOW });
    assert_non_null(message);
    assert_string_equal(jx_string(message, "text"), "So it is.");
    return json_dumps(json_object_get(message, "blocks"), JSON_COMPACT);
}

static void assert_says(const char *said, const char *words)
{
    if (!strstr(said, words))
        fail_msg("\"%s\" is not in %s", words, said);
}

static void test_the_headline_tells_what_matters(void **state)
{
    (void)state;
    struct proto_view view;
    make_view(&view, "blocked", DETAIL);
    JX_AUTO json_t *message = render_headline_new(&view, NOW);
    SW_AUTO_FREE char *said = json_dumps(message, JSON_COMPACT);
    assert_string_equal(jx_string(message, "text"), "Incident #42 P1 blocked: Checkout *errors* &lt;now&gt;.");
    assert_says(said, ":no_entry: *#42 P1* · *Checkout ∗errors∗ &lt;now&gt;* · blocked");
    assert_says(said, "<!channel>");
    assert_says(said, "&gt; Cards fail.\\n&gt; Since noon.");
    assert_says(said, "*Point* <@U1> · *Comms* nobody");
    assert_says(said, "<#C42> · site → production · affected: checkout · components: auth-service");
    assert_says(said, "Waits for *An external system*: they are down");
    assert_says(said, ":mega: We know. · <@U1> ");
    assert_says(said, "<https://jira.example/browse/OPS-7|OPS-7>");
    assert_says(said, "\"url\":\"https://slack.com/app_redirect?team=T1&channel=C42\"");
    assert_says(said, "\"action_id\":\"incident.comms\"");
    assert_null(strstr(said, "incident.point"));   /* somebody has it */
    assert_null(strstr(said, "incident.resolve")); /* it is blocked */
    assert_says(said, "{\\\"target\\\":\\\"i-0123456789abc\\\",\\\"text\\\":\\\"\\\"}");
    proto_view_release(&view);
}

static void test_an_ended_headline_has_its_duration_and_nothing_to_press(void **state)
{
    (void)state;
    struct proto_view view;
    make_view(&view, "cancelled", DETAIL);
    assert_int_equal(json_object_set_new(json_object_get(view.detail, "times"), "cancelled", json_integer(NOW)), 0);
    JX_AUTO json_t *message = render_headline_new(&view, NOW);
    SW_AUTO_FREE char *said = json_dumps(message, JSON_COMPACT);
    assert_says(
        said,
        ":heavy_multiplication_x: #42 P1 · ~Checkout *errors* &lt;now&gt;~ · cancelled · lasted 1 h 00 m from its "
        "declaration");
    assert_int_equal(json_object_set_new(json_object_get(view.detail, "times"), "genesis", json_integer(NOW - 7200000)),
                     0);
    JX_AUTO json_t *known = render_headline_new(&view, NOW);
    SW_AUTO_FREE char *longer = json_dumps(known, JSON_COMPACT);
    assert_says(longer, "cancelled · lasted 2 h 00 m from its beginning");
    assert_null(strstr(said, "<!channel>"));
    assert_null(strstr(said, "\"action_id\":\"incident.resolve\""));
    proto_view_release(&view);
}

/* Card, data, and words that stand in it. */
static const struct {
    const char *name, *data, *words;
} CARDS[] = {
    { "takeover", "{'role':'comms','user':'U2'}", ":mega: <@U2> has *comms* now, and tells everybody else" },
    { "role_moved", "{'role':'point','from':'U1','to':'U2'}",
      ":dart: <@U1>, you no longer have *point*: <@U2> has it now." },
    { "role_moved", "{'role':'point','from':'U1','to':''}", "you no longer have *point*: nobody has it now." },
    { "waits_for_you", "{'people':['U2','U3'],'why':'a new disk','id':4}",
      ":no_entry: <@U2>, <@U3>: this incident waits for you.\\n&gt; a new disk" },
    { "waits_for_you", "{'people':['U2'],'id':4}", "\\\"text\\\":\\\"4\\\"}" },
    { "mitigated", "{'at':1767225000000,'comms':'U2','who':'U3'}", "<@U2> or <@U3>, please tell the others" },
    { "mitigated", "{'at':1767225000000,'comms':'U2','who':'U2'}", "<@U2>, please tell the others" },
    { "resolved", "{'actions':1,'prs':2}", "• 1 action item: `.ais`\\n• 2 pull requests: `.prs`" },
    { "cancelled", "{'why':'a test'}", "takes that back.\\n&gt; a test" },
    { "announce_cancelled", "{'why':'a <test>'}", "<#C42>\\n&gt; a &lt;test&gt;" },
    { "unresolved", "{}", "Not over after all: P1 *Checkout ∗errors∗ &lt;now&gt;* · <#C42> is open again" },
    { "uncancelled", "{}", "An incident after all: P1 *Checkout ∗errors∗ &lt;now&gt;* · <#C42> goes on" },
    { "time_error", "{'input':'last `x`','zone':'Europe/Berlin'}",
      "I cannot read `last ˋxˋ` as a time (in `Europe/Berlin`)" },
    { "time_error", "{'input':'feb 30','why':'february has no day 30','zone':'UTC','hint':'`14:05`'}",
      "I cannot read `feb 30` as a time (in `UTC`): february has no day 30. Nothing was changed." },
    { "list", "{'title':'Notes','items':[{'id':4,'text':'a','link':'https://a.example'}]}",
      "• `4` a <https://a.example|link>" },
    { "list", "{'title':'Notes','items':[],'usage':'`.note <text>` adds'}", "*Notes*: none so far." },
    { "components", "{'added':['a'],'dupes':['b'],'rejected':['c']}",
      "*Added:* a\\n*There already:* b\\n*Not known, left out:* c" },
    { "nag", "{'what':'point','missed':3}", "incident #42 (P1): nobody is on point" },
    { "nag", "{'what':'update','escalate':['U5','S6']}", "this goes to <@U5>, <!subteam^S6>" },
    { "history",
      "{'entries':[{'id':2,'type':'note','text':'x','by':'U1','at':1767225000000}],"
      "'people':{'U1':{'name':'a.na'}}}",
      "`2` x · a.na" },
    { "nag", "{'what':'update'}", "\"value\":\"{\\\"ask\\\":true,\\\"target\\\":\\\"i-0123456789abc\\\"" },
    { "summary", "{'text':'so far'}", "\\\"text\\\":\\\"so far\\\"}\"" },
    { "overview",
      "{'past':[{'number':3,'title':'x','state_words':'archived','since':1767225000000,'roles':{'point':'U1'}}],"
      "'people':{'U1':'Ana'}}",
      "*The latest*\\n• *#3 * x · archived · declared " },
    { "overview", "{'past':[{'number':3,'roles':{'point':'U1'}}],'people':{'U1':'Ana'}}", " · point Ana" },
    { "overview", "{}", "All clear: there is no incident." },
    { "changes", "{'deployments':[{'service':'site','environment':'staging'}]}", "• *site* → staging" },
    { "review_part", "{'n':1,'of':7,'title':'a *b*','text':'x'}", ":mag: *a ∗b∗*\\n" },
    { "blocker", "{'who':'a *b*'}", "waits for *a ∗b∗* now." },
    { "problem", "{'what':'No channel','why':'missing_scope','hint':'Ask `ops`.'}",
      "Did not work: *No channel*\\n&gt; missing_scope" },
    { "resolve_offer", "{'title':'disk','url':'https://m.example/1'}", "*<https://m.example/1|disk>*" },
    { "resolve_offer", "{'title':'disk <1>','url':''}", "*disk &lt;1&gt;*" },
    { "alert_again", "{'title':'disk'}", "An alert fires again: *disk*" },
    { "break_glass", "{'deployment':'d-0123456789abc','request':2,'open':true}",
      "\"action_id\":\"break_glass_agree\"" },
    { "break_glass", "{'deployment':'d-0123456789abc','request':2,'open':true}", "\\\"request\\\":2" },
    { "not_here", "{'main':'C1'}", "<#C1>" },
    { "list", "{'title':'missing','items':[{'sentence':'nobody owns it: `.assign`'}]}", "• nobody owns it: `.assign`" },
    { "list", "{'title':'Notes','items':[{'text':'nobody `x`'}]}", "• nobody ˋxˋ" },
    { "wizard", "{'title':'The times','sentence':'`.status` shows <them>'}",
      "*The times*\\n`.status` shows &lt;them&gt;" },
    { "review_part", "{'n':7,'of':7,'title':'You','sentence':'Then `.complete`.'}", "*You*\\nThen `.complete`." },
    { "review_part", "{'n':2,'of':7,'title':'Factors','text':'one\\ntwo'}", "&gt; one\\n&gt; two" },
};

static void test_words_of_some_cards(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(CARDS); i++) {
        struct proto_view view;
        make_view(&view, "started", DETAIL);
        SW_AUTO_FREE char *said = said_new(CARDS[i].name, &view, CARDS[i].data);
        assert_says(said, CARDS[i].words);
        assert_null(strstr(said, "<!channel>"));
        proto_view_release(&view);
    }
}

static void test_a_list_that_is_too_long_says_how_to_see_the_rest(void **state)
{
    (void)state;
    struct proto_view view;
    make_view(&view, "started", DETAIL);
    JX_AUTO json_t *items = json_array(), *data = json_object();
    for (int i = 0; i < 100; i++)
        assert_int_equal(json_array_append_new(items, json_pack("{si ss}", "id", i, "text", "x")), 0);
    assert_int_equal(json_object_set(data, "items", items), 0);
    JX_AUTO json_t *message = render_card_new(&(struct card){ .name = "list", .data = data, .view = &view });
    SW_AUTO_FREE char *said = json_dumps(message, JSON_COMPACT);
    assert_says(said, "`39` x");
    assert_null(strstr(said, "`40` x"));
    assert_says(said, "and 60 more: `.history` has everything");
    proto_view_release(&view);
}

/* A button's value ends at 2,000 characters. */
static void test_what_is_cut_says_where_the_whole_is(void **state)
{
    (void)state;
    static const char *const LISTS[][2] = { { "history", "entries" }, { "list", "items" } };
    for (size_t i = 0; i < SW_COUNT(LISTS); i++)
        for (int length = 100; length < 500; length += 300) {
            char text[600], data[800];
            memset(text, 'x', sizeof text);
            text[length] = '\0';
            (void)snprintf(data, sizeof data, "{'%s':[{'id':2,'type':'note','text':'%s','by':'U1'}]}", LISTS[i][1],
                           text);
            SW_AUTO_FREE char *said = said_new(LISTS[i][0], NULL, data);
            assert_int_equal(strstr(said, "What ends in … is whole behind its link") != NULL, length > 250);
        }
}

static void test_a_long_summary_has_no_button_to_edit_it(void **state)
{
    (void)state;
    char text[1000] = "";
    memset(text, '"', 901);
    JX_AUTO json_t *data = json_pack("{ss}", "text", text);
    struct proto_view view;
    make_view(&view, "started", DETAIL);
    const struct card card = { .name = "summary", .data = data, .view = &view };
    JX_AUTO json_t *message = render_card_new(&card);
    SW_AUTO_FREE char *said = jx_dump_new(message);
    assert_non_null(said);
    assert_null(strstr(said, "Edit it"));
    proto_view_release(&view);
}

static void test_without_the_incidents_id_there_are_no_buttons(void **state)
{
    (void)state;
    SW_AUTO_FREE char *said = said_new("nag", NULL, "{'what':'point'}");
    assert_null(strstr(said, "\"actions\""));
    SW_AUTO_FREE char *known = said_new("nag", NULL, "{'what':'point','target':'i-1'}");
    assert_says(known, "\"action_id\":\"incident.point\"");
}

static void test_topics(void **state)
{
    (void)state;
    struct proto_view view;
    make_view(&view, "blocked", DETAIL);
    SW_AUTO_FREE char *blocked = render_topic_new(&view);
    assert_string_equal(blocked, ":no_entry: [P1][blocked][auth-service] *CHECKOUT *ERRORS* &lt;NOW&gt;* - Blocked on: "
                                 "An external system, Point: <@U1>, Comms: _nobody_, "
                                 "<https://jira.example/browse/OPS-7|OPS-7>");
    (void)sw_copy(view.state, sizeof view.state, "resolved");
    assert_int_equal(json_object_del(view.detail, "blockers"), 0);
    assert_int_equal(json_object_del(view.detail, "tracker"), 0);
    SW_AUTO_FREE char *over = render_topic_new(&view);
    assert_string_equal(over, ":sunny: [P1][auth-service] *CHECKOUT *ERRORS* &lt;NOW&gt;*");
    proto_view_release(&view);
}

static void test_a_long_topic_is_exactly_250_characters(void **state)
{
    (void)state;
    char text[400];
    memset(text, 'x', sizeof text);
    text[399] = '\0';
    SW_AUTO_FREE char *topic = render_topic_said_new(text);
    assert_int_equal(sw_utf8_characters(topic), 250);
    assert_string_equal(topic + 247, "...");
    text[250] = '\0';
    SW_AUTO_FREE char *whole = render_topic_said_new(text);
    assert_string_equal(whole, text);
}

/* What people write stands in the topic of the orchestrator as they wrote it. */
static void test_what_others_say_is_harmless_in_a_topic(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        { ":fire: [P1] *A & B* - Blocked on: <!channel>, Point: <@U1>",
          ":fire: [P1] *A &amp; B* - Blocked on: &lt;!channel&gt;, Point: <@U1>" },
        { "right \xE2\x80\xAEto left\x07\nnext `line`", "right  to left  next ˋlineˋ" },
        { "see https://a.example/?b&c", "see <https://a.example/?b&amp;c>" },
        { "bad \xFF byte", "bad \xEF\xBF\xBD byte" },
    };
    for (size_t i = 0; i < SW_COUNT(ROWS); i++) {
        SW_AUTO_FREE char *topic = render_topic_said_new(ROWS[i][0]);
        assert_string_equal(topic, ROWS[i][1]);
    }
}

static void test_no_entity_or_mention_of_a_topic_is_cut(void **state)
{
    (void)state;
    char text[400];
    for (size_t before = 235; before < 250; before++) {
        memset(text, 'x', before);
        (void)strcpy(text + before, "&<@U123456>and more than there is room for");
        SW_AUTO_FREE char *topic = render_topic_said_new(text);
        const char *rest = topic + before;
        if (before <= 242)
            assert_true(sw_starts_with(rest, "&amp;"));
        else
            assert_true(sw_starts_with(topic + (before < 247 ? before : 247), "..."));
        assert_true(!strchr(topic, '<') || strstr(topic, "<@U123456>"));
        assert_true(sw_utf8_characters(topic) <= 250);
    }
}

static void test_figures_join_deployments_and_incidents(void **state)
{
    (void)state;
    SW_AUTO_FREE char *said =
        said_new("figures", NULL,
                 "{'rows':[{'service':'site','month':'2026-11','deployments':40,'failed':5,'caused':3,"
                 "'change_failure_rate':0.075,'incidents':4,'restored':3,'restore_median_ms':7200000,'restore_mean_ms':"
                 "10800000},"
                 "{'service':'shop','month':'2026-11','deployments':1,'failed':0,'caused':0,'change_failure_rate':0.0,"
                 "'incidents':0,'restored':0,'restore_median_ms':null,'restore_mean_ms':null}]}");
    assert_says(said, "*2026-11* site 40 deployments, 5 failed · 3 caused an incident (7.5 %)");
    assert_says(said, "restored after 2 h 00 m (median), 3 h 00 m (mean)");
    assert_says(said, "*2026-11* shop 1 deployment, 0 failed · 0 caused an incident (0.0 %)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_headline_tells_what_matters),
        cmocka_unit_test(test_an_ended_headline_has_its_duration_and_nothing_to_press),
        cmocka_unit_test(test_words_of_some_cards),
        cmocka_unit_test(test_a_list_that_is_too_long_says_how_to_see_the_rest),
        cmocka_unit_test(test_what_is_cut_says_where_the_whole_is),
        cmocka_unit_test(test_a_long_summary_has_no_button_to_edit_it),
        cmocka_unit_test(test_without_the_incidents_id_there_are_no_buttons),
        cmocka_unit_test(test_topics),
        cmocka_unit_test(test_a_long_topic_is_exactly_250_characters),
        cmocka_unit_test(test_what_others_say_is_harmless_in_a_topic),
        cmocka_unit_test(test_no_entity_or_mention_of_a_topic_is_cut),
        cmocka_unit_test(test_figures_join_deployments_and_incidents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
