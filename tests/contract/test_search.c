/* The laws of a search that learns. Each is stated once, on small objectives, and runs
 * through the public API for every registered method that has the trait METHOD_LEARNS. */
#include "support/search_study.h"

#include "method/method.h"

struct search_case {
    const struct method *method;
    char name[96];
};

static const struct method *method_of(void **state)
{
    const struct search_case *c = *state;
    return c->method;
}

static const char *name_of(void **state)
{
    return method_of(state)->name;
}

/* A method that fits a model needs fewer trials, and more time for each. */
static int trials_of(void **state, int trials, int with_model)
{
    return method_of(state)->model ? with_model : trials;
}

static afina_optimizer *seeded_cube(size_t d, const char *method, int64_t seed)
{
    afina_optimizer *optimizer = cube(d, method);
    OK(afina_optimizer_set_integer(optimizer, "seed", seed));
    return optimizer;
}

static void assert_replays(const afina_optimizer *optimizer)
{
    int64_t number;
    OK(afina_optimizer_replay(optimizer, &number));
    assert_int_equal(number, -1);
}

/* ------------------------------------------------------------- what it finds */

static void the_first_trial_is_the_default_point(void **state)
{
    afina_optimizer *optimizer = cube(3, name_of(state));
    run(optimizer, distance, 1);
    assert_true(number_of(optimizer, 0, "x0") == 0.5);
    assert_true(number_of(optimizer, 0, "x2") == 0.5);
    afina_optimizer_free(optimizer);
}

/* Which random search does not find to a hundredth. */
static void a_bowl_is_found_to_a_hundred_thousandth(void **state)
{
    double best = median_best(five_numbers, name_of(state), distance, trials_of(state, 1000, 60));
    if (!(best < 1e-5))
        fail_msg("%g", best);
}

static void a_mixed_conditional_space_is_searched_better_than_at_random(void **state)
{
    int trials = trials_of(state, 100, 30);
    double times = trials_of(state, 3, 10);
    double best = median_of(SEEDS, small_optimizer, name_of(state), small_value, trials);
    double random = median_of(SEEDS, small_optimizer, "random", small_value, trials);
    if (!(times * best < random))
        fail_msg("%g, at random %g", best, random);
}

/* ------------------------------------------------------- failures and results */

/* The optimum is at the edge of what fails. Random search has a quarter of its trials far beyond, and a method that
 * leaves failures out has two fifths; gp has a tenth over forty seeds. */
static void failures_teach(void **state)
{
    int trials = trials_of(state, 200, 60), late = trials / 4, beyond = 0;
    for (int64_t seed = 1; seed <= 5; seed++) {
        afina_optimizer *optimizer = seeded_cube(2, name_of(state), seed);
        run(optimizer, failing, trials);
        for (int64_t i = trials - late; i < trials; i++)
            beyond += number_of(optimizer, i, "x0") > 0.75;
        if (!(best_value(optimizer) < 0.5001))
            fail_msg("seed %d: %g", (int)seed, best_value(optimizer));
        afina_optimizer_free(optimizer);
    }
    if (beyond > 5 * late / 5)
        fail_msg("%d of %d far beyond the edge", beyond, 5 * late);
}

static void where_all_fails_it_explores_on(void **state)
{
    double low = 1, high = 0;
    afina_optimizer *optimizer = cube(3, name_of(state));
    run(optimizer, always_failing, 60);
    for (int64_t i = 0; i < 60; i++) {
        double x = number_of(optimizer, i, "x1");
        low = fmin(low, x);
        high = fmax(high, x);
    }
    if (!(low < 0.1 && high > 0.9))
        fail_msg("%g to %g", low, high);
    afina_optimizer_free(optimizer);
}

/* Forty results of a line: of the trials after them most are near the best. */
static void what_the_host_adds_is_learned_from(void **state)
{
    int near = 0;
    afina_space *line = cube_space(1);
    afina_optimizer *optimizer = cube(1, name_of(state));
    add_results(optimizer, line, 40);
    afina_space_free(line);
    run(optimizer, distance, 40);
    for (int64_t i = 60; i < 80; i++)
        near += fabs(number_of(optimizer, i, "x0") - 0.2385) < 0.15;
    if (near < 12)
        fail_msg("%d of 20 are near", near);
    afina_optimizer_free(optimizer);
}

/* ---------------------------------------------------------------- constraints */

static double median_constrained(const char *method, int trials)
{
    enum { RUNS = 7 };
    double value[RUNS];
    for (int i = 0; i < RUNS; i++) {
        afina_optimizer *optimizer = seeded_cube(2, method, i + 1);
        value[i] = constrained_best(optimizer, sum_of_two, sum_is_large, trials);
        afina_optimizer_free(optimizer);
    }
    qsort(value, RUNS, sizeof *value, by_value);
    return value[RUNS / 2];
}

/* The objective is best where the constraint is violated: a search that does not see it ends there. */
static void constraints_are_learned_from(void **state)
{
    int trials = trials_of(state, 100, 40);
    double best = median_constrained(name_of(state), trials), random = median_constrained("random", trials);
    if (!(best < random))
        fail_msg("%g, at random %g", best, random);
}

static void a_violated_constraint_is_as_good_as_infeasible(void **state)
{
    afina_optimizer *told = seeded_cube(2, name_of(state), 3), *plain = seeded_cube(2, name_of(state), 3);
    for (int64_t i = 0; i < 30; i++) {
        afina_trial *a, *b;
        OK(afina_ask(told, &a));
        OK(afina_ask(plain, &b));
        const afina_point *point = afina_trial_point(a);
        assert_true(real(point, "x0") == real(afina_trial_point(b), "x0"));
        double value = sum_of_two(point), constraint = sum_is_large(point);
        OK(afina_tell_constraints(told, i, &constraint, 1));
        OK(afina_tell(told, i, &value, 1));
        if (constraint <= 0)
            OK(afina_tell(plain, i, &value, 1));
        else
            OK(afina_tell_infeasible(plain, i, NULL));
        afina_trial_free(a);
        afina_trial_free(b);
    }
    afina_optimizer_free(told);
    afina_optimizer_free(plain);
}

/* -------------------------------------------------------------------- workers */

static void any_number_of_workers_finds_a_bowl(void **state)
{
    afina_optimizer *optimizer = cube(3, name_of(state));
    run_at_once(optimizer, distance, trials_of(state, 100, 20), trials_of(state, 10, 5));
    if (!(best_value(optimizer) < 1e-3))
        fail_msg("%g", best_value(optimizer));
    assert_replays(optimizer);
    afina_optimizer_free(optimizer);
}

static void workers_do_not_crowd(void **state)
{
    enum { WORKERS = 16 };
    double x[WORKERS][2], nearest = 1;
    afina_optimizer *optimizer = cube(2, name_of(state));
    run(optimizer, branin, trials_of(state, 40, 15));
    for (int i = 0; i < WORKERS; i++) {
        afina_trial *trial;
        OK(afina_ask(optimizer, &trial));
        x[i][0] = real(afina_trial_point(trial), "x0");
        x[i][1] = real(afina_trial_point(trial), "x1");
        for (int k = 0; k < i; k++)
            nearest = fmin(nearest, hypot(x[i][0] - x[k][0], x[i][1] - x[k][1]));
        afina_trial_free(trial);
    }
    if (!(nearest > 1e-6))
        fail_msg("two are %g apart", nearest);
    afina_optimizer_free(optimizer);
}

/* ---------------------------------------------------------------------- sizes */

static void two_thousand_parameters_are_taken(void **state)
{
    afina_optimizer *optimizer = cube(2000, name_of(state));
    run(optimizer, distance, trials_of(state, 60, 15));
    assert_true(best_value(optimizer) < 2000 * 0.2616 * 0.2616); /* the default point has 2000 * 0.2615^2 */
    assert_replays(optimizer);
    afina_optimizer_free(optimizer);
}

static void set_end(afina_optimizer *optimizer, const struct option *option, int is_high)
{
    double value = is_high ? option->high : option->low;
    if (option->type == AFINA_OPTION_INTEGER)
        OK(afina_optimizer_set_integer(optimizer, option->name, (int64_t)value));
    else
        OK(afina_optimizer_set_real(optimizer, option->name, value));
}

static void every_number_works_at_its_ends(void **state)
{
    const struct method *method = method_of(state);
    for (size_t i = 0; i < 2 * method->n_options; i++) {
        const struct option *option = &method->options[i / 2];
        if (option->type == AFINA_OPTION_STRING || option->type == AFINA_OPTION_REALS)
            continue;
        afina_optimizer *optimizer = small_optimizer(method->name);
        set_end(optimizer, option, i % 2);
        run(optimizer, small_value, 60);
        if (!(best_value(optimizer) < 1))
            fail_msg("%s at its %s end: %g", option->name, i % 2 ? "high" : "low", best_value(optimizer));
        afina_optimizer_free(optimizer);
    }
}

/* ----------------------------------------------------------------------- main */

#define LAW(f)                                                                                                         \
    {                                                                                                                  \
#f, f                                                                                                          \
    }

static const struct {
    const char *name;
    CMUnitTestFunction test;
} laws[] = {
    LAW(the_first_trial_is_the_default_point),
    LAW(a_bowl_is_found_to_a_hundred_thousandth),
    LAW(a_mixed_conditional_space_is_searched_better_than_at_random),
    LAW(failures_teach),
    LAW(where_all_fails_it_explores_on),
    LAW(what_the_host_adds_is_learned_from),
    LAW(constraints_are_learned_from),
    LAW(a_violated_constraint_is_as_good_as_infeasible),
    LAW(any_number_of_workers_finds_a_bowl),
    LAW(workers_do_not_crowd),
    LAW(two_thousand_parameters_are_taken),
    LAW(every_number_works_at_its_ends),
};

/* A case for every method and law. An argument keeps those whose name contains it. */
int main(int argc, char **argv)
{
    const char *wanted = argc > 1 ? argv[1] : "";
    size_t most = method_count() * LENGTH(laws), count = 0;
    struct search_case *cases = calloc(most, sizeof *cases);
    struct CMUnitTest *tests = calloc(most, sizeof *tests);
    if (!cases || !tests)
        return 1;
    for (size_t i = 0; i < most; i++) {
        size_t law = i % LENGTH(laws);
        struct search_case *c = &cases[count];
        c->method = method_at(i / LENGTH(laws));
        snprintf(c->name, sizeof c->name, "%s: %s", c->method->name, laws[law].name);
        if (!(c->method->traits & METHOD_LEARNS) || !strstr(c->name, wanted))
            continue;
        tests[count++] = (struct CMUnitTest){.name = c->name, .test_func = laws[law].test, .initial_state = c};
    }
    int failed = _cmocka_run_group_tests("search", tests, count, NULL, NULL);
    free(cases);
    free(tests);
    return failed;
}
