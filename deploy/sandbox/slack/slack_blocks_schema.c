/* SPDX-License-Identifier: Apache-2.0
 * slack_blocks_schema: the limits of Block Kit as a table; the reader is slack_blocks.c. */
#include "deploy/sandbox/slack/slack_blocks.h"

#include "common/base/attrs.h"

#define CHOOSERS                                                                                                       \
    "static_select|external_select|users_select|conversations_select|channels_select|multi_static_select|"             \
    "multi_external_select|multi_users_select|multi_conversations_select|multi_channels_select|datepicker|timepicker|" \
    "datetimepicker|radio_buttons|checkboxes|"
#define INTERACTIVE "|button|overflow|workflow_button|" CHOOSERS
#define INPUTS "|plain_text_input|email_text_input|url_text_input|number_input|" CHOOSERS

const char SLACK_BLOCK_TYPES[] = "|header|section|context|actions|divider|image|markdown|input|rich_text|";

/* clang-format off */
#define SELECT(type) \
    { type, "action_id", SLACK_RULE_ID, false, 255, 0, NULL }, \
    { type, "placeholder", SLACK_RULE_PLAIN, false, 150, 0, NULL }, \
    { type, "confirm", SLACK_RULE_OBJECT, false, 0, 0, "confirm" }, \
    { type, "focus_on_load", SLACK_RULE_ANY, false, 0, 0, NULL }

#define TEXT_INPUT(type) \
    { type, "action_id", SLACK_RULE_ID, false, 255, 0, NULL }, \
    { type, "placeholder", SLACK_RULE_PLAIN, false, 150, 0, NULL }, \
    { type, "initial_value", SLACK_RULE_MAYBE, false, 3000, 0, NULL }, \
    { type, "dispatch_action_config", SLACK_RULE_ANY, false, 0, 0, NULL }, \
    { type, "focus_on_load", SLACK_RULE_ANY, false, 0, 0, NULL }

const struct slack_rule SLACK_RULES[] = {
    /* part            name                   kind                 req    max    items choices */
    { "",              "block_id",            SLACK_RULE_ID,       false, 255,   0,  NULL },
    { "header",        "text",                SLACK_RULE_PLAIN,    true,  150,   0,  NULL },
    { "section",       "text",                SLACK_RULE_TEXT,     false, 3000,  0,  NULL },
    { "section",       "fields",              SLACK_RULE_TEXTS,    false, 2000,  10, NULL },
    { "section",       "accessory",           SLACK_RULE_ELEMENT,  false, 0,     0,  "|image" INTERACTIVE },
    { "section",       "expand",              SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "context",       "elements",            SLACK_RULE_ELEMENTS, true,  0,     10, "|mrkdwn|plain_text|image|" },
    { "actions",       "elements",            SLACK_RULE_ELEMENTS, true,  0,     25, INTERACTIVE },
    { "image",         "image_url",           SLACK_RULE_STRING,   true,  3000,  0,  NULL },
    { "image",         "alt_text",            SLACK_RULE_STRING,   true,  2000,  0,  NULL },
    { "image",         "title",               SLACK_RULE_PLAIN,    false, 2000,  0,  NULL },
    { "markdown",      "text",                SLACK_RULE_STRING,   true,  12000, 0,  NULL },
    { "rich_text",     "elements",            SLACK_RULE_ANY,      true,  0,     0,  NULL },
    { "input",         "label",               SLACK_RULE_PLAIN,    true,  2000,  0,  NULL },
    { "input",         "element",             SLACK_RULE_ELEMENT,  true,  0,     0,  INPUTS },
    { "input",         "hint",                SLACK_RULE_PLAIN,    false, 2000,  0,  NULL },
    { "input",         "optional",            SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "input",         "dispatch_action",     SLACK_RULE_ANY,      false, 0,     0,  NULL },

    { "modal",         "title",               SLACK_RULE_PLAIN,    true,  24,    0,  NULL },
    { "modal",         "blocks",              SLACK_RULE_ANY,      true,  0,     0,  NULL }, /* slack_view_validate() */
    { "modal",         "submit",              SLACK_RULE_PLAIN,    false, 24,    0,  NULL },
    { "modal",         "close",               SLACK_RULE_PLAIN,    false, 24,    0,  NULL },
    { "modal",         "private_metadata",    SLACK_RULE_MAYBE,    false, 3000,  0,  NULL },
    { "modal",         "callback_id",         SLACK_RULE_MAYBE,    false, 255,   0,  NULL },
    { "modal",         "external_id",         SLACK_RULE_MAYBE,    false, 255,   0,  NULL },
    { "modal",         "clear_on_close",      SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "modal",         "notify_on_close",     SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "modal",         "submit_disabled",     SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "home",          "blocks",              SLACK_RULE_ANY,      true,  0,     0,  NULL },
    { "home",          "private_metadata",    SLACK_RULE_MAYBE,    false, 3000,  0,  NULL },
    { "home",          "callback_id",         SLACK_RULE_MAYBE,    false, 255,   0,  NULL },
    { "home",          "external_id",         SLACK_RULE_MAYBE,    false, 255,   0,  NULL },

    { "plain_text",    "text",                SLACK_RULE_STRING,   true,  3000,  0,  NULL },
    { "plain_text",    "emoji",               SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "mrkdwn",        "text",                SLACK_RULE_STRING,   true,  3000,  0,  NULL },
    { "mrkdwn",        "verbatim",            SLACK_RULE_ANY,      false, 0,     0,  NULL },

    { "button",        "text",                SLACK_RULE_PLAIN,    true,  75,    0,  NULL },
    { "button",        "action_id",           SLACK_RULE_ID,       false, 255,   0,  NULL },
    { "button",        "value",               SLACK_RULE_STRING,   false, 2000,  0,  NULL },
    { "button",        "url",                 SLACK_RULE_STRING,   false, 3000,  0,  NULL },
    { "button",        "style",               SLACK_RULE_CHOICE,   false, 0,     0,  "|primary|danger|" },
    { "button",        "confirm",             SLACK_RULE_OBJECT,   false, 0,     0,  "confirm" },
    { "button",        "accessibility_label", SLACK_RULE_STRING,   false, 75,    0,  NULL },
    { "confirm",       "title",               SLACK_RULE_PLAIN,    true,  100,   0,  NULL },
    { "confirm",       "text",                SLACK_RULE_TEXT,     true,  300,   0,  NULL },
    { "confirm",       "confirm",             SLACK_RULE_PLAIN,    true,  30,    0,  NULL },
    { "confirm",       "deny",                SLACK_RULE_PLAIN,    true,  30,    0,  NULL },
    { "confirm",       "style",               SLACK_RULE_CHOICE,   false, 0,     0,  "|primary|danger|" },

    SELECT("static_select"),
    { "static_select", "options",             SLACK_RULE_PART,     true,  0,     100, "option" },
    { "static_select", "initial_option",      SLACK_RULE_OBJECT,   false, 0,     0,  "option" },
    SELECT("multi_static_select"),
    { "multi_static_select", "options",       SLACK_RULE_PART,     true,  0,     100, "option" },
    { "multi_static_select", "initial_options", SLACK_RULE_PART,   false, 0,     100, "option" },
    { "multi_static_select", "max_selected_items", SLACK_RULE_ANY, false, 0,     0,  NULL },
    SELECT("users_select"), SELECT("conversations_select"), SELECT("channels_select"), SELECT("external_select"),
    SELECT("multi_users_select"), SELECT("multi_conversations_select"), SELECT("multi_channels_select"),
    SELECT("multi_external_select"), SELECT("datepicker"), SELECT("timepicker"), SELECT("datetimepicker"),
    SELECT("workflow_button"),
    { "users_select",  "initial_user",        SLACK_RULE_STRING,   false, 255,   0,  NULL },
    { "multi_users_select", "initial_users",  SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "multi_users_select", "max_selected_items", SLACK_RULE_ANY,  false, 0,     0,  NULL },
    { "channels_select", "initial_channel",   SLACK_RULE_STRING,   false, 255,   0,  NULL },
    { "channels_select", "response_url_enabled", SLACK_RULE_ANY,   false, 0,     0,  NULL },
    { "conversations_select", "initial_conversation", SLACK_RULE_STRING, false, 255, 0, NULL },
    { "conversations_select", "default_to_current_conversation", SLACK_RULE_ANY, false, 0, 0, NULL },
    { "conversations_select", "response_url_enabled", SLACK_RULE_ANY, false, 0,  0,  NULL },
    { "conversations_select", "filter",       SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "external_select", "min_query_length",  SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "external_select", "initial_option",    SLACK_RULE_OBJECT,   false, 0,     0,  "option" },
    { "datepicker",    "initial_date",        SLACK_RULE_STRING,   false, 10,    0,  NULL },
    { "timepicker",    "initial_time",        SLACK_RULE_STRING,   false, 5,     0,  NULL },
    { "timepicker",    "timezone",            SLACK_RULE_STRING,   false, 255,   0,  NULL },
    { "datetimepicker", "initial_date_time",  SLACK_RULE_ANY,      false, 0,     0,  NULL },
    SELECT("overflow"),
    { "overflow",      "options",             SLACK_RULE_PART,     true,  0,     5,  "option" },
    SELECT("radio_buttons"),
    { "radio_buttons", "options",             SLACK_RULE_PART,     true,  0,     10, "option" },
    { "radio_buttons", "initial_option",      SLACK_RULE_OBJECT,   false, 0,     0,  "option" },
    SELECT("checkboxes"),
    { "checkboxes",    "options",             SLACK_RULE_PART,     true,  0,     10, "option" },
    { "checkboxes",    "initial_options",     SLACK_RULE_PART,     false, 0,     10, "option" },
    TEXT_INPUT("plain_text_input"), TEXT_INPUT("email_text_input"), TEXT_INPUT("url_text_input"),
    TEXT_INPUT("number_input"),
    { "plain_text_input", "multiline",        SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "plain_text_input", "min_length",       SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "plain_text_input", "max_length",       SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "number_input",  "is_decimal_allowed",  SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "number_input",  "min_value",           SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "number_input",  "max_value",           SLACK_RULE_ANY,      false, 0,     0,  NULL },
    { "option",        "text",                SLACK_RULE_TEXT,     true,  75,    0,  NULL },
    { "option",        "value",               SLACK_RULE_STRING,   true,  150,   0,  NULL },
    { "option",        "description",         SLACK_RULE_TEXT,     false, 75,    0,  NULL },
    { "option",        "url",                 SLACK_RULE_STRING,   false, 3000,  0,  NULL },
};
/* clang-format on */
const size_t SLACK_RULE_COUNT = SW_COUNT(SLACK_RULES);
