/* Schedulers over replicates when an allocation fails: AFINA_E_MEMORY, nothing leaked. Beside it that a question
 * changes no later answer. */
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

enum { TRIALS = 60, QUEUED = 6 };

/* A scheduler, its option `test` (NULL: none), and how many replicates there are. */
struct variant {
    const char *name, *test;
    int64_t replicates;
};
static const struct variant VARIANTS[] = {
    {"halving", NULL, INT64_MAX}, {"rejects", NULL, INT64_MAX}, {"top-two", NULL, INT64_MAX}, {"lucb", NULL, INT64_MAX},
    {"race", "pooled", 6},        {"race", "friedman", 6},      {"race", "wilcoxon", 6}};
enum { N_VARIANTS = sizeof VARIANTS / sizeof *VARIANTS };

struct run {
    const struct scheduler *scheduler;
    struct option_set options;
    void *state;
    int64_t arm_of[TRIALS], n, n_arms;
};

static int32_t begin(struct run *run, const struct variant *variant)
{
    *run = (struct run){0};
    assert_int_equal(scheduler_find(variant->name, &run->scheduler), 0);
    int32_t rc = options_init(&run->options, variant->name, run->scheduler->options, run->scheduler->n_options);
    if (!rc && variant->test)
        rc = options_set_string(&run->options, "test", variant->test);
    if (rc)
        return rc;
    const struct schedule_context context = {.options = &run->options,
                                             .budget_min = INFINITY,
                                             .budget_max = INFINITY,
                                             .budget_total = TRIALS,
                                             .replicates = variant->replicates};
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
    *situation = (struct situation){
        .number = run->n, .queued = QUEUED - run->n_arms, .remaining = (double)(TRIALS - run->n), .rng = &rng};
    *action = (struct action){.budget = INFINITY};
    return run->scheduler->next(run->state, situation, action);
}

/* Every seventh trial is lost; arm 1 is the best. */
static int32_t do_trial(struct run *run, const struct action *action, const struct situation *situation)
{
    int is_new = action->kind == ACTION_NEW;
    int64_t trial = run->n++, arm = is_new ? trial : run->arm_of[action->trial];
    run->n_arms += is_new;
    run->arm_of[trial] = arm;
    struct schedule_event event = {.kind = SCHEDULE_ASKED,
                                   .trial = trial,
                                   .arm = arm,
                                   .parent = is_new ? -1 : action->trial,
                                   .budget = INFINITY,
                                   .replicate = is_new ? 0 : action->replicate,
                                   .situation = situation};
    int32_t rc = run->scheduler->observe(run->state, &event);
    event.kind = SCHEDULE_TOLD;
    event.situation = NULL;
    event.state = trial % 7 == 5 ? AFINA_STATE_LOST : AFINA_STATE_COMPLETE;
    event.loss = event.state == AFINA_STATE_LOST ? NAN : fabs((double)arm - 1) + (double)(trial * 31 % 17) / 10;
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
    for (int i = 0; i < N_VARIANTS; i++)
        for (uint64_t n = 1;; n++) {
            struct run run;
            int64_t before = mem_fault_live();
            mem_fault_once(n);
            int32_t rc = begin(&run, &VARIANTS[i]);
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

static void same_action(const struct action *a, const struct action *b)
{
    assert_int_equal(a->kind, b->kind);
    if (a->kind != ACTION_REPEAT)
        return;
    assert_int_equal(a->trial, b->trial);
    assert_int_equal(a->replicate, b->replicate);
}

/* One is asked before each trial, twice; the other is shown the same events and asked once, at the end. */
static void test_questions_change_no_answer(void **unused)
{
    (void)unused;
    for (int i = 0; i < N_VARIANTS; i++)
        for (int64_t trials = 0; trials < TRIALS; trials++) {
            struct run asked, silent;
            struct situation situation;
            struct action action, again;
            assert_int_equal(begin(&asked, &VARIANTS[i]), 0);
            assert_int_equal(begin(&silent, &VARIANTS[i]), 0);
            assert_int_equal(ask(&asked, &situation, &action), 0);
            while (action.kind < ACTION_WAIT && asked.n < trials) {
                assert_int_equal(ask(&asked, &situation, &again), 0);
                same_action(&action, &again);
                assert_int_equal(do_trial(&asked, &action, &situation), 0);
                assert_int_equal(do_trial(&silent, &action, &situation), 0);
                assert_int_equal(ask(&asked, &situation, &action), 0);
            }
            assert_int_equal(ask(&silent, &situation, &again), 0);
            same_action(&action, &again);
            end(&asked);
            end(&silent);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_allocation_may_fail),
        cmocka_unit_test(test_questions_change_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
