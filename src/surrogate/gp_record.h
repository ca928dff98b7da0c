/* The results and the pending trials of a study, at encoded points. Models read it. */
#ifndef AFINA_SURROGATE_GP_RECORD_H
#define AFINA_SURROGATE_GP_RECORD_H

#include <stddef.h>
#include <stdint.h>

struct gp_pending {
    int64_t number;
    double *x;
};

struct gp_record {
    size_t d;
    /* Results in the order of the tells: rows of d, losses (NaN: failed), their standard errors
     * (NaN: not known) and the numbers of their trials. */
    double *x, *loss, *error;
    int64_t *number;
    size_t told, x_capacity, loss_capacity, error_capacity, number_capacity;
    size_t first_known;         /* the first result with an error; SIZE_MAX: none */
    struct gp_pending *pending; /* in the order asked */
    size_t n_pending, pending_capacity;
};

void gp_record_init(struct gp_record *r, size_t d);
void gp_record_fini(struct gp_record *r); /* a zeroed one is fine */

/* Adds a pending trial at the encoded point x. */
int32_t gp_record_asked(struct gp_record *r, int64_t number, const double *x);

/* The trial ended with a loss (NaN: it failed) and the standard error of the loss (NaN: not known). */
int32_t gp_record_told(struct gp_record *r, int64_t number, const double *x, double loss, double error);

/* The trial ended and teaches nothing. */
void gp_record_forget(struct gp_record *r, int64_t number);

/* 1 when the error of one of the first n results is known. */
int gp_record_knows(const struct gp_record *r, size_t n);

#endif
