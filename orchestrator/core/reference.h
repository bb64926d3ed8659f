/* SPDX-License-Identifier: Apache-2.0
 * reference: the tables of this folder as Markdown, so that the documentation cannot say anything else. tests/lint
 * checks that docs/ holds what these functions say. Returns allocated texts; NULL when there is no memory. */
#ifndef ORCHESTRATOR_CORE_REFERENCE_H
#define ORCHESTRATOR_CORE_REFERENCE_H

char *reference_config_new(void); /* every key of slipway.yaml, a table for each place */
/* A kind's states: a Mermaid diagram, and a row for each transition. Also NULL: there is no such kind. */
char *reference_states_new(const char *kind);
char *reference_words_new(void); /* what can be said to an incident */

#endif
