#include "afina_mlp.h"
#include "core/fail.h"
#include "core/rng.h"
#include "mlp/activation.h"
#include "mlp/dataset.h"
#include "mlp/initial_weights.h"
#include "mlp/metric.h"
#include "mlp/mlp.h"
#include "mlp/rate_schedule.h"
#include "mlp/trainer.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mlp/near.h"

enum { FLOWERS = 150, LINE = 120 };

static struct dataset *flowers, *line;
static struct mlp *mlp;
static struct mlp_config config;

/* Three clouds in four dimensions, two of which overlap a little: what iris is like. */
static int32_t make_flowers(void)
{
    static const double centre[3][4] = {{5, 3.4, 1.5, 0.2}, {5.9, 2.8, 4.2, 1.3}, {6.6, 3, 5.6, 2.0}};
    static double x[FLOWERS * 4], y[FLOWERS];
    struct rng rng;
    rng_start(&rng, 20, 0, RNG_OBJECTIVE);
    for (size_t r = 0; r < FLOWERS; r++) {
        y[r] = (double)(r % 3);
        for (size_t c = 0; c < 4; c++)
            x[4 * r + c] = centre[r % 3][c] + (c < 2 ? 0.35 : 0.25) * rng_normal(&rng);
    }
    return dataset_from_arrays(&flowers, x, FLOWERS, 4, y, AFINA_TASK_CLASSIFICATION);
}

/* y = 300 + 40 sin(x0) - 25 x1 + noise. */
static int32_t make_line(void)
{
    static double x[LINE * 2], y[LINE];
    struct rng rng;
    rng_start(&rng, 21, 0, RNG_OBJECTIVE);
    for (size_t r = 0; r < LINE; r++) {
        x[2 * r] = 1000 + 2 * rng_normal(&rng);
        x[2 * r + 1] = 0.01 * rng_normal(&rng);
        y[r] = 300 + 40 * sin(x[2 * r] - 1000) - 2500 * x[2 * r + 1] + rng_normal(&rng);
    }
    return dataset_from_arrays(&line, x, LINE, 2, y, AFINA_TASK_REGRESSION);
}

static int make_data(void **state)
{
    (void)state;
    return make_flowers() || make_line();
}

static int free_data(void **state)
{
    (void)state;
    dataset_free(flowers);
    dataset_free(line);
    return 0;
}

static void use(const struct dataset *d)
{
    mlp_free(mlp);
    assert_int_equal(mlp_new(&mlp, d), AFINA_OK);
    mlp_default(mlp, &config);
    config.units[0] = 16;
}

static int set_up(void **state)
{
    (void)state;
    use(flowers);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mlp_free(mlp);
    mlp = NULL;
    return 0;
}

static double evaluate(uint64_t seed)
{
    double value = -1;
    if (mlp_evaluate(mlp, &config, seed, NULL, &value))
        fail_msg("%s", fail_text());
    return value;
}

static double good_rate(int32_t algorithm)
{
    return algorithm <= ALGORITHM_NESTEROV ? 0.1 : algorithm == ALGORITHM_ADAGRAD ? 0.1 : 0.01;
}

/* ------------------------------------------------------------------ algorithms */

static void test_every_algorithm_learns_the_flowers(void **state)
{
    (void)state;
    for (int32_t algorithm = 0; algorithm < ALGORITHM_COUNT; algorithm++) {
        config.algorithm = algorithm;
        config.learning_rate = good_rate(algorithm);
        double error = evaluate(7);
        if (!(error < 0.1))
            fail_msg("algorithm %d: error %g", algorithm, error);
    }
}

static void test_every_algorithm_learns_the_regression(void **state)
{
    (void)state;
    use(line);
    assert_int_equal(mlp_set_string(mlp, "metric", "r2"), AFINA_OK);
    config.activation[0] = ACTIVATION_TANH;
    config.epochs = 150;
    config.patience = 150;
    config.batch_size = 16;
    for (int32_t algorithm = 0; algorithm < ALGORITHM_COUNT; algorithm++) {
        config.algorithm = algorithm;
        config.learning_rate = good_rate(algorithm);
        double unexplained = evaluate(7);
        if (!(unexplained < 0.2))
            fail_msg("algorithm %d: 1 - r2 = %g", algorithm, unexplained);
    }
}

/* Rows 0..n-1 train, the rest validate. */
static struct trainer *start(struct trainer *t, const struct dataset *d, size_t n)
{
    static size_t rows[FLOWERS];
    for (size_t i = 0; i < FLOWERS; i++)
        rows[i] = i;
    int32_t metric = d->labels ? METRIC_ERROR : METRIC_MSE;
    if (trainer_init(t, d, &config, metric, rows, n, rows + n, d->rows - n, 11, 0))
        fail_msg("%s", fail_text());
    return t;
}

static void test_every_algorithm_lowers_the_training_loss(void **state)
{
    (void)state;
    config.patience = 1000;
    for (int32_t algorithm = 0; algorithm < ALGORITHM_COUNT; algorithm++) {
        struct trainer t;
        config.algorithm = algorithm;
        config.learning_rate = good_rate(algorithm) / 5;
        start(&t, flowers, 120);
        trainer_epoch(&t);
        double first = t.training_loss;
        for (int i = 0; i < 14 && t.state == TRAINER_RUNNING; i++)
            trainer_epoch(&t);
        if (!(t.training_loss < 0.9 * first))
            fail_msg("algorithm %d: loss %g, then %g", algorithm, first, t.training_loss);
        trainer_fini(&t);
    }
}

static void test_every_activation_and_every_start_learns(void **state)
{
    (void)state;
    config.learning_rate = 0.01;
    for (int32_t activation = 0; activation < ACTIVATION_COUNT; activation++) {
        config.activation[0] = activation;
        assert_true(evaluate(3) < 0.1);
    }
    config.activation[0] = ACTIVATION_TANH;
    for (int32_t initial = 0; initial < INITIAL_COUNT; initial++) {
        config.initial_weights = initial;
        assert_true(evaluate(3) < 0.1);
    }
}

static void test_deep_networks_dropout_and_schedules_learn(void **state)
{
    (void)state;
    config.layers = 3;
    config.units[1] = 24;
    config.units[2] = 8;
    config.learning_rate = 0.01;
    config.dropout = 0.2;
    config.batch_size = 8;
    for (int32_t schedule = 0; schedule < RATE_SCHEDULES; schedule++) {
        config.schedule = schedule;
        assert_true(evaluate(3) < 0.14); /* 4 of 30 rows */
    }
}

static void test_every_use_of_batches_learns(void **state)
{
    (void)state;
    config.learning_rate = 0.01;
    for (int32_t batch = 0; batch < BATCH_COUNT; batch++)
        for (int32_t replacement = 0; replacement < 2; replacement++)
            for (int32_t shuffle = 0; shuffle < SHUFFLE_COUNT; shuffle++) {
                config.batch = batch;
                config.replacement = replacement;
                config.shuffle = shuffle;
                assert_true(evaluate(3) < 0.12);
            }
}

static void test_strong_l2_keeps_weights_small(void **state)
{
    (void)state;
    static const int32_t algorithms[] = {ALGORITHM_ADAM, ALGORITHM_BFGS, ALGORITHM_CONJUGATE_GRADIENT};
    config.learning_rate = 0.01;
    for (size_t i = 0; i < 3; i++) {
        double squares[2] = {0};
        for (size_t strong = 0; strong < 2; strong++) {
            struct trainer t;
            config.algorithm = algorithms[i];
            config.l2 = strong ? 0.1 : 0;
            start(&t, flowers, 120);
            for (int epoch = 0; epoch < 20 && t.state == TRAINER_RUNNING; epoch++)
                trainer_epoch(&t);
            for (size_t k = 0; k < t.network->shape.weights; k++)
                squares[strong] += (double)t.network->parameters[k] * (double)t.network->parameters[k];
            trainer_fini(&t);
        }
        assert_true(squares[1] < 0.5 * squares[0]);
    }
}

/* --------------------------------------------------------------------- batches */

/* How often each training row was used in one epoch, seen from the order of rows
 * after it: without replacement the order is a permutation. */
static void test_without_replacement_every_row_is_used_once(void **state)
{
    (void)state;
    struct trainer t;
    size_t before[120];
    start(&t, flowers, 120);
    memcpy(before, t.rows, sizeof before);
    trainer_epoch(&t);
    unsigned char seen[120] = {0};
    for (size_t i = 0; i < 120; i++)
        assert_int_equal(seen[t.rows[i]]++, 0);
    assert_memory_not_equal(before, t.rows, sizeof before);
    memcpy(before, t.rows, sizeof before);
    trainer_epoch(&t);
    assert_memory_not_equal(before, t.rows, sizeof before);
    trainer_fini(&t);
}

static void test_shuffled_once_or_never_the_order_stays(void **state)
{
    (void)state;
    for (int32_t shuffle = SHUFFLE_ONCE; shuffle <= SHUFFLE_NEVER; shuffle++) {
        struct trainer t;
        size_t before[120], sorted = 1;
        config.shuffle = shuffle;
        start(&t, flowers, 120);
        for (size_t i = 0; i < 120; i++)
            sorted &= t.rows[i] == i;
        assert_int_equal(sorted, shuffle == SHUFFLE_NEVER);
        memcpy(before, t.rows, sizeof before);
        trainer_epoch(&t);
        assert_memory_equal(before, t.rows, sizeof before);
        trainer_fini(&t);
    }
}

static void test_with_replacement_rows_are_drawn_evenly(void **state)
{
    (void)state;
    struct trainer t;
    size_t count[120] = {0};
    config.replacement = 1;
    config.batch = BATCH_FULL;
    config.epochs = 400;
    config.patience = 400;
    start(&t, flowers, 120);
    for (int epoch = 0; epoch < 400; epoch++) {
        trainer_epoch(&t);
        for (size_t i = 0; i < 120; i++)
            count[t.drawn[i]]++;
    }
    for (size_t i = 0; i < 120; i++)
        assert_in_range(count[i], 400 - 100, 400 + 100); /* five deviations */
    trainer_fini(&t);
}

static void test_large_batches_in_several_passes_give_one_gradient(void **state)
{
    (void)state;
    enum { MANY = 600 };
    static double x[MANY * 2], y[MANY];
    static size_t rows[MANY];
    struct dataset *d;
    struct trainer t;
    struct rng rng;
    rng_start(&rng, 5, 0, RNG_OBJECTIVE);
    for (size_t r = 0; r < MANY; r++) {
        x[2 * r] = rng_normal(&rng);
        x[2 * r + 1] = rng_normal(&rng);
        y[r] = (double)(x[2 * r] > x[2 * r + 1]);
        rows[r] = r;
    }
    assert_int_equal(dataset_from_arrays(&d, x, MANY, 2, y, AFINA_TASK_CLASSIFICATION), AFINA_OK);
    config.batch = BATCH_FULL;
    assert_int_equal(trainer_init(&t, d, &config, METRIC_ERROR, rows, MANY, rows, 1, 1, 0), AFINA_OK);
    struct backprop whole;
    assert_int_equal(backprop_init(&whole, &t.network->shape, MANY), AFINA_OK);
    network_scale(t.network, d->features, NULL, MANY, whole.layer[0]);
    float *gradient = test_malloc(t.network->shape.parameters * sizeof *gradient);
    backprop_forward(&whole, t.network->parameters, MANY, 1, 0, NULL);
    backprop_loss_class(&whole, d->labels, MANY, 1.0f / MANY);
    backprop_backward(&whole, t.network->parameters, MANY, 0, gradient);
    trainer_epoch(&t);
    for (size_t i = 0; i < t.network->shape.parameters; i++)
        assert_near(t.gradient[i], gradient[i], 1e-6);
    test_free(gradient);
    backprop_fini(&whole);
    trainer_fini(&t);
    dataset_free(d);
}

/* -------------------------------------------------------------- early stopping */

static void test_training_ends_after_patience_and_keeps_the_best_epoch(void **state)
{
    (void)state;
    struct trainer t;
    config.learning_rate = 0.05;
    config.epochs = 5000;
    config.patience = 7;
    start(&t, flowers, 100);
    double best = INFINITY, best_loss = INFINITY;
    int32_t at = 0;
    while (t.state == TRAINER_RUNNING) {
        trainer_epoch(&t);
        if (t.value < best || (t.value == best && t.loss < best_loss)) {
            best = t.value;
            best_loss = t.loss;
            at = t.epoch;
        }
    }
    assert_int_equal(t.state, TRAINER_FINISHED);
    assert_int_equal(t.epoch, at + 7);
    assert_int_equal(t.best_epoch, at);
    assert_true(t.best_value == best);
    struct network *network = trainer_take_best(&t);
    struct backprop pass;
    assert_int_equal(backprop_init(&pass, &network->shape, 50), AFINA_OK);
    outputs_compute(network, &pass, flowers->features + 400, NULL, 50, t.judge.output);
    assert_near(judge_metric(&t.judge, network, METRIC_ERROR), best, 0);
    assert_near(judge_metric(&t.judge, network, METRIC_LOSS), best_loss, 1e-6);
    backprop_fini(&pass);
    network_free(network);
    trainer_fini(&t);
}

static void test_training_never_passes_its_epochs(void **state)
{
    (void)state;
    struct trainer t;
    config.epochs = 3;
    start(&t, flowers, 100);
    while (t.state == TRAINER_RUNNING)
        trainer_epoch(&t);
    assert_int_equal(t.epoch, 3);
    trainer_fini(&t);
}

/* ------------------------------------------------------------------- objective */

struct reports {
    size_t count, stop_after;
    double step, value, best;
};

static int32_t note(void *user, double step, double value)
{
    struct reports *r = user;
    assert_true(step == r->step + 1);
    r->step = step;
    r->value = value;
    r->best = fmin(r->best, value);
    r->count++;
    return AFINA_OK;
}

static int32_t enough(void *user)
{
    struct reports *r = user;
    return r->stop_after && r->count >= r->stop_after;
}

static void test_every_epoch_is_reported_and_the_best_is_the_value(void **state)
{
    (void)state;
    struct reports r = {.best = INFINITY};
    struct mlp_callbacks calls = {note, enough, &r};
    double value = -1;
    config.epochs = 12;
    config.patience = 12;
    assert_int_equal(mlp_evaluate(mlp, &config, 5, &calls, &value), AFINA_OK);
    assert_int_equal(r.count, 12);
    assert_true(value == r.best);
}

static void test_told_to_stop_it_stops_and_sets_no_value(void **state)
{
    (void)state;
    struct reports r = {.best = INFINITY, .stop_after = 4};
    struct mlp_callbacks calls = {note, enough, &r};
    double value = -1;
    assert_int_equal(mlp_evaluate(mlp, &config, 5, &calls, &value), AFINA_CANCELLED);
    assert_int_equal(r.count, 4);
    assert_true(value == -1);
}

static int32_t always(void *user)
{
    (void)user;
    return 1;
}

static void test_told_to_stop_it_stops_within_a_long_epoch_too(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    static const int32_t algorithms[] = {ALGORITHM_SGD, ALGORITHM_BFGS};
    static double x[MANY], y[MANY];
    struct mlp_callbacks calls = {.should_stop = always};
    struct dataset *many;
    for (size_t r = 0; r < MANY; r++) {
        x[r] = (double)(r % 17);
        y[r] = (double)(r % 2);
    }
    assert_int_equal(dataset_from_arrays(&many, x, MANY, 1, y, AFINA_TASK_CLASSIFICATION), AFINA_OK);
    use(many);
    dataset_free(many);
    for (size_t i = 0; i < 2; i++) {
        double value = -1;
        config.algorithm = algorithms[i];
        config.units[0] = config.units[1] = 256;
        config.layers = 2;
        config.epochs = 1;
        assert_int_equal(mlp_evaluate(mlp, &config, 5, &calls, &value), AFINA_CANCELLED);
        assert_true(value == -1);
    }
}

static int32_t refuse(void *user, double step, double value)
{
    (void)user;
    (void)step;
    (void)value;
    return AFINA_E_STATE;
}

static void test_error_of_a_report_ends_the_evaluation(void **state)
{
    (void)state;
    struct mlp_callbacks calls = {.report = refuse};
    double value = -1;
    assert_int_equal(mlp_evaluate(mlp, &config, 5, &calls, &value), AFINA_E_STATE);
    assert_true(value == -1);
}

static void test_same_seed_same_bits_other_seed_other_bits(void **state)
{
    (void)state;
    for (int32_t algorithm = ALGORITHM_ADAM; algorithm <= ALGORITHM_CONJUGATE_GRADIENT; algorithm++) {
        assert_int_equal(mlp_set_string(mlp, "metric", "loss"), AFINA_OK);
        config.algorithm = algorithm;
        config.dropout = 0.1;
        config.epochs = 6;
        double first = evaluate(99), second = evaluate(99), other = evaluate(100);
        assert_memory_equal(&first, &second, sizeof first);
        assert_true(first != other);
    }
}

static void *evaluate_elsewhere(void *value)
{
    mlp_evaluate(mlp, &config, 99, NULL, value);
    return NULL;
}

static void test_threads_share_the_data_and_get_the_same_bits(void **state)
{
    (void)state;
    pthread_t thread[4];
    double value[4] = {-1, -2, -3, -4};
    assert_int_equal(mlp_set_string(mlp, "metric", "loss"), AFINA_OK);
    config.dropout = 0.1;
    double alone = evaluate(99);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, evaluate_elsewhere, &value[i]), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    for (size_t i = 0; i < 4; i++)
        assert_memory_equal(&value[i], &alone, sizeof alone);
}

static void test_divergence_gives_nan_for_every_algorithm(void **state)
{
    (void)state;
    use(line);
    for (int32_t algorithm = 0; algorithm <= ALGORITHM_NESTEROV; algorithm++) {
        config.algorithm = algorithm;
        config.learning_rate = 1e5;
        assert_true(isnan(evaluate(1)));
    }
    struct network *network;
    assert_int_equal(network_train(&network, mlp, &config, 1), AFINA_E_STATE);
    assert_null(network);
    assert_non_null(strstr(fail_text(), "the training diverged in epoch "));
}

static void test_huge_rates_never_hang_nor_give_infinity(void **state)
{
    (void)state;
    for (int32_t algorithm = 0; algorithm < ALGORITHM_COUNT; algorithm++) {
        config.algorithm = algorithm;
        config.learning_rate = 1e6;
        double value = evaluate(1);
        assert_true(isnan(value) || (value >= 0 && value <= 1));
    }
}

static void test_every_metric_can_be_minimised(void **state)
{
    (void)state;
    static const char *const classes[] = {"error", "accuracy", "f1", "auc"};
    static const char *const values[] = {"mse", "mae", "loss"};
    config.learning_rate = 0.01;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(mlp_set_string(mlp, "metric", classes[i]), AFINA_OK);
        double value = evaluate(2);
        assert_true(value >= 0 && value < 0.12);
    }
    assert_int_equal(mlp_set_string(mlp, "metric", "mse"), AFINA_E_TYPE);
    assert_int_equal(mlp_set_string(mlp, "metric", "auk"), AFINA_E_NAME);
    use(line);
    config.learning_rate = 0.01;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(mlp_set_string(mlp, "metric", values[i]), AFINA_OK);
        double value = evaluate(2);
        assert_true(value > 0.5 && value < 700); /* variance of the target: some 1400 */
    }
}

static void test_folds_report_and_return_the_mean(void **state)
{
    (void)state;
    struct reports r = {.best = INFINITY};
    struct mlp_callbacks calls = {note, NULL, &r};
    double value = -1;
    assert_int_equal(mlp_set_integer(mlp, "folds", 5), AFINA_OK);
    config.learning_rate = 0.01;
    assert_int_equal(mlp_evaluate(mlp, &config, 5, &calls, &value), AFINA_OK);
    assert_true(value < 0.1);
    assert_true(value <= r.best + 1e-12);
    /* Five folds of 30 rows: a mean of shares of 30. */
    assert_near(value * 150, round(value * 150), 1e-9);
    assert_int_equal(mlp_set_integer(mlp, "folds", 1), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "folds must be 0, or in [2, 150] for as many rows, got 1");
    assert_int_equal(mlp_set_integer(mlp, "folds", 151), AFINA_E_RANGE);
    assert_int_equal(mlp_set_integer(mlp, "folds", 150), AFINA_OK);
    config.epochs = 2;
    evaluate(1);
}

static void test_extreme_shares_leave_a_row_to_each_part(void **state)
{
    (void)state;
    config.epochs = 2;
    config.validation_share = 1e-6;
    config.training_share = 1e-6;
    double value = evaluate(1);
    assert_true(value == 0 || value == 1);
    config.validation_share = 0.9;
    assert_true(isfinite(evaluate(1)));
}

/* -------------------------------------------------------------------- networks */

static void test_trained_network_predicts_and_scores(void **state)
{
    (void)state;
    struct network *network;
    double p[FLOWERS * 3], accuracy = 0, loss = 0;
    size_t count = 0, right = 0;
    config.learning_rate = 0.01;
    assert_int_equal(network_train(&network, mlp, &config, 4), AFINA_OK);
    assert_int_equal(network_predict(network, flowers->features, FLOWERS, 4, p, FLOWERS * 3, &count), AFINA_OK);
    assert_int_equal(count, FLOWERS * 3);
    for (size_t r = 0; r < FLOWERS; r++) {
        const double *q = p + 3 * r;
        int32_t best = q[0] > q[1] && q[0] > q[2] ? 0 : q[1] > q[2] ? 1 : 2;
        right += best == flowers->labels[r];
        assert_near(q[0] + q[1] + q[2], 1, 1e-6);
    }
    assert_int_equal(network_score(network, flowers, "accuracy", &accuracy), AFINA_OK);
    assert_near(accuracy, (double)right / FLOWERS, 1e-12);
    assert_true(accuracy > 0.9);
    assert_int_equal(network_score(network, flowers, "loss", &loss), AFINA_OK);
    assert_true(loss > 0 && loss < 0.5);
    network_free(network);
}

static void test_regression_predicts_in_the_units_of_the_target(void **state)
{
    (void)state;
    struct network *network;
    double p[LINE], mse = 0, expected = 0;
    size_t count = 0;
    use(line);
    config.algorithm = ALGORITHM_BFGS;
    config.activation[0] = ACTIVATION_TANH;
    config.epochs = 200;
    config.patience = 200;
    assert_int_equal(network_train(&network, mlp, &config, 4), AFINA_OK);
    assert_int_equal(network_predict(network, line->features, LINE, 2, p, LINE, &count), AFINA_OK);
    for (size_t r = 0; r < LINE; r++)
        expected += (p[r] - line->values[r]) * (p[r] - line->values[r]) / LINE;
    assert_int_equal(network_score(network, line, "mse", &mse), AFINA_OK);
    assert_near(mse, expected, 1e-9 * expected);
    assert_true(mse < 100);
    network_free(network);
}

static void test_predict_measures_and_fills_what_fits(void **state)
{
    (void)state;
    struct network *network;
    double p[5] = {-1, -1, -1, -1, -1};
    size_t count = 0;
    config.epochs = 1;
    assert_int_equal(network_train(&network, mlp, &config, 4), AFINA_OK);
    assert_int_equal(network_predict(network, flowers->features, 2, 4, NULL, 0, &count), AFINA_OK);
    assert_int_equal(count, 6);
    assert_int_equal(network_predict(network, flowers->features, 2, 4, p, 4, &count), AFINA_OK);
    assert_int_equal(count, 6);
    assert_true(p[3] >= 0 && p[4] == -1);
    network_free(network);
}

static void test_network_refuses_data_of_another_form(void **state)
{
    (void)state;
    static const double wide[] = {1, 2, 3, 4, NAN, 6}, many_x[] = {1, 2, 3, 4, 5, 6, 7, 8}, many_y[] = {0, 3};
    struct network *network;
    struct dataset *many;
    double value = -1;
    size_t count = 0;
    config.epochs = 1;
    assert_int_equal(network_train(&network, mlp, &config, 4), AFINA_OK);
    assert_int_equal(network_predict(network, wide, 1, 5, &value, 1, &count), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "columns must be 4, as in training, got 5");
    assert_int_equal(network_predict(network, wide + 1, 1, 4, &value, 1, &count), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "feature 3 of row 0 must be finite, got nan");
    assert_int_equal(network_score(network, line, "mse", &value), AFINA_E_TYPE);
    assert_int_equal(network_score(network, flowers, "mse", &value), AFINA_E_TYPE);
    assert_int_equal(dataset_from_arrays(&many, many_x, 2, 4, many_y, AFINA_TASK_CLASSIFICATION), AFINA_OK);
    assert_int_equal(network_score(network, many, "error", &value), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "the data set has 4 classes, the network knows 3");
    assert_true(value == -1);
    dataset_free(many);
    network_free(network);
}

static void test_one_row_is_too_few(void **state)
{
    (void)state;
    static const double x[] = {1}, y[] = {2};
    struct dataset *one;
    struct mlp *none;
    assert_int_equal(dataset_from_arrays(&one, x, 1, 1, y, AFINA_TASK_REGRESSION), AFINA_OK);
    assert_int_equal(mlp_new(&none, one), AFINA_E_RANGE);
    assert_null(none);
    dataset_free(one);
}

/* ---------------------------------------------------------------------- digits */

static void test_a_good_configuration_reads_97_of_100_unseen_digits(void **state)
{
    (void)state;
    struct dataset *digits, *train, *test;
    double sum = 0;
    int quick = getenv("AFINA_TEST_QUICK") != NULL, seeds = quick ? 1 : 3;
    assert_int_equal(dataset_from_csv(&digits, "examples/data/digits.csv", 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0),
                     AFINA_OK);
    for (int seed = 1; seed <= seeds; seed++) {
        struct network *network;
        double accuracy = 0;
        assert_int_equal(dataset_split(digits, 0.25, (uint64_t)seed, &train, &test), AFINA_OK);
        use(train);
        config.units[0] = 256;
        config.dropout = 0.4;
        config.learning_rate = 2e-3;
        config.schedule = RATE_COSINE;
        config.validation_share = 0.1;
        config.patience = 30;
        if (quick)
            config.epochs = 4;
        assert_int_equal(network_train(&network, mlp, &config, (uint64_t)seed), AFINA_OK);
        assert_int_equal(network_score(network, test, "accuracy", &accuracy), AFINA_OK);
        sum += accuracy;
        network_free(network);
        dataset_free(train);
        dataset_free(test);
    }
    assert_true(sum / seeds >= (quick ? 0.9 : 0.97));
    dataset_free(digits);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_algorithm_learns_the_flowers),
        TEST(test_every_algorithm_learns_the_regression),
        TEST(test_every_algorithm_lowers_the_training_loss),
        TEST(test_every_activation_and_every_start_learns),
        TEST(test_deep_networks_dropout_and_schedules_learn),
        TEST(test_every_use_of_batches_learns),
        TEST(test_strong_l2_keeps_weights_small),
        TEST(test_without_replacement_every_row_is_used_once),
        TEST(test_shuffled_once_or_never_the_order_stays),
        TEST(test_with_replacement_rows_are_drawn_evenly),
        TEST(test_large_batches_in_several_passes_give_one_gradient),
        TEST(test_training_ends_after_patience_and_keeps_the_best_epoch),
        TEST(test_training_never_passes_its_epochs),
        TEST(test_every_epoch_is_reported_and_the_best_is_the_value),
        TEST(test_told_to_stop_it_stops_and_sets_no_value),
        TEST(test_told_to_stop_it_stops_within_a_long_epoch_too),
        TEST(test_error_of_a_report_ends_the_evaluation),
        TEST(test_same_seed_same_bits_other_seed_other_bits),
        TEST(test_threads_share_the_data_and_get_the_same_bits),
        TEST(test_divergence_gives_nan_for_every_algorithm),
        TEST(test_huge_rates_never_hang_nor_give_infinity),
        TEST(test_every_metric_can_be_minimised),
        TEST(test_folds_report_and_return_the_mean),
        TEST(test_extreme_shares_leave_a_row_to_each_part),
        TEST(test_trained_network_predicts_and_scores),
        TEST(test_regression_predicts_in_the_units_of_the_target),
        TEST(test_predict_measures_and_fills_what_fits),
        TEST(test_network_refuses_data_of_another_form),
        TEST(test_one_row_is_too_few),
        TEST(test_a_good_configuration_reads_97_of_100_unseen_digits),
    };
    return cmocka_run_group_tests_name("training", tests, make_data, free_data);
}
