/* SPDX-License-Identifier: Apache-2.0
 * Walks libyaml's event stream once, building the jansson tree and a list of (path, line). Plain scalars are typed by
 * the core schema of YAML 1.2.2, section 10.3. */
#include "common/io/yaml.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MAX_NODES = 10000, MAX_DEPTH = 64, MAX_PATH = 512 };

struct mark {
    char *path;
    int32_t line;
};

struct yaml_document {
    json_t *root;
    struct mark *marks;
    size_t mark_count, mark_capacity;
};

struct walk {
    yaml_parser_t parser;
    const char *file;
    struct yaml_document *document;
    int32_t depth;
};

static struct sw_status yaml_error(const struct walk *walk, size_t line, const char *what)
{
    return sw_fail(SW_CODE_CONFIG, "%s:%zu: %s", walk->file, line + 1, what);
}

static struct sw_status next_event(struct walk *walk, yaml_event_t *ret_event)
{
    if (yaml_parser_parse(&walk->parser, ret_event))
        return sw_ok();
    const char *problem = walk->parser.problem ? walk->parser.problem : "cannot be read";
    return yaml_error(walk, walk->parser.problem_mark.line, problem);
}

static struct sw_status add_mark(struct walk *walk, const char *path, size_t line)
{
    struct yaml_document *document = walk->document;
    if (document->mark_count == MAX_NODES)
        return yaml_error(walk, line, "more than 10,000 nodes");
    if (document->mark_count == document->mark_capacity) {
        size_t capacity = document->mark_capacity ? document->mark_capacity * 2 : 64;
        struct mark *marks = realloc(document->marks, capacity * sizeof *marks);
        if (!marks)
            return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
        document->marks = marks;
        document->mark_capacity = capacity;
    }
    char *copy = sw_strdup(path);
    if (!copy)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    document->marks[document->mark_count++] = (struct mark){ copy, (int32_t)line + 1 };
    return sw_ok();
}

static bool is_any(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sw_equal(text, words[i]))
            return true;
    return false;
}

static json_t *plain_scalar(const char *text)
{
    static const char *const NULLS[] = { "", "~", "null", "Null", "NULL" };
    static const char *const TRUES[] = { "true", "True", "TRUE" };
    static const char *const FALSES[] = { "false", "False", "FALSE" };
    int64_t integer;
    char *end;
    if (is_any(text, NULLS, SW_COUNT(NULLS)))
        return json_null();
    if (is_any(text, TRUES, SW_COUNT(TRUES)) || is_any(text, FALSES, SW_COUNT(FALSES)))
        return json_boolean(is_any(text, TRUES, SW_COUNT(TRUES)));
    if (sw_parse_i64(text, INT64_MIN, INT64_MAX, &integer))
        return json_integer(integer);
    bool numeric = strspn(text, "+-.0123456789eE") == strlen(text) && strpbrk(text, "0123456789");
    double real = numeric ? strtod(text, &end) : 0;
    return numeric && *end == '\0' ? json_real(real) : json_string(text);
}

static struct sw_status read_scalar(struct walk *walk, const yaml_event_t *event, json_t **ret_json)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (event->data.scalar.anchor || (event->data.scalar.tag && !plain))
        return yaml_error(walk, event->start_mark.line, "anchors and tags are not allowed");
    if (strlen(text) != length)
        return yaml_error(walk, event->start_mark.line, "a NUL character is not allowed");
    json_t *json = plain ? plain_scalar(text) : json_string(text);
    if (!json)
        return yaml_error(walk, event->start_mark.line, "text is not valid UTF-8");
    *ret_json = json;
    return sw_ok();
}

static struct sw_status read_node(struct walk *walk, const yaml_event_t *event, const char *path, json_t **ret_json);

static struct sw_status read_child(struct walk *walk, const char *path, json_t **ret_json)
{
    yaml_event_t event;
    SW_TRY(next_event(walk, &event));
    struct sw_status status = read_node(walk, &event, path, ret_json);
    yaml_event_delete(&event);
    return status;
}

static struct sw_status read_pair(struct walk *walk, const yaml_event_t *key, const char *path, json_t *object)
{
    char inner[MAX_PATH];
    json_t *value = NULL;
    if (key->type != YAML_SCALAR_EVENT || key->data.scalar.anchor || key->data.scalar.tag)
        return yaml_error(walk, key->start_mark.line, "a key must be a plain text");
    const char *name = (const char *)key->data.scalar.value;
    if (json_object_get(object, name))
        return sw_fail(SW_CODE_CONFIG, "%s:%zu: key \"%s\" stands here twice", walk->file, key->start_mark.line + 1,
                       name);
    (void)snprintf(inner, sizeof inner, "%s%s%s", path, *path ? "." : "", name);
    SW_TRY(add_mark(walk, inner, key->start_mark.line));
    SW_TRY(read_child(walk, inner, &value));
    if (json_object_set_new(object, name, value) != 0)
        return yaml_error(walk, key->start_mark.line, "a key is not valid UTF-8");
    return sw_ok();
}

static struct sw_status read_mapping(struct walk *walk, const char *path, json_t *object)
{
    for (;;) {
        yaml_event_t key;
        SW_TRY(next_event(walk, &key));
        bool end = key.type == YAML_MAPPING_END_EVENT;
        struct sw_status status = end ? sw_ok() : read_pair(walk, &key, path, object);
        yaml_event_delete(&key);
        if (end || sw_failed(status))
            return status;
    }
}

static struct sw_status read_item(struct walk *walk, const yaml_event_t *event, const char *path, json_t *list)
{
    char inner[MAX_PATH];
    json_t *value = NULL;
    (void)snprintf(inner, sizeof inner, "%s[%zu]", path, json_array_size(list));
    SW_TRY(add_mark(walk, inner, event->start_mark.line));
    SW_TRY(read_node(walk, event, inner, &value));
    return json_array_append_new(list, value) == 0 ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}

static struct sw_status read_sequence(struct walk *walk, const char *path, json_t *list)
{
    for (;;) {
        yaml_event_t event;
        SW_TRY(next_event(walk, &event));
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        struct sw_status status = end ? sw_ok() : read_item(walk, &event, path, list);
        yaml_event_delete(&event);
        if (end || sw_failed(status))
            return status;
    }
}

static struct sw_status read_collection(struct walk *walk, const yaml_event_t *event, const char *path,
                                        json_t **ret_json)
{
    bool mapping = event->type == YAML_MAPPING_START_EVENT;
    const yaml_char_t *anchor = mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag = mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    if (anchor || tag)
        return yaml_error(walk, event->start_mark.line, "anchors and tags are not allowed");
    if (walk->depth == MAX_DEPTH)
        return yaml_error(walk, event->start_mark.line, "nested deeper than 64");
    walk->depth++;
    json_t *json = mapping ? json_object() : json_array();
    struct sw_status status = mapping ? read_mapping(walk, path, json) : read_sequence(walk, path, json);
    walk->depth--;
    if (sw_failed(status)) {
        json_decref(json);
        return status;
    }
    *ret_json = json;
    return sw_ok();
}

static struct sw_status read_node(struct walk *walk, const yaml_event_t *event, const char *path, json_t **ret_json)
{
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(walk, event, ret_json);
    if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT)
        return read_collection(walk, event, path, ret_json);
    if (event->type == YAML_ALIAS_EVENT)
        return yaml_error(walk, event->start_mark.line, "aliases are not allowed");
    return yaml_error(walk, event->start_mark.line, "a value is missing");
}

/* Skips stream and document starts; an empty stream is an empty mapping. */
static struct sw_status read_document(struct walk *walk)
{
    for (;;) {
        yaml_event_t event;
        SW_TRY(next_event(walk, &event));
        yaml_event_type_t type = event.type;
        struct sw_status status = sw_ok();
        if (type == YAML_STREAM_END_EVENT)
            walk->document->root = walk->document->root ? walk->document->root : json_object();
        else if (type == YAML_DOCUMENT_START_EVENT && walk->document->root)
            status = yaml_error(walk, event.start_mark.line, "a second document is not allowed");
        else if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT &&
                 type != YAML_DOCUMENT_END_EVENT)
            status = read_node(walk, &event, "", &walk->document->root);
        yaml_event_delete(&event);
        if (sw_failed(status) || type == YAML_STREAM_END_EVENT)
            return status;
    }
}

struct sw_status yaml_parse(const char *path, const char *data, size_t length, struct yaml_document **ret_document)
{
    struct walk walk = { .file = path, .document = calloc(1, sizeof *walk.document) };
    if (!walk.document || !yaml_parser_initialize(&walk.parser)) {
        free(walk.document);
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    }
    yaml_parser_set_input_string(&walk.parser, (const unsigned char *)data, length);
    struct sw_status status = read_document(&walk);
    yaml_parser_delete(&walk.parser);
    if (sw_failed(status)) {
        yaml_document_free(walk.document);
        return status;
    }
    *ret_document = walk.document;
    return sw_ok();
}

const json_t *yaml_root(const struct yaml_document *document) { return document->root; }

static const struct mark *find_mark(const struct yaml_document *document, const char *path)
{
    for (size_t i = 0; i < document->mark_count; i++)
        if (sw_equal(document->marks[i].path, path))
            return &document->marks[i];
    return NULL;
}

int32_t yaml_line(const struct yaml_document *document, const char *path)
{
    char nearest[MAX_PATH];
    (void)sw_copy(nearest, sizeof nearest, path); /* longer ones are found by their front */
    for (;;) {
        const struct mark *mark = find_mark(document, nearest);
        if (mark)
            return mark->line;
        char *end = nearest + strlen(nearest);
        while (end > nearest && *end != '.' && *end != '[')
            end--;
        if (end == nearest)
            return 1;
        *end = '\0';
    }
}

void yaml_document_free(struct yaml_document *document)
{
    if (!document)
        return;
    for (size_t i = 0; i < document->mark_count; i++)
        free(document->marks[i].path);
    free(document->marks);
    json_decref(document->root);
    free(document);
}
