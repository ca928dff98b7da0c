/* Wilcoxon's signed-rank test against the best finished trial (the rule of Optuna's WilcoxonPruner): for objectives
 * that are a mean over instances, folds or seeds, where each report is the loss of one of these and its step is the
 * number of it. The losses of both trials at the same steps are pairs; the trial is ended when its own are greater with
 * p < p_threshold, one-sided, while the mean of its losses is higher than that of all of the best trial's.
 *
 * Equal pairs are left out, where Optuna splits their ranks between both signs: the test is then exact, up to 50 pairs.
 * Check: the least p of n pairs is 2^-n, so that p_threshold = 0.1 needs four. */
#include "schedule/parts/curves.h"
#include "schedule/parts/percentile_rule.h"

#include "core/fail.h"
#include "core/mem.h"
#include "experiment/signed_rank.h"

#include <math.h>

struct wilcoxon {
    struct curves curves;
    struct stop_times times;
    double threshold;
    size_t least;
    int64_t startup;
    int is_safe, is_blocked;
    double *difference; /* workspace */
    size_t capacity;
};

static const struct option options[] = {
    {"p_threshold", AFINA_OPTION_REAL, 0, 1, 0.1, "", "", "a trial is ended when it is worse with a p below that"},
    {"startup_steps", AFINA_OPTION_INTEGER, 2, 1e9, 2, "", "", "reports at steps of the best trial before it is ended"},
    {"startup", AFINA_OPTION_INTEGER, 0, 1e9, 1, "", "", "trials that finish before any is ended"},
    STOP_TIMES_OPTIONS,
    STOP_SAFE_OPTION,
};

static int32_t init(void *state, const struct schedule_context *context)
{
    struct wilcoxon *rule = state;
    curves_init(&rule->curves);
    rule->times = stop_times_of(context->options);
    rule->threshold = option_real(context->options, "p_threshold");
    rule->least = (size_t)option_integer(context->options, "startup_steps");
    rule->startup = option_integer(context->options, "startup");
    rule->is_safe = option_integer(context->options, "safe") != 0;
    return 0;
}

static void fini(void *state)
{
    struct wilcoxon *rule = state;
    mem_free(rule->difference);
    curves_fini(&rule->curves);
}

static int all_finite(const double *value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(value[i]))
            return 0;
    return 1;
}

static double mean_of(const double *value, size_t n)
{
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += (value[i] - mean) / (double)(i + 1);
    return mean;
}

/* The differences at the steps that both have. */
static int32_t pair(struct wilcoxon *rule, const double *step, const double *loss, size_t n,
                    const struct learning_curve *best, size_t *count)
{
    void *list = rule->difference;
    int32_t rc = mem_reserve(&list, &rule->capacity, n, sizeof *rule->difference);
    rule->difference = list;
    *count = 0;
    for (size_t i = 0, j = 0; !rc && i < n; i++) {
        while (j < best->n && best->step[j] < step[i])
            j++;
        if (j < best->n && best->step[j] == step[i])
            rule->difference[(*count)++] = loss[i] - best->loss[j];
    }
    return rc;
}

static int32_t is_worse(struct wilcoxon *rule, const double *step, const double *loss, size_t n,
                        const struct learning_curve *best, int *worse)
{
    size_t count;
    double p = 1;
    *worse = 0;
    if (!all_finite(loss, n) || !all_finite(best->loss, best->n) || mean_of(loss, n) <= mean_of(best->loss, best->n))
        return 0;
    int32_t rc = pair(rule, step, loss, n, best, &count);
    if (!rc && count >= rule->least)
        rc = signed_rank_test_greater(rule->difference, count, &p);
    *worse = p < rule->threshold;
    return rc;
}

/* The best of the finished against the second, as if that had been the best when it ran. */
static int32_t would_end_best(struct wilcoxon *rule, int *blocked)
{
    const struct learning_curve *best = rule->curves.best[0].curve, *second = rule->curves.best[1].curve;
    int32_t rc = 0;
    *blocked = 0;
    for (size_t n = 1; !rc && second && !*blocked && n < best->n; n++)
        if (stop_was_due(&rule->times, best, n - 1))
            rc = is_worse(rule, best->step, best->loss, n, second, blocked);
    return rc;
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct wilcoxon *rule = state;
    const struct learning_curve *ended;
    int64_t second = rule->curves.best[1].trial;
    int is_best_new;
    int32_t rc = curves_observe(&rule->curves, event, &ended, &is_best_new);
    if (!rc && rule->is_safe && (is_best_new || rule->curves.best[1].trial != second))
        rc = would_end_best(rule, &rule->is_blocked);
    return rc;
}

static int32_t advise(void *state, const struct progress *progress, int *stop)
{
    struct wilcoxon *rule = state;
    const struct learning_curve *best = rule->curves.best[0].curve;
    if (!best || rule->curves.n_finished < rule->startup || rule->is_blocked || !stop_is_due(&rule->times, progress))
        return 0;
    return is_worse(rule, progress->steps, progress->losses, progress->n, best, stop);
}

const struct stopper stopper_wilcoxon = {
    .name = "wilcoxon",
    .summary = "ends a trial whose reports are greater than the best trial's by a signed-rank test",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct wilcoxon),
    .init = init,
    .observe = observe,
    .advise = advise,
    .fini = fini,
};
