/* A training that is left, saved and taken up again is the same, bit for bit, as one that was not. */
#include "afina_mlp.h"
#include "core/fail.h"
#include "core/rng.h"
#include "mlp/activation.h"
#include "mlp/dataset.h"
#include "mlp/mlp.h"
#include "mlp/rate_schedule.h"
#include "mlp/training.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { ROWS = 90, COLUMNS = 3, EPOCHS = 12 };

static struct dataset *classes, *values;
static struct mlp *mlp;
static struct mlp_config config;

#define OK(call)                                                                                                       \
    do {                                                                                                               \
        if (call)                                                                                                      \
            fail_msg("%s: %s", #call, fail_text());                                                                    \
    } while (0)

static int make_data(void **state)
{
    static double x[ROWS * COLUMNS], label[ROWS], y[ROWS];
    struct rng rng;
    (void)state;
    rng_start(&rng, 31, 0, RNG_OBJECTIVE);
    for (size_t r = 0; r < ROWS; r++) {
        label[r] = (double)(r % 3);
        for (size_t c = 0; c < COLUMNS; c++)
            x[COLUMNS * r + c] = (c == r % 3 ? 1.5 : 0) + rng_normal(&rng);
        y[r] = x[COLUMNS * r] - 2 * x[COLUMNS * r + 1] + 0.3 * rng_normal(&rng);
    }
    return dataset_from_arrays(&classes, x, ROWS, COLUMNS, label, AFINA_TASK_CLASSIFICATION) ||
           dataset_from_arrays(&values, x, ROWS, COLUMNS, y, AFINA_TASK_REGRESSION);
}

static int free_data(void **state)
{
    (void)state;
    dataset_free(classes);
    dataset_free(values);
    return 0;
}

static void use(const struct dataset *d)
{
    mlp_free(mlp);
    OK(mlp_new(&mlp, d));
    mlp_default(mlp, &config);
    config.units[0] = 6;
    config.epochs = EPOCHS;
    config.patience = EPOCHS;
    config.batch_size = 16;
    config.learning_rate = 0.02;
}

static int set_up(void **state)
{
    (void)state;
    use(classes);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mlp_free(mlp);
    mlp = NULL;
    return 0;
}

static unsigned char *save(const struct training *t, size_t *size)
{
    OK(training_save(t, NULL, 0, size));
    unsigned char *bytes = malloc(*size);
    assert_non_null(bytes);
    OK(training_save(t, bytes, *size, size));
    return bytes;
}

static struct training *begin(void)
{
    struct training *t;
    OK(training_new(&t, mlp, &config, 2385));
    return t;
}

/* The state after `last` epochs, straight or by way of a save after `first` of them. */
static unsigned char *state_after(int32_t first, int32_t last, size_t *size)
{
    struct training *t = begin();
    if (first > 0) {
        OK(training_run(t, first, NULL));
        unsigned char *bytes = save(t, size);
        training_free(t);
        t = begin();
        OK(training_load(t, bytes, *size));
        free(bytes);
        assert_true(training_epochs(t) == first || t->state == TRAINER_FINISHED);
    }
    OK(training_run(t, last, NULL));
    unsigned char *bytes = save(t, size);
    training_free(t);
    return bytes;
}

/* The state holds the weights, so equal states are equal networks. */
static void assert_going_on_changes_nothing(const char *what)
{
    static const int32_t first[] = {1, 5};
    size_t n, m;
    unsigned char *straight = state_after(0, EPOCHS, &n);
    for (size_t i = 0; i < 2; i++) {
        unsigned char *resumed = state_after(first[i], EPOCHS, &m);
        if (n != m || memcmp(straight, resumed, n) != 0)
            fail_msg("%s: saved after %d epochs it is another training", what, first[i]);
        free(resumed);
    }
    free(straight);
}

/* ------------------------------------------------------------------ continuing */

static void test_every_algorithm_goes_on(void **state)
{
    (void)state;
    for (int32_t algorithm = 0; algorithm < ALGORITHM_COUNT; algorithm++)
        for (int32_t regression = 0; regression < 2; regression++) {
            use(regression ? values : classes);
            config.algorithm = algorithm;
            assert_going_on_changes_nothing("algorithm");
        }
}

static void test_every_activation_goes_on(void **state)
{
    (void)state;
    config.layers = 2;
    config.units[1] = 4;
    for (int32_t activation = 0; activation < ACTIVATION_COUNT; activation++) {
        config.activation[0] = config.activation[1] = activation;
        config.dropout = activation % 2 ? 0.3 : 0;
        assert_going_on_changes_nothing("activation");
    }
}

static void test_every_schedule_goes_on(void **state)
{
    (void)state;
    for (int32_t schedule = 0; schedule < RATE_SCHEDULES; schedule++) {
        config.schedule = schedule;
        assert_going_on_changes_nothing("schedule");
    }
}

static void test_every_order_of_rows_goes_on(void **state)
{
    (void)state;
    for (int32_t batch = 0; batch < BATCH_COUNT; batch++)
        for (int32_t order = 0; order < SHUFFLE_COUNT; order++)
            for (int32_t replacement = 0; replacement < 2; replacement++) {
                config.batch = batch;
                config.shuffle = order;
                config.replacement = replacement;
                assert_going_on_changes_nothing("batch");
            }
}

static void test_folds_go_on_each_with_its_own_early_stop(void **state)
{
    (void)state;
    OK(mlp_set_integer(mlp, "folds", 4));
    config.patience = 3;
    config.learning_rate = 0.05;
    assert_going_on_changes_nothing("folds");
}

/* A schedule that went by the epochs of the run would fall to its end within the first of them. */
static void test_the_schedule_goes_by_the_planned_epochs(void **state)
{
    (void)state;
    config.schedule = RATE_COSINE;
    config.algorithm = ALGORITHM_SGD;
    size_t n, m;
    unsigned char *of_twelve = state_after(0, 3, &n);
    config.epochs = 3;
    unsigned char *of_three = state_after(0, 3, &m);
    assert_int_equal(n, m);
    assert_memory_not_equal(of_twelve, of_three, n);
    free(of_twelve);
    free(of_three);
}

static void test_best_epoch_and_value_are_kept(void **state)
{
    (void)state;
    struct training *t = begin();
    double epoch, value, epoch_again, value_again;
    size_t size;
    assert_int_equal(training_best(t, &epoch, &value), AFINA_E_STATE);
    OK(training_run(t, 7, NULL));
    OK(training_best(t, &epoch, &value));
    assert_true(epoch >= 1 && epoch <= 7);
    unsigned char *bytes = save(t, &size);
    training_free(t);
    t = begin();
    OK(training_load(t, bytes, size));
    OK(training_best(t, &epoch_again, &value_again));
    assert_true(epoch == epoch_again && value == value_again);
    training_free(t);
    free(bytes);
}

static void test_weights_go_on_under_another_learning_rate(void **state)
{
    (void)state;
    struct training *t = begin();
    size_t size;
    OK(training_run(t, 4, NULL));
    unsigned char *bytes = save(t, &size);
    training_free(t);
    config.learning_rate = 0.005;
    config.activation[0] = ACTIVATION_TANH;
    t = begin();
    OK(training_load(t, bytes, size));
    OK(training_run(t, EPOCHS, NULL));
    assert_int_equal(training_epochs(t), EPOCHS);
    training_free(t);
    free(bytes);
}

/* ------------------------------------------------------------------- bad input */

static struct training *target;

/* It is refused with this text, and leaves the training as it was. */
static void refuses(const unsigned char *bytes, size_t size, const char *text)
{
    size_t before, after;
    unsigned char *old = save(target, &before);
    assert_int_equal(training_load(target, bytes, size), AFINA_E_FORMAT);
    if (!strstr(fail_text(), text))
        fail_msg("\"%s\" lacks \"%s\"", fail_text(), text);
    unsigned char *new = save(target, &after);
    assert_int_equal(before, after);
    assert_memory_equal(old, new, before);
    free(old);
    free(new);
}

static void test_damaged_bytes_are_refused(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = state_after(0, 2, &size);
    target = begin();
    OK(training_run(target, 1, NULL));
    refuses(bytes, 0, "not the state of a training");
    refuses((const unsigned char *)"afinanett", 9, "not the state of a training");
    for (size_t n = 28; n < size; n += 97)
        refuses(bytes, n, "should have");
    bytes[0] ^= 1;
    refuses(bytes, size, "not the state of a training");
    bytes[0] ^= 1;
    bytes[8] = 9;
    refuses(bytes, size, "version 9");
    bytes[8] = 1;
    for (size_t i = 28; i < size; i += 53) {
        bytes[i] ^= 4;
        refuses(bytes, size, "check sum");
        bytes[i] ^= 4;
    }
    OK(training_load(target, bytes, size));
    training_free(target);
    free(bytes);
}

/* FNV-1a, by its published constants. */
static void forge(unsigned char *bytes, size_t size)
{
    uint64_t sum = 0xCBF29CE484222325u;
    for (size_t i = 28; i < size; i++)
        sum = (sum ^ bytes[i]) * 0x100000001B3u;
    for (size_t i = 0; i < 8; i++)
        bytes[20 + i] = (unsigned char)(sum >> 8 * i);
}

/* Every byte of a state may be anything: reading and going on stays inside what is there, which the
 * sanitizers see. */
static void test_forged_bytes_do_no_harm(void **state)
{
    (void)state;
    size_t size, refused = 0;
    config.algorithm = ALGORITHM_BFGS;
    unsigned char *bytes = state_after(0, 2, &size);
    target = begin();
    for (size_t i = 28; i < size; i += i < 1200 ? 1 : 41) {
        unsigned char was = bytes[i];
        bytes[i] ^= 0x81;
        forge(bytes, size);
        struct training *t = begin();
        int32_t rc = training_load(t, bytes, size);
        refused += rc == AFINA_E_FORMAT;
        assert_true(rc == AFINA_OK || rc == AFINA_E_FORMAT);
        training_run(t, 4, NULL);
        training_free(t);
        bytes[i] = was;
    }
    assert_true(refused > 150);
    training_free(target);
    free(bytes);
}

static void test_a_state_of_another_training_is_refused(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = state_after(0, 2, &size);
    struct mlp_config right = config;
    struct {
        const char *text;
        struct mlp_config config;
    } wrong[] = {
        {"6 units in layer 1", right}, {"layers 1", right}, {"another algorithm", right}, {"training rows 72", right}};
    wrong[0].config.units[0] = 7;
    wrong[1].config.layers = 2;
    wrong[2].config.algorithm = ALGORITHM_SGD;
    wrong[3].config.training_share = 0.5;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        config = wrong[i].config;
        target = begin();
        refuses(bytes, size, wrong[i].text);
        training_free(target);
    }
    config = right;
    OK(mlp_set_integer(mlp, "folds", 3));
    target = begin();
    refuses(bytes, size, "folds 1");
    training_free(target);
    free(bytes);
}

static void test_a_state_of_other_data_is_refused(void **state)
{
    (void)state;
    static double x[ROWS * COLUMNS], y[ROWS];
    struct dataset *other;
    size_t size;
    unsigned char *bytes = state_after(0, 2, &size);
    memcpy(x, classes->features, sizeof x);
    for (size_t r = 0; r < ROWS; r++)
        y[r] = (double)(r % 3);
    x[17] += 0.5;
    OK(dataset_from_arrays(&other, x, ROWS, COLUMNS, y, AFINA_TASK_CLASSIFICATION));
    use(other);
    target = begin();
    refuses(bytes, size, "other rows or data");
    training_free(target);
    dataset_free(other);
    free(bytes);
}

static void test_a_diverged_training_is_not_saved(void **state)
{
    (void)state;
    size_t size;
    use(values);
    config.algorithm = ALGORITHM_SGD;
    config.learning_rate = 1e6;
    struct training *t = begin();
    assert_int_equal(training_run(t, EPOCHS, NULL), AFINA_E_STATE);
    assert_int_equal(training_save(t, NULL, 0, &size), AFINA_E_STATE);
    assert_non_null(strstr(fail_text(), "diverged"));
    assert_int_equal(training_run(t, EPOCHS, NULL), AFINA_E_STATE);
    training_free(t);
}

/* ----------------------------------------------------------- without validation */

static void test_all_rows_train_for_exactly_so_many_epochs(void **state)
{
    (void)state;
    struct network *network;
    double error;
    for (int32_t algorithm = 0; algorithm < ALGORITHM_COUNT; algorithm++) {
        config.algorithm = algorithm;
        config.patience = 1;
        OK(network_train_epochs(&network, mlp, &config, EPOCHS, 3));
        OK(network_score(network, classes, "error", &error));
        assert_true(error < 0.7);
        network_free(network);
    }
    assert_int_equal(network_train_epochs(&network, mlp, &config, EPOCHS + 1, 3), AFINA_E_RANGE);
    assert_non_null(strstr(fail_text(), "[1, 12]"));
    assert_null(network);
    assert_int_equal(network_train_epochs(&network, mlp, &config, 0, 3), AFINA_E_RANGE);
}

static void test_a_divergence_without_validation_is_seen(void **state)
{
    (void)state;
    struct network *network;
    use(values);
    config.algorithm = ALGORITHM_SGD;
    config.learning_rate = 1e6;
    assert_int_equal(network_train_epochs(&network, mlp, &config, EPOCHS, 3), AFINA_E_STATE);
    assert_null(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_algorithm_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_activation_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_schedule_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_order_of_rows_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_folds_go_on_each_with_its_own_early_stop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_schedule_goes_by_the_planned_epochs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_best_epoch_and_value_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_weights_go_on_under_another_learning_rate, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damaged_bytes_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_forged_bytes_do_no_harm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_state_of_another_training_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_state_of_other_data_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_diverged_training_is_not_saved, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_all_rows_train_for_exactly_so_many_epochs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_divergence_without_validation_is_seen, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("continuation", tests, make_data, free_data);
}
