/* A model that is judged by resampling, as an objective. */
#include "api/handles.h"
#include "core/callback.h"
#include "core/mem.h"
#include "experiment/resampling.h"

#include <math.h>

struct afina_experiment {
    struct resampling *resampling;
    int64_t folds;
    struct callback *evaluate; /* an afina_evaluate */
};

void afina_experiment_free(afina_experiment *experiment)
{
    if (!experiment)
        return;
    resampling_free(experiment->resampling);
    callback_release(experiment->evaluate);
    mem_free(experiment);
}

int32_t afina_experiment_new(afina_experiment **out, const afina_resampling *resampling, afina_evaluate evaluate,
                             void *user, afina_release release)
{
    int64_t folds;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc && !evaluate)
        rc = fail(AFINA_E_ARGUMENT, "%s: evaluate is NULL", __func__);
    if (!rc)
        rc = afina_resampling_count(resampling, &folds);
    afina_experiment *experiment = rc ? NULL : mem_new(1, sizeof *experiment);
    if (!experiment)
        return rc ? rc : fail_memory();
    experiment->folds = folds;
    rc = resampling_copy(&experiment->resampling, (const struct resampling *)resampling);
    if (!rc)
        rc = callback_new(&experiment->evaluate, (void (*)(void))evaluate, user, release);
    if (rc)
        afina_experiment_free(experiment);
    else
        *out = experiment;
    return rc;
}

/* The folds of a trial, and what they have given. */
struct round {
    const afina_experiment *experiment;
    afina_trial *trial;
    size_t objectives;
    int64_t first, end; /* folds that are its own */
    double *value;      /* of the fold that was evaluated */
    double *sum, *squares;
    int64_t n; /* folds in the sums, those of the parent included */
};

static void round_fini(struct round *round)
{
    mem_free(round->value);
}

/* With replicates the trial has one fold; with budgets as many as its budget says, the first of which its parent had;
 * else all. */
static int32_t find_folds(struct round *round)
{
    const struct study *study = round->trial->study;
    const struct trial_extras *extras = round->trial->trial->extras;
    int64_t folds = round->experiment->folds;
    if (study->replicates > 1) {
        round->first = extras->replicate;
        round->end = extras->replicate + 1;
        if (round->end > folds)
            return fail(AFINA_E_RANGE, "replicate %lld: the resampling has %lld", (long long)extras->replicate,
                        (long long)folds);
        return 0;
    }
    if (isfinite(extras->budget) && extras->budget > (double)folds)
        return fail(AFINA_E_RANGE, "a budget of %g folds: the resampling has %lld", extras->budget, (long long)folds);
    double start = extras->restarted ? 0 : extras->start;
    if (start > (double)folds) /* in a log from elsewhere also infinite */
        return fail(AFINA_E_RANGE, "trial %lld begins after %g folds: the resampling has %lld",
                    (long long)round->trial->trial->number, start, (long long)folds);
    round->first = (int64_t)start;
    round->end = isfinite(extras->budget) ? (int64_t)extras->budget : folds;
    return 0;
}

/* What the folds of the parent gave: its value is their mean. */
static int32_t take_parent(struct round *round)
{
    struct study *study = round->trial->study;
    if (round->first == 0 || study->replicates > 1)
        return 0;
    study_lock(study);
    int32_t rc =
        study_check_current(round->trial->trial); /* the log may have been taken back, and the parent with it */
    const struct ending *end = rc ? NULL : study->trials[round->trial->trial->extras->parent]->end;
    for (size_t i = 0; !rc && i < round->objectives; i++)
        round->sum[i] = (double)round->first * end->values[i];
    study_unlock(study);
    round->n = round->first;
    return rc;
}

static int32_t evaluate_fold(struct round *round, int64_t fold)
{
    int64_t *training MEM_SCOPE = NULL, *validation MEM_SCOPE = NULL;
    size_t n_training, n_validation;
    const struct callback *evaluate = round->experiment->evaluate;
    int32_t rc =
        resampling_get(round->experiment->resampling, fold, &training, &n_training, &validation, &n_validation);
    for (size_t i = 0; i < round->objectives; i++)
        round->value[i] = NAN;
    if (!rc)
        rc = ((afina_evaluate)evaluate->function)(round->trial, training, n_training, validation, n_validation,
                                                  round->value, evaluate->user);
    return rc;
}

/* 1 when all values of the fold are numbers. */
static int add_fold(struct round *round)
{
    int is_number = 1;
    for (size_t i = 0; i < round->objectives; i++) {
        is_number &= !isnan(round->value[i]);
        round->sum[i] += round->value[i];
        round->squares[i] += round->value[i] * round->value[i];
    }
    round->n++;
    return is_number;
}

/* The mean of the folds up to this one, as a report at step fold + 1; *stop when the study wants no more of them. */
static int32_t report_fold(struct round *round, int64_t fold, int32_t *stop)
{
    double *mean = round->value;
    *stop = 0;
    if (round->trial->study->replicates > 1)
        return 0;
    for (size_t i = 0; i < round->objectives; i++)
        mean[i] = round->sum[i] / (double)round->n;
    int32_t rc = afina_trial_tell_report(round->trial, (double)(fold + 1), mean, round->objectives);
    return rc ? rc : afina_trial_should_stop(round->trial, stop);
}

/* The standard errors of the means, where the trial has evaluated all its folds itself. */
static int32_t tell_errors(struct round *round)
{
    double n = (double)round->n;
    if (round->n < 2 || round->first > 0 || round->trial->study->replicates > 1)
        return 0;
    for (size_t i = 0; i < round->objectives; i++) {
        double mean = round->sum[i] / n, variance = (round->squares[i] - n * mean * mean) / (n - 1);
        round->value[i] = sqrt(fmax(variance, 0) / n);
        if (!isfinite(round->value[i]))
            return 0;
    }
    return afina_trial_tell_errors(round->trial, round->value, round->objectives);
}

static int32_t evaluate_all(struct round *round, double *values)
{
    int32_t stop = 0;
    for (int64_t fold = round->first; fold < round->end; fold++) {
        int32_t rc = evaluate_fold(round, fold);
        if (!rc && !add_fold(round))
            return AFINA_OK; /* no value: the trial fails */
        if (!rc)
            rc = report_fold(round, fold, &stop);
        if (rc)
            return rc;
        if (stop && fold + 1 < round->end)
            return AFINA_OK; /* its last report is its value */
    }
    for (size_t i = 0; i < round->objectives; i++)
        values[i] = round->sum[i] / (double)round->n;
    return tell_errors(round);
}

int32_t afina_experiment_objective(afina_trial *trial, double *values, void *experiment)
{
    int32_t rc = require(trial, __func__, "trial");
    if (!rc)
        rc = require(values, __func__, "values");
    if (!rc)
        rc = require(experiment, __func__, "experiment");
    if (rc)
        return rc;
    struct round round __attribute__((cleanup(round_fini))) = {
        .experiment = experiment, .trial = trial, .objectives = trial->study->objectives};
    round.value = mem_new(3 * round.objectives, sizeof *round.value);
    if (!round.value)
        return fail_memory();
    round.sum = round.value + round.objectives;
    round.squares = round.sum + round.objectives;
    rc = find_folds(&round);
    if (!rc)
        rc = take_parent(&round);
    return rc ? rc : evaluate_all(&round, values);
}
