/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/text.h"
#include "orchestrator/core/reference.h"
#include "orchestrator/ctl/ctl.h"

#include <stdio.h>

static int print(const char *text) { return text && fputs(text, stdout) >= 0 ? CTL_OK : CTL_FAILED; }

int ctl_config_reference(int count, char **arguments)
{
    (void)count, (void)arguments;
    SW_AUTO_FREE char *text = reference_config_new();
    return print(text);
}

int ctl_words(int count, char **arguments)
{
    (void)count, (void)arguments;
    SW_AUTO_FREE char *text = reference_words_new();
    return print(text);
}

int ctl_states(int count, char **arguments)
{
    const char *kind = count > 0 ? arguments[0] : "deployment";
    SW_AUTO_FREE char *text = reference_states_new(kind);
    if (text)
        return print(text);
    (void)fprintf(stderr, "slipway: no states of \"%s\"\nHINT: deployment or incident\n", kind);
    return CTL_USAGE;
}
