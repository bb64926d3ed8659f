/* SPDX-License-Identifier: Apache-2.0
 * url: an address that somebody typed, made comparable. Pure; nothing is fetched or looked up. */
#ifndef COMMON_BASE_URL_H
#define COMMON_BASE_URL_H

#include "common/base/status.h"

enum { SW_URL_MAX = 2048 };

/* An absolute URL of any scheme but those that carry code (javascript, vbscript, data). Blanks around it are dropped;
 * scheme and host become lower case, the scheme's own port goes, an empty path becomes "/", and what may not stand in a
 * URL (blanks, quotation marks, brackets, anything but ASCII) is percent-encoded; what is encoded already stays.
 * Without "//" behind the scheme ("foo:bar") blanks are refused: "note: the disk is full" is a sentence.
 * SW_CODE_INVALID says why it is none; SW_CODE_TOO_LARGE. The caller frees. */
struct sw_status sw_url_normalise(const char *text, char **ret_url) SW_MUST_CHECK;

#endif
