/* SPDX-License-Identifier: Apache-2.0
 * broker_sockets: where the mock cluster listens.
 *
 * librdkafka 2.0.2 binds each mock broker to 127.0.0.1:0 and has no setting for it. This file defines bind() and
 * accept() in the executable, which the dynamic linker prefers for the library's calls too: the wanted address goes in
 * on the way to the C library's, and what the library advertises follows from getsockname(). */
#ifndef DEPLOY_SANDBOX_BROKER_SOCKETS_H
#define DEPLOY_SANDBOX_BROKER_SOCKETS_H

#include <netinet/in.h>
#include <stdint.h>

/* Before the cluster is made, from main. Brokers take port, port + 1, ...; port 0 leaves the choice to the kernel. */
void broker_sockets_plan(struct in_addr host, uint16_t port);
/* Tries the planned ports beforehand: when a bind fails inside librdkafka 2.0.2, it aborts instead of reporting. 0, or
 * the errno and the port that it is about. */
int broker_sockets_probe(int32_t brokers, uint16_t *ret_port);

#endif
