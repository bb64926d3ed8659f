/* SPDX-License-Identifier: Apache-2.0
 * The tables of states as Markdown: a Mermaid diagram, and a row for each transition. */
#include "orchestrator/core/reference.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/deployment_table.h"
#include "orchestrator/core/incident_table.h"
#include "proto/view.h"

#include <string.h>

/* A row of any kind's table. */
struct line {
    const char *state, *input, *guard, *next, *event, *why;
};

struct machine {
    const char *kind, *begin, *also; /* begin: the state's first arrow; also: more lines of the diagram, "" */
    size_t count;
    struct line (*at)(size_t index);
};

static struct line deployment_line(size_t index)
{
    const struct deployment_row *row = &DEPLOYMENT_TABLE[index];
    return (struct line){ .state = proto_deployment_state_name(row->state),
                          .input = deployment_input_name(row->input),
                          .guard = row->guard_name,
                          .next = proto_deployment_state_name(row->next),
                          .event = row->event,
                          .why = row->why };
}

static struct line incident_line(size_t index)
{
    const struct incident_transition *row = &INCIDENT_TRANSITIONS[index];
    return (struct line){ .state = incident_state_name(row->state),
                          .input = incident_input_name(row->input),
                          .guard = row->guard_name,
                          .next = incident_state_name(row->next),
                          .event = row->event,
                          .why = row->why };
}

static bool same_arrow(const struct line *a, const struct line *b)
{
    return sw_equal(a->state, b->state) && sw_equal(a->next, b->next);
}

/* An arrow is drawn once, whatever the number of its rows. */
static bool first_of_its_arrow(const struct machine *machine, size_t at)
{
    struct line arrow = machine->at(at);
    for (size_t i = 0; i < at; i++) {
        struct line other = machine->at(i);
        if (same_arrow(&arrow, &other))
            return false;
    }
    return true;
}

/* A row that comes up again under another guard adds no word. */
static bool first_of_its_input(const struct machine *machine, size_t arrow, size_t at)
{
    struct line line = machine->at(at);
    for (size_t i = arrow; i < at; i++) {
        struct line other = machine->at(i);
        if (same_arrow(&line, &other) && sw_equal(line.input, other.input))
            return false;
    }
    return true;
}

/* Mermaid ends a label at a second colon. */
static void print_label(struct sw_buf *buf, const char *label)
{
    for (; *label; label++)
        if (*label != ':')
            sw_buf_printf(buf, "%c", *label);
}

static void print_arrow(struct sw_buf *buf, const struct machine *machine, size_t at)
{
    struct line arrow = machine->at(at);
    const char *comma = "";
    sw_buf_printf(buf, "    %s --> %s : ", arrow.state, arrow.next);
    for (size_t i = at; i < machine->count; i++) {
        struct line line = machine->at(i);
        if (!same_arrow(&line, &arrow) || !first_of_its_input(machine, at, i))
            continue;
        sw_buf_puts(buf, comma);
        print_label(buf, line.input);
        comma = ", ";
    }
    sw_buf_puts(buf, "\n");
}

/* Final: the table leads into it, and out of it nowhere. */
static bool is_final(const struct machine *machine, const char *state)
{
    for (size_t i = 0; i < machine->count; i++) {
        struct line line = machine->at(i);
        if (sw_equal(line.state, state) && !sw_equal(line.next, state))
            return false;
    }
    return true;
}

/* The first row that leads into the row's next state from another one. */
static bool first_into(const struct machine *machine, size_t at)
{
    struct line line = machine->at(at);
    for (size_t i = 0; i < at; i++) {
        struct line other = machine->at(i);
        if (sw_equal(line.next, other.next) && !sw_equal(other.state, other.next))
            return false;
    }
    return !sw_equal(line.state, line.next);
}

/* Rows that stay where they are are in the table below it; as arrows they would hide the others. */
static void print_diagram(struct sw_buf *buf, const struct machine *machine)
{
    sw_buf_printf(buf, "```mermaid\nstateDiagram-v2\n    [*] --> %s\n", machine->begin);
    for (size_t i = 0; i < machine->count; i++) {
        struct line line = machine->at(i);
        if (!sw_equal(line.state, line.next) && first_of_its_arrow(machine, i))
            print_arrow(buf, machine, i);
    }
    for (size_t i = 0; i < machine->count; i++)
        if (first_into(machine, i) && is_final(machine, machine->at(i).next))
            sw_buf_printf(buf, "    %s --> [*]\n", machine->at(i).next);
    sw_buf_printf(buf, "%s```\n\n", machine->also);
}

/* "deployment_is_last" -> "is last" */
static void print_guard(struct sw_buf *buf, const struct machine *machine, const char *name)
{
    if (sw_equal(name, "NULL"))
        return;
    for (name += sw_starts_with(name, machine->kind) ? strlen(machine->kind) + 1 : 0; *name; name++)
        sw_buf_printf(buf, "%c", *name == '_' ? ' ' : *name);
}

static void print_table(struct sw_buf *buf, const struct machine *machine)
{
    sw_buf_puts(buf, "| state | input | if it | next | announced as | why |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < machine->count; i++) {
        struct line line = machine->at(i);
        sw_buf_printf(buf, "| %s | %s | ", line.state, line.input);
        print_guard(buf, machine, line.guard);
        sw_buf_printf(buf, " | %s | %s | %s |\n", line.next, line.event ? line.event : "", line.why);
    }
}

char *reference_states_new(const char *kind)
{
    const struct machine MACHINES[] = {
        { "deployment", "queued : deploy\n    [*] --> rejected : refused", "    rejected --> [*]\n",
          DEPLOYMENT_TABLE_COUNT, deployment_line },
        { "incident", "started : declared", "", INCIDENT_TRANSITION_COUNT, incident_line },
    };
    for (size_t i = 0; i < SW_COUNT(MACHINES); i++) {
        struct sw_buf buf = { 0 };
        if (!sw_equal(MACHINES[i].kind, kind))
            continue;
        print_diagram(&buf, &MACHINES[i]);
        print_table(&buf, &MACHINES[i]);
        return sw_buf_take(&buf);
    }
    return NULL;
}
