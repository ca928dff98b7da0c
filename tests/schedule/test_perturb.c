/* Configurations near another one. */
#include "schedule/parts/perturb.h"

#include "support/small_study.h"

#include <math.h>

enum { DRAWS = 4000 };

static const char *const KINDS[] = {"a", "b", "c", "d"};
static const char *const WITH_CHILD[] = {"c", "d"};

/* x in [0, 1]; four kinds, of which two have a child. */
static struct space *conditional(afina_filter filter)
{
    struct space *space, *snapshot;
    OK(space_new(&space));
    OK(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_add_choices(space, "kind", AFINA_KIND_CATEGORICAL, KINDS, 4));
    OK(space_add_integer(space, "child", 10, 20, AFINA_SCALE_LINEAR));
    OK(space_add_condition_in(space, "child", "kind", WITH_CHILD, 2));
    if (filter)
        OK(space_set_filter(space, filter, NULL, NULL));
    OK(space_snapshot(&snapshot, space));
    space_free(space);
    return snapshot;
}

struct draws {
    double larger, smaller, sum; /* of x: how often it became 1.2 times as large, or 1/1.2; and its sum */
    double same_kind, children;
};

static struct draws draw(double factor, double resample, afina_filter filter)
{
    struct draws d = {0};
    struct space *space = conditional(filter);
    struct perturb perturb;
    struct point *from, *out, *again;
    struct rng rng;
    double row[3] = {0.5, 1, ENCODED_INACTIVE}, u[3];
    OK(point_new(&from, space));
    OK(point_new(&out, space));
    OK(point_new(&again, space));
    space_decode(space, row, from);
    OK(perturb_init(&perturb, space, factor, resample));
    rng_start(&rng, 2385, 0, RNG_SCHEDULE);
    for (int i = 0; i < DRAWS; i++) {
        OK(perturb_point(&perturb, from, &rng, out));
        space_encode(space, out, u);
        space_decode(space, u, again);
        assert_true(point_equal(out, again)); /* canonical */
        assert_true(u[0] >= 0 && u[0] <= 1);
        assert_int_equal(u[2] != ENCODED_INACTIVE, u[1] >= 2);
        d.larger += fabs(u[0] - 0.5 * factor) < 1e-12;
        d.smaller += fabs(u[0] - 0.5 / factor) < 1e-12;
        d.sum += u[0];
        d.same_kind += u[1] == 1;
        d.children += u[2] != ENCODED_INACTIVE;
    }
    perturb_fini(&perturb);
    point_free(from);
    point_free(out);
    point_free(again);
    space_release(space);
    return d;
}

/* Within four standard deviations of what is expected. */
static void assert_share(double count, double p)
{
    double sd = sqrt(p * (1 - p) / DRAWS);
    if (fabs(count / DRAWS - p) > 4 * sd)
        fail_msg("seed 2385: a share of %.4f, expected %.4f within %.4f", count / DRAWS, p, 4 * sd);
}

static void test_numbers_grow_or_shrink_and_categories_stay(void **state)
{
    (void)state;
    struct draws d = draw(1.2, 0, NULL);
    assert_share(d.larger, 0.5);
    assert_true(d.larger + d.smaller == DRAWS);
    assert_true(d.same_kind == DRAWS && d.children == 0);
}

static void test_a_share_is_drawn_from_the_prior(void **state)
{
    (void)state;
    struct draws d = draw(1.2, 0.25, NULL), all = draw(1.2, 1, NULL);
    assert_share(d.larger, 0.5 * 0.75);
    assert_share(d.smaller, 0.5 * 0.75);
    assert_share(d.same_kind, 0.75 + 0.25 / 4);
    assert_share(d.children, 0.25 / 2);
    assert_share(all.same_kind, 0.25);
    assert_true(fabs(all.sum / DRAWS - 0.5) < 4 * sqrt(1.0 / 12 / DRAWS));
}

static int32_t small_only(const afina_point *point, void *user)
{
    double x;
    (void)user;
    OK(afina_point_get_real(point, "x", &x));
    return x < 0.45;
}

static int32_t none(const afina_point *point, void *user)
{
    (void)point, (void)user;
    return 0;
}

static void test_the_filter_is_asked(void **state)
{
    (void)state;
    struct draws d = draw(1.2, 0, small_only), refused = draw(1.2, 0.25, none);
    assert_true(d.smaller == DRAWS);
    assert_true(refused.sum == 0.5 * DRAWS && refused.same_kind == DRAWS); /* what it began with */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_grow_or_shrink_and_categories_stay),
        cmocka_unit_test(test_a_share_is_drawn_from_the_prior),
        cmocka_unit_test(test_the_filter_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
