/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/core/kind_table.h"

#include "common/base/attrs.h"
#include "orchestrator/core/deployment.h"
#include "orchestrator/core/incident.h"

const struct wf_kind *const KIND_TABLE[] = { &DEPLOYMENT_KIND, &INCIDENT_KIND };
const size_t KIND_TABLE_COUNT = SW_COUNT(KIND_TABLE);

const struct kind_join KIND_JOIN = { .change = "deployment",
                                     .changes = "deployments",
                                     .failed = "failed",
                                     .trouble = "incident",
                                     .troubles = "incidents",
                                     .none_at = "cancelled",
                                     .over_at = "resolved" };
