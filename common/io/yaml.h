/* SPDX-License-Identifier: Apache-2.0
 * yaml: the project's only door to libyaml: a document becomes a jansson tree, and each node's line can be asked for.
 *
 * The core schema of YAML 1.2: plain null true false, integers and floats are typed, everything else is a string.
 * Refused with their line: anchors and aliases, tags, duplicate keys, keys that are no scalars, several documents, more
 * than 10,000 nodes or 64 levels. */
#ifndef COMMON_IO_YAML_H
#define COMMON_IO_YAML_H

#include "common/json/jx.h"

struct yaml_document; /* the tree and the lines */

/* Errors read "PATH:LINE: what". path is only named. */
struct sw_status yaml_parse(const char *path, const char *data, size_t length,
                            struct yaml_document **ret_document) SW_MUST_CHECK;
const json_t *yaml_root(const struct yaml_document *document);
/* The line of the node at a path such as "services.site.pipeline" or "pipelines.site.steps[2].run"; the line of the
 * nearest node above it when there is none. From 1. */
int32_t yaml_line(const struct yaml_document *document, const char *path);
/* Not "yaml_free": libyaml exports that name, and would call ours for its own memory. */
void yaml_document_free(struct yaml_document *document);

#endif
