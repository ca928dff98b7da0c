/* Every way from the library into a function of the host, for tests of how such a function may be left. C and C++
 * read it. A way sets up what it needs in the trip, so that it can be freed after the call was left, and makes the
 * call; the function of the host leaves by trip->leave at its call number trip->at. */
#ifndef AFINA_TESTS_WAYS_H
#define AFINA_TESTS_WAYS_H

#include "afina.h"
#include "afina_mlp.h"

#include <stdio.h>
#include <stdlib.h>

struct trip {
    const char *name; /* of the way */
    void (*leave)(void *user);
    void *user;
    int at, calls;
    afina_optimizer *optimizer;
    afina_space *space;
    afina_resampling *resampling;
    afina_experiment *experiment;
    afina_dataset *dataset;
    afina_mlp *mlp;
    afina_training *training;
    afina_point *point;
    afina_trial *trial; /* of the step that is made */
};

/* Ends the process with a text: of a test that goes on in any thread or child. */
#define WANT(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s: %s; the last error: %s\n", __FILE__, __LINE__, trip->name, #condition,         \
                    afina_last_error());                                                                               \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

static inline void trip_step(void *user)
{
    struct trip *trip = (struct trip *)user;
    if (++trip->calls == trip->at)
        trip->leave(trip->user);
}

/* ------------------------------------------------- the functions of the host */

static inline int32_t trip_objective(afina_trial *trial, double *values, void *user)
{
    double x = 0;
    int32_t stop = 0;
    trip_step(user);
    afina_trial_should_stop(trial, &stop); /* a dry run calls again where it is asked */
    afina_point_get_real(afina_trial_point(trial), "x", &x);
    if (!stop)
        values[0] = (x - 0.385) * (x - 0.385);
    return AFINA_OK;
}

static inline int32_t trip_filter(const afina_point *point, void *user)
{
    (void)point;
    trip_step(user);
    return 1;
}

static inline int32_t trip_observer(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    (void)event;
    (void)trial;
    (void)report;
    trip_step(user);
    return AFINA_OK;
}

static inline int32_t trip_message(int32_t level, const char *text, void *user)
{
    (void)level;
    (void)text;
    trip_step(user);
    return AFINA_OK;
}

static inline int32_t trip_simulated(afina_trial *trial, int64_t index, double *step, double *values, double *seconds,
                                     void *user)
{
    (void)trial;
    trip_step(user);
    *step = (double)index + 1;
    *seconds = 1;
    values[0] = 1;
    return index < 2 ? AFINA_OK : AFINA_DONE;
}

static inline int32_t trip_evaluate(afina_trial *trial, const int64_t *training, size_t training_count,
                                    const int64_t *validation, size_t validation_count, double *values, void *user)
{
    (void)trial;
    (void)training;
    (void)training_count;
    (void)validation;
    (void)validation_count;
    trip_step(user);
    values[0] = 1;
    return AFINA_OK;
}

static inline int32_t trip_setup(afina_optimizer *optimizer, size_t method, int64_t seed, void *user)
{
    (void)optimizer;
    (void)method;
    (void)seed;
    trip_step(user);
    return AFINA_OK;
}

static inline int32_t trip_report(int32_t epochs, double value, void *user)
{
    (void)epochs;
    (void)value;
    trip_step(user);
    return AFINA_OK;
}

/* ------------------------------------------------------------------- the ways */

static inline void trip_make(struct trip *trip, const char *method)
{
    WANT(afina_space_new(&trip->space) == AFINA_OK);
    WANT(afina_space_add_real(trip->space, "x", -1, 1, AFINA_SCALE_LINEAR) == AFINA_OK);
    WANT(afina_optimizer_new(&trip->optimizer, trip->space, method) == AFINA_OK);
}

static inline void trip_step_of_study(struct trip *trip)
{
    double value = 0;
    WANT(afina_ask(trip->optimizer, &trip->trial) == AFINA_OK);
    afina_point_get_real(afina_trial_point(trip->trial), "x", &value);
    value = value * value;
    WANT(afina_trial_tell(trip->trial, &value, 1) == AFINA_OK);
    afina_trial_free(trip->trial);
    trip->trial = NULL;
}

static inline void way_objective(struct trip *trip)
{
    trip_make(trip, "random");
    afina_optimize(trip->optimizer, trip_objective, trip, 10);
}

static inline void way_watched_objective(struct trip *trip)
{
    trip_make(trip, "tpe");
    WANT(afina_optimizer_set_real(trip->optimizer, "trial_seconds", 1000) == AFINA_OK);
    afina_optimize(trip->optimizer, trip_objective, trip, 10);
}

static inline void way_filter_of_ask(struct trip *trip)
{
    afina_trial *trial;
    trip_make(trip, "tpe");
    WANT(afina_optimizer_set_filter(trip->optimizer, trip_filter, trip, NULL) == AFINA_OK);
    for (int i = 0; i < 5; i++)
        if (afina_ask(trip->optimizer, &trial) == AFINA_OK)
            afina_trial_free(trial);
}

static inline void way_filter_of_sample(struct trip *trip)
{
    afina_point *point;
    trip_make(trip, "random");
    WANT(afina_space_set_filter(trip->space, trip_filter, trip, NULL) == AFINA_OK);
    for (uint64_t i = 0; i < 5; i++)
        if (afina_space_sample(trip->space, 1, i, &point) == AFINA_OK)
            afina_point_free(point);
}

static inline void way_filter_of_replay(struct trip *trip)
{
    int64_t number;
    int at = trip->at;
    trip_make(trip, "tpe");
    WANT(afina_optimizer_set_filter(trip->optimizer, trip_filter, trip, NULL) == AFINA_OK);
    trip->at = 0;
    for (int i = 0; i < 5; i++)
        trip_step_of_study(trip);
    trip->at = trip->calls + at;
    afina_optimizer_replay(trip->optimizer, &number);
}

/* A study of gp, whose filter leaves at call number trip->at from here on. */
static inline void trip_learn(struct trip *trip)
{
    int at = trip->at;
    trip_make(trip, "gp");
    WANT(afina_optimizer_set_filter(trip->optimizer, trip_filter, trip, NULL) == AFINA_OK);
    trip->at = 0;
    for (int i = 0; i < 8; i++)
        trip_step_of_study(trip);
    WANT(afina_point_new(&trip->point, trip->space) == AFINA_OK);
    WANT(afina_point_set_real(trip->point, "x", 0.5) == AFINA_OK);
    trip->at = trip->calls + at;
}

static inline void way_filter_of_optima(struct trip *trip)
{
    afina_point *optima[2];
    trip_learn(trip);
    if (afina_model_optima(trip->optimizer, 0, 2, 7, optima) == AFINA_OK) {
        afina_point_free(optima[0]);
        afina_point_free(optima[1]);
    }
}

static inline void way_filter_of_range(struct trip *trip)
{
    double low, high;
    trip_learn(trip);
    afina_model_range(trip->optimizer, 0, "x", 0.8, 7, &low, &high);
}

static inline void way_filter_of_regret(struct trip *trip)
{
    double bound, noise;
    trip_learn(trip);
    afina_model_regret(trip->optimizer, 0, &bound, &noise);
}

/* It asks the filter once for each parameter that it sets back. */
static inline void way_filter_of_simplify(struct trip *trip)
{
    afina_point *simple;
    trip_learn(trip);
    trip->at = trip->calls + 1;
    if (afina_model_simplify(trip->optimizer, 0, trip->point, &simple) == AFINA_OK)
        afina_point_free(simple);
}

static inline void way_observer_of_tell(struct trip *trip)
{
    trip_make(trip, "random");
    WANT(afina_optimizer_set_observer(trip->optimizer, trip_observer, trip, NULL) == AFINA_OK);
    for (int i = 0; i < 5; i++)
        trip_step_of_study(trip);
}

static inline void way_observer_of_run(struct trip *trip)
{
    trip_make(trip, "random");
    WANT(afina_optimizer_set_observer(trip->optimizer, trip_observer, trip, NULL) == AFINA_OK);
    struct trip quiet = {0};
    afina_optimize(trip->optimizer, trip_objective, &quiet, 10);
}

static inline void way_message_of_run(struct trip *trip)
{
    trip_make(trip, "random");
    WANT(afina_optimizer_set_message(trip->optimizer, trip_message, trip, NULL) == AFINA_OK);
    struct trip quiet = {0};
    afina_optimize(trip->optimizer, trip_objective, &quiet, 10);
}

static inline void way_simulation(struct trip *trip)
{
    trip_make(trip, "random");
    afina_simulate(trip->optimizer, trip_simulated, trip, 3, 10, NULL, NULL);
}

static inline void way_experiment(struct trip *trip)
{
    trip_make(trip, "random");
    WANT(afina_resampling_new(&trip->resampling, "kfold", 12) == AFINA_OK);
    WANT(afina_experiment_new(&trip->experiment, trip->resampling, trip_evaluate, trip, NULL) == AFINA_OK);
    afina_optimize(trip->optimizer, afina_experiment_objective, trip->experiment, 10);
}

static inline void way_setup_of_comparison(struct trip *trip)
{
    static const char *const methods[] = {"random", "sobol"};
    double best[8];
    trip_make(trip, "random");
    afina_compare_methods(trip->space, methods, 2, 3, 4, trip_setup, trip_objective, trip, best);
}

static inline void way_dry_run(struct trip *trip)
{
    afina_dry_run *run;
    trip_make(trip, "random");
    if (afina_dry_run_new(&run, trip->optimizer, trip_objective, trip) == AFINA_OK)
        afina_dry_run_free(run);
}

static inline void way_training(struct trip *trip)
{
    double features[40], targets[20];
    afina_space *space;
    for (int i = 0; i < 20; i++) {
        targets[i] = i % 2;
        features[2 * i] = i % 2 + 0.01 * i;
        features[2 * i + 1] = 0.3 * (i % 7);
    }
    trip_make(trip, "random");
    WANT(afina_dataset_from_arrays(&trip->dataset, features, 20, 2, targets, AFINA_TASK_CLASSIFICATION) == AFINA_OK);
    WANT(afina_mlp_new(&trip->mlp, trip->dataset) == AFINA_OK);
    WANT(afina_mlp_space(trip->mlp, &space) == AFINA_OK);
    WANT(afina_point_new(&trip->point, space) == AFINA_OK);
    afina_space_free(space);
    WANT(afina_training_new(&trip->training, trip->mlp, trip->point, 7) == AFINA_OK);
    afina_training_run(trip->training, 6, trip_report, trip);
}

struct way {
    const char *name;
    void (*go)(struct trip *trip);
    int holds; /* more than memory: a turn or a delivery, which a longjmp does not give back */
};

static const struct way ways[] = {
    {"the objective of a run", way_objective, 0},
    {"the objective of a run that watches its time", way_watched_objective, 1},
    {"the filter of an ask", way_filter_of_ask, 1},
    {"the filter of a sample", way_filter_of_sample, 0},
    {"the filter of a replay", way_filter_of_replay, 1},
    {"the filter of optima", way_filter_of_optima, 1},
    {"the filter of a range", way_filter_of_range, 1},
    {"the filter of a bound of the regret", way_filter_of_regret, 1},
    {"the filter of a simpler point", way_filter_of_simplify, 1},
    {"the observer of a tell", way_observer_of_tell, 1},
    {"the observer of a run", way_observer_of_run, 1},
    {"the message function of a run", way_message_of_run, 1},
    {"a simulated objective", way_simulation, 0},
    {"the evaluation of an experiment", way_experiment, 0},
    {"the setup or the objective of a comparison", way_setup_of_comparison, 0},
    {"the objective of a dry run", way_dry_run, 0},
    {"the report of a training", way_training, 0},
};

enum { WAYS = sizeof ways / sizeof *ways };

/* What was left can be used as before, and the function of the host is called again. */
static inline void trip_go_on(struct trip *trip)
{
    int64_t before, after;
    WANT(trip->calls == trip->at);
    afina_trial_free(trip->trial);
    WANT(afina_trial_count(trip->optimizer, &before) == AFINA_OK);
    for (int i = 0; i < 3; i++)
        trip_step_of_study(trip);
    WANT(afina_optimize(trip->optimizer, trip_objective, trip, 2) == AFINA_OK);
    WANT(afina_trial_count(trip->optimizer, &after) == AFINA_OK);
    WANT(after == before + 5);
    WANT(trip->calls > trip->at);
    WANT(afina_optimizer_replay(trip->optimizer, &before) == AFINA_OK);
    if (trip->training)
        WANT(afina_training_run(trip->training, 8, trip_report, trip) == AFINA_OK);
}

static inline void trip_free(struct trip *trip)
{
    afina_training_free(trip->training);
    afina_point_free(trip->point);
    afina_mlp_free(trip->mlp);
    afina_dataset_free(trip->dataset);
    afina_experiment_free(trip->experiment);
    afina_resampling_free(trip->resampling);
    afina_trial_free(trip->trial);
    afina_optimizer_free(trip->optimizer);
    afina_space_free(trip->space);
}

#endif
