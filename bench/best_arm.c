/* The library's schedulers for the best arm of a fixed set, in simulation, on the samples that bandit.c gives to all
 * rules: how often they choose a wrong arm, and how many samples they take. One worker, no study in between.
 *
 *     best_arm fixed RUNS FILE     a number of samples
 *     best_arm sure RUNS FILE      until they are sure to .95
 *     best_arm promise RUNS FILE   where no arm is better: what is decided is the error, .05 is what is promised
 *     best_arm cost                microseconds of the processor for `next` and for a whole trial, at 100,000 trials
 *
 * Appends to FILE lines as `arms --best-arm` does: "samples" 0 is until it is sure, "budget" are the runs. */
#define _POSIX_C_SOURCE 200809L
#include "arms/bandit.h"
#include "core/fail.h"
#include "core/mem.h"
#include "schedule/schedule.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS = 1 << 22, TRIALS = 100000, TIMES = 10000 };

static void equal(double *mean)
{
    for (int i = 0; i < ARMS; i++)
        mean[i] = 0;
}

static void pair(double *mean)
{
    for (int i = 0; i < ARMS; i++)
        mean[i] = i < 2 ? 0 : -10;
}

/* Until what is decided is decided wrongly. */
static const struct {
    struct setting setting;
    int K;
    long cap;
} promises[] = {
    {{.name = "equal-2", .means = equal}, 2, 4000},
    {{.name = "equal-8", .means = equal}, 8, 16000},
    {{.name = "equal-64", .means = equal}, 64, 32000},
    {{.name = "pair-64", .means = pair}, 64, 8000},
};

/* A scheduler at work on the first K arms. */
struct game {
    struct bandit bandit;
    int K;
    int32_t *arm_of; /* of each trial */
    int64_t first[ARMS], n, n_arms;
    struct conclusion conclusion;
};

static void check(int32_t rc)
{
    if (rc == 0)
        return;
    fprintf(stderr, "best_arm: %s\n", fail_text());
    exit(1);
}

static void do_trial(struct game *g, const struct scheduler *s, void *state, const struct action *action,
                     const struct situation *situation)
{
    int is_new = action->kind == ACTION_NEW;
    int arm = is_new ? (int)g->n_arms : g->arm_of[action->trial];
    if (is_new)
        g->first[g->n_arms++] = g->n;
    g->arm_of[g->n] = arm;
    struct schedule_event event = {.kind = SCHEDULE_ASKED,
                                   .trial = g->n++,
                                   .arm = g->first[arm],
                                   .parent = is_new ? -1 : action->trial,
                                   .budget = INFINITY,
                                   .replicate = is_new ? 0 : action->replicate,
                                   .situation = situation};
    check(s->observe(state, &event));
    event.kind = SCHEDULE_TOLD;
    event.situation = NULL;
    event.state = AFINA_STATE_COMPLETE;
    event.loss = -bandit_pull(&g->bandit, arm);
    check(s->observe(state, &event));
}

/* 1 when a trial was asked for and done. */
static int step(struct game *g, const struct scheduler *s, void *state, double total)
{
    struct rng rng;
    struct action action = {.budget = INFINITY};
    rng_start(&rng, g->bandit.run, (uint64_t)g->n, RNG_SUGGEST);
    const struct situation situation = {
        .number = g->n, .queued = g->K - g->n_arms, .remaining = total - (double)g->n, .rng = &rng};
    check(s->next(state, &situation, &action));
    if (action.kind >= ACTION_WAIT || g->n >= STEPS)
        return 0;
    do_trial(g, s, state, &action, &situation);
    return 1;
}

/* What a rule is asked. */
struct question {
    const char *rule, *bound; /* bound NULL: the default */
    long total;               /* 0: until it is sure */
    long cap;
};

static void *begin(const struct question *q, const struct scheduler **s, struct option_set *options, uint64_t seed)
{
    check(scheduler_find(q->rule, s));
    check(options_init(options, q->rule, (*s)->options, (*s)->n_options));
    if (q->total == 0) {
        check(options_set_real(options, "confidence", 1 - DELTA));
        check(options_set_integer(options, "cap", q->cap));
    }
    if (q->bound)
        check(options_set_string(options, "bound", q->bound));
    const struct schedule_context context = {.options = options,
                                             .seed = seed,
                                             .budget_min = INFINITY,
                                             .budget_max = INFINITY,
                                             .budget_total = q->total ? (double)q->total : INFINITY,
                                             .replicates = INT64_MAX};
    void *state = mem_new(1, (*s)->state_size);
    check(state ? (*s)->init(state, &context) : fail_memory());
    return state;
}

static void end(const struct scheduler *s, void *state, struct option_set *options)
{
    s->fini(state);
    mem_free(state);
    options_fini(options);
}

static void simulate(struct game *g, const struct question *q, const struct setting *setting, uint64_t run)
{
    const struct scheduler *s;
    struct option_set options;
    bandit_begin(&g->bandit, setting, run);
    g->n = g->n_arms = 0;
    void *state = begin(q, &s, &options, run);
    while (step(g, s, state, q->total ? (double)q->total : INFINITY))
        ;
    s->conclude(state, &g->conclusion);
    end(s, state, &options);
}

static int is_best(const struct game *g)
{
    return g->conclusion.arm >= 0 && g->arm_of[g->conclusion.arm] == g->bandit.best;
}

static void row(struct game *g, const struct question *q, const struct setting *setting, int is_promise, int runs,
                FILE *out)
{
    double samples = 0;
    int errors = 0;
    for (int run = 0; run < runs; run++) {
        simulate(g, q, setting, (uint64_t)run);
        errors += is_promise ? g->conclusion.decided : !is_best(g);
        samples += (double)g->n;
    }
    fprintf(
        out,
        "{\"setting\":\"%s\",\"samples\":%ld,\"rule\":\"afina %s%s%s\",\"budget\":%d,\"errors\":%d,\"used\":%.1f}\n",
        setting->name, q->total, q->rule, q->bound ? " " : "", q->bound ? q->bound : "", runs, errors, samples / runs);
    fflush(out);
}

static void fixed(struct game *g, int runs, FILE *out)
{
    static const char *const rules[] = {"halving", "rejects", "top-two"};
    g->K = ARMS;
    for (int i = 0; setting_at(i); i++)
        for (int k = 0; k < 2; k++)
            for (int r = 0; r < 3 && setting_at(i)->budgets[k]; r++)
                row(g, &(struct question){rules[r], NULL, setting_at(i)->budgets[k], 0}, setting_at(i), 0, runs, out);
}

static const struct question confident[] = {{"top-two", NULL, 0, STEPS},
                                            {"top-two", "glr", 0, STEPS},
                                            {"top-two", "heuristic", 0, STEPS},
                                            {"lucb", NULL, 0, STEPS}};

static void sure(struct game *g, int runs, FILE *out)
{
    g->K = ARMS;
    for (int i = 0; setting_at(i); i++)
        for (int r = 0; r < 4; r++)
            row(g, &confident[r], setting_at(i), 0, runs, out);
}

static void promise(struct game *g, int runs, FILE *out)
{
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++)
        for (int r = 0; r < 4; r++) {
            struct question q = confident[r];
            q.cap = promises[i].cap;
            g->K = promises[i].K;
            row(g, &q, &promises[i].setting, 1, runs, out);
        }
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void cost(struct game *g, const struct question *q)
{
    const struct scheduler *s;
    struct option_set options;
    void *state = begin(q, &s, &options, 0);
    bandit_begin(&g->bandit, &promises[2].setting, 0);
    g->n = g->n_arms = 0;
    g->K = ARMS;
    double from = now();
    while (g->n < TRIALS && step(g, s, state, 2 * TRIALS))
        ;
    double trial = (now() - from) / (double)g->n;
    from = now();
    for (int i = 0; i < TIMES; i++) {
        struct rng rng;
        struct action action = {.budget = INFINITY};
        rng_start(&rng, 0, (uint64_t)i, RNG_SUGGEST);
        const struct situation situation = {.number = g->n, .remaining = TRIALS, .rng = &rng};
        check(s->next(state, &situation, &action));
    }
    printf("%s: next at %d trials %.2f us, a whole trial %.2f us\n", q->rule, TRIALS, (now() - from) / TIMES, trial);
    end(s, state, &options);
}

static void costs(struct game *g)
{
    static const struct question questions[] = {{"halving", NULL, 2 * TRIALS, 0},
                                                {"rejects", NULL, 2 * TRIALS, 0},
                                                {"top-two", NULL, 0, STEPS},
                                                {"lucb", NULL, 0, STEPS}};
    for (int i = 0; i < 4; i++)
        cost(g, &questions[i]);
}

int main(int argc, char **argv)
{
    struct game *g = calloc(1, sizeof *g);
    FILE *out = argc > 3 ? fopen(argv[3], "a") : NULL;
    const char *part = argc > 1 ? argv[1] : "";
    int runs = argc > 2 ? atoi(argv[2]) : 0;
    if (g)
        g->arm_of = malloc(STEPS * sizeof *g->arm_of);
    if (!g || !g->arm_of || (strcmp(part, "cost") != 0 && (!out || runs < 1))) {
        fputs("best_arm fixed|sure|promise RUNS FILE, or best_arm cost\n", stderr);
        return 2;
    }
    if (strcmp(part, "cost") == 0)
        costs(g);
    else if (strcmp(part, "fixed") == 0)
        fixed(g, runs, out);
    else if (strcmp(part, "sure") == 0)
        sure(g, runs, out);
    else
        promise(g, runs, out);
    free(g->arm_of);
    free(g);
    return out ? fclose(out) : 0;
}
