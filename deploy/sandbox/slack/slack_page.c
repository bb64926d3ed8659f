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

EMBED(file_page_html, "page.html");
EMBED(file_page_css, "page.css");
EMBED(file_messages_css, "messages.css");
EMBED(file_emoji_js, "emoji.js");
EMBED(file_mrkdwn_js, "mrkdwn.js");
EMBED(file_inputs_js, "inputs.js");
EMBED(file_blocks_js, "blocks.js");
EMBED(file_page_js, "page.js");
EMBED(file_messages_js, "messages.js");
EMBED(file_tools_js, "tools.js");
EMBED(file_side_js, "side.js");
EMBED(file_sidebar_js, "sidebar.js");
EMBED(file_views_js, "views.js");
EMBED(file_words_js, "words.js");
EMBED(file_composer_js, "composer.js");

#define HTML "text/html; charset=utf-8"
#define CSS "text/css; charset=utf-8"
#define JS "text/javascript; charset=utf-8"

static const struct {
    const char *path, *type, *begin, *end;
} FILES[] = {
    { "/", HTML, file_page_html, file_page_html_end },
    { "/page.css", CSS, file_page_css, file_page_css_end },
    { "/messages.css", CSS, file_messages_css, file_messages_css_end },
    { "/emoji.js", JS, file_emoji_js, file_emoji_js_end },
    { "/mrkdwn.js", JS, file_mrkdwn_js, file_mrkdwn_js_end },
    { "/inputs.js", JS, file_inputs_js, file_inputs_js_end },
    { "/blocks.js", JS, file_blocks_js, file_blocks_js_end },
    { "/page.js", JS, file_page_js, file_page_js_end },
    { "/messages.js", JS, file_messages_js, file_messages_js_end },
    { "/tools.js", JS, file_tools_js, file_tools_js_end },
    { "/side.js", JS, file_side_js, file_side_js_end },
    { "/sidebar.js", JS, file_sidebar_js, file_sidebar_js_end },
    { "/views.js", JS, file_views_js, file_views_js_end },
    { "/words.js", JS, file_words_js, file_words_js_end },
    { "/composer.js", JS, file_composer_js, file_composer_js_end },
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
