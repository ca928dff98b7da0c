/* The probabilities of categories against numbers worked out by hand. */
#include "method/parts/categorical.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-12)

static const char *const names[] = {"a", "b", "c", "d", "e"};

/* `count` categorical parameters of three choices; with weights 1, 0, 3 when they are given. */
static struct space *choices(size_t count, int weighted)
{
    struct space *space, *snapshot;
    assert_int_equal(space_new(&space), 0);
    for (size_t k = 0; k < count; k++) {
        assert_int_equal(space_add_choices(space, (const char *const[]){"k0", "k1", "k2", "k3"}[k],
                                           AFINA_KIND_CATEGORICAL, names, 3),
                         0);
        if (weighted)
            assert_int_equal(space_set_weights(space, (const char *const[]){"k0", "k1", "k2", "k3"}[k],
                                               (const double[]){1, 0, 3}, 3),
                             0);
    }
    assert_int_equal(space_snapshot(&snapshot, space), 0);
    space_free(space);
    return snapshot;
}

/* g = (0.7, 0.3, 0) - 1/3 has the length 0.8602; the step takes the third below the
 * margin 0.27 / 2, and the others give up what it lacks. */
static void test_a_step_and_its_margin(void **state)
{
    (void)state;
    struct space *space = choices(1, 0);
    struct categorical o;
    const double first = 0, second = 1, weight[] = {0.7, 0.3};
    const double *rows[] = {&first, &second};
    assert_int_equal(categorical_init(&o, space), 0);
    categorical_update(&o, rows, weight, 2);
    NEAR(o.q[0], 0.608911577404765);
    NEAR(o.q[1], 0.2560884225952349);
    NEAR(o.q[2], 0.135);
    NEAR(o.big_delta, 1.2404599064298913);
    categorical_fini(&o);
    space_release(space);
}

/* As the prior's weights say, and a choice of weight 0 is never drawn nor learned. */
static void test_weights_of_the_space(void **state)
{
    (void)state;
    struct space *space = choices(1, 1);
    struct categorical o;
    struct rng rng;
    const double nothing = 1, one = 1;
    const double *rows[] = {&nothing};
    double drawn;
    int seen[3] = {0};
    assert_int_equal(categorical_init(&o, space), 0);
    NEAR(o.q[0], 0.25);
    NEAR(o.q[2], 0.75);
    categorical_update(&o, rows, &one, 1);
    NEAR(o.q[0], 0.25);
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int i = 0; i < 4000; i++) {
        categorical_draw(&o, &rng, &drawn);
        seen[(size_t)drawn]++;
    }
    assert_in_range(seen[0], 900, 1100);
    assert_int_equal(seen[1], 0);
    categorical_fini(&o);
    space_release(space);
}

static void test_what_is_inactive_teaches_nothing(void **state)
{
    (void)state;
    struct space *space = choices(2, 0);
    struct categorical o;
    const double row[] = {2, ENCODED_INACTIVE}, one = 1;
    const double *rows[] = {row};
    assert_int_equal(categorical_init(&o, space), 0);
    categorical_update(&o, rows, &one, 1);
    assert_true(o.q[2] > 0.6);
    for (size_t i = 3; i < 6; i++)
        NEAR(o.q[i], 1.0 / 3);
    categorical_fini(&o);
    space_release(space);
}

/* Generations that agree make the probabilities certain up to the margin; those that do not
 * make the steps small. */
static void test_agreement_and_noise(void **state)
{
    (void)state;
    struct space *space = choices(4, 0);
    struct categorical o;
    struct rng rng;
    const double same[] = {0, 1, 2, 0}, one = 1;
    const double *rows[] = {same};
    assert_int_equal(categorical_init(&o, space), 0);
    for (int i = 0; i < 40; i++)
        categorical_update(&o, rows, &one, 1);
    double margin = 1 - pow(0.73, 0.25);
    NEAR(o.discrete, 4);
    NEAR(o.q[0], 1 - margin);
    categorical_start(&o);
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int i = 0; i < 200; i++) {
        double row[4];
        for (size_t k = 0; k < 4; k++)
            row[k] = (double)rng_below(&rng, 3);
        rows[0] = row;
        categorical_update(&o, rows, &one, 1);
    }
    assert_true(o.big_delta > 10);
    for (size_t k = 0; k < 4; k++)
        NEAR(o.q[3 * k] + o.q[3 * k + 1] + o.q[3 * k + 2], 1);
    categorical_fini(&o);
    space_release(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_step_and_its_margin),
        cmocka_unit_test(test_weights_of_the_space),
        cmocka_unit_test(test_what_is_inactive_teaches_nothing),
        cmocka_unit_test(test_agreement_and_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
