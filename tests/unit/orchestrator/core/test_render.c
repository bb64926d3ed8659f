/* SPDX-License-Identifier: Apache-2.0
 * What systems beside Slack read, in their formats; what people typed stays text. */
#include "orchestrator/core/render.h"

#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1706106000000) /* 2024-01-24 14:20 UTC */
enum { ANY_SIZE = 1 << 20, MINUTE = 60000 };

static json_t *model_new(void)
{
    static const char TEXT[] =
        "{'workflow':'i-1','number':42,'title':'db & cache <down>','state':'resolved','state_words':'resolved',"
        "'active':false,'priority':{'n':1,'name':'P1'},'service':'web','cause':'d-7',"
        "'channel':{'id':'C42','name':'inc-42'},'tracker':{'key':'OPS-1','url':'https://jira.test/browse/OPS-1'},"
        "'declared_by':{'id':'U1','name':'Hanni'},'roles':{'point':{'id':'U2','name':'Ed'}},"
        "'blockers':[{'who':'the vendor','why':'no reply','at':1}],'components':['search'],'affected':['shop, EU'],"
        "'factors':[{'id':2,'type':'factor','text':'f1 & f2','at':1}],'action_items':[],'notes':[],"
        "'prs':[{'id':3,'type':'pr','text':'https://git.test/pull/9','at':1}],"
        "'people':{'U1':'Hanni','U2':'Ed'},'log_left_out':0}";
    json_t *model = NULL;
    SW_AUTO_FREE char *text = strdup(TEXT);
    for (char *quote = text; (quote = strchr(quote, '\'')) != NULL;)
        *quote = '"';
    assert_false(sw_failed(jx_parse(text, strlen(text), &model)));
    assert_true(jx_set_take(model, "times",
                            json_pack("{sI sI sI sI}", "genesis", (json_int_t)(NOW - 20 * MINUTE), "created",
                                      (json_int_t)NOW, "mitigated", (json_int_t)(NOW + 30 * MINUTE), "resolved",
                                      (json_int_t)(NOW + 70 * MINUTE))));
    assert_true(jx_set_take(model, "log", json_array()));
    return model;
}

static void add_entry(json_t *model, const char *type, const char *prefix, const char *text)
{
    json_t *log = json_object_get(model, "log");
    int id = (int)json_array_size(log) + 1;
    json_t *entry =
        json_pack("{si ss ss ss sI s{ss ss} ss}", "id", id, "type", type, "prefix", prefix, "text", text, "at",
                  (json_int_t)(NOW + id * MINUTE), "by", "id", "U2", "name", "Ed", "link", "https://slack.test/p1");
    assert_int_equal(json_array_append_new(log, entry), 0);
}

static json_t *try_render(enum render_format format, render_document *document, const json_t *model,
                          const char *account, size_t max_bytes)
{
    json_t *accounts = account ? json_pack("{ss}", "U2", account) : NULL;
    json_t *people = render_people_new(json_object_get(model, "people"), accounts);
    struct render_request request = { .model = model, .people = people, .mark = "slipway:i-1" };
    json_t *text = render_new(format, document, &request, max_bytes);
    json_decref(accounts);
    json_decref(people);
    return text;
}

static json_t *render(enum render_format format, render_document *document, const json_t *model, const char *account)
{
    json_t *text = try_render(format, document, model, account, ANY_SIZE);
    assert_non_null(text);
    return text;
}

static void assert_holds(const json_t *text, const char *part)
{
    SW_AUTO_FREE char *all = json_is_string(text) ? strdup(json_string_value(text)) : json_dumps(text, JSON_COMPACT);
    if (!strstr(all, part))
        fail_msg("\"%s\" is not in:\n%s", part, all);
}

static void assert_lacks(const json_t *text, const char *part)
{
    SW_AUTO_FREE char *all = json_is_string(text) ? strdup(json_string_value(text)) : json_dumps(text, JSON_COMPACT);
    if (strstr(all, part))
        fail_msg("\"%s\" is in:\n%s", part, all);
}

/* ---- what people typed ---- */

static void said(struct doc *doc, const struct render_request *request, const struct render_room *room)
{
    (void)room;
    doc_paragraph(doc);
    doc_said(doc, jx_string(request->model, "said"));
}

static const struct {
    const char *typed, *wiki, *markdown, *html;
} TYPED[] = {
    { "db & cache <down>", "db & cache <down>\n", "db \\& cache \\<down\\>\n", "<p>db &amp; cache &lt;down&gt;</p>" },
    { "*a* _b_ `c` ~d~", "\\*a\\* \\_b\\_ `c` \\~d\\~\n", "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~\n",
      "<p>*a* _b_ `c` ~d~</p>" },
    { "{code}x{code} [a|b] !p.png!", "\\{code\\}x\\{code\\} \\[a\\|b\\] \\!p.png\\!\n",
      "{code}x{code} \\[a\\|b\\] \\!p.png\\!\n", "<p>{code}x{code} &#91;a|b&#93; !p.png!</p>" },
    { "<script>alert('x')</script>", "<script>alert\\('x')</script>\n", "\\<script\\>alert('x')\\</script\\>\n",
      "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</p>" },
    { "h1. Big\nbq. said", "h1\\. Big\nbq\\. said\n", "h1. Big<br>\nbq. said\n", "<p>h1. Big<br>bq. said</p>" },
    { "# Big\n- item\n1. one\n/close", "\\# Big\n\\- item\n1. one\n/close\n",
      "\\# Big<br>\n\\- item<br>\n1\\. one<br>\n\\/close\n", "<p># Big<br>- item<br>1. one<br>/close</p>" },
    { "@everyone see #7", "\\@everyone see \\#7\n",
      "@\xE2\x80\x8B"
      "everyone see #\xE2\x80\x8B"
      "7\n",
      "<p>@everyone see #7</p>" },
    { "[gallery] -->", "\\[gallery\\] \\-\\->\n", "\\[gallery\\] --\\>\n", "<p>&#91;gallery&#93; --&gt;</p>" },
    { "C:\\temp", "C:&#92;temp\n", "C:\\\\temp\n", "<p>C:\\temp</p>" },
    { "see https://a.test/x_(1)?q=\"b", "see [https://a.test/x\\_\\(1)\\?q=|https://a.test/x_(1)?q=]\"b\n",
      "see [https://a.test/x\\_(1)?q=](<https://a.test/x_(1)?q=>)\"b\n",
      "<p>see <a href=\"https://a.test/x_(1)?q=\">https://a.test/x_(1)?q=</a>&quot;b</p>" },
    { "javascript:alert(1) <@U2> <@U9>", "javascript:alert\\(1) Ed U9\n", "javascript:alert(1) Ed U9\n",
      "<p>javascript:alert(1) Ed U9</p>" },
};

static void test_what_people_typed_stays_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(TYPED); i++) {
        json_t *model = json_pack("{ss s{ss}}", "said", TYPED[i].typed, "people", "U2", "Ed");
        json_t *wiki = render(RENDER_WIKI, said, model, NULL), *markdown = render(RENDER_MARKDOWN, said, model, NULL);
        json_t *html = render(RENDER_HTML, said, model, NULL);
        assert_holds(wiki, TYPED[i].wiki);
        assert_holds(markdown, TYPED[i].markdown);
        assert_holds(html, TYPED[i].html);
        json_decref(wiki);
        json_decref(markdown);
        json_decref(html);
        json_decref(model);
    }
}

static void test_adf_holds_what_was_typed_as_it_is(void **state)
{
    (void)state;
    json_t *model = json_pack("{ss s{}}", "said", "*a* {code}\n@all", "people");
    json_t *adf = render(RENDER_ADF, said, model, NULL);
    assert_int_equal(jx_i64_or(adf, "version", 0), 1);
    assert_holds(adf, "[{\"type\":\"text\",\"text\":\"*a* {code}\"},{\"type\":\"hardBreak\"},"
                      "{\"type\":\"text\",\"text\":\"@all\"}]");
    json_decref(adf);
    json_decref(model);
}

/* ---- people ---- */

static void test_people_are_mentioned_as_the_system_knows_them(void **state)
{
    (void)state;
    json_t *model = json_pack("{ss ss ss sI s{ss}}", "said", "x", "by", "U1", "text", "<@U2>, you rock", "at",
                              (json_int_t)NOW, "people", "U1", "Hanni");
    json_t *wiki = render(RENDER_WIKI, render_comment, model, "accountid:so456");
    json_t *adf = render(RENDER_ADF, render_comment, model, "accountid:so456");
    json_t *markdown = render(RENDER_MARKDOWN, render_comment, model, "ed-so");
    assert_holds(wiki, "{*}Update{*} by Hanni, 2024\\-01\\-24 14:20 UTC:\n\n[~accountid:so456], you rock");
    assert_holds(adf, "{\"type\":\"mention\",\"attrs\":{\"id\":\"so456\",\"text\":\"@U2\"}}");
    assert_holds(markdown, "@ed-so, you rock");
    json_decref(wiki);
    json_decref(adf);
    json_decref(markdown);
    json_decref(model);
}

/* ---- documents ---- */

static void test_the_issue_tells_the_incident(void **state)
{
    (void)state;
    json_t *model = model_new();
    add_entry(model, "note", "Note: ", "[x] <b>");
    json_t *markdown = render(RENDER_MARKDOWN, render_incident, model, NULL);
    assert_holds(markdown, "| State | **resolved** |");
    assert_holds(markdown, "| Channel | [#inc-42](<https://slack.com/app_redirect?channel=C42>) |");
    assert_holds(markdown, "| Blocked on | the vendor: no reply |");
    assert_holds(markdown, "| Point | Ed |");
    assert_holds(markdown, "> db \\& cache \\<down\\>"); /* no summary yet: the title */
    assert_holds(markdown, "- f1 \\& f2");
    assert_holds(markdown, "- 2024-01-24 14:00 UTC: It began.");
    assert_holds(markdown, "- 2024-01-24 14:21 UTC: Note: \\[x\\] \\<b\\> (Ed) [link](<https://slack.test/p1>)");
    assert_holds(markdown, "<!-- slipway:i-1 -->");
    json_decref(markdown);
    json_t *adf = render(RENDER_ADF, render_incident, model, NULL);
    assert_holds(adf, "\"text\":\"slipway:i-1\"");
    json_decref(adf);
    json_decref(model);
}

static void test_a_task_quotes_what_is_to_be_done(void **state)
{
    (void)state;
    json_t *spec = json_pack("{ss ss si ss ss ss sI s{ss}}", "description", "long description", "key", "OPS-1",
                             "number", 42, "title", "down", "link", "https://slack.test/p1", "by", "U1", "at",
                             (json_int_t)NOW, "people", "U1", "Hanni");
    json_t *wiki = render(RENDER_WIKI, render_task, spec, NULL);
    assert_holds(wiki, "{quote}\nlong description\n{quote}");
    assert_holds(wiki, "||From|incident \\#42 \\(OPS\\-1): down |");
    assert_holds(wiki, "||In Slack|[message|https://slack.test/p1] |");
    json_decref(wiki);
    json_decref(spec);
}

static void test_the_review_knows_how_long_it_took(void **state)
{
    (void)state;
    json_t *model = model_new();
    json_t *markdown = render(RENDER_MARKDOWN, render_review, model, NULL);
    json_t *html = render(RENDER_HTML, render_review, model, NULL);
    assert_holds(markdown, "From the beginning to the resolution | 1 hour, 30 minutes |");
    assert_lacks(markdown, "From the detection"); /* nobody said when it was detected */
    assert_holds(markdown, "[https://git.test/pull/9](<https://git.test/pull/9>)");
    assert_holds(markdown, "There is none. What will be done so that it does not come back?");
    assert_holds(html, "<h1>Incident #42: db &amp; cache &lt;down&gt;</h1>");
    assert_holds(html, "<li>shop, EU</li>");
    assert_holds(html, "It was declared from the deployment <strong>d-7</strong>.");
    json_decref(markdown);
    json_decref(html);
    json_decref(model);
}

/* ---- limits ---- */

static void test_what_is_too_long_loses_the_oldest_entries(void **state)
{
    (void)state;
    enum { LIMIT = 8000, ENTRIES = 200 };
    json_t *model = model_new();
    for (int i = 0; i < ENTRIES; i++)
        add_entry(model, "note", "Note: ", i == ENTRIES - 1 ? "the newest" : i == 0 ? "the oldest" : "between them");
    json_t *markdown = try_render(RENDER_MARKDOWN, render_incident, model, NULL, LIMIT);
    assert_non_null(markdown);
    assert_true(json_string_length(markdown) <= LIMIT);
    assert_holds(markdown, "the newest");
    assert_lacks(markdown, "the oldest");
    assert_holds(markdown, "earlier entries are left out");
    assert_null(try_render(RENDER_MARKDOWN, render_incident, model, NULL, 10));
    json_decref(markdown);
    json_decref(model);
}

static void test_titles_are_one_line(void **state)
{
    (void)state;
    SW_AUTO_FREE char *title = render_title_new("a\nb\tc", 80), *cut = render_title_new("0123456789", 8);
    SW_AUTO_FREE char *empty = render_title_new("", 8);
    assert_string_equal(title, "a b c");
    assert_string_equal(cut, "01234...");
    assert_string_equal(empty, "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_people_typed_stays_text),
        cmocka_unit_test(test_adf_holds_what_was_typed_as_it_is),
        cmocka_unit_test(test_people_are_mentioned_as_the_system_knows_them),
        cmocka_unit_test(test_the_issue_tells_the_incident),
        cmocka_unit_test(test_a_task_quotes_what_is_to_be_done),
        cmocka_unit_test(test_the_review_knows_how_long_it_took),
        cmocka_unit_test(test_what_is_too_long_loses_the_oldest_entries),
        cmocka_unit_test(test_titles_are_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
