/* One search: its progress on the standard error, and Ctrl-C. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime, isatty, sigaction */
#include "demo.h"

#include <signal.h>
#include <stdio.h>
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

/* The best error so far is 1, the worst there is, before the first result. */
struct progress {
    struct search *search;
    int64_t trials;
    double start, best;
    int is_terminal;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The first trials say little about the time that the others take. */
static void show_line(const struct progress *p)
{
    fprintf(stderr, "%s%s: %lld of %lld trials   best validation error %.4f", p->is_terminal ? "\r" : "",
            p->search->title, (long long)p->search->done, (long long)p->trials, p->best);
    if (p->search->done >= 5)
        fprintf(stderr, "   %.0f s left",
                (now() - p->start) / (double)p->search->done * (double)(p->trials - p->search->done));
    fprintf(stderr, "%s", p->is_terminal ? "    " : "\n");
    fflush(stderr);
}

/* On a terminal one line is written over, else there is a line for every tenth trial
 * and for every one that is better. */
static void show(const struct progress *p, int is_better)
{
    if (p->is_terminal || is_better || p->search->done % 10 == 0 || p->search->done == p->trials)
        show_line(p);
}

/* Events come one at a time and in order, whichever worker brings them. A trial that
 * Ctrl-C has stopped does not count. */
static int32_t observe(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    struct progress *p = user;
    int32_t state;
    double value;
    size_t n;
    (void)report;
    if (event != AFINA_EVENT_TOLD)
        return AFINA_OK;
    check(afina_trial_state(trial, &state));
    check(afina_trial_values(trial, &value, 1, &n));
    if (state == AFINA_STATE_STOPPED)
        return AFINA_OK;
    p->search->done++;
    int is_better = state == AFINA_STATE_COMPLETE && value < p->best;
    if (is_better)
        p->best = value;
    if (!interrupted())
        show(p, is_better);
    return AFINA_OK;
}

void run_search(struct search *search, const struct settings *settings, afina_mlp *mlp)
{
    struct progress progress = {
        .search = search, .trials = settings->trials, .start = now(), .best = 1, .is_terminal = isatty(STDERR_FILENO)};
    check(afina_optimizer_set_observer(search->optimizer, observe, &progress, NULL));
    running = search->optimizer;
    check(afina_optimize(search->optimizer, afina_mlp_objective, mlp, settings->trials));
    running = NULL;
    check(afina_optimizer_set_observer(search->optimizer, NULL, NULL, NULL));
    if (progress.is_terminal)
        fprintf(stderr, "\n");
    int32_t status = afina_best(search->optimizer, &search->best);
    if (status != AFINA_E_NOT_FOUND)
        check(status);
}
