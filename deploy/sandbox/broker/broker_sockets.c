/* SPDX-License-Identifier: Apache-2.0
 * broker_sockets: the two interposed calls. Process-wide by nature, hence the file's statics; bind() runs on main only
 * while the cluster is made, and later on the cluster's thread for a port that is already known. */
#include "deploy/sandbox/broker/broker_sockets.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
    struct in_addr host;
    uint16_t next_port; /* 0: the kernel's choice */
} plan;

void broker_sockets_plan(struct in_addr host, uint16_t port)
{
    plan.host = host;
    plan.next_port = port;
}

static void *next_symbol(const char *name) { return dlsym(RTLD_NEXT, name); }

/* The library asks for 127.0.0.1:0 the first time, and for what it got after a "down". */
static void redirect(struct sockaddr_in *address)
{
    if (address->sin_addr.s_addr != htonl(INADDR_LOOPBACK) || address->sin_port != 0)
        return;
    address->sin_addr = plan.host;
    if (plan.next_port > 0)
        address->sin_port = htons(plan.next_port++);
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    int (*real)(int, const struct sockaddr *, socklen_t) = NULL;
    *(void **)&real = next_symbol("bind");
    struct sockaddr_in wanted;
    if (address->sa_family != AF_INET || length != sizeof(wanted))
        return real(fd, address, length);
    memcpy(&wanted, address, sizeof(wanted));
    redirect(&wanted);
    int on = 1; /* a restart must not wait for old connections in TIME_WAIT */
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    return real(fd, (const struct sockaddr *)&wanted, length);
}

static int probe_port(uint16_t port)
{
    const struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = plan.host, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error =
        fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 1) != 0 ? errno : 0;
    if (fd >= 0)
        (void)close(fd); /* it was never connected */
    return error;
}

int broker_sockets_probe(int32_t brokers, uint16_t *ret_port)
{
    for (int32_t i = 0; plan.next_port > 0 && i < brokers; i++) {
        uint16_t port = (uint16_t)(plan.next_port + i);
        int error = probe_port(port);
        if (error != 0) {
            *ret_port = port;
            return error;
        }
    }
    return 0;
}

/* Without TCP_NODELAY small answers wait up to 40 ms for the peer's delayed acknowledgement. */
int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    int (*real)(int, struct sockaddr *, socklen_t *) = NULL;
    *(void **)&real = next_symbol("accept");
    int peer = real(fd, address, length);
    int on = 1;
    if (peer >= 0)
        (void)setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); /* slower without, not wrong */
    return peer;
}
