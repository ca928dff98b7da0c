/* The hyperparameters of the reference network: their values, and one table that
 * says everything about them. The table makes the search space and reads a point. */
#ifndef AFINA_MLP_CONFIG_H
#define AFINA_MLP_CONFIG_H

#include "mlp/network.h"

#include <stddef.h>
#include <stdint.h>

/* In the order of the choices of the hyperparameters. */
enum mlp_batch { BATCH_MINI, BATCH_FULL, BATCH_ONLINE, BATCH_COUNT };
enum mlp_shuffle { SHUFFLE_EACH_EPOCH, SHUFFLE_ONCE, SHUFFLE_NEVER, SHUFFLE_COUNT };

struct mlp_config {
    int32_t layers;
    int32_t units[NETWORK_LAYERS_MAX], activation[NETWORK_LAYERS_MAX];
    int32_t initial_weights;
    int32_t algorithm;
    double learning_rate;
    int32_t schedule;
    double momentum;
    int32_t batch, batch_size;
    int32_t replacement, shuffle;
    double l2, dropout;
    int32_t epochs, patience;
    double training_share, validation_share;
};

/* What an mlp's options say about the space. */
struct mlp_limits {
    int32_t layers, units, epochs, folds;
};

enum mlp_limit { LIMIT_NONE, LIMIT_LAYERS, LIMIT_UNITS, LIMIT_EPOCHS, LIMIT_PATIENCE };

struct hyperparameter {
    const char *name; /* each_layer: with "_1", "_2", ... behind it */
    size_t offset;    /* in struct mlp_config; int32_t, or double for a real */
    int32_t kind;     /* AFINA_KIND_REAL, AFINA_KIND_INTEGER, AFINA_KIND_CATEGORICAL */
    int32_t scale;
    double low, high;   /* in the space */
    double least, most; /* that a point of any space may say */
    double standard;    /* the default; the number of a choice */
    const char *const *choices;
    size_t count;
    const double *weights; /* of the choices, NULL: equal */
    enum mlp_limit limit;  /* that lowers high, and low and the default with it */
    int32_t each_layer;
    const char *parent; /* NULL, or active only while the parent is one of `when` */
    const char *const *when;
    size_t when_count;
};

extern const struct hyperparameter mlp_hyperparameters[];
extern const size_t mlp_hyperparameter_count;

/* The range and default within these limits. */
void hyperparameter_range(const struct hyperparameter *h, const struct mlp_limits *limits, double *low, double *high,
                          double *standard);

/* Every hyperparameter at its default. */
void mlp_config_default(struct mlp_config *config, const struct mlp_limits *limits);

/* Sets a number, the number of a choice included. AFINA_E_RANGE. `name` is the
 * full one, for the error text. */
int32_t mlp_config_set(struct mlp_config *config, const struct hyperparameter *h, size_t layer, const char *name,
                       double number);

/* The number of a choice; AFINA_E_NAME. */
int32_t hyperparameter_choice(const struct hyperparameter *h, const char *name, const char *text, double *number);

#endif
