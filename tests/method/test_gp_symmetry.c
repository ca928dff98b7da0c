/* What must not matter to gp: units and origin of the values, names and order of
 * the parameters. */
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>

enum { D = 3, RESULTS = 18 };

/* A study over three reals, added in the order given, under a prefix. */
static afina_space *cube(const char *prefix, const int order[D])
{
    afina_space *space;
    OK(afina_space_new(&space));
    for (int j = 0; j < D; j++) {
        char name[24];
        snprintf(name, sizeof name, "%s%d", prefix, order[j]);
        OK(afina_space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR));
    }
    return space;
}

static double value_at(const double x[D])
{
    return (x[0] - 0.385) * (x[0] - 0.385) + 0.3 * sin(4 * x[1]) + 0.02 * x[2];
}

static void set_point(afina_point *point, const char *prefix, const double x[D])
{
    for (int j = 0; j < D; j++) {
        char name[24];
        snprintf(name, sizeof name, "%s%d", prefix, j);
        OK(afina_point_set_real(point, name, x[j]));
    }
}

static void read_point(const afina_point *point, const char *prefix, double x[D])
{
    for (int j = 0; j < D; j++) {
        char name[24];
        snprintf(name, sizeof name, "%s%d", prefix, j);
        OK(afina_point_get_real(point, name, &x[j]));
    }
}

/* Tells the same results, as a + b value; then asks once. */
struct variant {
    const char *prefix;
    int order[D];
    double a, b;
    const char *transform;
};

static void run(const struct variant *v, const double at[D], double suggested[D], double predicted[2])
{
    afina_space *space = cube(v->prefix, v->order);
    afina_optimizer *optimizer;
    afina_point *point;
    afina_trial *trial;
    OK(afina_optimizer_new(&optimizer, space, "gp"));
    OK(afina_optimizer_set_string(optimizer, "transform", v->transform));
    OK(afina_point_new(&point, space));
    for (int i = 1; i <= RESULTS; i++) {
        double x[D], whole;
        for (int j = 0; j < D; j++)
            x[j] = modf(i * sqrt(2 + 3.0 * j), &whole);
        double value = v->a + v->b * value_at(x);
        set_point(point, v->prefix, x);
        OK(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
    }
    set_point(point, v->prefix, at);
    OK(afina_model_predict(optimizer, 0, point, &predicted[0], &predicted[1]));
    OK(afina_ask(optimizer, &trial));
    read_point(afina_trial_point(trial), v->prefix, suggested);
    afina_trial_free(trial);
    afina_point_free(point);
    afina_optimizer_free(optimizer);
    afina_space_free(space);
}

static const double somewhere[D] = {0.7, 0.2, 0.9};

static void assert_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("got %.17g, want %.17g", got, want);
}

static void test_names_do_not_matter(void **state)
{
    (void)state;
    const struct variant standard = {"x", {0, 1, 2}, 0, 1, "auto"},
                         renamed = {"learning rate ", {0, 1, 2}, 0, 1, "auto"};
    double a[D], b[D], m[2], n[2];
    run(&standard, somewhere, a, m);
    run(&renamed, somewhere, b, n);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_equal(m, n, sizeof m);
}

/* A power of two changes no digit of what is standardised. */
static void test_a_power_of_two_changes_no_bit_of_a_suggestion(void **state)
{
    (void)state;
    static const double factors[] = {0x1p-200, 0.125, 1024, 0x1p300};
    const struct variant standard = {"x", {0, 1, 2}, 0, 1, "none"};
    double a[D], b[D], m[2], n[2];
    run(&standard, somewhere, a, m);
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        const struct variant scaled = {"x", {0, 1, 2}, 0, factors[i], "none"};
        run(&scaled, somewhere, b, n);
        assert_memory_equal(a, b, sizeof a);
        assert_true(n[0] == factors[i] * m[0] && n[1] == factors[i] * m[1]);
    }
}

static void test_units_and_origin_change_a_suggestion_by_rounding_only(void **state)
{
    (void)state;
    static const double line[][2] = {{0, 0.001}, {0, 3.7}, {100, 1}, {-5, 2.385}, {1e4, 1e3}};
    const struct variant standard = {"x", {0, 1, 2}, 0, 1, "none"};
    double a[D], b[D], m[2], n[2];
    run(&standard, somewhere, a, m);
    for (size_t i = 0; i < sizeof line / sizeof line[0]; i++) {
        const struct variant moved = {"x", {0, 1, 2}, line[i][0], line[i][1], "none"};
        run(&moved, somewhere, b, n);
        for (int j = 0; j < D; j++)
            assert_near(b[j], a[j], 1e-6);
        assert_near((n[0] - line[i][0]) / line[i][1], m[0], 1e-6);
        assert_near(n[1] / line[i][1], m[1], 1e-6);
    }
}

/* The design of candidates is another in another order; the model is not, and so
 * the best point that the searches climb to is the same. */
static void test_the_order_of_the_parameters_changes_the_model_by_rounding_only(void **state)
{
    (void)state;
    static const struct variant standard = {"x", {0, 1, 2}, 0, 1, "auto"};
    static const struct variant turned[] = {{"x", {2, 0, 1}, 0, 1, "auto"}, {"x", {1, 0, 2}, 0, 1, "auto"}};
    double a[D], b[D], m[2], n[2];
    run(&standard, somewhere, a, m);
    for (size_t i = 0; i < 2; i++) {
        run(&turned[i], somewhere, b, n);
        assert_near(n[0], m[0], 1e-6);
        assert_near(n[1], m[1], 1e-6);
        for (int j = 0; j < D; j++)
            assert_near(b[j], a[j], 1e-3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_do_not_matter),
        cmocka_unit_test(test_a_power_of_two_changes_no_bit_of_a_suggestion),
        cmocka_unit_test(test_units_and_origin_change_a_suggestion_by_rounding_only),
        cmocka_unit_test(test_the_order_of_the_parameters_changes_the_model_by_rounding_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
