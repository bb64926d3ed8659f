/* SPDX-License-Identifier: Apache-2.0
 * slack_input: a row for each type of element. */
#include "deploy/sandbox/slack/slack_input.h"

#include "common/base/attrs.h"
#include "common/base/text.h"

enum kind { TEXT, NUMBER, OPTION, OPTIONS, ID, IDS };

static const struct input {
    const char *type, *field, *initial;
    enum kind kind;
} INPUTS[] = {
    { "plain_text_input", "value", "initial_value", TEXT },
    { "email_text_input", "value", "initial_value", TEXT },
    { "url_text_input", "value", "initial_value", TEXT },
    { "number_input", "value", "initial_value", TEXT },
    { "static_select", "selected_option", "initial_option", OPTION },
    { "external_select", "selected_option", "initial_option", OPTION },
    { "radio_buttons", "selected_option", "initial_option", OPTION },
    { "multi_static_select", "selected_options", "initial_options", OPTIONS },
    { "multi_external_select", "selected_options", "initial_options", OPTIONS },
    { "checkboxes", "selected_options", "initial_options", OPTIONS },
    { "users_select", "selected_user", "initial_user", ID },
    { "conversations_select", "selected_conversation", "initial_conversation", ID },
    { "channels_select", "selected_channel", "initial_channel", ID },
    { "multi_users_select", "selected_users", "initial_users", IDS },
    { "multi_conversations_select", "selected_conversations", "initial_conversations", IDS },
    { "multi_channels_select", "selected_channels", "initial_channels", IDS },
    { "datepicker", "selected_date", "initial_date", ID },
    { "timepicker", "selected_time", "initial_time", ID },
    { "datetimepicker", "selected_date_time", "initial_date_time", NUMBER },
};

static const struct input *input_of(const json_t *element)
{
    const char *type = jx_string(element, "type");
    for (size_t i = 0; i < SW_COUNT(INPUTS); i++)
        if (sw_equal(INPUTS[i].type, type))
            return &INPUTS[i];
    return NULL;
}

bool slack_input_is(const json_t *element) { return input_of(element) != NULL; }

/* NULL: there is no such option. An external select has its options elsewhere. */
static json_t *option_new(const json_t *element, const json_t *raw)
{
    const char *wanted = json_string_value(raw);
    const json_t *options = json_object_get(element, "options");
    for (size_t i = 0; wanted && i < json_array_size(options); i++) {
        const json_t *option = json_array_get(options, i);
        if (sw_equal(jx_string(option, "value"), wanted) ||
            sw_equal(jx_string(json_object_get(option, "text"), "text"), wanted))
            return json_deep_copy(option);
    }
    if (!wanted || options)
        return NULL;
    return json_pack("{s:{s:s,s:s,s:b},s:s}", "text", "type", "plain_text", "text", wanted, "emoji", 1, "value",
                     wanted);
}

static json_t *list_new(const struct input *input, const json_t *element, const json_t *raw, const char **ret_problem)
{
    JX_AUTO json_t *list = json_array();
    if (!json_is_array(raw) && !json_is_null(raw)) {
        *ret_problem = "this field takes a list";
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(raw); i++) {
        const json_t *one = json_array_get(raw, i);
        json_t *value = input->kind == OPTIONS ? option_new(element, one)
                        : json_is_string(one)  ? json_deep_copy(one)
                                               : NULL;
        if (!value) {
            *ret_problem = "this field has no such option";
            return NULL;
        }
        (void)json_array_append_new(list, value);
    }
    return SW_TAKE(list);
}

static json_t *single_new(const struct input *input, const json_t *element, const json_t *raw, const char **ret_problem)
{
    bool empty = json_is_null(raw) || (json_is_string(raw) && json_string_length(raw) == 0);
    if (empty)
        return json_null();
    if (input->kind == OPTION) {
        json_t *option = option_new(element, raw);
        if (!option)
            *ret_problem = "this field has no such option";
        return option;
    }
    if (input->kind == NUMBER ? json_is_integer(raw) : json_is_string(raw))
        return json_deep_copy(raw);
    *ret_problem = input->kind == NUMBER ? "this field takes a number" : "this field takes a string";
    return NULL;
}

static json_t *initial_new(const struct input *input, const json_t *element)
{
    const json_t *initial = json_object_get(element, input->initial);
    if (initial)
        return json_deep_copy(initial);
    return input->kind == OPTIONS || input->kind == IDS ? json_array() : json_null();
}

json_t *slack_input_value_new(const json_t *element, const json_t *raw, const char **ret_problem)
{
    const struct input *input = input_of(element);
    json_t *value = NULL;
    if (!input)
        *ret_problem = "this element takes no value";
    else if (!raw)
        value = initial_new(input, element);
    else if (input->kind == OPTIONS || input->kind == IDS)
        value = list_new(input, element, raw, ret_problem);
    else
        value = single_new(input, element, raw, ret_problem);
    return value ? json_pack("{s:s,s:o}", "type", input->type, input->field, value) : NULL;
}

static const char *check_length(const json_t *element, const json_t *value)
{
    const char *text = jx_string(value, "value");
    if (!text)
        return NULL;
    int64_t characters = (int64_t)sw_utf8_characters(text);
    if (characters < jx_i64_or(element, "min_length", 0))
        return "Your entry is too short.";
    return characters > jx_i64_or(element, "max_length", 3000) ? "Your entry is too long." : NULL;
}

/* What a client says under the field. */
static const char *check_input(const json_t *block, const json_t *element, const json_t *value)
{
    const json_t *entered = json_object_get(value, input_of(element)->field);
    bool empty = json_is_null(entered) || (json_is_array(entered) && json_array_size(entered) == 0);
    bool is_input = sw_equal(jx_string(block, "type"), "input");
    if (empty)
        return is_input && !jx_bool_or(block, "optional", false) ? "Please complete this required field." : NULL;
    return check_length(element, value);
}

static const json_t *raw_of(const json_t *values, const char *block_id, const char *action_id)
{
    const json_t *of_block = json_object_get(values, block_id);
    return json_is_object(of_block) ? json_object_get(of_block, action_id) : of_block;
}

static void add_element(json_t *state, const json_t *block, const json_t *element, const json_t *values, json_t *errors)
{
    const char *problem = NULL;
    const char *block_id = jx_string_or(block, "block_id", "");
    const char *action_id = jx_string_or(element, "action_id", "");
    if (!slack_input_is(element))
        return;
    json_t *value = slack_input_value_new(element, raw_of(values, block_id, action_id), &problem);
    if (value)
        problem = check_input(block, element, value);
    if (problem)
        (void)jx_set_string(errors, block_id, problem);
    if (!value)
        return;
    json_t *of_block = json_object_get(state, block_id);
    if (!of_block) {
        of_block = json_object();
        (void)json_object_set_new(state, block_id, of_block);
    }
    (void)json_object_set_new(of_block, action_id, value);
}

json_t *slack_input_state_new(const json_t *view, const json_t *values, json_t *errors)
{
    json_t *state = json_object();
    const json_t *blocks = json_object_get(view, "blocks");
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const json_t *block = json_array_get(blocks, i);
        const json_t *elements = json_object_get(block, "elements");
        add_element(state, block, json_object_get(block, "element"), values, errors);
        add_element(state, block, json_object_get(block, "accessory"), values, errors);
        for (size_t j = 0; j < json_array_size(elements); j++)
            add_element(state, block, json_array_get(elements, j), values, errors);
    }
    return json_pack("{s:o}", "values", state);
}
