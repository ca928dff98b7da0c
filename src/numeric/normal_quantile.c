/* The quantile of the normal distribution by rational functions of the centre and of two parts of the tail,
 *
 *     x = q R(0.425^2 - q^2),  q = p - 1/2,  for |q| <= 0.425
 *     x = -S(sqrt(-log p)),  p < 0.075,
 *
 * the division of M. J. Wichura, "Algorithm AS 241", Applied Statistics 37, 1988. Ours interpolate the quantile at
 * Chebyshev points, with a relative error below 7e-17 before rounding; tests/numeric/reference.py prints
 * them. Check: the quantile of 0.975 is 1.9599639845400542.
 */
#include "numeric/special.h"

#include "core/elementary.h"

#include <math.h>
#include <stddef.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The coefficients, that of the highest power first. */
static const double centre_over[] = {3907.0076390238158409, 74060.814625639021961, 214247.38019842380295,
                                     213550.1624843821322,  95692.7355126975901,   21627.481160490559357,
                                     2548.2248573022627541, 148.75654077063150869, 3.3871328727963666225};
static const double centre_under[] = {9398.4645172065908493, 72342.69749284587286,  140376.82723612544898,
                                      109244.705554588169,   41169.981667908565357, 8176.8783406360711725,
                                      871.28389406419861207, 46.923386895220554288, 1.0};
static const double near_over[] = {0.000070213558155157266147, 0.0028477028904769918234, 0.042655736833568026424,
                                   0.32819960255571066647,     1.4607583582995678097,    3.8673064489599618162,
                                   5.8954419305937466464,      4.6586711529113187834,    1.4234371107496835891};
static const double near_under[] = {3.6048565269539050711e-11, 0.000049644170890888344845, 0.0019346295319642268214,
                                    0.027207370810227219949,   0.19254621603461665308,     0.76816163548721744299,
                                    1.7409835549495895489,     2.0730964798559320208,      1.0};
static const double far_over[] = {1.442376893010342298e-11,   4.3857518990877307219e-9,  4.6383148953685101516e-7,
                                  0.000023664539552145378892, 0.00067089309226545132873, 0.011389628038811147217,
                                  0.120151078243134701,       0.7926126329944520611,     3.1754259146305958989,
                                  7.0551995498277354781,      6.6579046435011036182};
static const double far_under[] = {1.4723291459557959115e-20,
                                   1.0199130996607150515e-11,
                                   3.0502103292398347623e-9,
                                   3.1276680192763057746e-7,
                                   0.000015179030911424623109,
                                   0.00039931661424735053443,
                                   0.0060904080561809122097,
                                   0.055227462932999153999,
                                   0.29301390822422818354,
                                   0.83885855551644572266,
                                   1.0};

static double ratio(const double *over, const double *under, size_t n, double t)
{
    double p = 0, q = 0;
    for (size_t i = 0; i < n; i++) {
        p = p * t + over[i];
        q = q * t + under[i];
    }
    return p / q;
}

/* The x >= 0 with the probability p <= 0.075 above it. */
static double tail_quantile(double p)
{
    double s = sqrt(-portable_log(p));
    if (isinf(s))
        return s;
    return s < 5 ? ratio(near_over, near_under, LENGTH(near_over), s - 1.6)
                 : ratio(far_over, far_under, LENGTH(far_over), s - 5);
}

double normal_quantile(double p)
{
    if (!(p >= 0 && p <= 1))
        return NAN;
    double q = p - 0.5;
    if (fabs(q) <= 0.425)
        return q * ratio(centre_over, centre_under, LENGTH(centre_over), 0.180625 - q * q);
    return q < 0 ? -tail_quantile(p) : tail_quantile(1 - p);
}
