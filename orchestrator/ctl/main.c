/* SPDX-License-Identifier: Apache-2.0
 * slipway: the operator's tool. Questions go to the orchestrator's API; what must work without it goes to the database
 * or to the file. */
#include "common/base/settings.h"
#include "common/base/text.h"
#include "orchestrator/ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct ctl_verb CTL_VERBS[] = {
    { "status", "ID", "the state of one workflow, step by step, with what they printed", ctl_status },
    { "line", "", "what runs and what waits", ctl_line },
    { "history", "[SERVICE]", "how the latest deployments ended", ctl_history },
    { "incidents", "", "the incidents that are open", ctl_incidents },
    { "hold list", "", "what keeps deployments from starting, and how many wait for it", ctl_hold_list },
    { "config check", "[FILE]", "whether slipway.yaml is valid; every error with file, line and path",
      ctl_config_check },
    { "config reference", "", "every key of slipway.yaml, as Markdown", ctl_config_reference },
    { "states", "[KIND]", "every transition of a deployment, or of an incident, as Markdown", ctl_states },
    { "words", "", "what can be said to an incident, as Markdown", ctl_words },
    { "migrate", "", "bring the database's schema up to date; run it as the schema's owner", ctl_migrate },
    { "import breakingbot", "FILE", "take in the ended incidents of Breaking Bot's tables", ctl_import_breakingbot },
    { "dead list", "", "records of the command log that could not be used", ctl_dead_list },
    { "dead show", "OFFSET", "one of them, raw", ctl_dead_show },
    { "dead retry", "OFFSET", "put it at the end of the command log again", ctl_dead_retry },
};
const unsigned CTL_VERB_COUNT = SW_COUNT(CTL_VERBS);

static void print_help(FILE *stream)
{
    (void)fprintf(stream, "slipway %s: the operator's tool.\n\nUsage:\n", SLIPWAY_VERSION);
    for (unsigned i = 0; i < CTL_VERB_COUNT; i++) {
        char call[64];
        (void)snprintf(call, sizeof call, "%s %s", CTL_VERBS[i].name, CTL_VERBS[i].arguments);
        (void)fprintf(stream, "  slipway %-24s %s\n", call, CTL_VERBS[i].help);
    }
    (void)fprintf(stream, "\nEnvironment:\n"
                          "  SLIPWAY_ORCHESTRATOR_LISTEN, SLIPWAY_API_TOKEN   for status, line, history,\n"
                          "                                                   incidents, hold list\n"
                          "  SLIPWAY_DATABASE_URL                             for migrate, import, dead\n"
                          "  SLIPWAY_KAFKA_BROKERS, SLIPWAY_TOPIC_PREFIX      for dead retry\n"
                          "  SLIPWAY_CONFIG                                   for config check\n");
}

int ctl_fail(const struct sw_status *status)
{
    (void)fprintf(stderr, "slipway: %s (%s)\n", status->text, sw_code_name(status->code));
    return status->code == SW_CODE_CONFIG ? CTL_CONFIG : CTL_FAILED;
}

char *ctl_setting_new(const char *name)
{
    const struct sw_settings_source source = sw_settings_process();
    char file_name[128], *text = NULL;
    const char *value = source.lookup(source.self, name);
    if (value && *value)
        return sw_strdup(value);
    (void)snprintf(file_name, sizeof file_name, "%s_FILE", name);
    const char *path = source.lookup(source.self, file_name);
    if (!path || sw_failed(source.read_file(source.self, path, &text)))
        return NULL;
    text[strcspn(text, "\r\n")] = '\0';
    return text;
}

/* How many arguments the verb's name takes; 0: another verb. */
static int match(const struct ctl_verb *verb, int count, char **arguments)
{
    const char *space = strchr(verb->name, ' ');
    if (!space)
        return sw_equal(verb->name, arguments[0]) ? 1 : 0;
    size_t first = (size_t)(space - verb->name);
    bool fits = count >= 2 && strlen(arguments[0]) == first && memcmp(arguments[0], verb->name, first) == 0 &&
                sw_equal(space + 1, arguments[1]);
    return fits ? 2 : 0;
}

static int unknown(const char *word)
{
    const char *names[SW_COUNT(CTL_VERBS)];
    for (unsigned i = 0; i < CTL_VERB_COUNT; i++)
        names[i] = CTL_VERBS[i].name;
    const char *near = sw_nearest(word, names, SW_COUNT(names));
    (void)fprintf(stderr, "slipway: unknown command \"%s\"%s%s%s; see slipway --help\n", word,
                  near ? ", did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return CTL_USAGE;
}

int main(int count, char **arguments)
{
    if (count < 2 || sw_equal(arguments[1], "--help") || sw_equal(arguments[1], "help")) {
        print_help(count < 2 ? stderr : stdout);
        return count < 2 ? CTL_USAGE : CTL_OK;
    }
    if (sw_equal(arguments[1], "--version")) {
        (void)printf("slipway %s\n", SLIPWAY_VERSION);
        return CTL_OK;
    }
    for (unsigned i = 0; i < CTL_VERB_COUNT; i++) {
        int taken = match(&CTL_VERBS[i], count - 1, arguments + 1);
        if (taken)
            return CTL_VERBS[i].run(count - 1 - taken, arguments + 1 + taken);
    }
    return unknown(arguments[1]);
}
