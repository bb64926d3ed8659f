/* SPDX-License-Identifier: Apache-2.0
 * kafka_internal: what kafka_*.c share. */
#ifndef COMMON_IO_KAFKA_INTERNAL_H
#define COMMON_IO_KAFKA_INTERNAL_H

#include "common/io/kafka.h"

#include <librdkafka/rdkafka.h>

/* A configuration with the settings that are the same everywhere; the properties file is applied by kafka_conf_file(),
 * after the caller's own settings. The conf is the caller's until rd_kafka_new() takes it. */
struct sw_status kafka_conf_new(const struct kafka_config *config, rd_kafka_conf_t **ret_conf) SW_MUST_CHECK;
struct sw_status kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value) SW_MUST_CHECK;
struct sw_status kafka_conf_set_i64(rd_kafka_conf_t *conf, const char *name, int64_t value) SW_MUST_CHECK;
struct sw_status kafka_conf_file(rd_kafka_conf_t *conf, const struct kafka_config *config) SW_MUST_CHECK;
/* Takes the conf, also on failure. */
struct sw_status kafka_admin_new(const struct kafka_config *config, rd_kafka_t **ret_client) SW_MUST_CHECK;
struct sw_status kafka_client_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, rd_kafka_t **ret_client) SW_MUST_CHECK;
struct sw_status kafka_error(rd_kafka_resp_err_t error, const char *what) SW_MUST_CHECK;

/* The consumer's own client; not the caller's to destroy. */
rd_kafka_t *kafka_consumer_client(const struct kafka_consumer *consumer);
/* A list of one partition; rd_kafka_topic_partition_list_destroy() it. */
rd_kafka_topic_partition_list_t *kafka_single(const char *topic, int32_t partition);

#endif
