/* SPDX-License-Identifier: Apache-2.0
 * `tracker`, `report` and `status_page` of incidents, as tables of keys. Read from the bottom. */
#include "orchestrator/core/config_check.h"

#include "common/base/text.h"
#include "orchestrator/core/incident_table.h"

#include <string.h>

enum { MAX_URL = 1000, MAX_TEXT = 200 };

/* ---- leaves ---- */

static void rule_url(struct config_check *check, const char *path, const json_t *value)
{
    const char *text = json_string_value(value);
    bool valid = text && (sw_starts_with(text, "https://") || sw_starts_with(text, "http://")) &&
                 strlen(text) <= MAX_URL && strcspn(text, " \t\r\n\"<>") == strlen(text) && !strchr(text, '@');
    if (!valid)
        config_error(check, path,
                     "must be a URL that begins with https:// or http:// HINT: names and passwords are no "
                     "part of it");
}

static void rule_flag(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_boolean(value))
        config_error(check, path, "must be true or false");
}

static bool one_line(const json_t *value)
{
    const char *text = json_string_value(value);
    return text && *text && strlen(text) <= MAX_TEXT && strcspn(text, "\t\r\n\"\\") == strlen(text);
}

static void rule_line(struct config_check *check, const char *path, const json_t *value)
{
    if (!one_line(value))
        config_error(check, path, "must be a text of one line, at most 200 bytes, without quotation marks");
}

static void rule_label(struct config_check *check, const char *path, const json_t *value)
{
    if (!one_line(value) || strchr(json_string_value(value), ',') || strchr(json_string_value(value), ' '))
        config_error(check, path, "must be a label HINT: one word, without commas");
}

static void rule_labels(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 16, rule_label);
}

static void rule_people(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, config_name_valid, "an id of Slack such as U0123", rule_label);
}

static void rule_one_of(struct config_check *check, const char *path, const json_t *value, const char *const *choices)
{
    for (const char *const *choice = choices; *choice; choice++)
        if (sw_equal(json_string_value(value), *choice))
            return;
    config_error(check, path, "must be one of those that the reference lists HINT: such as %s", choices[0]);
}

/* ---- Jira ---- */

static void rule_api(struct config_check *check, const char *path, const json_t *value)
{
    if (!json_is_integer(value) || (json_integer_value(value) != 2 && json_integer_value(value) != 3))
        config_error(check, path, "must be 3 (Cloud) or 2 (Data Center)");
}

static void rule_project(struct config_check *check, const char *path, const json_t *value)
{
    static const char KNOWN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const char *text = json_string_value(value);
    if (!text || !*text || strlen(text) > 100 || strspn(text, KNOWN) != strlen(text))
        config_error(check, path, "must be the key of a project HINT: such as OPS, in capital letters");
}

static bool field_valid(const char *name)
{
    static const char *const NAMES[] = { "priority",  "point",     "comms",     "triage",    "eng",      "assigned",
                                         "channel",   "epic_name", "created",   "genesis",   "detected", "acknowledged",
                                         "mitigated", "resolved",  "completed", "cancelled", NULL };
    for (const char *const *known = NAMES; *known; known++)
        if (sw_equal(*known, name))
            return true;
    return false;
}

static void rule_field(struct config_check *check, const char *path, const json_t *value)
{
    config_rule_name(check, path, value);
}

static void rule_fields(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, field_valid,
                     "priority, channel, epic_name, a role (point, comms, triage, eng, assigned) or a time (created, "
                     "genesis, detected, acknowledged, mitigated, resolved, completed, cancelled)",
                     rule_field);
}

static bool state_valid(const char *name)
{
    for (int state = 0; state < INCIDENT_STATE_COUNT; state++)
        if (sw_equal(incident_state_name((enum incident_state)state), name))
            return true;
    return false;
}

static void rule_statuses(struct config_check *check, const char *path, const json_t *value)
{
    config_check_map(check, path, value, state_valid, "a state of incidents such as started or resolved", rule_line);
}

static const struct config_key TASKS[] = {
    { "project", false, rule_project, "the project of tasks. Default: the incidents' one" },
    { "type", false, rule_line, "the issue type of tasks. Default: `Sub-task`" },
    { "parent", false, rule_flag, "whether the incident's issue is their parent. Default: `true`" },
};

static void rule_tasks(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, TASKS, SW_COUNT(TASKS));
}

static void rule_kind(struct config_check *check, const char *path, const json_t *value)
{
    static const char *const KINDS[] = { "jira", "github", "gitlab", NULL };
    rule_one_of(check, path, value, KINDS);
}

#define TRACKER_KEYS                                                                                                   \
    { "kind", true, rule_kind, "`jira`, `github` or `gitlab`; the other keys follow from it" },                        \
        { "token", true, config_rule_secret, "the name of the secret: a file in `SLIPWAY_SECRETS_DIR`" },              \
        { "labels", false, rule_labels, "labels of issues that are made" },                                            \
        { "people", false, rule_people, "what people are called there, by id of Slack: who is mentioned and set" },    \
    {                                                                                                                  \
        "private", false, rule_flag, "whether private incidents have issues, too. Default: `false`"                    \
    }

static const struct config_key JIRA[] = {
    TRACKER_KEYS,
    { "url", true, rule_url, "where Jira is, such as `https://example.atlassian.net`" },
    { "api", false, rule_api, "`3`: Cloud; `2`: Data Center. Default: `3`" },
    { "user", false, rule_line, "whose token it is, an e-mail address: for Cloud. Without it the token stands alone" },
    { "project", true, rule_project, "the key of the project" },
    { "type", false, rule_line, "the issue type. Default: `Task`" },
    { "tasks", false, rule_tasks, "how action items become issues" },
    { "fields", false, rule_fields, "ids of fields (`customfield_10010`) by what is written into them" },
    { "statuses", false, rule_statuses, "into which status an issue is moved, by the incident's state" },
};

/* ---- GitHub, GitLab ---- */

static void rule_repository(struct config_check *check, const char *path, const json_t *value)
{
    static const char KNOWN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *text = json_string_value(value), *slash = text ? strchr(text, '/') : NULL;
    bool valid = slash && slash > text && slash[1] && slash[1] != '.' && strlen(text) <= MAX_TEXT &&
                 strspn(text, KNOWN) == (size_t)(slash - text) && strspn(slash + 1, KNOWN) == strlen(slash + 1);
    if (!valid)
        config_error(check, path, "must be a repository HINT: such as owner/name");
}

static const struct config_key GITHUB[] = {
    TRACKER_KEYS,
    { "url", false, rule_url, "where the API is. Default: `https://api.github.com`" },
    { "repository", true, rule_repository, "whose issues they are: `owner/name`" },
};
static const struct config_key GITLAB[] = {
    TRACKER_KEYS,
    { "url", false, rule_url, "where GitLab is. Default: `https://gitlab.com`" },
    { "project", true, rule_line, "whose issues they are: `group/name`" },
};

void config_rule_tracker(struct config_check *check, const char *path, const json_t *value)
{
    const char *kind = jx_string_or(value, "kind", "jira");
    if (sw_equal(kind, "github"))
        config_check_object(check, path, value, GITHUB, SW_COUNT(GITHUB));
    else if (sw_equal(kind, "gitlab"))
        config_check_object(check, path, value, GITLAB, SW_COUNT(GITLAB));
    else
        config_check_object(check, path, value, JIRA, SW_COUNT(JIRA));
}

/* ---- reports ---- */

static void rule_dir(struct config_check *check, const char *path, const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text || *text != '/' || strlen(text) > MAX_URL)
        config_error(check, path, "must be a directory HINT: a path that begins with /");
}

static void rule_format(struct config_check *check, const char *path, const json_t *value)
{
    static const char *const FORMATS[] = { "markdown", "html", NULL };
    rule_one_of(check, path, value, FORMATS);
}

static void rule_formats(struct config_check *check, const char *path, const json_t *value)
{
    config_check_list(check, path, value, 2, rule_format);
    if (json_is_array(value) && json_array_size(value) == 0)
        config_error(check, path, "is empty HINT: leave it out to have both");
}

static void rule_post_status(struct config_check *check, const char *path, const json_t *value)
{
    static const char *const STATUSES[] = { "draft", "pending", "private", NULL };
    rule_one_of(check, path, value, STATUSES);
}

static const struct config_key WORDPRESS[] = {
    { "url", true, rule_url, "where WordPress is" },
    { "user", true, rule_line, "whose application password it is" },
    { "token", true, config_rule_secret, "the name of the secret with the application password" },
    { "status", false, rule_post_status, "of a post that is made: `draft`, `pending` or `private`. Default: `draft`" },
};

static void rule_wordpress(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, WORDPRESS, SW_COUNT(WORDPRESS));
}

static const struct config_key WEBHOOK[] = {
    { "url", true, rule_url, "where reports are posted to as JSON" },
    { "secret", false, config_rule_secret, "the name of the secret with which they are signed" },
};

static void rule_webhook(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, WEBHOOK, SW_COUNT(WEBHOOK));
}

static const struct config_key REPORT[] = {
    { "dir", false, rule_dir, "a directory for `incident-42.md` and `incident-42.html`" },
    { "formats", false, rule_formats, "of files: `markdown`, `html`. Default: both" },
    { "wordpress", false, rule_wordpress, "a post at WordPress" },
    { "webhook", false, rule_webhook, "whoever takes JSON" },
    { "private", false, rule_flag, "whether private incidents have reports, too. Default: `false`" },
};

void config_rule_report(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, REPORT, SW_COUNT(REPORT));
    bool somewhere =
        json_object_get(value, "dir") || json_object_get(value, "wordpress") || json_object_get(value, "webhook");
    if (json_is_object(value) && !somewhere)
        config_error(check, path, "says nowhere HINT: give dir, wordpress or webhook");
}

/* ---- the status page ---- */

static const struct config_key STATUS_PAGE[] = {
    { "webhook", true, rule_url, "where changes of state and updates are posted to as JSON" },
    { "secret", false, config_rule_secret, "the name of the secret with which they are signed" },
};

void config_rule_status_page(struct config_check *check, const char *path, const json_t *value)
{
    config_check_object(check, path, value, STATUS_PAGE, SW_COUNT(STATUS_PAGE));
}

#define SECTION(path, what, keys)                                                                                      \
    {                                                                                                                  \
        path, what, keys, SW_COUNT(keys)                                                                               \
    }
const struct config_section CONFIG_TRACKER_SECTIONS[] = {
    SECTION("incidents.tracker (kind: jira)", "an issue at Jira for each incident, see [trackers](trackers.md)", JIRA),
    SECTION("incidents.tracker.tasks", "how action items become issues of Jira", TASKS),
    SECTION("incidents.tracker (kind: github)", "an issue at GitHub for each incident", GITHUB),
    SECTION("incidents.tracker (kind: gitlab)", "an issue at GitLab for each incident", GITLAB),
    SECTION("incidents.report", "where the document of a review is written when an incident is completed", REPORT),
    SECTION("incidents.report.wordpress", "a post at WordPress", WORDPRESS),
    SECTION("incidents.report.webhook", "whoever takes a report as JSON", WEBHOOK),
    SECTION("incidents.status_page", "a status page that is told how an incident stands", STATUS_PAGE),
};
const size_t CONFIG_TRACKER_SECTION_COUNT = SW_COUNT(CONFIG_TRACKER_SECTIONS);
