/* The reference objective: a multilayer perceptron on a data set. */
#ifndef AFINA_MLP_MLP_H
#define AFINA_MLP_MLP_H

#include "mlp/dataset.h"
#include "mlp/mlp_config.h"
#include "mlp/network.h"

#include "core/option.h"

#include <stddef.h>
#include <stdint.h>

struct point;
struct space;

struct mlp {
    struct dataset *data; /* a reference */
    size_t *order;        /* its rows, stratified: validation rows come first, the same in every trial */
    struct option_set options;
    int32_t metric;
};

int32_t mlp_new(struct mlp **out, const struct dataset *d);
void mlp_free(struct mlp *mlp);
int32_t mlp_set_integer(struct mlp *mlp, const char *key, int64_t value);
int32_t mlp_set_string(struct mlp *mlp, const char *key, const char *value);

/* The options as the hyperparameters' limits, and the default configuration. */
struct mlp_limits mlp_limits(const struct mlp *mlp);
void mlp_default(const struct mlp *mlp, struct mlp_config *config);

/* mlp_space.c: the space of the hyperparameters, and the configuration that a
 * point of any space says: what it lacks or has inactive is at its default. */
int32_t mlp_space(const struct mlp *mlp, struct space **out);
int32_t mlp_config_read(const struct mlp *mlp, const struct space *space, const struct point *point,
                        struct mlp_config *config);

/* Calls out of a training; either may be NULL. What `report` answers ends the
 * training with that status unless it is 0. */
struct mlp_callbacks {
    int32_t (*report)(void *user, double step, double value);
    int32_t (*should_stop)(void *user);
    void *user;
};

/* Trains and validates; *value is the metric of the best epoch as it is
 * minimised (the mean over the folds), or NaN when the training diverged.
 * AFINA_CANCELLED, and *value as it was, when should_stop said so. */
int32_t mlp_evaluate(const struct mlp *mlp, const struct mlp_config *config, uint64_t seed,
                     const struct mlp_callbacks *callbacks, double *value);

/* Trains on all rows but the share that validates (training_share is left out).
 * AFINA_E_STATE when the training diverges. */
int32_t network_train(struct network **out, const struct mlp *mlp, const struct mlp_config *config, uint64_t seed);

/* Trains on all rows, none of which validates, for so many epochs of those that the configuration
 * plans: AFINA_E_RANGE for more. */
int32_t network_train_epochs(struct network **out, const struct mlp *mlp, const struct mlp_config *config,
                             int32_t epochs, uint64_t seed);

#endif
