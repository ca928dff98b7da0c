/* Activation functions and their slopes, whole arrays at a time. */
#ifndef AFINA_MLP_ACTIVATION_H
#define AFINA_MLP_ACTIVATION_H

#include <stddef.h>
#include <stdint.h>

/* In the order of the choices of the hyperparameter. */
enum activation {
    ACTIVATION_IDENTITY,
    ACTIVATION_LOGISTIC,
    ACTIVATION_TANH,
    ACTIVATION_RELU,
    ACTIVATION_LEAKY_RELU,
    ACTIVATION_ELU,
    ACTIVATION_SELU,
    ACTIVATION_SOFTPLUS,
    ACTIVATION_SOFTSIGN,
    ACTIVATION_SILU,
    ACTIVATION_GELU,
    ACTIVATION_COUNT
};

/* Replaces z by f(z) and stores f'(z) in slope. The arrays do not overlap. */
void activation_apply(int32_t activation, float *z, float *slope, size_t n);

/* Turns `rows` rows of `columns` scores into probabilities, none under 1e-43. */
void activation_softmax(float *z, size_t rows, size_t columns);

#endif
