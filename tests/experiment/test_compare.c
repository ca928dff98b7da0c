/* Comparing methods: tests on a table of Demsar (2006, table 6, in thousandths) against scipy 1.x, scikit-posthocs and
 * brute force; ties, missing results, the picture. */
#include "core/rng.h"
#include "experiment/posthoc.h"
#include "experiment/signed_rank.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>

enum { BLOCKS = 14, METHODS = 4 };

static const double accuracy[BLOCKS * METHODS] = {
    7630, 7680, 7710, 7980, 5990, 5910, 5900, 5690, 9540,  9710,  9680,  9670,  6280, 6610,
    6540, 6570, 8820, 8880, 8860, 8980, 9360, 9310, 9160,  9310,  6610,  6680,  6090, 6850,
    5830, 5830, 5630, 6250, 7750, 8380, 8660, 8750, 10000, 10000, 10000, 10000, 9400, 9620,
    9650, 9620, 6190, 6660, 6140, 6690, 9720, 9810, 9751,  9750,  9570,  9780,  9460, 9700,
};

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.15g instead of %.15g", value, expected);
}

static void test_friedman_of_a_published_table(void **state)
{
    (void)state;
    double ranks[METHODS], chi_square, p, f, f_p;
    OK(afina_compare_ranks(accuracy, BLOCKS, METHODS, AFINA_DIRECTION_MAXIMISE, ranks));
    assert_near(ranks[0], 44.0 / 14, 1e-12);
    assert_near(ranks[1], 28.0 / 14, 1e-12);
    assert_near(ranks[2], 40.5 / 14, 1e-12);
    assert_near(ranks[3], 27.5 / 14, 1e-12);
    OK(afina_compare_friedman(accuracy, BLOCKS, METHODS, AFINA_DIRECTION_MAXIMISE, &chi_square, &p, &f, &f_p));
    assert_near(chi_square, 10.228346456692925, 1e-11);
    assert_near(p, 0.016721580328441323, 1e-13);
    assert_near(f, 4.1851301115241695, 1e-11);
    assert_near(f_p, 0.011620659515310975, 1e-13);
}

static void assert_pairs(int32_t posthoc, const double expected[6], double tolerance)
{
    double p[METHODS * METHODS];
    size_t at = 0;
    OK(afina_compare_pairs(accuracy, BLOCKS, METHODS, AFINA_DIRECTION_MAXIMISE, posthoc, p));
    for (size_t i = 0; i < METHODS; i++) {
        assert_true(p[i * METHODS + i] == 1);
        for (size_t j = i + 1; j < METHODS; j++) {
            assert_near(p[i * METHODS + j], expected[at++], tolerance);
            assert_true(p[i * METHODS + j] == p[j * METHODS + i]);
        }
    }
}

static void test_pairs_of_a_published_table(void **state)
{
    (void)state;
    const double signs[6] = {0.0439453125, 0.8779296875, 0.062255859375, 0.17138671875, 0.70703125, 0.111328125};
    const double ranks[6] = {0.09586242377611554, 1, 0.09431988126014756, 0.22815949699622212, 1, 0.22815949699622212};
    const double nemenyi[6] = {0.08867270928888271, 0.9561771752218107, 0.07418479506874454,
                               0.2592280701547286,  0.999859449385133,  0.22669688602641525};
    double difference;
    assert_pairs(AFINA_POSTHOC_WILCOXON, signs, 1e-13);
    assert_pairs(AFINA_POSTHOC_RANKS, ranks, 1e-13);
    assert_pairs(AFINA_POSTHOC_NEMENYI, nemenyi, 1e-8);
    OK(afina_compare_critical_difference(BLOCKS, METHODS, 0.05, &difference));
    assert_near(difference, 1.2535591471176057, 1e-8);
}

/* Both tails of all 2^n signs. */
static double by_enumeration(const double *d, size_t n)
{
    double rank[12], sum = 0, below = 0, above = 0;
    for (size_t i = 0; i < n; i++) {
        rank[i] = 0.5;
        for (size_t j = 0; j < n; j++)
            rank[i] += fabs(d[j]) < fabs(d[i]) ? 1 : fabs(d[j]) == fabs(d[i]) ? 0.5 : 0;
        sum += d[i] > 0 ? rank[i] : 0;
    }
    for (unsigned signs = 0; signs < 1u << n; signs++) {
        double s = 0;
        for (size_t i = 0; i < n; i++)
            s += signs >> i & 1 ? rank[i] : 0;
        below += s <= sum;
        above += s >= sum;
    }
    return fmin(1, 2 * fmin(below, above) / (1u << n));
}

static void test_signed_ranks_are_exact_for_few_and_normal_for_many(void **state)
{
    (void)state;
    const double plain[9] = {0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01};
    const double tied[10] = {1, -1, 2, 2, 3, -3, 3, 5, 5, 6}, with_zeros[5] = {0, 1, 2, 0, 3};
    double many[60], p;
    OK(signed_rank_test(plain, 9, &p)); /* R's example of wilcox.test */
    assert_near(p, 0.0390625, 1e-15);
    OK(signed_rank_test(tied, 10, &p));
    assert_near(p, by_enumeration(tied, 10), 1e-14);
    OK(signed_rank_test(with_zeros, 5, &p));
    assert_near(p, 0.25, 1e-15);
    OK(signed_rank_test((double[]){0, 0}, 2, &p));
    assert_true(p == 1);
    for (int i = 0; i < 60; i++)
        many[i] = 2 * (7919 * i % 101) - 70;
    OK(signed_rank_test(many, 60, &p));
    assert_near(p, 0.0009234851257035005, 1e-15);
}

static void test_holm_is_a_step_down(void **state)
{
    (void)state;
    double p[3] = {0.01, 0.04, 0.03};
    OK(holm(p, 3));
    assert_near(p[0], 0.03, 1e-15);
    assert_near(p[1], 0.06, 1e-15);
    assert_near(p[2], 0.06, 1e-15);
}

static void test_no_result_ranks_last_and_ties_say_nothing(void **state)
{
    (void)state;
    const double some[6] = {NAN, 1, INFINITY, 3, 1, 2}, tied[6] = {5, 5, 5, 1, 1, 1}, same[6] = {1, 2, 3, 4, 5, 6};
    double ranks[3], chi_square, p, f, f_p, pairs[9];
    OK(afina_compare_ranks(some, 2, 3, AFINA_DIRECTION_MINIMISE, ranks));
    assert_true(ranks[0] == 2.75 && ranks[1] == 1 && ranks[2] == 2.25);
    OK(afina_compare_friedman(tied, 2, 3, AFINA_DIRECTION_MINIMISE, &chi_square, &p, &f, &f_p));
    assert_true(chi_square == 0 && p == 1 && f == 0 && f_p == 1);
    OK(afina_compare_friedman(same, 2, 3, AFINA_DIRECTION_MINIMISE, &chi_square, &p, &f, &f_p));
    assert_near(chi_square, 4, 1e-14);
    assert_true(f == INFINITY && f_p == 0);
    OK(afina_compare_pairs(some, 2, 3, AFINA_DIRECTION_MINIMISE, AFINA_POSTHOC_WILCOXON, pairs));
    assert_true(pairs[2] == 1 && pairs[1] == 1);
}

static void test_the_verdict_of_a_corrected_paired_test(void **state)
{
    (void)state;
    const double tuned[10] = {0.121, 0.104, 0.133, 0.118, 0.097, 0.126, 0.11, 0.101, 0.119, 0.115};
    const double plain[10] = {0.13, 0.121, 0.129, 0.131, 0.113, 0.127, 0.122, 0.118, 0.12, 0.128};
    double d, low, high, p;
    int32_t verdict;
    OK(afina_compare_paired(tuned, plain, 10, AFINA_DIRECTION_MINIMISE, 1.0 / 9, 0.95, &d, &low, &high, &p, &verdict));
    assert_near(d, -0.0095, 1e-15);
    assert_near(low, -0.01734339342949915, 1e-14);
    assert_near(high, -0.0016566065705008511, 1e-14);
    assert_near(p, 0.02284950454180697, 1e-13);
    assert_int_equal(verdict, AFINA_VERDICT_YES);
    OK(afina_compare_paired(tuned, plain, 10, AFINA_DIRECTION_MAXIMISE, 1.0 / 9, 0.95, &d, &low, &high, &p, &verdict));
    assert_int_equal(verdict, AFINA_VERDICT_NO);
    OK(afina_compare_paired(tuned, plain, 10, AFINA_DIRECTION_MINIMISE, 1, 0.95, &d, &low, &high, &p, &verdict));
    assert_int_equal(verdict, AFINA_VERDICT_UNDECIDED);
    OK(afina_compare_paired(tuned, tuned, 10, AFINA_DIRECTION_MINIMISE, 0, 0.95, &d, &low, &high, &p, &verdict));
    assert_true(d == 0 && low == 0 && high == 0 && p == 1 && verdict == AFINA_VERDICT_UNDECIDED);
    OK(afina_compare_paired((double[]){1, 2}, (double[]){3, 4}, 2, 0, 0, 0.95, &d, &low, &high, &p, &verdict));
    assert_true(d == -2 && p == 0 && verdict == AFINA_VERDICT_YES);
}

/* Four methods that are alike, on ten blocks: how often each test says that they differ, at 0.05. */
static void test_methods_that_are_alike_seldom_differ(void **state)
{
    (void)state;
    enum { TABLES = 600, ROWS = 10 };
    double found[5] = {0};
    for (uint64_t k = 0; k < TABLES; k++) {
        struct rng rng;
        double x[ROWS * METHODS], chi_square, p, f, f_p, pairs[METHODS * METHODS];
        rng_start(&rng, 7, k, RNG_OBJECTIVE);
        for (int i = 0; i < ROWS * METHODS; i++)
            x[i] = rng_normal(&rng) + 3 * (i / METHODS % 3);
        OK(afina_compare_friedman(x, ROWS, METHODS, AFINA_DIRECTION_MINIMISE, &chi_square, &p, &f, &f_p));
        found[3] += p <= 0.05;
        found[4] += f_p <= 0.05;
        for (int32_t posthoc = 0; posthoc < 3; posthoc++) {
            double least = 1;
            OK(afina_compare_pairs(x, ROWS, METHODS, AFINA_DIRECTION_MINIMISE, posthoc, pairs));
            for (int i = 0; i < METHODS * METHODS; i++)
                least = fmin(least, pairs[i]);
            found[posthoc] += least <= 0.05;
        }
    }
    for (int i = 0; i < 5; i++)
        if (found[i] / TABLES > 0.05 + 3 * sqrt(0.05 * 0.95 / TABLES) || found[i] / TABLES < 0.01)
            fail_msg("seed 7: test %d differs in %.3f of the tables", i, found[i] / TABLES);
    assert_true(found[4] >= found[3]); /* what the F is for */
}

static size_t occurrences(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    return n;
}

static void test_the_picture_joins_what_does_not_differ(void **state)
{
    (void)state;
    static const char *const names[METHODS] = {"C4.5", "C4.5+m", "<&>", "C4.5+m+cf"};
    char text[8000];
    size_t n;
    OK(afina_compare_picture(accuracy, BLOCKS, METHODS, AFINA_DIRECTION_MAXIMISE, AFINA_POSTHOC_WILCOXON, 0.05, names,
                             text, sizeof text, &n));
    assert_true(n < sizeof text && strlen(text) == n);
    assert_int_equal(occurrences(text, "stroke-width=\"4\""),
                     2); /* all but the best and the worst: two runs of three */
    assert_int_equal(occurrences(text, "critical difference"), 0);
    assert_non_null(strstr(text, ">&lt;&amp;&gt; (2.89)<"));
    OK(afina_compare_picture(accuracy, BLOCKS, METHODS, AFINA_DIRECTION_MAXIMISE, AFINA_POSTHOC_NEMENYI, 0.05, names,
                             text, sizeof text, &n));
    assert_int_equal(occurrences(text, "stroke-width=\"4\""), 1); /* 3.14 - 1.96 < 1.25: all in one run */
    assert_non_null(strstr(text, "critical difference 1.25"));
    assert_int_equal(occurrences(text, "<svg"), occurrences(text, "</svg>"));
}

static void test_bad_tables_are_refused(void **state)
{
    (void)state;
    double x[4] = {1, 2, 3, 4}, p[4], v;
    int32_t verdict;
    const char *const names[2] = {"a", ""};
    char text[8];
    size_t n;
    FAILS(afina_compare_ranks(NULL, 2, 2, 0, p), AFINA_E_ARGUMENT, "values is NULL");
    FAILS(afina_compare_ranks(x, 0, 2, 0, p), AFINA_E_RANGE, "block_count must be at least 1, got 0");
    FAILS(afina_compare_ranks(x, 2, 1, 0, p), AFINA_E_RANGE, "method_count must be in [2, 1000], got 1");
    FAILS(afina_compare_ranks(x, 2, 2, 7, p), AFINA_E_RANGE, "direction must be 0 (minimise) or 1 (maximise), got 7");
    FAILS(afina_compare_friedman(x, 1, 2, 0, p, p, p, p), AFINA_E_RANGE, "block_count must be at least 2, got 1");
    FAILS(afina_compare_friedman(x, 2, 2, 0, p, p, p, NULL), AFINA_E_ARGUMENT, "f_p is NULL");
    FAILS(afina_compare_pairs(x, 2, 2, 0, 3, p), AFINA_E_RANGE, "posthoc must be 0 (Wilcoxon), 1");
    FAILS(afina_compare_pairs(x, 1, 2, 0, 0, p), AFINA_E_RANGE, "block_count must be at least 2, got 1");
    FAILS(afina_compare_critical_difference(2, 2, 1, &v), AFINA_E_RANGE, "level must be in (0, 1), got 1");
    FAILS(afina_compare_picture(x, 2, 2, 0, 0, 0.05, names, text, sizeof text, &n), AFINA_E_ARGUMENT, "a name");
    FAILS(afina_compare_picture(x, 2, 2, 0, 0, NAN, names, text, sizeof text, &n), AFINA_E_RANGE, "level must be");
    FAILS(afina_compare_paired(x, x, 1, 0, 0, 0.9, &v, &v, &v, &v, &verdict), AFINA_E_RANGE,
          "count must be at least 2");
    FAILS(afina_compare_paired(x, x, 4, 0, -1, 0.9, &v, &v, &v, &v, &verdict), AFINA_E_RANGE, "ratio must be finite");
    FAILS(afina_compare_paired(x, x, 4, 0, 0, 0, &v, &v, &v, &v, &verdict), AFINA_E_RANGE, "confidence must be in");
    FAILS(afina_compare_paired(x, (double[]){1, NAN}, 2, 0, 0, 0.9, &v, &v, &v, &v, &verdict), AFINA_E_RANGE,
          "difference 1 must be finite, got 2 - nan");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_friedman_of_a_published_table),
        cmocka_unit_test(test_pairs_of_a_published_table),
        cmocka_unit_test(test_signed_ranks_are_exact_for_few_and_normal_for_many),
        cmocka_unit_test(test_holm_is_a_step_down),
        cmocka_unit_test(test_no_result_ranks_last_and_ties_say_nothing),
        cmocka_unit_test(test_the_verdict_of_a_corrected_paired_test),
        cmocka_unit_test(test_methods_that_are_alike_seldom_differ),
        cmocka_unit_test(test_the_picture_joins_what_does_not_differ),
        cmocka_unit_test(test_bad_tables_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
