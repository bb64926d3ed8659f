/* SPDX-License-Identifier: Apache-2.0 */
#include "orchestrator/adapters/errands.h"

#include "common/base/text.h"
#include "common/rt/queue.h"
#include "common/rt/thread.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WAITING = 256, LOOK_AGAIN_MS = 1000, TELL_AGAIN_MS = 100 };

struct job {
    char workflow[PROTO_WORKFLOW_ID_SIZE], name[PROTO_NAME_SIZE];
    json_t *spec;     /* a copy of its own: json_t is not shared between threads */
    struct job *next; /* under way: in the list of all */
    struct side *side;
};

/* One of the places at which a family works: a thread, and what waits for it. */
struct side {
    struct family *family;
    struct sw_queue *queue;
    struct sw_thread thread;
    size_t load; /* under the errands' lock: jobs that wait or run here */
};

struct family {
    struct errands *errands;
    struct errand_adapter adapter;
    struct side sides[ERRANDS_SIDE_BY_SIDE];
    size_t side_count;
};

struct errands {
    struct family families[ERRANDS_MAX_ADAPTERS];
    size_t family_count;
    struct errands_listener listener;
    _Atomic bool stopping;
    pthread_mutex_t lock;
    struct job *under_way; /* under lock: from start() until its end was told */
};

static void job_free(void *item)
{
    struct job *job = item;
    json_decref(job->spec);
    free(job);
}

/* ---- what is under way ---- */

/* Under the lock. Where the family does something for this workflow already, so that its errands keep their order; else
 * where there is least to do. */
static struct side *choose_side(const struct errands *errands, struct family *family, const struct job *job)
{
    struct side *least = &family->sides[0];
    for (const struct job *other = errands->under_way; other; other = other->next)
        if (other->side->family == family && sw_equal(other->workflow, job->workflow))
            return other->side;
    for (size_t i = 1; i < family->side_count; i++)
        if (family->sides[i].load < least->load)
            least = &family->sides[i];
    return least;
}

/* False: one of its name is under way for the workflow already. */
static bool enter(struct errands *errands, struct family *family, struct job *job)
{
    bool known = false;
    pthread_mutex_lock(&errands->lock);
    for (const struct job *other = errands->under_way; other && !known; other = other->next)
        known = sw_equal(other->workflow, job->workflow) && sw_equal(other->name, job->name);
    if (!known) {
        job->side = choose_side(errands, family, job);
        job->side->load++;
        job->next = errands->under_way;
        errands->under_way = job;
    }
    pthread_mutex_unlock(&errands->lock);
    return !known;
}

static void leave(struct errands *errands, const struct job *job)
{
    pthread_mutex_lock(&errands->lock);
    struct job **slot = &errands->under_way;
    while (*slot && *slot != job)
        slot = &(*slot)->next;
    if (*slot) {
        *slot = job->next;
        job->side->load--;
    }
    pthread_mutex_unlock(&errands->lock);
}

/* ---- the worker ---- */

static void tell(struct errands *errands, struct errand_report *report)
{
    while (!errands->listener.finished_take(errands->listener.self, report)) {
        if (errands->stopping) {
            errand_report_release(report);
            return;
        }
        (void)poll(NULL, 0, TELL_AGAIN_MS); /* a signal only ends it early */
    }
}

static void run_job(struct family *family, struct job *job)
{
    struct errand_report report = { 0 };
    const struct errand_adapter *adapter = &family->adapter;
    (void)sw_copy(report.workflow, sizeof report.workflow, job->workflow); /* the same sizes */
    (void)sw_copy(report.name, sizeof report.name, job->name);
    report.status =
        adapter->run(adapter->self, job->workflow, job->name, job->spec, &report.result, &report.retry_after_ms);
    if (!sw_failed(report.status) && !report.result)
        report.result = json_object();
    leave(family->errands, job); /* first: what is told may start it anew */
    tell(family->errands, &report);
}

static void work(void *self)
{
    struct side *side = self;
    const struct errands *errands = side->family->errands;
    while (!errands->stopping) {
        struct job *job = sw_queue_pop(side->queue, LOOK_AGAIN_MS);
        if (!job)
            continue;
        if (!errands->stopping)
            run_job(side->family, job);
        job_free(job);
    }
}

/* ---- the port ---- */

static struct family *family_of(struct errands *errands, const char *name)
{
    for (size_t i = 0; i < errands->family_count; i++)
        if (sw_starts_with(name, errands->families[i].adapter.prefix))
            return &errands->families[i];
    return NULL;
}

static struct job *job_new(const char *workflow, const struct wf_errand *errand)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    (void)sw_copy(job->workflow, sizeof job->workflow, workflow); /* the same sizes */
    (void)sw_copy(job->name, sizeof job->name, errand->name);
    job->spec = errand->spec ? json_deep_copy(errand->spec) : json_object();
    if (job->spec)
        return job;
    free(job);
    return NULL;
}

static struct sw_status start(void *self, const char *workflow, const struct wf_errand *errand)
{
    struct errands *errands = self;
    struct family *family = family_of(errands, errand->name);
    if (!family)
        return sw_fail(SW_CODE_CONFIG, "nothing here does the errand \"%s\" HINT: look at what slipway.yaml says of it",
                       errand->name);
    struct job *job = job_new(workflow, errand);
    if (!job)
        return sw_fail(SW_CODE_NO_MEMORY, "errands: out of memory");
    if (!enter(errands, family, job)) {
        job_free(job);
        return sw_ok();
    }
    struct sw_status status = sw_queue_push(job->side->queue, job, 0);
    if (!sw_failed(status))
        return sw_ok();
    leave(errands, job);
    job_free(job);
    return sw_wrap(status, "errands \"%s\"", family->adapter.prefix);
}

struct errands_port errands_port(struct errands *errands)
{
    return (struct errands_port){ .start = start, .self = errands };
}

/* ---- life ---- */

static struct sw_status add_side(struct family *family)
{
    struct side *side = &family->sides[family->side_count];
    *side = (struct side){ .family = family, .queue = sw_queue_new(MAX_WAITING) };
    if (!side->queue)
        return sw_fail(SW_CODE_NO_MEMORY, "errands: out of memory");
    family->side_count++;
    return sw_thread_start(&side->thread, "errands", work, side);
}

static struct sw_status add_family(struct errands *errands, const struct errand_adapter *adapter)
{
    struct family *family = &errands->families[errands->family_count++];
    *family = (struct family){ .errands = errands, .adapter = *adapter };
    for (size_t i = 0; i < ERRANDS_SIDE_BY_SIDE; i++)
        SW_TRY(add_side(family));
    return sw_ok();
}

struct sw_status errands_new(const struct errands_options *options, struct errands **ret_errands)
{
    struct errands *errands = calloc(1, sizeof *errands);
    struct sw_status status = sw_ok();
    if (!errands)
        return sw_fail(SW_CODE_NO_MEMORY, "errands: out of memory");
    pthread_mutex_init(&errands->lock, NULL);
    errands->listener = options->listener;
    for (size_t i = 0; i < options->adapter_count && i < ERRANDS_MAX_ADAPTERS && !sw_failed(status); i++)
        status = add_family(errands, &options->adapters[i]);
    if (sw_failed(status)) {
        errands_free(errands);
        return status;
    }
    *ret_errands = errands;
    return sw_ok();
}

static void close_family(struct family *family)
{
    for (size_t i = 0; i < family->side_count; i++)
        sw_queue_close(family->sides[i].queue);
}

static void end_family(struct family *family)
{
    for (size_t i = 0; i < family->side_count; i++) {
        sw_thread_join(&family->sides[i].thread);
        sw_queue_free(family->sides[i].queue, job_free);
    }
}

void errands_free(struct errands *errands)
{
    if (!errands)
        return;
    errands->stopping = true;
    for (size_t i = 0; i < errands->family_count; i++)
        close_family(&errands->families[i]);
    for (size_t i = 0; i < errands->family_count; i++)
        end_family(&errands->families[i]);
    pthread_mutex_destroy(&errands->lock);
    free(errands);
}
