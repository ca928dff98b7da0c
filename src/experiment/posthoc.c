/* Wilcoxon: the signed-rank test of each pair, which asks nothing of the other methods (A. Benavoli, G. Corani,
 * F. Mangili, "Should we really use post-hoc tests based on mean-ranks?", JMLR 17, 2016), with Holm's correction.
 * Mean ranks: z = |R_i - R_j| / sqrt(k (k + 1) / (6 n)), with Holm's correction, or (Nemenyi) compared with the
 * range of k normal numbers over sqrt(2) (J. Demsar, "Statistical comparisons of classifiers over multiple data
 * sets", JMLR 7, 2006, section 3.2.2).
 *
 * Check: Holm of {0.01, 0.04, 0.03} is {0.03, 0.06, 0.06}; the critical difference of 4 methods on 14 blocks is 1.25
 * at 0.05 (Demsar's example).
 */
#include "experiment/posthoc.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/order.h"
#include "experiment/friedman.h"
#include "experiment/signed_rank.h"
#include "numeric/special.h"
#include "numeric/tails.h"

#include <math.h>

int32_t holm(double *p, size_t n)
{
    double least = 0;
    size_t *order = mem_new(n, sizeof *order);
    if (!order)
        return fail_memory();
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    order_by(p, order, n);
    for (size_t i = 0; i < n; i++) {
        least = fmax(least, fmin(1, (double)(n - i) * p[order[i]]));
        p[order[i]] = least;
    }
    mem_free(order);
    return AFINA_OK;
}

static double rank_deviation(size_t blocks, size_t methods)
{
    double k = (double)methods;
    return sqrt(k * (k + 1) / (6 * (double)blocks));
}

double nemenyi_difference(size_t blocks, size_t methods, double level)
{
    return range_tail_quantile(level, methods) / sqrt(2) * rank_deviation(blocks, methods);
}

/* `pair` gets p of i < j in the order (0,1), (0,2), ... */
static int32_t test_ranks(const double *x, size_t blocks, size_t methods, int32_t posthoc, double *pair)
{
    double *rank = mem_new(methods, sizeof *rank), sd = rank_deviation(blocks, methods);
    if (!rank)
        return fail_memory();
    int32_t rc = friedman_test(x, blocks, methods, rank, NULL);
    for (size_t i = 0; !rc && i < methods; i++) {
        for (size_t j = i + 1; j < methods; j++) {
            double z = fabs(rank[i] - rank[j]) / sd;
            *pair++ = posthoc == AFINA_POSTHOC_NEMENYI ? range_tail(z * sqrt(2), methods) : 2 * normal_cdf(-z);
        }
    }
    mem_free(rank);
    return rc;
}

static int32_t test_signs(const double *x, size_t blocks, size_t methods, double *pair)
{
    int32_t rc = AFINA_OK;
    double *difference = mem_new(blocks, sizeof *difference);
    if (!difference)
        return fail_memory();
    for (size_t i = 0; !rc && i < methods; i++) {
        for (size_t j = i + 1; !rc && j < methods; j++) {
            for (size_t b = 0; b < blocks; b++) {
                double u = x[b * methods + i], v = x[b * methods + j];
                difference[b] = u == v ? 0 : u - v; /* two infinities are equal */
            }
            rc = signed_rank_test(difference, blocks, pair++);
        }
    }
    mem_free(difference);
    return rc;
}

int32_t posthoc_pairs(const double *x, size_t blocks, size_t methods, int32_t posthoc, double *p)
{
    size_t pairs = methods * (methods - 1) / 2, at = 0;
    double *pair = mem_new(pairs, sizeof *pair);
    if (!pair)
        return fail_memory();
    int32_t rc = posthoc == AFINA_POSTHOC_WILCOXON ? test_signs(x, blocks, methods, pair)
                                                   : test_ranks(x, blocks, methods, posthoc, pair);
    if (!rc && posthoc != AFINA_POSTHOC_NEMENYI)
        rc = holm(pair, pairs);
    for (size_t i = 0; !rc && i < methods; i++) {
        p[i * methods + i] = 1;
        for (size_t j = i + 1; j < methods; j++)
            p[i * methods + j] = p[j * methods + i] = pair[at++];
    }
    mem_free(pair);
    return rc;
}
