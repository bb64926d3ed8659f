/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/hook_read.h"

#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "proto/limits.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char BLANKS[] = " \t\r\n\v\f";
enum { TITLE_CHARACTERS = 200, TEXT_CHARACTERS = 2000, URL_BYTES = 2000 };

bool hook_source_read(const char *name, size_t length, char ret_source[HOOK_SOURCE_SIZE])
{
    char source[HOOK_SOURCE_SIZE];
    if (length == 0 || length >= sizeof source)
        return false;
    for (size_t i = 0; i < length; i++) {
        source[i] = name[i] == '_' ? '-' : (char)tolower((unsigned char)name[i]);
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", source[i]))
            return false;
    }
    source[length] = '\0';
    memcpy(ret_source, source, length + 1);
    return true;
}

/* ---- values ---- */

/* The first of the keys that is a text and not blank; NULL: none is. */
static const char *first_of(const json_t *object, const char *const *keys)
{
    for (; *keys; keys++)
        if (!sw_blank(jx_string(object, *keys)))
            return jx_string(object, *keys);
    return NULL;
}

static bool set_cut(json_t *args, const char *key, const char *text, size_t max_characters)
{
    if (!text)
        return jx_set_string(args, key, NULL);
    return jx_set_take(args, key, json_stringn(text, sw_utf8_prefix_bytes(text, max_characters)));
}

/* Titles are one line: line ends become spaces, those around it go. */
static bool set_title(json_t *args, const char *text)
{
    char line[4 * TITLE_CHARACTERS + 1];
    if (!text)
        return jx_set_string(args, "title", NULL);
    text += strspn(text, BLANKS);
    size_t length = sw_utf8_prefix_bytes(text, TITLE_CHARACTERS);
    memcpy(line, text, length);
    while (length > 0 && strchr(BLANKS, line[length - 1]))
        length--;
    line[length] = '\0';
    for (char *at = line; *at; at++)
        if (strchr(BLANKS, *at))
            *at = ' ';
    return jx_set_string(args, "title", line);
}

static bool set_url(json_t *args, const char *url)
{
    bool good = url && (sw_starts_with(url, "https://") || sw_starts_with(url, "http://")) &&
                strlen(url) <= URL_BYTES && !strpbrk(url, " <>|\n");
    return jx_set_string(args, "url", good ? url : NULL);
}

/* Go's zero time and what is no time say nothing. */
static bool set_started(json_t *args, const char *text)
{
    int64_t at_ms = 0;
    if (!text || !sw_rfc3339_parse(text, &at_ms) || at_ms < 0)
        at_ms = 0;
    return jx_set_time(args, "started_at", at_ms);
}

/* 2, "2", "P2"; 0: it is none. */
static int64_t priority_of(const json_t *value)
{
    int64_t number = json_is_integer(value) ? json_integer_value(value) : 0;
    const char *text = json_string_value(value);
    if (text && !sw_parse_i64(text + (tolower((unsigned char)*text) == 'p'), 1, 99, &number))
        number = 0;
    return number >= 1 && number <= 99 ? number : 0;
}

/* The words that people use for severities. */
static int64_t severity_of(const char *severity)
{
    static const struct {
        const char *word;
        int64_t priority;
    } words[] = { { "critical", 1 }, { "page", 1 },     { "fatal", 1 },  { "emergency", 1 }, { "high", 2 },
                  { "error", 2 },    { "major", 2 },    { "medium", 3 }, { "warning", 3 },   { "warn", 3 },
                  { "minor", 3 },    { "moderate", 3 }, { "low", 4 },    { "info", 4 },      { "none", 4 } };
    for (size_t i = 0; severity && i < SW_COUNT(words); i++)
        if (strcasecmp(severity, words[i].word) == 0)
            return words[i].priority;
    return 0;
}

static bool set_priority(json_t *args, const json_t *object)
{
    int64_t priority = priority_of(json_object_get(object, "priority"));
    if (priority == 0)
        priority = severity_of(jx_string(object, "severity"));
    return jx_set_take(args, "priority", priority > 0 ? json_integer(priority) : json_null());
}

static bool set_service(json_t *args, const json_t *object)
{
    static const char *const keys[] = { "service", "app", "application", NULL };
    const char *service = first_of(object, keys);
    return jx_set_string(args, "service", service && strlen(service) < PROTO_NAME_SIZE ? service : NULL);
}

static bool set_group(json_t *args, const json_t *object, const char *key)
{
    const char *group = jx_string(object, key);
    return jx_set_string(args, "group", sw_blank(group) ? NULL : group);
}

/* NULL: it is none of the words for either. */
static const char *status_of(const char *status)
{
    static const char *const firing[] = { "firing", "alerting", "open", "triggered", "down" };
    static const char *const resolved[] = { "resolved", "ok", "closed", "recovered", "up" };
    for (size_t i = 0; i < SW_COUNT(firing); i++) {
        if (strcasecmp(status, firing[i]) == 0)
            return "firing";
        if (strcasecmp(status, resolved[i]) == 0)
            return "resolved";
    }
    return NULL;
}

static struct sw_status set_identity(json_t *args, const char *source, const char *key, const char *status)
{
    if (sw_blank(key))
        return sw_fail(
            SW_CODE_INVALID,
            "\"key\" is missing HINT: it tells alerts apart, and a firing one from its end; any text of yours");
    if (strlen(key) > HOOK_KEY_MAX)
        return sw_fail(SW_CODE_INVALID, "\"key\" is longer than %d bytes", HOOK_KEY_MAX);
    if (!status)
        return sw_fail(SW_CODE_INVALID, "\"status\" is neither firing nor resolved");
    if (jx_set_string(args, "source", source) && jx_set_string(args, "key", key) &&
        jx_set_string(args, "status", status))
        return sw_ok();
    return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
}

static struct sw_status kept(bool all) { return all ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "out of memory"); }

/* ---- Alertmanager and Grafana ---- */

static struct sw_status read_labelled(const char *source, const json_t *alert, const json_t *body, json_t *args)
{
    static const char *const titles[] = { "summary", "title", NULL },
                             *const texts[] = { "description", "message", NULL },
                             *const urls[] = { "panelURL", "dashboardURL", "generatorURL", NULL };
    const json_t *labels = json_object_get(alert, "labels"), *annotations = json_object_get(alert, "annotations");
    const char *name = jx_string(labels, "alertname"), *title = first_of(annotations, titles);
    SW_TRY(set_identity(args, source, jx_string(alert, "fingerprint"), status_of(jx_string_or(alert, "status", ""))));
    return kept(set_title(args, title             ? title
                                : !sw_blank(name) ? name
                                                  : "an alert without a name") &&
                set_cut(args, "text", first_of(annotations, texts), TEXT_CHARACTERS) && set_service(args, labels) &&
                set_group(args, body, "groupKey") && set_priority(args, labels) &&
                set_url(args, first_of(alert, urls)) && set_started(args, jx_string(alert, "startsAt")));
}

/* ---- our own shape ---- */

static struct sw_status read_plain(const char *source, const json_t *alert, json_t *args)
{
    static const char *const keys[] = { "key", "fingerprint", NULL };
    const char *status = status_of(jx_string_or(alert, "status", "firing")), *title = jx_string(alert, "title");
    SW_TRY(set_identity(args, source, first_of(alert, keys), status));
    if (sw_blank(title) && sw_equal(status, "firing"))
        return sw_fail(SW_CODE_INVALID, "\"title\" is missing HINT: one line that says what is wrong");
    return kept(set_title(args, title) && set_cut(args, "text", jx_string(alert, "text"), TEXT_CHARACTERS) &&
                set_service(args, alert) && set_group(args, alert, "group") && set_priority(args, alert) &&
                set_url(args, jx_string(alert, "url")) && set_started(args, jx_string(alert, "started_at")));
}

/* ---- bodies ---- */

static bool is_labelled(const char *source) { return sw_equal(source, "alertmanager") || sw_equal(source, "grafana"); }

/* body: what the alert stands in. */
static struct sw_status read_one(const char *source, const json_t *body, const json_t *alert, json_t *alerts)
{
    json_t *args = json_object();
    struct sw_status status = sw_fail(SW_CODE_INVALID, "no JSON object");
    if (json_is_object(alert))
        status = is_labelled(source) ? read_labelled(source, alert, body, args) : read_plain(source, alert, args);
    if (sw_failed(status)) {
        json_decref(args);
        return sw_wrap(status, "alert %zu", json_array_size(alerts) + 1);
    }
    return kept(json_array_append_new(alerts, args) == 0);
}

static struct sw_status read_list(const char *source, const json_t *body, const json_t *list, json_t *alerts)
{
    size_t index;
    json_t *alert;
    if (json_array_size(list) > HOOK_MAX_ALERTS)
        return sw_fail(SW_CODE_TOO_LARGE,
                       "more than %d alerts in one request HINT: Alertmanager's and Grafana's "
                       "\"max alerts\" limits them",
                       HOOK_MAX_ALERTS);
    json_array_foreach(list, index, alert) { SW_TRY(read_one(source, body, alert, alerts)); }
    return sw_ok();
}

struct sw_status hook_read(const char *source, const json_t *body, json_t **ret_alerts)
{
    JX_AUTO json_t *alerts = json_array();
    const json_t *list = json_is_array(body) ? body : json_object_get(body, "alerts");
    if (is_labelled(source) && !json_is_array(list))
        return sw_fail(SW_CODE_INVALID,
                       "there is no list \"alerts\" HINT: %s sends one; other shapes belong to a source "
                       "of another name",
                       source);
    if (json_is_array(list))
        SW_TRY(read_list(source, body, list, alerts));
    else
        SW_TRY(read_one(source, body, body, alerts));
    *ret_alerts = SW_TAKE(alerts);
    return sw_ok();
}
