/* SPDX-License-Identifier: Apache-2.0
 * The part of text.h in which capitals do not matter. Source: Unicode's CaseFolding.txt, the simple mappings (C) of
 * Latin-1, Latin Extended-A, Greek and Cyrillic: what names of teams and systems are written in where letters have two
 * cases. */
#include "common/base/text.h"

/* Letters whose small form is so many code points further on; step 2: every second one, from the first. */
static const struct {
    uint32_t first, last, step;
    int32_t distance;
} RANGES[] = {
    { 'A', 'Z', 1, 32 },     { 0xC0, 0xD6, 1, 32 },   { 0xD8, 0xDE, 1, 32 },   { 0x100, 0x12E, 2, 1 },
    { 0x132, 0x136, 2, 1 },  { 0x139, 0x147, 2, 1 },  { 0x14A, 0x176, 2, 1 },  { 0x178, 0x178, 1, -121 },
    { 0x179, 0x17D, 2, 1 },  { 0x386, 0x386, 1, 38 }, { 0x388, 0x38A, 1, 37 }, { 0x38C, 0x38C, 1, 64 },
    { 0x38E, 0x38F, 1, 63 }, { 0x391, 0x3AB, 1, 32 }, { 0x3C2, 0x3C2, 1, 1 },  { 0x400, 0x40F, 1, 80 },
    { 0x410, 0x42F, 1, 32 }, { 0x460, 0x480, 2, 1 },  { 0x48A, 0x4BE, 2, 1 },  { 0x4D0, 0x52E, 2, 1 },
};

static uint32_t folded(uint32_t letter)
{
    for (size_t i = 0; i < SW_COUNT(RANGES); i++)
        if (letter >= RANGES[i].first && letter <= RANGES[i].last && (letter - RANGES[i].first) % RANGES[i].step == 0)
            return (uint32_t)((int32_t)letter + RANGES[i].distance);
    return letter;
}

/* The letter at *text, which moves on; a byte that begins none stands for itself. */
static uint32_t take_letter(const char **text)
{
    const unsigned char *bytes = (const unsigned char *)*text;
    const size_t length = sw_utf8_prefix_bytes(*text, 1);
    uint32_t letter = bytes[0];
    if (length >= 2 && length <= 4 && sw_utf8_valid(*text, length)) {
        letter = bytes[0] & (0x7Fu >> length);
        for (size_t i = 1; i < length; i++)
            letter = letter << 6 | (bytes[i] & 0x3Fu);
        *text += length;
    } else
        *text += bytes[0] != 0;
    return folded(letter);
}

int sw_compare_folded(const char *a, const char *b)
{
    uint32_t left, right;
    do {
        left = take_letter(&a);
        right = take_letter(&b);
    } while (left == right && left);
    return left < right ? -1 : left > right;
}
