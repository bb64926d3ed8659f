/* SPDX-License-Identifier: Apache-2.0
 * jx: the project's way into jansson: parsing with limits, and field access whose errors name the path.
 *
 * Ownership: json_t by jansson's rules; the _new functions return a new reference. Threads: as jansson. */
#ifndef COMMON_JSON_JX_H
#define COMMON_JSON_JX_H

#include "common/base/status.h"

#include <jansson.h>
#include <stdint.h>

static inline void jx_decref_ptr(json_t **json) { json_decref(*json); }
#define JX_AUTO SW_CLEANUP(jx_decref_ptr)

/* Refuses duplicate keys, NUL in strings and anything behind the value. At most 1 MiB and 64 levels deep. */
struct sw_status jx_parse(const char *data, size_t length, json_t **ret_json) SW_MUST_CHECK;
/* Compact, keys sorted: the canonical form, equal for equal values. free() the result; NULL when out of memory. */
char *jx_dump_new(const json_t *json);

/* Required and optional fields of an object. Optional: absent and null both give the "absent" value. */
struct sw_status jx_need_string(const json_t *object, const char *key,
                                const char **ret_text) SW_MUST_CHECK; /* not "" */
struct sw_status jx_need_i64(const json_t *object, const char *key, int64_t *ret_value) SW_MUST_CHECK;
struct sw_status jx_need_object(const json_t *object, const char *key, const json_t **ret_object) SW_MUST_CHECK;
struct sw_status jx_need_array(const json_t *object, const char *key, const json_t **ret_array) SW_MUST_CHECK;
const char *jx_string(const json_t *object, const char *key); /* NULL when absent or no string */
const char *jx_string_or(const json_t *object, const char *key, const char *preset);
int64_t jx_i64_or(const json_t *object, const char *key, int64_t preset);
bool jx_bool_or(const json_t *object, const char *key, bool preset);

/* Setters that say absence: a NULL string, a time of 0 become null. False when out of memory. */
bool jx_set_string(json_t *object, const char *key, const char *text);
bool jx_set_i64(json_t *object, const char *key, int64_t value);
bool jx_set_time(json_t *object, const char *key, int64_t at_ms); /* RFC 3339 */
bool jx_set_take(json_t *object, const char *key, json_t *value); /* takes the reference, also on failure */
int64_t jx_time_or(const json_t *object, const char *key, int64_t preset);

#endif
