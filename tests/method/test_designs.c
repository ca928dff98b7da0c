/* The designs that fill a space evenly: sobol, halton, lhs. */
#include "support/hand.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const DESIGNS[] = {"sobol", "halton", "lhs"};
enum { N_DESIGNS = 3 };

static struct space *unit_cube(size_t d)
{
    struct space *space;
    assert_int_equal(space_new(&space), 0);
    for (size_t j = 0; j < d; j++) {
        char name[16] = {'x', (char)('a' + j / 676), (char)('a' + j / 26 % 26), (char)('a' + j % 26)};
        assert_int_equal(space_add_real(space, name, 0, 1, AFINA_SCALE_LINEAR), 0);
    }
    return space;
}

/* Everything a space may hold: scales, steps, weights, a prior, conditions. */
static struct space *mixed_space(void)
{
    const char *kinds[] = {"sgd", "adam", "bfgs"};
    const char *sizes[] = {"16", "32", "64"};
    const char *with_momentum[] = {"sgd"};
    struct space *space;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_choices(space, "trainer", AFINA_KIND_CATEGORICAL, kinds, 3), 0);
    assert_int_equal(space_set_weights(space, "trainer", (double[]){5, 3, 2}, 3), 0);
    assert_int_equal(space_add_real(space, "rate", 1e-5, 0.3, AFINA_SCALE_LOG), 0);
    assert_int_equal(space_add_real(space, "momentum", 0, 0.95, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_set_step(space, "momentum", 0.05), 0);
    assert_int_equal(space_add_condition_in(space, "momentum", "trainer", with_momentum, 1), 0);
    assert_int_equal(space_add_integer(space, "units", 4, 512, AFINA_SCALE_LOG), 0);
    assert_int_equal(space_add_choices(space, "batch", AFINA_KIND_ORDINAL, sizes, 3), 0);
    assert_int_equal(space_add_prior(space, "decay", AFINA_PRIOR_LOGNORMAL, -7.5, 2, 0, INFINITY), 0);
    return space;
}

static void assert_in_mixed_space(const struct space *space, const struct point *p)
{
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *q = &space->parameters[i];
        if (!p->active[i])
            assert_int_equal(p->value[i].integer, 0);
        else if (q->kind == AFINA_KIND_REAL)
            assert_true(p->value[i].real >= q->low && p->value[i].real <= q->high);
        else
            assert_true(p->value[i].integer >= q->int_low && p->value[i].integer <= q->int_high);
    }
    assert_int_equal(p->active[2], p->value[0].integer == 0);
}

static void test_points_are_inside_a_mixed_space(void **state)
{
    (void)state;
    struct space *space = mixed_space();
    for (size_t k = 0; k < N_DESIGNS; k++) {
        struct hand hand;
        hand_start(&hand, DESIGNS[k], space, 90 + k);
        int trainers[3] = {0};
        for (int i = 0; i < 200; i++) {
            const struct point *p = hand_next(&hand);
            assert_in_mixed_space(hand.context.space, p);
            trainers[p->value[0].integer]++;
        }
        /* Evenly by weight: random counts would miss by seven on average. */
        assert_in_range(trainers[0], 97, 103);
        assert_in_range(trainers[1], 57, 63);
        assert_in_range(trainers[2], 37, 43);
        hand_end(&hand);
    }
    space_free(space);
}

static void test_resuming_equals_going_on(void **state)
{
    (void)state;
    struct space *space = mixed_space();
    for (size_t k = 0; k < N_DESIGNS; k++) {
        struct hand whole, resumed;
        hand_start(&whole, DESIGNS[k], space, 17);
        for (int i = 0; i < 50; i++)
            hand_next(&whole);
        for (size_t n = 0; n < 50; n += 7) {
            hand_start(&resumed, DESIGNS[k], space, 17);
            hand_replay(&resumed, &whole, n);
            for (size_t i = n; i < 50; i++)
                assert_true(point_equal(hand_next(&resumed), whole.log[i].point));
            hand_end(&resumed);
        }
        hand_end(&whole);
    }
    space_free(space);
}

/* What is asked does not depend on results, on enqueued points, or on
 * suggestions that were made and dropped. */
static void test_the_sequence_is_disturbed_by_nothing(void **state)
{
    (void)state;
    struct space *space = unit_cube(3);
    for (size_t k = 0; k < N_DESIGNS; k++) {
        struct hand calm, busy;
        struct point *mine;
        hand_start(&calm, DESIGNS[k], space, 23);
        hand_start(&busy, DESIGNS[k], space, 23);
        assert_int_equal(point_new(&mine, busy.context.space), 0);
        space_default(busy.context.space, mine);
        for (int i = 0; i < 40; i++) {
            struct rng rng;
            double note[4];
            struct suggestion dropped = {.rng = &rng, .number = i, .attempt = 3, .point = mine, .note = note};
            rng_start(&rng, 23, 0, RNG_SUGGEST);
            if (i % 3 == 0) {
                mine->value[0].real = 0.01 * i;
                hand_enqueue(&busy, mine);
                hand_tell(&busy, busy.size - 1, i % 2 ? NULL : &(double){INFINITY});
                assert_int_equal(busy.method->suggest(busy.state, &dropped), 0);
            }
            assert_true(point_equal(hand_next(&calm), hand_next(&busy)));
        }
        point_free(mine);
        hand_end(&calm);
        hand_end(&busy);
    }
    space_free(space);
}

static void test_seeds_give_different_designs(void **state)
{
    (void)state;
    struct space *space = unit_cube(2);
    for (size_t k = 0; k < N_DESIGNS; k++) {
        struct hand a, b;
        hand_start(&a, DESIGNS[k], space, 1);
        hand_start(&b, DESIGNS[k], space, 2);
        for (int i = 0; i < 30; i++)
            assert_false(point_equal(hand_next(&a), hand_next(&b)));
        hand_end(&a);
        hand_end(&b);
    }
    space_free(space);
}

/* A space of 60 points gives all of them, with a refusal or two on the way. */
static void test_refused_proposals_are_passed_over(void **state)
{
    (void)state;
    const char *letters[] = {"a", "b", "c"};
    struct space *space;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_integer(space, "k", 1, 20, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_add_choices(space, "letter", AFINA_KIND_CATEGORICAL, letters, 3), 0);
    for (size_t k = 0; k < N_DESIGNS; k++) {
        struct hand hand;
        uint32_t refused = 0;
        hand_start(&hand, DESIGNS[k], space, 4);
        for (int i = 0; i < 40; i++) {
            hand_next(&hand);
            refused += hand.attempts;
        }
        assert_int_equal(hand.seen.size, 40);
        assert_true(refused > 0);
        hand_end(&hand);
    }
    space_free(space);
}

static void test_two_thousand_parameters_are_no_trouble(void **state)
{
    (void)state;
    struct space *space = unit_cube(2000);
    for (size_t k = 0; k < N_DESIGNS; k++) {
        struct hand hand;
        hand_start(&hand, DESIGNS[k], space, 13);
        double sum = 0;
        for (int i = 0; i < 20; i++) {
            const struct point *p = hand_next(&hand);
            for (size_t j = 0; j < 2000; j++) {
                assert_true(p->value[j].real > 0 && p->value[j].real < 1);
                sum += p->value[j].real / 40000;
            }
        }
        assert_true(fabs(sum - 0.5) < 4 * sqrt(1.0 / 12 / 40000));
        hand_end(&hand);
    }
    space_free(space);
}

/* A log that others wrote. */
static void test_a_note_that_is_no_position_counts_one_step(void **state)
{
    (void)state;
    struct space *space = unit_cube(1);
    const double notes[][2] = {{-1, 0}, {0.5, 1}, {1e300, 0}, {0, 4294967296.0}, {NAN, NAN}, {INFINITY, 2}};
    for (size_t k = 0; k < N_DESIGNS; k++)
        for (size_t i = 0; i < 6; i++) {
            struct hand plain, odd;
            hand_start(&plain, DESIGNS[k], space, 3);
            hand_start(&odd, DESIGNS[k], space, 3);
            const struct point *first = hand_next(&plain);
            assert_int_equal(hand_init(&odd), 0);
            struct observation o = {.kind = OBSERVED_ASKED, .point = first, .note = notes[i], .note_size = 2};
            assert_int_equal(odd.method->observe(odd.state, &o), 0);
            assert_true(point_equal(hand_next(&plain), hand_next(&odd)));
            hand_end(&plain);
            hand_end(&odd);
        }
    space_free(space);
}

static void test_first_sobol_points_hit_every_slice_of_a_log_scale(void **state)
{
    (void)state;
    struct space *space;
    struct hand hand;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_real(space, "rate", 1e-4, 1e4, AFINA_SCALE_LOG), 0);
    hand_start(&hand, "sobol", space, 6);
    int hit[8] = {0};
    for (int i = 0; i < 8; i++)
        hit[(int)floor(log10(hand_next(&hand)->value[0].real) + 4)]++;
    for (int i = 0; i < 8; i++)
        assert_int_equal(hit[i], 1);
    hand_end(&hand);
    space_free(space);
}

static void assert_latin(struct hand *hand, size_t n, size_t d)
{
    unsigned char *hit = calloc(n * d, 1);
    assert_non_null(hit);
    for (size_t i = 0; i < n; i++) {
        const struct point *p = hand_next(hand);
        for (size_t j = 0; j < d; j++)
            assert_int_equal(hit[j * n + (size_t)(p->value[j].real * (double)n)]++, 0);
    }
    free(hit);
}

/* Each design, not only the first; improved or not; small, odd and large ones. */
static void test_every_slice_of_a_latin_design_is_taken_once(void **state)
{
    (void)state;
    const int64_t points[] = {1, 2, 3, 20, 31, 600};
    const char *criteria[] = {"maximin", "random"};
    struct space *space = unit_cube(5);
    for (size_t k = 0; k < 6; k++)
        for (size_t c = 0; c < 2; c++) {
            struct hand hand;
            hand_start(&hand, "lhs", space, 50 + k);
            hand_set_integer(&hand, "points", points[k]);
            hand_set_string(&hand, "criterion", criteria[c]);
            for (int design = 0; design < 3; design++)
                assert_latin(&hand, (size_t)points[k], 5);
            hand_end(&hand);
        }
    space_free(space);
}

static void test_weights_get_their_exact_share_of_a_latin_design(void **state)
{
    (void)state;
    const char *choices[] = {"a", "b", "c"};
    struct space *space;
    struct hand hand;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_choices(space, "letter", AFINA_KIND_CATEGORICAL, choices, 3), 0);
    assert_int_equal(space_set_weights(space, "letter", (double[]){5, 3, 2}, 3), 0);
    assert_int_equal(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR), 0);
    hand_start(&hand, "lhs", space, 12);
    int counts[3] = {0};
    for (int i = 0; i < 20; i++)
        counts[hand_next(&hand)->value[0].integer]++;
    assert_int_equal(counts[0], 10);
    assert_int_equal(counts[1], 6);
    assert_int_equal(counts[2], 4);
    hand_end(&hand);
    space_free(space);
}

/* The mean over seeds of the least distance of two points of a design. */
static double mean_least_distance(const struct space *space, const char *criterion)
{
    enum { N = 20, D = 4, SEEDS = 10 };
    double mean = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct hand hand;
        hand_start(&hand, "lhs", space, seed);
        hand_set_string(&hand, "criterion", criterion);
        double least = INFINITY;
        for (size_t a = 0; a < N; a++) {
            const struct point *p = hand_next(&hand);
            for (size_t b = 0; b < a; b++) {
                double sum = 0;
                for (size_t j = 0; j < D; j++)
                    sum += pow(p->value[j].real - hand.log[b].point->value[j].real, 2);
                least = fmin(least, sqrt(sum));
            }
        }
        mean += least / SEEDS;
        hand_end(&hand);
    }
    return mean;
}

static void test_maximin_keeps_the_points_of_a_design_apart(void **state)
{
    (void)state;
    struct space *space = unit_cube(4);
    double maximin = mean_least_distance(space, "maximin"), random = mean_least_distance(space, "random");
    print_message("least distance: maximin %.3f, random %.3f\n", maximin, random);
    assert_true(maximin > 1.7 * random);
    space_free(space);
}

static void test_later_latin_designs_are_others(void **state)
{
    (void)state;
    struct space *space = unit_cube(2);
    struct hand hand;
    hand_start(&hand, "lhs", space, 21);
    hand_set_integer(&hand, "points", 8);
    for (int i = 0; i < 24; i++)
        hand_next(&hand);
    int same = 0;
    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < 2; j++)
            same += (int)(hand.log[i].point->value[j].real * 8) == (int)(hand.log[8 + i].point->value[j].real * 8);
    assert_true(same < 10);
    hand_end(&hand);
    space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_are_inside_a_mixed_space),
        cmocka_unit_test(test_resuming_equals_going_on),
        cmocka_unit_test(test_the_sequence_is_disturbed_by_nothing),
        cmocka_unit_test(test_seeds_give_different_designs),
        cmocka_unit_test(test_refused_proposals_are_passed_over),
        cmocka_unit_test(test_two_thousand_parameters_are_no_trouble),
        cmocka_unit_test(test_a_note_that_is_no_position_counts_one_step),
        cmocka_unit_test(test_first_sobol_points_hit_every_slice_of_a_log_scale),
        cmocka_unit_test(test_every_slice_of_a_latin_design_is_taken_once),
        cmocka_unit_test(test_weights_get_their_exact_share_of_a_latin_design),
        cmocka_unit_test(test_maximin_keeps_the_points_of_a_design_apart),
        cmocka_unit_test(test_later_latin_designs_are_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
