/* SPDX-License-Identifier: Apache-2.0
 * slack_page: the files of page/, taken into the program by the assembler. */
#include "common/base/text.h"
#include "common/io/httpd.h"
#include "deploy/sandbox/slack/slack_files.h"

/* PAGE_DIR comes from CMake, which also rebuilds this file when one of them changes. */
#define EMBED(symbol, file)                                                                                            \
    __asm__(".pushsection .rodata\n"                                                                                   \
            ".global " #symbol "\n.global " #symbol "_end\n" #symbol ":\n"                                             \
            ".incbin \"" PAGE_DIR "/" file "\"\n" #symbol "_end:\n"                                                    \
            ".byte 0\n"                                                                                                \
            ".popsection\n");                                                                                          \
    extern const char symbol[], symbol##_end[]

EMBED(page_html, "page.html");
EMBED(page_css, "page.css");
EMBED(page_mrkdwn_js, "mrkdwn.js");
EMBED(page_blocks_js, "blocks.js");
EMBED(page_js, "page.js");
EMBED(page_composer_js, "composer.js");
EMBED(page_sidebar_js, "sidebar.js");
EMBED(page_tools_js, "tools.js");
EMBED(page_modal_js, "modal.js");

static const struct {
    const char *path, *type, *begin, *end;
} FILES[] = {
    { "/", "text/html; charset=utf-8", page_html, page_html_end },
    { "/page.css", "text/css; charset=utf-8", page_css, page_css_end },
    { "/mrkdwn.js", "text/javascript; charset=utf-8", page_mrkdwn_js, page_mrkdwn_js_end },
    { "/blocks.js", "text/javascript; charset=utf-8", page_blocks_js, page_blocks_js_end },
    { "/page.js", "text/javascript; charset=utf-8", page_js, page_js_end },
    { "/composer.js", "text/javascript; charset=utf-8", page_composer_js, page_composer_js_end },
    { "/sidebar.js", "text/javascript; charset=utf-8", page_sidebar_js, page_sidebar_js_end },
    { "/tools.js", "text/javascript; charset=utf-8", page_tools_js, page_tools_js_end },
    { "/modal.js", "text/javascript; charset=utf-8", page_modal_js, page_modal_js_end },
};

static const char *const HEADERS[] = {
    "Content-Security-Policy",
    "default-src 'self'; img-src 'self' data: https:; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options",
    "nosniff",
    "Cache-Control",
    "no-cache",
    NULL,
};

bool slack_page_serve(struct httpd_exchange *exchange, const char *path)
{
    if (sw_starts_with(path, "/archives/"))
        path = "/"; /* a permalink: the page finds the message by the address */
    for (size_t i = 0; i < SW_COUNT(FILES); i++) {
        if (!sw_equal(FILES[i].path, path))
            continue;
        const struct httpd_answer answer = { .status = 200,
                                             .content_type = FILES[i].type,
                                             .body = FILES[i].begin,
                                             .length = (size_t)(FILES[i].end - FILES[i].begin),
                                             .headers = HEADERS };
        httpd_answer(exchange, &answer);
        return true;
    }
    return false;
}
