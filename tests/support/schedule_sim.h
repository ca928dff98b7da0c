/* A scheduler and a stopper at work without a study: workers evaluate what is asked for, in simulated time. */
#ifndef AFINA_TESTS_SUPPORT_SCHEDULE_SIM_H
#define AFINA_TESTS_SUPPORT_SCHEDULE_SIM_H

#include "schedule/schedule.h"

/* The result of an arm at a budget, in a replicate; NaN: the trial fails. Arms are counted 0, 1, ... as they come; the
 * points are drawn from x, y in [0, 1]. */
typedef double sim_loss(void *user, int64_t arm, const struct point *point, double budget, int64_t replicate);

struct sim {
    const char *scheduler;
    double budget_min, budget_max, budget_total; /* 0: none declared, no limit */
    int64_t replicates;                          /* 0: 1 */
    int64_t trials;                              /* at most; 0: a million */
    int64_t arms;                                /* new points that there are; 0: no end */
    int64_t queued;                              /* of these in the queue at the start */
    int workers;                                 /* 0: 1 */
    double report_every;                         /* steps between reports; 0: none */
    uint64_t seed;                               /* of durations, and of the scheduler */
    int restarts;                                /* no trial can go on from its parent: all begin from nothing */
    int64_t lose_from, lose_to;                  /* the trials of these numbers are lost; lose_to is not among them */
    sim_loss *loss;
    void *user;
    const char *const *options; /* "key=number" or "key=text", NULL at the end; NULL: none */
    const char *stopper;        /* NULL: none. Asked after every report */
    const char *const *stopper_options;
};

/* A trial of the simulation. */
struct sim_trial {
    int64_t arm, parent, replicate; /* numbers of trials */
    int64_t index;                  /* of the arm, for the loss */
    double budget, start, asked_start, loss;
    double reached;     /* the budget, or the step of the last report when it was stopped */
    double from, until; /* in simulated time: a unit of cost takes about one */
    int32_t origin, state;
};

struct sim_result {
    struct sim_trial *trial;
    int64_t n;
    int64_t n_arms;
    double spent, makespan, busy; /* busy: the share of the workers' time */
    int ended;                    /* the scheduler said that it is done */
    struct conclusion conclusion;
};

/* Fails the test on an error, and when the scheduler waits while nothing runs. */
void sim_run(const struct sim *sim, struct sim_result *out);
void sim_free(struct sim_result *result);

#endif
