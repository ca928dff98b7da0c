#include "afina_mlp.h"
#include "core/fail.h"
#include "mlp/metric.h"
#include "mlp/pair_sort.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "mlp/near.h"

static struct pair scratch[16];

static double of_two(int32_t metric, const float *scores, const int32_t *labels, size_t rows)
{
    float p[32];
    for (size_t r = 0; r < rows; r++) {
        p[2 * r] = 1 - scores[r];
        p[2 * r + 1] = scores[r];
    }
    return metric_of_classes(metric, p, labels, rows, 2, scratch);
}

static void test_auc_without_ties(void **state)
{
    (void)state;
    static const float scores[] = {0.1f, 0.4f, 0.35f, 0.8f};
    static const int32_t labels[] = {0, 0, 1, 1};
    assert_near(of_two(METRIC_AUC, scores, labels, 4), 0.75, 1e-12);
}

/* Pairs (negative, positive): (.5, .5) half, (.5, .7) 1, (.2, .5) 1, (.2, .7) 1,
 * (.7, .5) 0, (.7, .7) half: 4 of 6. */
static void test_auc_counts_ties_half(void **state)
{
    (void)state;
    static const float scores[] = {0.5f, 0.5f, 0.2f, 0.7f, 0.7f};
    static const int32_t labels[] = {0, 1, 0, 1, 0};
    assert_near(of_two(METRIC_AUC, scores, labels, 5), 4.0 / 6, 1e-12);
}

static void test_auc_of_equal_scores_is_a_half(void **state)
{
    (void)state;
    static const float scores[] = {0.5f, 0.5f, 0.5f};
    static const int32_t labels[] = {0, 1, 1};
    assert_near(of_two(METRIC_AUC, scores, labels, 3), 0.5, 1e-12);
}

/* Class 0: its row has the top score, 1; class 1: 0.5 against 0.3, 0.2, 0.6: 2/3;
 * class 2: 0.5 and 0.3 against 0.1, 0.4: 2 + 1 of 4 pairs. */
static void test_auc_of_several_classes_is_the_mean_over_them(void **state)
{
    (void)state;
    static const float p[] = {0.6f, 0.3f, 0.1f, 0.1f, 0.5f, 0.4f, 0.3f, 0.2f, 0.5f, 0.1f, 0.6f, 0.3f};
    static const int32_t labels[] = {0, 1, 2, 2};
    assert_near(metric_of_classes(METRIC_AUC, p, labels, 4, 3, scratch), (1 + 2.0 / 3 + 3.0 / 4) / 3, 1e-12);
}

static void test_auc_leaves_out_classes_that_are_all_or_none(void **state)
{
    (void)state;
    static const float p[] = {0.6f, 0.3f, 0.1f, 0.1f, 0.5f, 0.4f};
    static const int32_t two[] = {0, 1}, one[] = {1, 1};
    assert_near(metric_of_classes(METRIC_AUC, p, two, 2, 3, scratch), 1, 1e-12);
    assert_true(isnan(metric_of_classes(METRIC_AUC, p, one, 2, 3, scratch)));
}

/* Answers 0 1 1 2 0 for labels 0 1 2 2 1. F1: class 0: 2*1/(1+2), class 1:
 * 2*1/(2+2), class 2: 2*1/(2+1); class 3 occurs nowhere. */
static void test_error_accuracy_and_macro_f1(void **state)
{
    (void)state;
    static const float p[] = {0.7f, 0.1f, 0.1f, 0.1f, 0.1f, 0.7f, 0.1f, 0.1f, 0.2f, 0.6f,
                              0.1f, 0.1f, 0.1f, 0.1f, 0.7f, 0.1f, 0.4f, 0.3f, 0.2f, 0.1f};
    static const int32_t labels[] = {0, 1, 2, 2, 1};
    assert_near(metric_of_classes(METRIC_ERROR, p, labels, 5, 4, scratch), 0.4, 1e-15);
    assert_near(metric_of_classes(METRIC_ACCURACY, p, labels, 5, 4, scratch), 0.6, 1e-15);
    assert_near(metric_of_classes(METRIC_F1, p, labels, 5, 4, scratch), (2.0 / 3 + 0.5 + 2.0 / 3) / 3, 1e-12);
}

static void test_loss_is_the_mean_cross_entropy(void **state)
{
    (void)state;
    static const float p[] = {0.25f, 0.75f, 0.5f, 0.5f};
    static const int32_t labels[] = {0, 1};
    assert_near(metric_of_classes(METRIC_LOSS, p, labels, 2, 2, scratch), (log(4.0) + log(2.0)) / 2, 1e-12);
}

static void test_outputs_that_are_no_numbers_give_nan(void **state)
{
    (void)state;
    static const float p[] = {0.25f, NAN, 0.5f, 0.5f};
    static const int32_t labels[] = {0, 1};
    for (int32_t metric = METRIC_ERROR; metric <= METRIC_MCC; metric++)
        assert_true(isnan(metric_of_classes(metric, p, labels, 2, 2, scratch)));
}

static void test_regression_metrics(void **state)
{
    (void)state;
    static const double targets[] = {1, 2, 6}, predicted[] = {1.5, 2, 4};
    assert_near(metric_of_values(METRIC_MSE, predicted, targets, 3), 4.25 / 3, 1e-12);
    assert_near(metric_of_values(METRIC_LOSS, predicted, targets, 3), 4.25 / 3, 1e-12);
    assert_near(metric_of_values(METRIC_MAE, predicted, targets, 3), 2.5 / 3, 1e-12);
    assert_near(metric_of_values(METRIC_R2, predicted, targets, 3), 1 - 4.25 / 14, 1e-12);
}

static void test_r2_of_constant_targets_is_1_or_0(void **state)
{
    (void)state;
    static const double targets[] = {7, 7}, met[] = {7, 7}, missed[] = {7, 8}, lost[] = {NAN, 8};
    assert_true(metric_of_values(METRIC_R2, met, targets, 2) == 1);
    assert_true(metric_of_values(METRIC_R2, missed, targets, 2) == 0);
    assert_true(isnan(metric_of_values(METRIC_R2, lost, targets, 2)));
}

/* The values of this and the next three tests are those of scikit-learn 1.9: average_precision_score,
 * recall_score, matthews_corrcoef, explained_variance_score, and of numpy.corrcoef. */
static void test_two_classes_with_ties_as_in_scikit_learn(void **state)
{
    (void)state;
    static const float scores[] = {0.1f, 0.4f, 0.35f, 0.8f, 0.8f, 0.2f, 0.9f, 0.35f};
    static const int32_t labels[] = {0, 1, 1, 0, 1, 0, 1, 0};
    assert_near(of_two(METRIC_AUPRC, scores, labels, 8), 0.7708333333333333, 1e-12);
    assert_near(of_two(METRIC_TPR, scores, labels, 8), 0.5, 1e-12);
    assert_near(of_two(METRIC_TNR, scores, labels, 8), 0.75, 1e-12);
    assert_near(of_two(METRIC_MCC, scores, labels, 8), 0.2581988897471611, 1e-12);
}

static void test_three_classes_as_in_scikit_learn(void **state)
{
    (void)state;
    static const float p[] = {0.6f, 0.3f, 0.1f, 0.1f, 0.5f, 0.4f, 0.3f, 0.2f,  0.5f,
                              0.1f, 0.6f, 0.3f, 0.2f, 0.3f, 0.5f, 0.5f, 0.25f, 0.25f};
    static const int32_t labels[] = {0, 1, 2, 2, 1, 0};
    assert_near(metric_of_classes(METRIC_AUPRC, p, labels, 6, 3, scratch), 0.6666666666666666, 1e-12);
    assert_near(metric_of_classes(METRIC_TPR, p, labels, 6, 3, scratch), 0.6666666666666666, 1e-12);
    assert_near(metric_of_classes(METRIC_TNR, p, labels, 6, 3, scratch), 0.8333333333333334, 1e-12);
    assert_near(metric_of_classes(METRIC_MCC, p, labels, 6, 3, scratch), 0.5, 1e-12);
}

/* Without a positive row scikit-learn warns and gives 0; here it is NaN, as the AUC is. */
static void test_one_class_and_constant_answers(void **state)
{
    (void)state;
    static const float equal[] = {0.5f, 0.5f, 0.5f}, high[] = {0.9f, 0.9f, 0.9f}, two[] = {0.6f, 0.4f};
    static const int32_t mixed[] = {0, 1, 1}, ones[] = {1, 1, 1}, zeros[] = {0, 0, 0};
    assert_near(of_two(METRIC_AUPRC, equal, mixed, 3), 0.6666666666666666, 1e-12);
    assert_near(of_two(METRIC_AUPRC, two, ones, 2), 1, 1e-15);
    assert_true(isnan(of_two(METRIC_AUPRC, equal, zeros, 3)));
    assert_true(isnan(of_two(METRIC_TPR, equal, zeros, 3)));
    assert_true(isnan(of_two(METRIC_TNR, equal, ones, 3)));
    assert_near(of_two(METRIC_TPR, high, ones, 3), 1, 1e-15);
    assert_near(of_two(METRIC_TNR, high, mixed, 3), 0, 1e-15);
    assert_near(of_two(METRIC_MCC, high, mixed, 3), 0, 0);
    assert_near(of_two(METRIC_MCC, high, ones, 3), 0, 0);
}

static void test_values_as_in_scikit_learn_and_numpy(void **state)
{
    (void)state;
    static const double targets[] = {3, -0.5, 2, 7}, predicted[] = {2.5, 0, 2, 8};
    assert_near(metric_of_values(METRIC_EXPLAINED_VARIANCE, predicted, targets, 4), 0.9571734475374732, 1e-12);
    assert_near(metric_of_values(METRIC_CORRELATION, predicted, targets, 4), 0.9848696184482703, 1e-12);
    assert_near(metric_of_values(METRIC_MAD, predicted, targets, 4), 0.5, 1e-12);
}

static void test_constant_targets_and_predictions(void **state)
{
    (void)state;
    static const double two[] = {2, 2, 2}, three[] = {3, 3, 3}, rising[] = {1, 2, 3}, lost[] = {1, NAN, 3};
    static const double far[] = {1, INFINITY, 3};
    assert_near(metric_of_values(METRIC_EXPLAINED_VARIANCE, two, two, 3), 1, 0);
    assert_near(metric_of_values(METRIC_EXPLAINED_VARIANCE, three, two, 3), 1, 0);
    assert_near(metric_of_values(METRIC_EXPLAINED_VARIANCE, rising, two, 3), 0, 0);
    assert_near(metric_of_values(METRIC_CORRELATION, two, rising, 3), 0, 0);
    assert_near(metric_of_values(METRIC_CORRELATION, rising, two, 3), 0, 0);
    assert_true(isnan(metric_of_values(METRIC_CORRELATION, lost, rising, 3)));
    assert_true(isnan(metric_of_values(METRIC_CORRELATION, far, rising, 3)));
    assert_true(isnan(metric_of_values(METRIC_EXPLAINED_VARIANCE, lost, rising, 3)));
}

static void test_correlation_of_tiny_and_huge_values(void **state)
{
    (void)state;
    static const double tiny[] = {1e-200, 3e-200, 2e-200}, huge[] = {2e200, 6e200, 4e200};
    assert_near(metric_of_values(METRIC_CORRELATION, tiny, huge, 3), 1, 1e-12);
}

static void test_what_is_larger_is_better(void **state)
{
    (void)state;
    static const int32_t less[] = {METRIC_ERROR, METRIC_LOSS, METRIC_MSE, METRIC_MAE, METRIC_MAD};
    int32_t gains = 0;
    for (int32_t m = 0; m < METRIC_COUNT; m++)
        gains += metric_is_gain(m);
    assert_int_equal(gains, METRIC_COUNT - 5);
    for (size_t i = 0; i < 5; i++)
        assert_false(metric_is_gain(less[i]));
}

static void test_names_are_found_for_their_task(void **state)
{
    (void)state;
    int32_t metric = -1;
    assert_int_equal(metric_find("auc", AFINA_TASK_CLASSIFICATION, &metric), AFINA_OK);
    assert_int_equal(metric, METRIC_AUC);
    assert_int_equal(metric_find("loss", AFINA_TASK_REGRESSION, &metric), AFINA_OK);
    assert_int_equal(metric_find("r2", AFINA_TASK_CLASSIFICATION, &metric), AFINA_E_TYPE);
    assert_string_equal(fail_text(), "metric \"r2\" does not measure a classification");
    assert_int_equal(metric_find("rmse", AFINA_TASK_REGRESSION, &metric), AFINA_E_NAME);
    assert_string_equal(fail_text(), "there is no metric \"rmse\"; for this task there are loss, mse, mae, mad, r2, "
                                     "correlation, explained_variance");
    assert_int_equal(metric, METRIC_LOSS);
}

static void test_sort_orders_by_key_and_then_by_index(void **state)
{
    (void)state;
    struct pair pairs[300];
    uint32_t x = 12345;
    for (size_t i = 0; i < 300; i++) {
        x = x * 1664525u + 1013904223u;
        pairs[i] = (struct pair){(double)(x >> 27), i};
    }
    pair_sort(pairs, 300);
    for (size_t i = 1; i < 300; i++)
        assert_true(pairs[i - 1].key < pairs[i].key ||
                    (pairs[i - 1].key == pairs[i].key && pairs[i - 1].index < pairs[i].index));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_auc_without_ties),
        cmocka_unit_test(test_auc_counts_ties_half),
        cmocka_unit_test(test_auc_of_equal_scores_is_a_half),
        cmocka_unit_test(test_auc_of_several_classes_is_the_mean_over_them),
        cmocka_unit_test(test_auc_leaves_out_classes_that_are_all_or_none),
        cmocka_unit_test(test_error_accuracy_and_macro_f1),
        cmocka_unit_test(test_loss_is_the_mean_cross_entropy),
        cmocka_unit_test(test_outputs_that_are_no_numbers_give_nan),
        cmocka_unit_test(test_regression_metrics),
        cmocka_unit_test(test_r2_of_constant_targets_is_1_or_0),
        cmocka_unit_test(test_two_classes_with_ties_as_in_scikit_learn),
        cmocka_unit_test(test_three_classes_as_in_scikit_learn),
        cmocka_unit_test(test_one_class_and_constant_answers),
        cmocka_unit_test(test_values_as_in_scikit_learn_and_numpy),
        cmocka_unit_test(test_constant_targets_and_predictions),
        cmocka_unit_test(test_correlation_of_tiny_and_huge_values),
        cmocka_unit_test(test_what_is_larger_is_better),
        cmocka_unit_test(test_names_are_found_for_their_task),
        cmocka_unit_test(test_sort_orders_by_key_and_then_by_index),
    };
    return cmocka_run_group_tests_name("metric", tests, NULL, NULL);
}
