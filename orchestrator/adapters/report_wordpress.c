/* SPDX-License-Identifier: Apache-2.0
 * Reports as posts of WordPress, by its REST API with an application password. A post is found by its slug.
 * Source: https://developer.wordpress.org/rest-api/reference/posts/ */
#include "orchestrator/adapters/report_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MAX_SLUG = 100 };
static const char POSTS[] = "/wp-json/wp/v2/posts";

/* WordPress makes slugs lower-case. */
static void slug_of(const struct report_call *call, char ret_slug[MAX_SLUG])
{
    (void)snprintf(ret_slug, MAX_SLUG, "slipway-%s", call->workflow);
    for (char *byte = ret_slug; *byte; byte++)
        *byte = (char)tolower((unsigned char)*byte);
}

/* *ret_post NULL: there is none. */
static struct sw_status find(struct web *web, const char *slug, json_t **ret_post)
{
    SW_AUTO_BUF struct sw_buf path = { 0 };
    JX_AUTO json_t *posts = NULL;
    sw_buf_printf(&path, "%s?context=edit&status=any&per_page=1&slug=%s", POSTS, slug);
    SW_TRY(web_call(web, "GET", sw_buf_string(&path), NULL, &posts));
    *ret_post = json_incref(json_array_get(posts, 0));
    return sw_ok();
}

static bool is_ours(const struct report_call *call, const json_t *post)
{
    return !sw_equal(jx_string(post, "status"), "publish") &&
           report_is_ours(call, jx_string_or(json_object_get(post, "content"), "raw", ""));
}

static struct sw_status body_of(const struct report_call *call, json_t **ret_body)
{
    SW_AUTO_FREE char *content = NULL, *title = report_title_new(call);
    SW_AUTO_BUF struct sw_buf escaped = { 0 };
    SW_TRY(report_text(call, RENDER_HTML, &content));
    doc_put_html_text(&escaped, title ? title : "");
    json_t *body = json_pack("{ss ss}", "title", sw_buf_string(&escaped), "content", content);
    if (!title || !body) {
        json_decref(body);
        return sw_fail(SW_CODE_NO_MEMORY, "WordPress: out of memory");
    }
    *ret_body = body;
    return sw_ok();
}

static struct sw_status create(const struct report_call *call, struct web *web, const char *slug, const char *state,
                               json_t **ret_post)
{
    JX_AUTO json_t *body = NULL;
    SW_TRY(body_of(call, &body));
    if (!jx_set_string(body, "slug", slug) || !jx_set_string(body, "status", state))
        return sw_fail(SW_CODE_NO_MEMORY, "WordPress: out of memory");
    return web_call(web, "POST", POSTS, body, ret_post);
}

static struct sw_status update(const struct report_call *call, struct web *web, const json_t *post)
{
    JX_AUTO json_t *body = NULL;
    char path[sizeof POSTS + 24];
    if (!is_ours(call, post)) {
        sw_info("a report was changed or published by people and is left as it is",
                sw_s("url", jx_string_or(post, "link", "")));
        return sw_ok();
    }
    (void)snprintf(path, sizeof path, "%s/%lld", POSTS, (long long)jx_i64_or(post, "id", 0));
    SW_TRY(body_of(call, &body));
    return web_call(web, "POST", path, body, NULL);
}

static struct sw_status write_post(struct report_call *call, struct web *web, const json_t *wordpress)
{
    char slug[MAX_SLUG];
    JX_AUTO json_t *post = NULL;
    slug_of(call, slug);
    SW_TRY(web_authorize(web, call->secrets_dir, jx_string_or(wordpress, "token", ""),
                         jx_string_or(wordpress, "user", "")));
    SW_TRY(find(web, slug, &post));
    SW_TRY(post ? update(call, web, post) : create(call, web, slug, jx_string_or(wordpress, "status", "draft"), &post));
    const char *link = jx_string(post, "link");
    if (!link)
        return sw_fail(SW_CODE_IO, "WordPress answered without naming the post");
    return jx_set_string(call->result, "url", link) ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "WordPress: out of memory");
}

struct sw_status report_to_wordpress(struct report_call *call, const json_t *wordpress)
{
    WEB_AUTO struct web web = { 0 };
    SW_TRY(web_open(&web, "WordPress", jx_string_or(wordpress, "url", "")));
    struct sw_status status = write_post(call, &web, wordpress);
    call->retry_after_ms = web.retry_after_ms;
    return status;
}
