/* How the weights of a network start. */
#ifndef AFINA_MLP_INITIAL_WEIGHTS_H
#define AFINA_MLP_INITIAL_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

struct rng;
struct shape;

/* In the order of the choices of the hyperparameter. */
enum initial_weights {
    INITIAL_UNIFORM,
    INITIAL_NORMAL,
    INITIAL_GLOROT_UNIFORM,
    INITIAL_GLOROT_NORMAL,
    INITIAL_HE_UNIFORM,
    INITIAL_HE_NORMAL,
    INITIAL_LECUN_UNIFORM,
    INITIAL_LECUN_NORMAL,
    INITIAL_ORTHOGONAL,
    INITIAL_COUNT
};

/* Fills in x in x out weights. */
void initial_weights_layer(int32_t kind, struct rng *rng, size_t in, size_t out, float *weights);

/* Draws the weights of every layer; biases become 0. */
void initial_weights_draw(int32_t kind, struct rng *rng, const struct shape *shape, float *parameters);

#endif
