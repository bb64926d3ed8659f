/* SPDX-License-Identifier: Apache-2.0
 * notify: tells the service manager how the process is, as sd_notify(3) does: one datagram to NOTIFY_SOCKET. Without
 * that variable nothing happens. Any thread. */
#ifndef COMMON_RT_NOTIFY_H
#define COMMON_RT_NOTIFY_H

void sw_notify(const char *state); /* "READY=1", "STOPPING=1", "RELOADING=1" */

#endif
