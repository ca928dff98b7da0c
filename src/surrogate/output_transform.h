/* From what was told to what the model learns. */
#ifndef AFINA_SURROGATE_OUTPUT_TRANSFORM_H
#define AFINA_SURROGATE_OUTPUT_TRANSFORM_H

#include <stddef.h>

struct output_transform {
    int log;       /* the logarithm, when it makes the values less skewed */
    int half_rank; /* the worse half by normal scores of its ranks */
};

/* y[i] := the target of loss[i] (smaller is better). A NaN stands for a failed
 * trial and becomes the worst target; infinities are clipped to the range of the
 * finite losses; equal losses become 0; the others get mean 0 and deviation 1.
 * `order` is room for n indices. */
void output_transform(const struct output_transform *how, const double *loss, size_t n, double *y, size_t *order);

#endif
