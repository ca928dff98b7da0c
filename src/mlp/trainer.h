/* One training of one network, an epoch at a time. */
#ifndef AFINA_MLP_TRAINER_H
#define AFINA_MLP_TRAINER_H

#include "mlp/backprop.h"
#include "mlp/line_descent.h"
#include "mlp/mlp_config.h"
#include "mlp/outputs.h"
#include "mlp/update_rule.h"

#include "core/rng.h"

#include <stddef.h>
#include <stdint.h>

struct dataset;

/* Asked now and then during an epoch: non-zero ends the training. */
typedef int32_t (*trainer_asks)(void *user);

enum trainer_state { TRAINER_RUNNING, TRAINER_FINISHED, TRAINER_DIVERGED, TRAINER_STOPPED };

struct trainer {
    const struct dataset *data;
    const struct mlp_config *config;
    int32_t metric;
    struct network *network; /* with the parameters as they are now */
    struct backprop pass;
    struct update_rule rule;
    struct line_descent line;
    float *scaled;        /* the training rows as the network sees them: train x columns */
    int32_t *classes;     /* and what they should give: classes, or */
    float *targets;       /* standardised values */
    size_t *rows, *drawn; /* numbers of training rows in the order of use; those of a batch, with replacement */
    size_t train, batch;
    const size_t *valid_rows;
    struct judge judge; /* of the validation rows */
    float *gradient, *moments, *best;
    int32_t *pass_classes; /* of the rows of one pass */
    float *pass_targets;
    struct rng order, dropout;
    trainer_asks asks;
    void *user;
    double unasked; /* work done since */
    int32_t epoch, stale, state;
    double training_loss; /* of the last epoch, l2 left out */
    double value, loss;   /* of the validation rows: what is minimised, and the loss */
    double best_value, best_loss;
    int32_t best_epoch;
};

/* train[0..n-1] and valid[0..m-1] are rows of the data; n >= 1; `valid` is borrowed. With m = 0
 * nothing is measured: the training does all its epochs, and the last one counts as the best.
 * `part` tells apart the random streams of trainings with one seed. */
int32_t trainer_init(struct trainer *t, const struct dataset *d, const struct mlp_config *config, int32_t metric,
                     const size_t *train, size_t n, const size_t *valid, size_t m, uint64_t seed, uint64_t part);
void trainer_fini(struct trainer *t);

/* Trains for one epoch and measures; `state` says how it goes on. Not after it
 * has left TRAINER_RUNNING. */
void trainer_epoch(struct trainer *t);

/* Puts the parameters of the best epoch into the network and gives it away. */
struct network *trainer_take_best(struct trainer *t);

#endif
