/* SPDX-License-Identifier: Apache-2.0
 * What can be said to an incident as a Markdown table: each word, what it does, and in which states. */
#include "orchestrator/core/reference.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/incident_verbs.h"

enum { MOST = 5 }; /* above it, those in which it is refused are the shorter list */

static bool is_taken(enum incident_state state, enum incident_input input)
{
    for (size_t i = 0; i < INCIDENT_TRANSITION_COUNT; i++)
        if (INCIDENT_TRANSITIONS[i].state == state && INCIDENT_TRANSITIONS[i].input == input)
            return true;
    return false;
}

static void print_states(struct sw_buf *buf, enum incident_input input)
{
    size_t taken = 0;
    for (int state = 0; state < INCIDENT_STATE_COUNT; state++)
        taken += is_taken((enum incident_state)state, input);
    bool refused = taken > MOST;
    if (taken == INCIDENT_STATE_COUNT)
        sw_buf_puts(buf, "always");
    const char *separator = refused ? "not " : "";
    for (int state = 0; state < INCIDENT_STATE_COUNT; state++) {
        if (is_taken((enum incident_state)state, input) == refused)
            continue;
        sw_buf_printf(buf, "%s%s", separator, incident_state_name((enum incident_state)state));
        separator = ", ";
    }
}

char *reference_words_new(void)
{
    struct sw_buf buf = { 0 };
    sw_buf_puts(&buf, "| say | what it does | in which states | only full members |\n|---|---|---|---|\n");
    for (size_t i = 0; i < incident_verb_count(); i++) {
        const struct incident_verb *verb = incident_verb_at(i);
        if (!*verb->usage)
            continue; /* what was not understood */
        sw_buf_printf(&buf, "| `.%s` | %s | ", verb->usage, verb->help);
        print_states(&buf, verb->input);
        sw_buf_printf(&buf, " | %s |\n", verb->sensitive ? "yes" : "");
    }
    return sw_buf_take(&buf);
}
