/* SPDX-License-Identifier: Apache-2.0
 * One curl multi handle on one thread. Requests come in through a queue; curl_multi_poll() is woken for each. */
#include "common/io/http_client.h"

#include "common/base/text.h"
#include "common/io/http_client_internal.h"
#include "common/rt/queue.h"
#include "common/rt/thread.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WAITING = 4096, POLL_MS = 1000 };

struct http_client {
    char *user_agent;
    struct sw_queue *waiting;
    struct sw_thread thread;
    _Atomic bool stopping;
    CURLM *multi; /* of the thread, as below; curl_multi_wakeup() alone is for all */
    struct http_call *running;
};

static void link_call(struct http_client *client, struct http_call *call)
{
    call->next = client->running;
    if (call->next)
        call->next->previous = call;
    client->running = call;
}

static void unlink_call(struct http_client *client, struct http_call *call)
{
    *(call->previous ? &call->previous->next : &client->running) = call->next;
    if (call->next)
        call->next->previous = call->previous;
}

static void take_waiting(struct http_client *client)
{
    struct http_call *call;
    while ((call = sw_queue_pop(client->waiting, 0))) {
        link_call(client, call);
        curl_multi_add_handle(client->multi, call->easy);
    }
}

static void finish_done(struct http_client *client)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(client->multi, &left))) {
        struct http_call *call;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        curl_multi_remove_handle(client->multi, call->easy);
        unlink_call(client, call);
        http_call_finish(call, result);
    }
}

static void abort_running(struct http_client *client)
{
    while (client->running) {
        struct http_call *call = client->running;
        curl_multi_remove_handle(client->multi, call->easy);
        unlink_call(client, call);
        http_call_abort(call);
    }
}

static void run(void *self)
{
    struct http_client *client = self;
    int running;
    while (!client->stopping) {
        take_waiting(client);
        curl_multi_perform(client->multi, &running);
        finish_done(client);
        curl_multi_poll(client->multi, NULL, 0, POLL_MS, NULL);
    }
    take_waiting(client);
    abort_running(client);
}

struct sw_status http_client_new(const char *user_agent, struct http_client **ret_client)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, http_global_init);
    struct http_client *client = calloc(1, sizeof *client);
    if (!client)
        return sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    client->user_agent = sw_strdup(user_agent);
    client->waiting = sw_queue_new(MAX_WAITING);
    client->multi = curl_multi_init();
    struct sw_status status = client->user_agent && client->waiting && client->multi
                                  ? sw_thread_start(&client->thread, "http-client", run, client)
                                  : sw_fail(SW_CODE_NO_MEMORY, "out of memory");
    if (sw_failed(status)) {
        http_client_free(client);
        return status;
    }
    *ret_client = client;
    return sw_ok();
}

struct sw_status http_client_send(struct http_client *client, const struct http_request *request, http_done_fn *done,
                                  void *context)
{
    struct http_call *call;
    SW_TRY(http_call_new(request, client->user_agent, done, context, &call));
    struct sw_status status = sw_queue_push(client->waiting, call, 0);
    if (sw_failed(status)) {
        http_call_free(call);
        return status;
    }
    curl_multi_wakeup(client->multi);
    return sw_ok();
}

void http_client_free(struct http_client *client)
{
    if (!client)
        return;
    client->stopping = true;
    if (client->waiting)
        sw_queue_close(client->waiting);
    if (client->multi)
        curl_multi_wakeup(client->multi);
    sw_thread_join(&client->thread);
    if (client->multi)
        curl_multi_cleanup(client->multi);
    sw_queue_free(client->waiting, NULL);
    free(client->user_agent);
    free(client);
}
