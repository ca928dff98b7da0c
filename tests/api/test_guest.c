/* A guest leaves no trace: what belongs to the host is, after a study of every
 * method, a network and a few errors, what it was before. */
#define _GNU_SOURCE /* host_state.h */
#include "afina_mlp.h"
#include "support/host_state.h"
#include "support/small_study.h"

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

static void use_methods(void)
{
    for (size_t m = 0; m < afina_method_count(); m++) {
        afina_optimizer *o = small_optimizer(afina_method_name(m));
        afina_trial *trial;
        double hostile[] = {0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0, 1e308, 5e-324};
        int64_t number;
        for (int i = 0; i < 5 && afina_ask(o, &trial) == AFINA_OK; i++) {
            OK(afina_tell(o, afina_trial_number(trial), &hostile[i], 1));
            afina_trial_free(trial);
        }
        OK(afina_optimizer_set_integer(o, "workers", 2));
        assert_true(afina_optimize(o, objective, NULL, 25) >= 0);
        OK(afina_optimizer_replay(o, &number));
        afina_optimizer_free(o);
    }
}

static void use_network(void)
{
    afina_dataset *d;
    afina_mlp *m;
    afina_space *s;
    afina_optimizer *o;
    OK(afina_dataset_from_csv(&d, "examples/data/digits.csv", 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0));
    OK(afina_mlp_new(&m, d));
    OK(afina_mlp_set_integer(m, "epochs", 2));
    OK(afina_mlp_set_integer(m, "units", 16));
    OK(afina_mlp_space(m, &s));
    OK(afina_optimizer_new(&o, s, "random"));
    OK(afina_optimize(o, afina_mlp_objective, m, 3));
    afina_optimizer_free(o);
    afina_space_free(s);
    afina_mlp_free(m);
    afina_dataset_free(d);
}

static void make_errors(void)
{
    afina_space *s = small_space(), *none;
    afina_optimizer *o;
    afina_dataset *d;
    assert_true(afina_space_add_real(s, "x", 0, 1, AFINA_SCALE_LINEAR) < 0);
    assert_true(afina_optimizer_new(&o, s, "nobody") < 0);
    assert_true(afina_space_from_json(&none, "{", 1) < 0);
    afina_space_free(s);
    assert_true(afina_dataset_from_csv(&d, "/nowhere", 1, NULL, AFINA_TASK_REGRESSION, NULL, 0) < 0);
}

static void use_all(void)
{
    use_methods();
    use_network();
    make_errors();
}

/* Both output streams go to files meanwhile. */
static void test_the_host_is_left_as_it_was(void **state)
{
    (void)state;
    static struct host_state before, after;
    use_methods(); /* the BLAS has started what it starts */
    host_prepare();
    host_state_read(&before);
    use_all();
    host_state_read(&after);
    const char *what = host_state_difference(&before, &after);
    host_give_back();
    if (what)
        fail_msg("the library changed %s", what);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_host_is_left_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
