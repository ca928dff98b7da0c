/* The accounts and the ranking of the benchmark of budgets, on a pool small enough to check by
 * hand; the rules for the best arm against probabilities by integration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "arms/bandit.h"
#include "arms/policies.h"

#include <math.h>
#include <string.h>

enum { ROWS = 5, STEPS = 4 };

/* Row i ends at i; the curves of the first two cross. Two rows are equal in the end. */
static double curves[ROWS * STEPS] = {9, 9, 9, 0, 1, 1, 1, 1, 5, 4, 3, 2, 6, 6, 5, 2, 7, 7, 7, INFINITY};
static double finals[ROWS] = {0, 1, 2, 2, INFINITY};
static const struct problem problem = {.name = "by hand", .steps = STEPS};
static const struct pool pool = {
    .problem = &problem, .rows = ROWS, .steps = STEPS, .budget = 2, .curve = curves, .finals = finals};

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", a, tolerance, b);
}

static void test_a_percentile_is_the_middle_of_the_rank(void **state)
{
    (void)state;
    assert_near(pool_percentile(&pool, 0), 0.1, 1e-15);
    assert_near(pool_percentile(&pool, 2), 0.6, 1e-15);
    assert_near(pool_percentile(&pool, 1.5), 0.4, 1e-15);
    assert_near(pool_percentile(&pool, INFINITY), 0.9, 1e-15);
    assert_near(pool_percentile(&pool, NAN), 0.9, 1e-15);
    assert_near(pool_percentile(&pool, -1), 0.1, 1e-15); /* not better than the best of the pool */
}

/* All ten pairs by hand: 4 have row 0, 3 of the rest row 1, 3 the pair of equals or one of them. */
static void test_random_search_is_expected_exactly(void **state)
{
    (void)state;
    assert_near(pool_expected_log(&pool, 2), (4 * log(0.1) + 3 * log(0.3) + 3 * log(0.6)) / 10, 1e-14);
    assert_near(pool_expected_log(&pool, 5), log(0.1), 1e-14);
}

static void test_a_promotion_pays_the_difference_and_debts_are_refused(void **state)
{
    struct course c;
    (void)state;
    assert_int_equal(course_begin(&c, &pool, 0), 0);
    assert_int_equal(c.left, 8);
    assert_true(course_train(&c, 1, 3));
    assert_true(course_train(&c, 1, 4));
    assert_int_equal(c.left, 4);
    assert_true(course_train(&c, 0, 3));
    assert_false(course_train(&c, 2, 2));
    assert_int_equal(c.left, 1);
    assert_near(course_percentile(&c), 0.3, 1e-15); /* row 1, which alone has reached the end */
    course_end(&c);
}

static void test_no_policy_spends_more_than_there_is(void **state)
{
    (void)state;
    for (size_t k = 0; k < policy_count(); k++)
        for (uint64_t run = 0; run < 20; run++) {
            struct course c;
            int spent = 0;
            assert_int_equal(course_begin(&c, &pool, run), 0);
            policy_at(k)->run(&c, policy_at(k)->option);
            for (size_t i = 0; i < ROWS; i++)
                spent += c.at[i];
            if (c.left < 0 || spent + c.left != pool.budget * STEPS)
                fail_msg("%s, run %d: %d steps, %d left", policy_at(k)->name, (int)run, spent, c.left);
            course_end(&c);
        }
}

static int errors_of(const char *rule, const char *setting, long budget, int runs)
{
    int r = 0, s = 0, errors = 0;
    while (strcmp(rule_at(r)->name, rule) != 0)
        r++;
    while (strcmp(setting_at(s)->name, setting) != 0)
        s++;
    for (int run = 0; run < runs; run++) {
        struct bandit b;
        bandit_begin(&b, setting_at(s), (uint64_t)run);
        errors += rule_at(r)->choose(&b, budget, rule_at(r)) != b.best;
        assert_true(b.total <= budget || budget == 0);
    }
    return errors;
}

/* 1 - integral phi(z) prod_i Phi(z + gap_i sqrt(n)) dz = .6187 and .5285; within four standard deviations of 1,000
 * runs. */
static void test_uniform_sampling_errs_as_often_as_computed(void **state)
{
    (void)state;
    assert_in_range(errors_of("uniform", "one-good", 1024, 1000), 619 - 62, 619 + 62);
    assert_in_range(errors_of("uniform", "power", 4096, 1000), 528 - 64, 528 + 64);
}

static void test_rules_that_adapt_err_less(void **state)
{
    (void)state;
    const int uniform = errors_of("uniform", "one-good", 1024, 200);
    assert_true(errors_of("halving", "one-good", 1024, 200) < uniform);
    assert_true(errors_of("rejects", "one-good", 1024, 200) < uniform / 2);
    assert_true(errors_of("eb-tci", "one-good", 1024, 200) < uniform / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_percentile_is_the_middle_of_the_rank),
        cmocka_unit_test(test_random_search_is_expected_exactly),
        cmocka_unit_test(test_a_promotion_pays_the_difference_and_debts_are_refused),
        cmocka_unit_test(test_no_policy_spends_more_than_there_is),
        cmocka_unit_test(test_uniform_sampling_errs_as_often_as_computed),
        cmocka_unit_test(test_rules_that_adapt_err_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
