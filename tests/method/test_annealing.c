/* annealing: its formulas on a bare method, and what it finds through the public API. */
#include "support/bare_method.h"
#include "support/search_laws.h"

static void test_a_hundred_trials_beat_random_in_every_kind_of_space(void **state)
{
    (void)state;
    assert_beats_random(five_numbers, "annealing", distance, 100, 0.03);
    assert_beats_random(integers, "annealing", integer_distance, 100, 1);
    assert_beats_random(categories, "annealing", wrong_choices, 100, 8);
    assert_beats_random(small_optimizer, "annealing", small_value, 100, 0.02);
}

static void start(struct bare *b, size_t d, int64_t cycle, int64_t chains)
{
    bare_open(b, "annealing", d);
    OK(options_set_integer(&b->options, "startup", 1));
    OK(options_set_integer(&b->options, "cycle", cycle));
    OK(options_set_integer(&b->options, "chains", chains));
    bare_start(b);
}

/* In two dimensions the exponent is the root: T = 10^(-5 sqrt(k / 100)). */
static void test_temperatures_fall_as_ingbers(void **state)
{
    (void)state;
    static const double at[] = {0, 4, 25, 64, 99};
    static const double want[] = {1, 0.1, 3.16227766e-3, 1e-4, 1.05941e-5};
    struct bare b;
    start(&b, 2, 100, 1);
    bare_result(&b, (double[]){0.5, 0.5}, 1);
    for (int k = 0, i = 0; k < 100; k++) {
        int64_t number = bare_ask(&b);
        assert_int_equal(b.note_size, 3);
        if (k == at[i])
            assert_true(fabs(b.note[2] / want[i++] - 1) < 1e-3);
        bare_told(&b, number, 1 - k / 100.0);
    }
    bare_suggest(&b); /* K is 200: sqrt(100 / 200) */
    assert_true(fabs(b.note[2] - pow(10, -5 * sqrt(0.5))) < 1e-8);
    bare_close(&b);
}

/* At T = 10^-2.5 |y| < 0.05323 with probability 1/2 and |y| < 0.5 with 0.880, and a step
 * from 0.5 is inside then: the shorter are 0.568 of those that are.
 */
static void test_steps_have_ingbers_distribution(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 1, 2, 1);
    bare_result(&b, (double[]){0.5}, 1);
    bare_told(&b, bare_ask(&b), 2); /* k = 1 of 2; accepted or not, the next is better: */
    bare_result(&b, (double[]){0.5}, -1);
    int shorter = 0;
    for (int i = 0; i < 400; i++) {
        bare_ask(&b);
        assert_true(fabs(b.note[2] - 3.16227766e-3) < 1e-9);
        shorter += fabs(b.x[0] - 0.5) < 0.05323;
    }
    assert_in_range(shorter, 197, 257);
    bare_close(&b);
}

/* How far the next 21 proposals are from 0.8, in the median, after one at 0.8 that was worse by a half, with S = 1. */
static double after_worse(double u)
{
    struct bare b;
    double far[21];
    start(&b, 1, 2, 1);
    bare_result(&b, (double[]){0.2}, 0);
    bare_result(&b, (double[]){0.1}, 1);
    bare_result(&b, (double[]){0.9}, 2);
    bare_told(&b, bare_asked(&b, (double[]){0.8}, (double[]){0, u, 1}, 3), 0.5);
    for (int i = 0; i < 21; i++) {
        bare_ask(&b);
        far[i] = fabs(b.x[0] - 0.8);
    }
    bare_close(&b);
    qsort(far, 21, sizeof *far, by_value);
    return far[10];
}

/* exp(-0.5) = 0.6065 */
static void test_what_is_worse_is_accepted_with_metropolis_probability(void **state)
{
    (void)state;
    assert_true(after_worse(0.60) < 0.2);
    assert_true(after_worse(0.61) > 0.4);
}

static void test_chains_take_turns_and_share_the_work(void **state)
{
    (void)state;
    struct bare b;
    int proposals[3] = {0};
    start(&b, 1, 100, 3);
    for (int i = 0; i < 3; i++)
        bare_result(&b, (double[]){0.2 * i}, i);
    for (int i = 0; i < 30; i++) {
        bare_ask(&b);
        proposals[(int)b.note[0]]++;
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(proposals[i], 10);
    bare_close(&b);
}

/* A cycle of four proposals that bring nothing: the next is of the design, whose notes have two numbers. */
static void test_a_barren_chain_begins_anew(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 1, 4, 1);
    bare_result(&b, (double[]){0.5}, 1);
    for (int i = 0; i < 8; i++) {
        int64_t number = bare_ask(&b);
        assert_int_equal(b.note_size, 3);
        bare_told(&b, number, 2);
    }
    int64_t number = bare_ask(&b);
    assert_int_equal(b.note_size, 2);
    bare_told(&b, number, 3);
    bare_suggest(&b);
    assert_int_equal(b.note_size, 3);
    assert_true(b.note[2] == 1); /* hot again */
    bare_close(&b);
}

static void test_notes_of_others_are_survived(void **state)
{
    (void)state;
    struct bare b;
    start(&b, 1, 100, 2);
    bare_told(&b, bare_asked(&b, (double[]){0.5}, (double[]){-1, 0.5, 1}, 3), 1);
    bare_told(&b, bare_asked(&b, (double[]){0.6}, (double[]){2, 0.5, 1}, 3), 1);
    bare_told(&b, bare_asked(&b, (double[]){0.7}, (double[]){1e300, -7, 0}, 3), 1);
    bare_told(&b, bare_asked(&b, (double[]){0.7}, (double[]){0, -7, 0}, 3), 2);
    bare_suggest(&b);
    assert_true(b.x[0] >= 0 && b.x[0] <= 1);
    bare_close(&b);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("annealing");
    FAILS(afina_optimizer_set_integer(optimizer, "chains", 101), AFINA_E_RANGE, "100");
    FAILS(afina_optimizer_set_integer(optimizer, "cycle", 0), AFINA_E_RANGE, "cycle");
    FAILS(afina_optimizer_set_integer(optimizer, "cycles", 1), AFINA_E_NAME, "cycle");
    afina_optimizer_free(optimizer);
}

static void test_failures_added_results_and_workers(void **state)
{
    (void)state;
    assert_failures_teach("annealing", 0.501, 5);
    assert_explores_where_all_fails("annealing");
    assert_learns_from_added_results("annealing", 10);
    assert_takes_any_number_of_workers("annealing", 1e-3);
    assert_takes_two_thousand_parameters("annealing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hundred_trials_beat_random_in_every_kind_of_space),
        cmocka_unit_test(test_temperatures_fall_as_ingbers),
        cmocka_unit_test(test_steps_have_ingbers_distribution),
        cmocka_unit_test(test_what_is_worse_is_accepted_with_metropolis_probability),
        cmocka_unit_test(test_chains_take_turns_and_share_the_work),
        cmocka_unit_test(test_a_barren_chain_begins_anew),
        cmocka_unit_test(test_notes_of_others_are_survived),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_failures_added_results_and_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
