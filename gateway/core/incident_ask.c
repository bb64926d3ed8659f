/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/incident_ask.h"

#include "common/base/text.h"
#include "gateway/core/modal.h"

#include <ctype.h>
#include <string.h>

const char INCIDENT_ASK_FORM[] = "incident.word";
const char INCIDENT_ASK_BLOCK[] = "text";

/* A modal's title has at most 24 characters, its text field takes 3,000; a character has at most four bytes. */
enum { TITLE_BYTES = 24, TEXT_CHARACTERS = 3000, TEXT_BYTES = 4 * TEXT_CHARACTERS, LABEL_BYTES = 120 };

static bool takes_lines(const struct incident_row *row)
{
    return row->grammar == INCIDENT_TEXT || row->grammar == INCIDENT_TEXT_OR_NOTHING;
}

/* As a sentence begins; behind a semicolon the help says what the word does without a text. */
static void begin(const char *text, char *ret_text, size_t size)
{
    (void)sw_copy(ret_text, size, text); /* cut by design */
    ret_text[0] = (char)toupper((unsigned char)ret_text[0]);
    ret_text[strcspn(ret_text, ";")] = '\0';
}

static char *metadata_new(const struct incident_ask *ask)
{
    JX_AUTO json_t *json = json_object();
    bool kept = jx_set_string(json, "channel", ask->channel) &&
                jx_set_string(json, "response_url", ask->response_url) && jx_set_string(json, "target", ask->target) &&
                jx_set_string(json, "verb", ask->row->verb);
    return kept ? jx_dump_new(json) : NULL;
}

json_t *incident_ask_new(const struct incident_ask *ask)
{
    char title[TITLE_BYTES + 1], label[LABEL_BYTES + 1];
    SW_AUTO_FREE char *metadata = metadata_new(ask);
    begin(ask->row->verb, title, sizeof title);
    begin(ask->row->help, label, sizeof label);
    const struct modal_input input = {
        .block = INCIDENT_ASK_BLOCK, .label = label, .max_length = TEXT_CHARACTERS, .lines = takes_lines(ask->row)
    };
    if (!metadata)
        return NULL;
    return json_pack("{ss ss ss so so so s[o]}", "type", "modal", "callback_id", INCIDENT_ASK_FORM, "private_metadata",
                     metadata, "title", modal_plain_new(title), "submit", modal_plain_new("Say it"), "close",
                     modal_plain_new("Cancel"), "blocks", modal_text_new(&input, ask->text));
}

static void one_line(char *text)
{
    for (; *text; text++)
        if (strchr("\t\r\n\v\f", *text))
            *text = ' ';
}

bool incident_ask_read(const json_t *view, struct incident_ask_sent *ret_sent)
{
    char text[TEXT_BYTES + 1];
    const char *metadata = jx_string_or(view, "private_metadata", "");
    *ret_sent = (struct incident_ask_sent){ .channel = "", .response_url = "" };
    struct sw_status status = jx_parse(metadata, strlen(metadata), &ret_sent->metadata);
    if (sw_failed(status))
        ret_sent->metadata = NULL;
    const char *verb = jx_string_or(ret_sent->metadata, "verb", "");
    const struct incident_row *row = incident_row_find(verb, strlen(verb));
    if (!row)
        return false;
    ret_sent->channel = jx_string_or(ret_sent->metadata, "channel", "");
    ret_sent->response_url = jx_string_or(ret_sent->metadata, "response_url", "");
    if (!modal_text(view, INCIDENT_ASK_BLOCK, TEXT_CHARACTERS, text, sizeof text))
        ret_sent->wrong = "That is longer than 3,000 characters.";
    else if (!*text)
        ret_sent->wrong = "Nothing stands here. Say something, or close the form.";
    if (ret_sent->wrong)
        return true;
    if (!takes_lines(row))
        one_line(text);
    incident_of_button(row->verb, jx_string_or(ret_sent->metadata, "target", ""), text, &ret_sent->parsed);
    return true;
}

void incident_ask_sent_release(struct incident_ask_sent *sent)
{
    command_parsed_release(&sent->parsed);
    json_decref(sent->metadata);
    *sent = (struct incident_ask_sent){ 0 };
}
