/* SPDX-License-Identifier: Apache-2.0
 * broker_control: parses and applies the fault commands. */
#include "deploy/sandbox/broker/broker_control.h"

#include "common/base/log.h"
#include "common/base/text.h"
#include "deploy/sandbox/broker/broker_options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_ERRORS = 10000, MAX_ARGUMENTS = 3 };

struct arguments {
    char topic[BROKER_TOPIC_SIZE]; /* of commands that name one */
    int32_t n[MAX_ARGUMENTS];
};

typedef rd_kafka_resp_err_t apply_fn(rd_kafka_mock_cluster_t *cluster, const struct arguments *a);

static rd_kafka_resp_err_t apply_down(rd_kafka_mock_cluster_t *cluster, const struct arguments *a)
{
    return rd_kafka_mock_broker_set_down(cluster, a->n[0]);
}

static rd_kafka_resp_err_t apply_up(rd_kafka_mock_cluster_t *cluster, const struct arguments *a)
{
    return rd_kafka_mock_broker_set_up(cluster, a->n[0]);
}

static rd_kafka_resp_err_t apply_rtt(rd_kafka_mock_cluster_t *cluster, const struct arguments *a)
{
    return rd_kafka_mock_broker_set_rtt(cluster, a->n[0], a->n[1]);
}

/* The next `count` requests of the API key fail with the code; -195 drops the connection. */
static rd_kafka_resp_err_t apply_err(rd_kafka_mock_cluster_t *cluster, const struct arguments *a)
{
    if (a->n[0] < 0 || a->n[0] > INT16_MAX || a->n[1] < 1 || a->n[1] > MAX_ERRORS)
        return RD_KAFKA_RESP_ERR__INVALID_ARG;
    rd_kafka_resp_err_t *errors = calloc((size_t)a->n[1], sizeof(*errors));
    if (!errors)
        return RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE;
    for (int32_t i = 0; i < a->n[1]; i++)
        errors[i] = (rd_kafka_resp_err_t)a->n[2];
    rd_kafka_mock_push_request_errors_array(cluster, (int16_t)a->n[0], (size_t)a->n[1], errors);
    free(errors);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t apply_leader(rd_kafka_mock_cluster_t *cluster, const struct arguments *a)
{
    return rd_kafka_mock_partition_set_leader(cluster, a->topic, a->n[0], a->n[1]);
}

static rd_kafka_resp_err_t apply_create(rd_kafka_mock_cluster_t *cluster, const struct arguments *a)
{
    return rd_kafka_mock_topic_create(cluster, a->topic, a->n[0], 1);
}

static const struct verb {
    const char *name;
    bool topic;
    size_t numbers;
    apply_fn *apply;
    const char *usage;
} VERBS[] = {
    { "down", false, 1, apply_down, "down B" },
    { "up", false, 1, apply_up, "up B" },
    { "rtt", false, 2, apply_rtt, "rtt B MS" },
    { "err", false, 3, apply_err, "err APIKEY COUNT CODE" },
    { "leader", true, 2, apply_leader, "leader TOPIC PARTITION B" },
    { "create", true, 1, apply_create, "create TOPIC PARTITIONS" },
};

static bool parse_arguments(const struct verb *verb, char *rest, struct arguments *ret)
{
    char *save = NULL;
    char *word = strtok_r(rest, " \t\r", &save);
    if (verb->topic) {
        if (!word || !sw_copy(ret->topic, sizeof(ret->topic), word))
            return false;
        word = strtok_r(NULL, " \t\r", &save);
    }
    for (size_t i = 0; i < verb->numbers; i++, word = strtok_r(NULL, " \t\r", &save)) {
        int64_t number = 0;
        if (!word || !sw_parse_i64(word, INT32_MIN, INT32_MAX, &number))
            return false;
        ret->n[i] = (int32_t)number;
    }
    return word == NULL;
}

static const struct verb *find_verb(const char *name, size_t length)
{
    for (size_t i = 0; i < SW_COUNT(VERBS); i++)
        if (strlen(VERBS[i].name) == length && memcmp(VERBS[i].name, name, length) == 0)
            return &VERBS[i];
    return NULL;
}

struct sw_status broker_control_apply(rd_kafka_mock_cluster_t *cluster, const char *line)
{
    size_t name_length = strcspn(line, " \t\r");
    const struct verb *verb = find_verb(line, name_length);
    if (!verb)
        return sw_fail(SW_CODE_INVALID, "unknown command HINT: down up rtt err leader create");
    char rest[512];
    struct arguments arguments = { 0 };
    if (!sw_copy(rest, sizeof(rest), line + name_length) || !parse_arguments(verb, rest, &arguments))
        return sw_fail(SW_CODE_INVALID, "wrong arguments HINT: %s", verb->usage);
    rd_kafka_resp_err_t error = verb->apply(cluster, &arguments);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return sw_fail(SW_CODE_KAFKA, "%s", rd_kafka_err2name(error));
    return sw_ok();
}

static void apply_and_log(rd_kafka_mock_cluster_t *cluster, const char *line)
{
    if (sw_blank(line))
        return;
    struct sw_status status = broker_control_apply(cluster, line);
    if (sw_failed(status))
        sw_warn("control command refused", sw_s("command", line), sw_e(&status));
    else
        sw_info("control command applied", sw_s("command", line));
}

struct sw_status broker_control_open(const char *path, struct broker_control *ret_control)
{
    struct stat info;
    if (mkfifo(path, 0600) != 0 && errno != EEXIST)
        return sw_fail(SW_CODE_CONFIG, "--control: make fifo '%s': %s", path, strerror(errno));
    if (stat(path, &info) != 0 || !S_ISFIFO(info.st_mode))
        return sw_fail(SW_CODE_CONFIG, "--control: '%s' is not a fifo", path);
    /* Read and write: the FIFO stays open when a writer leaves, so that poll() does not spin on its end. */
    int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return sw_fail(SW_CODE_CONFIG, "--control: open '%s': %s", path, strerror(errno));
    *ret_control = (struct broker_control){ .fd = fd };
    return sw_ok();
}

static void apply_lines(struct broker_control *control, rd_kafka_mock_cluster_t *cluster)
{
    char *start = control->line;
    char *end = control->line + control->length;
    for (char *newline; (newline = memchr(start, '\n', (size_t)(end - start))) != NULL; start = newline + 1) {
        *newline = '\0';
        apply_and_log(cluster, start);
    }
    control->length = (size_t)(end - start);
    memmove(control->line, start, control->length);
    if (control->length == sizeof(control->line)) {
        sw_warn("control line too long, dropped");
        control->length = 0;
    }
}

void broker_control_read(struct broker_control *control, rd_kafka_mock_cluster_t *cluster)
{
    ssize_t got;
    while ((got = read(control->fd, control->line + control->length, sizeof(control->line) - control->length)) > 0) {
        control->length += (size_t)got;
        apply_lines(control, cluster);
    }
}

void broker_control_close(struct broker_control *control)
{
    if (control->fd >= 0)
        (void)close(control->fd); /* nothing was written */
    control->fd = -1;
}
