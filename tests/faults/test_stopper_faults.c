/* Stoppers, and the schedulers of a growing set, when an allocation fails: AFINA_E_MEMORY, nothing leaked. Beside it
 * that a question changes no later answer. */
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
#include <string.h>

enum { TRIALS = 24, STEPS = 6 };

struct run {
    const struct stopper *stopper;
    struct option_set options;
    struct schedule_context context;
    void *state;
    struct point *point[TRIALS];
    double step[STEPS], loss[STEPS]; /* of the trial that runs */
    int64_t n;
};

static struct space *make_space(void)
{
    struct space *space, *snapshot;
    assert_int_equal(space_new(&space), 0);
    assert_int_equal(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR), 0);
    assert_int_equal(space_snapshot(&snapshot, space), 0);
    space_free(space);
    return snapshot;
}

static void make_points(struct space *space, struct point **point)
{
    for (int64_t i = 0; i < TRIALS; i++) {
        struct rng rng;
        rng_start(&rng, 2, (uint64_t)i, RNG_SUGGEST);
        assert_int_equal(point_new(&point[i], space), 0);
        assert_int_equal(space_sample(space, &rng, point[i]), 0);
    }
}

/* Few trials of startup and few curves, so that everything is reached. */
static int32_t set_options(struct option_set *options)
{
    static const struct {
        const char *name;
        int64_t value;
    } small[] = {{"startup", 3}, {"min_trials", 2}, {"curves", 8}, {"patience", 2}};
    int32_t rc = 0;
    for (size_t i = 0; !rc && i < sizeof small / sizeof *small; i++)
        if (option_find(options->table, options->count, small[i].name))
            rc = options_set_integer(options, small[i].name, small[i].value);
    return rc;
}

static int32_t begin(struct run *run, const struct stopper *stopper, struct space *space, struct point *const *point)
{
    *run = (struct run){.stopper = stopper};
    memcpy(run->point, point, sizeof run->point);
    int32_t rc = options_init(&run->options, stopper->name, stopper->options, stopper->n_options);
    if (!rc)
        rc = set_options(&run->options);
    if (rc)
        return rc;
    run->context = (struct schedule_context){.space = space,
                                             .options = &run->options,
                                             .budget_min = 1,
                                             .budget_max = STEPS + 1,
                                             .budget_total = INFINITY,
                                             .replicates = 1};
    run->state = mem_new(1, stopper->state_size);
    return run->state ? stopper->init(run->state, &run->context) : fail_memory();
}

static void end(struct run *run)
{
    if (run->state)
        run->stopper->fini(run->state);
    mem_free(run->state);
    options_fini(&run->options);
}

static int32_t observe(struct run *run, int32_t kind, double step, double loss, int32_t state)
{
    const struct schedule_event event = {.kind = kind,
                                         .trial = run->n,
                                         .arm = run->n,
                                         .parent = -1,
                                         .point = run->point[run->n],
                                         .budget = STEPS + 1,
                                         .step = step,
                                         .loss = loss,
                                         .state = state};
    return run->stopper->observe(run->state, &event);
}

static double loss_at(int64_t trial, double step)
{
    return (double)(trial * 7 % 11) / 10 + 1 / step + (trial % 3 == 0 ? 0.02 * step : 0);
}

static int32_t advise(struct run *run, size_t n, int *stop)
{
    struct rng rng;
    rng_start(&rng, 3, (uint64_t)run->n, RNG_SUGGEST);
    const struct progress progress = {.trial = run->n,
                                      .arm = run->n,
                                      .point = run->point[run->n],
                                      .budget = STEPS + 1,
                                      .n = n,
                                      .steps = run->step,
                                      .losses = run->loss,
                                      .rng = &rng};
    *stop = 0;
    return run->stopper->advise(run->state, &progress, stop);
}

static int32_t report(struct run *run, size_t i)
{
    run->step[i] = (double)(i + 1);
    run->loss[i] = loss_at(run->n, run->step[i]);
    return observe(run, SCHEDULE_REPORT, run->step[i], run->loss[i], 0);
}

/* Every fifth trial is lost, and every seventh was stopped. */
static int32_t finish(struct run *run)
{
    int32_t state = run->n % 5 == 4 ? AFINA_STATE_LOST : run->n % 7 == 6 ? AFINA_STATE_STOPPED : AFINA_STATE_COMPLETE;
    int32_t rc = observe(run, SCHEDULE_TOLD, NAN, state == AFINA_STATE_LOST ? NAN : run->loss[STEPS - 1], state);
    run->n++;
    return rc;
}

static int32_t go(struct run *run)
{
    int32_t rc = 0;
    int stop;
    while (!rc && run->n < 12) {
        rc = observe(run, SCHEDULE_ASKED, NAN, NAN, 0);
        for (size_t i = 0; !rc && i < STEPS; i++) {
            rc = report(run, i);
            if (!rc && i % 2 == 0)
                rc = advise(run, i + 1, &stop);
        }
        if (!rc)
            rc = finish(run);
    }
    return rc;
}

static void test_any_allocation_may_fail(void **unused)
{
    (void)unused;
    struct space *space = make_space();
    struct point *point[TRIALS];
    make_points(space, point);
    for (size_t i = 0; i < stopper_count(); i++)
        for (uint64_t n = 1;; n += n < 400 ? 1 : 37) {
            struct run run;
            int64_t before = mem_fault_live();
            mem_fault_once(n);
            int32_t rc = begin(&run, stopper_at(i), space, point);
            if (!rc)
                rc = go(&run);
            end(&run);
            mem_fault_off();
            assert_int_equal(rc, mem_fault_hit() ? AFINA_E_MEMORY : 0);
            assert_int_equal(mem_fault_live(), before);
            if (!mem_fault_hit())
                break;
        }
    for (size_t i = 0; i < TRIALS; i++)
        point_free(point[i]);
    space_release(space);
}

/* Shows a trial to both; the first is asked at every report, twice. */
static void show_trial(struct run *asked, struct run *silent)
{
    int stop, again;
    assert_int_equal(observe(asked, SCHEDULE_ASKED, NAN, NAN, 0), 0);
    assert_int_equal(observe(silent, SCHEDULE_ASKED, NAN, NAN, 0), 0);
    for (size_t i = 0; i < STEPS; i++) {
        assert_int_equal(report(asked, i), 0);
        assert_int_equal(report(silent, i), 0);
        assert_int_equal(advise(asked, i + 1, &stop), 0);
        assert_int_equal(advise(asked, i + 1, &again), 0);
        assert_int_equal(stop, again);
        if (asked->n == silent->n && asked->n % 4 == 3) {
            assert_int_equal(advise(silent, i + 1, &again), 0);
            assert_int_equal(stop, again);
        }
    }
    assert_int_equal(finish(asked), 0);
    assert_int_equal(finish(silent), 0);
}

static void test_questions_change_no_answer(void **unused)
{
    (void)unused;
    struct space *space = make_space();
    struct point *point[TRIALS];
    make_points(space, point);
    for (size_t i = 0; i < stopper_count(); i++) {
        struct run asked, silent;
        assert_int_equal(begin(&asked, stopper_at(i), space, point), 0);
        assert_int_equal(begin(&silent, stopper_at(i), space, point), 0);
        while (asked.n < TRIALS)
            show_trial(&asked, &silent);
        end(&asked);
        end(&silent);
    }
    for (size_t i = 0; i < TRIALS; i++)
        point_free(point[i]);
    space_release(space);
}

struct schedule_run {
    const struct scheduler *scheduler;
    struct option_set options;
    void *state;
    int64_t arm[TRIALS], n;
    double budget[TRIALS];
};

static int32_t begin_schedule(struct schedule_run *run, const char *name, struct space *space)
{
    *run = (struct schedule_run){0};
    assert_int_equal(scheduler_find(name, &run->scheduler), 0);
    int32_t rc = options_init(&run->options, name, run->scheduler->options, run->scheduler->n_options);
    const struct schedule_context context = {.space = space,
                                             .options = &run->options,
                                             .budget_min = 1,
                                             .budget_max = 9,
                                             .budget_total = INFINITY,
                                             .replicates = 1};
    if (rc)
        return rc;
    run->state = mem_new(1, run->scheduler->state_size);
    return run->state ? run->scheduler->init(run->state, &context) : fail_memory();
}

static int32_t do_next(struct schedule_run *run)
{
    struct rng rng;
    rng_start(&rng, 3, (uint64_t)run->n, RNG_SUGGEST);
    const struct situation situation = {.number = run->n, .remaining = INFINITY, .rng = &rng};
    struct action action = {.budget = 9};
    int32_t rc = run->scheduler->next(run->state, &situation, &action);
    if (rc)
        return rc;
    int is_new = action.kind == ACTION_NEW;
    run->arm[run->n] = is_new ? run->n : run->arm[action.trial];
    run->budget[run->n] = action.budget;
    struct schedule_event event = {.kind = SCHEDULE_ASKED,
                                   .trial = run->n,
                                   .arm = run->arm[run->n],
                                   .parent = is_new ? -1 : action.trial,
                                   .budget = action.budget,
                                   .start = is_new ? 0 : run->budget[action.trial],
                                   .asked_start = is_new ? 0 : run->budget[action.trial],
                                   .situation = &situation};
    rc = run->scheduler->observe(run->state, &event);
    event.kind = SCHEDULE_TOLD;
    event.situation = NULL;
    event.state = run->n % 7 == 5 ? AFINA_STATE_LOST : action.budget < 9 ? AFINA_STATE_PAUSED : AFINA_STATE_COMPLETE;
    event.loss = event.state == AFINA_STATE_LOST ? NAN : loss_at(event.arm, action.budget);
    run->n++;
    return rc ? rc : run->scheduler->observe(run->state, &event);
}

static void test_any_allocation_of_a_scheduler_may_fail(void **unused)
{
    (void)unused;
    static const char *const names[] = {"hyperband", "asha"};
    struct space *space = make_space();
    for (size_t i = 0; i < 2; i++)
        for (uint64_t n = 1;; n++) {
            struct schedule_run run;
            int64_t before = mem_fault_live();
            mem_fault_once(n);
            int32_t rc = begin_schedule(&run, names[i], space);
            while (!rc && run.n < TRIALS)
                rc = do_next(&run);
            if (run.state)
                run.scheduler->fini(run.state);
            mem_free(run.state);
            options_fini(&run.options);
            mem_fault_off();
            assert_int_equal(rc, mem_fault_hit() ? AFINA_E_MEMORY : 0);
            assert_int_equal(mem_fault_live(), before);
            if (!mem_fault_hit())
                break;
        }
    space_release(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_allocation_may_fail),
        cmocka_unit_test(test_questions_change_no_answer),
        cmocka_unit_test(test_any_allocation_of_a_scheduler_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
