/* SPDX-License-Identifier: Apache-2.0
 * fields: reading texts of limited size out of JSON, for the decoders of proto/. */
#ifndef PROTO_FIELDS_H
#define PROTO_FIELDS_H

#include "common/json/jx.h"

/* Absent and null leave "". Too long, or not a text: SW_CODE_INVALID with the key. */
struct sw_status proto_read_text(const json_t *object, const char *key, char *ret_text, size_t size) SW_MUST_CHECK;
/* The same, and "" is refused. */
struct sw_status proto_need_text(const json_t *object, const char *key, char *ret_text, size_t size) SW_MUST_CHECK;
/* Absent and null leave NULL. free() the text. */
struct sw_status proto_read_new(const json_t *object, const char *key, size_t max_bytes, char **ret_text) SW_MUST_CHECK;
/* Absent and null leave 0. */
struct sw_status proto_read_time(const json_t *object, const char *key, int64_t *ret_at_ms) SW_MUST_CHECK;
/* Absent and null leave NULL. A new reference. */
struct sw_status proto_read_object(const json_t *object, const char *key, json_t **ret_object) SW_MUST_CHECK;
/* "" becomes null. */
bool proto_set_text(json_t *object, const char *key, const char *text);

#endif
