/* Asks of every method whose n-th allocation fails: an error, nothing leaked, and the
 * next ask gives the bits that it would have given. */
#include "method/method.h"
#include "support/mem_fault.h"
#include "support/small_study.h"

#include <math.h>

/* The last is past the initial design of each. */
enum { TRIALS = 12 };

/* gp with an option. */
static const char choosing[] = "gp that chooses";

/* The registered methods and that one; NULL for one that suggests nothing. */
static const char *nth_method(size_t i)
{
    if (i == method_count())
        return choosing;
    return method_at(i)->traits & METHOD_HOST_ONLY ? NULL : method_at(i)->name;
}

static afina_optimizer *open_study(const char *method)
{
    afina_optimizer *optimizer = small_optimizer(method == choosing ? "gp" : method);
    if (method == choosing)
        OK(afina_optimizer_set_string(optimizer, "conditions", "chosen"));
    return optimizer;
}

static double asked_x(afina_optimizer *optimizer, int32_t *rc)
{
    afina_trial *trial;
    double x = NAN;
    *rc = afina_ask(optimizer, &trial);
    if (*rc == AFINA_OK)
        OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
    afina_trial_free(trial);
    return x;
}

static void fail_one(afina_optimizer *optimizer)
{
    afina_trial *trial;
    OK(afina_ask(optimizer, &trial));
    OK(afina_tell_failed(optimizer, afina_trial_number(trial), "out of luck"));
    afina_trial_free(trial);
}

/* Some results come with a standard error, and some trials fail. */
static afina_optimizer *told_study(const char *method)
{
    afina_optimizer *optimizer = open_study(method);
    for (int i = 0; i < TRIALS; i++) {
        if (i % 5 == 3)
            fail_one(optimizer);
        else
            small_step_with(optimizer, i % 3 == 1 ? 0.25 : -1);
    }
    return optimizer;
}

static void ask_with_faults(const char *method, void (*inject)(uint64_t n))
{
    int32_t rc;
    afina_optimizer *optimizer = told_study(method);
    double want = asked_x(optimizer, &rc);
    OK(rc);
    afina_optimizer_free(optimizer);
    for (uint64_t n = 1;; n++) {
        int64_t live = mem_fault_live();
        optimizer = told_study(method);
        inject(n);
        double got = asked_x(optimizer, &rc);
        mem_fault_off();
        int hit = mem_fault_hit() > 0;
        if (rc != AFINA_OK) {
            assert_int_equal(rc, AFINA_E_MEMORY);
            got = asked_x(optimizer, &rc);
            OK(rc);
        }
        assert_true(got == want);
        afina_optimizer_free(optimizer);
        assert_int_equal(mem_fault_live(), live);
        if (!hit)
            return;
    }
}

static void test_once(void **state)
{
    (void)state;
    for (size_t i = 0; i <= method_count(); i++)
        if (nth_method(i))
            ask_with_faults(nth_method(i), mem_fault_once);
}

static void test_for_ever(void **state)
{
    (void)state;
    for (size_t i = 0; i <= method_count(); i++)
        if (nth_method(i))
            ask_with_faults(nth_method(i), mem_fault_from);
}

/* Here the method's state is made in the ask, too. */
static void make_with_faults(const char *method)
{
    for (uint64_t n = 1;; n++) {
        int64_t live = mem_fault_live();
        int32_t rc;
        afina_optimizer *optimizer = open_study(method);
        mem_fault_from(n);
        asked_x(optimizer, &rc);
        mem_fault_off();
        int hit = mem_fault_hit() > 0;
        assert_true(rc == AFINA_OK || rc == AFINA_E_MEMORY);
        for (int i = 0; i < TRIALS; i++)
            small_step(optimizer);
        afina_optimizer_free(optimizer);
        assert_int_equal(mem_fault_live(), live);
        if (!hit)
            return;
    }
}

static void test_while_the_state_is_made(void **state)
{
    (void)state;
    for (size_t i = 0; i <= method_count(); i++)
        if (nth_method(i))
            make_with_faults(nth_method(i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_for_ever),
        cmocka_unit_test(test_while_the_state_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
