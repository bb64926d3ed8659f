/* SPDX-License-Identifier: Apache-2.0
 * reply_plan_internal: what reply_plan*.c share. */
#ifndef GATEWAY_CORE_REPLY_PLAN_INTERNAL_H
#define GATEWAY_CORE_REPLY_PLAN_INTERNAL_H

#include "common/base/lru.h"
#include "gateway/core/reply_plan.h"

enum { REPLY_PARTITIONS_MAX = 256, REPLY_URL_LIFE_MS = 30 * 60000 };

struct reply_say {
    struct reply_say *next;
    json_t *message;
};

/* A command that is not closed. */
struct reply_entry {
    char command[PROTO_COMMAND_ID_MAX + 1];
    char *url;     /* the plain address; NULL: not announced here */
    bool expected; /* "no word yet" is still to be said when none comes */
    bool answered; /* the reply has been posted, or cannot be: the marker is left */
    bool has_reply, busy;
    enum reply_verb order; /* when busy */
    struct proto_reply reply;
    struct reply_say *says;   /* first come, first */
    struct reply_place place; /* offset -1: not of the group */
    int64_t begun_ms;         /* announced, or read */
    int64_t waiting_at_ms;    /* when "no word yet" is said */
    int64_t hold_until_ms;    /* for the marker */
    int64_t not_before_ms;
    int32_t posts, failures, unsure;
};

struct reply_partition {
    int32_t number;
    int64_t position; /* -1: not known */
};

struct reply_plan {
    char gateway[PROTO_NAME_SIZE];
    struct reply_entry **entries;
    size_t count, capacity;
    struct sw_lru *closed; /* command -> NULL */
    struct reply_partition partitions[REPLY_PARTITIONS_MAX];
    size_t partition_count;
    uint32_t random;
};

struct reply_entry *reply_plan_find(struct reply_plan *plan, const char *command);
void reply_plan_drop(struct reply_plan *plan, struct reply_entry *entry);
bool reply_plan_at_place(const struct reply_entry *entry); /* as far as the address is known */
void reply_plan_close(struct reply_plan *plan, struct reply_entry *entry, int64_t now_ms);

#endif
