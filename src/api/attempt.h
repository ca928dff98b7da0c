/* One evaluation of a host's objective in a study of its own, and what it left there. */
#ifndef AFINA_API_ATTEMPT_H
#define AFINA_API_ATTEMPT_H

#include "api/handles.h"

struct attempt {
    /* What is asked for. */
    struct study *like;  /* its space, objectives, directions and seed */
    struct space *space; /* the study's, of the point */
    const struct point *point;
    double budget; /* INFINITY: none */
    int stop;      /* the trial is told to stop from the start */

    /* What came of it. */
    int32_t status, state;
    int has_result, value_set; /* COMPLETE, or PAUSED below the full budget; by the objective itself */
    int reason_set;            /* the objective left the text of an error */
    double *values;            /* `objectives` of them; NaN: not set */
    size_t objectives, reports;
    double last_step;  /* of the reports */
    int64_t questions; /* afina_trial_should_stop() */
    int64_t refused;   /* reports that were */
    double seconds;
    char reason[FAIL_TEXT_SIZE];
    char refusal[FAIL_TEXT_SIZE]; /* why the last one was */
};

/* Evaluates; negative when that could not be, whatever the objective said. */
int32_t attempt_run(struct attempt *attempt, afina_objective objective, void *user);
void attempt_fini(struct attempt *attempt);

#endif
