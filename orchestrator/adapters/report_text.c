/* SPDX-License-Identifier: Apache-2.0
 * The text of a report and the seal at its end: the digest of all that stands before it. */
#include "orchestrator/adapters/report_internal.h"

#include "common/base/text.h"
#include "common/io/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 500 * 1024 };

/* What editors and systems change at the ends counts for nothing. */
static size_t counted(const char *text, size_t length)
{
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        length--;
    return length;
}

static void seal_of(const struct report_call *call, const char *text, size_t length, struct sw_buf *ret_seal)
{
    char digest[2 * CRYPTO_SHA256_BYTES + 1];
    crypto_sha256_hex(text, counted(text, length), digest);
    sw_buf_printf(ret_seal, "<!-- slipway-%s %s -->", call->workflow, digest);
}

struct sw_status report_text(const struct report_call *call, enum render_format format, char **ret_text)
{
    JX_AUTO json_t *people = render_people_new(json_object_get(call->model, "people"), NULL);
    const struct render_request request = { .model = call->model, .people = people };
    JX_AUTO json_t *text = people ? render_new(format, render_review, &request, MAX_BYTES) : NULL;
    struct sw_buf sealed = { 0 };
    if (!text)
        return sw_fail(SW_CODE_TOO_LARGE, "there is no room for a report as long as this incident's");
    sw_buf_printf(&sealed, "%s\n", json_string_value(text));
    seal_of(call, json_string_value(text), json_string_length(text), &sealed);
    sw_buf_puts(&sealed, "\n");
    *ret_text = sw_buf_take(&sealed);
    return *ret_text ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "report: out of memory");
}

bool report_is_ours(const struct report_call *call, const char *text)
{
    SW_AUTO_BUF struct sw_buf seal = { 0 };
    const char *at = NULL;
    for (const char *next = strstr(text, "<!-- slipway-"); next; next = strstr(next + 1, "<!-- slipway-"))
        at = next;
    if (!at)
        return false;
    seal_of(call, text, (size_t)(at - text), &seal);
    size_t length = strlen(at);
    return counted(at, length) == seal.length && memcmp(at, sw_buf_string(&seal), seal.length) == 0;
}

char *report_title_new(const struct report_call *call)
{
    struct sw_buf text = { 0 };
    sw_buf_printf(&text, "Incident #%lld: %s", (long long)jx_i64_or(call->model, "number", 0),
                  jx_string_or(call->model, "title", ""));
    char *title = render_title_new(sw_buf_string(&text), 200);
    sw_buf_release(&text);
    return title;
}
