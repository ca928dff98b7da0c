/* Failed allocations where callbacks are set and where trials begin: nothing is released
 * for a call that failed, released once otherwise, and nothing is lost. */
#include "support/mem_fault.h"
#include "support/small_study.h"

static int released;

static void release(void *user)
{
    (void)user;
    released++;
}

static int32_t all(const afina_point *point, void *user)
{
    (void)user;
    return point != NULL;
}

static int32_t observe(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    (void)event;
    (void)trial;
    (void)report;
    (void)user;
    return 0;
}

static int32_t say(int32_t level, const char *text, void *user)
{
    (void)level;
    (void)text;
    (void)user;
    return AFINA_OK;
}

static int32_t set_filter(afina_optimizer *o)
{
    return afina_optimizer_set_filter(o, all, NULL, release);
}

static int32_t set_observer(afina_optimizer *o)
{
    return afina_optimizer_set_observer(o, observe, NULL, release);
}

static int32_t set_message(afina_optimizer *o)
{
    return afina_optimizer_set_message(o, say, NULL, release);
}

static void test_a_callback_that_is_not_set_is_not_released(void **state)
{
    (void)state;
    int32_t (*const sets[])(afina_optimizer *) = {set_filter, set_observer, set_message};
    for (size_t i = 0; i < 3; i++)
        for (uint64_t n = 1, hit = 1; hit; n++) {
            int64_t before = mem_fault_live();
            afina_optimizer *o = small_optimizer("random");
            released = 0;
            mem_fault_once(n);
            int32_t rc = sets[i](o);
            mem_fault_off();
            hit = mem_fault_hit();
            assert_int_equal(rc, hit ? AFINA_E_MEMORY : AFINA_OK);
            assert_int_equal(released, 0);
            afina_optimizer_free(o);
            assert_int_equal(released, hit ? 0 : 1);
            assert_int_equal(mem_fault_live(), before);
        }
}

/* A dotted option, a list, and a trial of the host's own point on a fresh study. */
static int32_t begin(afina_optimizer *o, afina_point *point)
{
    static const double weights[] = {1, 2.385};
    afina_trial *trial = NULL;
    afina_space *space = NULL;
    int32_t rc = afina_optimizer_set_string(o, "grid.order", "shuffled");
    if (!rc)
        rc = afina_optimizer_set_string(o, "methods", "grid,random");
    if (!rc)
        rc = afina_optimizer_set_reals(o, "weights", weights, 2);
    if (!rc)
        rc = afina_start(o, point, &trial);
    if (!rc)
        rc = afina_trial_tell_errors(trial, weights, 1);
    if (!rc)
        rc = afina_tell(o, afina_trial_number(trial), weights, 1);
    afina_trial_free(trial);
    if (!rc)
        rc = afina_ask_wait(o, 1, &trial);
    if (!rc) {
        afina_trial_free(trial);
        rc = afina_optimizer_get_space(o, &space);
    }
    afina_space_free(space);
    return rc;
}

static void test_what_begins_trials_survives_failed_allocations(void **state)
{
    (void)state;
    afina_space *space = small_space();
    afina_point *point;
    OK(afina_point_new(&point, space));
    for (uint64_t n = 1, hit = 1; hit; n++) {
        int64_t before = mem_fault_live(), number;
        afina_optimizer *o = small_optimizer("mix");
        OK(afina_optimizer_set_observer(o, observe, NULL, NULL));
        mem_fault_once(n);
        int32_t rc = begin(o, point);
        mem_fault_off();
        hit = mem_fault_hit();
        assert_true(rc == AFINA_OK || (hit && rc == AFINA_E_MEMORY));
        char *text = log_of(o);
        afina_optimizer *again;
        OK(afina_optimizer_from_log(&again, text, strlen(text)));
        OK(afina_optimizer_replay(again, &number));
        free(text);
        afina_optimizer_free(again);
        afina_optimizer_free(o);
        assert_int_equal(mem_fault_live(), before);
    }
    afina_point_free(point);
    afina_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_callback_that_is_not_set_is_not_released),
        cmocka_unit_test(test_what_begins_trials_survives_failed_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
