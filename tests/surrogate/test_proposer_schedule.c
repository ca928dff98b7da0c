/* How often a proposer gets a trial, whatever it proposes. */
#include "surrogate/proposer_schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Trials 0 .. n - 1, each ended before the next. Returns how many the proposer got, which `gain` or do not. */
static int count(struct proposer_schedule *t, int64_t n, int gain)
{
    int proposed = 0;
    for (int64_t i = 0; i < n; i++) {
        int due = proposer_schedule_is_due(t);
        proposer_schedule_asked(t, i, due);
        if (due)
            proposer_schedule_ended(t, gain);
        proposed += due;
    }
    return proposed;
}

static void test_the_first_waits_as_long_as_it_is_told(void **state)
{
    (void)state;
    struct proposer_schedule t = proposer_schedule_begin(3);
    assert_int_equal(count(&t, 3, 1), 0);
    assert_int_equal(count(&t, 1, 1), 1);
}

static void test_every_second_trial_while_they_gain(void **state)
{
    (void)state;
    struct proposer_schedule t = proposer_schedule_begin(1);
    assert_int_equal(count(&t, 100, 1), 50);
}

static void test_one_trial_in_17_while_they_do_not(void **state)
{
    (void)state;
    struct proposer_schedule t = proposer_schedule_begin(3);
    assert_int_equal(count(&t, 41, 0), 4); /* after 3, 6, 12 and 16 others */
    assert_int_equal(count(&t, 1700, 0), 100);
    proposer_schedule_ended(&t, 1);
    assert_int_equal(count(&t, 10, 1), 5);
}

static void test_no_second_one_while_one_is_pending_unless_it_never_ends(void **state)
{
    (void)state;
    struct proposer_schedule t = proposer_schedule_begin(1);
    proposer_schedule_asked(&t, 0, 1);
    for (int64_t i = 1; i <= 64; i++) {
        assert_false(proposer_schedule_is_due(&t));
        proposer_schedule_asked(&t, i, 0);
    }
    assert_true(proposer_schedule_is_due(&t));
    assert_int_equal(t.running, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_waits_as_long_as_it_is_told),
        cmocka_unit_test(test_every_second_trial_while_they_gain),
        cmocka_unit_test(test_one_trial_in_17_while_they_do_not),
        cmocka_unit_test(test_no_second_one_while_one_is_pending_unless_it_never_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
