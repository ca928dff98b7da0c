/* The reference network as an objective: budgets, checkpoints, and the epochs that early stopping chose. */
#include "afina_mlp.h"
#include "mlp/mlp_files.h"
#include "support/small_study.h"

#include <math.h>

enum { ROWS = 120, EPOCHS = 20 };

static afina_dataset *data;
static afina_mlp *mlp;
static afina_space *space;
static char prefix[96];

/* Two clouds that overlap. */
static void make_data(void)
{
    static double x[ROWS * 2], y[ROWS];
    for (size_t r = 0; r < ROWS; r++) {
        double turn = (double)r * 2.399963;
        y[r] = (double)(r % 2);
        x[2 * r] = 1.2 * cos(turn) + (double)(r % 2);
        x[2 * r + 1] = 1.2 * sin(2 * turn) - (double)(r % 2);
    }
    OK(afina_dataset_from_arrays(&data, x, ROWS, 2, y, AFINA_TASK_CLASSIFICATION));
}

static int set_up(void **state)
{
    if (files_setup(state))
        return 1;
    make_data();
    OK(afina_mlp_new(&mlp, data));
    OK(afina_mlp_set_integer(mlp, "epochs", EPOCHS));
    OK(afina_mlp_set_string(mlp, "metric", "loss"));
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "learning_rate", 1e-3, 1e-1, AFINA_SCALE_LOG));
    OK(afina_space_add_integer(space, "patience", 1, EPOCHS, AFINA_SCALE_LINEAR));
    OK(afina_space_set_default_integer(space, "patience", EPOCHS));
    snprintf(prefix, sizeof prefix, "%s/", files_directory);
    return 0;
}

static int tear_down(void **state)
{
    afina_space_free(space);
    afina_mlp_free(mlp);
    afina_dataset_free(data);
    remove(file_path("0.training"));
    remove(file_path("1.training"));
    return files_teardown(state);
}

/* Adds a running trial of the point of trial 0 to the log, as a scheduler does. */
static void promote(afina_optimizer *o, int64_t parent, double budget)
{
    char line[256], point[128];
    afina_trial *first;
    size_t length;
    int64_t position, next;
    int64_t number;
    OK(afina_trial_count(o, &number));
    OK(afina_trial_get(o, 0, &first));
    OK(afina_point_to_json(afina_trial_point(first), point, sizeof point, &length));
    snprintf(line, sizeof line,
             "{\"event\":\"asked\",\"trial\":%lld,\"origin\":\"promoted\",\"seen\":0,\"parent\":%lld,\"budget\":%.17g,"
             "\"point\":%s}\n",
             (long long)number, (long long)parent, budget, point);
    OK(afina_log_length(o, &position));
    if (afina_log_append(o, position, line, strlen(line), &next))
        fail_msg("%s", afina_last_error());
    afina_trial_free(first);
}

static afina_optimizer *new_optimizer(void)
{
    afina_optimizer *o;
    OK(afina_optimizer_new(&o, space, "manual"));
    return o;
}

/* Evaluates a running trial and tells its value; the reports it made. */
static size_t evaluate(afina_trial *trial, double *value)
{
    size_t reports;
    *value = NAN;
    if (afina_mlp_objective(trial, value, mlp))
        fail_msg("%s", afina_last_error());
    if (!isnan(*value))
        OK(afina_trial_tell(trial, value, 1));
    OK(afina_trial_report_count(trial, &reports));
    return reports;
}

static afina_trial *start_default(afina_optimizer *o)
{
    afina_point *point;
    afina_trial *trial;
    OK(afina_point_new(&point, space));
    OK(afina_start(o, point, &trial));
    afina_point_free(point);
    return trial;
}

static void same_report(const afina_trial *a, size_t i, const afina_trial *b, size_t j)
{
    double step_a, step_b, a_value, b_value;
    size_t n;
    OK(afina_trial_report(a, i, &step_a, &a_value, 1, &n));
    OK(afina_trial_report(b, j, &step_b, &b_value, 1, &n));
    assert_true(step_a == step_b && a_value == b_value);
}

static int32_t count_warnings(int32_t level, const char *text, void *user)
{
    if (level == AFINA_MESSAGE_WARNING && strstr(text, "starts again"))
        ++*(int *)user;
    return AFINA_OK;
}

/* ------------------------------------------------------------------------------ */

static void test_a_budget_is_a_number_of_epochs(void **state)
{
    (void)state;
    static const double budgets[] = {0.3, 1, 4.9, 7.0 * (1 - 1e-12), 20, 1000};
    static const size_t epochs[] = {1, 1, 4, 7, 20, 20};
    for (size_t i = 0; i < 6; i++) {
        afina_optimizer *o = new_optimizer();
        afina_trial *first = start_default(o), *trial;
        double value;
        promote(o, 0, budgets[i]);
        OK(afina_trial_get(o, 1, &trial));
        assert_int_equal(evaluate(trial, &value), epochs[i]);
        afina_trial_free(trial);
        afina_trial_free(first);
        afina_optimizer_free(o);
    }
}

/* Trial 0 trains 20 epochs; the same work in trials of 5 and of 20 epochs, by way of a file. The seed is that of the
 * trial's number, so the networks of two studies are compared: the second one's trial 0 is stopped after 5. */
static int32_t stop_after_five(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    (void)trial;
    if (event == AFINA_EVENT_REPORTED && report == 4)
        OK(afina_cancel(user));
    return AFINA_OK;
}

static void test_a_promotion_goes_on_from_the_checkpoint(void **state)
{
    (void)state;
    afina_optimizer *straight = new_optimizer(), *halted = new_optimizer();
    afina_trial *all = start_default(straight), *part = start_default(halted), *rest;
    double value, half, resumed;
    char path[160];
    size_t n;
    assert_int_equal(evaluate(all, &value), EPOCHS);
    OK(afina_mlp_set_string(mlp, "checkpoints", prefix));
    OK(afina_optimizer_set_observer(halted, stop_after_five, halted, NULL));
    assert_int_equal(evaluate(part, &half), 5);
    assert_true(isnan(half));
    OK(afina_trial_checkpoint(part, path, sizeof path, &n));
    assert_string_equal(path, file_path("0.training"));
    OK(afina_trial_tell_stopped(part));
    assert_int_equal(afina_optimize(halted, afina_mlp_objective, mlp, 1), AFINA_CANCELLED); /* takes the cancel */
    OK(afina_optimizer_set_observer(halted, NULL, NULL, NULL));
    promote(halted, 0, EPOCHS);
    OK(afina_trial_get(halted, 1, &rest));
    assert_int_equal(evaluate(rest, &resumed), EPOCHS - 5);
    assert_true(resumed == value);
    for (size_t i = 0; i < EPOCHS; i++)
        same_report(all, i, i < 5 ? part : rest, i < 5 ? i : i - 5);
    OK(afina_mlp_set_string(mlp, "checkpoints", ""));
    afina_trial_free(all);
    afina_trial_free(part);
    afina_trial_free(rest);
    afina_optimizer_free(straight);
    afina_optimizer_free(halted);
}

/* Its checkpoint is gone, damaged, or was never told: the trial does all the work itself, and says so. */
static void test_a_lost_checkpoint_starts_again(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        afina_optimizer *o = new_optimizer();
        afina_trial *first = start_default(o), *second;
        double value;
        int warnings = 0;
        OK(afina_optimizer_set_message(o, count_warnings, &warnings, NULL));
        OK(afina_mlp_set_string(mlp, "checkpoints", way == 2 ? "" : prefix));
        assert_int_equal(evaluate(first, &value), EPOCHS);
        if (way == 0)
            remove(file_path("0.training"));
        if (way == 1)
            file_text("0.training", "afinanet, but no more");
        promote(o, 0, 7);
        OK(afina_trial_get(o, 1, &second));
        assert_int_equal(evaluate(second, &value), 7);
        assert_int_equal(warnings, 1);
        OK(afina_mlp_set_string(mlp, "checkpoints", ""));
        afina_trial_free(first);
        afina_trial_free(second);
        afina_optimizer_free(o);
    }
}

static void test_a_checkpoint_that_cannot_be_written_costs_no_result(void **state)
{
    (void)state;
    afina_optimizer *o = new_optimizer();
    afina_trial *trial = start_default(o);
    char path[160], folder[128];
    double value;
    size_t n;
    snprintf(folder, sizeof folder, "%sno-such-folder/", prefix);
    OK(afina_mlp_set_string(mlp, "checkpoints", folder));
    assert_int_equal(evaluate(trial, &value), EPOCHS);
    assert_true(isfinite(value));
    OK(afina_trial_checkpoint(trial, path, sizeof path, &n));
    assert_int_equal(n, 0);
    assert_non_null(strstr(afina_last_error(), "there is no such folder"));
    OK(afina_mlp_set_string(mlp, "checkpoints", ""));
    afina_trial_free(trial);
    afina_optimizer_free(o);
}

static void test_a_divergence_fails_with_its_reason(void **state)
{
    (void)state;
    afina_space *wild;
    afina_optimizer *o;
    afina_trial *trial;
    char reason[128];
    size_t n;
    int32_t trial_state;
    static const char *const sgd[] = {"sgd"};
    OK(afina_space_new(&wild));
    OK(afina_space_add_real(wild, "learning_rate", 1e6, 1e6, AFINA_SCALE_LINEAR));
    OK(afina_space_add_categorical(wild, "algorithm", sgd, 1));
    OK(afina_optimizer_new(&o, wild, "random"));
    assert_int_equal(afina_optimize(o, afina_mlp_objective, mlp, 1), AFINA_ALL_FAILED);
    OK(afina_trial_get(o, 0, &trial));
    OK(afina_trial_state(trial, &trial_state));
    assert_int_equal(trial_state, AFINA_STATE_FAILED);
    OK(afina_trial_reason(trial, reason, sizeof reason, &n));
    assert_non_null(strstr(reason, "diverged in epoch"));
    afina_trial_free(trial);
    afina_optimizer_free(o);
    afina_space_free(wild);
}

/* The recipe of docs/mlp.md: tune with folds and early stopping, then train on everything for as many epochs as the
 * folds needed in the mean. */
static void test_the_epochs_of_early_stopping_train_the_final_network(void **state)
{
    (void)state;
    afina_optimizer *o;
    afina_trial *best;
    afina_network *network;
    char text[32];
    double error;
    size_t n;
    uint64_t seed;
    OK(afina_mlp_set_integer(mlp, "folds", 4));
    OK(afina_optimizer_new(&o, space, "random"));
    OK(afina_optimize(o, afina_mlp_objective, mlp, 4));
    OK(afina_best(o, &best));
    OK(afina_trial_attribute(best, "epochs", text, sizeof text, &n));
    int32_t epochs = (int32_t)strtol(text, NULL, 10);
    assert_true(epochs >= 1 && epochs <= EPOCHS);
    OK(afina_trial_seed(best, &seed));
    OK(afina_network_train_epochs(&network, mlp, afina_trial_point(best), epochs, seed));
    OK(afina_network_score(network, data, "error", &error));
    assert_true(error < 0.35);
    OK(afina_mlp_set_integer(mlp, "folds", 0));
    afina_network_free(network);
    afina_trial_free(best);
    afina_optimizer_free(o);
}

/* Successive halving over 1, 2, 4 and 8 epochs: what is promoted trains the difference alone, and each curve goes on
 * where its parent's ended. Without a place for checkpoints the same study trains everything again, and says so. */
static size_t epochs_of_halving(const char *checkpoints, size_t *restarted)
{
    afina_optimizer *o;
    size_t epochs = 0, reports;
    int64_t count, parent;
    double budget, step, value;
    OK(afina_mlp_set_string(mlp, "checkpoints", checkpoints));
    OK(afina_optimizer_new(&o, space, "random"));
    OK(afina_optimizer_set_string(o, "scheduler", "halving"));
    OK(afina_optimizer_set_real(o, "budget_min", 1));
    OK(afina_optimizer_set_real(o, "budget_max", 8));
    OK(afina_optimize(o, afina_mlp_objective, mlp, 30));
    OK(afina_trial_count(o, &count));
    *restarted = 0;
    for (int64_t k = 0; k < count; k++) {
        afina_trial *trial;
        char path[160];
        size_t n;
        OK(afina_trial_get(o, k, &trial));
        OK(afina_trial_parent(trial, &parent));
        OK(afina_trial_budget(trial, &budget));
        OK(afina_trial_report_count(trial, &reports));
        epochs += reports;
        if (parent >= 0) {
            OK(afina_trial_report(trial, 0, &step, &value, 1, &n));
            *restarted += step == 1;
            assert_true(step + (double)reports - 1 == budget);
        }
        OK(afina_trial_checkpoint(trial, path, sizeof path, &n));
        if (n)
            remove(path);
        afina_trial_free(trial);
    }
    OK(afina_mlp_set_string(mlp, "checkpoints", ""));
    afina_optimizer_free(o);
    return epochs;
}

static void test_halving_trains_the_difference(void **state)
{
    (void)state;
    size_t none, some;
    OK(afina_mlp_set_integer(mlp, "epochs", 8));
    size_t with = epochs_of_halving(prefix, &none), without = epochs_of_halving("", &some);
    OK(afina_mlp_set_integer(mlp, "epochs", EPOCHS));
    print_message("epochs: %zu with checkpoints, %zu without\n", with, without);
    assert_int_equal(none, 0);
    assert_true(some > 0);
    assert_true(with < without);
}

/* ------------------------------------------------------------------- the handle */

static int32_t stop_at(int32_t epochs, double value, void *user)
{
    (void)value;
    return epochs >= *(int32_t *)user ? AFINA_CANCELLED : AFINA_OK;
}

static int32_t answer_seven(int32_t epochs, double value, void *user)
{
    (void)epochs;
    (void)value;
    (void)user;
    return 7;
}

static void test_a_training_in_the_hosts_hands(void **state)
{
    (void)state;
    afina_point *point;
    afina_training *t, *u;
    afina_network *a, *b;
    int32_t epochs, ended, three = 3;
    double x[] = {0.3, -0.8}, p[2], q[2], epoch, value;
    size_t size, n;
    OK(afina_point_new(&point, space));
    OK(afina_training_new(&t, mlp, point, 5));
    OK(afina_training_new(&u, mlp, point, 6));
    FAILS(afina_training_best(t, &epoch, &value), AFINA_E_STATE, "not done an epoch");
    FAILS(afina_training_run(t, -1, NULL, NULL), AFINA_E_RANGE, "got -1");
    assert_int_equal(afina_training_run(t, 10, stop_at, &three), AFINA_CANCELLED);
    OK(afina_training_progress(t, &epochs, &ended));
    assert_true(epochs == 3 && !ended);
    assert_int_equal(afina_training_run(t, 10, answer_seven, NULL), AFINA_E_CALLBACK);
    OK(afina_training_save(t, NULL, 0, &size));
    unsigned char *bytes = calloc(1, size);
    OK(afina_training_save(t, bytes, size - 1, &size));
    assert_int_equal(bytes[0], 0); /* no part of it is written */
    OK(afina_training_save(t, bytes, size, &size));
    OK(afina_training_load(u, bytes, size));
    OK(afina_training_run(t, 1000, NULL, NULL));
    OK(afina_training_run(u, 1000, NULL, NULL));
    OK(afina_training_progress(u, &epochs, &ended));
    assert_true(epochs == EPOCHS && ended);
    OK(afina_training_network(&a, t, 0));
    FAILS(afina_training_network(&b, u, 1), AFINA_E_RANGE, "fold must be in [0, 0], got 1");
    assert_null(b);
    OK(afina_training_network(&b, u, 0));
    OK(afina_network_predict(a, x, 1, 2, p, 2, &n));
    OK(afina_network_predict(b, x, 1, 2, q, 2, &n));
    assert_memory_equal(p, q, sizeof p);
    OK(afina_training_best(u, &epoch, &value));
    assert_true(epoch >= 1 && epoch <= EPOCHS);
    afina_network_free(a);
    afina_network_free(b);
    afina_training_free(t);
    afina_training_free(u);
    afina_point_free(point);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_budget_is_a_number_of_epochs),
        cmocka_unit_test(test_a_promotion_goes_on_from_the_checkpoint),
        cmocka_unit_test(test_a_lost_checkpoint_starts_again),
        cmocka_unit_test(test_a_checkpoint_that_cannot_be_written_costs_no_result),
        cmocka_unit_test(test_a_divergence_fails_with_its_reason),
        cmocka_unit_test(test_the_epochs_of_early_stopping_train_the_final_network),
        cmocka_unit_test(test_halving_trains_the_difference),
        cmocka_unit_test(test_a_training_in_the_hosts_hands),
    };
    return cmocka_run_group_tests_name("mlp_objective", tests, set_up, tear_down);
}
