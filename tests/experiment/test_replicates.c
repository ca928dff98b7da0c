/* Aggregates and the two-way model: known values (closed forms, enumeration, numpy.linalg.lstsq), and simulations. */
#include "core/rng.h"
#include "experiment/additive.h"
#include "support/small_study.h"

#include <math.h>
#include <stdio.h>

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.15g instead of %.15g", value, expected);
}

static void assert_aggregate(const char *rule, double parameter, double expected, double expected_error)
{
    const double x[5] = {10, 3, 1, 4, 2}, mirrored[5] = {-10, -3, -1, -4, -2};
    double value, error;
    OK(afina_aggregate(x, 5, AFINA_DIRECTION_MINIMISE, rule, parameter, 0, &value, &error));
    assert_near(value, expected, 1e-12);
    assert_near(error, expected_error, 1e-9);
    OK(afina_aggregate(mirrored, 5, AFINA_DIRECTION_MAXIMISE, rule, parameter, 0.25, &value, &error));
    assert_near(value, -expected, 1e-12);
    assert_near(error, expected_error * 1.5, 1e-9); /* sqrt(1 + 5 / 4) */
}

static void test_aggregates_of_five_values(void **state)
{
    (void)state;
    assert_aggregate("mean", NAN, 4, 1.5811388300841895);
    assert_aggregate("median", NAN, 3, 1.872146319068037);
    assert_aggregate("trimmed", NAN, 3, 0.7453559924999299);
    assert_aggregate("mean+sd", 2, 11.071067811865476, 2.958039891549808);
    assert_aggregate("worst", NAN, 10, 2.3652010195241897);
    assert_aggregate("trimmed", 0, 4, 1.5811388300841895);
}

static void test_a_single_value_has_an_unknown_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < afina_aggregate_count(); i++) {
        double value, error, x = 2.385;
        OK(afina_aggregate(&x, 1, AFINA_DIRECTION_MINIMISE, afina_aggregate_name(i), NAN, 0, &value, &error));
        assert_true(value == 2.385 && isnan(error));
        assert_non_null(afina_aggregate_summary(afina_aggregate_name(i)));
    }
    assert_null(afina_aggregate_name(afina_aggregate_count()));
    assert_null(afina_aggregate_summary("mode"));
}

/* The mean of the squared errors against the variance of the values, over samples of ten normal numbers. */
static void test_errors_are_those_of_repeated_samples(void **state)
{
    (void)state;
    enum { SAMPLES = 4000, N = 10 };
    for (size_t i = 0; i < afina_aggregate_count(); i++) {
        double sum = 0, squares = 0, errors = 0;
        for (int k = 0; k < SAMPLES; k++) {
            struct rng rng;
            double x[N], value, error;
            rng_start(&rng, 2385, (uint64_t)k, RNG_OBJECTIVE);
            for (int j = 0; j < N; j++)
                x[j] = 5 + 2 * rng_normal(&rng);
            OK(afina_aggregate(x, N, AFINA_DIRECTION_MINIMISE, afina_aggregate_name(i), NAN, 0, &value, &error));
            sum += value;
            squares += value * value;
            errors += error * error;
        }
        double ratio = sqrt(errors / (squares - sum * sum / SAMPLES));
        if (ratio < 0.9 || ratio > 1.2) /* Maritz-Jarrett is some 10 % too careful for ten values */
            fail_msg("seed 2385, %s: errors are %.3f of the deviation", afina_aggregate_name(i), ratio);
    }
}

static void test_bad_aggregates_are_refused(void **state)
{
    (void)state;
    double x[2] = {1, INFINITY}, v;
    FAILS(afina_aggregate(NULL, 1, 0, "mean", NAN, 0, &v, &v), AFINA_E_ARGUMENT, "values is NULL");
    FAILS(afina_aggregate(x, 0, 0, "mean", NAN, 0, &v, &v), AFINA_E_RANGE, "count must be at least 1, got 0");
    FAILS(afina_aggregate(x, 2, 0, "mean", NAN, 0, &v, &v), AFINA_E_RANGE, "value 1 must be finite, got inf");
    FAILS(afina_aggregate(x, 1, 3, "mean", NAN, 0, &v, &v), AFINA_E_RANGE, "direction must be");
    FAILS(afina_aggregate(x, 1, 0, "mode", NAN, 0, &v, &v), AFINA_E_NAME, "unknown aggregate \"mode\"");
    FAILS(afina_aggregate(x, 1, 0, "mean", 2, 0, &v, &v), AFINA_E_RANGE, "\"mean\" has no parameter, got 2");
    FAILS(afina_aggregate(x, 1, 0, "trimmed", 0.5, 0, &v, &v), AFINA_E_RANGE, "must be in [0, 0.49], got 0.5");
    FAILS(afina_aggregate(x, 1, 0, "mean", NAN, -1, &v, &v), AFINA_E_RANGE, "ratio must be finite and >= 0, got -1");
    FAILS(afina_aggregate(x, 1, 0, "mean", NAN, 0, &v, NULL), AFINA_E_ARGUMENT, "value or error is NULL");
}

/* ---------------------------------------------------------------------- two ways */

enum { ARMS = 5, FOLDS = 4 };

static const double losses[ARMS * FOLDS] = {0.31, 0.52, NAN,  0.47, 0.25, NAN,  0.41, 0.39, NAN, 0.66,
                                            0.58, NAN,  0.44, 0.61, NAN,  0.55, 0.35, NAN,  NAN, NAN};

static void test_least_squares_with_missing_cells(void **state)
{
    (void)state;
    const double arms[ARMS] = {0.4407352941176471, 0.3766176470588237, 0.5689705882352933, 0.5407352941176469,
                               0.4693627450980378};
    const double folds[FOLDS] = {-0.11936274509803879, 0.07985294117647057, 0.02220588235294091, 0.017303921568627312};
    const double factors[ARMS] = {0.38725490196078427, 0.36764705882352944, 0.6323529411764706, 0.38725490196078427,
                                  1.299019607843137};
    double effects[ARMS], errors[ARMS], fold_effects[FOLDS], variance, freedom;
    OK(afina_additive_fit(losses, ARMS, FOLDS, effects, errors, fold_effects, &variance, &freedom));
    for (int c = 0; c < ARMS; c++) {
        assert_near(effects[c], arms[c], 1e-13);
        assert_near(errors[c], sqrt(factors[c] * 0.00030980392156862755), 1e-13);
    }
    for (int f = 0; f < FOLDS; f++)
        assert_near(fold_effects[f], folds[f], 1e-13);
    assert_near(variance, 0.00030980392156862755, 1e-15);
    assert_true(freedom == 4);
}

/* Cells in another order, one at a time; and the difference of two arms. */
static void test_cells_come_in_any_order(void **state)
{
    (void)state;
    struct additive a;
    double factor;
    OK(additive_init(&a, FOLDS));
    for (size_t i = ARMS * FOLDS; i-- > 0;) {
        size_t cell = 7 * i % (ARMS * FOLDS);
        if (!isnan(losses[cell]))
            OK(additive_add(&a, cell / FOLDS, cell % FOLDS, losses[cell]));
        if (i % 3 == 0)
            OK(additive_fit(&a));
    }
    assert_near(additive_effect(&a, 2, &factor), 0.5689705882352933, 1e-13);
    assert_near(additive_difference(&a, 0, 2, &factor), -0.12823529411764623, 1e-13);
    assert_near(factor, 1.1372549019607843, 1e-13);
    FAILS(additive_add(&a, 0, 0, 1), AFINA_E_STATE, "arm 0 has a value on fold 0");
    FAILS(additive_add(&a, 0, 4, 1), AFINA_E_RANGE, "fold must be in [0, 3], got 4");
    FAILS(additive_add(&a, 0, 2, NAN), AFINA_E_RANGE, "a loss must be finite, got nan");
    additive_fini(&a);
}

/* Two arms on one half of the folds and two on the other: as two tables. */
static void test_parts_that_nothing_connects(void **state)
{
    (void)state;
    const double apart[4 * 5] = {1,   3,   NAN, NAN, NAN, 2,   4,   NAN, NAN, NAN,
                                 NAN, NAN, 10,  20,  NAN, NAN, NAN, 12,  24,  NAN};
    double effects[4], errors[4], folds[5], variance, freedom;
    OK(afina_additive_fit(apart, 4, 5, effects, errors, folds, &variance, &freedom));
    const double expected[4] = {2, 3, 15, 18}, fold[5] = {-1, 1, -5.5, 5.5, 0};
    for (int c = 0; c < 4; c++)
        assert_near(effects[c], expected[c], 1e-12);
    for (int f = 0; f < 5; f++)
        assert_near(folds[f], fold[f], 1e-12);
    assert_true(freedom == 2);
    assert_near(variance, 0.5, 1e-12); /* residuals 0 and +-0.5 */
}

static void test_a_table_without_freedom_has_no_errors(void **state)
{
    (void)state;
    double effects[3], errors[3], variance, freedom;
    OK(afina_additive_fit((double[]){1, 2, 3, NAN, NAN, NAN}, 3, 2, effects, errors, NULL, &variance, &freedom));
    assert_near(effects[0], 1.5, 1e-14);
    assert_near(effects[1], 3.5, 1e-14);
    assert_true(isnan(effects[2]) && isnan(errors[0]) && isnan(variance) && freedom == 0);
    FAILS(afina_additive_fit((double[]){NAN, NAN}, 1, 2, effects, NULL, NULL, NULL, NULL), AFINA_E_RANGE, "not NaN");
    FAILS(afina_additive_fit((double[]){1, INFINITY}, 1, 2, effects, NULL, NULL, NULL, NULL), AFINA_E_RANGE,
          "a loss must be finite, got inf");
    FAILS(afina_additive_fit(effects, 0, 2, effects, NULL, NULL, NULL, NULL), AFINA_E_RANGE, "arm_count must be");
    FAILS(afina_additive_fit(effects, 1, 0, effects, NULL, NULL, NULL, NULL), AFINA_E_RANGE,
          "folds must be in [1, 4096]");
    FAILS(afina_additive_fit(NULL, 1, 1, effects, NULL, NULL, NULL, NULL), AFINA_E_ARGUMENT, "values is NULL");
}

/* Effects and errors over many tables with a third of the cells: unbiased, and the standard errors are right. */
static void test_effects_of_sparse_tables_are_unbiased(void **state)
{
    (void)state;
    enum { TABLES = 400, ROWS = 12, COLUMNS = 10 };
    double bias = 0, scaled = 0;
    for (int k = 0; k < TABLES; k++) {
        struct rng rng;
        double x[ROWS * COLUMNS], fold[COLUMNS], effects[ROWS], errors[ROWS], found[COLUMNS], mean = 0, arm;
        rng_start(&rng, 77, (uint64_t)k, RNG_OBJECTIVE);
        for (int f = 0; f < COLUMNS; f++)
            mean += (fold[f] = 3 * rng_normal(&rng)) / COLUMNS;
        for (int c = 0; c < ROWS; c++)
            for (int f = 0; f < COLUMNS; f++) {
                x[c * COLUMNS + f] = c + fold[f] + 0.5 * rng_normal(&rng);
                if (f >= 2 && rng_uniform(&rng) < 0.7)
                    x[c * COLUMNS + f] = NAN;
            }
        OK(afina_additive_fit(x, ROWS, COLUMNS, effects, errors, found, NULL, NULL));
        arm = effects[7] - 7 - mean;
        bias += arm / TABLES;
        scaled += arm * arm / (errors[7] * errors[7]) / TABLES;
    }
    if (fabs(bias) > 0.08 || scaled < 0.75 || scaled > 1.3)
        fail_msg("seed 77: bias %.3f, squared errors %.3f of what they should be", bias, scaled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aggregates_of_five_values),
        cmocka_unit_test(test_a_single_value_has_an_unknown_error),
        cmocka_unit_test(test_errors_are_those_of_repeated_samples),
        cmocka_unit_test(test_bad_aggregates_are_refused),
        cmocka_unit_test(test_least_squares_with_missing_cells),
        cmocka_unit_test(test_cells_come_in_any_order),
        cmocka_unit_test(test_parts_that_nothing_connects),
        cmocka_unit_test(test_a_table_without_freedom_has_no_errors),
        cmocka_unit_test(test_effects_of_sparse_tables_are_unbiased),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
