/* SPDX-License-Identifier: Apache-2.0
 * doc_internal: how the formats read a document. Inside orchestrator/core/doc*.c only. */
#ifndef ORCHESTRATOR_CORE_DOC_INTERNAL_H
#define ORCHESTRATOR_CORE_DOC_INTERNAL_H

#include "orchestrator/core/doc.h"

/* Everything borrows from the document. Absent texts are NULL. */
struct doc_block {
    enum doc_kind kind;
    int level;
    const char *label;   /* of a row, or the mark */
    const json_t *spans; /* array */
    bool first, last;    /* of neighbours of its kind */
};
struct doc_span {
    const char *text;
    const char *url;  /* a link */
    const char *user; /* a mention, as the system writes it */
    bool strong;
};

bool doc_failed(const struct doc *doc);
size_t doc_block_count(const struct doc *doc);
struct doc_block doc_block(const struct doc *doc, size_t index);
struct doc_span doc_span(const json_t *spans, size_t index);

/* Percent-encodes what is special in the formats' links; the URL was checked before. */
void doc_put_url(struct sw_buf *buf, const char *url);

#endif
