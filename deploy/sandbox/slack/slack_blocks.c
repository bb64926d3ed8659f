/* SPDX-License-Identifier: Apache-2.0
 * slack_blocks: walks a list of blocks along the table of slack_blocks_schema.c. */
#include "deploy/sandbox/slack/slack_blocks.h"

#include "common/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct check {
    json_t *problems;
    json_t *block_ids;  /* seen in this message */
    json_t *action_ids; /* seen in this block */
    const char *root;   /* where the blocks are: "/blocks/" */
};

/* A JSON pointer; children are built on the stack. */
struct place {
    char text[240];
};

static void SW_PRINTF(3, 4) problem(struct check *check, const struct place *at, const char *format, ...)
{
    char what[300];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(what, sizeof(what), format, arguments); /* a cut message is still a message */
    va_end(arguments);
    (void)json_array_append_new(check->problems, json_sprintf("%s [json-pointer:%s]", what, at->text));
}

static struct place child(const struct place *at, const char *name)
{
    struct place below;
    (void)snprintf(below.text, sizeof(below.text), "%.150s/%.80s", at->text, name);
    return below;
}

static struct place item(const struct place *at, size_t index)
{
    char name[24];
    (void)snprintf(name, sizeof(name), "%zu", index);
    return child(at, name);
}

static bool one_of(const char *choices, const char *word)
{
    char needle[80];
    if (!word || strchr(word, '|') || snprintf(needle, sizeof(needle), "|%s|", word) >= (int)sizeof(needle))
        return false;
    return strstr(choices, needle) != NULL;
}

static void check_part(struct check *check, const char *part, const json_t *object, const struct place *at, size_t max);

static void check_characters(struct check *check, const json_t *value, const struct place *at, size_t max,
                             bool may_be_empty)
{
    if (!json_is_string(value)) {
        problem(check, at, "must provide a string");
        return;
    }
    size_t characters = sw_utf8_characters(json_string_value(value));
    if (characters == 0 && !may_be_empty)
        problem(check, at, "must be more than 0 characters");
    else if (max > 0 && characters > max)
        problem(check, at, "must be less than %zu characters", max + 1);
}

static void check_string(struct check *check, const json_t *value, const struct place *at, size_t max)
{
    check_characters(check, value, at, max, false);
}

static void check_id(struct check *check, const struct slack_rule *rule, const json_t *value, const struct place *at)
{
    check_string(check, value, at, rule->max);
    const char *id = json_string_value(value);
    bool is_block = sw_equal(rule->name, "block_id");
    json_t *seen = is_block ? check->block_ids : check->action_ids;
    if (!id)
        return;
    if (json_object_get(seen, id))
        problem(check, at, "`%s` \"%.60s\" already exists", rule->name, id);
    (void)json_object_set_new(seen, id, json_true());
}

static void check_typed(struct check *check, const json_t *object, const struct place *at, const char *choices,
                        size_t max)
{
    const char *type = jx_string(object, "type");
    struct place type_at = child(at, "type");
    if (!json_is_object(object))
        problem(check, at, "must provide an object");
    else if (!type)
        problem(check, at, "missing required field: type");
    else if (!one_of(choices, type))
        problem(check, &type_at, "unsupported type: %.60s", type);
    else
        check_part(check, type, object, at, max);
}

static void check_list(struct check *check, const struct slack_rule *rule, const json_t *list, const struct place *at)
{
    if (!json_is_array(list)) {
        problem(check, at, "must provide an array");
        return;
    }
    size_t count = json_array_size(list);
    if (count == 0)
        problem(check, at, "no less than 1 items allowed");
    if (count > rule->items)
        problem(check, at, "no more than %zu items allowed", rule->items);
    for (size_t i = 0; i < count && i < rule->items; i++) {
        struct place below = item(at, i);
        const json_t *entry = json_array_get(list, i);
        if (rule->kind == SLACK_RULE_PART)
            check_part(check, rule->choices, entry, &below, 0);
        else
            check_typed(check, entry, &below, rule->choices ? rule->choices : "|plain_text|mrkdwn|", rule->max);
    }
}

static void check_rule(struct check *check, const struct slack_rule *rule, const json_t *value, const struct place *at)
{
    switch (rule->kind) {
    case SLACK_RULE_STRING:
        check_string(check, value, at, rule->max);
        return;
    case SLACK_RULE_MAYBE:
        check_characters(check, value, at, rule->max, true);
        return;
    case SLACK_RULE_ID:
        check_id(check, rule, value, at);
        return;
    case SLACK_RULE_PLAIN:
        check_typed(check, value, at, "|plain_text|", rule->max);
        return;
    case SLACK_RULE_TEXT:
        check_typed(check, value, at, "|plain_text|mrkdwn|", rule->max);
        return;
    case SLACK_RULE_ELEMENT:
        check_typed(check, value, at, rule->choices, 0);
        return;
    case SLACK_RULE_OBJECT:
        check_part(check, rule->choices, value, at, 0);
        return;
    case SLACK_RULE_TEXTS:
    case SLACK_RULE_PART:
    case SLACK_RULE_ELEMENTS:
        check_list(check, rule, value, at);
        return;
    case SLACK_RULE_CHOICE:
        if (!one_of(rule->choices, json_string_value(value)))
            problem(check, at, "must be a valid enum value");
        return;
    case SLACK_RULE_ANY:
        return;
    }
}

static bool is_block(const struct check *check, const struct place *at)
{
    return sw_starts_with(at->text, check->root) && !strchr(at->text + strlen(check->root), '/');
}

static const struct slack_rule *find_rule(const char *part, const char *name, bool block)
{
    for (size_t i = 0; i < SLACK_RULE_COUNT; i++) {
        const struct slack_rule *rule = &SLACK_RULES[i];
        bool applies = sw_equal(rule->part, part) || (block && rule->part[0] == '\0');
        if (applies && sw_equal(rule->name, name))
            return rule;
    }
    return NULL;
}

/* max narrows the limit of a text object to that of the place where it stands. */
static void check_part(struct check *check, const char *part, const json_t *object, const struct place *at, size_t max)
{
    bool block = is_block(check, at);
    const char *name;
    json_t *value;
    if (!json_is_object(object)) {
        problem(check, at, "must provide an object");
        return;
    }
    for (size_t i = 0; i < SLACK_RULE_COUNT; i++)
        if (SLACK_RULES[i].required && sw_equal(SLACK_RULES[i].part, part) &&
            !json_object_get(object, SLACK_RULES[i].name))
            problem(check, at, "missing required field: %s", SLACK_RULES[i].name);
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        const struct slack_rule *rule = find_rule(part, name, block);
        struct place below = child(at, name);
        if (!rule && !sw_equal(name, "type")) {
            problem(check, at, "invalid additional property: %.60s", name);
        } else if (rule) {
            struct slack_rule narrowed = *rule;
            if (max > 0 && sw_equal(name, "text") && rule->kind == SLACK_RULE_STRING)
                narrowed.max = max;
            check_rule(check, &narrowed, value, &below);
        }
    }
}

static void check_block(struct check *check, const json_t *block, const struct place *at)
{
    json_object_clear(check->action_ids);
    check_typed(check, block, at, SLACK_BLOCK_TYPES, 0);
    if (sw_equal(jx_string(block, "type"), "section") && !json_object_get(block, "text") &&
        !json_object_get(block, "fields"))
        problem(check, at, "must define either `text` or `fields`");
}

static void check_blocks(struct check *check, const json_t *blocks, const struct place *at, size_t max)
{
    if (!json_is_array(blocks)) {
        problem(check, at, "must provide an array");
        return;
    }
    if (json_array_size(blocks) > max)
        problem(check, at, "no more than %zu items allowed", max);
    for (size_t i = 0; i < json_array_size(blocks) && i < max; i++) {
        struct place below = item(at, i);
        check_block(check, json_array_get(blocks, i), &below);
    }
}

bool slack_blocks_validate(const json_t *blocks, json_t *problems)
{
    JX_AUTO json_t *block_ids = json_object();
    JX_AUTO json_t *action_ids = json_object();
    struct check check = { .problems = problems, .block_ids = block_ids, .action_ids = action_ids, .root = "/blocks/" };
    const struct place root = { "/blocks" };
    size_t before = json_array_size(problems);
    check_blocks(&check, blocks, &root, SLACK_MAX_BLOCKS);
    return json_array_size(problems) == before;
}

static bool has_input(const json_t *blocks)
{
    for (size_t i = 0; i < json_array_size(blocks); i++)
        if (sw_equal(jx_string(json_array_get(blocks, i), "type"), "input"))
            return true;
    return false;
}

bool slack_view_validate(const json_t *view, const char *type, json_t *problems)
{
    JX_AUTO json_t *block_ids = json_object();
    JX_AUTO json_t *action_ids = json_object();
    struct check check = {
        .problems = problems, .block_ids = block_ids, .action_ids = action_ids, .root = "/view/blocks/"
    };
    const struct place root = { "/view" };
    const struct place below = { "/view/blocks" };
    size_t before = json_array_size(problems);
    char types[24];
    (void)snprintf(types, sizeof(types), "|%s|", type);
    check_typed(&check, view, &root, types, 0);
    if (json_object_get(view, "blocks"))
        check_blocks(&check, json_object_get(view, "blocks"), &below, SLACK_MAX_VIEW_BLOCKS);
    if (sw_equal(type, "modal") && has_input(json_object_get(view, "blocks")) && !json_object_get(view, "submit"))
        problem(&check, &root, "missing required field: submit");
    return json_array_size(problems) == before;
}

void slack_blocks_name(json_t *blocks, const char *prefix)
{
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block)
    {
        if (!json_object_get(block, "block_id"))
            (void)json_object_set_new(block, "block_id", json_sprintf("%s.%zu", prefix, i));
    }
}

static void name_element(json_t *element, const char *prefix, size_t number)
{
    bool interactive = json_is_object(element) && !sw_equal(jx_string(element, "type"), "image") &&
                       !json_is_string(json_object_get(element, "text"));
    if (interactive && !json_object_get(element, "action_id"))
        (void)json_object_set_new(element, "action_id", json_sprintf("%s-%zu", prefix, number));
}

void slack_blocks_name_elements(json_t *blocks, const char *prefix)
{
    size_t number = 0;
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        json_t *block = json_array_get(blocks, i);
        json_t *elements = sw_equal(jx_string(block, "type"), "actions") ? json_object_get(block, "elements") : NULL;
        name_element(json_object_get(block, "element"), prefix, number++);
        name_element(json_object_get(block, "accessory"), prefix, number++);
        for (size_t j = 0; j < json_array_size(elements); j++)
            name_element(json_array_get(elements, j), prefix, number++);
    }
}
