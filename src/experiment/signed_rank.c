/* F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945). Up to 50 differences the
 * distribution of the rank sum is exact, with ties too: given the ranks, each of the 2^n signs is as likely, and the
 * sums of doubled mid-ranks are whole numbers, which are counted one rank after the other. Beyond, the sum is taken as
 * normal with mean n (n + 1) / 4 and variance (n (n + 1) (2 n + 1) - sum (t^3 - t) / 2) / 24 over groups of t equal
 * ones, without a continuity correction.
 *
 * Check: differences {1, 2, 3, 4, 5}: p = 2 / 32; {1, -2, 3, 4, 5}: the rank sum 2 has p = 2 * 3 / 32.
 */
#include "experiment/signed_rank.h"

#include "core/fail.h"
#include "core/mem.h"
#include "experiment/friedman.h"
#include "numeric/special.h"

#include <math.h>

enum { MOST_EXACT = 50, MOST_SUM = MOST_EXACT * (MOST_EXACT + 1) };

/* The probability of a sum as low, and of one as high. */
struct tails {
    double below, above;
};

/* Of the sum of doubled ranks with positive signs. */
static struct tails exact(const double *rank, size_t n, double sum)
{
    struct tails tails = {0, 0};
    double chance[MOST_SUM + 1] = {1};
    size_t most = 0, at = (size_t)(2 * sum + 0.5);
    for (size_t i = 0; i < n; i++) {
        size_t r = (size_t)(2 * rank[i] + 0.5);
        most += r;
        for (size_t s = most + 1; s-- > 0;)
            chance[s] = 0.5 * (chance[s] + (s >= r ? chance[s - r] : 0));
    }
    for (size_t s = 0; s <= most; s++) {
        tails.below += s <= at ? chance[s] : 0;
        tails.above += s >= at ? chance[s] : 0;
    }
    return tails;
}

static struct tails approximate(size_t n, double sum, double ties)
{
    double m = (double)n, variance = (m * (m + 1) * (2 * m + 1) - 0.5 * ties) / 24;
    double z = (sum - 0.25 * m * (m + 1)) / sqrt(variance);
    return (struct tails){normal_cdf(z), normal_cdf(-z)};
}

static int32_t find_tails(const double *difference, size_t n, struct tails *tails)
{
    int32_t rc = AFINA_OK;
    size_t count = 0, *order = mem_new(n, sizeof *order);
    double sum = 0, *size = mem_new(n, sizeof *size), *rank = mem_new(n, sizeof *rank);
    if (!order || !size || !rank) {
        rc = fail_memory();
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        if (difference[i] != 0)
            size[count++] = fabs(difference[i]);
    double ties = midranks(size, count, order, rank);
    for (size_t i = 0, j = 0; i < n; i++) {
        if (difference[i] > 0)
            sum += rank[j];
        j += difference[i] != 0;
    }
    *tails = count <= MOST_EXACT ? exact(rank, count, sum) : approximate(count, sum, ties);
out:
    mem_free(order);
    mem_free(size);
    mem_free(rank);
    return rc;
}

int32_t signed_rank_test(const double *difference, size_t n, double *p)
{
    struct tails tails;
    int32_t rc = find_tails(difference, n, &tails);
    if (!rc)
        *p = fmin(1, 2 * fmin(tails.below, tails.above));
    return rc;
}

int32_t signed_rank_test_greater(const double *difference, size_t n, double *p)
{
    struct tails tails;
    int32_t rc = find_tails(difference, n, &tails);
    if (!rc)
        *p = tails.above;
    return rc;
}
