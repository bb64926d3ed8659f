/* SPDX-License-Identifier: Apache-2.0
 * Components and who is affected: sorted lists without duplicates, in which case does not matter. */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "orchestrator/core/incident_act.h"
#include "orchestrator/core/incident_config.h"
#include "orchestrator/core/incident_text.h"

/* The index of the name, or where it would stand. */
static size_t place_of(const json_t *list, const char *name, bool *ret_there)
{
    size_t place = json_array_size(list);
    *ret_there = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const int order = sw_compare_folded(json_string_value(json_array_get(list, i)), name);
        *ret_there = order == 0;
        if (order == 0)
            return i;
        if (order > 0 && place > i)
            place = i;
    }
    return place;
}

static void insert(struct incident_turn *turn, json_t *list, const char *name)
{
    bool there;
    size_t at = place_of(list, name, &there);
    if (!there && json_array_insert_new(list, at, json_string(name)) != 0)
        turn->broken = true;
}

static void join(const json_t *list, struct sw_buf *buf)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        sw_buf_printf(buf, "%s%s", i ? ", " : "", json_string_value(json_array_get(list, i)));
}

/* ---- adding ---- */

struct sorted {
    json_t *added, *dupes, *rejected;
};

/* Names that the tracker does not know are turned away when the configuration says so and it has said what it knows. */
static bool is_known(const struct incident_turn *turn, const char *name)
{
    const json_t *known = json_object_get(incident_part(turn->wf, "tracker"), "known_components");
    bool there = true;
    if (json_is_true(incident_setting(turn->config, "", "strict_components")) && json_is_array(known))
        (void)place_of(known, name, &there); /* it need not be sorted */
    return there;
}

static void sort_names(struct incident_turn *turn, const json_t *names, json_t *list, bool strict,
                       struct sorted *sorted)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        bool there;
        (void)place_of(list, name, &there);
        json_t *to = there ? sorted->dupes : strict && !is_known(turn, name) ? sorted->rejected : sorted->added;
        insert(turn, to, name);
        if (to == sorted->added)
            insert(turn, list, name);
    }
}

static void answer_added(struct incident_turn *turn, const char *what, const struct sorted *sorted, const char *url)
{
    SW_AUTO_BUF struct sw_buf text = { 0 };
    const struct {
        const char *words;
        const json_t *list;
    } PARTS[] = { { "Added: ", sorted->added },
                  { "There already: ", sorted->dupes },
                  { "Not known to the tracker: ", sorted->rejected } };
    for (size_t i = 0; i < SW_COUNT(PARTS); i++)
        if (json_array_size(PARTS[i].list) > 0) {
            sw_buf_printf(&text, "%s%s", text.length ? ". " : "", PARTS[i].words);
            join(PARTS[i].list, &text);
        }
    incident_answer(turn, "%s.", text.length ? sw_buf_string(&text) : "Nothing was added");
    incident_card(turn, what,
                  json_pack("{sO sO sO ss*}", "added", sorted->added, "dupes", sorted->dupes, "rejected",
                            sorted->rejected, "known_url", *url ? url : NULL));
    if (json_array_size(sorted->rejected) > 0)
        (void)sw_copy(turn->answer.reaction, sizeof turn->answer.reaction, "exclamation");
}

static void log_names(struct incident_turn *turn, const char *type, const json_t *names, const char *words)
{
    SW_AUTO_BUF struct sw_buf text = { .max_bytes = INCIDENT_MAX_TEXT };
    if (json_array_size(names) == 0)
        return;
    sw_buf_puts(&text, words);
    join(names, &text);
    (void)incident_log_text(turn, type, sw_buf_string(&text)); /* a full log keeps nobody from acting */
}

static struct sw_status add_names(struct incident_turn *turn, const char *key, const char *card, const char *type,
                                  bool strict)
{
    JX_AUTO json_t *names = incident_text_list(turn->said);
    struct sorted sorted = { json_array(), json_array(), json_array() };
    json_t *list = incident_list_of(turn, key);
    bool full = json_array_size(list) + json_array_size(names) > INCIDENT_MAX_LIST;
    if (!full && !turn->broken) {
        sort_names(turn, names, list, strict, &sorted);
        log_names(turn, type, sorted.added, "Added: ");
        answer_added(turn, card, &sorted, incident_setting_text(turn->config, "", "components_url"));
    }
    json_decref(sorted.added);
    json_decref(sorted.dupes);
    json_decref(sorted.rejected);
    if (full)
        return incident_refuse(turn, "E-TOO-MANY", "There would be more than %d.||||Name the most important ones.",
                               INCIDENT_MAX_LIST);
    return sw_ok();
}

/* ---- showing, taking away ---- */

static struct sw_status show_names(struct incident_turn *turn, const char *key, const char *card, const char *usage)
{
    SW_AUTO_BUF struct sw_buf text = { 0 };
    json_t *list = incident_list_of(turn, key);
    join(list, &text);
    if (text.length)
        incident_answer(turn, "%s", sw_buf_string(&text));
    else
        incident_answer(turn, "There are none so far.");
    incident_hint(turn, "%s", usage);
    const char *url = incident_setting_text(turn->config, "", "components_url");
    incident_card(turn, card, json_pack("{ss*}", "known_url", *url ? url : NULL)); /* the names are the incident's */
    return sw_ok();
}

static struct sw_status remove_name(struct incident_turn *turn, const char *key, const char *type)
{
    json_t *list = incident_list_of(turn, key);
    bool there;
    size_t at = place_of(list, turn->said, &there);
    if (!there)
        return incident_refuse(turn, "E-NOT-FOUND", "There is no `%.100s` in that list.||||`.%s` shows it.", turn->said,
                               type);
    (void)incident_log(turn, type, "Removed: %s", json_string_value(json_array_get(list, at)));
    (void)json_array_remove(list, at); /* it is there */
    incident_answer(turn, "`%.100s` is taken away.", turn->said);
    return sw_ok();
}

struct sw_status incident_component(struct incident_turn *turn)
{
    if (!*turn->said)
        return show_names(turn, "components", "components", "`.component a, b` adds; `.componentrm a` takes away.");
    return add_names(turn, "components", "components", "component", true);
}

struct sw_status incident_component_remove(struct incident_turn *turn)
{
    return remove_name(turn, "components", "component");
}

struct sw_status incident_affected(struct incident_turn *turn)
{
    if (!*turn->said)
        return show_names(turn, "affected", "affected", "`.affected a, b` adds; `.affectedrm a` takes away.");
    return add_names(turn, "affected", "affected", "affected", false);
}

struct sw_status incident_affected_remove(struct incident_turn *turn)
{
    return remove_name(turn, "affected", "affected");
}
