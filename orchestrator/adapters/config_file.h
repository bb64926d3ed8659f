/* SPDX-License-Identifier: Apache-2.0
 * config_file: slipway.yaml from the file system to a validated configuration. */
#ifndef ORCHESTRATOR_ADAPTERS_CONFIG_FILE_H
#define ORCHESTRATOR_ADAPTERS_CONFIG_FILE_H

#include "orchestrator/core/config.h"

/* SW_CODE_CONFIG: ret_errors holds all errors, one a line, each with file, line and path. */
struct sw_status config_file_load(const char *path, struct sw_buf *ret_errors,
                                  struct config **ret_config) SW_MUST_CHECK;

#endif
