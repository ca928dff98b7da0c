/* Least-squares classification by a Gaussian process (C. E. Rasmussen and C. K. I. Williams,
 * "Gaussian Processes for Machine Learning", 2006, section 6.5): a second process over
 * labels, 0 where a trial failed and 1 where it worked, with its own length scales, since
 * it is often one parameter alone that makes a trial fail. With mean mu and variance v of the
 * standardised labels and c the value half way between the two labels,
 *
 *     p(works) = Phi((mu - c) / sqrt(v + 1e-6)),
 *
 * by which expected improvement is multiplied (J. R. Gardner et al., "Bayesian optimization
 * with inequality constraints", ICML 2014, equation 6). Failures that follow no rule are
 * noise to the process, and p is then the same everywhere. Check: with as many failures as successes,
 * c = 0 and p = 1/2 far from all points.
 */
#include "surrogate/feasibility.h"

#include "numeric/special.h"

#include <math.h>

static const double least_variance = 1e-6;

int32_t feasibility_init(struct feasibility *f, const struct gp_dimension *dimension, size_t d, size_t most_points)
{
    static const struct output_transform none = {0};
    struct gp_prior prior;
    *f = (struct feasibility){0};
    gp_prior_default(&prior, d, 1);
    gp_prior_make_additive(&prior, d);
    gp_record_init(&f->record, d);
    return gp_model_init(&f->model, &f->record, dimension, KERNEL_MATERN32, &prior, &none, most_points);
}

void feasibility_fini(struct feasibility *f)
{
    gp_model_fini(&f->model);
    gp_record_fini(&f->record);
}

int32_t feasibility_told(struct feasibility *f, const struct gp_record *all)
{
    if (f->failures == 0 && !isnan(all->loss[all->told - 1]))
        return 0;
    for (size_t i = f->record.told; i < all->told; i++) {
        int failed = isnan(all->loss[i]);
        int32_t rc = gp_record_told(&f->record, all->number[i], all->x + i * all->d, failed ? 0 : 1, NAN);
        if (rc)
            return rc;
        f->failures += (size_t)failed;
    }
    return 0;
}

/* c: the value half way between the two standardised labels. */
static double half_way(const struct feasibility *f)
{
    double share = 1 - (double)f->failures / (double)f->record.told;
    return (0.5 - share) / sqrt(share * (1 - share));
}

void feasibility_log(const struct feasibility *f, const double *x, size_t n, double *log_p, double *variance)
{
    double c = half_way(f);
    gp_predict(&f->model.gp, x, n, log_p, variance);
    for (size_t i = 0; i < n; i++)
        log_p[i] = normal_log_cdf((log_p[i] - c) / sqrt(variance[i] + least_variance));
}

void feasibility_log_gradient(const struct feasibility *f, const double *x, size_t n, double *log_p, double *variance,
                              double *gradient, double *by_variance)
{
    double c = half_way(f);
    size_t d = f->model.d;
    gp_predict_gradient(&f->model.gp, x, n, log_p, variance, gradient, by_variance);
    for (size_t i = 0; i < n; i++) {
        double sd = sqrt(variance[i] + least_variance), z = (log_p[i] - c) / sd;
        double slope = normal_log_cdf_slope(z) / sd;
        for (size_t j = 0; j < d; j++)
            gradient[i * d + j] = slope * (gradient[i * d + j] - 0.5 * z / sd * by_variance[i * d + j]);
        log_p[i] = normal_log_cdf(z);
    }
}
