/* The bound of the simple regret
 *
 *     r = min over the n results of ucb(x) - min over the space of lcb(x)
 *     ucb, lcb = mean +- sqrt(beta) sd,  beta = 2/5 log(d n^2 pi^2 / (6 delta)),  delta = 0.1
 *
 * of A. Makarova, H. Shen, V. Perrone, A. Klein, J. B. Faddoul, A. Krause, M. Seeger, C. Archambeau, "Automatic
 * termination for hyperparameter optimization", AutoML 2022, with the beta of N. Srinivas et al. 2010 divided by five
 * as there. Both are quantiles of the loss, through the transform of the results. The least lcb is looked for among
 * draws from the priors, the results, and steps of falling length from the least so far. The result of the least ucb is
 * the one that is compared. Check: with d = 1 and n = 20 beta is 3.52, and the quantiles are those of 1.88 deviations.
 */
#include "surrogate/regret.h"

#include "core/elementary.h"
#include "numeric/special.h"
#include "surrogate/model_candidates.h"

#include <math.h>

enum { SPREAD = 1000, STEPS = 100, ROUNDS = 6 };

/* sqrt(beta) */
static double width(size_t parameters, size_t results)
{
    double n = (double)results, pi = 3.14159265358979323846;
    return sqrt(fmax(0.4 * portable_log((double)parameters * n * n * pi * pi / 0.6), 0));
}

/* The result of the least ucb, which is *loss. */
static struct surrogate_result find_incumbent(const struct surrogate *surrogate, double p, double *loss)
{
    const struct surrogate_functions *f = surrogate->functions;
    struct surrogate_result best = {.x = NULL}, result;
    *loss = INFINITY;
    for (size_t i = 0; i < f->held(surrogate->model); i++) {
        f->result(surrogate->model, i, &result);
        double upper = isfinite(result.loss) ? f->quantile(surrogate->model, result.x, p) : INFINITY;
        if (upper < *loss) {
            *loss = upper;
            best = result;
        }
    }
    return best;
}

static int32_t find_least(struct model_candidates *c, double p, double *loss)
{
    double scale = 1;
    int32_t rc = model_candidates_spread(c, SPREAD);
    if (!rc)
        rc = model_candidates_add_results(c);
    if (!rc)
        rc = model_candidates_check(c);
    for (int round = 0; round < ROUNDS && !rc; round++, scale *= 0.4)
        rc = model_candidates_step(c, model_candidates_least(c, p), 0.2 * scale, 0.5 * scale, STEPS);
    if (!rc) {
        const double *x = c->x + model_candidates_least(c, p) * c->space->size;
        *loss = c->surrogate->functions->quantile(c->surrogate->model, x, p);
    }
    return rc;
}

int32_t regret_bound(const struct surrogate *surrogate, struct space *space, uint64_t seed, double *bound,
                     double *noise)
{
    MODEL_CANDIDATES_SCOPE struct model_candidates c = {0};
    const struct surrogate_functions *f = surrogate->functions;
    double upper, lower, z = width(space->size, f->held(surrogate->model));
    int32_t rc = model_candidates_init(&c, surrogate, space, SPREAD + ROUNDS * STEPS, seed);
    if (!rc)
        rc = find_least(&c, normal_cdf(-z), &lower);
    if (rc)
        return rc;
    struct surrogate_result best = find_incumbent(surrogate, normal_cdf(z), &upper);
    *bound = fmax(upper - lower, 0);
    *noise = isnan(best.error) ? f->noise(surrogate->model, best.x) : best.error;
    return 0;
}
