/* SPDX-License-Identifier: Apache-2.0
 * web: calls of errands at a system that the configuration names: JSON over HTTP, with a deadline over all calls of an
 * errand, and failures in sentences for people.
 *
 * Addresses come from the configuration alone; what a system answers is never followed. Secrets are read anew for each
 * errand from SLIPWAY_SECRETS_DIR, stand in no error and no log, and are wiped. One thread. */
#ifndef ORCHESTRATOR_ADAPTERS_WEB_H
#define ORCHESTRATOR_ADAPTERS_WEB_H

#include "common/base/buf.h"
#include "common/json/jx.h"

#include <stdint.h>

enum { WEB_MAX_HEADERS = 6 };

struct web {
    const char *name; /* "Jira": how errors call the system; a literal */
    char *base;
    int64_t deadline_ms; /* monotonic */
    int64_t retry_after_ms;
    int32_t code; /* of the latest answer; 0: there was none */
    char *headers[WEB_MAX_HEADERS + 1];
    size_t header_count;
};

/* url is copied. The deadline begins now. */
struct sw_status web_open(struct web *web, const char *name, const char *url) SW_MUST_CHECK;
struct sw_status web_add_header(struct web *web, const char *name, const char *value) SW_MUST_CHECK;
void web_close(struct web *web); /* wipes */
#define WEB_AUTO SW_CLEANUP(web_close)

/* The text of the file `name` in dir, without the line feed at its end. Wipe and free with web_secret_free(). */
struct sw_status web_secret(const char *dir, const char *name, char **ret_secret) SW_MUST_CHECK;
void web_secret_free(char **secret);
/* "Authorization: Bearer SECRET", or "Basic" when user is not NULL. */
struct sw_status web_authorize(struct web *web, const char *secrets_dir, const char *name,
                               const char *user) SW_MUST_CHECK;

/* path: behind the base, encoded, "" for the base itself; body: JSON, or NULL. *ret_answer is a new reference, an empty
 * object when there was no JSON; ret_answer NULL: it does not matter. SW_RETRY: again later (web->retry_after_ms says
 * when, 0: not said); SW_CODE_NOT_FOUND, SW_CODE_AUTH, SW_CODE_REFUSED: for good. */
struct sw_status web_call(struct web *web, const char *method, const char *path, const json_t *body,
                          json_t **ret_answer) SW_MUST_CHECK;
/* The same with a body that is no JSON value but its text, as it was signed. */
struct sw_status web_send(struct web *web, const char *method, const char *path, const char *body,
                          json_t **ret_answer) SW_MUST_CHECK;

/* Percent-encoded but letters, digits and "-._~". */
void web_put_encoded(struct sw_buf *buf, const char *text);

#endif
