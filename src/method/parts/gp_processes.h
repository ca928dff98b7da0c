/* The Gaussian processes of gp: two over the results of a study, and one over where trials fail.
 *
 * One process learns the results after their transform (output_transform.c), the other learns them as
 * they were told, only standardised. Both read one record. Each trial that the model proposes is
 * proposed by one of the two, the current one; proposer_schedule.c says which.
 */
#ifndef AFINA_METHOD_GP_PROCESSES_H
#define AFINA_METHOD_GP_PROCESSES_H

#include "method/parts/gp_note.h"
#include "method/parts/gp_options.h"
#include "surrogate/feasibility.h"
#include "surrogate/gp_report.h"
#include "surrogate/proposer_schedule.h"

struct gp_processes {
    struct gp_record record; /* of all results */
    struct gp_model transformed, untransformed;
    struct gp_model *current; /* the one that proposes the trial at hand */
    struct feasibility feasibility;
    int alternates;                    /* 1: the results are transformed, so that the two differ */
    struct proposer_schedule schedule; /* of the untransformed one */
    double *theta;                     /* workspace: hyperparameters of a fit */
};

/* `dimension` describes the d parameters and is copied. */
int32_t gp_processes_init(struct gp_processes *p, const struct gp_settings *settings,
                          const struct gp_dimension *dimension, size_t d);
void gp_processes_fini(struct gp_processes *p); /* a zeroed one is fine */

/* A trial at the encoded point x is pending; its note holds the fits that it was proposed with. */
int32_t gp_processes_asked(struct gp_processes *p, int64_t number, const double *x, const struct gp_note *note);

/* Trial `number` was lost: it counts as never asked. */
void gp_processes_lost(struct gp_processes *p, int64_t number);

/* It ended with a loss (NaN: none). To be called before the loss is recorded. */
void gp_processes_ended(struct gp_processes *p, int64_t number, double loss);

/* Its result is recorded: a loss (NaN: it failed), and the standard error of that (NaN: not known). */
int32_t gp_processes_told(struct gp_processes *p, int64_t number, const double *x, double loss, double error);

/* 1 when two results differ: what is constant gives a process nothing to learn. */
int gp_processes_can_learn(const struct gp_processes *p);

/* Chooses the current process for a trial, and brings it and the one of failures up to date. */
int32_t gp_processes_prepare(struct gp_processes *p, int64_t number);

/* Brings the transformed process up to date and makes a report on it. AFINA_E_STATE when too little was told. */
int32_t gp_processes_report(struct gp_processes *p, struct gp_report *report, struct surrogate *out);

/* NULL as long as no trial failed. */
const struct feasibility *gp_processes_feasibility(const struct gp_processes *p);

/* Adds the new fits of the trial at hand to its note, and by which process it was proposed. */
void gp_processes_note(const struct gp_processes *p, struct suggestion *s);

#endif
