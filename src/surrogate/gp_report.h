/* What a Gaussian process tells the host: its beliefs in the units of the losses. */
#ifndef AFINA_SURROGATE_GP_REPORT_H
#define AFINA_SURROGATE_GP_REPORT_H

#include "surrogate/gp_model.h"
#include "surrogate/output_inverse.h"
#include "surrogate/surrogate.h"

struct gp_report {
    struct gp_model *model;
    const struct gp_model *other;
    struct output_inverse inverse;
    size_t told;  /* results that the inverse is made from, */
    int ranked;   /* and whether the worse of them were ranked */
    double scale; /* of the process, as the host is told */
};

void gp_report_fini(struct gp_report *report); /* a zeroed one is fine */

/* A report on a model whose process was built; fallbacks of `other` (NULL: none) count too. Pending
 * trials are forgotten: a belief is no result (the next build puts them back). The report is good
 * until the model learns or builds. AFINA_E_STATE when fewer than two trials ended, or none with a
 * finite loss. */
int32_t gp_report_open(struct gp_report *report, struct gp_model *model, const struct gp_model *other,
                       struct surrogate *out);

/* AFINA_E_STATE, as above, before anything is built. */
int32_t gp_report_check(const struct gp_model *model);

#endif
