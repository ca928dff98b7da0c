/* Weights of choices, few and many: shares in order, and written once for all. */
#include "space/space_help.h"

enum { MOST = SPACE_MAX_CHOICES };

static char names[MOST][8];
static const char *choices[MOST];
static double weights[MOST];

static int name_choices(void **state)
{
    (void)state;
    for (int i = 0; i < MOST; i++) {
        snprintf(names[i], sizeof names[i], "c%d", i);
        choices[i] = names[i];
    }
    return 0;
}

static struct space *weighted_space(size_t count)
{
    struct space *space = new_space();
    assert_ok(space_add_choices(space, "c", AFINA_KIND_CATEGORICAL, choices, count));
    assert_ok(space_set_weights(space, "c", weights, count));
    return space;
}

/* Shares ascend to 1, each choice's u is in [0, 1], and one that has a share that
 * a double can tell comes back from it. */
static void assert_shares_are_in_order(const struct space *space)
{
    const struct parameter *p = &space->parameters[0];
    assert_true(p->cumulative[0] == 0 && p->cumulative[p->n_choices] == 1);
    for (size_t i = 0; i < p->n_choices; i++) {
        union value v = {.integer = (int64_t)i};
        double u = parameter_to_unit(p, v);
        assert_true(p->cumulative[i] <= p->cumulative[i + 1]);
        assert_true(u >= p->cumulative[i] && u <= p->cumulative[i + 1]);
        if (p->cumulative[i + 1] - p->cumulative[i] > 1e-15)
            assert_int_equal(parameter_from_unit(p, u).integer, (int64_t)i);
    }
}

static void assert_written_once_for_all(const struct space *space)
{
    struct text text = {0}, again = {0};
    struct space *back;
    assert_ok(space_to_json(space, &text));
    assert_ok(space_from_json(&back, text.data, text.length));
    assert_ok(space_to_json(back, &again));
    assert_true(strcmp(text.data, again.data) == 0);
    space_free(back);
    mem_free(text.data);
    mem_free(again.data);
}

static void test_weights_of_any_spread(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 7, 100, 9999, 30000};
    struct rng rng;
    print_message("seed 2385\n");
    rng_start(&rng, 2385, 0, RNG_SUGGEST);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        for (int spread = 0; spread <= 20; spread += 20) {
            for (size_t i = 0; i < counts[c]; i++)
                weights[i] = exp(spread * rng_normal(&rng));
            struct space *space = weighted_space(counts[c]);
            assert_shares_are_in_order(space);
            assert_written_once_for_all(space);
            space_free(space);
        }
    }
}

/* The same error in every term: 0.3 added a hundred thousand times. */
static void test_rounding_that_adds_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < MOST; i++)
        weights[i] = i == 0 ? 1 : 0.3;
    struct space *space = weighted_space(MOST);
    assert_shares_are_in_order(space);
    assert_written_once_for_all(space);
    space_free(space);
}

/* Three quarters and more, then crumbs: the sum passes 1 by an ulp before the
 * last of them. */
static void test_crumbs_at_the_end_do_not_pass_one(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 2386, 0, RNG_SUGGEST);
    for (int round = 0; round < 2000; round++) {
        size_t count = 3 + (size_t)rng_below(&rng, 30);
        for (size_t i = 0; i < count; i++)
            weights[i] = i + 2 < count ? rng_uniform(&rng) : 1e-20;
        struct space *space = weighted_space(count);
        assert_shares_are_in_order(space);
        assert_true(parameter_to_unit(&space->parameters[0], (union value){.integer = (int64_t)count - 1}) <= 1);
        space_free(space);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weights_of_any_spread),
        cmocka_unit_test(test_rounding_that_adds_up),
        cmocka_unit_test(test_crumbs_at_the_end_do_not_pass_one),
    };
    return cmocka_run_group_tests(tests, name_choices, NULL);
}
