/* SPDX-License-Identifier: Apache-2.0
 * What a card reads of its data and of the incident, and the parts of a message that several cards show. */
#include "gateway/core/render_sheet.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "gateway/core/escape.h"

#include <string.h>

enum { BLOCKERS_SHOWN = 8, REASON_UNITS = 200 };

int64_t sheet_ms(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    int64_t at_ms = 0;
    if (json_is_integer(value))
        return json_integer_value(value) > 0 ? json_integer_value(value) : 0;
    if (json_is_string(value) && sw_rfc3339_parse(json_string_value(value), &at_ms))
        return at_ms;
    return 0;
}

int64_t sheet_at(const struct sheet *sheet, const char *key)
{
    const int64_t at_ms = sheet_ms(json_object_get(sheet->detail, "times"), key);
    return at_ms == 0 && sw_equal(key, "created") ? sheet->created_at_ms : at_ms;
}

const json_t *sheet_get(const struct sheet *sheet, const char *key)
{
    const json_t *value = json_object_get(sheet->data, key);
    if (!value || json_is_null(value))
        value = json_object_get(sheet->detail, key);
    return value && !json_is_null(value) ? value : NULL;
}

int64_t sheet_i64(const struct sheet *sheet, const char *key, int64_t preset)
{
    const json_t *value = sheet_get(sheet, key);
    return json_is_integer(value) ? json_integer_value(value) : preset;
}

const char *sheet_str(const struct sheet *sheet, const char *key, const char *preset)
{
    const char *text = json_string_value(sheet_get(sheet, key));
    return text && *text ? text : preset;
}

const char *sheet_role(const struct sheet *sheet, const char *role)
{
    return jx_string_or(json_object_get(sheet->detail, "roles"), role, "");
}

/* ---- states ---- */

bool sheet_in(const struct sheet *sheet, const char *state) { return sw_equal(sheet->state, state); }

bool sheet_active(const struct sheet *sheet)
{
    return sheet_in(sheet, "started") || sheet_in(sheet, "acknowledged") || sheet_in(sheet, "mitigated") ||
           sheet_in(sheet, "blocked");
}

bool sheet_over(const struct sheet *sheet)
{
    return sheet_in(sheet, "completed") || sheet_in(sheet, "cancelled") || sheet_in(sheet, "archived");
}

bool sheet_high(const struct sheet *sheet) { return jx_bool_or(sheet_get(sheet, "priority"), "high", false); }

/* Configured as "fire" or ":fire:"; anything that is no name of an emoji is not shown. */
const char *sheet_emoji(const struct sheet *sheet)
{
    if (sheet_in(sheet, "cancelled"))
        return "heavy_multiplication_x";
    if (sheet_in(sheet, "blocked"))
        return "no_entry";
    if (*sheet->state && !sheet_active(sheet))
        return "sunny";
    const char *name = jx_string_or(sheet_get(sheet, "priority"), "emoji", "fire");
    return *name && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_+-")] == '\0' && strlen(name) < 50 ? name
                                                                                                               : "fire";
}

static int64_t took(const struct sheet *sheet)
{
    static const char *const ENDS[] = { "resolved", "cancelled", "completed", "archived" };
    const int64_t begun_ms = sheet_at(sheet, sheet_at(sheet, "genesis") ? "genesis" : "created");
    int64_t end_ms = 0;
    for (size_t i = 0; i < SW_COUNT(ENDS) && !end_ms; i++)
        end_ms = sheet_at(sheet, ENDS[i]);
    if (!end_ms)
        end_ms = sheet->now_ms;
    return begun_ms && end_ms > begun_ms ? end_ms - begun_ms : 0;
}

void sheet_lasted(struct sheet *sheet, const char *before)
{
    const int64_t took_ms = took(sheet);
    if (took_ms <= 0)
        return;
    sheet_say(sheet, "%s", before);
    sheet_duration(sheet, took_ms);
    sheet_say(sheet, " from its %s", sheet_at(sheet, "genesis") ? "beginning" : "declaration");
}

/* ---- shared parts ---- */

void sheet_roles(struct sheet *sheet)
{
    static const struct {
        const char *key, *label;
        bool always;
    } ROLES[] = { { "point", "Point", true },
                  { "comms", "Comms", true },
                  { "triage", "Triage", false },
                  { "eng", "Engineering", false },
                  { "assigned", "Review owner", false } };
    const char *between = "";
    for (size_t i = 0; i < SW_COUNT(ROLES); i++) {
        const char *user = sheet_role(sheet, ROLES[i].key);
        if (!*user && !(ROLES[i].always && sheet_active(sheet)))
            continue;
        sheet_say(sheet, "%s*%s* ", between, ROLES[i].label);
        sheet_user(sheet, user);
        between = " · ";
    }
}

static void put_blocker(struct sheet *sheet, const json_t *blocker)
{
    sheet_say(sheet, ":no_entry: Waits for ");
    sheet_bold(sheet, jx_string_or(blocker, "who", "somebody"), SHEET_NAME_UNITS);
    if (!sw_blank(jx_string(blocker, "why")))
        sheet_say(sheet, ": ");
    sheet_put(sheet, jx_string(blocker, "why"), REASON_UNITS);
    if (sheet_ms(blocker, "at")) {
        sheet_say(sheet, " · since ");
        sheet_time(sheet, sheet_ms(blocker, "at"));
    }
}

void sheet_blockers(struct sheet *sheet)
{
    size_t index, shown = 0, count = 0;
    json_t *blocker;
    json_array_foreach((json_t *)(uintptr_t)json_object_get(sheet->detail, "blockers"), index, blocker)
    {
        if (sheet_ms(blocker, "until") || ++count > BLOCKERS_SHOWN)
            continue;
        put_blocker(sheet, blocker);
        sheet_end(sheet);
        shown++;
    }
    if (count > shown)
        sheet_hint(sheet, "and %zu more blockers: `.blockers` lists them", count - shown);
}

static void put_span(struct sheet *sheet, const char *words, int64_t from_ms, int64_t to_ms)
{
    if (!from_ms || !to_ms)
        return;
    sheet_say(sheet, " · %s ", words);
    sheet_duration(sheet, to_ms > from_ms ? to_ms - from_ms : from_ms - to_ms);
}

void sheet_core4(struct sheet *sheet)
{
    static const struct {
        const char *key, *label, *span, *from, *how;
    } POINTS[] = {
        { "genesis", "Began", NULL, NULL, "`.genesis &lt;when&gt;` sets it" },
        { "detected", "Detected", "time to detect", "genesis", "`.detected &lt;when&gt;` sets it" },
        { "acknowledged", "Acknowledged", "time to acknowledge", "detected",
          "`.ack`, or point and comms together, set it" },
        { "mitigated", "Mitigated", "time to mitigate", "genesis", "`.mitigated &lt;when&gt;` sets it" },
        { "resolved", "Resolved", "time to resolve", "genesis", "set by `.resolve`" },
    };
    for (size_t i = 0; i < SW_COUNT(POINTS); i++) {
        const int64_t at_ms = sheet_at(sheet, POINTS[i].key);
        sheet_say(sheet, "*%s* ", POINTS[i].label);
        if (at_ms)
            sheet_time(sheet, at_ms);
        else
            sheet_say(sheet, "not known; %s", POINTS[i].how);
        if (POINTS[i].span)
            put_span(sheet, POINTS[i].span, sheet_at(sheet, POINTS[i].from), at_ms);
        sheet_end(sheet);
    }
}
