/* SPDX-License-Identifier: Apache-2.0
 * broker_options: reads the command line; every refusal says which option, why, and what is expected. */
#include "deploy/sandbox/broker/broker_options.h"

#include "common/base/text.h"

#include <getopt.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

const char BROKER_USAGE[] =
    "usage: slipway-broker --listen HOST:PORT [--topic NAME:PARTITIONS]... [--brokers N] [--control FIFO]\n"
    "\n"
    "A Kafka-protocol broker for development, kept in memory: nothing survives its end.\n"
    "  --listen HOST:PORT       address to bind and to advertise (default 127.0.0.1:9092; port 0 picks one)\n"
    "  --topic NAME:PARTITIONS  create a topic at the start; may be repeated\n"
    "  --brokers N              brokers of the cluster, on PORT, PORT+1, ... (default 1, at most 8)\n"
    "  --control FIFO           read fault commands from this FIFO, which is made when absent:\n"
    "                             down B | up B | rtt B MS | err APIKEY COUNT CODE\n"
    "                             leader TOPIC PARTITION B | create TOPIC PARTITIONS     (B: 1.., -1 all)\n";

static struct sw_status resolve(const char *host, struct in_addr *ret_host)
{
    const struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int rc = getaddrinfo(host, NULL, &hints, &found);
    if (rc != 0)
        return sw_fail(SW_CODE_CONFIG, "--listen: host '%s': %s", host, gai_strerror(rc));
    struct sockaddr_in address;
    memcpy(&address, found->ai_addr, sizeof(address));
    freeaddrinfo(found);
    if (address.sin_addr.s_addr == htonl(INADDR_ANY))
        return sw_fail(SW_CODE_CONFIG, "--listen: '%s' cannot be advertised to clients HINT: name one address", host);
    *ret_host = address.sin_addr;
    return sw_ok();
}

static struct sw_status parse_listen(struct broker_options *options)
{
    char host[256];
    int64_t port = 0;
    const char *colon = strrchr(options->listen, ':');
    if (!colon || colon == options->listen || (size_t)(colon - options->listen) >= sizeof(host) ||
        !sw_parse_i64(colon + 1, 0, 65535, &port))
        return sw_fail(SW_CODE_CONFIG, "--listen: '%s' is not HOST:PORT", options->listen);
    memcpy(host, options->listen, (size_t)(colon - options->listen));
    host[colon - options->listen] = '\0';
    options->port = (uint16_t)port;
    return resolve(host, &options->host);
}

struct sw_status broker_options_topic(const char *text, struct broker_topic *ret_topic)
{
    struct broker_topic topic;
    int64_t partitions = 0;
    const char *colon = strrchr(text, ':');
    if (!colon || colon == text || (size_t)(colon - text) >= sizeof(topic.name))
        return sw_fail(SW_CODE_CONFIG, "--topic: '%s' is not NAME:PARTITIONS", text);
    if (!sw_parse_i64(colon + 1, 1, 1000, &partitions))
        return sw_fail(SW_CODE_CONFIG, "--topic: '%s': partitions must be 1 to 1000", text);
    memcpy(topic.name, text, (size_t)(colon - text));
    topic.name[colon - text] = '\0';
    topic.partitions = (int32_t)partitions;
    *ret_topic = topic;
    return sw_ok();
}

static struct sw_status add_topic(struct broker_options *options, const char *text)
{
    if (options->topic_count == BROKER_MAX_TOPICS)
        return sw_fail(SW_CODE_CONFIG, "--topic: more than %d topics", (int)BROKER_MAX_TOPICS);
    SW_TRY(broker_options_topic(text, &options->topics[options->topic_count]));
    options->topic_count++;
    return sw_ok();
}

static struct sw_status take_option(struct broker_options *options, int option, const char *value)
{
    int64_t number = 0;
    switch (option) {
    case 'l':
        options->listen = value;
        return sw_ok();
    case 't':
        return add_topic(options, value);
    case 'c':
        options->control = value;
        return sw_ok();
    case 'n':
        if (!sw_parse_i64(value, 1, BROKER_MAX_BROKERS, &number))
            return sw_fail(SW_CODE_CONFIG, "--brokers: '%s' is not 1 to %d", value, (int)BROKER_MAX_BROKERS);
        options->brokers = (int32_t)number;
        return sw_ok();
    case 'h':
        options->help = true;
        return sw_ok();
    default:
        return sw_fail(SW_CODE_CONFIG, "unknown option or missing value HINT: slipway-broker --help");
    }
}

struct sw_status broker_options_parse(int argc, char **argv, struct broker_options *ret_options)
{
    static const struct option LONG[] = {
        { "listen", required_argument, NULL, 'l' },  { "topic", required_argument, NULL, 't' },
        { "control", required_argument, NULL, 'c' }, { "brokers", required_argument, NULL, 'n' },
        { "help", no_argument, NULL, 'h' },          { NULL, 0, NULL, 0 },
    };
    struct broker_options options = { .listen = "127.0.0.1:9092", .brokers = 1 };
    int option;
    optind = 1;
    opterr = 0;
    while ((option = getopt_long(argc, argv, "", LONG, NULL)) != -1)
        SW_TRY(take_option(&options, option, optarg));
    if (optind < argc)
        return sw_fail(SW_CODE_CONFIG, "'%s' is no option HINT: slipway-broker --help", argv[optind]);
    SW_TRY(parse_listen(&options));
    *ret_options = options;
    return sw_ok();
}
