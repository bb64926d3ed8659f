/* SPDX-License-Identifier: Apache-2.0
 * buoy: a made-up kind of workflow, for what deployments do not use: keys, errands, holds, news, orders. It does what
 * the arguments of its commands say, each of them optional:
 *
 *   {"keys":["a"], "errands":["e.one"], "hold":{"id","service","lane","channel","until"}, "release":"id",
 *    "order":{...}, "watch":true, "end":true}
 *
 *   lay    creates       drift  tells whoever has the key args.key, or creates
 *   hail   tells         sound  a question: how many there are
 *
 * Its facts: "keys", "errands" (outstanding), "later" (failed; again after a second), "results", "news", "watch". */
#ifndef TESTS_SCENARIO_WORLD_BUOY_H
#define TESTS_SCENARIO_WORLD_BUOY_H

#include "orchestrator/core/kind.h"

extern const struct wf_kind BUOY_KIND;

#endif
