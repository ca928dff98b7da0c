/* Every n-th allocation of the reference network fails, once and from then on:
 * AFINA_E_MEMORY, nothing given out, nothing leaked. */
#define _GNU_SOURCE /* mkdir, getpid */
#include "afina_mlp.h"
#include "mlp/mlp.h"
#include "mlp/mlp_files.h"
#include "mlp/training.h"
#include "mlp/update_rule.h"
#include "space/space.h"
#include "support/mem_fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct dataset *data;
static struct mlp *mlp;
static struct mlp_config config;
static char csv[128], idx[128], labels[128];

/* An operation gives its result back to the heap itself, and returns the status. */
static void survives(int32_t (*operation)(void))
{
    for (int for_ever = 0; for_ever < 2; for_ever++)
        for (uint64_t n = 1;; n++) {
            int64_t before = mem_fault_live();
            if (for_ever)
                mem_fault_from(n);
            else
                mem_fault_once(n);
            int32_t rc = operation();
            mem_fault_off();
            assert_int_equal(mem_fault_live(), before);
            if (!mem_fault_hit()) {
                assert_int_equal(rc, AFINA_OK);
                break;
            }
            assert_int_equal(rc, AFINA_E_MEMORY);
        }
}

static int32_t read_csv(void)
{
    static const char *const categorical[] = {"b"};
    struct dataset *d;
    int32_t rc = dataset_from_csv(&d, csv, 1, NULL, AFINA_TASK_CLASSIFICATION, categorical, 1);
    assert_int_equal(d == NULL, rc != 0);
    dataset_free(d);
    return rc;
}

static int32_t read_csv_without_header(void)
{
    struct dataset *d;
    int32_t rc = dataset_from_csv(&d, csv, 0, NULL, AFINA_TASK_CLASSIFICATION, (const char *const[]){"1", "2"}, 2);
    assert_int_equal(d == NULL, rc != 0);
    dataset_free(d);
    return rc;
}

static int32_t read_idx(void)
{
    struct dataset *d;
    int32_t rc = dataset_from_idx(&d, idx, labels, AFINA_TASK_CLASSIFICATION);
    assert_int_equal(d == NULL, rc != 0);
    dataset_free(d);
    return rc;
}

static int32_t split(void)
{
    struct dataset *first, *second;
    int32_t rc = dataset_split(data, 0.4, 1, &first, &second);
    assert_int_equal(first == NULL, rc != 0);
    assert_int_equal(second == NULL, rc != 0);
    dataset_free(first);
    dataset_free(second);
    return rc;
}

static int32_t make_mlp(void)
{
    struct mlp *made;
    int32_t rc = mlp_new(&made, data);
    assert_int_equal(made == NULL, rc != 0);
    mlp_free(made);
    return rc;
}

static int32_t make_space(void)
{
    struct space *space;
    int32_t rc = mlp_space(mlp, &space);
    assert_int_equal(space == NULL, rc != 0);
    space_free(space);
    return rc;
}

static int32_t evaluate(void)
{
    double value;
    return mlp_evaluate(mlp, &config, 1, NULL, &value);
}

static int32_t train_score_and_predict(void)
{
    static const double x[] = {0.5, 1, 0};
    struct network *network;
    double p[2], value;
    size_t count;
    int32_t rc = network_train(&network, mlp, &config, 1);
    assert_int_equal(network == NULL, rc != 0);
    if (!rc)
        rc = network_score(network, data, "auc", &value);
    if (!rc)
        rc = network_predict(network, x, 1, 3, p, 2, &count);
    network_free(network);
    return rc;
}

static int32_t train_epochs(void)
{
    struct network *network;
    int32_t rc = network_train_epochs(&network, mlp, &config, 2, 1);
    assert_int_equal(network == NULL, rc != 0);
    network_free(network);
    return rc;
}

/* A load that fails leaves the training where it was. */
static int32_t save_and_load(void)
{
    static unsigned char bytes[1 << 18];
    struct training *t;
    struct network *network = NULL;
    size_t size;
    int32_t rc = training_new(&t, mlp, &config, 1);
    assert_int_equal(t == NULL, rc != 0);
    if (!rc)
        rc = training_run(t, 1, NULL);
    if (!rc)
        rc = training_save(t, bytes, sizeof bytes, &size);
    assert_true(rc || size <= sizeof bytes);
    if (!rc)
        rc = training_run(t, 2, NULL);
    if (!rc) {
        rc = training_load(t, bytes, size);
        assert_int_equal(training_epochs(t), rc ? 2 : 1);
    }
    if (!rc)
        rc = training_network(t, 0, &network);
    network_free(network);
    training_free(t);
    return rc;
}

static void test_data_sets(void **state)
{
    (void)state;
    survives(read_csv);
    survives(read_csv_without_header);
    survives(read_idx);
    survives(split);
}

static void test_objective_and_space(void **state)
{
    (void)state;
    survives(make_mlp);
    survives(make_space);
}

static void test_training(void **state)
{
    (void)state;
    static const int32_t algorithms[] = {ALGORITHM_ADAM, ALGORITHM_SGD, ALGORITHM_BFGS};
    for (size_t i = 0; i < 3; i++) {
        config.algorithm = algorithms[i];
        survives(evaluate);
        survives(train_score_and_predict);
        survives(train_epochs);
        survives(save_and_load);
    }
    assert_int_equal(mlp_set_integer(mlp, "folds", 3), AFINA_OK);
    survives(evaluate);
    survives(save_and_load);
}

static int set_up(void **state)
{
    static const char text[] = "a,b,y\n1,x,p\n2,z,q\n3,x,p\n4,z,q\n1.5,x,p\n0.5,z,p\n7,x,q\n";
    static const unsigned char x[] = {0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 1, 5, 6, 9};
    static const unsigned char y[] = {0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 7};
    if (files_setup(state))
        return 1;
    strcpy(csv, file_text("data.csv", text));
    strcpy(idx, file_gzip("x.gz", x, sizeof x));
    strcpy(labels, file_write("y.idx", y, sizeof y));
    static const char *const categorical[] = {"b"};
    if (dataset_from_csv(&data, csv, 1, NULL, AFINA_TASK_CLASSIFICATION, categorical, 1) || mlp_new(&mlp, data))
        return 1;
    mlp_default(mlp, &config);
    config.epochs = 3;
    return 0;
}

static int tear_down(void **state)
{
    mlp_free(mlp);
    dataset_free(data);
    remove(csv);
    remove(idx);
    remove(labels);
    return files_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_sets),
        cmocka_unit_test(test_objective_and_space),
        cmocka_unit_test(test_training),
    };
    return cmocka_run_group_tests_name("mlp_faults", tests, set_up, tear_down);
}
