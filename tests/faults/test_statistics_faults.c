/* The n-th allocation fails in a function of statistics: AFINA_E_MEMORY, nothing leaked, and the next call answers. */
#include "experiment/fold_race.h"
#include "support/mem_fault.h"
#include "support/small_study.h"

#include <math.h>

enum { BLOCKS = 5, METHODS = 3 };

static const double table[BLOCKS * METHODS] = {1, 2, 3, 1, 3, 2, 1, 2, 3, 2, 1, 3, 1, 2, 3};
static const char *const names[METHODS] = {"random", "sobol", "random"};

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = (double)afina_trial_number(trial);
    return AFINA_OK;
}

static int32_t race(void)
{
    struct fold_race race;
    int32_t rc = AFINA_OK;
    fold_race_init(&race, METHODS);
    for (size_t i = 0; !rc && i < BLOCKS * METHODS; i++)
        rc = fold_race_add(&race, i / METHODS, i % METHODS, table[i]);
    fold_race_fini(&race);
    return rc;
}

static int32_t compare(const afina_space *space)
{
    double out[METHODS * METHODS], v;
    int32_t verdict;
    char text[6000];
    size_t n;
    int32_t rc = afina_compare_ranks(table, BLOCKS, METHODS, 0, out);
    if (!rc)
        rc = afina_compare_friedman(table, BLOCKS, METHODS, 0, &v, &v, &v, &v);
    for (int32_t posthoc = 0; !rc && posthoc < 3; posthoc++)
        rc = afina_compare_pairs(table, BLOCKS, METHODS, 0, posthoc, out);
    if (!rc)
        rc = afina_compare_picture(table, BLOCKS, METHODS, 0, 0, 0.05, names, text, sizeof text, &n);
    if (!rc)
        rc = afina_compare_paired(table, table + 3, 3, 0, 0.1, 0.9, &v, &v, &v, &v, &verdict);
    if (!rc)
        rc = afina_aggregate(table, 5, 0, "median", NAN, 0, &v, &v);
    if (!rc)
        rc = afina_additive_fit(table, METHODS, BLOCKS, out, NULL, NULL, NULL, NULL);
    if (!rc)
        rc = afina_winner_rows(table, METHODS, BLOCKS, 0, 10, 0, 0.9, &v, &v, &v, &v);
    if (!rc)
        rc = afina_interval_nested(table, table, table, METHODS, METHODS, 1, 1, 0.9, &v, &v, &v);
    if (!rc)
        rc = race();
    return rc ? rc : afina_compare_methods(space, names, METHODS, 2, 1, NULL, objective, NULL, out);
}

static void test_a_failed_allocation_leaves_nothing_behind(void **state)
{
    (void)state;
    afina_space *space = small_space();
    OK(compare(space));
    for (uint64_t k = 1;; k++) {
        int64_t before = mem_fault_live();
        mem_fault_once(k);
        int32_t rc = compare(space);
        mem_fault_off();
        assert_int_equal(mem_fault_live(), before);
        if (!mem_fault_hit())
            break;
        if (rc != AFINA_OK) /* what speeds a search up may be left out */
            assert_int_equal(rc, AFINA_E_MEMORY);
    }
    OK(compare(space));
    afina_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_failed_allocation_leaves_nothing_behind)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
