/* SPDX-License-Identifier: Apache-2.0
 * Reports as files: incident-42.md and incident-42.html. */
#include "orchestrator/adapters/report_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "common/io/fsio.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE = 4 * 1024 * 1024, FILE_MODE = 0644, DIR_MODE = 0755 };

static const char HTML_HEAD[] = "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n";

static bool wanted(const struct report_call *call, const char *format)
{
    const json_t *formats = json_object_get(call->report, "formats");
    for (size_t i = 0; i < json_array_size(formats); i++)
        if (sw_equal(json_string_value(json_array_get(formats, i)), format))
            return true;
    return !formats;
}

/* Somebody changed it, or it cannot be read: not ours to replace. */
static bool may_write(const struct report_call *call, const char *path, const char *head)
{
    char *text = NULL;
    size_t length;
    if (access(path, F_OK) != 0)
        return true;
    bool ours = !sw_failed(fsio_read(AT_FDCWD, path, MAX_FILE, &text, &length)) && sw_starts_with(text, head) &&
                report_is_ours(call, text + strlen(head));
    free(text);
    return ours;
}

static struct sw_status write_one(struct report_call *call, enum render_format format, const char *path)
{
    const char *head = format == RENDER_HTML ? HTML_HEAD : "";
    SW_AUTO_FREE char *text = NULL;
    SW_AUTO_BUF struct sw_buf whole = { 0 };
    if (!may_write(call, path, head)) {
        sw_info("a report was changed by people and is left as it is", sw_s("path", path));
        return sw_ok();
    }
    SW_TRY(report_text(call, format, &text));
    sw_buf_puts(&whole, head);
    sw_buf_puts(&whole, text);
    if (whole.failed)
        return sw_fail(SW_CODE_NO_MEMORY, "report: out of memory");
    struct sw_status status = fsio_write_durable(AT_FDCWD, path, FILE_MODE, sw_buf_string(&whole), whole.length);
    return sw_failed(status) ? sw_fail(SW_CODE_IO, "the report cannot be written: %s", status.text) : status;
}

struct sw_status report_to_dir(struct report_call *call, const char *dir)
{
    static const struct {
        const char *name, *extension;
        enum render_format format;
    } FORMATS[] = { { "markdown", "md", RENDER_MARKDOWN }, { "html", "html", RENDER_HTML } };
    SW_TRY(fsio_mkdirs(dir, DIR_MODE));
    for (size_t i = 0; i < SW_COUNT(FORMATS); i++) {
        SW_AUTO_BUF struct sw_buf path = { 0 };
        if (!wanted(call, FORMATS[i].name))
            continue;
        sw_buf_printf(&path, "%s/incident-%lld.%s", dir, (long long)jx_i64_or(call->model, "number", 0),
                      FORMATS[i].extension);
        SW_TRY(write_one(call, FORMATS[i].format, sw_buf_string(&path)));
        if (!jx_string(call->result, "path") && !jx_set_string(call->result, "path", sw_buf_string(&path)))
            return sw_fail(SW_CODE_NO_MEMORY, "report: out of memory");
    }
    return sw_ok();
}
