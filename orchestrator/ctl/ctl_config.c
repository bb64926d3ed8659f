/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/text.h"
#include "orchestrator/adapters/config_file.h"
#include "orchestrator/ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>

int ctl_config_check(int count, char **arguments)
{
    SW_AUTO_FREE char *set = ctl_setting_new("SLIPWAY_CONFIG");
    const char *path = count > 0 ? arguments[0] : set ? set : "/etc/slipway/slipway.yaml";
    SW_AUTO_BUF struct sw_buf errors = { 0 };
    struct config *config = NULL;
    struct sw_status status = config_file_load(path, &errors, &config);
    if (sw_failed(status)) {
        (void)fputs(sw_buf_string(&errors), stderr);
        return status.code == SW_CODE_CONFIG ? CTL_CONFIG : CTL_FAILED;
    }
    JX_AUTO json_t *services = config_services(config);
    (void)printf("%s is valid: %zu service%s\n", path, json_array_size(services),
                 json_array_size(services) == 1 ? "" : "s");
    config_free(config);
    return CTL_OK;
}
