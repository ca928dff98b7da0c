/* Learning-rate schedules. All but constant fall from 1 to f = 1/100 over the
 * planned epochs, so that "schedule" is a choice of form alone:
 *
 *     step         f^(k/3), k = floor(4 t): four levels
 *     exponential  f^t
 *     cosine       f + (1 - f) (1 + cos(pi t)) / 2   (Loshchilov and Hutter 2017)
 *     inverse      1 / (1 + t (1/f - 1))             (Robbins and Monro 1951)
 *
 * Check value: inverse at t = 1/2 is 2/101.
 */
#include "mlp/rate_schedule.h"

#include "core/elementary.h"

#include <math.h>

double rate_schedule_factor(int32_t schedule, double t)
{
    const double f = 0.01;
    switch (schedule) {
    case RATE_STEP:
        return portable_pow(f, fmin(floor(4 * t), 3) / 3);
    case RATE_EXPONENTIAL:
        return portable_pow(f, t);
    case RATE_COSINE:
        return f + (1 - f) * (1 + portable_cos_pi(t)) / 2;
    case RATE_INVERSE:
        return 1 / (1 + t * (1 / f - 1));
    default:
        return 1;
    }
}
