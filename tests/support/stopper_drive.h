/* A stopper that is shown one trial after the other, each with a report at every whole step. */
#ifndef AFINA_TESTS_SUPPORT_STOPPER_DRIVE_H
#define AFINA_TESTS_SUPPORT_STOPPER_DRIVE_H

#include "schedule/schedule.h"

struct drive {
    const struct stopper *stopper;
    struct option_set options;
    struct schedule_context context;
    void *state;
    int64_t n;     /* trials so far */
    double budget; /* of the trials; INFINITY: none is declared */
};

/* `options`: "key=number", NULL at the end; NULL: none. Fails the test on an error. */
void drive_open(struct drive *drive, const char *stopper, const char *const *options);
void drive_close(struct drive *drive);

/* The status of init() with these options. */
int32_t drive_try(const char *stopper, const char *const *options);

/* A new trial with these reports at the steps 1, 2, ..., which ends when the stopper says so, and is then STOPPED;
 * otherwise it is COMPLETE with its last loss. The step at which it was ended; 0: it was not. */
size_t drive_trial(struct drive *drive, const double *loss, size_t n);

/* The same at other steps, and what happens afterwards is left to `state`; the stopper is not obeyed, but the first
 * step at which it would have ended the trial is answered; 0: none. */
double drive_trial_at(struct drive *drive, const double *step, const double *loss, size_t n, int32_t state);

#endif
