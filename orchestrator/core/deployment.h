/* SPDX-License-Identifier: Apache-2.0
 * deployment: the kind of workflow that runs a pipeline's steps one after the other in a lane.
 *
 * Its facts, in the workflow's `facts`: {"service","environment","ref","params":{},"team","user","channel"
 * (where it was asked for),"home_team","home_channel","attempts":[allowed tries of each
 * step],"message":{"channel","ts"}|null,"surplus":{...}|null,
 * "cancel":{"user","at"}|null,"error":{"code","text","hint"}|null,"break_glass":{...} (deployment_glass.h)}. Pure. */
#ifndef ORCHESTRATOR_CORE_DEPLOYMENT_H
#define ORCHESTRATOR_CORE_DEPLOYMENT_H

#include "orchestrator/core/kind.h"

extern const struct wf_kind DEPLOYMENT_KIND;

#endif
