/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/buf.h"
#include "common/base/text.h"
#include "common/base/timefmt.h"
#include "common/io/http_client.h"
#include "common/json/jx.h"
#include "orchestrator/ctl/ctl.h"
#include "proto/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASK_MS = 5000 };

static void reach(char *ret_address, size_t size)
{
    SW_AUTO_FREE char *listen = ctl_setting_new("SLIPWAY_ORCHESTRATOR_LISTEN");
    const char *address = listen ? listen : "127.0.0.1:3002";
    if (sw_starts_with(address, "0.0.0.0:"))
        (void)snprintf(ret_address, size, "127.0.0.1:%s", address + strlen("0.0.0.0:"));
    else
        (void)sw_copy(ret_address, size, address); /* cut: no such host, which is said */
}

static struct sw_status judge(const struct http_answer *answer, const char *address, json_t **ret_json)
{
    json_t *json = NULL;
    SW_TRY(sw_wrap(answer->status, "http://%s", address));
    SW_TRY(sw_wrap(jx_parse(answer->body, answer->body_bytes, &json), "http://%s: no JSON came", address));
    if (answer->code == 200) {
        *ret_json = json;
        return sw_ok();
    }
    const char *text = jx_string_or(json_object_get(json, "error"), "text", "no reason given");
    struct sw_status status = sw_fail(answer->code == 404   ? SW_CODE_NOT_FOUND
                                      : answer->code == 401 ? SW_CODE_AUTH
                                                            : SW_CODE_CLOSED,
                                      "%s", text);
    json_decref(json);
    return status;
}

static struct sw_status ask(const char *path, json_t **ret_json)
{
    char address[128], url[512];
    SW_AUTO_FREE char *token = ctl_setting_new("SLIPWAY_API_TOKEN");
    SW_AUTO_BUF struct sw_buf authorization = { 0 };
    struct http_answer answer = { 0 };
    reach(address, sizeof address);
    (void)snprintf(url, sizeof url, "http://%s%s", address, path);
    sw_buf_printf(&authorization, "Authorization: Bearer %s", token ? token : "");
    const char *const headers[] = { token ? sw_buf_string(&authorization) : NULL, NULL };
    SW_TRY(http_fetch(&(struct http_request){ .url = url, .headers = headers, .timeout_ms = ASK_MS }, &answer));
    struct sw_status status = judge(&answer, address, ret_json);
    http_answer_release(&answer);
    return status;
}

/* ---- printing ---- */

static void print_line(const json_t *workflow)
{
    char state[PROTO_NAME_SIZE];
    proto_state_words(jx_string_or(workflow, "state", "?"), state, sizeof state);
    (void)printf("%s  %-14s %s %s to %s", jx_string_or(workflow, "id", "?"), state,
                 jx_string_or(workflow, "service", "-"), jx_string_or(workflow, "ref", "-"),
                 jx_string_or(workflow, "environment", "-"));
    if (jx_i64_or(workflow, "position", 0) > 0)
        (void)printf("  (%lld in line)", (long long)jx_i64_or(workflow, "position", 0));
    (void)printf("  %s\n", jx_string_or(workflow, "created_at", ""));
}

static void print_held(const json_t *workflow)
{
    const json_t *held = json_object_get(workflow, "held");
    if (json_is_object(held))
        (void)printf("  waits for %s: %s (until %s)\n", jx_string_or(held, "by", "?"), jx_string_or(held, "reason", ""),
                     jx_string_or(held, "until", "it is released"));
}

static void print_waiting(const json_t *workflow)
{
    print_line(workflow);
    print_held(workflow);
}

static void print_incident(const json_t *incident)
{
    char state[PROTO_NAME_SIZE];
    const json_t *detail = json_object_get(incident, "detail");
    proto_state_words(jx_string_or(incident, "state", "?"), state, sizeof state);
    (void)printf("%s  %-14s #%lld %s  %s\n", jx_string_or(incident, "id", "?"), state,
                 (long long)jx_i64_or(detail, "number", 0), jx_string_or(detail, "title", "-"),
                 jx_string_or(incident, "created_at", ""));
}

static void print_hold(const json_t *hold)
{
    (void)printf("%s  service %s, environment %s, lane %s: %s (%lld waiting, until %s)\n",
                 jx_string_or(hold, "origin", "?"), jx_string_or(hold, "service", "any"),
                 jx_string_or(hold, "environment", "any"), jx_string_or(hold, "lane", "any"),
                 jx_string_or(hold, "reason", ""), (long long)jx_i64_or(hold, "waiting", 0),
                 jx_string_or(hold, "until", "it is released"));
}

/* What it printed last; of one that went well nobody asks. */
static void print_output(const json_t *step)
{
    SW_AUTO_FREE char *tail = sw_strdup(jx_string_or(step, "tail", ""));
    if (!tail || !*tail || sw_equal(jx_string_or(step, "state", ""), "succeeded"))
        return;
    for (char *rest = tail, *line; (line = strsep(&rest, "\n"));)
        (void)printf("    | %s\n", line);
}

static void print_step(const json_t *step)
{
    char state[PROTO_NAME_SIZE], duration[SW_DURATION_SIZE] = "";
    int64_t started_ms = jx_time_or(step, "started_at", 0), finished_ms = jx_time_or(step, "finished_at", 0);
    proto_state_words(jx_string_or(step, "state", "?"), state, sizeof state);
    if (started_ms && finished_ms)
        sw_duration(finished_ms - started_ms, duration);
    (void)printf("  %-20s %-10s %s", jx_string_or(step, "name", "?"), state, duration);
    if (jx_i64_or(step, "attempt", 0) > 1)
        (void)printf("  attempt %lld", (long long)jx_i64_or(step, "attempt", 0));
    (void)printf("%s%s%s%s\n", jx_string(step, "status") ? "  " : "", jx_string_or(step, "status", ""),
                 jx_string(step, "error") ? "  " : "", jx_string_or(step, "error", ""));
    print_output(step);
}

static int print_list(const char *path, const char *key, void (*print)(const json_t *item), const char *none)
{
    JX_AUTO json_t *json = NULL;
    struct sw_status status = ask(path, &json);
    if (sw_failed(status))
        return ctl_fail(&status);
    const json_t *list = json_object_get(json, key);
    for (size_t i = 0; i < json_array_size(list); i++)
        print(json_array_get(list, i));
    if (json_array_size(list) == 0)
        (void)printf("%s\n", none);
    return CTL_OK;
}

/* ---- verbs ---- */

/* What stands in a URL without being encoded. */
static bool is_plain(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(text) &&
           strlen(text) <= PROTO_NAME_SIZE;
}

int ctl_status(int count, char **arguments)
{
    char path[256];
    JX_AUTO json_t *json = NULL;
    if (count != 1 || !is_plain(arguments[0])) {
        (void)fprintf(stderr, "slipway: status needs a workflow's id, such as d-0123456789abc\n");
        return CTL_USAGE;
    }
    (void)snprintf(path, sizeof path, "/api/v1/workflows/%s", arguments[0]);
    struct sw_status status = ask(path, &json);
    if (sw_failed(status))
        return ctl_fail(&status);
    print_waiting(json);
    const json_t *steps = json_object_get(json, "steps"), *error = json_object_get(json, "error");
    for (size_t i = 0; i < json_array_size(steps); i++)
        print_step(json_array_get(steps, i));
    if (json_is_object(error))
        (void)printf("  %s: %s\n  %s\n", jx_string_or(error, "code", ""), jx_string_or(error, "text", ""),
                     jx_string_or(error, "hint", ""));
    return CTL_OK;
}

int ctl_line(int count, char **arguments)
{
    (void)count, (void)arguments;
    return print_list("/api/v1/workflows", "workflows", print_waiting, "all quiet: nothing runs");
}

int ctl_incidents(int count, char **arguments)
{
    (void)count, (void)arguments;
    return print_list("/api/v1/incidents", "incidents", print_incident, "no incident is open");
}

int ctl_hold_list(int count, char **arguments)
{
    (void)count, (void)arguments;
    return print_list("/api/v1/holds", "holds", print_hold, "nothing is held back");
}

int ctl_history(int count, char **arguments)
{
    char path[256] = "/api/v1/history";
    if (count > 1 || (count == 1 && !is_plain(arguments[0]))) {
        (void)fprintf(stderr, "slipway: history takes a service's name, or nothing\n");
        return CTL_USAGE;
    }
    if (count == 1)
        (void)snprintf(path, sizeof path, "/api/v1/history?service=%s", arguments[0]);
    return print_list(path, "workflows", print_line, "nothing has ended yet");
}
