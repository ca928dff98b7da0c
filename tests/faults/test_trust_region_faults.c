/* The n-th allocation of the quadratic and of the trust region fails: an error, nothing leaked, and
 * the next try gives the step that it would have given. */
#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "core/rng.h"
#include "support/mem_fault.h"
#include "surrogate/trust_region.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, 0)

enum { D = 3, ROWS = 40 };

static double rows[ROWS][D], losses[ROWS];

static struct space *cube(void)
{
    static const char *const names[D] = {"x", "y", "z"};
    struct space *building, *space;
    OK(space_new(&building));
    for (size_t j = 0; j < D; j++)
        OK(space_add_real(building, names[j], 0, 1, AFINA_SCALE_LINEAR));
    OK(space_snapshot(&space, building));
    space_free(building);
    return space;
}

static void fill_rows(void)
{
    struct rng rng;
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (size_t i = 0; i < ROWS; i++) {
        losses[i] = 2.385;
        for (size_t j = 0; j < D; j++) {
            rows[i][j] = rng_uniform(&rng);
            losses[i] += (double)(j + 1) * (rows[i][j] - 0.385) * (rows[i][j] - 0.385);
        }
    }
}

static int32_t step_from(struct trust_region *t, size_t n, double *x)
{
    double note[TRUST_REGION_NOTE];
    int made;
    int32_t rc = trust_region_suggest(t, rows[0], losses, n, x, note, &made);
    assert_int_equal(made, rc == 0);
    return rc;
}

static void test_while_the_quadratic_is_made(void **state)
{
    (void)state;
    int64_t live = mem_fault_live();
    int32_t rc;
    uint64_t n = 0;
    do {
        struct quadratic q;
        mem_fault_once(++n);
        rc = quadratic_init(&q, D, 10);
        mem_fault_off();
        assert_int_equal(rc, mem_fault_hit() ? AFINA_E_MEMORY : 0);
        quadratic_fini(&q);
        assert_int_equal(mem_fault_live(), live);
    } while (rc);
    assert_true(n > 3);
}

static void test_while_the_region_is_made(void **state)
{
    (void)state;
    struct space *space = cube();
    int64_t live = mem_fault_live();
    int32_t rc;
    uint64_t n = 0;
    do {
        struct trust_region t;
        mem_fault_once(++n);
        rc = trust_region_init(&t, space);
        mem_fault_off();
        assert_int_equal(rc, mem_fault_hit() ? AFINA_E_MEMORY : 0);
        trust_region_fini(&t);
        assert_int_equal(mem_fault_live(), live);
    } while (rc);
    assert_true(n > 2);
    space_release(space);
}

/* The first step makes room, and one from many more points makes it anew. */
static void step_with_faults(void (*inject)(uint64_t n), size_t before)
{
    struct space *space = cube();
    int64_t live = mem_fault_live();
    double want[D], got[D];
    for (uint64_t n = 1, hit = 1; hit; n++) {
        struct trust_region t;
        OK(trust_region_init(&t, space));
        if (before > 0)
            OK(step_from(&t, before, got));
        inject(n);
        int32_t rc = step_from(&t, ROWS, got);
        mem_fault_off();
        hit = mem_fault_hit();
        assert_int_equal(rc, hit ? AFINA_E_MEMORY : 0);
        OK(step_from(&t, ROWS, got));
        if (n > 1)
            assert_memory_equal(got, want, sizeof want);
        memcpy(want, got, sizeof want);
        assert_true(n > 2 || hit);
        trust_region_fini(&t);
        assert_int_equal(mem_fault_live(), live);
    }
    space_release(space);
}

static void test_while_a_step_is_sought(void **state)
{
    (void)state;
    step_with_faults(mem_fault_once, 0);
    step_with_faults(mem_fault_from, 0);
    step_with_faults(mem_fault_once, 10);
    step_with_faults(mem_fault_from, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_while_the_quadratic_is_made),
        cmocka_unit_test(test_while_the_region_is_made),
        cmocka_unit_test(test_while_a_step_is_sought),
    };
    fill_rows();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
