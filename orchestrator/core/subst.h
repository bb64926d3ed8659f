/* SPDX-License-Identifier: Apache-2.0
 * subst: ${name} in texts of a pipeline. `$$` is a dollar sign; a dollar before anything else stands for itself.
 *
 * Pure. One text gives one text: nothing is split, nothing is evaluated twice. */
#ifndef ORCHESTRATOR_CORE_SUBST_H
#define ORCHESTRATOR_CORE_SUBST_H

#include "common/base/status.h"

#include <stddef.h>

/* The value of a name of name_bytes bytes, or NULL when it is unknown. */
typedef const char *subst_lookup_fn(void *self, const char *name, size_t name_bytes);

enum { SUBST_MAX_BYTES = 32 * 1024 };

/* SW_CODE_INVALID names what is wrong: an unknown name, a ${ without its }. free() the result. */
struct sw_status subst_new(const char *text, subst_lookup_fn *lookup, void *self, char **ret_text) SW_MUST_CHECK;
bool subst_has_names(const char *text); /* contains a ${ that is not escaped */

#endif
