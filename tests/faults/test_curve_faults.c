/* A learning-curve model whose n-th allocation fails: an error, nothing leaked, and after it the same answer. */
#include "support/mem_fault.h"

#include "afina.h"
#include "surrogate/curve_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { N = 3 };

static const double step[] = {1, 2, 4, 8}, loss[N][4] = {{4, 3, 2, 1.385}, {3, 2.5, 2.25, 2}, {5, 4, 3, 2}};
static const double x[N][1] = {{0.1}, {0.7}, {0.4}};

static int32_t run(double answer[4])
{
    static const struct gp_dimension dimension[1] = {{DIMENSION_NUMERIC, 0}};
    struct curve curve[N];
    struct curve_query query = {2, NULL, 8};
    struct curve_model m;
    for (size_t i = 0; i < N; i++)
        curve[i] = (struct curve){x[i], 4 - i, step, loss[i]};
    int32_t rc = curve_model_init(&m, dimension, 1, 8);
    if (rc)
        return rc;
    rc = curve_model_set(&m, curve, N);
    if (!rc)
        rc = curve_model_fit(&m, 5);
    if (!rc)
        rc = curve_model_predict(&m, &query, 1, &answer[0], &answer[1]);
    if (!rc)
        rc = curve_model_chance(&m, &query, 1, 1.385, &answer[2]);
    if (!rc)
        rc = curve_model_draw(&m, &query, 1, 1, 7, &answer[3]);
    curve_model_fini(&m);
    return rc;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    double want[4], got[4];
    assert_int_equal(run(want), AFINA_OK);
    for (uint64_t n = 1;; n++) {
        int64_t before = mem_fault_live();
        mem_fault_once(n);
        int32_t rc = run(got);
        mem_fault_off();
        assert_int_equal(mem_fault_live(), before);
        if (!mem_fault_hit()) {
            assert_int_equal(rc, AFINA_OK);
            assert_true(n > 20);
            break;
        }
        assert_int_equal(rc, AFINA_E_MEMORY);
    }
    assert_memory_equal(want, got, sizeof want);
}

/* A failed fit leaves the model able to answer from the fit before. */
static void test_a_failed_fit_changes_nothing(void **state)
{
    (void)state;
    struct curve curve = {NULL, 4, step, loss[0]};
    struct curve_query query = {0, NULL, 8};
    struct curve_model m;
    double want[2], got[2];
    assert_int_equal(curve_model_init(&m, NULL, 0, 8), AFINA_OK);
    assert_int_equal(curve_model_set(&m, &curve, 1), AFINA_OK);
    assert_int_equal(curve_model_fit(&m, 0), AFINA_OK);
    assert_int_equal(curve_model_predict(&m, &query, 1, &want[0], &want[1]), AFINA_OK);
    for (uint64_t n = 1;; n++) {
        mem_fault_once(n);
        int32_t rc = curve_model_fit(&m, 5);
        mem_fault_off();
        if (!mem_fault_hit())
            break;
        assert_int_equal(rc, AFINA_E_MEMORY);
        assert_int_equal(curve_model_predict(&m, &query, 1, &got[0], &got[1]), AFINA_OK);
        assert_memory_equal(want, got, sizeof want);
    }
    curve_model_fini(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_may_fail),
        cmocka_unit_test(test_a_failed_fit_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
