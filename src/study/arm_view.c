#include "study/arm_view.h"

#include "core/fail.h"
#include "core/mem.h"
#include "schedule/parts/standing.h"

#include <math.h>
#include <string.h>

/* Puts a budget into the ascending list of `count` different ones; 1 when it was not there. */
static size_t insert_level(double *list, size_t count, double level)
{
    size_t at = count;
    while (at > 0 && list[at - 1] >= level)
        at--;
    if (at < count && list[at] == level)
        return 0;
    memmove(list + at + 1, list + at, (count - at) * sizeof *list);
    list[at] = level;
    return 1;
}

/* The budgets that arms have reached, ascending, each once. */
static int32_t list_levels(const struct arms *arms, double **out, size_t *count)
{
    double *list = mem_new(arms->n + 1, sizeof *list);
    *out = list;
    *count = 0;
    if (!list)
        return fail_memory();
    for (size_t i = 0; i < arms->n; i++)
        if (arms->arm[i].reached > 0)
            *count += insert_level(list, *count, arms->arm[i].reached);
    return 0;
}

static size_t count_results(const struct arms *arms, double level)
{
    size_t count = 0;
    for (size_t i = 0; i < arms->n; i++)
        count += isfinite(arm_loss_at(&arms->arm[i], level)) != 0;
    return count;
}

/* The largest level with results of more arms than there are parameters and one; else the one with most. */
static double choose_level(const struct arms *arms, const double *level, size_t count, size_t parameters)
{
    size_t most = 0;
    double chosen = 0;
    for (size_t i = count; i-- > 0;) {
        size_t results = count_results(arms, level[i]);
        if (results >= parameters + 2)
            return level[i];
        if (results > most) {
            most = results;
            chosen = level[i];
        }
    }
    return chosen;
}

/* The worst loss, at a level, of the arms that went beyond it; -INFINITY: none did. */
static double worst_promoted(const struct arms *arms, double level)
{
    double worst = -INFINITY;
    for (size_t i = 0; i < arms->n; i++) {
        const struct arm *arm = &arms->arm[i];
        double loss = arm->reached > level ? arm_loss_at(arm, level) : NAN;
        if (loss > worst)
            worst = loss;
    }
    return worst;
}

static double worst_at(const struct arm_view *view, double level)
{
    for (size_t i = 0; i < view->n_levels; i++)
        if (view->levels[i] == level)
            return view->worst[i];
    return -INFINITY;
}

static double pooled_deviation(const struct arms *arms)
{
    enum { ENOUGH = 5 };
    double sum = 0;
    int64_t freedom = 0;
    for (size_t i = 0; i < arms->n; i++) {
        const struct arm *arm = &arms->arm[i];
        if (arm->n >= 2) {
            sum += arm->m2;
            freedom += arm->n - 1;
        }
    }
    return freedom >= ENOUGH ? sqrt(sum / (double)freedom) : NAN;
}

/* NaN for all where there are no levels to go by. */
static int32_t find_standing(struct arm_view *view)
{
    size_t target = 0, n = view->arms->n;
    view->standing = mem_new(n, sizeof *view->standing);
    if (!view->standing)
        return fail_memory();
    for (size_t i = 0; i < n; i++)
        view->standing[i] = NAN;
    while (target < view->n_levels && view->levels[target] < view->level)
        target++;
    if (view->n_levels < 2 || target == view->n_levels || !isfinite(view->levels[view->n_levels - 1]))
        return 0;
    return standing_losses(view->arms, view->levels, view->n_levels, target, view->standing);
}

static int32_t fit_replicates(struct arm_view *view, struct fold *fold)
{
    struct additive *replicates = &fold->schedule.replicates;
    if (replicates->folds == 0 || replicates->cells == 0)
        return 0;
    view->replicates = replicates;
    return additive_fit(replicates);
}

/* By another rule than the mean: of the losses without the effects of the folds. */
static double aggregate_of(const struct arm_view *view, const struct additive_arm *arm, double *error)
{
    double losses[AGGREGATE_SMALL];
    for (size_t i = 0; i < arm->n; i++)
        losses[i] = arm->cells[i].value - view->replicates->effects[arm->cells[i].fold];
    double value = aggregate_small(view->study->aggregate, losses, arm->n, view->study->aggregate_parameter, error);
    *error = *error > 0 ? *error : NAN; /* equal values do not say that there is no noise */
    return value;
}

/* The mean of the arm's replicates and its standard error, NaN: not known. */
static double mean_of(const struct arm_view *view, const struct arm *arm, double *error)
{
    enum { ENOUGH = 5 };
    const struct additive *replicates = view->replicates;
    size_t place = (size_t)(arm - view->arms->arm);
    double factor;
    *error = view->deviation / sqrt((double)arm->n);
    if (!replicates || place >= replicates->n_arms || replicates->arms[place].n == 0)
        return arm->mean;
    if (view->study->aggregate)
        return aggregate_of(view, &replicates->arms[place], error);
    double mean = additive_effect(replicates, place, &factor);
    *error = replicates->freedom >= ENOUGH ? sqrt(replicates->variance * factor) : NAN;
    return mean;
}

int32_t arm_view_init(struct arm_view *view, struct fold *fold)
{
    const struct arms *arms = &fold->schedule.arms;
    *view = (struct arm_view){.study = fold->study, .arms = arms, .deviation = pooled_deviation(arms)};
    int32_t rc = list_levels(arms, &view->levels, &view->n_levels);
    if (rc)
        return rc;
    view->worst = mem_new(view->n_levels + 1, sizeof *view->worst);
    if (!view->worst)
        return fail_memory();
    view->level = choose_level(arms, view->levels, view->n_levels, fold->view.era->space->size);
    for (size_t i = 0; i < view->n_levels; i++)
        view->worst[i] = worst_promoted(arms, view->levels[i]);
    rc = fit_replicates(view, fold);
    return rc ? rc : find_standing(view);
}

void arm_view_fini(struct arm_view *view)
{
    mem_free(view->levels);
    mem_free(view->worst);
    mem_free(view->standing);
}

/* 1 when replicates at the full budget are what is compared. */
static int is_replicated(const struct arm_view *view, const struct arm *arm)
{
    return arm->n > 0 && view->level >= view->arms->full;
}

/* 1 when the arm's loss is that of its place: it has a finite one, and no trial of it failed. */
static int has_standing(const struct arm_view *view, const struct arm *arm)
{
    int has_failed = arm->is_out && (arm->state == AFINA_STATE_FAILED || arm->state == AFINA_STATE_INFEASIBLE);
    return !has_failed && isfinite(view->standing[arm - view->arms->arm]);
}

int32_t arm_view_judge(const struct arm_view *view, const struct arm *arm, double *loss, double *error)
{
    *error = NAN;
    *loss = is_replicated(view, arm)  ? mean_of(view, arm, error)
            : has_standing(view, arm) ? view->standing[arm - view->arms->arm]
                                      : arm_loss_at(arm, view->level);
    if (!isnan(*loss) && (arm->reached > 0 || isfinite(*loss)))
        return AFINA_STATE_COMPLETE;
    *loss = NAN;
    if (arm->is_out && arm->curve.n == 0)
        return arm->state == AFINA_STATE_STOPPED ? AFINA_STATE_FAILED : arm->state;
    double reached = arm->curve.n > 0 ? arm->curve.step[arm->curve.n - 1] : arm->reached;
    double last = arm->curve.n > 0 ? arm->curve.loss[arm->curve.n - 1] : arm->loss;
    int is_behind = arm->is_out || (reached < view->level && last >= worst_at(view, reached));
    if (arm->running > 0 || !is_behind)
        return AFINA_STATE_RUNNING;
    *loss = INFINITY;
    return AFINA_STATE_COMPLETE;
}
