/* Studies of a method through the public API, run on small objectives. */
#ifndef AFINA_TESTS_SEARCH_STUDY_H
#define AFINA_TESTS_SEARCH_STUDY_H

#include "support/small_study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

typedef double (*loss_function)(const afina_point *point);

static inline double real(const afina_point *point, const char *name)
{
    double value = NAN;
    OK(afina_point_get_real(point, name, &value));
    return value;
}

/* x0, x1, ... in [0, 1]. */
static inline afina_space *cube_space(size_t d)
{
    afina_space *space;
    OK(afina_space_new(&space));
    for (size_t j = 0; j < d; j++) {
        char name[24];
        snprintf(name, sizeof name, "x%zu", j);
        OK(afina_space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR));
    }
    return space;
}

static inline afina_optimizer *cube(size_t d, const char *method)
{
    afina_space *space = cube_space(d);
    afina_optimizer *optimizer;
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static inline afina_optimizer *two_numbers(const char *method)
{
    return cube(2, method);
}

static inline afina_optimizer *five_numbers(const char *method)
{
    return cube(5, method);
}

static inline void run(afina_optimizer *optimizer, loss_function loss, int trials)
{
    for (int i = 0; i < trials; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        double value = loss(afina_trial_point(trial));
        OK(afina_tell(optimizer, afina_trial_number(trial), &value, 1));
        afina_trial_free(trial);
    }
}

/* The best feasible value after so many trials; `constraint` gives the one constraint value. Infinite when
 * no trial is feasible. */
static inline double constrained_best(afina_optimizer *optimizer, loss_function loss, loss_function constraint,
                                      int trials)
{
    double best = INFINITY;
    for (int i = 0; i < trials; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        double value = loss(afina_trial_point(trial)), violation = constraint(afina_trial_point(trial));
        OK(afina_tell_constraints(optimizer, afina_trial_number(trial), &violation, 1));
        OK(afina_tell(optimizer, afina_trial_number(trial), &value, 1));
        if (violation <= 0)
            best = fmin(best, value);
        afina_trial_free(trial);
    }
    return best;
}

/* Rounds of so many trials at once, of which the last asked ends first. */
static inline void run_at_once(afina_optimizer *optimizer, loss_function loss, int workers, int rounds)
{
    afina_trial **trials = malloc((size_t)workers * sizeof *trials);
    assert_non_null(trials);
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < workers; i++)
            OK(afina_ask(optimizer, &trials[i]));
        for (int i = workers - 1; i >= 0; i--) {
            double value = loss(afina_trial_point(trials[i]));
            OK(afina_tell(optimizer, afina_trial_number(trials[i]), &value, 1));
            afina_trial_free(trials[i]);
        }
    }
    free(trials);
}

static inline double best_value(afina_optimizer *optimizer)
{
    afina_trial *best;
    double value;
    size_t count;
    OK(afina_best(optimizer, &best));
    OK(afina_trial_values(best, &value, 1, &count));
    afina_trial_free(best);
    return value;
}

static inline int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum { SEEDS = 11 };

/* Median over seeds 1, 2, ... of the best value after so many trials. */
static inline double median_of(int seeds, afina_optimizer *(*make)(const char *method), const char *method,
                               loss_function loss, int trials)
{
    double value[SEEDS];
    for (int seed = 0; seed < seeds; seed++) {
        afina_optimizer *optimizer = make(method);
        OK(afina_optimizer_set_integer(optimizer, "seed", seed + 1));
        run(optimizer, loss, trials);
        value[seed] = best_value(optimizer);
        afina_optimizer_free(optimizer);
    }
    qsort(value, (size_t)seeds, sizeof *value, by_value);
    return value[seeds / 2];
}

/* Over fewer seeds where a checker makes each slow. */
static inline double median_best(afina_optimizer *(*make)(const char *method), const char *method, loss_function loss,
                                 int trials)
{
    return median_of(getenv("AFINA_TEST_QUICK") ? 3 : SEEDS, make, method, loss, trials);
}

static inline double branin(const afina_point *point)
{
    const double pi = 3.14159265358979323846;
    double x = 15 * real(point, "x0") - 5, y = 15 * real(point, "x1");
    double a = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
    return a * a + 10 * (1 - 1 / (8 * pi)) * cos(x) + 10;
}

/* Half of the square fails. */
static inline double failing(const afina_point *point)
{
    double x = real(point, "x0");
    return x > 0.5 ? NAN : 1 - x;
}

static inline double always_failing(const afina_point *point)
{
    (void)point;
    return NAN;
}

/* The sum of x0 and x1, and a constraint that the sum is at least 1.2. The least feasible value is 1.2. */
static inline double sum_of_two(const afina_point *point)
{
    return real(point, "x0") + real(point, "x1");
}

static inline double sum_is_large(const afina_point *point)
{
    return 1.2 - sum_of_two(point);
}

/* The squared distance of x0, x1, ... from 0.2385. */
static inline double distance(const afina_point *point)
{
    double loss = 0, x;
    char name[24] = "x0";
    for (size_t j = 1; afina_point_get_real(point, name, &x) == AFINA_OK; j++) {
        loss += (x - 0.2385) * (x - 0.2385);
        snprintf(name, sizeof name, "x%zu", j);
    }
    return loss;
}

/* Results of a line from elsewhere, evenly spread. */
static inline void add_results(afina_optimizer *optimizer, const afina_space *space, int count)
{
    for (int i = 0; i < count; i++) {
        afina_point *point;
        OK(afina_point_new(&point, space));
        OK(afina_point_set_real(point, "x0", (i + 0.5) / count));
        double value = distance(point);
        OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
        afina_point_free(point);
    }
}

static inline double number_of(afina_optimizer *optimizer, int64_t number, const char *name)
{
    afina_trial *trial;
    OK(afina_trial_get(optimizer, number, &trial));
    double value = real(afina_trial_point(trial), name);
    afina_trial_free(trial);
    return value;
}

/* A search of two numbers finds the bowl with this option at each of its sizes. */
static inline void assert_sizes_work(const char *method, const char *option, const int64_t *sizes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        afina_optimizer *optimizer = cube(2, method);
        OK(afina_optimizer_set_integer(optimizer, option, sizes[i]));
        run(optimizer, distance, 150);
        if (!(best_value(optimizer) < 0.02))
            fail_msg("%s %d: %g", option, (int)sizes[i], best_value(optimizer));
        afina_optimizer_free(optimizer);
    }
}

/* On a line a search gathers in the first trials, to this loss: of the others some are elsewhere. */
static inline void assert_begins_anew(const char *method, int first, int trials, double loss)
{
    afina_optimizer *optimizer = cube(1, method);
    run(optimizer, distance, trials);
    int far = 0;
    for (int64_t i = first; i < trials; i++)
        far += number_of(optimizer, i, "x0") > 0.75;
    assert_true(best_value(optimizer) < loss);
    assert_in_range(far, 3, 60);
    afina_optimizer_free(optimizer);
}

#endif
