/* The predictions of a Gaussian process in the units of the losses, for the host. */
#ifndef AFINA_SURROGATE_GP_REPORT_H
#define AFINA_SURROGATE_GP_REPORT_H

#include "surrogate/gp_model.h"
#include "surrogate/output_inverse.h"
#include "surrogate/surrogate.h"

struct gp_report {
    struct gp_model *model;
    const struct gp_model *other;
    struct output_inverse inverse;
    size_t told;  /* how many results the inverse is made from */
    int worse;    /* what became of the worse half of them */
    double scale; /* of the process, for predictions */
};

void gp_report_fini(struct gp_report *report); /* a zeroed one is fine */

/* Makes a report on a model whose process was built; fallbacks of `other` (NULL: none) count too. Pending
 * trials are removed from the process, since they have no result; the next build adds them again. The report
 * is valid until the model learns or is built. AFINA_E_STATE when fewer than two trials ended, or none with a
 * finite loss. */
int32_t gp_report_open(struct gp_report *report, struct gp_model *model, const struct gp_model *other,
                       struct surrogate *out);

/* Fails with AFINA_E_STATE as above; needs no process that was built. */
int32_t gp_report_check(const struct gp_model *model);

#endif
