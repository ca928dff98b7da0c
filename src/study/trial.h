/* The record of a trial, and the words for its state and origin. It lives as long as
 * its study. Number, origin, point, budget and replicate never change; the rest is read
 * under study_lock().
 */
#ifndef AFINA_STUDY_TRIAL_H
#define AFINA_STUDY_TRIAL_H

#include "space/space.h"

#include <stddef.h>
#include <stdint.h>

struct trial {
    int64_t number;
    int32_t state;
    int32_t origin;
    double budget; /* INFINITY: as much as it takes */
    int64_t replicate;
    struct point *point;
    double *note;
    size_t note_size;
    double *values; /* one for each objective; NULL: none */
    double *constraints;
    size_t n_constraints;
    double *errors;  /* standard errors of the values, one for each objective; NULL: not told */
    double *reports; /* n_reports rows of 1 + objectives: step, values */
    size_t n_reports, report_capacity;
    char *reason;
};

struct trial *trial_new(const struct point *point, int32_t origin); /* copies the point; NULL: no memory */
void trial_free(struct trial *trial);

/* 1 when no constraint of the trial is above 0. */
int trial_is_feasible(const struct trial *trial);

/* "suggested", "complete", ... and back; -1 for an unknown name. */
const char *trial_origin_name(int32_t origin);
int32_t trial_origin_from_name(const char *name);
const char *trial_state_name(int32_t state);
int32_t trial_state_from_name(const char *name);

#endif
