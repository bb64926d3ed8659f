/* SPDX-License-Identifier: Apache-2.0
 * attrs: compiler attributes and the two ownership macros. SW_CLEANUP(fn) runs fn(&variable) when the variable leaves
 * its scope; SW_TAKE(pointer) yields the pointer and leaves NULL behind, so that returning it disarms the cleanup. */
#ifndef COMMON_BASE_ATTRS_H
#define COMMON_BASE_ATTRS_H

#include <stdlib.h>

#define SW_MUST_CHECK __attribute__((warn_unused_result))
#define SW_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define SW_NORETURN __attribute__((noreturn))
#define SW_CLEANUP(fn) __attribute__((cleanup(fn)))
#define SW_COUNT(array) (sizeof(array) / sizeof *(array))
#define SW_TAKE(pointer)                                                                                               \
    __extension__({                                                                                                    \
        __typeof__(pointer) sw_taken_ = (pointer);                                                                     \
        (pointer) = NULL;                                                                                              \
        sw_taken_;                                                                                                     \
    })

static inline void sw_free_ptr(void *pointer) { free(*(void **)pointer); }
#define SW_AUTO_FREE SW_CLEANUP(sw_free_ptr)

#endif
