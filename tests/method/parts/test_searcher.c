/* What every search keeps: the trials that run, what an observation means, restarts. */
#include "method/parts/searcher.h"

#include "core/mem.h"
#include "support/search_study.h"

struct bench {
    struct space *space;
    struct method_context context;
    struct searcher search;
    struct point *point;
    int32_t event;
};

static void start(struct bench *b)
{
    static const struct option table[] = {
        {"startup", AFINA_OPTION_INTEGER, 1, 1000, 2, "", "", "trials of the initial design"}};
    static struct option_set options;
    struct space *space;
    OK(space_new(&space));
    OK(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_snapshot(&b->space, space));
    space_free(space);
    OK(options_init(&options, "searcher", table, 1));
    b->context = (struct method_context){.space = b->space, .options = &options, .seed = 2385, .objectives = 1};
    OK(searcher_init(&b->search, &b->context, LEAVES_PLATEAUS));
    OK(point_new(&b->point, b->space));
    space_default(b->space, b->point);
}

static void end(struct bench *b)
{
    searcher_fini(&b->search);
    point_free(b->point);
    options_fini((struct option_set *)b->context.options);
    space_release(b->space);
}

static void observe(struct bench *b, int32_t kind, int64_t number, int32_t state, const double *loss)
{
    static const double note[2] = {0, 1};
    const struct observation o = {.kind = kind,
                                  .number = number,
                                  .origin = AFINA_ORIGIN_SUGGESTED,
                                  .point = b->point,
                                  .note = note,
                                  .note_size = 2,
                                  .state = state,
                                  .losses = loss};
    b->event = searcher_observe(&b->search, &o);
}

static void ask(struct bench *b, int64_t number)
{
    observe(b, OBSERVED_ASKED, number, 0, NULL);
    assert_int_equal(b->event, SEARCH_ASKED);
}

static void test_an_observation_is_named(void **state)
{
    (void)state;
    struct bench b;
    start(&b);
    for (int64_t number = 0; number < 5; number++)
        ask(&b, number);
    observe(&b, OBSERVED_REPORT, 0, 0, &(double){1});
    assert_int_equal(b.event, SEARCH_NOTHING);
    observe(&b, OBSERVED_TOLD, 0, AFINA_STATE_COMPLETE, &(double){2.385});
    assert_int_equal(b.event, SEARCH_RESULT);
    assert_true(b.search.loss == 2.385 && b.search.x[0] == 0.5);
    observe(&b, OBSERVED_TOLD, 1, AFINA_STATE_FAILED, NULL);
    assert_int_equal(b.event, SEARCH_RESULT);
    assert_true(b.search.loss == INFINITY);
    observe(&b, OBSERVED_TOLD, 2, AFINA_STATE_STOPPED, NULL);
    assert_int_equal(b.event, SEARCH_STOPPED);
    observe(&b, OBSERVED_TOLD, 3, AFINA_STATE_LOST, NULL);
    assert_int_equal(b.event, SEARCH_LOST);
    assert_int_equal(b.search.told, 2);
    assert_int_equal(b.search.pending.size, 1);
    end(&b);
}

static void test_results_of_an_earlier_search_are_old(void **state)
{
    (void)state;
    struct bench b;
    start(&b);
    ask(&b, 0);
    searcher_restart(&b.search);
    ask(&b, 1);
    observe(&b, OBSERVED_TOLD, 0, AFINA_STATE_COMPLETE, &(double){1});
    assert_int_equal(b.event, SEARCH_OLD_RESULT);
    observe(&b, OBSERVED_TOLD, 1, AFINA_STATE_COMPLETE, &(double){1});
    assert_int_equal(b.event, SEARCH_RESULT);
    end(&b);
}

/* Whatever the note says, the trial was forgotten when it was lost. */
static void test_a_late_result_has_no_note(void **state)
{
    (void)state;
    struct bench b;
    start(&b);
    ask(&b, 0);
    assert_int_equal(b.search.note_size, 2);
    observe(&b, OBSERVED_TOLD, 0, AFINA_STATE_LOST, NULL);
    assert_int_equal(b.search.note_size, 2);
    observe(&b, OBSERVED_TOLD, 0, AFINA_STATE_COMPLETE, &(double){1});
    assert_int_equal(b.event, SEARCH_RESULT);
    assert_int_equal(b.search.note_size, 0);
    assert_null(b.search.note);
    end(&b);
}

static void test_the_design_has_a_trial_more_for_each_that_was_lost(void **state)
{
    (void)state;
    struct bench b;
    start(&b);
    ask(&b, 0);
    ask(&b, 1);
    assert_int_equal(startup_lasts(&b.search.startup), 0);
    observe(&b, OBSERVED_TOLD, 1, AFINA_STATE_LOST, NULL);
    assert_int_equal(startup_lasts(&b.search.startup), 1);
    end(&b);
}

static void test_what_runs_is_found_by_its_number(void **state)
{
    (void)state;
    struct pending p = {.d = 2};
    for (int64_t number = 0; number < 20; number++)
        OK(pending_add(&p, number, (const double[2]){0.25, (double)number}));
    assert_int_equal(pending_remove(&p, 3), 1);
    assert_int_equal(pending_remove(&p, 3), 0);
    assert_int_equal(pending_remove(&p, 19), 1);
    assert_int_equal(pending_remove(&p, 44), 0);
    assert_int_equal(p.size, 18);
    assert_int_equal(p.trials[3].number, 4);
    assert_true(p.trials[3].x[0] == 0.25 && p.trials[3].x[1] == 4);
    pending_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_observation_is_named),
        cmocka_unit_test(test_results_of_an_earlier_search_are_old),
        cmocka_unit_test(test_a_late_result_has_no_note),
        cmocka_unit_test(test_the_design_has_a_trial_more_for_each_that_was_lost),
        cmocka_unit_test(test_what_runs_is_found_by_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
