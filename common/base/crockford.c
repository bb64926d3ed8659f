/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/crockford.h"

#include <string.h>

static const char ALPHABET[] = "0123456789abcdefghjkmnpqrstvwxyz";

void sw_crockford(const uint8_t *bytes, size_t characters, char *ret_text)
{
    for (size_t i = 0; i < characters; i++) {
        size_t bit = i * 5;
        uint32_t pair = (uint32_t)bytes[bit / 8] << 8;
        if (bit % 8 > 3) /* the five bits reach into the next byte */
            pair |= bytes[bit / 8 + 1];
        ret_text[i] = ALPHABET[(pair >> (11 - bit % 8)) & 31];
    }
    ret_text[characters] = '\0';
}

bool sw_crockford_valid(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!text[i] || !strchr(ALPHABET, text[i]))
            return false;
    return true;
}
