/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/app/page.h"

#include "common/base/text.h"

#define EMBED(name, file)                                                                                              \
    extern const char name[], name##_end[];                                                                            \
    __asm__(".section .rodata\n" #name ": .incbin \"" PAGE_DIR "/" file "\"\n" #name "_end: .byte 0\n.previous\n")

EMBED(page_index_html, "index.html");
EMBED(page_page_css, "page.css");
EMBED(page_page_js, "page.js");

static const struct {
    const char *path, *content_type, *data, *end;
} FILES[] = {
    { "/", "text/html; charset=utf-8", page_index_html, page_index_html_end },
    { "/page.css", "text/css; charset=utf-8", page_page_css, page_page_css_end },
    { "/page.js", "text/javascript; charset=utf-8", page_page_js, page_page_js_end },
};

static const char *const HEADERS[] = {
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options",
    "nosniff",
    "Referrer-Policy",
    "no-referrer",
    "Cache-Control",
    "no-cache",
    NULL,
};

bool page_serve(struct httpd_exchange *exchange, const char *path)
{
    for (size_t i = 0; i < SW_COUNT(FILES); i++)
        if (sw_equal(FILES[i].path, path)) {
            httpd_answer(exchange, &(struct httpd_answer){ .status = 200,
                                                           .content_type = FILES[i].content_type,
                                                           .body = FILES[i].data,
                                                           .length = (size_t)(FILES[i].end - FILES[i].data),
                                                           .headers = HEADERS });
            return true;
        }
    return false;
}
