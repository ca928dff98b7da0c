/* What has become of every arm: the part that most schedulers and stoppers keep. */
#ifndef AFINA_SCHEDULE_PARTS_ARMS_H
#define AFINA_SCHEDULE_PARTS_ARMS_H

#include "schedule/schedule.h"

/* Results of an arm in the order of budgets: what its trials reported and what they were told. */
struct arm_curve {
    double *step, *loss; /* `n` of each; ascending steps, of two results at one step the later one */
    size_t n, capacity;
};

struct arm {
    int64_t number;
    const struct point *point;
    int64_t last;    /* the trial that got furthest: an arm is continued from there; -1: none has ended with a result */
    double reached;  /* the budget up to which that trial got; 0: none */
    double loss;     /* its result there; INFINITY when the arm is out without one */
    int32_t state;   /* of the trial that was told last; RUNNING: none was */
    int is_out;      /* a trial of it failed, was infeasible, lost or stopped: it is not continued */
    int32_t running; /* trials of it that run */
    int64_t failed;  /* trials of it that ended without a finite loss, but for lost ones */
    int64_t lost;    /* trials of it that were lost, and have not come late */
    double planned;  /* the largest budget of these; 0: none runs */
    struct arm_curve curve;

    /* Replicates at the full budget. */
    int64_t asked; /* the next replicate is that one */
    int64_t n;     /* with a finite loss */
    double mean, m2;
};

struct arms {
    double full;     /* budget_max: a result of that budget is one of a replicate */
    struct arm *arm; /* in the order of their numbers */
    size_t n, capacity;
    int64_t *index; /* of each trial: its arm's place in `arm` */
    size_t n_trials, trial_capacity;
    int32_t running; /* trials */
};

void arms_init(struct arms *arms, const struct schedule_context *context);
void arms_fini(struct arms *arms); /* a zeroed one is fine */

/* Takes an event in; *arm is the arm that it was of, until the next one. */
int32_t arms_observe(struct arms *arms, const struct schedule_event *event, struct arm **arm);

/* The arm of a trial. */
struct arm *arms_of(const struct arms *arms, int64_t trial);

/* The loss at the largest step up to `budget` for which there is a result; NaN: there is none, or its steps stop short
 * of nine tenths of the budget. INFINITY when the arm is out without a result. */
double arm_loss_at(const struct arm *arm, double budget);

/* 1 when the arm has a result at the budget, or is out: a comparison at that budget need not wait for it. */
int arm_is_done_at(const struct arm *arm, double budget);

/* Standard deviation of the losses of replicates; NaN with fewer than two. */
double arm_deviation(const struct arm *arm);

/* The frame of arms that compare as a before b: the smaller loss, the earlier of equals; NaN is last. */
int arm_is_before(double loss_a, int64_t number_a, double loss_b, int64_t number_b);

#endif
