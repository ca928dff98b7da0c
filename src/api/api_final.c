/* The final answer of a study: the winner without its luck, what cannot be told apart from it, and whether it is
 * better than the default. */
#include "api/handles.h"
#include "core/mem.h"
#include "experiment/additive.h"
#include "study/arm_results.h"
#include "study/question.h"
#include "study/turn.h"

#include <math.h>

enum { MOST_FOLDS = 64, /* beyond, replicates are taken as independent and not as folds that arms share */ };

struct afina_final {
    struct study *study;
    struct arm_results results;
    int32_t direction;
    double confidence, ratio;
    double *mean, *error; /* of each arm; the error NaN where nothing says it */
    int knows_errors;
    size_t winner;
    double shrunk, low, high;
    int32_t *is_rival;
    size_t simplest;
    size_t reference; /* the arm of the default point; SIZE_MAX: there is none */
};

void afina_final_free(afina_final *final)
{
    if (!final)
        return;
    arm_results_fini(&final->results);
    mem_free(final->mean);
    mem_free(final->error);
    mem_free(final->is_rival);
    study_release(final->study);
    mem_free(final);
}

static void average(struct afina_final *f)
{
    for (size_t i = 0; i < f->results.n_arms; i++) {
        const struct arm_result *arm = &f->results.arm[i];
        double sum = 0;
        for (size_t k = 0; k < arm->n; k++)
            sum += f->results.value[arm->first + k];
        f->mean[i] = sum / (double)arm->n;
        f->error[i] = arm->n == 1 ? arm->told_error : NAN;
    }
}

/* Standard deviation of replicates around the means of their arms; NaN with too few of them. */
static double pooled_deviation(const struct afina_final *f)
{
    enum { ENOUGH = 5 };
    double sum = 0;
    size_t freedom = 0;
    for (size_t i = 0; i < f->results.n_arms; i++) {
        const struct arm_result *arm = &f->results.arm[i];
        freedom += arm->n - 1;
        for (size_t k = 0; k < arm->n; k++) {
            double d = f->results.value[arm->first + k] - f->mean[i];
            sum += d * d;
        }
    }
    return freedom >= ENOUGH ? sqrt(sum / (double)freedom) : NAN;
}

/* Arms that share folds: the effects of the folds are taken out. */
static int32_t fit_folds(struct afina_final *f, size_t folds)
{
    struct additive model = {0};
    const struct arm_results *r = &f->results;
    int32_t rc = additive_init(&model, folds);
    for (size_t i = 0; i < r->n_arms; i++)
        for (size_t k = 0; !rc && k < r->arm[i].n; k++)
            rc = additive_add(&model, i, (size_t)r->replicate[r->arm[i].first + k], r->value[r->arm[i].first + k]);
    if (!rc)
        rc = additive_fit(&model);
    for (size_t i = 0; !rc && i < r->n_arms; i++) {
        double factor;
        double effect = additive_effect(&model, i, &factor);
        if (isnan(model.variance))
            continue;
        f->mean[i] = effect;
        f->error[i] = sqrt(model.variance * (factor + f->ratio));
    }
    additive_fini(&model);
    return rc;
}

static int64_t largest_replicate(const struct arm_results *r)
{
    int64_t largest = 0;
    for (size_t i = 0; i < r->n_values; i++)
        largest = r->replicate[i] > largest ? r->replicate[i] : largest;
    return largest;
}

/* A value that was told twice for one replicate of an arm is not one of a fold. */
static int has_doubles(const struct arm_results *r)
{
    for (size_t i = 0; i < r->n_arms; i++)
        for (size_t k = 1; k < r->arm[i].n; k++)
            if (r->replicate[r->arm[i].first + k] == r->replicate[r->arm[i].first + k - 1])
                return 1;
    return 0;
}

/* By another rule than the mean. */
static int32_t aggregate(struct afina_final *f)
{
    const struct study *study = f->study;
    int32_t rc = 0;
    for (size_t i = 0; !rc && i < f->results.n_arms; i++) {
        const struct arm_result *arm = &f->results.arm[i];
        rc = afina_aggregate(f->results.value + arm->first, arm->n, f->direction, study->aggregate->name,
                             study->aggregate_parameter, f->ratio, &f->mean[i], &f->error[i]);
        f->error[i] = f->error[i] > 0 ? f->error[i] : NAN;
    }
    return rc;
}

/* Means and standard errors: from replicates, else as they were told, else by the noise of the model. */
static int32_t estimate(struct afina_final *f)
{
    const struct arm_results *r = &f->results;
    int64_t largest = largest_replicate(r);
    average(f);
    if (f->study->aggregate) {
        int32_t rc = aggregate(f);
        if (rc)
            return rc;
    } else if (largest > 0 && largest < MOST_FOLDS && !has_doubles(r)) {
        int32_t rc = fit_folds(f, (size_t)largest + 1);
        if (rc)
            return rc;
    }
    double deviation = pooled_deviation(f), noise = NAN;
    const struct afina_point first = {.space = r->space, .point = (struct point *)r->arm[0].point};
    if (isnan(deviation) && isnan(f->error[0]) && study_predict_noise(f->study, 0, &first, &noise) == AFINA_E_MEMORY)
        return AFINA_E_MEMORY;
    f->knows_errors = 1;
    for (size_t i = 0; i < r->n_arms; i++) {
        if (isnan(f->error[i]))
            f->error[i] = !isnan(deviation) ? deviation * sqrt(1 / (double)r->arm[i].n + f->ratio) : noise;
        f->knows_errors &= isfinite(f->error[i]);
    }
    return 0;
}

/* Arms with less than half of the replicates that any has were given up: they are not compared. Leaves the others. */
static void leave_compared(struct afina_final *f)
{
    struct arm_results *r = &f->results;
    size_t most = 0, kept = 0;
    for (size_t i = 0; i < r->n_arms; i++)
        most = r->arm[i].n > most ? r->arm[i].n : most;
    for (size_t i = 0; i < r->n_arms; i++)
        if (2 * r->arm[i].n >= most) {
            r->arm[kept] = r->arm[i];
            f->mean[kept] = f->mean[i];
            f->error[kept++] = f->error[i];
        }
    r->n_arms = kept;
}

/* How many parameters of the point are not as the default has them. */
static int32_t count_changes(const struct afina_final *f, double *changes)
{
    const struct space *space = f->results.space;
    struct point *point;
    int32_t rc = point_new(&point, space);
    if (!rc)
        space_default(space, point);
    for (size_t i = 0; !rc && i < f->results.n_arms; i++)
        changes[i] = (double)point_count_differences(point, f->results.arm[i].point);
    if (!rc)
        point_free(point);
    return rc;
}

static int32_t choose(struct afina_final *f)
{
    const struct arm_results *r = &f->results;
    double *changes = mem_new(r->n_arms, sizeof *changes);
    f->is_rival = mem_new(r->n_arms, sizeof *f->is_rival);
    if (!changes || !f->is_rival) {
        mem_free(changes);
        return fail_memory();
    }
    int32_t rc = count_changes(f, changes);
    f->reference = SIZE_MAX;
    for (size_t i = r->n_arms; !rc && i-- > 0;)
        if (changes[i] == 0)
            f->reference = i;
    if (!rc && f->knows_errors) {
        rc = afina_winner(f->mean, f->error, r->n_arms, f->direction, f->confidence, &f->winner, &f->shrunk, &f->low,
                          &f->high);
        if (!rc)
            rc = afina_winner_rivals(f->mean, f->error, r->n_arms, f->direction, f->confidence, f->is_rival);
        if (!rc)
            rc = afina_winner_simplest(f->mean, f->error, changes, r->n_arms, f->direction, 1, &f->simplest);
    } else if (!rc) {
        double none = 0;
        double *zeros = mem_new(r->n_arms, sizeof *zeros); /* errors of 0: the best value alone is asked for */
        rc = zeros
                 ? afina_winner(f->mean, zeros, r->n_arms, f->direction, f->confidence, &f->winner, &none, &none, &none)
                 : fail_memory();
        mem_free(zeros);
        f->shrunk = f->low = f->high = NAN;
        f->simplest = f->winner;
    }
    mem_free(changes);
    return rc;
}

static int32_t build(struct afina_final *f)
{
    size_t objectives = study_objectives(f->study);
    if (objectives > 1)
        return fail(AFINA_E_UNSUPPORTED, "there is no single best trial of %zu objectives", objectives);
    int32_t rc = study_arm_results(f->study, &f->results);
    if (rc)
        return rc;
    f->direction = f->study->signs[0] > 0 ? AFINA_DIRECTION_MINIMISE : AFINA_DIRECTION_MAXIMISE;
    f->mean = mem_new(f->results.n_arms, sizeof *f->mean);
    f->error = mem_new(f->results.n_arms, sizeof *f->error);
    if (!f->mean || !f->error)
        return fail_memory();
    rc = estimate(f);
    if (rc)
        return rc;
    leave_compared(f);
    return choose(f);
}

int32_t afina_final_new(afina_final **out, afina_optimizer *optimizer, double confidence, double ratio)
{
    int32_t rc = require(out, __func__, "out");
    if (rc)
        return rc;
    *out = NULL;
    rc = optimizer_check(optimizer, __func__);
    if (!rc && !(confidence > 0 && confidence < 1))
        rc = fail(AFINA_E_RANGE, "confidence must be in (0, 1), got %g", confidence);
    if (!rc && !(ratio >= 0 && isfinite(ratio)))
        rc = fail(AFINA_E_RANGE, "ratio must be finite and >= 0, got %g", ratio);
    if (!rc) /* in a filter the model could not be asked, and errors would count as unknown */
        rc = study_check_turn(optimizer->study);
    struct afina_final *final = rc ? NULL : mem_new(1, sizeof *final);
    if (!final)
        return rc ? rc : fail_memory();
    final->study = study_reference(optimizer->study);
    final->confidence = confidence;
    final->ratio = ratio;
    rc = build(final);
    if (rc)
        afina_final_free(final);
    else
        *out = final;
    return rc;
}

int32_t afina_final_winner(const afina_final *final, int64_t *arm, double *value, double *shrunk, double *low,
                           double *high)
{
    int32_t rc = require(final, __func__, "final");
    if (!rc)
        rc = require(arm, __func__, "arm");
    if (rc)
        return rc;
    *arm = final->results.arm[final->winner].arm;
    if (value)
        *value = final->mean[final->winner];
    if (shrunk)
        *shrunk = final->shrunk;
    if (low)
        *low = final->low;
    if (high)
        *high = final->high;
    return 0;
}

int32_t afina_final_rivals(const afina_final *final, int64_t *arms, size_t capacity, size_t *count)
{
    int32_t rc = require(final, __func__, "final");
    if (!rc)
        rc = require(count, __func__, "count");
    if (!rc && capacity > 0)
        rc = require(arms, __func__, "arms");
    if (!rc && !final->knows_errors)
        rc = fail(AFINA_E_STATE, "the errors of the results are not known: give arms replicates, tell errors, or use a "
                                 "method with a model");
    if (rc)
        return rc;
    *count = 0;
    for (size_t i = 0; i < final->results.n_arms; i++) {
        if (!final->is_rival[i])
            continue;
        if (*count < capacity)
            arms[*count] = final->results.arm[i].arm;
        ++*count;
    }
    return 0;
}

int32_t afina_final_simplest(const afina_final *final, int64_t *arm)
{
    int32_t rc = require(final, __func__, "final");
    if (!rc)
        rc = require(arm, __func__, "arm");
    if (!rc)
        *arm = final->results.arm[final->simplest].arm;
    return rc;
}

/* The values of two arms on the replicates that both have; *count of them, in blocks of `room` one after the other. */
static void pair(const struct afina_final *f, size_t a, size_t b, double *values, size_t room, size_t *count)
{
    const struct arm_results *r = &f->results;
    size_t i = r->arm[a].first, i_end = i + r->arm[a].n, j = r->arm[b].first, j_end = j + r->arm[b].n;
    *count = 0;
    while (i < i_end && j < j_end) {
        if (r->replicate[i] == r->replicate[j]) {
            values[*count] = r->value[i++];
            values[room + (*count)++] = r->value[j++];
        } else if (r->replicate[i] < r->replicate[j]) {
            i++;
        } else {
            j++;
        }
    }
}

int32_t afina_final_default(const afina_final *final, int64_t *arm, double *difference, double *low, double *high,
                            double *p, int32_t *verdict)
{
    double ends[4];
    size_t count;
    int32_t rc = require(final, __func__, "final");
    if (!rc)
        rc = require(verdict, __func__, "verdict");
    if (!rc && final->reference == SIZE_MAX)
        rc = fail(AFINA_E_NOT_FOUND, "no arm that is compared has the default point");
    if (rc)
        return rc;
    size_t room = final->results.arm[final->winner].n;
    double *values = mem_new(2 * room, sizeof *values);
    if (!values)
        return fail_memory();
    *verdict = AFINA_VERDICT_UNDECIDED;
    ends[0] = final->mean[final->winner] - final->mean[final->reference];
    ends[1] = ends[2] = ends[3] = NAN;
    pair(final, final->winner, final->reference, values, room, &count);
    if (final->winner == final->reference)
        *verdict = AFINA_VERDICT_NO;
    else if (count >= 2)
        rc = afina_compare_paired(values, values + room, count, final->direction, final->ratio, final->confidence,
                                  &ends[0], &ends[1], &ends[2], &ends[3], verdict);
    mem_free(values);
    if (rc)
        return rc;
    if (arm)
        *arm = final->results.arm[final->reference].arm;
    double *const outs[] = {difference, low, high, p};
    for (size_t i = 0; i < 4; i++)
        if (outs[i])
            *outs[i] = ends[i];
    return 0;
}
