/* Every public operation survives the failure of its n-th allocation, for every
 * n, once and for ever: it answers AFINA_E_MEMORY (or succeeds without that
 * block), leaves its objects as they were, and leaks nothing. */
#include "afina_mlp.h"
#include "support/mem_fault.h"
#include "support/small_study.h"

#include <stdio.h>
#include <stdlib.h>

/* What the operations work on, made while allocations succeed. */
struct world {
    afina_space *space;
    afina_point *point;
    afina_optimizer *optimizer;
    afina_trial *trial; /* running */
    afina_dataset *dataset;
    afina_mlp *mlp;
    afina_point *network_point;
    char *log, *space_json;
    size_t log_length, space_length;
};

static const char *const choices[] = {"p", "q", "r"};
static const double weights[] = {1, 2, 3};

static char *text_of(int32_t (*write)(const void *, char *, size_t, size_t *), const void *object, size_t *length)
{
    OK(write(object, NULL, 0, length));
    char *text = malloc(*length + 1);
    OK(write(object, text, *length + 1, length));
    return text;
}

static int32_t write_log(const void *o, char *text, size_t capacity, size_t *length)
{
    return afina_optimizer_to_log(o, text, capacity, length);
}

static int32_t write_space(const void *s, char *text, size_t capacity, size_t *length)
{
    return afina_space_to_json(s, text, capacity, length);
}

static const char *method_of_world = "random";

static void make_dataset(struct world *w)
{
    double x[24], y[24];
    for (int i = 0; i < 24; i++) {
        x[i] = i % 7 + 0.25 * i;
        y[i] = i % 2;
    }
    OK(afina_dataset_from_arrays(&w->dataset, x, 12, 2, y, AFINA_TASK_CLASSIFICATION));
    OK(afina_mlp_new(&w->mlp, w->dataset));
    OK(afina_mlp_set_integer(w->mlp, "epochs", 2));
    afina_space *space;
    OK(afina_mlp_space(w->mlp, &space));
    OK(afina_point_new(&w->network_point, space));
    afina_space_free(space);
}

static void make_world(struct world *w)
{
    memset(w, 0, sizeof *w);
    w->space = small_space();
    OK(afina_point_new(&w->point, w->space));
    w->optimizer = small_optimizer(method_of_world);
    for (int i = 0; i < 6; i++)
        small_step(w->optimizer);
    OK(afina_ask(w->optimizer, &w->trial));
    make_dataset(w);
    w->log = text_of(write_log, w->optimizer, &w->log_length);
    w->space_json = text_of(write_space, w->space, &w->space_length);
}

static void free_world(struct world *w)
{
    afina_trial_free(w->trial);
    afina_optimizer_free(w->optimizer);
    afina_point_free(w->point);
    afina_point_free(w->network_point);
    afina_space_free(w->space);
    afina_mlp_free(w->mlp);
    afina_dataset_free(w->dataset);
    free(w->log);
    free(w->space_json);
}

/* The space and the log are, to the byte, what they were. */
static void assert_unchanged(const struct world *w)
{
    size_t n;
    char *text = text_of(write_log, w->optimizer, &n);
    assert_string_equal(text, w->log);
    free(text);
    text = text_of(write_space, w->space, &n);
    assert_string_equal(text, w->space_json);
    free(text);
}

/* ---------------------------------------------------------------- operations */

static int32_t op_space_new(struct world *w)
{
    afina_space *s;
    int32_t rc = afina_space_new(&s);
    (void)w;
    afina_space_free(s);
    return rc;
}

static int32_t op_space_copy(struct world *w)
{
    afina_space *s;
    int32_t rc = afina_space_copy(&s, w->space);
    afina_space_free(s);
    return rc;
}

static int32_t op_add_real(struct world *w)
{
    return afina_space_add_real(w->space, "new", 1, 2, AFINA_SCALE_LOG);
}

static int32_t op_add_integer(struct world *w)
{
    return afina_space_add_integer(w->space, "new", 1, 2, AFINA_SCALE_LINEAR);
}

static int32_t op_add_categorical(struct world *w)
{
    return afina_space_add_categorical(w->space, "new", choices, 3);
}

static int32_t op_add_ordinal(struct world *w)
{
    return afina_space_add_ordinal(w->space, "new", choices, 3);
}

static int32_t op_add_normal(struct world *w)
{
    return afina_space_add_normal(w->space, "new", 0, 1, -3, 3);
}

static int32_t op_set_step(struct world *w)
{
    return afina_space_set_step(w->space, "x", 0.5);
}

static int32_t op_set_weights(struct world *w)
{
    return afina_space_set_weights(w->space, "k", weights, 3);
}

static int32_t op_set_prior(struct world *w)
{
    return afina_space_set_prior(w->space, "x", AFINA_PRIOR_NORMAL, 1, 2);
}

static int32_t op_set_default(struct world *w)
{
    return afina_space_set_default_string(w->space, "k", "b");
}

static int32_t op_add_condition(struct world *w)
{
    return afina_space_add_condition(w->space, "y", "x", AFINA_COMPARE_GREATER, 0);
}

static int32_t op_add_condition_in(struct world *w)
{
    static const char *const values[] = {"a", "c"};
    return afina_space_add_condition_in(w->space, "x", "k", values, 2);
}

static int32_t op_space_sample(struct world *w)
{
    afina_point *p;
    int32_t rc = afina_space_sample(w->space, 1, 2, &p);
    afina_point_free(p);
    return rc;
}

/* A finite space with a parameter of two parents: built, counted, ranked. */
static int32_t op_count(struct world *w)
{
    afina_space *s = NULL;
    afina_point *p = NULL;
    uint64_t count, rank;
    (void)w;
    int32_t rc = afina_space_new(&s);
    if (!rc)
        rc = afina_space_add_integer(s, "n", 1, 4, AFINA_SCALE_LINEAR);
    if (!rc)
        rc = afina_space_add_categorical(s, "k", choices, 3);
    if (!rc)
        rc = afina_space_add_integer(s, "m", 0, 9, AFINA_SCALE_LINEAR);
    if (!rc)
        rc = afina_space_add_condition(s, "m", "n", AFINA_COMPARE_GREATER, 2);
    if (!rc)
        rc = afina_space_add_condition_in(s, "m", "k", choices, 2);
    if (!rc)
        rc = afina_space_point_count(s, &count);
    if (!rc)
        rc = afina_space_unrank(s, count - 1, &p);
    if (!rc)
        rc = afina_space_rank(s, p, &rank);
    if (!rc && (count != 12 + 4 * 9 || rank != count - 1))
        rc = 99;
    afina_point_free(p);
    afina_space_free(s);
    return rc;
}

static int32_t op_space_json(struct world *w)
{
    afina_space *s = NULL;
    size_t n;
    char text[1024];
    int32_t rc = afina_space_to_json(w->space, text, sizeof text, &n);
    if (!rc)
        rc = afina_space_from_json(&s, text, n);
    afina_space_free(s);
    return rc;
}

static int32_t op_point(struct world *w)
{
    afina_point *p = NULL, *q = NULL;
    int32_t rc = afina_point_new(&p, w->space);
    if (!rc)
        rc = afina_point_set_real(p, "x", 1);
    if (!rc)
        rc = afina_point_copy(&q, p);
    afina_point_free(p);
    afina_point_free(q);
    return rc;
}

static int32_t op_point_json(struct world *w)
{
    afina_point *p = NULL;
    char text[256];
    size_t n;
    int32_t rc = afina_point_to_json(w->point, text, sizeof text, &n);
    if (!rc)
        rc = afina_point_from_json(&p, w->space, text, n);
    if (!rc)
        rc = afina_point_get_text(p, "x", text, sizeof text, &n);
    afina_point_free(p);
    return rc;
}

static int32_t op_optimizer_new(struct world *w)
{
    afina_optimizer *o;
    int32_t rc = afina_optimizer_new(&o, w->space, method_of_world);
    afina_optimizer_free(o);
    return rc;
}

static int32_t op_set_option(struct world *w)
{
    afina_optimizer *o;
    int32_t rc = afina_optimizer_new(&o, w->space, method_of_world);
    if (!rc)
        rc = afina_optimizer_set_string(o, "direction", "maximise");
    afina_optimizer_free(o);
    return rc;
}

static int32_t op_get_option(struct world *w)
{
    char text[16];
    size_t n;
    return afina_optimizer_get_string(w->optimizer, "direction", text, sizeof text, &n);
}

static int32_t op_ask(struct world *w)
{
    afina_trial *t;
    int32_t rc = afina_ask(w->optimizer, &t);
    afina_trial_free(t);
    return rc;
}

static int32_t op_tell(struct world *w)
{
    double value = 2.5;
    return afina_tell(w->optimizer, afina_trial_number(w->trial), &value, 1);
}

static int32_t op_tell_failed(struct world *w)
{
    return afina_tell_failed(w->optimizer, afina_trial_number(w->trial), "out of luck");
}

static int32_t op_constraints(struct world *w)
{
    return afina_tell_constraints(w->optimizer, afina_trial_number(w->trial), weights, 3);
}

static int32_t op_errors(struct world *w)
{
    return afina_tell_errors(w->optimizer, afina_trial_number(w->trial), weights, 1);
}

static int32_t op_report(struct world *w)
{
    return afina_trial_tell_report(w->trial, 1, weights, 1);
}

static int32_t op_enqueue(struct world *w)
{
    return afina_enqueue(w->optimizer, w->point);
}

static int32_t op_add_trial(struct world *w)
{
    return afina_add_trial(w->optimizer, w->point, AFINA_STATE_COMPLETE, weights, 1, NULL);
}

static int32_t op_best(struct world *w)
{
    afina_trial *t;
    int32_t rc = afina_best(w->optimizer, &t);
    afina_trial_free(t);
    return rc;
}

static int32_t op_from_log(struct world *w)
{
    afina_optimizer *o = NULL;
    afina_trial *t = NULL;
    int32_t rc = afina_optimizer_from_log(&o, w->log, w->log_length);
    if (!rc)
        rc = afina_ask(o, &t);
    afina_trial_free(t);
    afina_optimizer_free(o);
    return rc;
}

static int32_t op_replay(struct world *w)
{
    int64_t number;
    return afina_optimizer_replay(w->optimizer, &number);
}

static int32_t no_filter(const afina_point *point, void *user)
{
    (void)point;
    (void)user;
    return 1;
}

static int32_t op_set_filter(struct world *w)
{
    afina_optimizer *o = NULL;
    int32_t rc = afina_optimizer_new(&o, w->space, method_of_world);
    if (!rc)
        rc = afina_optimizer_set_filter(o, no_filter, NULL, NULL);
    afina_optimizer_free(o);
    return rc;
}

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

/* A fresh study of its own, run by the callback loop. */
static int32_t op_optimize(struct world *w)
{
    afina_optimizer *o = NULL;
    int32_t rc = afina_optimizer_new(&o, w->space, method_of_world);
    if (!rc)
        rc = afina_optimize(o, objective, NULL, 9);
    afina_optimizer_free(o);
    return rc;
}

static int32_t op_dataset(struct world *w)
{
    afina_dataset *a = NULL, *b = NULL;
    int32_t rc = afina_dataset_split(w->dataset, 0.3, 5, &a, &b);
    afina_dataset_free(a);
    afina_dataset_free(b);
    return rc;
}

static int32_t op_csv(struct world *w)
{
    afina_dataset *d = NULL;
    (void)w;
    int32_t rc = afina_dataset_from_csv(&d, "examples/data/digits.csv", 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0);
    afina_dataset_free(d);
    return rc;
}

static int32_t op_mlp(struct world *w)
{
    afina_mlp *m = NULL;
    afina_space *s = NULL;
    int32_t rc = afina_mlp_new(&m, w->dataset);
    if (!rc)
        rc = afina_mlp_set_string(m, "metric", "loss");
    if (!rc)
        rc = afina_mlp_space(m, &s);
    afina_space_free(s);
    afina_mlp_free(m);
    return rc;
}

static int32_t op_network(struct world *w)
{
    afina_network *n = NULL;
    double score;
    int32_t rc = afina_network_train(&n, w->mlp, w->network_point, 3);
    if (!rc)
        rc = afina_network_score(n, w->dataset, "auc", &score);
    afina_network_free(n);
    return rc;
}

static int32_t op_training(struct world *w)
{
    static unsigned char bytes[1 << 17];
    afina_training *t = NULL;
    afina_network *n = NULL;
    size_t size;
    int32_t rc = afina_training_new(&t, w->mlp, w->network_point, 3);
    if (!rc)
        rc = afina_training_run(t, 1, NULL, NULL);
    if (!rc)
        rc = afina_training_save(t, bytes, sizeof bytes, &size);
    assert_true(rc || size <= sizeof bytes);
    if (!rc)
        rc = afina_training_load(t, bytes, size);
    if (!rc)
        rc = afina_training_network(&n, t, 0);
    afina_network_free(n);
    afina_training_free(t);
    return rc;
}

static int32_t report_once(afina_trial *trial, double *values, void *user)
{
    int32_t stop;
    (void)user;
    double value = 1;
    int32_t rc = afina_trial_tell_report(trial, 1, &value, 1);
    if (!rc)
        rc = afina_trial_should_stop(trial, &stop);
    if (!rc && !stop)
        *values = 1;
    return rc;
}

/* A report that fails for want of memory is a problem of the objective, which the run tells. */
static int32_t op_dry_run(struct world *w)
{
    afina_dry_run *run;
    int32_t rc = afina_dry_run_new(&run, w->optimizer, report_once, NULL);
    assert_int_equal(run == NULL, rc != AFINA_OK);
    afina_dry_run_free(run);
    return rc;
}

/* What a success changes for good is made anew for each n. */
struct operation {
    const char *name;
    int32_t (*run)(struct world *w);
};

#define OPERATION(name)                                                                                                \
    {                                                                                                                  \
#name, op_##name                                                                                               \
    }

static const struct operation operations[] = {
    OPERATION(space_new),
    OPERATION(space_copy),
    OPERATION(add_real),
    OPERATION(add_integer),
    OPERATION(add_categorical),
    OPERATION(add_ordinal),
    OPERATION(add_normal),
    OPERATION(set_step),
    OPERATION(set_weights),
    OPERATION(set_prior),
    OPERATION(set_default),
    OPERATION(add_condition),
    OPERATION(add_condition_in),
    OPERATION(space_sample),
    OPERATION(count),
    OPERATION(space_json),
    OPERATION(point),
    OPERATION(point_json),
    OPERATION(optimizer_new),
    OPERATION(set_option),
    OPERATION(get_option),
    OPERATION(ask),
    OPERATION(tell),
    OPERATION(tell_failed),
    OPERATION(constraints),
    OPERATION(errors),
    OPERATION(report),
    OPERATION(enqueue),
    OPERATION(add_trial),
    OPERATION(best),
    OPERATION(from_log),
    OPERATION(replay),
    OPERATION(set_filter),
    OPERATION(optimize),
    OPERATION(dataset),
    OPERATION(mlp),
    OPERATION(network),
    OPERATION(training),
    OPERATION(dry_run),
};

static const struct operation csv_operation = OPERATION(csv);

/* Runs the operation in fresh worlds, the n-th allocation failing, until it makes
 * fewer than n. Returns how many it makes. */
static uint64_t exhaust(const struct operation *op, void (*fault)(uint64_t), uint64_t stride)
{
    for (uint64_t n = 1;; n += stride) {
        struct world w;
        int64_t before = mem_fault_live();
        make_world(&w);
        fault(n);
        int32_t rc = op->run(&w);
        mem_fault_off();
        uint64_t hit = mem_fault_hit();
        if (hit == 0 && rc != AFINA_OK)
            fail_msg("%s: %d without a fault: %s", op->name, (int)rc, afina_last_error());
        if (hit > 0 && rc != AFINA_E_MEMORY && rc != AFINA_OK)
            fail_msg("%s: %d when allocation %d failed: %s", op->name, (int)rc, (int)n, afina_last_error());
        if (rc == AFINA_E_MEMORY) {
            assert_string_equal(afina_last_error(), "out of memory");
            assert_unchanged(&w);
            rc = op->run(&w); /* and it works once there is memory again */
            if (rc != AFINA_OK)
                fail_msg("%s: %d after a failed allocation: %s", op->name, (int)rc, afina_last_error());
        }
        free_world(&w);
        if (mem_fault_live() != before)
            fail_msg("%s: %d blocks lost when allocation %d failed", op->name, (int)(mem_fault_live() - before),
                     (int)n);
        if (hit == 0)
            return n - 1;
    }
}

static void exhaust_all(const char *method)
{
    method_of_world = method;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        exhaust(&operations[i], mem_fault_once, 1);
        exhaust(&operations[i], mem_fault_from, 1);
    }
}

static void test_every_operation_survives_with_random(void **state)
{
    (void)state;
    exhaust_all("random");
}

static void test_every_operation_survives_with_gp(void **state)
{
    (void)state;
    exhaust_all("gp");
}

/* The others differ in what asking does. A slow tool need not see every allocation
 * fail: the plain build does. */
static void test_asking_survives_with_every_method(void **state)
{
    (void)state;
    static const char *const names[] = {"ask", "from_log", "replay", "optimize"};
    uint64_t stride = getenv("AFINA_TEST_QUICK") ? 7 : 1;
    for (size_t m = 0; m < afina_method_count(); m++) {
        method_of_world = afina_method_name(m);
        if (strcmp(method_of_world, "manual") == 0)
            continue;
        for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
            for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
                if (strcmp(operations[i].name, names[k]) == 0) {
                    exhaust(&operations[i], mem_fault_once, stride);
                    exhaust(&operations[i], mem_fault_from, 3 * stride);
                }
    }
}

static void test_reading_a_file_survives(void **state)
{
    (void)state;
    method_of_world = "random";
    exhaust(&csv_operation, mem_fault_once, 97);
    exhaust(&csv_operation, mem_fault_from, 97);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation_survives_with_random),
        cmocka_unit_test(test_every_operation_survives_with_gp),
        cmocka_unit_test(test_asking_survives_with_every_method),
        cmocka_unit_test(test_reading_a_file_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
