/* Random search draws from the prior, and from nothing else. */
#include "support/hand.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 4000 };

/* The 0.999 quantile of Kolmogorov's statistic. */
static const double KS_LIMIT = 1.95;

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* sqrt(n) times the largest distance from the uniform distribution. */
static double kolmogorov(double *u, size_t n)
{
    double worst = 0;
    qsort(u, n, sizeof *u, compare);
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fmax(u[i] - (double)i / (double)n, (double)(i + 1) / (double)n - u[i]));
    return worst * sqrt((double)n);
}

static struct space *space_of_reals(void)
{
    struct space *space;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_real(space, "plain", -2.385, 7.5, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_real(space, "rate", 1e-5, 0.3, AFINA_SCALE_LOG), 0);
    assert_int_equal(space_add_prior(space, "normal", AFINA_PRIOR_NORMAL, 1.5, 2.5, -INFINITY, INFINITY), 0);
    return space;
}

static void test_draws_follow_the_prior(void **state)
{
    (void)state;
    struct space *space = space_of_reals();
    struct hand hand;
    double *u[3];
    hand_start(&hand, "random", space, 20261123);
    for (size_t j = 0; j < 3; j++)
        assert_non_null(u[j] = malloc(N * sizeof **u));
    for (size_t i = 0; i < N; i++) {
        const struct point *p = hand_next(&hand);
        u[0][i] = (p->value[0].real + 2.385) / 9.885;
        u[1][i] = log(p->value[1].real / 1e-5) / log(0.3 / 1e-5);
        u[2][i] = 0.5 * erfc((1.5 - p->value[2].real) / 2.5 / sqrt(2));
    }
    for (size_t j = 0; j < 3; j++) {
        assert_true(kolmogorov(u[j], N) < KS_LIMIT);
        free(u[j]);
    }
    hand_end(&hand);
    space_free(space);
}

/* Expected 1600, 400, 2000 and 0 of 4000; standard deviations below 32. */
static void test_choices_follow_their_weights(void **state)
{
    (void)state;
    const char *choices[] = {"relu", "tanh", "gelu", "never"};
    struct space *space;
    struct hand hand;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_choices(space, "activation", AFINA_KIND_CATEGORICAL, choices, 4), 0);
    assert_int_equal(space_set_weights(space, "activation", (double[]){4, 1, 5, 0}, 4), 0);
    hand_start(&hand, "random", space, 31);
    hand.context.repeats = 1;
    int counts[4] = {0};
    for (size_t i = 0; i < N; i++)
        counts[hand_next(&hand)->value[0].integer]++;
    assert_in_range(counts[0], 1475, 1725);
    assert_in_range(counts[1], 320, 480);
    assert_int_equal(counts[3], 0);
    hand_end(&hand);
    space_free(space);
}

static void test_a_trial_depends_on_seed_and_number_alone(void **state)
{
    (void)state;
    struct space *space = space_of_reals();
    struct hand a, b, other;
    struct point *mine;
    hand_start(&a, "random", space, 5);
    hand_start(&b, "random", space, 5);
    hand_start(&other, "random", space, 6);
    hand_next(&a);
    assert_int_equal(point_new(&mine, b.context.space), 0);
    space_default(b.context.space, mine);
    hand_enqueue(&b, mine);
    hand_tell(&b, 0, NULL);
    hand_next(&other);
    for (int i = 0; i < 20; i++) {
        const struct point *p = hand_next(&a);
        assert_true(point_equal(p, hand_next(&b)));
        assert_false(point_equal(p, hand_next(&other)));
    }
    point_free(mine);
    hand_end(&a);
    hand_end(&b);
    hand_end(&other);
    space_free(space);
}

static void test_a_small_space_is_drawn_without_repeats(void **state)
{
    (void)state;
    struct space *space;
    struct hand hand;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_integer(space, "k", 1, 12, AFINA_SCALE_LINEAR), 0);
    hand_start(&hand, "random", space, 77);
    for (int i = 0; i < 12; i++)
        hand_next(&hand);
    assert_int_equal(hand.seen.size, 12);
    hand_end(&hand);
    space_free(space);
}

static int32_t is_below(const afina_point *point, void *user)
{
    return point->point->value[0].real < *(const double *)user;
}

static void test_the_filter_is_obeyed(void **state)
{
    (void)state;
    struct space *space = space_of_reals();
    struct hand hand;
    double limit = 0.5;
    hand_start(&hand, "random", space, 8);
    assert_int_equal(space_set_filter(hand.context.space, is_below, &limit, NULL), 0);
    for (int i = 0; i < 100; i++)
        assert_true(hand_next(&hand)->value[0].real < 0.5);
    hand_end(&hand);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_follow_the_prior),
        cmocka_unit_test(test_choices_follow_their_weights),
        cmocka_unit_test(test_a_trial_depends_on_seed_and_number_alone),
        cmocka_unit_test(test_a_small_space_is_drawn_without_repeats),
        cmocka_unit_test(test_the_filter_is_obeyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
