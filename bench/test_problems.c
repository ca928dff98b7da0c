/* The problems are what they say: published values, optima that are reached and
 * not undercut, records that still hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "problems/bbob.h"
#include "problems/problem.h"
#include "problems/stream.h"
#include "problems/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", a, tolerance, b);
}

static void assert_value(const char *name, const double *x, double expected)
{
    const struct problem *p = problem_find(name, 0);
    assert_non_null(p);
    assert_near(p->value(p, x), expected, 1e-13 * fmax(1, fabs(expected)));
}

static void test_standard_functions_give_the_published_digits(void **state)
{
    (void)state;
    assert_value("branin", (const double[]){2.5, 7.5}, 24.129964413622268);
    assert_value("hartmann3", (const double[]){0.5, 0.5, 0.5}, -0.6280220150705942);
    assert_value("hartmann6", (const double[]){0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, -0.5053149917022333);
    assert_value("levy8", (const double[]){0, 0, 0, 0, 0, 0, 0, 0}, 1.2609118788188212);
    assert_value("rosenbrock5", (const double[]){2.5, 2.5, 2.5, 2.5, 2.5}, 5634);
    assert_value("michalewicz5",
                 (const double[]){1.5707963267948966, 1.5707963267948966, 1.5707963267948966, 1.5707963267948966,
                                  1.5707963267948966},
                 -1.0029296875);
    assert_value("shekel10", (const double[]){5, 5, 5, 5}, -0.8646158345828573);
    assert_value("ackley5-shift", (const double[]){0, 0, 0, 0, 0}, 19.64367332908914);
    assert_value("rastrigin4-shift", (const double[]){0, 0, 0, 0}, 60.7601781266687);
}

static void test_mixed_functions_give_the_published_digits(void **state)
{
    (void)state;
    assert_value("mixed-a", (const double[]){-3, 11.5, 1}, 2.1852195848400093);
    assert_value("mixed-a", (const double[]){9, 2.25, 2}, 4.263324513876054);
    assert_value("mixed-b", (const double[]){0.01, 2, 16, 100, NAN, NAN, NAN, 1}, 0.9707275396555612);
    assert_value("mixed-b", (const double[]){3e-05, 5, 8, 512, 64, 33, 200, 2}, 2.8120988336422013);
}

static void test_moved_functions_have_their_optimum_where_it_was_moved(void **state)
{
    (void)state;
    for (int k = 1; k <= 3; k++)
        for (size_t i = 0; i < 10; i++) {
            const struct box_function *f = &box_functions[i];
            char name[64];
            double x[PROBLEM_PARAMETERS];
            snprintf(name, sizeof name, "%s_shifted", f->name);
            const struct problem *p = problem_find(name, k);
            for (size_t j = 0; j < p->d; j++) {
                x[j] = f->best[j] + p->shift[j];
                assert_true(x[j] > f->low[j] && x[j] < f->high[j]);
            }
            assert_near(p->value(p, x), p->optimum, 1e-3);
        }
}

/* To 1e-9, on account of the places where the definition divides by almost nothing. */
static void test_bbob_functions_reach_fopt_at_xopt(void **state)
{
    (void)state;
    assert_near(bbob_fopt(1, 1), 79.48, 1e-12);
    for (int f = 1; f <= BBOB_FUNCTIONS; f++)
        for (int k = 1; k <= 3; k++) {
            struct bbob b = {.function = f, .instance = k, .d = 5};
            assert_int_equal(bbob_prepare(&b), 0);
            assert_near(bbob_value(&b, b.xopt), b.fopt, 1e-9);
            free(b.r);
            free(b.peaks);
        }
}

static void test_bbob_agrees_with_the_published_package(void **state)
{
    static const double x[5] = {0.5, -1.25, 2.385, -3.5, 4.75};
    static const double published[BBOB_FUNCTIONS] = {
        524.78198948,       23396409.773388933, 5633.468222258105,  6697.10861343846,   835.8109809491691,
        153481.1639640394,  1524.6210251112668, 47068.80326674114,  54592.64648464548,  49560069.4286596,
        11307948.750053395, 1335572350.6772387, 1631.3738303566354, -67.07627906578561, 417.45101800533337,
        -277.0807198169193, 33.6244964652824,   105.10098583791073, 84.52287471566996,  112738.57709142195,
        76.23340748446473,  1079.8443729549126, 13.349386259452343, 261.60110730443563};
    (void)state;
    for (int f = 1; f <= BBOB_FUNCTIONS; f++) {
        struct bbob b = {.function = f, .instance = 2, .d = 5};
        assert_int_equal(bbob_prepare(&b), 0);
        assert_near(bbob_value(&b, x), published[f - 1], 1e-11 * fabs(published[f - 1]));
        free(b.r);
        free(b.peaks);
    }
}

static void test_rotations_are_orthogonal(void **state)
{
    double r[BBOB_DIMENSIONS * BBOB_DIMENSIONS];
    (void)state;
    bbob_rotation(r, 20, 2385);
    for (size_t i = 0; i < 20; i++)
        for (size_t j = 0; j < 20; j++) {
            double sum = 0;
            for (size_t k = 0; k < 20; k++)
                sum += r[i * 20 + k] * r[j * 20 + k];
            assert_near(sum, i == j ? 1 : 0, 1e-12);
        }
}

static void assert_not_undercut(const struct problem *p)
{
    double x[PROBLEM_PARAMETERS];
    afina_space *space;
    afina_point *point;
    assert_int_equal(problem_space(p, &space), AFINA_OK);
    assert_int_equal(afina_space_parameter_count(space), p->d);
    for (uint64_t i = 0; i < 50; i++) {
        assert_int_equal(afina_space_sample(space, 2385, i, &point), AFINA_OK);
        assert_int_equal(values_read(space, point, x), AFINA_OK);
        const double y = p->value(p, x);
        if (y < p->optimum - 1e-9)
            fail_msg("%s, instance %d: %.17g below %.17g", p->name, p->instance, y, p->optimum);
        afina_point_free(point);
    }
    afina_space_free(space);
}

static void test_no_point_is_better_than_the_optimum(void **state)
{
    (void)state;
    for (size_t i = 0; i < problem_count(); i++)
        assert_not_undercut(problem_at(i));
}

/* A turn leaves distances: at the optimum nothing changes, and far away not on the mean. */
static void test_large_problems_have_their_optimum_where_it_was_moved(void **state)
{
    static const char *const names[] = {"ellipsoid_d060", "ellipsoid_rotated_d200",
                                        "valleys_d100",   "valleys_rotated_d060",
                                        "few_d200",       "few_rotated_d100"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int k = 1; k <= 2; k++) {
            const struct problem *p = problem_find(names[i], k);
            double x[PROBLEM_PARAMETERS];
            memcpy(x, p->shift, sizeof x);
            assert_near(p->value(p, x), 0, 1e-25);
            x[0] += 0.385;
            assert_true(p->value(p, x) > 1e-4);
        }
}

static void test_a_turn_leaves_distances(void **state)
{
    const struct problem *plain = problem_find("ellipsoid_d060", 1),
                         *turned = problem_find("ellipsoid_rotated_d060", 1);
    double x[PROBLEM_PARAMETERS], sum = 0, turned_sum = 0, weights = 0;
    (void)state;
    for (size_t i = 0; i < 60; i++) { /* the traces of both quadratics */
        memcpy(x, plain->shift, sizeof x);
        x[i] += 1;
        sum += plain->value(plain, x);
        turned_sum += turned->value(turned, x);
        weights += pow(10, 2 * (double)i / 59);
    }
    assert_near(sum, weights, 1e-9);
    assert_near(turned_sum, weights, 1e-9);
}

static void test_six_parameters_of_few_are_active(void **state)
{
    const struct problem *p = problem_find("few_d100", 2);
    double x[PROBLEM_PARAMETERS];
    (void)state;
    for (size_t i = 0; i < 100; i++) {
        memcpy(x, p->shift, sizeof x);
        x[i] += 0.385;
        assert_int_equal(p->value(p, x) > 1e-25, i < 6);
    }
}

static void test_names_tell_problems_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < problem_count(); i++)
        assert_ptr_equal(problem_find(problem_at(i)->name, problem_at(i)->instance), problem_at(i));
}

static void test_a_quarter_of_the_space_fails(void **state)
{
    const struct problem *p = problem_find("failing4", 1);
    int failures = 0;
    (void)state;
    for (int i = 0; i < 1000; i++) {
        const double x[4] = {(i + 0.5) / 1000, 0.5, 0.5, 0.5};
        failures += isnan(p->value(p, x));
    }
    assert_in_range(failures, 249, 251);
}

/* The configuration that ends best is behind a faster learner at first. */
static void test_curves_cross(void **state)
{
    const struct problem *p = problem_find("curves_crossing", 1);
    double best[4] = {1e-5, exp2(p->shift[1]), pow(10, p->shift[2]), p->shift[3]}, fast[4];
    (void)state;
    for (double rate = 1e-5; rate <= 1; rate *= 1.01) {
        const double x[4] = {rate, best[1], best[2], best[3]};
        if (p->value(p, x) < p->value(p, best))
            best[0] = rate;
    }
    memcpy(fast, best, sizeof best);
    fast[0] *= 8;
    assert_near(p->value(p, best), p->optimum, 1e-5);
    assert_true(p->curve(p, fast, 3) < p->curve(p, best, 3));
    assert_true(p->curve(p, fast, p->steps) > p->curve(p, best, p->steps));
}

static void test_noise_has_the_deviation_it_says_and_repeats(void **state)
{
    const struct problem *p = problem_find("hartmann6_shifted_noise_mid", 1);
    const double x[6] = {0.2385, 0.2, 0.3, 0.4, 0.5, 0.6}, truth = p->value(p, x);
    double sum = 0, squares = 0;
    (void)state;
    for (uint64_t i = 0; i < 4000; i++) {
        const double e = (problem_observe(p, x, 7, i) - truth) / p->noise;
        sum += e / 4000;
        squares += e * e / 4000;
    }
    assert_near(sum, 0, 0.06);
    assert_near(squares, 1, 0.1);
    assert_true(problem_observe(p, x, 7, 11) == problem_observe(p, x, 7, 11));
    assert_true(problem_observe(p, x, 7, 11) != problem_observe(p, x, 8, 11));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standard_functions_give_the_published_digits),
        cmocka_unit_test(test_mixed_functions_give_the_published_digits),
        cmocka_unit_test(test_moved_functions_have_their_optimum_where_it_was_moved),
        cmocka_unit_test(test_bbob_functions_reach_fopt_at_xopt),
        cmocka_unit_test(test_bbob_agrees_with_the_published_package),
        cmocka_unit_test(test_rotations_are_orthogonal),
        cmocka_unit_test(test_no_point_is_better_than_the_optimum),
        cmocka_unit_test(test_large_problems_have_their_optimum_where_it_was_moved),
        cmocka_unit_test(test_a_turn_leaves_distances),
        cmocka_unit_test(test_six_parameters_of_few_are_active),
        cmocka_unit_test(test_names_tell_problems_apart),
        cmocka_unit_test(test_a_quarter_of_the_space_fails),
        cmocka_unit_test(test_curves_cross),
        cmocka_unit_test(test_noise_has_the_deviation_it_says_and_repeats),
    };
    return problems_load("none") ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
