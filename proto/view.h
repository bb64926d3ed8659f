/* SPDX-License-Identifier: Apache-2.0
 * view: the whole current state of a workflow as every event carries it, so that the latest event alone is enough.
 * The same fields, in JSON, are the value of slipway.events, the `view` of a reply, and the body of the HTTP API:
 *
 *   {"workflow":"d-...", "kind":"deployment", "n":3, "state":"running", "at":"...Z", "epoch":1767225600000,
 *    "service":"site", "environment":"staging", "ref":"main", "lane":"main",
 *    "position":2 | null, "ahead":["d-..."],                      place in line, from 1, when queued and computed
 *    "requested_by":{"team":"T1","user":"U1"},
 *    "home":{"team":"T1","channel":"C1"} | null,                  where the live message lives
 *    "message":{"channel":"C1","ts":"1.2"} | null,                known from the receipt
 *    "surplus":{"channel":"C1","ts":"1.3"} | null,                a second message, to be deleted
 *    "created_at","started_at","finished_at",
 *    "cancel":{"user":"U1","at":"..."} | null,
 *    "error":{"code":"E-...","text":"...","hint":"..."} | null,
 *    "steps":[{"name","state","attempt","attempts","started_at","finished_at","retry_at","exit_code",
 *              "status":"40% 7 of 18" | null, "error":"first line of what went wrong" | null, "tail":["last lines"]}],
 *    "params":{"MODE":"release"},
 *    "held":{"by":"i-...","channel":"C2"|null,"reason":"...","until":"..."|null} | null,   what keeps it from starting
 *    "detail":{...} | null,                                       what only its kind knows
 *    "order":{"key":"...","verb":"post",...} | null}              events: what the relay shall do (order.h)
 *
 * Absent facts are null. Ownership: proto_view_release(). Pure. */
#ifndef PROTO_VIEW_H
#define PROTO_VIEW_H

#include "common/json/jx.h"
#include "proto/limits.h"

/* clang-format off */
#define PROTO_DEPLOYMENT_STATES(X) \
    X(QUEUED, "queued") X(WAITING_FOR_APPROVAL, "waiting_for_approval") X(RUNNING, "running") \
    X(CANCELLING, "cancelling") X(ROLLING_BACK, "rolling_back") X(NEEDS_A_HUMAN, "needs_a_human") \
    X(SUCCEEDED, "succeeded") X(FAILED, "failed") X(CANCELLED, "cancelled") X(ROLLED_BACK, "rolled_back") \
    X(SUPERSEDED, "superseded") X(REJECTED, "rejected")
#define PROTO_STEP_STATES(X) \
    X(PENDING, "pending") X(RUNNING, "running") X(SUCCEEDED, "succeeded") X(FAILED, "failed") \
    X(TIMED_OUT, "timed_out") X(CANCELLED, "cancelled") X(UNKNOWN, "unknown")
/* clang-format on */
#define PROTO_ENUM_(name, text) PROTO_DEPLOYMENT_##name,
enum proto_deployment_state { PROTO_DEPLOYMENT_STATES(PROTO_ENUM_) PROTO_DEPLOYMENT_STATE_COUNT };
#undef PROTO_ENUM_
#define PROTO_ENUM_(name, text) PROTO_STEP_##name,
enum proto_step_state { PROTO_STEP_STATES(PROTO_ENUM_) PROTO_STEP_STATE_COUNT };
#undef PROTO_ENUM_

const char *proto_deployment_state_name(enum proto_deployment_state state); /* "needs_a_human" */
bool proto_deployment_state_parse(const char *name, enum proto_deployment_state *ret_state);
bool proto_deployment_state_final(enum proto_deployment_state state);
const char *proto_step_state_name(enum proto_step_state state);
bool proto_step_state_parse(const char *name, enum proto_step_state *ret_state);
void proto_state_words(const char *name, char *ret_text, size_t size); /* "needs a human" */

struct proto_step_view {
    char name[PROTO_NAME_SIZE];
    enum proto_step_state state;
    int32_t attempt, attempts; /* number of the latest one (0: none yet), how many are allowed */
    int64_t started_at_ms, finished_at_ms, retry_at_ms;
    bool has_exit_code;
    int32_t exit_code;
    char status[PROTO_STATUS_SIZE];
    char error[PROTO_ERROR_SIZE];
    char *tail; /* last lines of output, joined by \n; NULL when none */
};

struct proto_message_ref {
    char channel[PROTO_SLACK_ID_SIZE]; /* "" when absent */
    char ts[PROTO_TS_SIZE];
};

struct proto_view {
    char workflow[PROTO_WORKFLOW_ID_SIZE];
    char kind[PROTO_NAME_SIZE]; /* "deployment" */
    int64_t n, epoch, at_ms;
    char state[PROTO_NAME_SIZE];
    char service[PROTO_NAME_SIZE], environment[PROTO_NAME_SIZE], lane[2 * PROTO_NAME_SIZE];
    char ref[PROTO_REF_SIZE];
    int32_t position; /* 0: not queued or not computed */
    char requested_team[PROTO_SLACK_ID_SIZE], requested_user[PROTO_SLACK_ID_SIZE];
    char home_team[PROTO_SLACK_ID_SIZE], home_channel[PROTO_SLACK_ID_SIZE]; /* "" when it has no home */
    struct proto_message_ref message, surplus;
    int64_t created_at_ms, started_at_ms, finished_at_ms;
    char cancel_user[PROTO_SLACK_ID_SIZE];
    int64_t cancel_at_ms;
    char error_code[PROTO_NAME_SIZE], error_text[PROTO_ERROR_SIZE], error_hint[PROTO_ERROR_SIZE];
    struct proto_step_view *steps;
    size_t step_count;
    json_t *ahead;  /* array of ids, or NULL */
    json_t *params; /* object, or NULL */
    json_t *detail; /* what only its kind knows, an object; NULL: nothing */
    json_t *order;  /* events: what the relay shall do (order.h); NULL: nothing but the live message */
    /* what keeps it from starting; held_by "" when nothing does */
    char held_by[PROTO_WORKFLOW_ID_SIZE], held_channel[PROTO_SLACK_ID_SIZE], held_reason[PROTO_ERROR_SIZE];
    int64_t held_until_ms;
};

void proto_view_release(struct proto_view *view);
json_t *proto_view_encode(const struct proto_view *view);
/* Unknown fields are ignored; a missing or wrong one is SW_CODE_INVALID with its path. */
struct sw_status proto_view_decode(const json_t *json, struct proto_view *ret_view) SW_MUST_CHECK;

#endif
