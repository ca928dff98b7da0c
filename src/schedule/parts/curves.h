/* Learning curves: the part that stoppers share. Those of arms that may still go on are kept, and of the finished the
 * best two; the others are dropped when they end, so that memory does not grow with reports.
 *
 * A curve is what an arm reported in replicate 0; reports of a later trial at steps that an earlier one had reached
 * replace those. A trial is finished when it is COMPLETE: only these have losses that may be compared. */
#ifndef AFINA_SCHEDULE_PARTS_CURVES_H
#define AFINA_SCHEDULE_PARTS_CURVES_H

#include "schedule/schedule.h"

struct learning_curve {
    double *step, *loss; /* ascending steps; losses may be NaN or infinite */
    size_t n;
    size_t capacity[2];
};

struct finished {
    int64_t trial; /* -1: there is none */
    double loss;   /* that it was told */
    struct learning_curve *curve;
};

struct curves {
    struct learning_curve **of; /* of each arm, by its number; NULL: none is kept */
    size_t n, capacity;
    struct finished best[2]; /* the best of the finished that reported, and the second */
    int64_t n_finished;      /* that reported */
    struct learning_curve *dropped;
};

void curves_init(struct curves *curves);
void curves_fini(struct curves *curves); /* a zeroed one is fine */

/* Takes an event in. *ended: the curve of an arm of which a trial ended as planned, COMPLETE or PAUSED, until the next
 * event; otherwise NULL. *is_best_new: the best of the finished is another one. */
int32_t curves_observe(struct curves *curves, const struct schedule_event *event, const struct learning_curve **ended,
                       int *is_best_new);

/* The curve of an arm; NULL: none is kept. */
const struct learning_curve *curves_of(const struct curves *curves, int64_t arm);

/* The lowest loss that a running trial and the earlier ones of its arm have reported; INFINITY when all are NaN. */
double curves_lowest(const struct curves *curves, const struct progress *progress);

/* The lowest of n losses; INFINITY when all are NaN, or n is 0. */
double curve_lowest(const double *loss, size_t n);

/* Whether none of the last `patience` of n losses is lower, by more than min_delta, than the lowest of those before
 * them; never while there are none before. */
int curve_is_stuck(const double *loss, size_t n, size_t patience, double min_delta);

/* The index of the last report at or before a step; n: there is none. */
size_t curve_find(const struct learning_curve *curve, double step);

/* At which reports a rule is asked: not at steps below `warmup`, and of those in an interval at the first. A trial that
 * has reached its budget is not ended: nothing would be saved. */
struct stop_times {
    double warmup, interval; /* interval 0: at every report */
};

struct stop_times stop_times_of(const struct option_set *options);
int stop_is_due(const struct stop_times *times, const struct progress *progress);

/* The same for report i of a finished curve. */
int stop_was_due(const struct stop_times *times, const struct learning_curve *curve, size_t i);

#define STOP_TIMES_OPTIONS                                                                                             \
    {"warmup", AFINA_OPTION_REAL, 0, 1e300, 0, "", "", "no trial is ended at a step below"},                           \
    {                                                                                                                  \
        "interval", AFINA_OPTION_REAL, 0, 1e300, 0, "", "", "steps between two checks of a trial; 0: at every report"  \
    }

#endif
