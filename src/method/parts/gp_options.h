/* The options of gp, and what they set. */
#ifndef AFINA_METHOD_GP_OPTIONS_H
#define AFINA_METHOD_GP_OPTIONS_H

#include "afina.h"
#include "core/option.h"
#include "surrogate/acquisition.h"
#include "surrogate/gp_fit.h"
#include "surrogate/output_transform.h"

#include <stdint.h>

enum { GP_OPTION_COUNT = 11 };
extern const struct option gp_options[GP_OPTION_COUNT];

struct gp_settings {
    struct acquisition acquisition; /* its kind and kappa */
    int kernel;                     /* KERNEL_MATERN52, ... */
    int noise;                      /* 1: it is learned */
    int additive;                   /* 1: the kernel has an additive part, whose share is learned */
    int blocks, chooses_form;       /* 1: the kernel may be a sum over blocks; each fit chooses whether it is */
    int refines;                    /* 1: some trials are steps of the quadratic trust region */
    int transforms;                 /* 1: results are transformed */
    uint64_t startup;               /* trials of the initial design; 0: automatic */
    size_t candidates, points;
};

struct gp_settings gp_settings_read(const struct option_set *options);

/* The prior of the hyperparameters over the d parameters of `dimension`. */
struct gp_prior gp_settings_prior(const struct gp_settings *settings, const struct gp_dimension *dimension, size_t d);

#endif
