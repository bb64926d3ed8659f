/* SPDX-License-Identifier: Apache-2.0
 * The names of the incident table: which row has one, and which is nearest to a word that none has. */
#include "gateway/core/incident_table.h"

#include "common/base/attrs.h"
#include "common/base/text.h"

#include <ctype.h>
#include <string.h>

enum { MAX_NAMES = 192 };

static const struct {
    int32_t priority;
    const char *names; /* as in the presets of incidents.priorities */
} PRIORITIES[] = {
    { 1, "hi high critical crit" },
    { 2, "mid med medium normal" },
    { 3, "lo low lite light" },
    { 4, "backlog none" },
    { 5, "wontfix" },
};

static bool is_joint(char c) { return c == '-' || c == '_'; }

static bool same(const char *a, size_t a_length, const char *b, size_t b_length)
{
    const char *a_end = a + a_length, *b_end = b + b_length;
    for (;; a++, b++) {
        while (a < a_end && is_joint(*a))
            a++;
        while (b < b_end && is_joint(*b))
            b++;
        if (a == a_end || b == b_end)
            return a == a_end && b == b_end;
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
    }
}

bool incident_word_same(const char *word, size_t length, const char *name)
{
    return same(word, length, name, strlen(name));
}

/* One of the blank-separated names. */
static bool is_among(const char *word, size_t length, const char *names)
{
    while (names && *names) {
        size_t name = strcspn(names, " ");
        if (same(word, length, names, name))
            return true;
        names += name + strspn(names + name, " ");
    }
    return false;
}

const struct incident_row *incident_row_find(const char *word, size_t length)
{
    if (length == 0 || is_joint(*word) || is_joint(word[length - 1]))
        return NULL;
    for (size_t i = 0; i < INCIDENT_TABLE_COUNT; i++) {
        const struct incident_row *row = &INCIDENT_TABLE[i];
        if (incident_word_same(word, length, row->verb) || is_among(word, length, row->aliases))
            return row;
    }
    return NULL;
}

int32_t incident_alias_priority(const char *word, size_t length)
{
    for (size_t i = 0; i < SW_COUNT(PRIORITIES); i++)
        if (is_among(word, length, PRIORITIES[i].names))
            return PRIORITIES[i].priority;
    return 0;
}

/* ---- near misses ---- */

/* The names as strings of their own: sw_nearest() wants each to end. */
struct names {
    const char *at[MAX_NAMES];
    size_t count, used;
    char storage[2048];
};

static void add_names(struct names *names, const char *list)
{
    while (list && *list) {
        size_t length = strcspn(list, " ");
        if (names->count == MAX_NAMES || names->used + length + 1 > sizeof names->storage)
            return; /* a test holds the table below both */
        char *name = names->storage + names->used;
        memcpy(name, list, length);
        name[length] = '\0';
        names->used += length + 1;
        names->at[names->count++] = name;
        list += length + strspn(list + length, " ");
    }
}

bool incident_word_near(const char *word, char ret_near[INCIDENT_WORD_SIZE])
{
    char lower[INCIDENT_WORD_SIZE];
    struct names names = { .count = 0 };
    if (!sw_copy(lower, sizeof lower, word))
        return false;
    for (char *at = lower; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    for (size_t i = 0; i < INCIDENT_TABLE_COUNT; i++)
        add_names(&names, INCIDENT_TABLE[i].verb);
    for (size_t i = 0; i < INCIDENT_TABLE_COUNT; i++)
        add_names(&names, INCIDENT_TABLE[i].aliases);
    for (size_t i = 0; i < SW_COUNT(PRIORITIES); i++)
        add_names(&names, PRIORITIES[i].names);
    const char *near = sw_nearest(lower, names.at, names.count);
    return near && sw_copy(ret_near, INCIDENT_WORD_SIZE, near);
}
