/* The n-th allocation fails while rows are divided: AFINA_E_MEMORY, nothing leaked, and the next try gives the
 * same rows. */
#include "support/mem_fault.h"
#include "support/small_study.h"

enum { ROWS = 24 };

static const int64_t classes[ROWS] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
static const int64_t groups[ROWS] = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 7};

/* Makes a scheme with these labels and one over its first training rows; reads the first replicate of both. */
static int32_t divide(const char *scheme, const int64_t *with_classes, const int64_t *with_groups, int64_t rows[ROWS],
                      size_t *n)
{
    afina_resampling *outer = NULL, *inner = NULL;
    int64_t count;
    size_t validation;
    int32_t rc = afina_resampling_new(&outer, scheme, ROWS);
    if (!rc && with_classes)
        rc = afina_resampling_set_classes(outer, with_classes, ROWS);
    if (!rc && with_groups)
        rc = afina_resampling_set_groups(outer, with_groups, ROWS);
    if (!rc)
        rc = afina_resampling_count(outer, &count);
    if (!rc)
        rc = afina_resampling_inner(&inner, outer, 0, "leave-one-out");
    if (!rc)
        rc = afina_resampling_rows(inner, 0, rows, ROWS, n, NULL, 0, &validation);
    if (!rc)
        rc = afina_resampling_rows(outer, 0, rows, ROWS, n, NULL, 0, &validation);
    afina_resampling_free(outer);
    afina_resampling_free(inner);
    return rc;
}

static void assert_survives(const char *scheme, const int64_t *with_classes, const int64_t *with_groups)
{
    int64_t expected[ROWS], rows[ROWS];
    size_t n_expected, n;
    OK(divide(scheme, with_classes, with_groups, expected, &n_expected));
    for (uint64_t k = 1;; k++) {
        int64_t before = mem_fault_live();
        mem_fault_once(k);
        int32_t rc = divide(scheme, with_classes, with_groups, rows, &n);
        mem_fault_off();
        assert_int_equal(mem_fault_live(), before);
        if (!mem_fault_hit())
            break;
        assert_int_equal(rc, AFINA_E_MEMORY);
    }
    assert_int_equal(n, n_expected);
    assert_memory_equal(rows, expected, n * sizeof *rows);
}

static void test_a_failed_allocation_leaves_nothing_behind(void **state)
{
    (void)state;
    for (size_t i = 0; i < afina_resampling_scheme_count(); i++)
        assert_survives(afina_resampling_scheme_name(i), NULL, NULL);
    static const char *const random[] = {"holdout", "kfold", "monte-carlo", "bootstrap"};
    for (size_t i = 0; i < 4; i++) {
        assert_survives(random[i], classes, NULL);
        assert_survives(random[i], NULL, groups);
    }
    assert_survives("kfold", classes, groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_failed_allocation_leaves_nothing_behind)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
