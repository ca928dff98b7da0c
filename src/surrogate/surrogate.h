/* A model that predicts the objective.
 *
 * Points are encoded rows; losses are to be minimised and in the units that were
 * told, always finite. The functions use workspaces of the model: one caller at a
 * time. Every answer is a pure function of what the model has learned.
 */
#ifndef AFINA_SURROGATE_SURROGATE_H
#define AFINA_SURROGATE_SURROGATE_H

#include <stddef.h>
#include <stdint.h>

/* The greatest number of points of a joint draw. */
enum { SURROGATE_MOST_DRAWN = 2000 };

/* One finished trial, predicted by a model of all others. */
struct surrogate_fold {
    int64_t number;
    double mean, sd; /* of the loss, noise included */
    double residual; /* (told - mean) / sd, in the model's own units */
};

/* One finished trial that the model was made from. */
struct surrogate_result {
    const double *x; /* the encoded point; lives as long as the model's answer */
    double loss;     /* as told; NaN: it failed */
    double error;    /* its standard error; NaN: not known */
};

/* `predict`, `quantile` and `level` are always there; each other one is NULL when this kind of
 * model has no answer to it. */
struct surrogate_functions {
    /* Mean and standard deviation of the loss at a point, noise left out. */
    void (*predict)(void *model, const double *x, double *mean, double *sd);
    /* The loss below which the objective lies with probability p in (0, 1). */
    double (*quantile)(void *model, const double *x, double p);
    /* The predicted mean at n rows, in the model's own units, in which effects of parameters compare. */
    void (*level)(void *model, const double *x, size_t n, double *level);
    /* The standard deviation of results repeated at a point. */
    double (*noise)(void *model, const double *x);
    /* The length scale of parameter j, in units of the encoded range. */
    double (*length_scale)(void *model, size_t j);
    /* How many finished trials it was made from. */
    size_t (*held)(void *model);
    /* The i-th of them, in the order of the tells. */
    void (*result)(void *model, size_t i, struct surrogate_result *out);
    /* The leave-one-out prediction of each of them, in the order of the tells. */
    int32_t (*leave_one_out)(void *model, struct surrogate_fold *folds);
    /* `draws` rows of n losses drawn together; row k is a function of (seed, k) and
     * the points. n <= SURROGATE_MOST_DRAWN. */
    int32_t (*draw)(void *model, const double *x, size_t n, size_t draws, uint64_t seed, double *losses);
    /* How often a matrix had to be changed so that it could be factored. */
    size_t (*fallbacks)(void *model);
};

struct surrogate {
    const struct surrogate_functions *functions;
    void *model;
};

#endif
