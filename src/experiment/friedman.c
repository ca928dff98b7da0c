/* M. Friedman, "The use of ranks to avoid the assumption of normality implicit in the analysis of variance", JASA 32
 * (1937); with ties as in W. J. Conover, "Practical Nonparametric Statistics" (1999), section 5.8. With R_j the sum of
 * the ranks of method j over n blocks, k methods, and A the sum of all squared ranks:
 *
 *     chi2 = (k - 1) sum_j (R_j - n (k + 1) / 2)^2 / (A - n k (k + 1)^2 / 4).
 *
 * chi2 is too careful for few blocks; F = (n - 1) chi2 / (n (k - 1) - chi2) is not (R. L. Iman, J. M. Davenport,
 * "Approximations of the critical region of the Friedman statistic", 1980; J. Demsar, JMLR 7, 2006).
 *
 * Check: ranks {1,2,3}, {1,2,3}, {1,3,2}, {1,2,3}: chi2 = 6.5, F = 13.
 */
#include "experiment/friedman.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "numeric/tails.h"

#include <math.h>

double midranks(const double *x, size_t n, size_t *order, double *rank)
{
    double ties = 0;
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    order_by(x, order, n);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && x[order[end]] == x[order[first]];)
            end++;
        for (size_t i = first; i < end; i++)
            rank[order[i]] = 0.5 * (double)(first + 1 + end);
        double t = (double)(end - first);
        ties += t * t * t - t;
    }
    return ties;
}

/* From the mean ranks and the sum of ties. Blocks that are tied throughout say nothing. */
static struct friedman statistics(const double *mean, double blocks, size_t methods, double ties)
{
    double k = (double)methods, squares = 0, spread = (blocks * (k * k * k - k) - ties) / 12;
    struct friedman test = {.p = 1, .f_p = 1};
    for (size_t j = 0; j < methods; j++) {
        double apart = blocks * (mean[j] - 0.5 * (k + 1));
        squares += apart * apart;
    }
    if (!(spread > 0))
        return test;
    test.chi_square = (k - 1) * squares / spread;
    test.p = chi_square_tail(test.chi_square, k - 1);
    double rest = blocks * (k - 1) - test.chi_square;
    if (blocks < 2) /* a single block has no spread between blocks to compare with */
        return test;
    test.f = rest > 1e-9 * blocks * k ? (blocks - 1) * test.chi_square / rest : INFINITY;
    test.f_p = f_tail(test.f, k - 1, (k - 1) * (blocks - 1));
    return test;
}

int32_t friedman_test(const double *x, size_t blocks, size_t methods, double *mean_ranks, struct friedman *test)
{
    int32_t rc = AFINA_OK;
    double ties = 0, *rank = mem_new(methods, sizeof *rank);
    size_t *order = mem_new(methods, sizeof *order);
    if (!rank || !order) {
        rc = fail_memory();
        goto out;
    }
    for (size_t j = 0; j < methods; j++)
        mean_ranks[j] = 0;
    for (size_t b = 0; b < blocks; b++) {
        ties += midranks(x + b * methods, methods, order, rank);
        for (size_t j = 0; j < methods; j++)
            mean_ranks[j] += rank[j] / (double)blocks;
    }
    if (test)
        *test = statistics(mean_ranks, (double)blocks, methods, ties);
out:
    mem_free(rank);
    mem_free(order);
    return rc;
}
