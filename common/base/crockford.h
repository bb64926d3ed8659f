/* SPDX-License-Identifier: Apache-2.0
 * crockford: lower-case Crockford base32 (0-9 a-z without i l o u), the alphabet of workflow ids. */
#ifndef COMMON_BASE_CROCKFORD_H
#define COMMON_BASE_CROCKFORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes `characters` characters and a NUL, taking 5 bits each from the front of `bytes` (most significant bit first).
 * `bytes` must hold at least characters * 5 bits. */
void sw_crockford(const uint8_t *bytes, size_t characters, char *ret_text);
bool sw_crockford_valid(const char *text, size_t length);

#endif
