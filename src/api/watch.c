/* The limit of time on each trial (option "trial_seconds"). No thread can be ended from outside, so the
 * worker of a trial that has run too long stays where it is; the trial is LOST, nothing waits for it any
 * more, and what its objective answers in the end is a late result.
 */
#define _POSIX_C_SOURCE 200809L /* CLOCK_MONOTONIC */
#include "api/run.h"

#include <math.h>
#include <time.h>

void watch_begin(struct worker *worker)
{
    struct run *run = worker->run;
    worker->is_lost = 0;
    worker->overdue = clock_seconds() + run->trial_seconds;
    worker->before = NULL;
    worker->after = run->watched;
    if (run->watched)
        run->watched->before = worker;
    run->watched = worker;
    if (run->is_watching)
        pthread_cond_signal(&run->watch);
}

void watch_end(struct worker *worker)
{
    struct run *run = worker->run;
    if (worker->before)
        worker->before->after = worker->after;
    else
        run->watched = worker->after;
    if (worker->after)
        worker->after->before = worker->before;
}

/* The one that is overdue first; NULL when none will be. */
static struct worker *first_overdue(const struct run *run)
{
    struct worker *first = NULL;
    for (struct worker *w = run->watched; w; w = w->after)
        if (!w->is_lost && (!first || w->overdue < first->overdue))
            first = w;
    return first;
}

/* It may have been told in this moment: then its end stands. */
static void give_up(struct worker *worker)
{
    struct run *run = worker->run;
    char reason[64];
    text_format(reason, sizeof reason, "it ran longer than %g s", run->trial_seconds);
    worker->is_lost = 1;
    study_tell_trial(run->study, worker->trial->trial, AFINA_STATE_LOST, NULL, 0, reason);
    run_count(run);
}

static void wait_until(struct run *run, double end)
{
    struct timespec time = {.tv_sec = (time_t)end, .tv_nsec = (long)(1e9 * (end - floor(end)))};
    pthread_cond_timedwait(&run->watch, &run->lock, &time);
}

void *watch(void *user)
{
    struct run *run = user;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &(int){0}); /* it would end with the lock held */
    pthread_mutex_lock(&run->lock);
    while (run->is_watching) {
        struct worker *worker = first_overdue(run);
        if (!worker) {
            pthread_cond_wait(&run->watch, &run->lock);
        } else if (worker->overdue > clock_seconds()) {
            wait_until(run, worker->overdue);
        } else {
            give_up(worker);
            pthread_mutex_unlock(&run->lock);
            deliver(run->study);
            if (study_is_forked(run->study))
                return NULL;
            pthread_mutex_lock(&run->lock);
        }
    }
    pthread_mutex_unlock(&run->lock);
    return NULL;
}
