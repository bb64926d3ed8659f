/* SPDX-License-Identifier: Apache-2.0
 * hook_read: what a monitoring system says in a webhook, as the arguments of `alert` commands. Pure.
 *
 * Alertmanager and Grafana are known by their source's name and send lists of alerts; everybody else sends our own
 * shape: one alert, a list of them, or {"alerts": [...]}, each {key, group, status, title, text, service, priority or
 * severity, url, started_at}. What comes in one group (of Alertmanager's group_by, of Grafana's notification policies)
 * is one incident. Texts are cut, never refused: nobody is there to type them again.
 * Sources: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config,
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier
 */
#ifndef GATEWAY_CORE_HOOK_READ_H
#define GATEWAY_CORE_HOOK_READ_H

#include "common/json/jx.h"

enum { HOOK_SOURCE_SIZE = 41, HOOK_MAX_ALERTS = 100, HOOK_KEY_MAX = 100 };

/* A source is named by lower-case letters, digits and dashes; "My_Source" is read as "my-source". False: it is none. */
bool hook_source_read(const char *name, size_t length, char ret_source[HOOK_SOURCE_SIZE]);

/* *ret_alerts: an array of {source, key, group, status, title, text, service, priority, url, started_at}; a new
 * reference. The group is as the source says it, of any length; null: none.
 * SW_CODE_INVALID says what is wrong with which alert; SW_CODE_TOO_LARGE above HOOK_MAX_ALERTS. */
struct sw_status hook_read(const char *source, const json_t *body, json_t **ret_alerts) SW_MUST_CHECK;

#endif
