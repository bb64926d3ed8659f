/* SPDX-License-Identifier: Apache-2.0
 * mailbox: what other threads tell the loop that owns the leader: ends of steps and errands, status lines, the lease as
 * seen, questions of the API, a new configuration. Any thread writes, the loop reads. */
#ifndef ORCHESTRATOR_APP_MAILBOX_H
#define ORCHESTRATOR_APP_MAILBOX_H

#include "common/io/httpd.h"
#include "orchestrator/core/config.h"
#include "orchestrator/core/errand.h"
#include "orchestrator/core/step_report.h"

enum letter_kind {
    LETTER_FINISHED, /* report */
    LETTER_PROGRESS, /* report.attempt, status */
    LETTER_LEASE,    /* epoch, valid_ms */
    LETTER_WAKE,     /* the lease is free */
    LETTER_QUESTION, /* exchange, to be answered by the loop */
    LETTER_ERRAND,   /* errand */
    LETTER_CONFIG,   /* config, which takes the old one's place */
};

struct letter {
    enum letter_kind kind;
    struct step_report report;   /* its tail is owned */
    struct errand_report errand; /* its result is owned */
    char status[PROTO_STATUS_SIZE];
    int64_t epoch, valid_ms;
    struct httpd_exchange *exchange;
    struct config *config;
};

struct mailbox;

struct sw_status mailbox_new(struct mailbox **ret_mailbox) SW_MUST_CHECK;
/* Copies the letter; owned parts become the mailbox's. False: full or without memory, and nothing was taken. */
bool mailbox_put(struct mailbox *mailbox, const struct letter *letter) SW_MUST_CHECK;
/* NULL when empty; letter_free() it. */
struct letter *mailbox_take(struct mailbox *mailbox);
void letter_free(struct letter *letter); /* with what it still owns; an exchange must have been answered */
/* The loop has something to do although no letter came: the log has records, Kafka has acknowledged. */
void mailbox_ring(struct mailbox *mailbox);
int mailbox_fd(const struct mailbox *mailbox); /* readable after a letter or a ring */
void mailbox_silence(struct mailbox *mailbox); /* before the letters are taken */
void mailbox_free(struct mailbox *mailbox);

#endif
