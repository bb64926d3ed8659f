/* SPDX-License-Identifier: Apache-2.0
 * broker_options: the command line of slipway-broker as a plain struct. */
#ifndef DEPLOY_SANDBOX_BROKER_OPTIONS_H
#define DEPLOY_SANDBOX_BROKER_OPTIONS_H

#include "common/base/status.h"

#include <netinet/in.h>
#include <stdint.h>

enum { BROKER_MAX_TOPICS = 64, BROKER_MAX_BROKERS = 8, BROKER_TOPIC_SIZE = 250 };

struct broker_topic {
    char name[BROKER_TOPIC_SIZE];
    int32_t partitions;
};

struct broker_options {
    const char *listen;  /* as given; points into argv */
    struct in_addr host; /* bound and advertised */
    uint16_t port;       /* of the first broker, the next ones count up; 0: any free one */
    int32_t brokers;
    const char *control; /* path of the FIFO; NULL: none */
    struct broker_topic topics[BROKER_MAX_TOPICS];
    size_t topic_count;
    bool help;
};

extern const char BROKER_USAGE[];

/* SW_CODE_CONFIG names the option. Resolves the host, so it may ask the resolver. */
struct sw_status broker_options_parse(int argc, char **argv, struct broker_options *ret_options) SW_MUST_CHECK;
/* "NAME:PARTITIONS" */
struct sw_status broker_options_topic(const char *text, struct broker_topic *ret_topic) SW_MUST_CHECK;

#endif
