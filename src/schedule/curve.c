/* A trial is ended when the learning-curve model (surrogate/curve_model.h) says that it will hardly become the best:
 *
 *     Phi((f* - m) / s) < probability
 *
 * with m and s the mean and standard deviation of its loss at the full budget, and f* the last loss of the best
 * finished trial. The model's own probability of a loss below f* is not taken: its targets are ranks, and what is below
 * all that it has seen is too far away there. For the same reason a trial whose lowest loss is no higher than what the
 * best had at the same step goes on whatever the model says.
 *
 * The model is made from the curves of at most `curves` ended trials, finished or not, and is fitted when a quarter of
 * these are new; in between only the curve that is judged is added. NaN and infinite losses count as the worst finite
 * one. Without a declared budget that of the longest finished curve is taken for the end. */
#include "core/elementary.h"
#include "schedule/parts/curves.h"
#include "schedule/parts/kept_curves.h"
#include "schedule/parts/percentile_rule.h"

#include "core/fail.h"
#include "core/mem.h"
#include "numeric/special.h"
#include "surrogate/curve_model.h"

#include <math.h>
#include <string.h>

/* The best of the finished is looked at after so many parts of its reports. */
enum { REPLAYED = 6 };

struct curve_rule {
    struct space *space;
    struct curves curves;
    struct stop_times times;
    double budget_max, probability;
    int64_t startup;
    int is_safe;
    struct kept_curves kept;
    struct kept_curves fitted; /* those that the model is to be fitted to */
    int64_t ended, next_fit;   /* in trials that ended */
    double budget;             /* of the model */

    /* A cache, of `fitted`. */
    struct gp_dimension *dimension;
    struct curve_model model;
    double *theta;
    int is_fitted, is_blocked;
    struct curve *list; /* kept.most + 1 */
    double *loss;       /* of all curves of the list, finite */
    size_t loss_capacity;
    struct learning_curve judged;
    double *x;
};

static const struct option options[] = {
    {"probability", AFINA_OPTION_REAL, 0, 1, 0.05, "", "",
     "a trial is ended when it becomes the best with a probability below that"},
    {"curves", AFINA_OPTION_INTEGER, 8, 1000, 100, "", "", "curves, at most, from which the model learns"},
    {"startup", AFINA_OPTION_INTEGER, 2, 1e9, 5, "", "", "trials that finish before any is ended"},
    STOP_TIMES_OPTIONS,
    STOP_SAFE_OPTION,
};

static void read_options(struct curve_rule *rule, const struct schedule_context *context)
{
    rule->times = stop_times_of(context->options);
    rule->budget_max = context->budget_max;
    rule->probability = option_real(context->options, "probability");
    rule->startup = option_integer(context->options, "startup");
    rule->is_safe = option_integer(context->options, "safe") != 0;
}

static int32_t init(void *state, const struct schedule_context *context)
{
    struct curve_rule *rule = state;
    size_t d = context->space->size, most = (size_t)option_integer(context->options, "curves");
    rule->space = context->space;
    curves_init(&rule->curves);
    kept_curves_init(&rule->kept, d, most);
    read_options(rule, context);
    rule->dimension = mem_new(d, sizeof *rule->dimension);
    rule->theta = mem_new(CURVE_THETA(d), sizeof *rule->theta);
    rule->list = mem_new(most + 1, sizeof *rule->list);
    rule->x = mem_new(d, sizeof *rule->x);
    if (!rule->dimension || !rule->theta || !rule->list || !rule->x)
        return fail_memory();
    for (size_t j = 0; j < d; j++)
        rule->dimension[j].kind =
            context->space->parameters[j].kind == AFINA_KIND_CATEGORICAL ? DIMENSION_CATEGORICAL : DIMENSION_NUMERIC;
    return 0;
}

static void fini(void *state)
{
    struct curve_rule *rule = state;
    curves_fini(&rule->curves);
    kept_curves_fini(&rule->kept);
    kept_curves_fini(&rule->fitted);
    curve_model_fini(&rule->model);
    mem_free(rule->dimension);
    mem_free(rule->theta);
    mem_free(rule->list);
    mem_free(rule->loss);
    mem_free(rule->judged.step);
    mem_free(rule->judged.loss);
    mem_free(rule->x);
}

/* The full budget, or that of the longest finished curve. */
static double find_budget(const struct curve_rule *rule)
{
    double longest = 0;
    for (size_t i = 0; i < rule->kept.n; i++)
        if (rule->kept.item[i].is_finished)
            longest = fmax(longest, rule->kept.item[i].step[rule->kept.item[i].n - 1]);
    return isfinite(rule->budget_max) ? rule->budget_max : longest;
}

/* The curves that the model is fitted to are fixed here, where all instances that saw the same do it. */
static int32_t plan_fit(struct curve_rule *rule)
{
    int64_t quarter = (int64_t)(rule->kept.n / 4) + 1;
    rule->next_fit = rule->ended + quarter;
    rule->is_fitted = rule->is_blocked = 0;
    rule->budget = find_budget(rule);
    return kept_curves_copy(&rule->fitted, &rule->kept);
}

static int32_t observe(void *state, const struct schedule_event *event)
{
    struct curve_rule *rule = state;
    const struct learning_curve *ended, *curve = curves_of(&rule->curves, event->arm);
    int is_best_new, has_curve = event->state == AFINA_STATE_COMPLETE || event->state == AFINA_STATE_PAUSED ||
                                 event->state == AFINA_STATE_STOPPED;
    int32_t rc = curves_observe(&rule->curves, event, &ended, &is_best_new);
    if (rc || event->kind != SCHEDULE_TOLD || !has_curve || event->replicate != 0 || !curve)
        return rc;
    rule->ended++;
    rc = kept_curves_add(&rule->kept, rule->space, event->point, curve, event->arm,
                         event->state == AFINA_STATE_COMPLETE);
    if (!rc && rule->curves.n_finished >= rule->startup && rule->ended >= rule->next_fit)
        rc = plan_fit(rule);
    return rc;
}

/* ---------------------------------------------------------------------- the model */

/* Of the finite losses. */
struct range {
    double low, high;
};

static struct range range_with(struct range range, const double *loss, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (isfinite(loss[k])) {
            range.low = fmin(range.low, loss[k]);
            range.high = fmax(range.high, loss[k]);
        }
    return range;
}

static struct range find_range(const struct curve_rule *rule, const struct learning_curve *judged)
{
    struct range range = {INFINITY, -INFINITY};
    for (size_t i = 0; i < rule->fitted.n; i++)
        range = range_with(range, rule->fitted.item[i].loss, rule->fitted.item[i].n);
    if (judged)
        range = range_with(range, judged->loss, judged->n);
    return range.low <= range.high ? range : (struct range){0, 0};
}

/* Reports in (0, budget], with losses within the range, which are written to `loss`. */
static struct curve make_curve(const struct curve_rule *rule, const double *x, const double *step, const double *told,
                               size_t n, struct range range, double *loss)
{
    size_t first = 0;
    while (first < n && !(step[first] > 0))
        first++;
    while (n > first && step[n - 1] > rule->budget)
        n--;
    for (size_t k = first; k < n; k++)
        loss[k] = isnan(told[k]) ? range.high : fmax(range.low, fmin(range.high, told[k]));
    return (struct curve){.x = x, .count = n - first, .step = step + first, .loss = loss + first};
}

/* Sets the model's curves: those to fit, without number `except`, and one more. */
static int32_t set_curves(struct curve_rule *rule, size_t except, const double *x, const struct learning_curve *judged)
{
    size_t n = 0, at = judged ? judged->n : 0;
    void *losses = rule->loss;
    struct range range = find_range(rule, judged);
    for (size_t i = 0; i < rule->fitted.n; i++)
        at += rule->fitted.item[i].n;
    int32_t rc = mem_reserve(&losses, &rule->loss_capacity, at, sizeof *rule->loss);
    rule->loss = losses;
    if (rc)
        return rc;
    at = 0;
    for (size_t i = 0; i < rule->fitted.n; i++) {
        const struct kept_curve *c = &rule->fitted.item[i];
        if (i != except)
            rule->list[n++] = make_curve(rule, c->x, c->step, c->loss, c->n, range, rule->loss + at);
        at += c->n;
    }
    if (judged)
        rule->list[n++] = make_curve(rule, x, judged->step, judged->loss, judged->n, range, rule->loss + at);
    return curve_model_set(&rule->model, rule->list, n);
}

/* The probability that a curve ends below a loss. */
static int32_t find_chance(struct curve_rule *rule, size_t except, const double *x, const struct learning_curve *judged,
                           double loss, double *chance)
{
    double mean, sd;
    int32_t rc = set_curves(rule, except, x, judged);
    if (rc)
        return rc;
    struct curve_query query = {.curve = rule->model.n - 1, .step = rule->budget};
    memcpy(rule->model.theta, rule->theta, CURVE_THETA(rule->fitted.d) * sizeof *rule->theta);
    rc = curve_model_fit(&rule->model, 0);
    if (!rc)
        rc = curve_model_predict(&rule->model, &query, 1, &mean, &sd);
    if (!rc)
        *chance = sd > 0 ? normal_cdf((loss - mean) / sd) : mean <= loss;
    return rc;
}

/* 1 when a curve is no worse than another was at the same step. */
static int keeps_up(const struct learning_curve *curve, const struct learning_curve *other)
{
    size_t k = curve_find(other, curve->step[curve->n - 1]);
    return k < other->n && curve_lowest(curve->loss, curve->n) <= other->loss[k];
}

/* 1 when the best of the finished would have been ended, had the second been the best. */
static int32_t replay_best(struct curve_rule *rule, int *blocked)
{
    size_t best = kept_curves_best(&rule->fitted, rule->fitted.n), second = kept_curves_best(&rule->fitted, best);
    int32_t rc = 0;
    *blocked = 0;
    if (best == rule->fitted.n || second == rule->fitted.n)
        return 0;
    const struct kept_curve *c = &rule->fitted.item[best];
    const struct kept_curve *s = &rule->fitted.item[second];
    const struct learning_curve other = {.step = s->step, .loss = s->loss, .n = s->n};
    double from = portable_log(c->step[0]), span = portable_log(c->step[c->n - 1]) - from;
    for (size_t k = 0; !rc && !*blocked && k < REPLAYED; k++) {
        struct learning_curve part = {.step = c->step, .loss = c->loss, .n = c->n};
        part.n = curve_find(&part, portable_exp(from + span * (double)k / REPLAYED) * (1 + 1e-9)) + 1;
        double chance = 1;
        if (part.n < c->n && part.step[part.n - 1] >= rule->times.warmup && !keeps_up(&part, &other))
            rc = find_chance(rule, best, c->x, &part, other.loss[other.n - 1], &chance);
        *blocked = chance < rule->probability;
    }
    return rc;
}

static int32_t fit(struct curve_rule *rule)
{
    curve_model_fini(&rule->model);
    int32_t rc = curve_model_init(&rule->model, rule->dimension, rule->fitted.d, rule->budget);
    if (!rc)
        rc = set_curves(rule, rule->fitted.n, NULL, NULL);
    if (!rc)
        rc = curve_model_fit(&rule->model, CURVE_FIRST_FIT);
    if (rc)
        return rc;
    memcpy(rule->theta, rule->model.theta, CURVE_THETA(rule->fitted.d) * sizeof *rule->theta);
    if (rule->is_safe)
        rc = replay_best(rule, &rule->is_blocked);
    rule->is_fitted = !rc;
    return rc;
}

/* Of two reports at one step the later counts. */
static void append(struct learning_curve *curve, double step, double loss)
{
    while (curve->n > 0 && curve->step[curve->n - 1] >= step)
        curve->n--;
    curve->step[curve->n] = step;
    curve->loss[curve->n++] = loss;
}

/* What the arm had reported before, and what the trial has. */
static int32_t join(struct curve_rule *rule, const struct progress *progress)
{
    const struct learning_curve *earlier = progress->replicate == 0 ? curves_of(&rule->curves, progress->arm) : NULL;
    struct learning_curve *all = &rule->judged;
    size_t n = 0;
    while (earlier && n < earlier->n && earlier->step[n] <= progress->start)
        n++;
    void *steps = all->step, *losses = all->loss;
    int32_t rc = mem_reserve(&steps, &all->capacity[0], n + progress->n, sizeof *all->step);
    all->step = steps;
    if (!rc)
        rc = mem_reserve(&losses, &all->capacity[1], n + progress->n, sizeof *all->loss);
    all->loss = losses;
    all->n = 0;
    for (size_t i = 0; !rc && i < n; i++)
        append(all, earlier->step[i], earlier->loss[i]);
    for (size_t i = 0; !rc && i < progress->n; i++)
        append(all, progress->steps[i], progress->losses[i]);
    return rc;
}

static int32_t advise(void *state, const struct progress *progress, int *stop)
{
    struct curve_rule *rule = state;
    const struct learning_curve *best = rule->curves.best[0].curve;
    double step = progress->steps[progress->n - 1], chance = 1;
    if (rule->fitted.n == 0 || !best || !isfinite(best->loss[best->n - 1]) || !(step > 0) || step >= rule->budget ||
        !stop_is_due(&rule->times, progress))
        return 0;
    int32_t rc = rule->is_fitted ? 0 : fit(rule);
    if (rc || rule->is_blocked)
        return rc;
    space_encode(rule->space, progress->point, rule->x);
    rc = join(rule, progress);
    if (!rc && !keeps_up(&rule->judged, best))
        rc = find_chance(rule, rule->fitted.n, rule->x, &rule->judged, best->loss[best->n - 1], &chance);
    *stop = !rc && chance < rule->probability;
    return rc;
}

const struct stopper stopper_curve = {
    .name = "curve",
    .summary = "ends a trial whose learning curve will hardly become the best, as a model says",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .state_size = sizeof(struct curve_rule),
    .init = init,
    .observe = observe,
    .advise = advise,
    .fini = fini,
};
