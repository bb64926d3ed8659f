/* SPDX-License-Identifier: Apache-2.0
 * Gives common/base/log its clock and standard error before main() runs, so that no program can forget it. */
#include "common/base/log_backend.h"
#include "common/rt/clock.h"

#include <unistd.h>

static void write_stderr(const char *line, size_t length)
{
    if (write(STDERR_FILENO, line, length) < 0)
        return; /* nowhere to say that there is nowhere to say it */
}

/* Nobody refers to this file, so the linker would leave it in the archive: common/CMakeLists.txt asks for it. */
extern const char sw_log_stderr_installed;
const char sw_log_stderr_installed = 1;

__attribute__((constructor)) static void install(void)
{
    sw_log_set_backend((struct sw_log_backend){ .write = write_stderr, .now_ms = sw_wall_ms });
}
