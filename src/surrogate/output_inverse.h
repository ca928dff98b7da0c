/* From what the model believes back to what was told.
 *
 * The transform is monotone, so that what the model says of a target it says of a
 * loss: quantiles go through the inverse as they are, moments through the
 * distribution.
 */
#ifndef AFINA_SURROGATE_OUTPUT_INVERSE_H
#define AFINA_SURROGATE_OUTPUT_INVERSE_H

#include "surrogate/output_transform.h"

#include <stdint.h>

struct output_inverse {
    size_t knots;
    double *target, *value; /* ascending; the value is the loss, or its logarithm */
    int logged;
    double below, above; /* half the slope beyond the ends */
};

/* From losses of which one at least is no failure. */
int32_t output_inverse_init(struct output_inverse *v, const struct output_transform *how, const double *loss, size_t n);
void output_inverse_fini(struct output_inverse *v); /* a zeroed one is fine */

/* The loss of a target. Always finite. */
double output_inverse_at(const struct output_inverse *v, double target);

/* Mean and standard deviation of the loss whose target is N(mean, sd^2). Both may
 * be the places of what comes in. */
void output_inverse_moments(const struct output_inverse *v, double mean, double sd, double *loss_mean, double *loss_sd);

#endif
