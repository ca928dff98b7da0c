/* Successive halving on reports: the rule of Optuna's SuccessiveHalvingPruner, which is the stopping form of
 * asynchronous successive halving (L. Li et al., MLSys 2020). At the first report at or beyond the rungs r, r eta,
 * r eta^2, ... a trial goes on when its loss is among the lowest floor(n / eta), or is the lowest, of the n trials that
 * have got there, itself included. A NaN does not go on. Check: when 3, 1, 2, 4 come to a rung in this order and
 * eta = 2, 3 is the lowest of one, 1 that of two, 2 is not that of three, and 4 is not among the two lowest of four. */
#include "schedule/parts/curves.h"
#include "schedule/parts/percentile_rule.h"
#include "schedule/parts/ranks.h"

#include <math.h>

enum { RUNGS_MOST = 64 };

struct rungs {
    struct curves curves;
    double first, eta; /* first 0: not known yet */
    int64_t startup;
    size_t bootstrap;
    int is_safe;
    struct ranks rung[RUNGS_MOST]; /* of the losses, split at the lowest that go on */
    double best[RUNGS_MOST];       /* the best of the finished, at each rung; NaN: it reported none there */
};

static const struct option options[] = {
    {"min_resource", AFINA_OPTION_REAL, 0, 1e300, 0, "", "",
     "step of the lowest rung; 0: budget_min, or else a hundredth of the first finished trial's last step"},
    {"eta", AFINA_OPTION_REAL, 2, 1000, 4, "", "", "one trial in eta goes on to a rung eta times as high"},
    {"bootstrap", AFINA_OPTION_INTEGER, 0, 1e9, 0, "", "", "trials that a rung ends before the first may go on"},
    {"startup", AFINA_OPTION_INTEGER, 0, 1e9, 0, "", "", "trials that finish before any is ended"},
    STOP_SAFE_OPTION,
};

static int32_t init(void *state, const struct schedule_context *context)
{
    struct rungs *rungs = state;
    curves_init(&rungs->curves);
    rungs->eta = option_real(context->options, "eta");
    rungs->first = option_real(context->options, "min_resource");
    if (rungs->first == 0 && isfinite(context->budget_min))
        rungs->first = context->budget_min;
    rungs->bootstrap = (size_t)option_integer(context->options, "bootstrap");
    rungs->startup = option_integer(context->options, "startup");
    rungs->is_safe = option_integer(context->options, "safe") != 0;
    for (size_t i = 0; i < RUNGS_MOST; i++)
        rungs->best[i] = NAN;
    return 0;
}

static void fini(void *state)
{
    struct rungs *rungs = state;
    for (size_t i = 0; i < RUNGS_MOST; i++)
        ranks_fini(&rungs->rung[i]);
    curves_fini(&rungs->curves);
}

/* The rungs that a report at a step, after one at `previous`, is the first to reach: from *low up to below *high. */
static void rungs_between(const struct rungs *rungs, double previous, double step, size_t *low, size_t *high)
{
    double rung = rungs->first * (1 - 1e-9);
    *low = *high = 0;
    for (; rungs->first > 0 && *high < RUNGS_MOST && rung <= step; rung *= rungs->eta, (*high)++)
        *low += rung <= previous;
}

static size_t going_on(const struct rungs *rungs, size_t n)
{
    double most = floor((double)n / rungs->eta * (1 + 1e-12));
    return most < 1 ? 1 : (size_t)most;
}

static int32_t add_report(struct rungs *rungs, int64_t trial, double previous, double step, double loss)
{
    size_t low, high;
    int32_t rc = 0;
    rungs_between(rungs, previous, step, &low, &high);
    for (size_t i = low; !rc && !isnan(loss) && i < high; i++) {
        struct ranks *rung = &rungs->rung[i];
        rc = ranks_add(rung, (struct ranked){loss, trial}, going_on(rungs, ranks_count(rung) + 1));
    }
    return rc;
}

/* The loss of the best at each rung. */
static void keep_best(struct rungs *rungs)
{
    const struct learning_curve *curve = rungs->curves.best[0].curve;
    size_t low, high;
    for (size_t i = 0; i < RUNGS_MOST; i++)
        rungs->best[i] = NAN;
    for (size_t i = 0; curve && i + 1 < curve->n; i++) {
        rungs_between(rungs, i > 0 ? curve->step[i - 1] : -INFINITY, curve->step[i], &low, &high);
        for (size_t k = low; k < high; k++)
            rungs->best[k] = curve->loss[i];
    }
}

/* The first trial that finishes says where rungs are, and is the first to have reached them. */
static int32_t find_first(struct rungs *rungs, const struct learning_curve *curve, int64_t trial)
{
    double hundredth = curve->step[curve->n - 1] / 100;
    int32_t rc = 0;
    rungs->first = hundredth > curve->step[0] ? hundredth : curve->step[0];
    for (size_t i = 0; !rc && i < curve->n; i++)
        rc = add_report(rungs, trial, i > 0 ? curve->step[i - 1] : -INFINITY, curve->step[i], curve->loss[i]);
    return rc;
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct rungs *rungs = state;
    const struct learning_curve *ended, *curve = curves_of(&rungs->curves, event->arm);
    double previous = event->start > 0 ? event->start : -INFINITY;
    int is_best_new;
    if (curve && curve->n > 0 && curve->step[curve->n - 1] > previous)
        previous = curve->step[curve->n - 1];
    int32_t rc = curves_observe(&rungs->curves, event, &ended, &is_best_new);
    if (!rc && event->kind == SCHEDULE_REPORT && event->replicate == 0)
        rc = add_report(rungs, event->trial, previous, event->step, event->loss);
    if (!rc && rungs->first == 0 && ended && event->state == AFINA_STATE_COMPLETE)
        rc = find_first(rungs, ended, event->trial);
    if (!rc && is_best_new)
        keep_best(rungs);
    return rc;
}

/* 1 when a loss is not among those that go on at a rung; `is_new`: it is not one of the rung's yet. */
static int is_out(const struct rungs *rungs, size_t level, double loss, int is_new)
{
    const struct ranks *rung = &rungs->rung[level];
    size_t n = ranks_count(rung) + (size_t)is_new, lower = going_on(rungs, n);
    if (isnan(loss))
        return 1;
    if (lower <= rung->low.n)
        return loss > rung->low.item[0].loss;
    return rung->high.n > 0 && loss > rung->high.item[0].loss;
}

static int would_end_best(const struct rungs *rungs)
{
    for (size_t i = 0; i < RUNGS_MOST; i++)
        if (!isnan(rungs->best[i]) && ranks_count(&rungs->rung[i]) > 0 && is_out(rungs, i, rungs->best[i], 0))
            return 1;
    return 0;
}

static int32_t advise(void *state, const struct progress *progress, int *stop)
{
    const struct rungs *rungs = state;
    const struct learning_curve *seen = progress->replicate == 0 ? curves_of(&rungs->curves, progress->arm) : NULL;
    double step = progress->steps[progress->n - 1], previous = progress->start > 0 ? progress->start : -INFINITY;
    size_t low, high;
    if (progress->n > 1)
        previous = progress->steps[progress->n - 2];
    if (step >= progress->budget * (1 - 1e-9) || rungs->curves.n_finished < rungs->startup)
        return 0;
    int is_new = !seen || seen->n == 0 || seen->step[seen->n - 1] < step;
    rungs_between(rungs, previous, step, &low, &high);
    for (size_t i = low; i < high && !*stop; i++)
        *stop = ranks_count(&rungs->rung[i]) + (size_t)is_new <= rungs->bootstrap ||
                is_out(rungs, i, progress->losses[progress->n - 1], is_new);
    if (*stop && rungs->is_safe)
        *stop = !would_end_best(rungs);
    return 0;
}

const struct stopper stopper_rungs = {
    .name = "rungs",
    .summary = "successive halving on reports: at each rung one trial in eta goes on",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct rungs),
    .init = init,
    .observe = observe,
    .advise = advise,
    .fini = fini,
};
