/* A model that can be asked what it believes of the objective.
 *
 * Points are encoded rows; losses are to be minimised and in the units that were
 * told, always finite. The functions use workspaces of the model: one caller at a
 * time. Every answer is a pure function of what the model has learned.
 */
#ifndef AFINA_SURROGATE_SURROGATE_H
#define AFINA_SURROGATE_SURROGATE_H

#include <stddef.h>
#include <stdint.h>

/* The most points of a joint draw. */
enum { SURROGATE_MOST_DRAWN = 2000 };

/* One finished trial, foretold by a model of all others. */
struct surrogate_fold {
    int64_t number;
    double mean, sd; /* of the loss, noise included */
    double residual; /* (told - mean) / sd, in the model's own units */
};

/* `predict`, `quantile` and `level` are there; another may be NULL: this kind of
 * model has no such thing. */
struct surrogate_functions {
    /* Mean and standard deviation of the loss at a point, noise left out. */
    void (*predict)(void *model, const double *x, double *mean, double *sd);
    /* The loss that is undershot with probability p in (0, 1). */
    double (*quantile)(void *model, const double *x, double p);
    /* n rows: what the model expects, in its own units, in which effects compare. */
    void (*level)(void *model, const double *x, size_t n, double *level);
    /* The standard deviation of results repeated at a point. */
    double (*noise)(void *model, const double *x);
    /* The length scale of parameter j, in units of the encoded range. */
    double (*length_scale)(void *model, size_t j);
    /* How many trials it holds; a fold of each, in the order of the tells. */
    size_t (*held)(void *model);
    int32_t (*leave_one_out)(void *model, struct surrogate_fold *folds);
    /* `draws` rows of n losses drawn together; row k is a function of (seed, k) and
     * the points. n <= SURROGATE_MOST_DRAWN. */
    int32_t (*draw)(void *model, const double *x, size_t n, size_t draws, uint64_t seed, double *losses);
    /* How often arithmetic had to be helped. */
    size_t (*fallbacks)(void *model);
};

struct surrogate {
    const struct surrogate_functions *functions;
    void *model;
};

#endif
