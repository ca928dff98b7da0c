/* What a network says about rows of data, and how good that is. */
#ifndef AFINA_MLP_OUTPUTS_H
#define AFINA_MLP_OUTPUTS_H

#include "mlp/backprop.h"
#include "mlp/pair_sort.h"

#include <stddef.h>
#include <stdint.h>

struct dataset;

/* The outputs for n rows of features (rows[i], or row i when rows is NULL): class
 * probabilities, or standardised values; n x outputs numbers. */
void outputs_compute(const struct network *network, struct backprop *pass, const double *features, const size_t *rows,
                     size_t n, float *out);

/* Room for judging rows against their targets. */
struct judge {
    size_t rows, outputs;
    float *output;            /* rows x outputs */
    int32_t *labels;          /* of the rows, or */
    double *targets, *values; /* their targets and predictions, in natural units */
    struct pair *pairs;
};

/* For rows rows[0..n-1] of the data, or all when rows is NULL. */
int32_t judge_init(struct judge *j, const struct network *network, const struct dataset *d, const size_t *rows,
                   size_t n);
void judge_fini(struct judge *j);

/* A metric of what stands in `output`. */
double judge_metric(const struct judge *j, const struct network *network, int32_t metric);

#endif
