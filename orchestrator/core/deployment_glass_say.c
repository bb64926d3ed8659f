/* SPDX-License-Identifier: Apache-2.0
 * Breaking the glass: the answers to what changes nothing, each with a code. */
#include "orchestrator/core/deployment_glass.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "orchestrator/core/deployment_act.h"

#include <stdio.h>

enum { TEXT_BYTES = 1000 };

struct words {
    struct sw_buf text, hint;
};

static void words_release(struct words *words)
{
    sw_buf_release(&words->text);
    sw_buf_release(&words->hint);
}

static struct sw_status say(struct deployment_turn *turn, const char *name, const char *code, const struct words *words)
{
    const char *hint = sw_buf_string(&words->hint);
    struct proto_reply *reply = kind_reply_new(name, code, sw_buf_string(&words->text), *hint ? hint : NULL);
    if (!reply)
        return sw_fail(SW_CODE_NO_MEMORY, "break the glass: out of memory");
    deployment_effect(turn, WF_REPLY)->reply = reply;
    return sw_ok();
}

/* " on 2026-01-24 at 12:00:05 UTC" */
static void put_time(struct sw_buf *buf, const json_t *object, const char *key)
{
    char at[SW_RFC3339_SIZE];
    sw_rfc3339(jx_time_or(object, key, 0), at);
    sw_buf_printf(buf, " on %.10s at %.8s UTC", at, at + 11);
}

/* How a request ended; what it was about is said already. */
static void put_end(struct sw_buf *buf, const json_t *past)
{
    const char *how = jx_string_or(past, "how", ""), *by = jx_string_or(past, "by", "");
    if (sw_equal(how, "agreed"))
        sw_buf_printf(buf, "<@%s> agreed", by);
    else if (sw_equal(how, "declined"))
        sw_buf_printf(buf, "<@%s> %s that request", by,
                      sw_equal(by, jx_string(past, "user")) ? "withdrew" : "declined");
    else
        sw_buf_puts(buf, sw_equal(how, "expired") ? "Nobody agreed in time: that request expired"
                                                  : "Nothing held it any more: that request was dropped");
    put_time(buf, past, "ended_at");
}

static struct sw_status tell_over(struct deployment_turn *turn)
{
    struct words SW_CLEANUP(words_release)
        words = { .text = { .max_bytes = TEXT_BYTES }, .hint = { .max_bytes = TEXT_BYTES } };
    const char *id = turn->wf->id;
    const json_t *past = deployment_glass_past(turn->wf, jx_i64_or(turn->input->command->args, "request", 0));
    bool agreed = sw_equal(jx_string(past, "how"), "agreed");
    if (!past) {
        sw_buf_printf(&words.text, "Nobody asks to break the glass for `%s` any more.", id);
        sw_buf_printf(&words.hint, "`/deploy break-glass %s` and why asks anew.", id);
        return say(turn, "refused", "E-REQUEST-OVER", &words);
    }
    put_end(&words.text, past);
    sw_buf_printf(&words.text, agreed ? ": `%s` passes what held it then." : "; `%s` was not let through.", id);
    if (!agreed)
        sw_buf_printf(&words.hint, "`/deploy break-glass %s` and why asks anew.", id);
    return say(turn, agreed ? "duplicate" : "refused", agreed ? NULL : "E-REQUEST-OVER", &words);
}

static struct sw_status tell_own(struct deployment_turn *turn)
{
    struct words SW_CLEANUP(words_release)
        words = { .text = { .max_bytes = TEXT_BYTES }, .hint = { .max_bytes = TEXT_BYTES } };
    sw_buf_puts(&words.text, "You asked for it yourself: the second person has to be somebody else.");
    sw_buf_printf(&words.hint, "Somebody else presses *Agree* on its message, or types `/deploy break-glass %s`.",
                  turn->wf->id);
    return say(turn, "refused", "E-SECOND-PERSON", &words);
}

static struct sw_status tell_needless(struct deployment_turn *turn)
{
    struct words SW_CLEANUP(words_release)
        words = { .text = { .max_bytes = TEXT_BYTES }, .hint = { .max_bytes = TEXT_BYTES } };
    sw_buf_printf(&words.text, "Nothing holds `%s`: it begins when its turn comes.", turn->wf->id);
    sw_buf_puts(&words.hint, "`/deploy queue` shows the line.");
    return say(turn, "refused", "E-NOT-HELD", &words);
}

static struct sw_status tell_unsound(struct deployment_turn *turn)
{
    struct words SW_CLEANUP(words_release)
        words = { .text = { .max_bytes = TEXT_BYTES }, .hint = { .max_bytes = TEXT_BYTES } };
    const char *reason = jx_string(turn->input->command->args, "reason");
    if (sw_blank(reason)) {
        sw_buf_puts(&words.text, "Why? Without a reason nobody is asked.");
        sw_buf_printf(&words.hint, "Such as `/deploy break-glass %s mends the outage`.", turn->wf->id);
        return say(turn, "refused", "E-REASON", &words);
    }
    if (sw_utf8_characters(reason) > PROTO_REASON_MAX) {
        sw_buf_printf(&words.text, "That reason is longer than %d characters.", PROTO_REASON_MAX);
        sw_buf_puts(&words.hint, "Say it shorter; the rest fits into the incident's channel.");
        return say(turn, "refused", "E-REASON", &words);
    }
    sw_buf_printf(&words.text, "The glass was broken %d times for `%s`, or more than %d holds are in force.",
                  GLASS_MAX_PAST, turn->wf->id, GLASS_MAX_HOLDS);
    sw_buf_puts(&words.hint, "Release what holds it: `.release` in the incident's channel.");
    return say(turn, "refused", "E-TOO-MANY", &words);
}

struct sw_status deployment_glass_tell(struct deployment_turn *turn)
{
    if (!sw_equal(turn->input->command->name, "break_glass"))
        return deployment_glass_is_over(turn) ? tell_over(turn) : tell_own(turn);
    if (deployment_glass_is_needless(turn))
        return tell_needless(turn);
    return deployment_glass_is_own(turn) ? tell_own(turn) : tell_unsound(turn);
}
