/* The scheduler of budgets, and the losses that methods are shown, when an allocation fails: AFINA_E_MEMORY, nothing
 * leaked. Beside it that a question changes no later answer. */
#include "core/fail.h"
#include "core/mem.h"
#include "schedule/parts/standing.h"
#include "schedule/schedule.h"
#include "support/mem_fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

enum { TRIALS = 400, FULL = 16, TOTAL = 20 * FULL };

struct run {
    const struct scheduler *scheduler;
    struct option_set options;
    void *state;
    int64_t arm_of[TRIALS], n;
    double reached[TRIALS], spent;
};

static int32_t begin(struct run *run)
{
    *run = (struct run){0};
    assert_int_equal(scheduler_find("adaptive", &run->scheduler), 0);
    int32_t rc = options_init(&run->options, "adaptive", run->scheduler->options, run->scheduler->n_options);
    if (rc)
        return rc;
    const struct schedule_context context = {
        .options = &run->options, .budget_min = 1, .budget_max = FULL, .budget_total = TOTAL, .replicates = 1};
    run->state = mem_new(1, run->scheduler->state_size);
    return run->state ? run->scheduler->init(run->state, &context) : fail_memory();
}

static void end(struct run *run)
{
    if (run->state)
        run->scheduler->fini(run->state);
    mem_free(run->state);
    options_fini(&run->options);
}

static int32_t ask(struct run *run, struct situation *situation, struct action *action)
{
    static struct rng rng;
    rng_start(&rng, 3, (uint64_t)run->n, RNG_SUGGEST);
    *situation = (struct situation){.number = run->n, .remaining = TOTAL - run->spent, .rng = &rng};
    *action = (struct action){.budget = FULL};
    return run->scheduler->next(run->state, situation, action);
}

/* Of no order: loss and budget have nothing to do with each other. Every eleventh trial fails. */
static double loss_of(int64_t arm, int64_t step)
{
    return (double)((arm * 37 + step * 11) % 101);
}

static int32_t report(struct run *run, struct schedule_event event)
{
    int32_t rc = 0;
    event.kind = SCHEDULE_REPORT;
    for (int64_t step = (int64_t)event.start + 1; !rc && (double)step <= event.budget; step++) {
        event.step = (double)step;
        event.loss = loss_of(event.arm, step);
        rc = run->scheduler->observe(run->state, &event);
    }
    return rc;
}

static int32_t do_trial(struct run *run, const struct action *action, const struct situation *situation)
{
    int is_new = action->kind == ACTION_NEW;
    int64_t trial = run->n++;
    run->arm_of[trial] = is_new ? trial : run->arm_of[action->trial];
    run->reached[trial] = action->budget;
    struct schedule_event event = {.kind = SCHEDULE_ASKED,
                                   .trial = trial,
                                   .arm = run->arm_of[trial],
                                   .parent = is_new ? -1 : action->trial,
                                   .budget = action->budget,
                                   .start = is_new ? 0 : run->reached[action->trial],
                                   .asked_start = is_new ? 0 : run->reached[action->trial],
                                   .situation = situation};
    run->spent += event.budget - event.start;
    int32_t rc = run->scheduler->observe(run->state, &event);
    if (!rc)
        rc = report(run, event);
    event.kind = SCHEDULE_TOLD;
    event.situation = NULL;
    event.state = trial % 11 == 5       ? AFINA_STATE_FAILED
                  : event.budget < FULL ? AFINA_STATE_PAUSED
                                        : AFINA_STATE_COMPLETE;
    event.loss = event.state == AFINA_STATE_FAILED ? NAN : loss_of(event.arm, (int64_t)event.budget);
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
    for (int64_t trials = 0; trials < TRIALS; trials += 7) {
        struct run asked, silent;
        struct situation situation;
        struct action action, again;
        assert_int_equal(begin(&asked), 0);
        assert_int_equal(begin(&silent), 0);
        assert_int_equal(ask(&asked, &situation, &action), 0);
        while (action.kind < ACTION_WAIT && asked.n < trials) {
            assert_int_equal(do_trial(&asked, &action, &situation), 0);
            assert_int_equal(do_trial(&silent, &action, &situation), 0);
            assert_int_equal(ask(&asked, &situation, &action), 0);
            assert_int_equal(ask(&asked, &situation, &action), 0);
        }
        assert_int_equal(ask(&silent, &situation, &again), 0);
        assert_int_equal(action.kind, again.kind);
        assert_true(action.kind >= ACTION_WAIT || action.budget == again.budget);
        assert_true(action.kind != ACTION_CONTINUE || action.trial == again.trial);
        end(&asked);
        end(&silent);
    }
}

static void test_standing_without_memory(void **unused)
{
    (void)unused;
    const double level[] = {1, 4};
    struct arms arms = {.full = 4, .n = 2, .arm = mem_new(2, sizeof *arms.arm), .capacity = 2};
    for (uint64_t n = 1;; n++) {
        double loss[2];
        int64_t before = mem_fault_live();
        mem_fault_once(n);
        int32_t rc = standing_losses(&arms, level, 2, 1, loss);
        mem_fault_off();
        assert_int_equal(rc, mem_fault_hit() ? AFINA_E_MEMORY : 0);
        assert_int_equal(mem_fault_live(), before);
        if (!mem_fault_hit())
            break;
    }
    arms_fini(&arms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_allocation_may_fail),
        cmocka_unit_test(test_questions_change_no_answer),
        cmocka_unit_test(test_standing_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
