/* The results of every arm at the full budget: one value for each replicate. */
#ifndef AFINA_STUDY_ARM_RESULTS_H
#define AFINA_STUDY_ARM_RESULTS_H

#include "study/study.h"

struct arm_result {
    int64_t arm;
    const struct point *point; /* in the space of the results */
    size_t first, n;           /* its values in the list of all */
    double told_error;         /* the standard error that was told with its only value; NaN: none */
};

struct arm_results {
    struct space *space; /* the study's when they were read, counted */
    struct point **made; /* of arms that have another point there; NULL for the others */
    size_t n_made;
    struct arm_result *arm; /* in the order of their numbers; each has a value */
    size_t n_arms;
    int64_t *replicate; /* of each value, ascending within an arm */
    double *value;      /* finite, as told */
    size_t n_values;
};

/* Of studies with one objective. Fails with AFINA_E_NOT_FOUND when no trial is complete and feasible. */
int32_t study_arm_results(struct study *study, struct arm_results *out);
void arm_results_fini(struct arm_results *results); /* a zeroed one is fine */

#endif
