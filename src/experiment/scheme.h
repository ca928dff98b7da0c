/* What several resampling schemes share: options, units of division, a share of the training rows. */
#ifndef AFINA_EXPERIMENT_SCHEME_H
#define AFINA_EXPERIMENT_SCHEME_H

#include "core/rng.h"
#include "experiment/resampling.h"

/* Entries of a table of options. */
#define SCHEME_SEED                                                                                                    \
    {                                                                                                                  \
        "seed", AFINA_OPTION_INTEGER, 0, 9007199254740991.0, 0, NULL, NULL, "the randomness of the division"           \
    }
#define SCHEME_SHARE                                                                                                   \
    {                                                                                                                  \
        "share", AFINA_OPTION_REAL, 0, 1, 0.25, NULL, NULL, "share of the rows that validate, between 0 and 1"         \
    }
#define SCHEME_TRAINING                                                                                                \
    {                                                                                                                  \
        "training", AFINA_OPTION_REAL, 0, 1, 1, NULL, NULL,                                                            \
            "share of the training rows that are used; a smaller share is part of a larger one"                        \
    }

/* The value of an integer option. */
int64_t scheme_integer(const struct resampling *r, const char *name);

/* The stream of the draws that are not the order of the rows, which rows_by_class() draws. */
void scheme_stream(const struct resampling *r, uint64_t replicate, struct rng *rng);

/* Every row once, class after class, the rows of a class in a random order; a function of the seed and `stream`. */
int32_t rows_by_class(const struct resampling *r, uint64_t stream, size_t *order);

/* Units of division, and what they are called: groups where there are any, else rows. */
size_t scheme_units(const struct resampling *r);
const char *scheme_unit_name(const struct resampling *r);

/* Fails unless option "training" is above 0. */
int32_t scheme_check_training(const struct resampling *r);

/* Leaves of each class the share "training" of its training rows, one row at least. Which rows stay first depends on
 * neither the share nor the replicate, so the rows of a smaller share are among those of a larger. */
int32_t scheme_thin_out(const struct resampling *r, int32_t *times);

#endif
