/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/reference.h"

#include "common/base/text.h"
#include "orchestrator/core/config_check.h"

static void print_section(struct sw_buf *buf, const struct config_section *section)
{
    const char *path = *section->path ? section->path : "top level";
    sw_buf_printf(buf, "#### %s\n\n%s:\n\n| key | required | what |\n|---|---|---|\n", path, section->what);
    for (size_t i = 0; i < section->count; i++)
        sw_buf_printf(buf, "| `%s` | %s | %s |\n", section->keys[i].name, section->keys[i].required ? "yes" : "",
                      section->keys[i].help);
    sw_buf_puts(buf, "\n");
}

char *reference_config_new(void)
{
    struct sw_buf buf = { 0 };
    for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++)
        print_section(&buf, &CONFIG_SECTIONS[i]);
    for (size_t i = 0; i < CONFIG_STEP_SECTION_COUNT; i++)
        print_section(&buf, &CONFIG_STEP_SECTIONS[i]);
    for (size_t i = 0; i < CONFIG_INCIDENT_SECTION_COUNT; i++)
        print_section(&buf, &CONFIG_INCIDENT_SECTIONS[i]);
    for (size_t i = 0; i < CONFIG_TRACKER_SECTION_COUNT; i++)
        print_section(&buf, &CONFIG_TRACKER_SECTIONS[i]);
    return sw_buf_take(&buf);
}
