/* SPDX-License-Identifier: Apache-2.0
 * The sandbox's sample is a good configuration, and what its documentation tells people to type is accepted. */
#include "common/io/fsio.h"
#include "common/io/yaml.h"
#include "orchestrator/core/config.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <fcntl.h>

static int32_t line_of(void *self, const char *path) { return yaml_line(self, path); }

static struct config *load(struct yaml_document **ret_document)
{
    SW_AUTO_FREE char *text = NULL;
    size_t length = 0;
    struct config *config = NULL;
    SW_AUTO_BUF struct sw_buf errors = { 0 };
    struct sw_status status = fsio_read(AT_FDCWD, "deploy/sandbox/sample/slipway.yaml", 65536, &text, &length);
    if (sw_failed(status))
        fail_msg("%s", status.text);
    status = yaml_parse("slipway.yaml", text, length, ret_document);
    if (sw_failed(status))
        fail_msg("%s", status.text);
    const struct config_source source = { .file = "slipway.yaml",
                                          .dir = "/",
                                          .root = yaml_root(*ret_document),
                                          .line = line_of,
                                          .line_self = *ret_document };
    status = config_new(&source, &errors, &config);
    if (sw_failed(status))
        fail_msg("%s\n%s", status.text, sw_buf_string(&errors));
    return config;
}

static void assert_resolves(const struct config *config, const char *service, const char *param, const char *value)
{
    const struct proto_actor actor = { .user = "U0ALICE0001" };
    struct config_choice choice = { 0 };
    struct config_refusal refusal = { 0 };
    JX_AUTO json_t *params = param ? json_pack("{s:s}", param, value) : NULL;
    const struct config_request request = { .service = service, .params = params, .actor = &actor, .channel = "C1" };
    if (!config_resolve(config, &request, &choice, &refusal))
        fail_msg("%s %s=%s: %s %s", service ? service : "", param ? param : "", value ? value : "", refusal.text,
                 refusal.why);
    assert_string_equal(choice.environment, "staging");
    config_choice_release(&choice);
}

static void test_sample_is_accepted(void **state)
{
    struct yaml_document *document = NULL;
    struct config *config = load(&document);
    (void)state;
    assert_resolves(config, NULL, NULL, NULL);
    assert_resolves(config, "site", "PACE", "0.5");
    assert_resolves(config, "site", "PACE", "0");
    assert_resolves(config, "demo", "FAIL", "test");
    assert_resolves(config, "demo", "SLEEP", "30");
    config_free(config);
    yaml_document_free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_sample_is_accepted) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
