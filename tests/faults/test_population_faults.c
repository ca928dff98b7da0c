/* Population based training when an allocation fails: AFINA_E_MEMORY, nothing leaked. Beside it that a question changes
 * no later answer, and that options which do not fit are named. */
#include "core/fail.h"
#include "core/mem.h"
#include "schedule/schedule.h"
#include "support/mem_fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

enum { TRIALS = 60, FULL = 8 };

struct run {
    const struct scheduler *scheduler;
    struct option_set options;
    struct space *space;
    void *state;
    struct point *room, *point[TRIALS]; /* of each trial */
    int64_t arm_of[TRIALS], n;
    double reached[TRIALS];
};

static int32_t make_space(struct space **out)
{
    struct space *space;
    int32_t rc = space_new(&space);
    if (rc)
        return rc;
    rc = space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR);
    if (!rc)
        rc = space_snapshot(out, space);
    space_free(space);
    return rc;
}

static int32_t begin(struct run *run)
{
    *run = (struct run){0};
    assert_int_equal(scheduler_find("pbt", &run->scheduler), 0);
    int32_t rc = options_init(&run->options, "pbt", run->scheduler->options, run->scheduler->n_options);
    if (!rc)
        rc = options_set_integer(&run->options, "population", 5);
    if (!rc)
        rc = make_space(&run->space);
    if (!rc)
        rc = point_new(&run->room, run->space);
    if (rc)
        return rc;
    const struct schedule_context context = {.space = run->space,
                                             .options = &run->options,
                                             .budget_min = 1,
                                             .budget_max = FULL,
                                             .budget_total = INFINITY,
                                             .replicates = 1};
    run->state = mem_new(1, run->scheduler->state_size);
    return run->state ? run->scheduler->init(run->state, &context) : fail_memory();
}

static void end(struct run *run)
{
    if (run->state)
        run->scheduler->fini(run->state);
    mem_free(run->state);
    for (int64_t i = 0; i < run->n; i++)
        point_free(run->point[i]);
    point_free(run->room);
    space_release(run->space);
    options_fini(&run->options);
}

static int32_t ask(struct run *run, struct situation *situation, struct action *action)
{
    static struct rng rng;
    rng_start(&rng, 3, (uint64_t)run->n, RNG_SCHEDULE);
    *situation = (struct situation){.number = run->n, .remaining = INFINITY, .rng = &rng};
    *action = (struct action){.budget = FULL, .point = run->room};
    return run->scheduler->next(run->state, situation, action);
}

/* Every eleventh trial fails. */
static int32_t do_trial(struct run *run, const struct action *action, const struct situation *situation)
{
    int starts = action->kind == ACTION_NEW, is_arm = starts || action->kind == ACTION_BRANCH;
    struct point *point;
    int32_t rc = point_copy(&point, action->kind == ACTION_CONTINUE ? run->point[action->trial] : action->point);
    if (rc)
        return rc;
    int64_t trial = run->n++;
    run->point[trial] = point;
    run->arm_of[trial] = is_arm ? trial : run->arm_of[action->trial];
    run->reached[trial] = action->budget;
    struct schedule_event event = {.kind = SCHEDULE_ASKED,
                                   .trial = trial,
                                   .arm = run->arm_of[trial],
                                   .parent = starts ? -1 : action->trial,
                                   .point = point,
                                   .budget = action->budget,
                                   .start = starts ? 0 : run->reached[action->trial],
                                   .asked_start = starts ? 0 : run->reached[action->trial],
                                   .situation = situation};
    rc = run->scheduler->observe(run->state, &event);
    event.kind = SCHEDULE_TOLD;
    event.situation = NULL;
    event.state = trial % 11 == 5       ? AFINA_STATE_FAILED
                  : event.budget < FULL ? AFINA_STATE_PAUSED
                                        : AFINA_STATE_COMPLETE;
    event.loss = trial % 11 == 5 ? NAN : (double)((event.arm * 37 + trial * 11) % 101);
    return rc ? rc : run->scheduler->observe(run->state, &event);
}

static int32_t go(struct run *run)
{
    struct situation situation;
    struct action action;
    int32_t rc = ask(run, &situation, &action);
    while (!rc && action.kind < ACTION_WAIT && run->n < TRIALS) {
        rc = do_trial(run, &action, &situation);
        if (!rc)
            rc = ask(run, &situation, &action);
    }
    return rc;
}

static void test_any_allocation_may_fail(void **unused)
{
    (void)unused;
    for (uint64_t n = 1;; n++) {
        struct run run;
        int64_t before = mem_fault_live();
        mem_fault_once(n);
        int32_t rc = begin(&run);
        if (!rc)
            rc = go(&run);
        end(&run);
        mem_fault_off();
        assert_int_equal(rc, mem_fault_hit() ? AFINA_E_MEMORY : 0);
        assert_int_equal(mem_fault_live(), before);
        if (!mem_fault_hit())
            break;
    }
}

/* One is asked before each trial, twice; the other is shown the same events and asked once, at the end. */
static void test_questions_change_no_answer(void **unused)
{
    (void)unused;
    for (int64_t trials = 0; trials < TRIALS; trials++) {
        struct run asked, silent;
        struct situation situation;
        struct action action, again;
        assert_int_equal(begin(&asked), 0);
        assert_int_equal(begin(&silent), 0);
        assert_int_equal(ask(&asked, &situation, &action), 0);
        while (action.kind < ACTION_WAIT && asked.n < trials) {
            assert_int_equal(ask(&asked, &situation, &action), 0);
            assert_int_equal(do_trial(&silent, &action, &situation), 0);
            assert_int_equal(do_trial(&asked, &action, &situation), 0);
            assert_int_equal(ask(&asked, &situation, &action), 0);
        }
        assert_int_equal(ask(&silent, &situation, &again), 0);
        assert_int_equal(action.kind, again.kind);
        assert_true(action.kind >= ACTION_WAIT || action.budget == again.budget);
        assert_true((action.kind != ACTION_CONTINUE && action.kind != ACTION_BRANCH) || action.trial == again.trial);
        assert_true(action.kind != ACTION_BRANCH || point_equal(action.point, again.point));
        end(&asked);
        end(&silent);
    }
}

static void test_an_interval_that_is_too_small_is_named(void **unused)
{
    (void)unused;
    struct run run;
    assert_int_equal(begin(&run), 0);
    const struct schedule_context context = {
        .space = run.space, .options = &run.options, .budget_min = 1, .budget_max = 10000, .replicates = 1};
    void *state = mem_new(1, run.scheduler->state_size);
    assert_int_equal(options_set_real(&run.options, "interval", 0.5), 0);
    assert_int_equal(run.scheduler->init(state, &context), AFINA_E_RANGE);
    assert_string_equal(fail_text(), "option \"pbt.interval\" must be at least 1: members are looked at 10000 times at "
                                     "most, got 0.5");
    run.scheduler->fini(state);
    mem_free(state);
    end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_allocation_may_fail),
        cmocka_unit_test(test_questions_change_no_answer),
        cmocka_unit_test(test_an_interval_that_is_too_small_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
