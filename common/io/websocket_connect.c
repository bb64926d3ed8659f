/* SPDX-License-Identifier: Apache-2.0
 * The way out. libwebsockets has its proxy in the vhost and looks at nothing but http_proxy; so there are two vhosts,
 * one for each way, and each connection takes the one that the environment says. */
#include "common/io/websocket_internal.h"

#include "common/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first of the names that is set and not empty. Upper-case HTTP_PROXY is not among them: a CGI's peer can set it.
 */
static const char *variable(const char *const *names, const char **ret_name)
{
    for (; *names; names++) {
        const char *value = getenv(*names);
        *ret_name = *names;
        if (value && *value)
            return value;
    }
    return NULL;
}

static struct lws_vhost *vhost_new(struct websocket_hub *hub, const char *name, const char *proxy, int32_t port)
{
    struct lws_context_creation_info info = { .port = CONTEXT_PORT_NO_LISTEN,
                                              .protocols = hub->protocols,
                                              .vhost_name = name,
                                              .http_proxy_address = proxy,
                                              .http_proxy_port = (unsigned int)port,
                                              .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                                                         LWS_SERVER_OPTION_VALIDATE_UTF8 };
    return lws_create_vhost(hub->context, &info);
}

static struct sw_status add_proxy(struct websocket_hub *hub, const char *name, const char *value)
{
    struct sw_proxy proxy;
    char text[SW_PROXY_USER_SIZE + SW_PROXY_HOST_SIZE + 16];
    SW_TRY(sw_wrap(sw_proxy_parse(value, &proxy), "%s", name));
    (void)snprintf(text, sizeof text, "%s%s%s:%d", proxy.user, *proxy.user ? "@" : "", proxy.host,
                   proxy.port); /* fits */
    hub->through_proxy = vhost_new(hub, "proxy", text, proxy.port);
    explicit_bzero(text, sizeof text);
    explicit_bzero(&proxy, sizeof proxy);
    return hub->through_proxy ? sw_ok() : sw_fail(SW_CODE_NO_MEMORY, "websocket: out of memory");
}

struct sw_status websocket_outside_init(struct websocket_hub *hub)
{
    static const char *const for_tls[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL };
    static const char *const for_plain[] = { "http_proxy", "all_proxy", "ALL_PROXY", NULL };
    static const char *const exceptions[] = { "no_proxy", "NO_PROXY", NULL };
    const char *name;
    hub->no_proxy = variable(exceptions, &name);
    const char *plain = variable(for_plain, &name), *value = variable(for_tls, &name);
    hub->tls_proxy = value != NULL;
    hub->plain_proxy = value ? sw_equal(plain, value) : plain != NULL;
    if (!value)
        value = variable(for_plain, &name);
    /* "" keeps it from looking at http_proxy by itself. */
    hub->direct = vhost_new(hub, "direct", plain ? "" : NULL, 0);
    if (!hub->direct)
        return sw_fail(SW_CODE_NO_MEMORY, "websocket: cannot set up TLS HINT: is SSL_CERT_FILE readable?");
    return value ? add_proxy(hub, name, value) : sw_ok();
}

struct sw_status websocket_url_check(const char *url)
{
    const char *rest = sw_starts_with(url, "wss://") ? url + 6 : sw_starts_with(url, "ws://") ? url + 5 : NULL;
    if (!rest || strcspn(rest, "/:?") == 0)
        return sw_fail(SW_CODE_INVALID, "not a ws:// or wss:// URL");
    return sw_ok();
}

static struct lws_vhost *vhost_for(const struct websocket_hub *hub, bool tls, const char *host)
{
    const bool proxied = tls ? hub->tls_proxy : hub->plain_proxy;
    return proxied && !sw_proxy_bypassed(hub->no_proxy, host) ? hub->through_proxy : hub->direct;
}

void websocket_connect(struct websocket_hub *hub, uint64_t id, char *url)
{
    struct sw_status why = sw_fail(SW_CODE_IO, "cannot connect");
    const char *scheme, *address, *rest;
    char host[280], path[2048];
    int port = 0;
    struct websocket_peer *peer = websocket_peer_new(hub, id);
    if (!peer || lws_parse_uri(url, &scheme, &address, &port, &rest) != 0) {
        why = sw_fail(SW_CODE_FULL, "too many connections");
        hub->options.events.closed(hub->options.events.self, id, &why);
        return;
    }
    const bool tls = sw_equal(scheme, "wss"), usual = port == (tls ? 443 : 80);
    (void)snprintf(host, sizeof host, usual ? "%s" : "%s:%d", address, port); /* cut: the peer would not know it */
    (void)snprintf(path, sizeof path, "/%s", rest);                           /* cut: the peer refuses it */
    const struct lws_client_connect_info info = { .context = hub->context,
                                                  .vhost = vhost_for(hub, tls, address),
                                                  .address = address,
                                                  .port = port,
                                                  .path = path,
                                                  .host = host,
                                                  .ssl_connection = tls ? LCCSCF_USE_SSL : 0,
                                                  .alpn = "http/1.1",
                                                  .local_protocol_name = hub->protocols[0].name,
                                                  .retry_and_idle_policy = &hub->liveness,
                                                  .opaque_user_data = peer,
                                                  .pwsi = &peer->wsi };
    if (!lws_client_connect_via_info(&info) && peer->id == id)
        websocket_peer_end(peer, &why);
}
