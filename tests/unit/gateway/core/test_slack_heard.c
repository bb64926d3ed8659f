/* SPDX-License-Identifier: Apache-2.0
 * Events as Slack sends them: what is said to us, what an incident may want to know, and the rest. */
#include "gateway/core/slack_heard.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char REACTIONS[] = "pushpin, round_pushpin,thumbsup";

/* event: with ' for ". */
static json_t *body_new(const char *event)
{
    json_t *body = NULL;
    SW_AUTO_BUF struct sw_buf buf = { 0 };
    sw_buf_printf(&buf,
                  "{'type':'event_callback','api_app_id':'A1','event_id':'Ev1','team_id':'T9','authorizations':["
                  "{'team_id':'T1','enterprise_id':null,'user_id':'UBOT','is_bot':true}],'event':%s}",
                  event);
    for (char *at = buf.data; *at; at++)
        if (*at == '\'')
            *at = '"';
    assert_false(sw_failed(jx_parse(buf.data, buf.length, &body)));
    return body;
}

/* "dot U1 C1 ts thread text", "mention ...", "what user C1 ts thread text reaction", "nothing". */
static char *outcome_new(const struct slack_heard *heard)
{
    struct sw_buf buf = { 0 };
    switch (heard->kind) {
    case SLACK_HEARD_NOTHING:
        sw_buf_puts(&buf, "nothing");
        break;
    case SLACK_HEARD_DOT:
    case SLACK_HEARD_MENTION:
        sw_buf_printf(&buf, "%s %s %s %s %s|%s", heard->kind == SLACK_HEARD_DOT ? "dot" : "mention", heard->actor,
                      heard->channel, heard->ts, heard->thread_ts, heard->text);
        break;
    case SLACK_HEARD_CHANGE:
        sw_buf_printf(&buf, "%s %s>%s %s %s %s|%s|%s%s", heard->what, heard->actor, heard->user, heard->channel,
                      heard->ts, heard->thread_ts, heard->text, heard->reaction, heard->text_unknown ? "?" : "");
    }
    return sw_buf_take(&buf);
}

static const struct {
    const char *event, *outcome;
} VECTORS[] = {
    /* messages */
    { "{'type':'message','user':'U1','channel':'C1','ts':'1.2','text':'.status','channel_type':'channel'}",
      "dot U1 C1 1.2 |.status" },
    { "{'type':'message','user':'U1','channel':'C1','ts':'1.3','thread_ts':'1.2','text':'.note x'}",
      "dot U1 C1 1.3 1.2|.note x" },
    { "{'type':'message','subtype':'thread_broadcast','user':'U1','channel':'C1','ts':'1.3','text':'.note x'}",
      "dot U1 C1 1.3 |.note x" },
    { "{'type':'message','subtype':'file_share','user':'U1','channel':'C1','ts':'1.3','text':'.note x'}",
      "dot U1 C1 1.3 |.note x" },
    { "{'type':'message','user':'U1','channel':'C1','ts':'1.2','text':'status'}", "nothing" },
    { "{'type':'message','user':'U1','channel':'C1','ts':'1.2','text':'...'}", "nothing" },
    { "{'type':'message','user':'U1','channel':'C1','ts':'1.2','text':' .status'}", "nothing" },
    { "{'type':'message','user':'UBOT','channel':'C1','ts':'1.2','text':'.status'}", "nothing" },
    { "{'type':'message','user':'U2','bot_id':'B2','channel':'C1','ts':'1.2','text':'.status'}", "nothing" },
    { "{'type':'message','user':'U2','bot_profile':{},'channel':'C1','ts':'1.2','text':'.status'}", "nothing" },
    { "{'type':'message','user':'USLACKBOT','channel':'C1','ts':'1.2','text':'.status'}", "nothing" },
    { "{'type':'message','subtype':'bot_message','bot_id':'B2','channel':'C1','ts':'1.2','text':'.s'}", "nothing" },
    { "{'type':'message','subtype':'channel_join','user':'U1','channel':'C1','ts':'1.2','text':'.s'}", "nothing" },
    { "{'type':'message','subtype':'channel_topic','user':'U1','channel':'C1','ts':'1.2','text':'.s'}", "nothing" },
    { "{'type':'message','hidden':true,'user':'U1','channel':'C1','ts':'1.2','text':'.status'}", "nothing" },
    { "{'type':'message','user':'U1','channel':'C1','text':'.status'}", "nothing" },
    /* edits and deletions */
    { "{'type':'message','subtype':'message_changed','hidden':true,'channel':'C1','ts':'9.9','message':{'user':'U1',"
      "'text':'.note b','ts':'1.2'},'previous_message':{'user':'U1','text':'.note a','ts':'1.2'}}",
      "edited U1>U1 C1 1.2 |.note b|" },
    { "{'type':'message','subtype':'message_changed','channel':'C1','ts':'9.9','message':{'user':'U1','text':'a',"
      "'attachments':[],'ts':'1.2'},'previous_message':{'user':'U1','text':'a','ts':'1.2'}}",
      "nothing" },
    { "{'type':'message','subtype':'message_changed','channel':'C1','ts':'9.9','message':{'user':'UBOT','bot_id':'B1',"
      "'text':'b','ts':'1.2'},'previous_message':{'text':'a'}}",
      "nothing" },
    { "{'type':'message','subtype':'message_changed','channel':'C1','message':{'subtype':'tombstone','user':"
      "'USLACKBOT','text':'This message was deleted.','ts':'1.2'},'previous_message':{'user':'U1','text':'a'}}",
      "deleted U1>U1 C1 1.2 |a|" },
    { "{'type':'message','subtype':'message_deleted','hidden':true,'channel':'C1','ts':'9.9','deleted_ts':'1.2',"
      "'previous_message':{'user':'U1','text':'a','ts':'1.2','thread_ts':'1.1'}}",
      "deleted U1>U1 C1 1.2 1.1|a|" },
    { "{'type':'message','subtype':'message_deleted','channel':'C1','deleted_ts':'1.2','previous_message':{'bot_id':"
      "'B1','user':'UBOT','text':'a'}}",
      "nothing" },
    /* our name */
    { "{'type':'app_mention','user':'U1','channel':'C1','ts':'1.2','text':'<@UBOT> status'}",
      "mention U1 C1 1.2 |status" },
    { "{'type':'app_mention','user':'U1','channel':'C1','ts':'1.2','text':' <@UBOT|slipway>: help'}",
      "mention U1 C1 1.2 |help" },
    { "{'type':'app_mention','user':'U1','channel':'C1','ts':'1.2','text':'<@UBOT>'}", "mention U1 C1 1.2 |" },
    { "{'type':'app_mention','user':'U1','channel':'C1','ts':'1.2','text':'<@U2> ask <@UBOT>'}", "nothing" },
    { "{'type':'app_mention','user':'U1','channel':'C1','ts':'1.2','text':'thanks <@UBOT>'}", "nothing" },
    { "{'type':'app_mention','user':'U2','bot_id':'B2','channel':'C1','ts':'1.2','text':'<@UBOT> status'}", "nothing" },
    /* reactions */
    { "{'type':'reaction_added','user':'U2','reaction':'pushpin','item_user':'U1','item':{'type':'message','channel':"
      "'C1','ts':'1.2'},'event_ts':'3.4'}",
      "reacted U2>U1 C1 1.2 ||pushpin?" },
    { "{'type':'reaction_added','user':'U2','reaction':'thumbsup::skin-tone-2','item_user':'U1','item':{'type':"
      "'message','channel':'C1','ts':'1.2'}}",
      "reacted U2>U1 C1 1.2 ||thumbsup::skin-tone-2?" },
    { "{'type':'reaction_removed','user':'U2','reaction':'round_pushpin','item_user':'U1','item':{'type':'message',"
      "'channel':'C1','ts':'1.2'}}",
      "unreacted U2>U1 C1 1.2 ||round_pushpin" },
    { "{'type':'reaction_added','user':'U2','reaction':'pin','item':{'type':'message','channel':'C1','ts':'1.2'}}",
      "nothing" },
    { "{'type':'reaction_added','user':'UBOT','reaction':'pushpin','item':{'type':'message','channel':'C1','ts':'1'}}",
      "nothing" },
    { "{'type':'reaction_added','user':'U2','reaction':'pushpin','item':{'type':'file','file':'F1'}}", "nothing" },
    /* pins */
    { "{'type':'pin_added','user':'U2','channel_id':'C1','item':{'type':'message','channel':'C1','message':{'user':"
      "'U1','text':'it is dns','ts':'1.2'}},'event_ts':'3.4'}",
      "pinned U2>U1 C1 1.2 |it is dns|" },
    { "{'type':'pin_removed','user':'U2','channel_id':'C1','item':{'type':'message','message':{'user':'U1','text':"
      "'it is dns','ts':'1.2'}}}",
      "unpinned U2>U1 C1 1.2 |it is dns|" },
    { "{'type':'pin_added','user':'UBOT','channel_id':'C1','item':{'message':{'user':'UBOT','text':'x','ts':'1.2'}}}",
      "nothing" },
    { "{'type':'pin_added','user':'U2','channel_id':'C1','item':{'type':'file'}}", "nothing" },
    /* channels */
    { "{'type':'member_joined_channel','user':'U2','channel':'C1','channel_type':'C'}", "joined U2>U2 C1  ||" },
    { "{'type':'member_joined_channel','user':'UBOT','channel':'C1','channel_type':'C'}", "nothing" },
    { "{'type':'member_left_channel','user':'U2','channel':'C1'}", "left U2>U2 C1  ||" },
    { "{'type':'channel_archive','user':'U2','channel':'C1'}", "archived U2> C1  ||" },
    { "{'type':'channel_archive','user':'UBOT','channel':'C1'}", "nothing" },
    { "{'type':'group_unarchive','user':'U2','channel':'G1'}", "unarchived U2> G1  ||" },
    { "{'type':'channel_rename','channel':{'id':'C1','name':'inc-42-dns','created':1}}", "renamed > C1  |inc-42-dns|" },
    /* and the rest */
    { "{'type':'app_home_opened','user':'U1','channel':'D1'}", "nothing" },
    { "{'type':'pin_added'}", "nothing" },
    { "{'type':'message','subtype':'message_changed'}", "nothing" },
};

static void test_events(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(VECTORS); i++) {
        struct slack_heard heard;
        JX_AUTO json_t *body = body_new(VECTORS[i].event);
        assert_false(sw_failed(slack_heard_read(body, REACTIONS, &heard)));
        SW_AUTO_FREE char *outcome = outcome_new(&heard);
        print_message("  %s\n", VECTORS[i].event);
        assert_string_equal(outcome, VECTORS[i].outcome);
        assert_string_equal(heard.team, "T1");
        assert_string_equal(heard.id, "Ev1");
    }
}

static void test_what_is_no_event_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = { "{}", "{\"event\":1}", "{\"event\":{},\"event_id\":\"Ev1\"}",
                                          "{\"event\":{\"type\":\"message\"}}" };
    for (size_t i = 0; i < SW_COUNT(bodies); i++) {
        struct slack_heard heard;
        json_t *body = NULL;
        assert_false(sw_failed(jx_parse(bodies[i], strlen(bodies[i]), &body)));
        assert_int_equal(slack_heard_read(body, "", &heard).code, SW_CODE_INVALID);
        json_decref(body);
    }
}

static void test_times_of_messages(void **state)
{
    (void)state;
    assert_int_equal(slack_ts_ms("1700000000.123456"), 1700000000123);
    assert_int_equal(slack_ts_ms("1700000000.1"), 1700000000100);
    assert_int_equal(slack_ts_ms("1700000000"), 0);
    assert_int_equal(slack_ts_ms(""), 0);
    assert_int_equal(slack_ts_ms("x.1"), 0);
    assert_int_equal(slack_ts_ms("12345678901234567890.1"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_what_is_no_event_is_refused),
        cmocka_unit_test(test_times_of_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
