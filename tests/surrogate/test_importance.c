/* Shares of importance, of functions whose total effects are known. */
#include "surrogate/importance.h"

#include "surrogate/surrogate_case.h"

typedef double (*level_function)(const double *x);

static void level(void *model, const double *x, size_t n, double *out)
{
    level_function *f = model;
    for (size_t i = 0; i < n; i++)
        out[i] = (*f)(x + 3 * i);
}

static void shares_of(level_function f, const char *condition, double share[3])
{
    static const struct surrogate_functions functions = {.level = level};
    static const char *const choices[] = {"a", "b"};
    struct surrogate surrogate = {.functions = &functions, .model = &f};
    struct space *space, *snapshot;
    OK(space_new(&space));
    OK(space_add_choices(space, "k", AFINA_KIND_CATEGORICAL, choices, 2));
    OK(space_add_real(space, "x", 1e-4, 1, AFINA_SCALE_LOG));
    OK(space_add_real(space, "y", 0, 1, AFINA_SCALE_LINEAR));
    if (condition)
        OK(space_add_condition_in(space, "y", "k", &condition, 1));
    OK(space_snapshot(&snapshot, space));
    OK(importance_shares(&surrogate, snapshot, share));
    space_release(snapshot);
    space_free(space);
}

static double weighted_sum(const double *x)
{
    return x[1] + 2 * x[2];
}

static double product(const double *x)
{
    return (x[1] - 0.5) * (x[2] - 0.5);
}

static double constant(const double *x)
{
    (void)x;
    return 2.385;
}

static double switched(const double *x)
{
    return x[2] < 0 ? 0 : 1 + x[2];
}

static void test_a_sum_gives_shares_by_its_squared_factors(void **state)
{
    (void)state;
    double share[3];
    shares_of(weighted_sum, NULL, share);
    assert_true(share[0] == 0);
    assert_near(share[1], 0.2, 0.02);
    assert_near(share[2], 0.8, 0.02);
}

static void test_an_interaction_counts_for_both(void **state)
{
    (void)state;
    double share[3];
    shares_of(product, NULL, share);
    assert_near(share[1], 0.5, 0.05);
    assert_near(share[1] + share[2], 1, 1e-14);
}

static void test_a_flat_model_has_no_shares(void **state)
{
    (void)state;
    double share[3] = {1, 1, 1};
    shares_of(constant, NULL, share);
    for (size_t j = 0; j < 3; j++)
        assert_true(share[j] == 0);
}

/* The level is 0 without y and uniform on [1, 2] with it. T_k = E[l^2] / 4 =
 * (7/3) / 4, T_y = (1/12) / 2: a share of 14/15. */
static void test_a_switch_has_the_effect_of_what_it_switches(void **state)
{
    (void)state;
    double share[3];
    shares_of(switched, "b", share);
    assert_near(share[0], 14.0 / 15, 0.02);
    assert_near(share[2], 1.0 / 15, 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sum_gives_shares_by_its_squared_factors),
        cmocka_unit_test(test_an_interaction_counts_for_both),
        cmocka_unit_test(test_a_flat_model_has_no_shares),
        cmocka_unit_test(test_a_switch_has_the_effect_of_what_it_switches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
