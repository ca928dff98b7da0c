/* Replicates of a configuration: one number from several, and configurations that were seen on different folds. */
#include "api/handles.h"
#include "core/mem.h"
#include "experiment/additive.h"
#include "experiment/aggregate.h"
#include "experiment/fold_race.h"

#include <math.h>
#include <string.h>

size_t afina_aggregate_count(void)
{
    return aggregate_count;
}

const char *afina_aggregate_name(size_t index)
{
    return index < aggregate_count ? aggregates[index]->name : NULL;
}

const char *afina_aggregate_summary(const char *rule)
{
    for (size_t i = 0; rule && i < aggregate_count; i++)
        if (strcmp(aggregates[i]->name, rule) == 0)
            return aggregates[i]->summary;
    return NULL;
}

/* NaN stands for the default. */
static int32_t check_parameter(const struct aggregate *rule, double *parameter)
{
    if (isnan(*parameter)) {
        *parameter = rule->parameter;
        return AFINA_OK;
    }
    if (isnan(rule->parameter))
        return fail(AFINA_E_RANGE, "aggregate \"%s\" has no parameter, got %g; NaN stands for none", rule->name,
                    *parameter);
    if (!(*parameter >= rule->least && *parameter <= rule->most))
        return fail(AFINA_E_RANGE, "the parameter of \"%s\" must be in [%g, %g], got %g", rule->name, rule->least,
                    rule->most, *parameter);
    return AFINA_OK;
}

static int32_t check_values(const double *values, size_t count, int32_t direction, double ratio, const char *function)
{
    int32_t rc = require(values, function, "values");
    if (!rc && count < 1)
        rc = fail(AFINA_E_RANGE, "%s: count must be at least 1, got 0", function);
    if (!rc && direction != AFINA_DIRECTION_MINIMISE && direction != AFINA_DIRECTION_MAXIMISE)
        rc = fail(AFINA_E_RANGE, "direction must be 0 (minimise) or 1 (maximise), got %d", (int)direction);
    if (!rc && !(ratio >= 0 && isfinite(ratio)))
        rc = fail(AFINA_E_RANGE, "ratio must be finite and >= 0, got %g", ratio);
    for (size_t i = 0; !rc && i < count; i++)
        if (!isfinite(values[i]))
            rc = fail(AFINA_E_RANGE, "value %zu must be finite, got %g", i, values[i]);
    return rc;
}

int32_t afina_aggregate(const double *values, size_t count, int32_t direction, const char *rule, double parameter,
                        double ratio, double *value, double *error)
{
    const struct aggregate *found;
    int32_t rc = check_values(values, count, direction, ratio, __func__);
    if (!rc)
        rc = require_text(rule, __func__, "rule");
    if (!rc && (!value || !error))
        rc = fail(AFINA_E_ARGUMENT, "%s: value or error is NULL", __func__);
    if (!rc)
        rc = aggregate_find(rule, &found);
    if (!rc)
        rc = check_parameter(found, &parameter);
    if (rc)
        return rc;
    double sign = direction == AFINA_DIRECTION_MAXIMISE ? -1 : 1, *losses = mem_copy(values, count, sizeof *losses);
    if (!losses)
        return fail_memory();
    for (size_t i = 0; i < count; i++)
        losses[i] *= sign;
    rc = aggregate_apply(found, losses, count, parameter, ratio, value, error);
    if (!rc)
        *value *= sign;
    mem_free(losses);
    return rc;
}

/* ------------------------------------------------------------------- two ways */

/* All cells that are there. An infinity is refused by the model. */
static int32_t add_cells(struct additive *a, const double *values, size_t arms, size_t folds)
{
    int32_t rc = AFINA_OK;
    for (size_t c = 0; !rc && c < arms; c++)
        for (size_t f = 0; !rc && f < folds; f++)
            if (!isnan(values[c * folds + f]))
                rc = additive_add(a, c, f, values[c * folds + f]);
    if (!rc && a->cells == 0)
        rc = fail(AFINA_E_RANGE, "there must be a value that is not NaN");
    return rc;
}

static void give_effects(const struct additive *a, size_t arms, double *effects, double *errors)
{
    for (size_t c = 0; c < arms; c++) {
        double factor = NAN, effect = NAN;
        if (c < a->n_arms && a->arms[c].n > 0)
            effect = additive_effect(a, c, &factor);
        if (effects)
            effects[c] = effect;
        if (errors)
            errors[c] = sqrt(factor * a->variance);
    }
}

int32_t afina_additive_fit(const double *values, size_t arm_count, size_t fold_count, double *effects, double *errors,
                           double *fold_effects, double *variance, double *freedom)
{
    struct additive a = {0};
    int32_t rc = require(values, __func__, "values");
    if (!rc && (arm_count < 1 || fold_count > SIZE_MAX / sizeof *values / arm_count))
        rc = fail(AFINA_E_RANGE, "%s: arm_count must be at least 1, got %zu", __func__, arm_count);
    if (!rc)
        rc = additive_init(&a, fold_count);
    if (!rc)
        rc = add_cells(&a, values, arm_count, fold_count);
    if (!rc)
        rc = additive_fit(&a);
    if (rc)
        goto out;
    give_effects(&a, arm_count, effects, errors);
    for (size_t f = 0; fold_effects && f < fold_count; f++)
        fold_effects[f] = a.effects[f];
    if (variance)
        *variance = a.variance;
    if (freedom)
        *freedom = a.freedom;
out:
    additive_fini(&a);
    return rc;
}

/* ----------------------------------------------------------------------- race */

static int32_t check_race(const double *values, size_t arms, size_t folds, int32_t direction, size_t best,
                          double threshold, const char *function)
{
    int32_t rc = require(values, function, "values");
    if (!rc && (arms < 1 || folds < 1 || folds > SIZE_MAX / sizeof *values / arms))
        rc = fail(AFINA_E_RANGE, "%s: arm_count and fold_count must be at least 1, got %zu and %zu", function, arms,
                  folds);
    if (!rc && direction != AFINA_DIRECTION_MINIMISE && direction != AFINA_DIRECTION_MAXIMISE)
        rc = fail(AFINA_E_RANGE, "direction must be 0 (minimise) or 1 (maximise), got %d", (int)direction);
    if (!rc && best >= arms)
        rc = fail(AFINA_E_RANGE, "best must be in [0, %zu], got %zu", arms - 1, best);
    if (!rc && !isnan(threshold) && !(threshold > 0 && isfinite(threshold)))
        rc = fail(AFINA_E_RANGE, "threshold must be finite and > 0, or NaN, got %g", threshold);
    return rc;
}

int32_t afina_fold_race(const double *values, size_t arm_count, size_t fold_count, int32_t direction, size_t best,
                        double threshold, int32_t *dropped)
{
    struct fold_race race;
    int32_t rc = check_race(values, arm_count, fold_count, direction, best, threshold, __func__);
    if (!rc)
        rc = require(dropped, __func__, "dropped");
    if (rc)
        return rc;
    double sign = direction == AFINA_DIRECTION_MAXIMISE ? -1 : 1;
    fold_race_init(&race, fold_count);
    for (size_t i = 0; !rc && i < arm_count * fold_count; i++)
        if (!isnan(values[i]))
            rc = fold_race_add(&race, i / fold_count, i % fold_count, sign * values[i]);
    if (!rc && best < race.n_arms) {
        fold_race_set_best(&race, best);
        threshold = isnan(threshold) ? fold_race_threshold(&race) : threshold;
    }
    for (size_t c = 0; !rc && c < arm_count; c++)
        dropped[c] = best < race.n_arms && c < race.n_arms && fold_race_drop(&race, c, threshold);
    fold_race_fini(&race);
    return rc;
}
