/* What a step of a first-order training algorithm does to the parameters. */
#ifndef AFINA_MLP_UPDATE_RULE_H
#define AFINA_MLP_UPDATE_RULE_H

#include <stddef.h>
#include <stdint.h>

/* In the order of the choices of the hyperparameter. */
enum algorithm {
    ALGORITHM_SGD,
    ALGORITHM_MOMENTUM,
    ALGORITHM_NESTEROV,
    ALGORITHM_ADAGRAD,
    ALGORITHM_RMSPROP,
    ALGORITHM_ADAM,
    ALGORITHM_ADAMW,
    ALGORITHM_BFGS,
    ALGORITHM_CONJUGATE_GRADIENT,
    ALGORITHM_COUNT
};

/* The last two are not update rules: they search along a line (see line_descent.h). */
static inline int algorithm_is_full_batch(int32_t algorithm)
{
    return algorithm == ALGORITHM_BFGS || algorithm == ALGORITHM_CONJUGATE_GRADIENT;
}

struct update_rule {
    int32_t algorithm;
    size_t weights, parameters; /* l2 applies to the first `weights` parameters */
    float l2, momentum;
    float *first, *second; /* moments, as the algorithm needs them; zeroed at the start */
    int64_t step;          /* updates made */
};

/* How many arrays of moments an algorithm keeps: 0, 1 or 2. */
int32_t update_rule_moments(int32_t algorithm);

/* One step with this learning rate along the gradient of the loss (without l2). */
void update_rule_step(struct update_rule *u, double rate, const float *gradient, float *w);

#endif
