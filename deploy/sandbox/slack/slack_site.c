/* SPDX-License-Identifier: Apache-2.0
 * slack_site: serves the sample's published sites, so that the pipeline's last step can look at its work over HTTP.
 * Symbolic links are followed: publishing is switching one. */
#include "common/base/text.h"
#include "common/io/fsio.h"
#include "common/io/httpd.h"
#include "deploy/sandbox/slack/slack_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FILE_BYTES = 4 * 1024 * 1024 };

static const struct {
    const char *suffix, *type;
} TYPES[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".json", "application/json" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { "", "text/plain; charset=utf-8" },
};

bool slack_site_path_ok(const char *path)
{
    for (const char *part = path;; part = strchr(part, '/') + 1) {
        if (part[0] == '.' || (part[0] == '/'))
            return false;
        if (!strchr(part, '/'))
            return true;
    }
}

static const char *type_of(const char *path)
{
    size_t length = strlen(path);
    size_t i = 0;
    for (;; i++) {
        size_t suffix = strlen(TYPES[i].suffix); /* the last row fits */
        if (length >= suffix && strcmp(path + length - suffix, TYPES[i].suffix) == 0)
            return TYPES[i].type;
    }
}

static void redirect(struct httpd_exchange *exchange, const char *path)
{
    char location[600];
    const char *const headers[] = { "Location", location, NULL };
    (void)snprintf(location, sizeof(location), "/site/%.500s/", path);
    const struct httpd_answer answer = { .status = 302, .content_type = "text/plain", .body = "", .headers = headers };
    httpd_answer(exchange, &answer);
}

void slack_site_serve(const char *site_dir, struct httpd_exchange *exchange, const char *path)
{
    char file[1200];
    struct stat status;
    SW_AUTO_FREE char *text = NULL;
    size_t length = 0;
    static const char *const HEADERS[] = { "Cache-Control", "no-store", NULL };
    if (!site_dir || !slack_site_path_ok(path) ||
        snprintf(file, sizeof(file), "%s/%s", site_dir, path) >= (int)sizeof(file) - 16 || stat(file, &status) != 0) {
        httpd_answer_text(exchange, 404, "nothing is published here\n");
        return;
    }
    size_t end = strlen(file);
    if (S_ISDIR(status.st_mode) && file[end - 1] != '/') {
        redirect(exchange, path);
        return;
    }
    if (S_ISDIR(status.st_mode))
        memcpy(file + end, "index.html", sizeof("index.html"));
    if (sw_failed(fsio_read(AT_FDCWD, file, MAX_FILE_BYTES, &text, &length))) {
        httpd_answer_text(exchange, 404, "nothing is published here\n");
        return;
    }
    const struct httpd_answer answer = {
        .status = 200, .content_type = type_of(file), .body = text, .length = length, .headers = HEADERS
    };
    httpd_answer(exchange, &answer);
}
