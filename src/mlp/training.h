/* The training of one configuration: one network and its validation rows, or k of them, one for
 * each fold. It goes on from any epoch to a later one, and its whole state becomes bytes and comes
 * back from them. */
#ifndef AFINA_MLP_TRAINING_H
#define AFINA_MLP_TRAINING_H

#include "mlp/mlp.h"
#include "mlp/trainer.h"

#include <stddef.h>
#include <stdint.h>

struct training {
    struct dataset *data; /* a reference */
    size_t *order;        /* as in struct mlp */
    struct mlp_config config;
    int32_t metric;
    uint64_t seed;
    size_t folds, parts; /* of 0 folds there is one part */
    struct trainer *part;
    int32_t state; /* enum trainer_state of all */
};

/* Keeps nothing of the mlp but a reference to its data. */
int32_t training_new(struct training **out, const struct mlp *mlp, const struct mlp_config *config, uint64_t seed);
void training_free(struct training *t);

/* Another one that begins as `t` began; and the parts of such a one, in exchange for those of `t`. */
int32_t training_restart(struct training **out, const struct training *t);
void training_take(struct training *t, struct training *from);

/* Trains until `epochs` epochs are done in all, or the training has come to its end. The learning
 * rate follows the epochs of the configuration, wherever one stops on the way. AFINA_CANCELLED
 * when a callback said so, AFINA_E_STATE when the training has diverged, and what `report` says. */
int32_t training_run(struct training *t, int32_t epochs, const struct mlp_callbacks *callbacks);

/* Epochs that were done; of folds the one that went furthest. */
int32_t training_epochs(const struct training *t);

/* The mean over the folds of the best value, as it is minimised, and of the epoch that had it.
 * AFINA_E_STATE before the first epoch and after a divergence. */
int32_t training_best(const struct training *t, double *epoch, double *value);

/* A copy of the network of a part as it was in its best epoch. */
int32_t training_network(const struct training *t, size_t part, struct network **out);

/* training_state.c: the state as bytes. Writing gives the size, and the bytes when they fit;
 * AFINA_E_STATE for a training that diverged or was stopped within an epoch. Reading answers
 * AFINA_E_FORMAT when the bytes are no state, or one that does not fit: of another version, another
 * shape, algorithm, number of folds, or other training rows; the training is then as it was. */
int32_t training_save(const struct training *t, unsigned char *bytes, size_t capacity, size_t *size);
int32_t training_load(struct training *t, const unsigned char *bytes, size_t size);

#endif
