/* SPDX-License-Identifier: Apache-2.0
 * topics_maker: makes the three topics where they are missing; where Kafka is away at the start, a thread keeps trying.
 */
#ifndef GATEWAY_APP_TOPICS_MAKER_H
#define GATEWAY_APP_TOPICS_MAKER_H

#include "common/io/kafka.h"

struct topics_maker;

/* Tries once, for at most 3 s, and goes on in the background when that fails. */
struct sw_status topics_maker_start(const struct kafka_config *kafka, const char *prefix,
                                    struct topics_maker **ret_maker) SW_MUST_CHECK;
void topics_maker_free(struct topics_maker *maker);

#endif
