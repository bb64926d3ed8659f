/* SPDX-License-Identifier: Apache-2.0
 * slack_blocks: Block Kit as Slack checks it: known types and properties, required fields, limits in characters, unique
 * ids. Problems read as Slack words them, with the JSON pointer of the place. Pure. */
#ifndef DEPLOY_SANDBOX_SLACK_BLOCKS_H
#define DEPLOY_SANDBOX_SLACK_BLOCKS_H

#include "common/json/jx.h"

#include <stdbool.h>
#include <stddef.h>

enum { SLACK_MAX_BLOCKS = 50, SLACK_MAX_VIEW_BLOCKS = 100 };

/* Appends to `problems` (an array of strings) whatever is wrong; true when nothing is. */
bool slack_blocks_validate(const json_t *blocks, json_t *problems);
/* The same for a view; type: "modal" or "home", which it must be. */
bool slack_view_validate(const json_t *view, const char *type, json_t *problems);
/* Gives each block without a block_id one, as Slack does when it stores a message. */
void slack_blocks_name(json_t *blocks, const char *prefix);
/* Gives an action_id to each element without. */
void slack_blocks_name_elements(json_t *blocks, const char *prefix);

/* The rules, one row a property (slack_blocks_schema.c). */
enum slack_rule_kind {
    SLACK_RULE_STRING,   /* 1..max characters */
    SLACK_RULE_MAYBE,    /* 0..max characters */
    SLACK_RULE_ID,       /* the same, and unique where it stands */
    SLACK_RULE_PLAIN,    /* a plain_text object of at most max characters */
    SLACK_RULE_TEXT,     /* plain_text or mrkdwn */
    SLACK_RULE_TEXTS,    /* at most items of them */
    SLACK_RULE_OBJECT,   /* an object of the part that `choices` names */
    SLACK_RULE_PART,     /* a list of at most `items` of that part */
    SLACK_RULE_ELEMENT,  /* an interactive element */
    SLACK_RULE_ELEMENTS, /* a list; choices says which types */
    SLACK_RULE_CHOICE,   /* one of the words in choices */
    SLACK_RULE_ANY,      /* not looked into */
};

struct slack_rule {
    const char *part; /* the type of block, element or object; "" belongs to every block */
    const char *name;
    enum slack_rule_kind kind;
    bool required;
    size_t max;
    size_t items;
    const char *choices; /* "|button|image|" */
};

extern const struct slack_rule SLACK_RULES[];
extern const size_t SLACK_RULE_COUNT;
extern const char SLACK_BLOCK_TYPES[];

#endif
