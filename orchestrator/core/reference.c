/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/reference.h"

#include "common/base/text.h"
#include "orchestrator/core/config_check.h"
#include "orchestrator/core/deployment_table.h"
#include "proto/view.h"

#include <string.h>

/* ---- slipway.yaml ---- */

static void print_section(struct sw_buf *buf, const struct config_section *section)
{
    const char *path = *section->path ? section->path : "top level";
    sw_buf_printf(buf, "#### %s\n\n%s:\n\n| key | required | what |\n|---|---|---|\n", path, section->what);
    for (size_t i = 0; i < section->count; i++)
        sw_buf_printf(buf, "| `%s` | %s | %s |\n", section->keys[i].name, section->keys[i].required ? "yes" : "",
                      section->keys[i].help);
    sw_buf_puts(buf, "\n");
}

char *reference_config_new(void)
{
    struct sw_buf buf = { 0 };
    for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++)
        print_section(&buf, &CONFIG_SECTIONS[i]);
    for (size_t i = 0; i < CONFIG_STEP_SECTION_COUNT; i++)
        print_section(&buf, &CONFIG_STEP_SECTIONS[i]);
    return sw_buf_take(&buf);
}

/* ---- the deployment's states ---- */

/* An arrow is drawn once, whatever the number of its rows. */
static bool first_of_its_arrow(size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (DEPLOYMENT_TABLE[i].state == DEPLOYMENT_TABLE[at].state &&
            DEPLOYMENT_TABLE[i].next == DEPLOYMENT_TABLE[at].next)
            return false;
    return true;
}

/* A row that comes up again under another guard adds no word. */
static bool first_of_its_input(size_t arrow, size_t at)
{
    for (size_t i = arrow; i < at; i++)
        if (DEPLOYMENT_TABLE[i].state == DEPLOYMENT_TABLE[at].state &&
            DEPLOYMENT_TABLE[i].next == DEPLOYMENT_TABLE[at].next &&
            DEPLOYMENT_TABLE[i].input == DEPLOYMENT_TABLE[at].input)
            return false;
    return true;
}

/* Mermaid ends a label at a second colon. */
static void print_label(struct sw_buf *buf, const char *label)
{
    for (; *label; label++)
        if (*label != ':')
            sw_buf_printf(buf, "%c", *label);
}

static void print_arrow(struct sw_buf *buf, size_t at)
{
    const struct deployment_row *arrow = &DEPLOYMENT_TABLE[at];
    const char *comma = "";
    sw_buf_printf(buf, "    %s --> %s : ", proto_deployment_state_name(arrow->state),
                  proto_deployment_state_name(arrow->next));
    for (size_t i = at; i < DEPLOYMENT_TABLE_COUNT; i++) {
        const struct deployment_row *row = &DEPLOYMENT_TABLE[i];
        if (row->state != arrow->state || row->next != arrow->next || !first_of_its_input(at, i))
            continue;
        sw_buf_puts(buf, comma);
        print_label(buf, deployment_input_name(row->input));
        comma = ", ";
    }
    sw_buf_puts(buf, "\n");
}

/* Final: the table leads out of it nowhere. */
static bool is_final(enum proto_deployment_state state)
{
    bool known = false;
    for (size_t i = 0; i < DEPLOYMENT_TABLE_COUNT; i++) {
        if (DEPLOYMENT_TABLE[i].state == state && DEPLOYMENT_TABLE[i].next != state)
            return false;
        known = known || DEPLOYMENT_TABLE[i].next == state;
    }
    return known;
}

/* Rows that stay where they are are in the table below it; as arrows they would hide the others. */
static void print_diagram(struct sw_buf *buf)
{
    sw_buf_puts(buf, "```mermaid\nstateDiagram-v2\n    [*] --> queued : deploy\n    [*] --> rejected : refused\n");
    for (size_t i = 0; i < DEPLOYMENT_TABLE_COUNT; i++)
        if (DEPLOYMENT_TABLE[i].state != DEPLOYMENT_TABLE[i].next && first_of_its_arrow(i))
            print_arrow(buf, i);
    for (int state = 0; state < PROTO_DEPLOYMENT_STATE_COUNT; state++)
        if (is_final((enum proto_deployment_state)state))
            sw_buf_printf(buf, "    %s --> [*]\n", proto_deployment_state_name((enum proto_deployment_state)state));
    sw_buf_puts(buf, "    rejected --> [*]\n```\n\n");
}

/* deployment_is_last -> "is last" */
static void print_guard(struct sw_buf *buf, const char *name)
{
    static const char PREFIX[] = "deployment_";
    if (sw_equal(name, "NULL"))
        return;
    for (name += sw_starts_with(name, PREFIX) ? strlen(PREFIX) : 0; *name; name++)
        sw_buf_printf(buf, "%c", *name == '_' ? ' ' : *name);
}

char *reference_states_new(void)
{
    struct sw_buf buf = { 0 };
    print_diagram(&buf);
    sw_buf_puts(&buf, "| state | input | if it | next | announced as | why |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < DEPLOYMENT_TABLE_COUNT; i++) {
        const struct deployment_row *row = &DEPLOYMENT_TABLE[i];
        sw_buf_printf(&buf, "| %s | %s | ", proto_deployment_state_name(row->state), deployment_input_name(row->input));
        print_guard(&buf, row->guard_name);
        sw_buf_printf(&buf, " | %s | %s | %s |\n", proto_deployment_state_name(row->next), row->event ? row->event : "",
                      row->why);
    }
    return sw_buf_take(&buf);
}
