/* SPDX-License-Identifier: Apache-2.0
 * incident_parse_fixture: rows of what is said and what becomes of it, as one line of text. */
#ifndef TESTS_UNIT_GATEWAY_CORE_INCIDENT_PARSE_FIXTURE_H
#define TESTS_UNIT_GATEWAY_CORE_INCIDENT_PARSE_FIXTURE_H

#include "gateway/core/incident_parse.h"

#include "common/base/attrs.h"
#include "common/base/buf.h"
#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ID "i-0123456789abc"

static inline struct incident_typed typed_of(enum incident_way way, const char *text)
{
    return (struct incident_typed){ .way = way, .slash = "/incident", .text = text };
}

static inline void put_arg(struct sw_buf *buf, const json_t *args, const char *key)
{
    const json_t *value = json_object_get(args, key);
    if (json_is_string(value))
        sw_buf_printf(buf, "|%s", json_string_value(value));
    else if (json_is_integer(value))
        sw_buf_printf(buf, "|%d", (int)json_integer_value(value));
    else
        sw_buf_puts(buf, json_is_true(value) ? "|yes" : "|");
}

/* incident: "verb|text|target|person"; declare: "+title|priority|service|environment|private|details". */
static inline char *outcome_new(const struct command_parsed *parsed)
{
    static const char *const declare[] = { "title", "priority", "service", "environment", "private", "details" };
    struct sw_buf buf = { 0 };
    switch (parsed->outcome) {
    case COMMAND_FORM:
        sw_buf_printf(&buf, "form %d", (int)parsed->priority);
        break;
    case COMMAND_INCIDENT_HELP:
        sw_buf_printf(&buf, "help %s", parsed->incident ? parsed->incident->verb : "");
        break;
    case COMMAND_INCIDENT_WORDS:
        sw_buf_puts(&buf, "words");
        break;
    case COMMAND_WRONG:
        sw_buf_puts(&buf, "wrong");
        break;
    case COMMAND_HELP:
        sw_buf_puts(&buf, "?");
        break;
    case COMMAND_PUBLISH:
        for (size_t i = 0; i < SW_COUNT(declare) && sw_equal(parsed->name, "declare"); i++)
            put_arg(&buf, parsed->args, declare[i]);
        if (sw_equal(parsed->name, "incident")) {
            put_arg(&buf, parsed->args, "verb");
            put_arg(&buf, parsed->args, "text");
            put_arg(&buf, parsed->args, "target");
            sw_buf_printf(&buf, "|%s", parsed->person);
        }
        if (buf.length > 0)
            buf.data[0] = sw_equal(parsed->name, "declare") ? '+' : '=';
    }
    return sw_buf_take(&buf);
}

static inline char *parse_new(enum incident_way way, const char *text)
{
    struct command_parsed parsed;
    const struct incident_typed typed = typed_of(way, text);
    if (way == INCIDENT_DOT && !incident_is_dot_word(text))
        return sw_strdup("nothing");
    incident_parse(&typed, &parsed);
    char *outcome = outcome_new(&parsed);
    command_parsed_release(&parsed);
    return outcome;
}

struct vector {
    const char *text, *outcome;
};

static inline void check(enum incident_way way, const struct vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        SW_AUTO_FREE char *outcome = parse_new(way, vectors[i].text);
        print_message("  %s -> %s\n", vectors[i].text, outcome);
        assert_string_equal(outcome, vectors[i].outcome);
    }
}

#endif
