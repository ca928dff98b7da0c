/* What gp writes into the log with a trial, and reads from there. */
#ifndef AFINA_METHOD_GP_NOTE_H
#define AFINA_METHOD_GP_NOTE_H

#include "method/method.h"
#include "surrogate/gp_model.h"

struct gp_note {
    const double *fit, *failures; /* theta of results, and of where trials fail; NULL: none */
    size_t known, known_failures; /* how many results each was made from */
    const double *step;           /* of the trust region; NULL: none */
    int untransformed;            /* 1: the process of untransformed results proposed it, and `fit` is of that */
};

/* How many numbers of a note a fit of the first `base` results takes. */
size_t gp_note_fit_size(const struct gp_model *model, size_t base);

/* Reads a note of a study whose results and failures these are models of; it points into `note`. */
struct gp_note gp_note_read(const double *note, size_t size, const struct gp_model *results,
                            const struct gp_model *failures);

/* Adds the fits that the models were built from and have not learned yet; failures NULL: none. */
void gp_note_add_fits(struct suggestion *s, const struct gp_model *results, const struct gp_model *failures);

/* Adds that the process of untransformed results proposes the trial. */
void gp_note_add_untransformed(struct suggestion *s);

#endif
