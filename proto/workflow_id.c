/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/workflow_id.h"

#include "common/base/crockford.h"

#include <string.h>

enum { ID_CHARACTERS = 13 };

void proto_workflow_id(char prefix, const uint8_t digest[32], char ret_id[PROTO_WORKFLOW_ID_SIZE])
{
    ret_id[0] = prefix;
    ret_id[1] = '-';
    sw_crockford(digest, ID_CHARACTERS, ret_id + 2);
}

bool proto_workflow_id_valid(const char *text)
{
    return text && strlen(text) == PROTO_WORKFLOW_ID_SIZE - 1 && text[0] >= 'a' && text[0] <= 'z' && text[1] == '-' &&
           sw_crockford_valid(text + 2, ID_CHARACTERS);
}
