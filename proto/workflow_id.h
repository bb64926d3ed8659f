/* SPDX-License-Identifier: Apache-2.0
 * workflow_id: a letter for the kind ("d-" deployment, "i-" incident) and 13 characters of lower-case Crockford base32
 * of SHA-256(command id). Pure: the caller brings the digest. */
#ifndef PROTO_WORKFLOW_ID_H
#define PROTO_WORKFLOW_ID_H

#include "proto/limits.h"

#include <stdbool.h>
#include <stdint.h>

void proto_workflow_id(char prefix, const uint8_t digest[32], char ret_id[PROTO_WORKFLOW_ID_SIZE]);
bool proto_workflow_id_valid(const char *text); /* of any kind */

#endif
