/* SPDX-License-Identifier: Apache-2.0
 * The clock and the write are the only I/O of this file; both sit behind pointers that common/rt sets, so that the
 * archive stays pure. Without rt a line has no time and goes to the sink alone. */
#include "common/base/log.h"

#include "common/base/buf.h"
#include "common/base/log_backend.h"
#include "common/base/redact.h"
#include "common/base/text.h"
#include "common/base/timefmt.h"

#include <string.h>

enum { VALUE_MAX = 2048, LINE_MAX_BYTES = 32 * 1024 };

static const char *const LEVELS[] = { "debug", "info", "warn", "error" };

static struct {
    const char *service;
    enum sw_log_level level;
    struct sw_log_backend backend;
    void (*sink)(void *self, const char *line, size_t length);
    void *sink_self;
} log_state = { .service = "slipway", .level = SW_INFO };

void sw_log_init(const char *service, enum sw_log_level level)
{
    log_state.service = service;
    log_state.level = level;
}

void sw_log_set_level(enum sw_log_level level) { log_state.level = level; }
void sw_log_set_backend(struct sw_log_backend backend) { log_state.backend = backend; }

void sw_log_set_sink(void (*sink)(void *self, const char *line, size_t length), void *self)
{
    log_state.sink = sink;
    log_state.sink_self = self;
}

bool sw_log_level_parse(const char *name, enum sw_log_level *ret_level)
{
    for (size_t i = 0; i < SW_COUNT(LEVELS); i++)
        if (sw_equal(name, LEVELS[i])) {
            *ret_level = (enum sw_log_level)i;
            return true;
        }
    return false;
}

bool sw_log_enabled(enum sw_log_level level) { return level >= log_state.level; }

static void append_quoted(struct sw_buf *buf, const char *text)
{
    sw_buf_append(buf, "\"", 1);
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            sw_buf_printf(buf, "\\%c", byte);
        else if (byte == '\n')
            sw_buf_puts(buf, "\\n");
        else if (byte < 0x20 || byte == 0x7F)
            sw_buf_printf(buf, "\\u%04x", byte);
        else
            sw_buf_append(buf, text, 1);
    }
    sw_buf_append(buf, "\"", 1);
}

/* A string value: made valid UTF-8, redacted, cut. */
static void append_string(struct sw_buf *buf, const char *name, const char *value)
{
    sw_buf_printf(buf, ",\"%s\":", name);
    if (!value) {
        sw_buf_puts(buf, "null");
        return;
    }
    char cut[VALUE_MAX];
    (void)sw_copy(cut, sizeof cut, value); /* the limit of a value */
    SW_AUTO_FREE char *valid = sw_utf8_repair_new(cut, strlen(cut));
    if (valid)
        sw_redact(valid);
    append_quoted(buf, valid ? valid : "(out of memory)");
}

static void append_field(struct sw_buf *buf, const struct sw_field *field)
{
    switch (field->kind) {
    case SW_FIELD_STRING:
        append_string(buf, field->name, field->string);
        break;
    case SW_FIELD_INT:
        sw_buf_printf(buf, ",\"%s\":%lld", field->name, (long long)field->integer);
        break;
    case SW_FIELD_STATUS:
        append_string(buf, field->name, field->status->text);
        append_string(buf, "code", sw_code_name(field->status->code));
        append_string(buf, "class", sw_class_name(field->status->class));
        break;
    }
}

static void emit(const struct sw_buf *buf)
{
    if (log_state.sink)
        log_state.sink(log_state.sink_self, sw_buf_string(buf), buf->length);
    else if (log_state.backend.write)
        log_state.backend.write(sw_buf_string(buf), buf->length);
}

void sw_log_write(enum sw_log_level level, const char *message, const struct sw_field *fields, size_t count)
{
    SW_AUTO_BUF struct sw_buf buf = { .max_bytes = LINE_MAX_BYTES };
    char at[SW_RFC3339_SIZE];
    sw_rfc3339(log_state.backend.now_ms ? log_state.backend.now_ms() : 0, at);
    sw_buf_printf(&buf, "{\"at\":\"%s\",\"level\":\"%s\",\"service\":\"%s\"", at, LEVELS[level], log_state.service);
    append_string(&buf, "message", message);
    for (size_t i = 0; i < count; i++)
        append_field(&buf, &fields[i]);
    if (buf.failed) { /* too long: say so instead of losing the line */
        sw_buf_clear(&buf);
        sw_buf_printf(&buf, "{\"at\":\"%s\",\"level\":\"%s\",\"service\":\"%s\",\"message\":\"log line too long\"", at,
                      LEVELS[level], log_state.service);
    }
    sw_buf_puts(&buf, "}\n");
    emit(&buf);
}
