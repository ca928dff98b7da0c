/* C. Nadeau, Y. Bengio, "Inference for the generalization error", Machine Learning 52 (2003): replicates that share
 * training rows are correlated by about n_test / (n_test + n_train), so the variance of their mean is
 * (1/n + n_test/n_train) s^2 in place of s^2 / n; t has n - 1 degrees of freedom. For k folds the ratio is 1 / (k - 1).
 *
 * Check: differences {1, 2, 3, 4}, ratio 1/3: t = 2.5 / sqrt(7/12 * 5/3) = 2.5355, p = 0.0850.
 */
#include "experiment/corrected_t.h"

#include "numeric/tails.h"

#include <math.h>

struct corrected_t corrected_t_test(const double *difference, size_t n, double ratio, double confidence)
{
    struct corrected_t test = {0};
    double squares = 0, count = (double)n;
    for (size_t i = 0; i < n; i++) /* by parts, so that no sum overflows */
        test.mean += (difference[i] - test.mean) / (double)(i + 1);
    for (size_t i = 0; i < n; i++)
        squares += (difference[i] - test.mean) * (difference[i] - test.mean);
    test.error = sqrt((1 / count + ratio) * squares / (count - 1));
    double reach = test.error > 0 ? student_quantile(0.5 + 0.5 * confidence, count - 1) * test.error : 0;
    test.low = test.mean - reach;
    test.high = test.mean + reach;
    if (test.error > 0)
        test.p = fmin(1, 2 * student_tail(fabs(test.mean) / test.error, count - 1));
    else
        test.p = test.mean == 0;
    return test;
}
