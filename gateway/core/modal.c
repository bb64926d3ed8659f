/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/modal.h"

#include "common/base/text.h"

#include <string.h>

const char MODAL_ACTION[] = "value";

json_t *modal_plain_new(const char *text)
{
    return json_pack("{ss ss sb}", "type", "plain_text", "text", text, "emoji", 0);
}

json_t *modal_input_new(const struct modal_input *input, json_t *element)
{
    json_t *block = json_pack("{ss ss so so sb}", "type", "input", "block_id", input->block, "label",
                              modal_plain_new(input->label), "element", element, "optional", input->optional);
    if (input->hint && block)
        (void)jx_set_take(block, "hint", modal_plain_new(input->hint)); /* a form without a hint can be filled in */
    return block;
}

json_t *modal_text_new(const struct modal_input *input, const char *initial)
{
    json_t *element = json_pack("{ss ss sb si}", "type", "plain_text_input", "action_id", MODAL_ACTION, "multiline",
                                input->lines, "max_length", input->max_length);
    if (element && input->placeholder)
        (void)jx_set_take(element, "placeholder", modal_plain_new(input->placeholder)); /* likewise */
    if (element && initial && *initial)
        (void)jx_set_string(element, "initial_value", initial); /* likewise */
    return modal_input_new(input, element);
}

const json_t *modal_element(const json_t *view, const char *block)
{
    const json_t *values = json_object_get(json_object_get(view, "state"), "values");
    return json_object_get(json_object_get(values, block), MODAL_ACTION);
}

const char *modal_text(const json_t *view, const char *block, size_t max_characters, char *ret_text, size_t size)
{
    const char *value = jx_string_or(modal_element(view, block), "value", "");
    value += strspn(value, " \t\r\n");
    size_t length = strlen(value);
    while (length > 0 && strchr(" \t\r\n", value[length - 1]))
        length--;
    *ret_text = '\0';
    if (length >= size)
        return NULL;
    memcpy(ret_text, value, length);
    ret_text[length] = '\0';
    return sw_utf8_characters(ret_text) > max_characters ? NULL : ret_text;
}
