/* SPDX-License-Identifier: Apache-2.0
 * page: the read-only page at the orchestrator's `/`: three files, taken into the program by the assembler. They hold
 * nothing secret and are open; what they show comes from the API, which asks for its token. */
#ifndef ORCHESTRATOR_APP_PAGE_H
#define ORCHESTRATOR_APP_PAGE_H

#include "common/io/httpd.h"

bool page_serve(struct httpd_exchange *exchange, const char *path); /* false: it is none of the page's */

#endif
