/* SPDX-License-Identifier: Apache-2.0
 * Which trackers, reports and status pages a configuration may name. */
#include "orchestrator/core/config.h"

#include "common/base/buf.h"
#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char FILE_[] = "{\"version\":1,\"environments\":{\"staging\":{}},\"services\":{\"site\":{\"environments\":"
                            "[\"staging\"],\"ref\":\"main\",\"pipeline\":\"p\"}},\"pipelines\":{\"p\":{\"steps\":"
                            "[{\"name\":\"a\",\"run\":\"true\"}]}},\"incidents\":{\"main\":\"C1\"}}";

static int32_t line(void *self, const char *path)
{
    (void)self, (void)path;
    return 7;
}

/* The errors that the section has as `key` of incidents; "" when it is valid. */
static char *errors_new(const char *key, const char *section)
{
    SW_AUTO_FREE char *quoted = strdup(section);
    for (char *quote = quoted; (quote = strchr(quote, '\'')) != NULL;)
        *quote = '"';
    json_t *root = json_loads(FILE_, 0, NULL), *value = json_loads(quoted, 0, NULL);
    assert_non_null(root);
    assert_non_null(value);
    assert_int_equal(json_object_set_new(json_object_get(root, "incidents"), key, value), 0);
    const struct config_source source = { .file = "f", .dir = "/srv", .root = root, .line = line };
    struct sw_buf errors = { 0 };
    struct config *config = NULL;
    struct sw_status status = config_new(&source, &errors, &config);
    assert_int_equal(sw_failed(status), errors.length > 0);
    if (!sw_failed(status))
        config_free(config);
    json_decref(root);
    sw_buf_puts(&errors, "");
    char *text = strdup(sw_buf_string(&errors));
    sw_buf_release(&errors);
    return text;
}

static const char *const VALID[][2] = {
    { "tracker", "{'kind':'jira','url':'https://a.test','user':'a@b.test','token':'T','project':'OPS','labels':['x'],"
                 "'type':'Epic','tasks':{'project':'LATER','type':'Task','parent':false},'people':{'U1':'accountid:7'},"
                 "'fields':{'genesis':'customfield_1','point':'customfield_2'},'statuses':{'resolved':'In Review'}}" },
    { "tracker", "{'kind':'jira','api':2,'url':'http://jira.lan/base','token':'T','project':'OPS','private':true}" },
    { "tracker", "{'kind':'github','token':'T','repository':'a-b/c.d'}" },
    { "tracker", "{'kind':'gitlab','url':'https://git.lan','token':'T','project':'a/b/c'}" },
    { "report", "{'dir':'/srv/reports','formats':['html'],'webhook':{'url':'https://h.test/x?y=1','secret':'S'}}" },
    { "report", "{'wordpress':{'url':'https://b.test','user':'u','token':'T','status':'private'}}" },
    { "status_page", "{'webhook':'https://s.test/'}" },
};

static const char *const REFUSED[][3] = {
    { "tracker", "{'kind':'trac','token':'T'}", "f:7: incidents.tracker.kind: must be one of" },
    { "tracker", "{'kind':'jira','token':'T','project':'OPS'}", "url" },
    { "tracker", "{'kind':'jira','url':'ftp://a.test','token':'T','project':'OPS'}", "incidents.tracker.url: must be" },
    { "tracker", "{'kind':'jira','url':'https://u:p@a.test','token':'T','project':'OPS'}", "are no part of it" },
    { "tracker", "{'kind':'jira','url':'https://a.test','token':'T','project':'ops\\\" OR 1'}", "key of a project" },
    { "tracker", "{'kind':'jira','url':'https://a.test','token':'../T','project':'OPS'}", "incidents.tracker.token" },
    { "tracker", "{'kind':'jira','url':'https://a.test','token':'T','project':'OPS','fields':{'mood':'x'}}", "mood" },
    { "tracker", "{'kind':'jira','url':'https://a.test','token':'T','project':'OPS','statuses':{'gone':'x'}}", "gone" },
    { "tracker", "{'kind':'jira','api':4,'url':'https://a.test','token':'T','project':'OPS'}", "2 (Data Center)" },
    { "tracker", "{'kind':'github','token':'T','repository':'a/../b'}", "must be a repository" },
    { "tracker", "{'kind':'github','token':'T','repository':'a/b','project':'OPS'}", "unknown key" },
    { "report", "{}", "says nowhere" },
    { "report", "{'dir':'reports'}", "begins with /" },
    { "report", "{'dir':'/a','formats':[]}", "is empty" },
    { "report", "{'wordpress':{'url':'https://b.test','user':'u','token':'T','status':'publish'}}",
      "wordpress.status" },
    { "status_page", "{'webhook':'status.test'}", "incidents.status_page.webhook" },
};

static void test_what_is_valid_has_no_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(VALID); i++) {
        SW_AUTO_FREE char *errors = errors_new(VALID[i][0], VALID[i][1]);
        assert_string_equal(errors, "");
    }
}

static void test_what_is_not_says_where_and_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < SW_COUNT(REFUSED); i++) {
        SW_AUTO_FREE char *errors = errors_new(REFUSED[i][0], REFUSED[i][1]);
        if (!strstr(errors, REFUSED[i][2]))
            fail_msg("\"%s\" is not in: %s", REFUSED[i][2], errors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_valid_has_no_errors),
        cmocka_unit_test(test_what_is_not_says_where_and_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
