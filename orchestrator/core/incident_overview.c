/* SPDX-License-Identifier: Apache-2.0
 * Private incidents are in none of these lists. */
#include "orchestrator/core/incident_overview.h"

#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_text.h"

#include <stdio.h>
#include <string.h>

enum { MAX_SHOWN = 100, PAST = 15 };

struct line {
    json_t *view; /* borrowed */
    const json_t *detail;
    int64_t priority;
    const char *title, *state;
};

static struct line line_of(json_t *view)
{
    const json_t *detail = json_object_get(view, "detail");
    return (struct line){ .view = view,
                          .detail = detail,
                          .priority = jx_i64_or(json_object_get(detail, "priority"), "n", 99),
                          .title = jx_string_or(detail, "title", ""),
                          .state = jx_string_or(view, "state", "") };
}

static int compare(const void *a, const void *b)
{
    const struct line *left = a, *right = b;
    if (left->priority != right->priority)
        return left->priority < right->priority ? -1 : 1;
    int order = sw_compare_folded(left->title, right->title);
    return order ? order : strcmp(jx_string_or(left->view, "workflow", ""), jx_string_or(right->view, "workflow", ""));
}

static size_t sorted(const json_t *views, struct line ret_lines[MAX_SHOWN])
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(views) && count < MAX_SHOWN; i++) {
        struct line line = line_of(json_array_get(views, i));
        if (!jx_bool_or(line.detail, "private", false) && !sw_equal(line.state, "archived"))
            ret_lines[count++] = line;
    }
    qsort(ret_lines, count, sizeof *ret_lines, compare);
    return count;
}

static json_t *shown_new(const struct line *line)
{
    static const char *const KEYS[] = { "number", "title", "channel", "priority", "state_words", "roles", "tracker" };
    json_t *shown = json_pack("{ss ss sI}", "workflow", jx_string_or(line->view, "workflow", ""), "state", line->state,
                              "since", (json_int_t)jx_i64_or(json_object_get(line->detail, "times"), "created", 0));
    for (size_t i = 0; shown && i < SW_COUNT(KEYS); i++) {
        json_t *value = json_object_get(line->detail, KEYS[i]);
        if (value && json_object_set(shown, KEYS[i], value) != 0) {
            json_decref(shown);
            return NULL;
        }
    }
    return shown;
}

static void add_people(struct incident_turn *turn, json_t *people, const struct line *line)
{
    json_t *known = json_object_get(line->detail, "people");
    if (known && json_object_update_missing(people, known) != 0)
        turn->broken = true;
}

static void put_line(struct sw_buf *text, const struct line *line)
{
    const json_t *channel = json_object_get(line->detail, "channel");
    const char *id = jx_string_or(channel, "id", "");
    sw_buf_printf(text, "\n#%lld %s %s, %s", (long long)jx_i64_or(line->detail, "number", 0),
                  jx_string_or(json_object_get(line->detail, "priority"), "name", ""), line->title,
                  jx_string_or(line->detail, "state_words", ""));
    if (*id)
        sw_buf_printf(text, " <#%s>", id);
}

enum bucket { FIERY, MITIGATED, OTHER, BUCKETS };

static enum bucket bucket_of(const struct line *line)
{
    bool mitigated = jx_i64_or(json_object_get(line->detail, "times"), "mitigated", 0) != 0;
    bool open = sw_equal(line->state, "started") || sw_equal(line->state, "acknowledged") ||
                sw_equal(line->state, "mitigated") || sw_equal(line->state, "blocked");
    return !open ? OTHER : mitigated ? MITIGATED : FIERY;
}

static void collect(struct incident_turn *turn, const struct line *lines, size_t count, bool all)
{
    json_t *lists[BUCKETS] = { json_array(), json_array(), json_array() }, *people = json_object();
    SW_AUTO_BUF struct sw_buf text = { .max_bytes = INCIDENT_MAX_TEXT };
    for (enum bucket bucket = FIERY; bucket < BUCKETS; bucket++)
        for (size_t i = 0; i < count; i++) {
            if (bucket_of(&lines[i]) != bucket || (bucket == OTHER && !all))
                continue;
            put_line(&text, &lines[i]);
            add_people(turn, people, &lines[i]);
            if (json_array_append_new(lists[bucket], shown_new(&lines[i])) != 0)
                turn->broken = true;
        }
    size_t active = json_array_size(lists[FIERY]) + json_array_size(lists[MITIGATED]);
    if (text.length)
        incident_answer(turn, "%zu incident%s active:%s", active, active == 1 ? " is" : "s are", sw_buf_string(&text));
    else
        incident_answer(turn, "All clear: no incident is active.");
    incident_card(turn, "overview",
                  json_pack("{so so so so}", "active", lists[FIERY], "mitigated", lists[MITIGATED], "others",
                            lists[OTHER], "people", people));
}

static struct sw_status show_open(struct incident_turn *turn, bool all)
{
    struct line lines[MAX_SHOWN];
    JX_AUTO json_t *views = turn->reads->open(turn->reads->self, "incident");
    if (!views)
        return sw_fail(SW_CODE_NO_MEMORY, "incidents could not be read");
    collect(turn, lines, sorted(views, lines), all);
    return sw_ok();
}

struct sw_status incident_show_overview(struct incident_turn *turn) { return show_open(turn, false); }

struct sw_status incident_show_list(struct incident_turn *turn) { return show_open(turn, true); }

struct sw_status incident_show_past(struct incident_turn *turn)
{
    SW_AUTO_BUF struct sw_buf text = { .max_bytes = INCIDENT_MAX_TEXT };
    const char *service = *turn->said ? turn->said : NULL;
    JX_AUTO json_t *views = turn->reads->recent(turn->reads->self, "incident", service, PAST);
    json_t *entries = json_array(), *people = json_object();
    if (!views || !entries || !people)
        turn->broken = true;
    for (size_t i = 0; i < json_array_size(views); i++) {
        struct line line = line_of(json_array_get(views, i));
        if (jx_bool_or(line.detail, "private", false))
            continue;
        put_line(&text, &line);
        add_people(turn, people, &line);
        if (json_array_append_new(entries, shown_new(&line)) != 0)
            turn->broken = true;
    }
    incident_answer(turn, text.length ? "The latest incidents:%s" : "There has been no incident.%s",
                    sw_buf_string(&text));
    incident_card(turn, "overview", json_pack("{so so}", "past", entries, "people", people));
    return sw_ok();
}
