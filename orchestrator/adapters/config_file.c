/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/config_file.h"

#include "common/io/fsio.h"
#include "common/io/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 1024 * 1024 };

static int32_t line_of(void *self, const char *path) { return yaml_line(self, path); }

static struct sw_status parse(const char *path, struct yaml_document **ret_document)
{
    char *text = NULL;
    size_t length = 0;
    struct sw_status status = fsio_read(AT_FDCWD, path, MAX_FILE_BYTES, &text, &length);
    if (sw_failed(status))
        return sw_fail(SW_CODE_CONFIG, "%s: %s. HINT: SLIPWAY_CONFIG names the file", path, strerror(errno));
    status = yaml_parse(path, text, length, ret_document);
    free(text);
    return sw_failed(status) ? sw_fail(SW_CODE_CONFIG, "%s", status.text) : status;
}

static struct sw_status judge(const char *path, const struct yaml_document *document, struct sw_buf *errors,
                              struct config **ret_config)
{
    char absolute[PATH_MAX];
    if (!realpath(path, absolute))
        return sw_fail(SW_CODE_CONFIG, "%s: %s", path, strerror(errno));
    char *slash = strrchr(absolute, '/');
    slash[slash == absolute] = '\0'; /* "/" stays */
    const struct config_source source = { .file = path,
                                          .dir = absolute,
                                          .root = yaml_root(document),
                                          .line = line_of,
                                          .line_self = (void *)(uintptr_t)document };
    return config_new(&source, errors, ret_config);
}

struct sw_status config_file_load(const char *path, struct sw_buf *ret_errors, struct config **ret_config)
{
    struct yaml_document *document = NULL;
    struct sw_status status = parse(path, &document);
    if (sw_failed(status)) {
        sw_buf_printf(ret_errors, "%s\n", status.text);
        return status;
    }
    status = judge(path, document, ret_errors, ret_config);
    yaml_document_free(document);
    return status;
}
