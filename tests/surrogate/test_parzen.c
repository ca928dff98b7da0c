/* The density of kernels: that it is one, that draws follow it, and its values on
 * mixed and conditional points. */
#include "surrogate/parzen.h"

#include "core/fail.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, 0)

/* A category, and a number that is active with its last two choices. */
static struct space *tree_space(void)
{
    static const char *const kinds[] = {"none", "some", "much"};
    struct space *space, *snapshot;
    OK(space_new(&space));
    OK(space_add_choices(space, "k", AFINA_KIND_CATEGORICAL, kinds, 3));
    OK(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_add_condition_in(space, "x", "k", kinds + 1, 2));
    OK(space_snapshot(&snapshot, space));
    space_free(space);
    return snapshot;
}

static const double rows[4][2] = {{1, 0.1}, {0, ENCODED_INACTIVE}, {2, 0.385}, {1, 0.95}};

static void fitted(struct parzen *p, const struct space *space)
{
    OK(parzen_init(p, space, 4));
    parzen_clear(p);
    for (size_t k = 0; k < 4; k++)
        parzen_add(p, rows[k], (double)(k + 1));
    parzen_fit(p, 2.5, 0.02);
}

/* Over the choices, and over x by the midpoint rule where it is active. */
static double integral(const struct parzen *p)
{
    enum { STEPS = 4000 };
    double sum = exp(parzen_log_density(p, (double[2]){0, ENCODED_INACTIVE}));
    for (int k = 1; k < 3; k++)
        for (int i = 0; i < STEPS; i++)
            sum += exp(parzen_log_density(p, (double[2]){k, (i + 0.5) / STEPS})) / STEPS;
    return sum;
}

static void test_density_integrates_to_one(void **state)
{
    (void)state;
    struct space *space = tree_space();
    struct parzen p;
    fitted(&p, space);
    double one = integral(&p);
    assert_true(fabs(one - 1) < 1e-6);
    parzen_fini(&p);
    space_release(space);
}

/* The share of draws of each choice, and of those with x below a half. */
static void test_draws_follow_the_density(void **state)
{
    (void)state;
    enum { DRAWS = 20000, STEPS = 2000 };
    struct space *space = tree_space();
    struct parzen p;
    struct rng rng;
    double drawn = 0, expected = 0;
    fitted(&p, space);
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (int i = 0; i < DRAWS; i++) {
        double row[2];
        parzen_draw(&p, &rng, row);
        assert_true(row[1] >= 0 && row[1] <= 1);
        drawn += row[0] == 1 && row[1] < 0.5;
    }
    for (int i = 0; i < STEPS / 2; i++)
        expected += exp(parzen_log_density(&p, (double[2]){1, (i + 0.5) / STEPS})) / STEPS;
    assert_true(fabs(drawn / DRAWS - expected) < 0.015);
    parzen_fini(&p);
    space_release(space);
}

/* One kernel in the middle is as wide as the range: f = (1 + N(x) / M) / 2, M its mass in it. */
static void test_a_kernel_alone_against_its_formula(void **state)
{
    (void)state;
    struct space *space, *line;
    struct parzen p;
    OK(space_new(&space));
    OK(space_add_real(space, "x", 1e-3, 1, AFINA_SCALE_LOG));
    OK(space_snapshot(&line, space));
    space_free(space);
    OK(parzen_init(&p, line, 1));
    parzen_add(&p, &(double){0.5}, 2.385);
    parzen_fit(&p, 2.385, 0.02);
    double mass = erf(0.5 / sqrt(2)), peak = 1 / sqrt(2 * acos(-1));
    assert_true(fabs(exp(parzen_log_density(&p, &(double){0.5})) - (1 + peak / mass) / 2) < 1e-14);
    double aside = exp(-0.5 * 0.3 * 0.3) * peak;
    assert_true(fabs(exp(parzen_log_density_one(&p, 0, 0.8)) - (1 + aside / mass) / 2) < 1e-14);
    parzen_fini(&p);
    space_release(line);
}

/* Without a kernel there is the prior alone. */
static void test_no_kernel_is_the_prior(void **state)
{
    (void)state;
    struct space *space = tree_space();
    struct parzen p;
    OK(parzen_init(&p, space, 0));
    parzen_fit(&p, 1, 0.02);
    assert_true(fabs(parzen_log_density(&p, (double[2]){1, 0.7}) + log(3)) < 1e-14);
    parzen_fini(&p);
    space_release(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_density_integrates_to_one),
        cmocka_unit_test(test_draws_follow_the_density),
        cmocka_unit_test(test_a_kernel_alone_against_its_formula),
        cmocka_unit_test(test_no_kernel_is_the_prior),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
