/* The inverse of the output transform: losses from targets.
 *
 * The transform is monotone, so that a quantile of the loss is the inverse of a
 * quantile of the target; moments of the loss are integrals over the distribution
 * of the target.
 */
#ifndef AFINA_SURROGATE_OUTPUT_INVERSE_H
#define AFINA_SURROGATE_OUTPUT_INVERSE_H

#include "surrogate/output_transform.h"

#include <stdint.h>

struct output_inverse {
    size_t knots;
    double *target, *value; /* ascending; the value is the loss, or its logarithm */
    int logged;             /* 1: the values are logarithms */
    double below, above;    /* half the slopes below the first and above the last knot */
};

/* Makes the inverse from n losses, of which at least one is no failure. */
int32_t output_inverse_init(struct output_inverse *v, const struct output_transform *how, const double *loss, size_t n);
void output_inverse_fini(struct output_inverse *v); /* a zeroed one is fine */

/* The loss of a target; always finite. */
double output_inverse_at(const struct output_inverse *v, double target);

/* Mean and standard deviation of the loss whose target is N(mean, sd^2). The outputs may be the
 * variables that the inputs come from. */
void output_inverse_moments(const struct output_inverse *v, double mean, double sd, double *loss_mean, double *loss_sd);

#endif
