/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/web.h"

#include "common/base/text.h"
#include "common/io/crypto.h"
#include "common/io/fsio.h"
#include "common/io/http_client.h"
#include "common/rt/clock.h"
#include "orchestrator/adapters/errands.h"
#include "orchestrator/adapters/web_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_SECRET = 16 * 1024,
    MAX_ANSWER = 16 * 1024 * 1024, /* fifty issues whose texts are long */
    CALL_MS = 8000,
    LEAST_MS = 200,
};

/* ---- life ---- */

struct sw_status web_open(struct web *web, const char *name, const char *url)
{
    *web = (struct web){ .name = name, .base = strdup(url), .deadline_ms = sw_monotonic_ms() + ERRANDS_CALL_MS };
    if (!web->base)
        return sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", name);
    return web_add_header(web, "Content-Type", "application/json");
}

static void wipe(char **text)
{
    if (*text)
        crypto_wipe(*text, strlen(*text));
    free(*text);
    *text = NULL;
}

void web_close(struct web *web)
{
    for (size_t i = 0; i < web->header_count; i++)
        wipe(&web->headers[i]);
    free(web->base);
    *web = (struct web){ 0 };
}

struct sw_status web_add_header(struct web *web, const char *name, const char *value)
{
    struct sw_buf line = { 0 };
    if (web->header_count == WEB_MAX_HEADERS)
        return sw_fail(SW_CODE_INTERNAL, "too many headers");
    sw_buf_printf(&line, "%s: %s", name, value);
    char *text = sw_buf_take(&line);
    if (!text)
        return sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", web->name);
    web->headers[web->header_count++] = text;
    return sw_ok();
}

/* ---- secrets ---- */

void web_secret_free(char **secret) { wipe(secret); }

struct sw_status web_secret(const char *dir, const char *name, char **ret_secret)
{
    SW_AUTO_BUF struct sw_buf path = { 0 };
    char *text = NULL;
    size_t length;
    sw_buf_printf(&path, "%s/%s", dir, name);
    struct sw_status status = fsio_read(AT_FDCWD, sw_buf_string(&path), MAX_SECRET, &text, &length);
    if (sw_failed(status))
        return sw_fail(SW_CODE_CONFIG, "the secret %s cannot be read HINT: put it into a file of this name in %s", name,
                       dir);
    while (length > 0 && strchr("\r\n", text[length - 1]))
        text[--length] = '\0';
    bool valid = length > 0;
    for (size_t i = 0; i < length; i++)
        valid = valid && (unsigned char)text[i] >= ' ' && text[i] != 0x7F;
    if (!valid) {
        web_secret_free(&text);
        return sw_fail(SW_CODE_CONFIG, "the secret %s is empty or not one line of text", name);
    }
    *ret_secret = text;
    return sw_ok();
}

/* RFC 4648 section 4. */
static void put_base64(struct sw_buf *buf, const char *text, size_t length)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        uint32_t word = 0;
        char four[] = "====";
        for (size_t byte = 0; byte < 3; byte++)
            word = word << 8 | (i + byte < length ? (unsigned char)text[i + byte] : 0);
        for (size_t digit = 0; digit < 4 && i + digit <= length; digit++)
            four[digit] = DIGITS[word >> (18 - 6 * digit) & 63];
        sw_buf_puts(buf, four);
    }
}

struct sw_status web_authorize(struct web *web, const char *secrets_dir, const char *name, const char *user)
{
    SW_CLEANUP(web_secret_free) char *secret = NULL;
    struct sw_buf pair = { 0 }, value = { 0 };
    SW_TRY(web_secret(secrets_dir, name, &secret));
    if (user) {
        sw_buf_printf(&pair, "%s:%s", user, secret);
        sw_buf_puts(&value, "Basic ");
        put_base64(&value, sw_buf_string(&pair), pair.length);
    } else
        sw_buf_printf(&value, "Bearer %s", secret);
    struct sw_status status = web_add_header(web, "Authorization", sw_buf_string(&value));
    if (pair.data)
        crypto_wipe(pair.data, pair.length);
    if (value.data)
        crypto_wipe(value.data, value.length);
    sw_buf_release(&pair);
    sw_buf_release(&value);
    return status;
}

/* ---- calls ---- */

/* Not always JSON: a proxy's page, or nothing behind a PUT. Larger than jx_parse() takes, from where the configuration
 * points; jansson keeps its own depth limit. */
static json_t *parse(const struct http_answer *answer)
{
    json_t *json = json_loadb(answer->body, answer->body_bytes, JSON_REJECT_DUPLICATES, NULL);
    return json ? json : json_object();
}

struct sw_status web_send(struct web *web, const char *method, const char *path, const char *body, json_t **ret_answer)
{
    SW_AUTO_BUF struct sw_buf url = { 0 };
    int64_t left_ms = web->deadline_ms - sw_monotonic_ms();
    struct http_answer answer;
    size_t length = strlen(web->base);
    while (*path && length > 0 && web->base[length - 1] == '/')
        length--;
    sw_buf_append(&url, web->base, length);
    sw_buf_puts(&url, path);
    if (url.failed)
        return sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", web->name);
    if (left_ms < LEAST_MS)
        return sw_fail(SW_CODE_TIMEOUT, "%s is too slow", web->name);
    const struct http_request request = { .method = method,
                                          .url = sw_buf_string(&url),
                                          .headers = (const char *const *)web->headers,
                                          .body = body,
                                          .body_bytes = body ? strlen(body) : 0,
                                          .timeout_ms = left_ms < CALL_MS ? left_ms : CALL_MS,
                                          .once = true,
                                          .max_answer_bytes = MAX_ANSWER };
    web->code = 0;
    SW_TRY(http_fetch(&request, &answer));
    json_t *json = sw_failed(answer.status) ? NULL : parse(&answer);
    struct sw_status status =
        sw_failed(answer.status) ? sw_wrap(answer.status, "%s", web->name) : web_judge(web, &answer, json);
    http_answer_release(&answer);
    if (ret_answer && !sw_failed(status))
        *ret_answer = json;
    else
        json_decref(json);
    return status;
}

struct sw_status web_call(struct web *web, const char *method, const char *path, const json_t *body,
                          json_t **ret_answer)
{
    SW_AUTO_FREE char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    if (body && !text)
        return sw_fail(SW_CODE_NO_MEMORY, "%s: out of memory", web->name);
    return web_send(web, method, path, text, ret_answer);
}

void web_put_encoded(struct sw_buf *buf, const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (plain || strchr("-._~", byte))
            sw_buf_append(buf, text, 1);
        else
            sw_buf_printf(buf, "%%%02X", byte);
    }
}
