/* SPDX-License-Identifier: Apache-2.0
 * lru: a bounded map from string keys to pointers, with expiry; the least recently used entry makes room for a new one.
 * Pure: time comes with the call. Threads: the caller serialises. Ownership: keys are copied; values are freed by the
 * release function given at creation (NULL: not owned). */
#ifndef COMMON_BASE_LRU_H
#define COMMON_BASE_LRU_H

#include "common/base/attrs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sw_lru;

struct sw_lru *sw_lru_new(size_t max_entries, int64_t ttl_ms, void (*release)(void *value)) SW_MUST_CHECK;
void sw_lru_free(struct sw_lru *lru);
/* Replaces the value of a present key. False when out of memory; the value is then released. */
bool sw_lru_put(struct sw_lru *lru, const char *key, void *value, int64_t now_ms);
/* NULL when absent or expired; `ret_found` may be NULL, and tells a stored NULL from absence. */
void *sw_lru_get(struct sw_lru *lru, const char *key, int64_t now_ms, bool *ret_found);
void sw_lru_remove(struct sw_lru *lru, const char *key);
size_t sw_lru_count(const struct sw_lru *lru);

#endif
