/* A network: its shape, its parameters, and how it scales what comes in. */
#ifndef AFINA_MLP_NETWORK_H
#define AFINA_MLP_NETWORK_H

#include <stddef.h>
#include <stdint.h>

struct dataset;

enum { NETWORK_LAYERS_MAX = 8 };

/* Hidden layers 0..layers-1, then the layer of outputs. The parameters are one
 * array: the weights of all layers, then the biases of all layers, so that what
 * l2 applies to is a prefix. The weights of a layer are fan-in x fan-out, row by
 * row. */
struct shape {
    size_t layers;
    size_t units[NETWORK_LAYERS_MAX + 2]; /* inputs, hidden layers, outputs */
    int32_t activation[NETWORK_LAYERS_MAX];
    size_t weight_at[NETWORK_LAYERS_MAX + 1], bias_at[NETWORK_LAYERS_MAX + 1];
    size_t weights, parameters;
};

struct network {
    struct shape shape;
    int32_t task;
    float *parameters;
    double *mean, *scale;             /* of each feature: the network sees (x - mean) * scale, in [-5, 5] */
    double target_mean, target_scale; /* regression: target = mean + scale * output */
    size_t classes;
    char **class_names; /* NULL: numbers only */
};

/* Fills in the offsets from layers, units and activation. */
void shape_layout(struct shape *shape);

/* A network of this shape for data like `d`, scaled for the rows rows[0..n-1] of
 * it; parameters are 0. */
int32_t network_new(struct network **out, const struct shape *shape, const struct dataset *d, const size_t *rows,
                    size_t n);
void network_free(struct network *network);

/* A copy of the network with other parameters. */
int32_t network_copy(struct network **out, const struct network *network, const float *parameters);

/* Reads n rows of features (rows[i], or row i when rows is NULL) as the network
 * sees them. */
void network_scale(const struct network *network, const double *features, const size_t *rows, size_t n, float *out);

/* afina_network_predict: the outputs of the host's rows. */
int32_t network_predict(const struct network *network, const double *features, size_t rows, size_t columns, double *out,
                        size_t capacity, size_t *count);

/* afina_network_score. */
int32_t network_score(const struct network *network, const struct dataset *d, const char *metric, double *value);

#endif
