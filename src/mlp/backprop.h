/* Forward and backward passes of a network over some rows at a time, in a
 * workspace made once: nothing here allocates after backprop_init(). */
#ifndef AFINA_MLP_BACKPROP_H
#define AFINA_MLP_BACKPROP_H

#include "mlp/network.h"

struct rng;

struct backprop {
    const struct shape *shape;
    size_t capacity;                      /* rows */
    float *block;                         /* all of the arrays below */
    float *layer[NETWORK_LAYERS_MAX + 2]; /* what each layer gives: rows x units; [0] is the input */
    float *slope[NETWORK_LAYERS_MAX + 1]; /* of hidden layer l at [l]: derivative of its activation */
    float *delta[2];                      /* derivative of the loss by the input of a layer */
};

int32_t backprop_init(struct backprop *b, const struct shape *shape, size_t capacity);
void backprop_fini(struct backprop *b);

/* The outputs for the n <= capacity rows in layer[0] go to the last layer:
 * probabilities of the classes (softmax = 1), or the outputs themselves. With a
 * share `dropout` > 0 hidden units are left out at random and the others scaled
 * up by 1 / (1 - dropout). */
void backprop_forward(struct backprop *b, const float *parameters, size_t n, int softmax, double dropout,
                      struct rng *rng);

/* After a forward pass: the sum over the rows of the loss, -log(probability of
 * the class) or (output - target)^2 / 2, and its derivative by each row's outputs
 * times `weight` as the start of a backward pass. */
double backprop_loss_class(struct backprop *b, const int32_t *labels, size_t n, float weight);
double backprop_loss_value(struct backprop *b, const float *targets, size_t n, float weight);

/* gradient = beta * gradient + derivative of the loss by the parameters. beta 0 or 1. */
void backprop_backward(struct backprop *b, const float *parameters, size_t n, float beta, float *gradient);

#endif
