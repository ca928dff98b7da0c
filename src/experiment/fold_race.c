/* With v the residual variance of d, pooled over all arms as sum_c sum_f (d_cf - mean_c)^2 over its degrees of freedom
 * sum_c (n_c - 1), an arm is dropped when mean_c > z sqrt(v / n_c). That is the paired t test of a race (O. Maron,
 * A. Moore, "Hoeffding races", 1994; M. Birattari et al., "A racing algorithm for configuring metaheuristics", GECCO
 * 2002) with a pooled variance; it decides after one fold, where a test of the arm's own differences needs several.
 *
 * The spread of the true means is what the variance of the means of d exceeds their noise by; the best one's share of
 * the noise is common to all, so that of a mean of n_c differences is v / (2 n_c).
 *
 * Check: best {0, 0}, arms {1, 3} and {4, 6}: squares 2 + 2 on 2 degrees of freedom, v = 2.
 */
#include "experiment/fold_race.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

enum { LEAST_FREEDOM = 5, LEAST_ARMS = 6 };

/* Noise of a fold that counts as large, as a share of the variance of the true means. */
static const double NOISY = 0.5;

void fold_race_init(struct fold_race *race, size_t folds)
{
    *race = (struct fold_race){.folds = folds};
}

void fold_race_fini(struct fold_race *race)
{
    for (size_t c = 0; c < race->n_arms; c++)
        mem_free(race->arms[c].losses);
    mem_free(race->arms);
    *race = (struct fold_race){0};
}

/* An arm without losses takes no room but its entry. */
static int32_t make_room(struct fold_race *race, size_t arm)
{
    void *arms = race->arms;
    int32_t rc = arm < SIZE_MAX / 2 ? mem_reserve(&arms, &race->capacity, arm + 1, sizeof *race->arms) : fail_memory();
    race->arms = arms;
    if (rc)
        return rc;
    if (arm >= race->n_arms) {
        memset(race->arms + race->n_arms, 0, (arm + 1 - race->n_arms) * sizeof *race->arms);
        race->n_arms = arm + 1;
    }
    if (race->arms[arm].losses)
        return AFINA_OK;
    double *losses = mem_new(race->folds, sizeof *losses);
    if (!losses)
        return fail_memory();
    for (size_t f = 0; f < race->folds; f++)
        losses[f] = NAN;
    race->arms[arm].losses = losses;
    return AFINA_OK;
}

/* Adds what the arm brings to the sums over arms, or (sign -1) takes it away. */
static void count(struct fold_race *race, const struct race_arm *arm, double sign)
{
    double mean = arm->mean - race->origin;
    race->n_compared += sign;
    race->means += sign * mean;
    race->mean_squares += sign * mean * mean;
    race->inverses += sign / (double)arm->n;
}

/* One more difference of an arm, into its own sums and the pooled ones. */
static void take(struct fold_race *race, size_t arm, double d)
{
    struct race_arm *of = &race->arms[arm];
    double away = d - of->mean, more = of->n > 0 ? away * away * (double)of->n / (double)(of->n + 1) : 0;
    if (race->n_compared == 0)
        race->origin = d;
    if (of->n > 0)
        count(race, of, -1);
    race->freedom += of->n > 0;
    of->n++;
    of->mean += away / (double)of->n;
    race->squares += more;
    count(race, of, 1);
}

static void compare(struct fold_race *race, size_t arm, size_t fold)
{
    const double *losses = race->arms[arm].losses, *best = race->arms[race->best].losses;
    if (arm != race->best && losses && best && !isnan(losses[fold]) && !isnan(best[fold]))
        take(race, arm, losses[fold] - best[fold]);
}

int32_t fold_race_add(struct fold_race *race, size_t arm, size_t fold, double loss)
{
    if (fold >= race->folds)
        return fail(AFINA_E_RANGE, "fold must be in [0, %zu], got %zu", race->folds - 1, fold);
    if (!isfinite(loss))
        return fail(AFINA_E_RANGE, "a loss must be finite, got %g", loss);
    if (arm < race->n_arms && race->arms[arm].losses && !isnan(race->arms[arm].losses[fold]))
        return fail(AFINA_E_STATE, "arm %zu has a loss on fold %zu", arm, fold);
    int is_first = race->n_arms == 0;
    int32_t rc = make_room(race, arm);
    if (rc)
        return rc;
    if (is_first)
        race->best = arm;
    race->arms[arm].losses[fold] = loss;
    if (arm != race->best)
        compare(race, arm, fold);
    else
        for (size_t c = 0; c < race->n_arms; c++)
            compare(race, c, fold);
    return AFINA_OK;
}

void fold_race_set_best(struct fold_race *race, size_t best)
{
    race->best = best;
    race->squares = race->freedom = 0;
    race->n_compared = race->means = race->mean_squares = race->inverses = 0;
    for (size_t c = 0; c < race->n_arms; c++) {
        race->arms[c].n = 0;
        race->arms[c].mean = 0;
        for (size_t f = 0; f < race->folds; f++)
            compare(race, c, f);
    }
}

void fold_race_variances(const struct fold_race *race, double *residual, double *spread)
{
    double n = race->n_compared, squares = race->mean_squares - race->means * race->means / n;
    *residual = race->freedom >= LEAST_FREEDOM ? race->squares / race->freedom : NAN;
    *spread = NAN;
    if (n >= LEAST_ARMS && race->freedom >= LEAST_FREEDOM)
        *spread = fmax(0, squares / (n - 1) - 0.5 * *residual * race->inverses / n);
}

double fold_race_threshold(const struct fold_race *race)
{
    double residual, spread;
    fold_race_variances(race, &residual, &spread);
    /* A loss has half the residual variance of a difference. NaN is careful. */
    return 0.5 * residual < NOISY * spread ? 1.65 : 2.33;
}

int fold_race_drop(const struct fold_race *race, size_t arm, double threshold)
{
    const struct race_arm *of = &race->arms[arm];
    if (arm == race->best || of->n == 0 || race->freedom < LEAST_FREEDOM)
        return 0;
    return of->mean > threshold * sqrt(race->squares / race->freedom / (double)of->n);
}
