/* One search: its progress on the standard error, and Ctrl-C. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime, isatty, sigaction */
#include "demo.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* -------------------------------------------------------------------- Ctrl-C */

/* The optimizer that a signal cancels; afina_cancel() may be called from a handler. */
static afina_optimizer *volatile running;
static volatile sig_atomic_t interrupt_count;

static void on_interrupt(int number)
{
    (void)number;
    interrupt_count = 1;
    if (running)
        afina_cancel(running);
}

/* The first signal is handled, the second ends the program. */
void handle_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
}

int interrupted(void)
{
    return interrupt_count > 0;
}

/* ------------------------------------------------------------------ progress */

struct progress {
    pthread_mutex_t lock; /* workers end their trials at the same time */
    const struct search *search;
    int64_t done, trials;
    double start, best;
    int is_terminal;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The best value told so far; 1 is the worst error there is. */
static double best_error(afina_optimizer *optimizer)
{
    afina_trial *best;
    double value = 1;
    size_t n;
    if (afina_best(optimizer, &best) == AFINA_OK) {
        check(afina_trial_values(best, &value, 1, &n));
        afina_trial_free(best);
    }
    return value;
}

/* The first trials say little about the time that the others take. */
static void show_line(const struct progress *p)
{
    fprintf(stderr, "%s%s: %lld of %lld trials   best validation error %.4f", p->is_terminal ? "\r" : "",
            p->search->title, (long long)p->done, (long long)p->trials, p->best);
    if (p->done >= 5)
        fprintf(stderr, "   %.0f s left", (now() - p->start) / (double)p->done * (double)(p->trials - p->done));
    fprintf(stderr, "%s", p->is_terminal ? "    " : "\n");
    fflush(stderr);
}

/* Called once for each trial that ended, by whichever worker: on a terminal one
 * line is written over, else there is a line for every tenth trial and for every
 * one that is better. */
static void show(int32_t level, const char *text, void *user)
{
    struct progress *p = user;
    (void)text;
    if (level != AFINA_MESSAGE_INFO || interrupted())
        return;
    pthread_mutex_lock(&p->lock);
    double best = best_error(p->search->optimizer);
    p->done++;
    if (p->is_terminal || best < p->best || p->done % 10 == 0 || p->done == p->trials) {
        p->best = best;
        show_line(p);
    }
    pthread_mutex_unlock(&p->lock);
}

/* Trials that ended by themselves. */
static int64_t count_done(afina_optimizer *optimizer)
{
    int64_t count, done = 0;
    check(afina_trial_count(optimizer, &count));
    for (int64_t i = 0; i < count; i++) {
        afina_trial *trial;
        int32_t state;
        check(afina_trial_get(optimizer, i, &trial));
        check(afina_trial_state(trial, &state));
        done += state == AFINA_STATE_COMPLETE || state == AFINA_STATE_FAILED;
        afina_trial_free(trial);
    }
    return done;
}

void run_search(struct search *search, const struct settings *settings, afina_mlp *mlp)
{
    struct progress progress = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                .search = search,
                                .trials = settings->trials,
                                .start = now(),
                                .best = 1,
                                .is_terminal = isatty(STDERR_FILENO)};
    check(afina_optimizer_set_message(search->optimizer, show, &progress, NULL));
    running = search->optimizer;
    check(afina_optimize(search->optimizer, afina_mlp_objective, mlp, settings->trials));
    running = NULL;
    check(afina_optimizer_set_message(search->optimizer, NULL, NULL, NULL));
    if (progress.is_terminal)
        fprintf(stderr, "\n");
    search->done = count_done(search->optimizer);
    int32_t status = afina_best(search->optimizer, &search->best);
    if (status != AFINA_E_NOT_FOUND)
        check(status);
}
