/* SPDX-License-Identifier: Apache-2.0
 * slipway-broker: the embedded Kafka-protocol broker of the sandbox: librdkafka's mock cluster behind a fixed address.
 *
 * For development and tests: a plain Debian can run the whole system without Java. It keeps its log in memory (5 MiB a
 * partition), elects nobody and checks no sequence numbers: it proves nothing about durability; real Kafka does. */
#include "common/base/log.h"
#include "common/rt/signals.h"
#include "deploy/sandbox/broker/broker_control.h"
#include "deploy/sandbox/broker/broker_options.h"
#include "deploy/sandbox/broker/broker_sockets.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_CONFIG = 78 };

struct broker {
    rd_kafka_t *client; /* the mock cluster lives inside a client instance that talks to nobody */
    rd_kafka_mock_cluster_t *cluster;
    struct broker_control control;
};

static void on_library_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client;
    if (level <= 3)
        sw_warn("librdkafka", sw_s("facility", facility), sw_s("text", text));
    else
        sw_debug("librdkafka", sw_s("facility", facility), sw_s("text", text));
}

static struct sw_status make_client(rd_kafka_t **ret_client)
{
    char error[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, on_library_log);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    if (!client) {
        rd_kafka_conf_destroy(conf);
        return sw_fail(SW_CODE_KAFKA, "client: %s", error);
    }
    *ret_client = client;
    return sw_ok();
}

static struct sw_status check_ports(const struct broker_options *options)
{
    uint16_t port = 0;
    int error = broker_sockets_probe(options->brokers, &port);
    if (error == EADDRINUSE)
        return sw_fail(SW_CODE_CONFIG,
                       "listen on '%s': port %u is taken HINT: stop what listens there or choose another --listen",
                       options->listen, (unsigned)port);
    if (error != 0)
        return sw_fail(SW_CODE_CONFIG, "listen on '%s': %s", options->listen, strerror(error));
    return sw_ok();
}

static struct sw_status create_topics(struct broker *broker, const struct broker_options *options)
{
    for (size_t i = 0; i < options->topic_count; i++) {
        const struct broker_topic *topic = &options->topics[i];
        rd_kafka_resp_err_t error = rd_kafka_mock_topic_create(broker->cluster, topic->name, topic->partitions, 1);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
            return sw_fail(SW_CODE_CONFIG, "--topic: create '%s': %s", topic->name, rd_kafka_err2str(error));
    }
    return sw_ok();
}

static struct sw_status broker_start(struct broker *broker, const struct broker_options *options)
{
    if (options->control)
        SW_TRY(broker_control_open(options->control, &broker->control));
    SW_TRY(make_client(&broker->client));
    broker_sockets_plan(options->host, options->port);
    SW_TRY(check_ports(options));
    broker->cluster = rd_kafka_mock_cluster_new(broker->client, options->brokers);
    if (!broker->cluster)
        return sw_fail(SW_CODE_KAFKA, "the mock cluster did not start");
    return create_topics(broker, options);
}

static void broker_stop(struct broker *broker)
{
    if (broker->cluster)
        rd_kafka_mock_cluster_destroy(broker->cluster);
    if (broker->client)
        rd_kafka_destroy(broker->client);
    broker_control_close(&broker->control);
}

static void serve(struct broker *broker)
{
    struct pollfd waits[] = {
        { .fd = sw_signals_fd(), .events = POLLIN },
        { .fd = broker->control.fd, .events = POLLIN }, /* poll() skips -1 */
    };
    for (;;) {
        if (poll(waits, SW_COUNT(waits), 1000) <= 0)
            continue;
        if (waits[1].revents & POLLIN)
            broker_control_read(&broker->control, broker->cluster);
        int signal_number = waits[0].revents & POLLIN ? sw_signals_wait(0) : 0;
        if (signal_number == SIGTERM || signal_number == SIGINT)
            return;
    }
}

static enum sw_log_level wanted_level(void)
{
    enum sw_log_level level = SW_INFO;
    const char *name = getenv("SLIPWAY_LOG_LEVEL");
    if (name)
        (void)sw_log_level_parse(name, &level); /* an unknown word leaves "info" */
    return level;
}

int main(int argc, char **argv)
{
    static struct broker_options options; /* 16 KiB of topics */
    struct broker broker = { .control = { .fd = -1 } };
    sw_log_init("broker", wanted_level());
    struct sw_status status = broker_options_parse(argc, argv, &options);
    if (!sw_failed(status) && options.help) {
        (void)fputs(BROKER_USAGE, stdout); /* nowhere to report a closed stdout to */
        return EXIT_SUCCESS;
    }
    sw_signals_init();
    if (!sw_failed(status))
        status = broker_start(&broker, &options);
    if (sw_failed(status)) {
        sw_error("cannot start", sw_e(&status));
        broker_stop(&broker);
        return status.code == SW_CODE_CONFIG ? EXIT_CONFIG : EXIT_FAILURE;
    }
    sw_info("ready", sw_s("bootstrap", rd_kafka_mock_cluster_bootstraps(broker.cluster)),
            sw_i("topics", (int64_t)options.topic_count));
    serve(&broker);
    sw_info("stopping, the log in memory is gone");
    broker_stop(&broker);
    return EXIT_SUCCESS;
}
