/* What every search of ours does with failures, hosts and workers, for tests of single
 * methods to call with their name. */
#ifndef AFINA_TESTS_SEARCH_LAWS_H
#define AFINA_TESTS_SEARCH_LAWS_H

#include "support/search_study.h"

/* The optimum is at the edge of what fails; beyond it little is tried any more. */
static inline void assert_failures_teach(const char *method, double most_loss, int most_beyond)
{
    afina_optimizer *optimizer = cube(2, method);
    run(optimizer, failing, 200);
    int beyond = 0;
    for (int64_t i = 150; i < 200; i++)
        beyond += number_of(optimizer, i, "x0") > 0.75;
    if (!(best_value(optimizer) < most_loss) || beyond > most_beyond)
        fail_msg("best %g, %d of 50 beyond", best_value(optimizer), beyond);
    afina_optimizer_free(optimizer);
}

static inline void assert_explores_where_all_fails(const char *method)
{
    afina_optimizer *optimizer = cube(3, method);
    run(optimizer, always_failing, 60);
    double low = 1, high = 0;
    for (int64_t i = 0; i < 60; i++) {
        double x = number_of(optimizer, i, "x1");
        low = fmin(low, x);
        high = fmax(high, x);
    }
    assert_true(low < 0.1 && high > 0.9);
    afina_optimizer_free(optimizer);
}

/* Of twenty trials that run at once, at least so many are near the best of what the host knew. */
static inline void assert_learns_from_added_results(const char *method, int least_near)
{
    afina_space *line = cube_space(1);
    afina_optimizer *optimizer = cube(1, method);
    add_results(optimizer, line, 40);
    afina_space_free(line);
    int near = 0;
    for (int i = 0; i < 20; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        near += fabs(real(afina_trial_point(trial), "x0") - 0.2385) < 0.3;
        afina_trial_free(trial);
    }
    assert_in_range(near, least_near, 20);
    afina_optimizer_free(optimizer);
}

/* A hundred trials run at once, and the last asked ends first. */
static inline void assert_takes_any_number_of_workers(const char *method, double most_loss)
{
    enum { WORKERS = 100 };
    afina_optimizer *optimizer = cube(3, method);
    for (int round = 0; round < 10; round++) {
        afina_trial *trials[WORKERS];
        for (int i = 0; i < WORKERS; i++)
            OK(afina_ask(optimizer, &trials[i]));
        for (int i = WORKERS - 1; i >= 0; i--) {
            double value = distance(afina_trial_point(trials[i]));
            OK(afina_tell(optimizer, afina_trial_number(trials[i]), &value, 1));
            afina_trial_free(trials[i]);
        }
    }
    if (!(best_value(optimizer) < most_loss))
        fail_msg("best %g", best_value(optimizer));
    afina_optimizer_free(optimizer);
}

static inline void assert_takes_two_thousand_parameters(const char *method)
{
    afina_optimizer *optimizer = cube(2000, method);
    run(optimizer, distance, 15);
    assert_true(isfinite(best_value(optimizer)));
    afina_optimizer_free(optimizer);
}

/* Median best value of the method, which is less than `most`, and of random search, which is not. */
static inline void assert_beats_random(afina_optimizer *(*make)(const char *), const char *method, loss_function loss,
                                       int trials, double most)
{
    double own = median_of(SEEDS, make, method, loss, trials);
    double random = median_of(SEEDS, make, "random", loss, trials);
    if (!(own < most && most < random))
        fail_msg("%s %g, random %g", method, own, random);
}

/* Twenty choices of four each, of which a point has the right ones where they are "c". */
static inline afina_optimizer *categories(const char *method)
{
    static const char *const choices[] = {"a", "b", "c", "d"};
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    for (int j = 0; j < 20; j++) {
        char name[24];
        snprintf(name, sizeof name, "c%d", j);
        OK(afina_space_add_categorical(space, name, choices, LENGTH(choices)));
    }
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static inline double wrong_choices(const afina_point *point)
{
    double wrong = 0;
    for (int j = 0; j < 20; j++) {
        char name[24];
        const char *choice;
        snprintf(name, sizeof name, "c%d", j);
        OK(afina_point_get_string(point, name, &choice));
        wrong += choice[0] != 'c';
    }
    return wrong;
}

/* Eight integers of a thousand values each. */
static inline afina_optimizer *integers(const char *method)
{
    afina_space *space;
    afina_optimizer *optimizer;
    OK(afina_space_new(&space));
    for (int j = 0; j < 8; j++) {
        char name[24];
        snprintf(name, sizeof name, "i%d", j);
        OK(afina_space_add_integer(space, name, 0, 999, AFINA_LINEAR));
    }
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static inline double integer_distance(const afina_point *point)
{
    double sum = 0;
    for (int j = 0; j < 8; j++) {
        char name[24];
        int64_t i;
        snprintf(name, sizeof name, "i%d", j);
        OK(afina_point_get_integer(point, name, &i));
        sum += fabs((double)i - 238.5 - 40 * j) / 1000;
    }
    return sum;
}

static inline afina_optimizer *five_numbers(const char *method)
{
    return cube(5, method);
}

#endif
