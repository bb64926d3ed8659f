/* SPDX-License-Identifier: Apache-2.0
 * kind_table: which kinds of workflows there are. A new kind is a new row of kind_table.c and nothing else; a test that
 * brings kinds of its own defines these names itself, and the linker leaves kind_table.c out. */
#ifndef ORCHESTRATOR_CORE_KIND_TABLE_H
#define ORCHESTRATOR_CORE_KIND_TABLE_H

#include <stddef.h>

struct kind_join;
struct wf_kind;

extern const struct wf_kind *const KIND_TABLE[]; /* the first one is what questions without a kind are about */
extern const size_t KIND_TABLE_COUNT;
extern const struct kind_join KIND_JOIN; /* kind.h */

#endif
