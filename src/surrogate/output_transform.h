/* Targets, which the model learns, from losses, which were told. */
#ifndef AFINA_SURROGATE_OUTPUT_TRANSFORM_H
#define AFINA_SURROGATE_OUTPUT_TRANSFORM_H

#include <stddef.h>

/* What becomes of the worse half. */
enum { WORSE_KEPT = 0, WORSE_RANKED = 1, WORSE_SOFTENED = 2 };

struct output_transform {
    int log;   /* 1: take the logarithm when it makes the values less skewed */
    int worse; /* RANKED: normal scores of its ranks; SOFTENED: logarithms of the distances from the median */
};

/* y[i] := the target of loss[i] (smaller is better). A NaN stands for a failed
 * trial and becomes 0, a mean result; infinities are clipped to the range of the
 * finite losses; equal losses become 0; the others get mean 0 and deviation 1.
 * `order` is room for n indices: it begins with the indices of the losses that are no failures, better
 * ones first. Returns which of the steps below were taken. */
enum { OUTPUT_LOGGED = 1, OUTPUT_BENT = 2 };
int output_transform(const struct output_transform *how, const double *loss, size_t n, double *y, size_t *order);

/* The same, and error[i], the standard error of loss[i] or NaN, becomes that of its
 * target (at most 1e6); NaN where the loss is not finite, or all are equal. `error` is room
 * for 2 n; its second half is used up. */
int output_transform_errors(const struct output_transform *how, const double *loss, size_t n, double *y, size_t *order,
                            double *error);

/* Sets the range of the finite losses; 0 and 0 when there are none. */
void output_range(const double *loss, size_t n, double *low, double *high);

/* Returns a loss, or the finite value that stands for an infinite one. */
double output_finite(double loss, double low, double high);

#endif
