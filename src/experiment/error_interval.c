/* Conservative z: C. Nadeau, Y. Bengio, "Inference for the generalization error", Machine Learning 52 (2003), section
 * 5.2: the variance is that of half of the rows, sum (first - second)^2 / (2 n), and so larger than the true one.
 *
 * Nested cross-validation: S. Bates, T. Hastie, R. Tibshirani, "Cross-validation: what does it estimate and how well
 * does it do it?", JASA 119 (2024), algorithm 1: with a the mean of (inner - outer)^2 and b that of the variances of
 * `outer`, a - b is the mean squared error of a cross-validation of (k - 1) / k of the rows; its root is kept between
 * the usual standard error and sqrt(k) times that. The estimate is that of the inner ones less their bias,
 * (1 + (k - 2) / k) (inner - cv).
 */
#include "experiment/error_interval.h"

#include <math.h>

double halves_error(const double *first, const double *second, size_t n)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (first[i] - second[i]) * (first[i] - second[i]);
    return sqrt(squares / (2 * (double)n));
}

double nested_estimate(const struct nested_fold *fold, size_t n, size_t folds, double cv, double cv_error,
                       double *error)
{
    double inner = 0, square = 0, k = (double)folds;
    for (size_t i = 0; i < n; i++) {
        double d = fold[i].inner - fold[i].outer;
        inner += fold[i].inner / (double)n;
        square += (d * d - fold[i].variance) / (double)n;
    }
    double root = sqrt(fmax(0, square) * (k - 1) / k);
    *error = fmin(fmax(root, cv_error), sqrt(k) * cv_error);
    return inner - (1 + (k - 2) / k) * (inner - cv);
}
