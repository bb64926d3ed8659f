/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/incident_dialog.h"

#include "common/base/text.h"
#include "gateway/core/incident_start.h"
#include "gateway/core/incident_table.h"
#include "gateway/core/modal.h"
#include "proto/limits.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char INCIDENT_DIALOG[] = "incident.declare";
const char INCIDENT_DIALOG_TITLE[] = "title";

enum {
    PRIORITY_CHARACTERS = 20,
    VALUE_UNITS = 2000,
    VALUE_DETAILS_BYTES = 1000,
    TITLE_BYTES = 4 * INCIDENT_FORM_TITLE_MAX
};

/* ---- buttons ---- */

void incident_dialog_of_value(const char *value, struct incident_dialog *ret_dialog, json_t **ret_value)
{
    json_t *json = NULL;
    struct sw_status status = *value == '{' ? jx_parse(value, strlen(value), &json) : sw_ok();
    *ret_dialog = (struct incident_dialog){ .from = value };
    *ret_value = json;
    if (sw_failed(status) || !json)
        return;
    ret_dialog->from = jx_string(json, "from");
    ret_dialog->title = jx_string(json, "title");
    ret_dialog->service = jx_string(json, "service");
    ret_dialog->environment = jx_string(json, "environment");
    ret_dialog->details = jx_string(json, "details");
}

static bool set_cut(json_t *json, const char *key, const char *text, size_t max_bytes)
{
    char cut[VALUE_DETAILS_BYTES + 1];
    if (!text || !*text)
        return true;
    (void)sw_copy(cut, max_bytes < sizeof cut ? max_bytes + 1 : sizeof cut, text); /* cut by design */
    return jx_set_string(json, key, cut);
}

char *incident_dialog_value_new(const struct incident_dialog *dialog)
{
    JX_AUTO json_t *json = json_object();
    bool kept = set_cut(json, "from", dialog->from, PROTO_WORKFLOW_ID_SIZE) &&
                set_cut(json, "service", dialog->service, PROTO_NAME_SIZE) &&
                set_cut(json, "environment", dialog->environment, PROTO_NAME_SIZE) &&
                set_cut(json, "title", dialog->title, INCIDENT_FORM_TITLE_MAX) &&
                set_cut(json, "details", dialog->details, VALUE_DETAILS_BYTES);
    char *value = kept ? jx_dump_new(json) : NULL;
    if (value && strlen(value) > VALUE_UNITS) { /* escapes have swollen it */
        free(value);
        (void)json_object_del(json, "details");
        value = jx_dump_new(json);
    }
    return value;
}

/* ---- the modal ---- */

static json_t *private_block(void)
{
    static const struct modal_input PRIVATE = { .block = "private", .label = "Who sees it", .optional = true };
    json_t *option = json_pack("{so ss}", "text", modal_plain_new("Only those who are invited: a private channel"),
                               "value", "private");
    json_t *element = json_pack("{ss ss s[o]}", "type", "checkboxes", "action_id", MODAL_ACTION, "options", option);
    return modal_input_new(&PRIVATE, element);
}

static json_t *blocks_new(const struct incident_dialog *dialog)
{
    static const struct modal_input TITLE = { .block = INCIDENT_DIALOG_TITLE,
                                              .label = "What is broken?",
                                              .placeholder = "Checkout answers with errors",
                                              .hint = "One line that tells the others what it is about.",
                                              .max_length = INCIDENT_FORM_TITLE_MAX };
    static const struct modal_input PRIORITY = { .block = "priority",
                                                 .label = "Priority",
                                                 .placeholder = "P2",
                                                 .hint = "P1 is the most urgent; empty: the usual one.",
                                                 .max_length = PRIORITY_CHARACTERS,
                                                 .optional = true };
    static const struct modal_input SERVICE = { .block = "service",
                                                .label = "Service",
                                                .hint = "As it is called in deployments. They are held while a grave "
                                                        "incident lasts.",
                                                .max_length = PROTO_NAME_SIZE - 1,
                                                .optional = true };
    static const struct modal_input ENVIRONMENT = {
        .block = "environment", .label = "Environment", .max_length = PROTO_NAME_SIZE - 1, .optional = true
    };
    static const struct modal_input DETAILS = {
        .block = "details", .label = "Details", .max_length = INCIDENT_DETAILS_MAX, .optional = true, .lines = true
    };
    char priority[16] = "";
    if (dialog->priority > 0)
        (void)snprintf(priority, sizeof priority, "P%d", (int)dialog->priority); /* fits */
    return json_pack("[o o o o o o]", modal_text_new(&TITLE, dialog->title), modal_text_new(&PRIORITY, priority),
                     modal_text_new(&SERVICE, dialog->service), modal_text_new(&ENVIRONMENT, dialog->environment),
                     modal_text_new(&DETAILS, dialog->details), private_block());
}

static char *metadata_new(const struct incident_dialog *dialog)
{
    JX_AUTO json_t *json = json_object();
    bool kept = jx_set_string(json, "channel", dialog->channel) &&
                jx_set_string(json, "response_url", dialog->response_url) && jx_set_string(json, "from", dialog->from);
    return kept ? jx_dump_new(json) : NULL;
}

json_t *incident_dialog_new(const struct incident_dialog *dialog)
{
    SW_AUTO_FREE char *metadata = metadata_new(dialog);
    json_t *blocks = metadata ? blocks_new(dialog) : NULL;
    if (!blocks)
        return NULL;
    return json_pack("{ss ss ss so so so so}", "type", "modal", "callback_id", INCIDENT_DIALOG, "private_metadata",
                     metadata, "title", modal_plain_new("Declare an incident"), "submit", modal_plain_new("Declare"),
                     "close", modal_plain_new("Cancel"), "blocks", blocks);
}

/* ---- what comes back ---- */

struct reading {
    const json_t *view;
    struct incident_dialog_sent *sent;
    bool broken;
};

static void wrong(struct reading *reading, const char *block, const char *what)
{
    if (!reading->sent->errors)
        reading->sent->errors = json_object();
    reading->broken = reading->broken || !jx_set_string(reading->sent->errors, block, what);
}

static void read_title(struct reading *reading, char ret_title[TITLE_BYTES + 1])
{
    const char *title =
        modal_text(reading->view, INCIDENT_DIALOG_TITLE, INCIDENT_FORM_TITLE_MAX, ret_title, TITLE_BYTES + 1);
    if (!title)
        wrong(reading, INCIDENT_DIALOG_TITLE, "That is longer than 200 characters. Details have a place of their own.");
    else if (!*title)
        wrong(reading, INCIDENT_DIALOG_TITLE, "One line that tells the others what is broken is enough.");
}

static void read_name(struct reading *reading, const char *block, char ret_name[PROTO_NAME_SIZE])
{
    const char *name = modal_text(reading->view, block, PROTO_NAME_SIZE - 1, ret_name, PROTO_NAME_SIZE);
    if (!name || !incident_start_is_name(name))
        wrong(reading, block, "That is no name: names have no spaces or quotes, and at most 63 bytes.");
}

/* "P1", "1", "high": as behind .start and .priority. 0: none of these. */
static int32_t priority_of(const char *said)
{
    char numbered[PRIORITY_CHARACTERS + 2];
    const bool digits = isdigit((unsigned char)*said) != 0;
    (void)snprintf(numbered, sizeof numbered, "%s%s", digits ? "P" : "", said); /* fits */
    int32_t priority = incident_start_priority(numbered);
    if (priority <= 0)
        priority = incident_alias_priority(said, strlen(said));
    return priority > 0 && priority <= 9 ? priority : 0;
}

static json_t *read_priority(struct reading *reading)
{
    char text[PRIORITY_CHARACTERS + 1];
    const char *said = modal_text(reading->view, "priority", PRIORITY_CHARACTERS, text, sizeof text);
    if (said && !*said)
        return json_null();
    const int32_t priority = said ? priority_of(said) : 0;
    if (priority <= 0)
        wrong(reading, "priority", "P1, P2 and so on, or its name. Leave it empty for the usual one.");
    return json_integer(priority);
}

static bool is_checked(const struct reading *reading, const char *block)
{
    return json_array_size(json_object_get(modal_element(reading->view, block), "selected_options")) > 0;
}

static json_t *or_null(const char *text) { return *text ? json_string(text) : json_null(); }

static void read_all(struct reading *reading)
{
    struct incident_dialog_sent *sent = reading->sent;
    char title[TITLE_BYTES + 1], service[PROTO_NAME_SIZE], environment[PROTO_NAME_SIZE];
    char details[4 * INCIDENT_DETAILS_MAX + 1];
    read_title(reading, title);
    json_t *priority = read_priority(reading);
    read_name(reading, "service", service);
    read_name(reading, "environment", environment);
    if (!modal_text(reading->view, "details", INCIDENT_DETAILS_MAX, details, sizeof details))
        wrong(reading, "details", "That is longer than 3,000 characters. Begin with what matters; notes can follow.");
    sent->args =
        json_pack("{ss so so so sb so so ss}", "title", title, "priority", priority, "service", or_null(service),
                  "environment", or_null(environment), "private", is_checked(reading, "private"), "from",
                  or_null(jx_string_or(sent->metadata, "from", "")), "details", or_null(details), "spoken", "start");
    reading->broken = reading->broken || !sent->args;
    if (sent->errors) {
        json_decref(sent->args);
        sent->args = NULL;
    }
}

bool incident_dialog_read(const json_t *view, struct incident_dialog_sent *ret_sent)
{
    const char *metadata = jx_string_or(view, "private_metadata", "");
    struct reading reading = { .view = view, .sent = ret_sent };
    *ret_sent = (struct incident_dialog_sent){ .channel = "", .response_url = "" };
    struct sw_status status = *metadata ? jx_parse(metadata, strlen(metadata), &ret_sent->metadata) : sw_ok();
    if (sw_failed(status)) /* nobody but us writes it: what it was about is lost, what was filled in is not */
        ret_sent->metadata = NULL;
    ret_sent->channel = jx_string_or(ret_sent->metadata, "channel", "");
    ret_sent->response_url = jx_string_or(ret_sent->metadata, "response_url", "");
    read_all(&reading);
    return !reading.broken;
}

void incident_dialog_sent_release(struct incident_dialog_sent *sent)
{
    json_decref(sent->args);
    json_decref(sent->errors);
    json_decref(sent->metadata);
    *sent = (struct incident_dialog_sent){ 0 };
}
