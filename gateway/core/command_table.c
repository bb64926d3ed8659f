/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/core/command_table.h"

#include "common/base/text.h"

#include <strings.h>

static const char MAY_DEPLOY[] = "whoever `slipway.yaml` allows for the service and the environment; guests never";

#define ABSENT(word)                                                                                                   \
    {                                                                                                                  \
        .family = COMMAND_DEPLOY, .verb = (word), .grammar = GRAMMAR_ABSENT                                            \
    }

const struct command_row COMMAND_TABLE[] = {
    { .family = COMMAND_DEPLOY,
      .grammar = GRAMMAR_DEPLOY,
      .usage = "[service] [ref] [to environment] [KEY=value ...]",
      .help = "deploy; alone it starts the configured default",
      .permission = MAY_DEPLOY,
      .more =
          "One deployment at a time runs in a lane, in the order in which they were asked for. `to` and `on` mean the "
          "same. KEY=value sets a parameter of the service; quote a value that has spaces.",
      .name = "deploy" },
    { .family = COMMAND_DEPLOY,
      .verb = "status",
      .grammar = GRAMMAR_TARGET_OR_SERVICE,
      .usage = "[id or service]",
      .help = "what runs and what waits, or the state of one deployment",
      .name = "check_status" },
    { .family = COMMAND_DEPLOY,
      .verb = "queue",
      .grammar = GRAMMAR_SERVICE,
      .usage = "[service]",
      .help = "the waiting line",
      .more =
          "A lane runs one deployment at a time. Who asks first goes first. A deployment that needs a human keeps its "
          "place until somebody retries or cancels it.",
      .name = "line" },
    { .family = COMMAND_DEPLOY,
      .verb = "cancel",
      .grammar = GRAMMAR_TARGET,
      .usage = "<id>",
      .help = "stop a deployment, or take it out of the line",
      .permission = MAY_DEPLOY,
      .name = "cancel" },
    { .family = COMMAND_DEPLOY,
      .verb = "retry",
      .grammar = GRAMMAR_TARGET,
      .usage = "<id>",
      .help = "run the step again that needs a human",
      .permission = MAY_DEPLOY,
      .name = "retry" },
    { .family = COMMAND_DEPLOY,
      .verb = "break-glass",
      .grammar = GRAMMAR_TARGET_REASON,
      .usage = "<id> <reason>",
      .help = "let a held deployment start; a second person has to agree",
      .permission = "whoever may deploy there and whom `break_glass.allow` names; two different people",
      .more = "A deployment that an incident holds waits until it is released. To let it start all the same, one "
              "person says why; another one presses *Agree* on its message, or types the same word with its id. Then "
              "it passes what holds it at that moment, keeps its place, and begins when its lane is free. Nobody "
              "agreed in time: nothing happens. Both names and the reason stay in its message and in the timeline of "
              "each incident.",
      .name = "break_glass" },
    { .family = COMMAND_DEPLOY,
      .verb = "history",
      .grammar = GRAMMAR_SERVICE,
      .usage = "[service]",
      .help = "the latest deployments and how they ended",
      .name = "history" },
    { .family = COMMAND_DEPLOY,
      .verb = "services",
      .grammar = GRAMMAR_NOTHING,
      .usage = "",
      .help = "what can be deployed, and where",
      .name = "services" },
    { .family = COMMAND_DEPLOY,
      .verb = "help",
      .grammar = GRAMMAR_HELP,
      .usage = "[topic]",
      .help = "this list, or more about one of its words" },
    { .family = COMMAND_CHECK_STATUS,
      .grammar = GRAMMAR_TARGET,
      .usage = "<id>",
      .help = "the state of one deployment, step by step",
      .name = "check_status" },
    { .family = COMMAND_INCIDENT,
      .grammar = GRAMMAR_INCIDENT,
      .usage = "[word ...]",
      .help = "incidents: alone it opens a form to declare one; with `help` behind it, its words" },
    ABSENT("rollback"),
    ABSENT("approve"),
    ABSENT("reject"),
    ABSENT("lock"),
    ABSENT("unlock"),
    ABSENT("freeze"),
    ABSENT("logs"),
    ABSENT("why"),
};
const size_t COMMAND_TABLE_COUNT = SW_COUNT(COMMAND_TABLE);

static bool same_verb(const char *a, const char *b) { return a && b ? strcasecmp(a, b) == 0 : a == b; }

const struct command_row *command_row_find(enum command_family family, const char *verb)
{
    for (size_t i = 0; i < COMMAND_TABLE_COUNT; i++)
        if (COMMAND_TABLE[i].family == family && same_verb(COMMAND_TABLE[i].verb, verb))
            return &COMMAND_TABLE[i];
    return NULL;
}

const char *command_verb_near(enum command_family family, const char *word)
{
    const char *verbs[SW_COUNT(COMMAND_TABLE)];
    size_t count = 0;
    for (size_t i = 0; i < COMMAND_TABLE_COUNT; i++) {
        const struct command_row *row = &COMMAND_TABLE[i];
        if (row->family == family && row->verb && row->grammar != GRAMMAR_ABSENT)
            verbs[count++] = row->verb;
    }
    return sw_nearest(word, verbs, count);
}
