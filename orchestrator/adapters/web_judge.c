/* SPDX-License-Identifier: Apache-2.0
 * What HTTP answers mean, and the sentence that a system gave as its reason.
 * Sources: https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes,
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api,
 * https://docs.gitlab.com/api/rest/troubleshooting/, https://developer.wordpress.org/rest-api/ */
#include "common/base/text.h"
#include "orchestrator/adapters/web_internal.h"

#include <string.h>

enum { MAX_REASON = 180, LIMITED_MS = 60000 };

/* ---- the reason, in the system's words ---- */

static void put_text(struct sw_buf *reason, const char *before, const char *text)
{
    if (!text || !*text)
        return;
    sw_buf_puts(reason, reason->length ? "; " : "");
    sw_buf_puts(reason, before);
    for (size_t i = 0; text[i] && i < MAX_REASON; i++)
        sw_buf_append(reason, (unsigned char)text[i] < ' ' ? " " : text + i, 1);
}

static void put_field(struct sw_buf *reason, const char *field, const char *text)
{
    SW_AUTO_BUF struct sw_buf before = { 0 };
    sw_buf_printf(&before, "%.60s: ", field);
    put_text(reason, sw_buf_string(&before), text);
}

/* "x", ["x"], [{"field":"title","message":"is missing"}], {"summary":"is required"}, {"title":["is missing"]} */
static void put_any(struct sw_buf *reason, const json_t *value)
{
    const char *field;
    json_t *part;
    put_text(reason, "", json_string_value(value));
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);
        put_text(reason, "", json_string_value(item));
        if (json_is_object(item))
            put_field(reason, jx_string_or(item, "field", jx_string_or(item, "resource", "it")),
                      jx_string_or(item, "message", jx_string_or(item, "code", "")));
    }
    if (!json_is_object(value))
        return;
    json_object_foreach((json_t *)(uintptr_t)value, field, part)
    {
        const char *text = json_string_value(json_is_array(part) ? json_array_get(part, 0) : part);
        put_field(reason, field, text);
    }
}

static void put_reason(struct sw_buf *reason, const json_t *body)
{
    static const char *const KEYS[] = { "errorMessages", "message", "errors", "error", "error_description" };
    for (size_t i = 0; i < SW_COUNT(KEYS); i++)
        put_any(reason, json_object_get(body, KEYS[i]));
}

/* ---- what to do ---- */

/* GitHub says 403 also when there was too much. */
static bool limited(const struct http_answer *answer, const char *reason)
{
    return answer->code == 429 ||
           (answer->code == 403 && (answer->retry_after_ms >= 0 || strcasestr(reason, "rate limit")));
}

static struct sw_status refused(const struct web *web, int32_t code, const char *reason)
{
    const char *colon = *reason ? ": " : "";
    if (code == 401)
        return sw_fail(SW_CODE_AUTH, "%s does not accept the token%s%s", web->name, colon, reason);
    if (code == 403)
        return sw_fail(SW_CODE_AUTH, "%s does not allow it%s%s", web->name, colon, reason);
    if (code == 404)
        return sw_fail(SW_CODE_NOT_FOUND, "%s knows no such thing, or hides it%s%s", web->name, colon, reason);
    if (code < 400)
        return sw_fail(SW_CODE_CONFIG, "%s is elsewhere (HTTP %d) HINT: configure the URL that it leads to", web->name,
                       code);
    return sw_fail(SW_CODE_REFUSED, "%s refuses (HTTP %d)%s%s", web->name, code, colon, reason);
}

struct sw_status web_judge(struct web *web, const struct http_answer *answer, const json_t *body)
{
    SW_AUTO_BUF struct sw_buf reason = { 0 };
    int32_t code = answer->code;
    web->code = code;
    web->retry_after_ms = 0;
    if (code >= 200 && code < 300)
        return sw_ok();
    put_reason(&reason, body);
    const char *words = sw_buf_string(&reason);
    if (limited(answer, words)) {
        web->retry_after_ms = answer->retry_after_ms >= 0 ? answer->retry_after_ms : LIMITED_MS;
        return sw_fail(SW_CODE_FULL, "%s asks to wait (HTTP %d)", web->name, code);
    }
    if (code >= 500 || code == 408 || code == 409 || code == 425) {
        web->retry_after_ms = answer->retry_after_ms > 0 ? answer->retry_after_ms : 0;
        return sw_fail(SW_CODE_IO, "%s is in trouble (HTTP %d)%s%s", web->name, code, *words ? ": " : "", words);
    }
    return refused(web, code, words);
}
