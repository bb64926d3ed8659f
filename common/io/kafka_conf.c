/* SPDX-License-Identifier: Apache-2.0
 * Settings for librdkafka 2.0.2. The reasons: a delivery report must not wait for a long reconnect back-off
 * (reconnect.backoff.max.ms, default 10 s); Nagle delays single records by 40 ms; keys must go where Java clients would
 * put them (murmur2); a missing topic is an error, not an invitation to create it with wrong partitions. */
#include "common/io/kafka_internal.h"

#include "common/base/log.h"
#include "common/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

static const struct {
    const char *name, *value;
} SHARED[] = {
    { "socket.nagle.disable", "true" },
    { "socket.keepalive.enable", "true" },
    { "reconnect.backoff.ms", "50" },
    { "reconnect.backoff.max.ms", "250" },
    { "socket.connection.setup.timeout.ms", "2000" },
    { "topic.metadata.refresh.sparse", "true" },
    { "broker.address.family", "v4" },
    { "log.connection.close", "false" },
};

struct sw_status kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char error[256];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof error) == RD_KAFKA_CONF_OK)
        return sw_ok();
    return sw_fail(SW_CODE_CONFIG, "Kafka setting %s: %s", name, error);
}

struct sw_status kafka_conf_set_i64(rd_kafka_conf_t *conf, const char *name, int64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    return kafka_conf_set(conf, name, text);
}

/* librdkafka's syslog levels: 3 error, 4 warning, 5 and up are of interest to its developers. */
static void log_line(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client;
    /* The embedded broker is old, and creates nothing itself; a file of properties is for consumers and producers. */
    const bool known = sw_equal(facility, "AUTOCREATE") || strstr(text, " property and will be ignored by this ");
    if (level <= 4 && !known)
        sw_warn("kafka client", sw_s("facility", facility), sw_s("detail", text));
    else
        sw_debug("kafka client", sw_s("facility", facility), sw_s("detail", text));
}

static void note_error(rd_kafka_t *client, int error, const char *reason, void *opaque)
{
    (void)client, (void)opaque; /* brokers that cannot be reached show up as undelivered records; here only as a note */
    sw_debug("kafka error", sw_s("name", rd_kafka_err2name((rd_kafka_resp_err_t)error)), sw_s("reason", reason));
}

static struct sw_status fill(rd_kafka_conf_t *conf, const struct kafka_config *config)
{
    for (size_t i = 0; i < SW_COUNT(SHARED); i++)
        SW_TRY(kafka_conf_set(conf, SHARED[i].name, SHARED[i].value));
    SW_TRY(kafka_conf_set(conf, "bootstrap.servers", config->brokers));
    return kafka_conf_set(conf, "client.id", config->client_id ? config->client_id : "slipway");
}

/* librdkafka's main thread sleeps whole milliseconds to its next timer and spins through the rest, once a second. Woken
 * later than it asked, by that much, it finds the timer due. */
static rd_kafka_resp_err_t sleep_soundly(rd_kafka_t *client, rd_kafka_thread_type_t type, const char *name,
                                         void *opaque)
{
    enum { SLACK_NS = 4000000 };
    (void)client, (void)name, (void)opaque;
    if (type == RD_KAFKA_THREAD_MAIN)
        (void)prctl(PR_SET_TIMERSLACK, SLACK_NS); /* without it, it spins */
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_new(rd_kafka_t *client, const rd_kafka_conf_t *conf, void *opaque, char *error,
                                  size_t error_size)
{
    (void)conf, (void)opaque, (void)error, (void)error_size;
    return rd_kafka_interceptor_add_on_thread_start(client, "slipway", sleep_soundly, NULL);
}

struct sw_status kafka_conf_new(const struct kafka_config *config, rd_kafka_conf_t **ret_conf)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, log_line);
    rd_kafka_conf_set_error_cb(conf, note_error);
    (void)rd_kafka_conf_interceptor_add_on_new(conf, "slipway", on_new, NULL); /* fails only when it is there already */
    struct sw_status status = fill(conf, config);
    if (sw_failed(status)) {
        rd_kafka_conf_destroy(conf);
        return status;
    }
    *ret_conf = conf;
    return sw_ok();
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    char *end = text + strlen(text);
    while (end > text && strchr(" \t\r\n", end[-1]))
        *--end = '\0';
    return text;
}

static struct sw_status apply_line(rd_kafka_conf_t *conf, const char *path, int32_t number, char *line)
{
    char *name = trim(line), *equals = strchr(name, '=');
    if (*name == '\0' || *name == '#')
        return sw_ok();
    if (!equals)
        return sw_fail(SW_CODE_CONFIG, "%s:%d: not NAME=VALUE", path, (int)number);
    *equals = '\0';
    return sw_wrap(kafka_conf_set(conf, trim(name), trim(equals + 1)), "%s:%d", path, (int)number);
}

struct sw_status kafka_conf_file(rd_kafka_conf_t *conf, const struct kafka_config *config)
{
    if (sw_blank(config->config_path))
        return sw_ok();
    FILE *file = fopen(config->config_path, "re");
    if (!file)
        return sw_fail(SW_CODE_CONFIG, "SLIPWAY_KAFKA_CONFIG: cannot open \"%s\": %s", config->config_path,
                       strerror(errno));
    char line[4096];
    struct sw_status status = sw_ok();
    for (int32_t number = 1; !sw_failed(status) && fgets(line, sizeof line, file); number++)
        status = apply_line(conf, config->config_path, number, line);
    fclose(file);
    return status;
}

struct sw_status kafka_client_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **ret_client)
{
    char error[256];
    rd_kafka_t *client = rd_kafka_new(type, conf, error, sizeof error);
    if (client) {
        *ret_client = client;
        return sw_ok();
    }
    rd_kafka_conf_destroy(conf);
    return sw_fail(SW_CODE_CONFIG, "cannot make a Kafka client: %s", error);
}

struct sw_status kafka_error(rd_kafka_resp_err_t error, const char *what)
{
    enum sw_code code = SW_CODE_KAFKA;
    if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        code = SW_CODE_FULL;
    else if (error == RD_KAFKA_RESP_ERR__PURGE_QUEUE || error == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
        code = SW_CODE_CLOSED;
    else if (error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        code = SW_CODE_TOO_LARGE;
    else if (error == RD_KAFKA_RESP_ERR__FATAL)
        code = SW_CODE_KAFKA_FATAL;
    else if (error == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        code = SW_CODE_NOT_FOUND;
    return sw_fail(code, "%s: %s (%s)", what, rd_kafka_err2str(error), rd_kafka_err2name(error));
}
