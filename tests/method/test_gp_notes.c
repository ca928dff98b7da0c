/* What gp writes into a log, and what it makes of a log that others wrote. */
#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "space/space.h"
#include "support/hand.h"
#include "surrogate/trust_region.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define OK(call) assert_int_equal(call, 0)

/* Three parameters: a fit is the count of results, three lengths, the noise, the share. */
enum { D = 3, FIT = 6, STEP = TRUST_REGION_NOTE, UNTRANSFORMED = 1 };

static struct space *cube(void)
{
    static const char *const names[D] = {"x", "y", "z"};
    struct space *space;
    OK(space_new(&space));
    for (size_t j = 0; j < D; j++)
        OK(space_add_real(space, names[j], 0, 1, AFINA_SCALE_LINEAR));
    return space;
}

static void open_hand(struct hand *hand)
{
    struct space *space = cube();
    hand_start(hand, "gp", space, 2385);
    space_free(space);
}

static double loss_at(const struct point *point)
{
    double sum = 0;
    for (size_t j = 0; j < D; j++) {
        double delta = point->value[j].real - 0.385;
        sum += (double)(j + 1) * delta * delta;
    }
    return sum + 0.3 * sin(5 * point->value[0].real * point->value[1].real);
}

/* Above 0.6 in y trials fail, where they may. */
static int may_fail;

static void tell_last(struct hand *hand)
{
    const struct point *point = hand->log[hand->size - 1].point;
    double loss = loss_at(point);
    hand_tell(hand, hand->size - 1, may_fail && point->value[1].real > 0.6 ? NULL : &loss);
}

static void run(struct hand *hand, size_t trials)
{
    while (hand->size < trials) {
        hand_next(hand);
        tell_last(hand);
    }
}

/* One more trial: a point that another hand asked, with this note. */
static void follow(struct hand *hand, const struct point *point, const double *note, size_t note_size)
{
    struct hand_entry entry = {
        .point = (struct point *)point, .origin = AFINA_ORIGIN_SUGGESTED, .note_size = note_size};
    double copy[METHOD_NOTE_MAX];
    memcpy(copy, note, note_size * sizeof *note);
    entry.note = copy;
    hand_replay(hand, &(struct hand){.log = &entry}, 1);
    tell_last(hand);
}

/* A hand that knows the first n trials of another, notes and all. */
static void open_follower(struct hand *hand, const struct hand *from, size_t n)
{
    open_hand(hand);
    for (size_t i = 0; i < n; i++)
        follow(hand, from->log[i].point, from->log[i].note, from->log[i].note_size);
}

static void assert_same_next(struct hand *a, struct hand *b)
{
    for (int i = 0; i < 3; i++) {
        const struct point *p = hand_next(a), *q = hand_next(b);
        const struct hand_entry *x = &a->log[a->size - 1], *y = &b->log[b->size - 1];
        assert_true(point_equal(p, q));
        assert_int_equal(x->note_size, y->note_size);
        assert_memory_equal(x->note, y->note, x->note_size * sizeof *x->note);
        tell_last(a);
        tell_last(b);
    }
}

/* ------------------------------------------------------------------ its own notes */

static int is_fit_of(const double *note, size_t told)
{
    return note[0] >= 1 && note[0] <= (double)told;
}

static int is_step(const double *note)
{
    return note[0] == -1 && note[1] > 0 && note[1] <= 0.5 && note[3] > 0;
}

/* Behind a fit or alone. */
static int ends_untransformed(const struct hand_entry *entry)
{
    size_t size = entry->note_size;
    return (size == UNTRANSFORMED || size == FIT + UNTRANSFORMED) && entry->note[size - 1] == -1;
}

static void test_a_note_holds_a_position_or_a_fit_and_a_step_or_a_mark_or_one_of_them(void **state)
{
    (void)state;
    int positions = 0, fits = 0, steps = 0, both = 0, none = 0, marks = 0;
    struct hand hand;
    open_hand(&hand);
    run(&hand, 90);
    for (size_t i = 0; i < hand.size; i++) {
        const struct hand_entry *entry = &hand.log[i];
        size_t size = entry->note_size;
        assert_true(size == 0 || size == 2 || size == FIT || size == STEP || size == FIT + STEP ||
                    ends_untransformed(entry));
        marks += ends_untransformed(entry);
        none += size == 0;
        positions += size == 2;
        fits += size == FIT;
        steps += size == STEP;
        both += size == FIT + STEP;
        if (size >= FIT)
            assert_true(is_fit_of(entry->note, i));
        if (size == STEP || size == FIT + STEP)
            assert_true(is_step(entry->note + size - STEP));
    }
    assert_int_equal(positions, 1); /* the default point; then a step along each coordinate */
    assert_true(none > 0 && fits > 0 && steps > 0 && both > 0);
    assert_in_range(marks, 3, 30);
    hand_end(&hand);
}

static void test_a_follower_of_all_notes_goes_on_with_the_same_bits(void **state)
{
    (void)state;
    static const size_t lengths[] = {5, 17, 43, 60};
    for (size_t k = 0; k < LENGTH(lengths); k++) {
        struct hand hand, follower;
        open_hand(&hand);
        run(&hand, lengths[k]);
        open_follower(&follower, &hand, lengths[k]);
        assert_same_next(&hand, &follower);
        hand_end(&hand);
        hand_end(&follower);
    }
}

/* A fit of results, then one of failures, whose first number is below -1, then a step. */
static void test_a_note_holds_a_fit_of_failures_too(void **state)
{
    (void)state;
    int alone = 0, both = 0, with_step = 0, marks = 0;
    struct hand hand;
    may_fail = 1;
    open_hand(&hand);
    run(&hand, 90);
    for (size_t i = 0; i < hand.size; i++) {
        const struct hand_entry *entry = &hand.log[i];
        size_t size = entry->note_size, second = size > 2 && entry->note[0] >= 1 ? FIT : 0;
        if (size < second + FIT || !(entry->note[second] <= -2 && entry->note[second] >= -1 - (double)i))
            continue;
        alone += second == 0;
        both += second > 0;
        with_step += size == second + FIT + STEP;
        int mark = size == second + FIT + UNTRANSFORMED && entry->note[size - 1] == -1;
        marks += mark;
        assert_true(size == second + FIT || mark || is_step(entry->note + second + FIT));
    }
    if (!(both > 10 && with_step > 0 && marks > 0))
        fail_msg("%d with a fit of results, %d without, %d with a step, %d marks", both, alone, with_step, marks);
    hand_end(&hand);
    may_fail = 0;
}

static void test_a_follower_of_failures_goes_on_with_the_same_bits(void **state)
{
    (void)state;
    may_fail = 1;
    for (size_t n = 5; n < 80; n += 13) {
        struct hand hand, follower;
        open_hand(&hand);
        run(&hand, n);
        open_follower(&follower, &hand, n);
        assert_same_next(&hand, &follower);
        hand_end(&hand);
        hand_end(&follower);
    }
    may_fail = 0;
}

static void test_without_refinement_there_are_no_steps(void **state)
{
    (void)state;
    struct hand hand;
    open_hand(&hand);
    hand_set_string(&hand, "refinement", "none");
    run(&hand, 60);
    for (size_t i = 0; i < hand.size; i++)
        assert_true(hand.log[i].note_size == 0 || hand.log[i].note_size == 2 || hand.log[i].note_size == FIT ||
                    ends_untransformed(&hand.log[i]));
    hand_end(&hand);
}

static void test_without_a_transform_the_processes_do_not_alternate(void **state)
{
    (void)state;
    struct hand hand;
    open_hand(&hand);
    hand_set_string(&hand, "transform", "none");
    run(&hand, 60);
    for (size_t i = 0; i < hand.size; i++)
        assert_false(ends_untransformed(&hand.log[i]));
    hand_end(&hand);
}

static void test_a_joint_structure_notes_no_share(void **state)
{
    (void)state;
    struct hand hand;
    int fits = 0;
    open_hand(&hand);
    hand_set_string(&hand, "structure", "joint");
    hand_set_string(&hand, "refinement", "none");
    run(&hand, 20);
    for (size_t i = 0; i < hand.size; i++) {
        assert_true(hand.log[i].note_size != FIT || hand.log[i].note[FIT - 1] == -1);
        fits += hand.log[i].note_size >= FIT - 1;
    }
    assert_true(fits > 10);
    hand_end(&hand);
}

/* --------------------------------------------------------------------- forgeries */

enum { TOLD = 44 }; /* a fit is not due after every trial */

/* After the same trials the note of the last makes no difference to its lack. */
static void assert_ignored(const struct hand *from, const double *note, size_t size)
{
    struct hand forged, without;
    open_follower(&forged, from, TOLD);
    open_follower(&without, from, TOLD);
    follow(&forged, from->log[TOLD].point, note, size);
    follow(&without, from->log[TOLD].point, note, 0);
    assert_same_next(&forged, &without);
    hand_end(&forged);
    hand_end(&without);
}

static void open_source(struct hand *hand)
{
    open_hand(hand);
    run(hand, TOLD + 1);
}

/* Begun like a fit, and like a step. */
static void test_sizes_that_no_note_has_are_ignored(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 3, FIT - 1, FIT + 1, FIT + STEP - 1, FIT + STEP + 1, METHOD_NOTE_MAX};
    static double fit[METHOD_NOTE_MAX] = {20}, step[METHOD_NOTE_MAX] = {-1, 0.1, 1, 0.1}, other[1] = {-1.5};
    struct hand source;
    open_source(&source);
    for (size_t k = 0; k < LENGTH(sizes); k++) {
        assert_ignored(&source, fit, sizes[k]);
        if (sizes[k] != UNTRANSFORMED)
            assert_ignored(&source, step, sizes[k]);
    }
    assert_ignored(&source, other, 1);
    hand_end(&source);
}

static void test_fits_that_cannot_be_are_ignored(void **state)
{
    (void)state;
    static const double forged[][FIT + STEP] = {
        {0, 0, 0, 0, -5, 0, -1, 0.1, 1, 0.1},        {TOLD + 1, 0, 0, 0, -5, 0, -1, 0.1, 1, 0.1},
        {-1, 0, 0, 0, -5, 0, -1, 0.1, 1, 0.1},       {NAN, 0, 0, 0, -5, 0, -1, 0.1, 1, 0.1},
        {INFINITY, 0, 0, 0, -5, 0, -1, 0.1, 1, 0.1}, {0.5, 0, 0, 0, -5, 0, -1, 0.1, 1, 0.1},
        {20, NAN, 0, 0, -5, 0, -1, 0.1, 1, 0.1},     {20, 0, 50, 0, -5, 0, -1, 0.1, 1, 0.1},
        {20, 0, 0, -1e300, -5, 0, -1, 0.1, 1, 0.1},  {20, 0, 0, 0, INFINITY, 0, -1, 0.1, 1, 0.1},
        {20, 0, 0, 0, -5, NAN, -1, 0.1, 1, 0.1}};
    struct hand source;
    open_source(&source);
    for (size_t k = 0; k < LENGTH(forged); k++) {
        assert_ignored(&source, forged[k], FIT);
        assert_ignored(&source, forged[k], FIT + STEP);
    }
    hand_end(&source);
}

static const double bad_steps[][STEP] = {{1, 0.1, 1, 0.1},    {-1, -0.1, 1, 0.1}, {-1, 0.1, 1, 0},
                                         {-1, 0.1, 1, -1},    {-1, 1e308, 1, 1},  {-1, NAN, 1, 0.1},
                                         {-1, 0.1, NAN, 0.1}, {-1, 0.1, 1, NAN},  {-1, 0, 1, 0.1}};

static void test_steps_that_cannot_be_are_ignored(void **state)
{
    (void)state;
    struct hand source;
    open_source(&source);
    for (size_t k = 0; k < LENGTH(bad_steps); k++)
        assert_ignored(&source, bad_steps[k], STEP);
    hand_end(&source);
}

static void test_a_fit_counts_though_the_step_behind_it_cannot_be(void **state)
{
    (void)state;
    struct hand source;
    open_source(&source);
    for (size_t k = 0; k < LENGTH(bad_steps); k++) {
        double note[FIT + STEP] = {TOLD, -0.5, 0, 0.5, -12, 0.3};
        struct hand with, without;
        memcpy(note + FIT, bad_steps[k], sizeof bad_steps[k]);
        open_follower(&with, &source, TOLD);
        open_follower(&without, &source, TOLD);
        follow(&with, source.log[TOLD].point, note, FIT + STEP);
        follow(&without, source.log[TOLD].point, note, FIT);
        assert_same_next(&with, &without);
        hand_end(&with);
        hand_end(&without);
    }
    hand_end(&source);
}

/* How many of the next suggestions are the same after either note of the last trial; WAIT are more
 * than the longest wait for a step. */
enum { WAIT = 32 };

static int same_after(const struct hand *from, const double *note, size_t size, const double *other, size_t other_size)
{
    struct hand a, b;
    int same = 0;
    open_follower(&a, from, TOLD);
    open_follower(&b, from, TOLD);
    follow(&a, from->log[TOLD].point, note, size);
    follow(&b, from->log[TOLD].point, other, other_size);
    while (same < WAIT && point_equal(hand_next(&a), hand_next(&b))) {
        tell_last(&a);
        tell_last(&b);
        same++;
    }
    hand_end(&a);
    hand_end(&b);
    return same;
}

/* So that what is ignored above is ignored for its faults. */
static void test_a_fit_and_a_step_without_fault_count(void **state)
{
    (void)state;
    static const double note[FIT + STEP] = {TOLD, -0.5, 0, 0.5, -12, 0.3, -1, 0.1, 1, 0.1};
    struct hand source;
    open_source(&source);
    assert_true(same_after(&source, note, FIT, note, 0) < WAIT);
    assert_true(same_after(&source, note + FIT, STEP, note, 0) < WAIT);
    hand_end(&source);
}

/* It was: the length scales of untransformed results were those of the next trials, and of what the host
 * was told. */
static void test_a_fit_of_untransformed_results_is_not_that_of_the_others(void **state)
{
    (void)state;
    static const double note[FIT + UNTRANSFORMED] = {TOLD, -0.5, 0, 0.5, -12, 0.3, -1};
    struct hand source;
    open_source(&source);
    assert_int_equal(same_after(&source, note, FIT, note, 0), 0);
    assert_true(same_after(&source, note, FIT + UNTRANSFORMED, note + FIT, UNTRANSFORMED) > 0);
    hand_end(&source);
}

/* A fit at the edge of what is let in, and a step from a loss of 1e308: points come all the same. */
static void test_extreme_notes_that_are_allowed_do_no_harm(void **state)
{
    (void)state;
    static const double notes[][FIT + STEP] = {{1, 49, 49, 49, 49, 49, -1, 0.5, 1e308, 1e308},
                                               {1, -49, -49, -49, -49, -49, -1, 1e-300, -1e308, 5e-324},
                                               {TOLD, 49, -49, 0, -49, 49, -1, 0.5, 0, 1e-300},
                                               {1.5, -49, 49, 0, 49, -49, -1, 0.1, 1e308, 5e-324}};
    struct hand source;
    open_source(&source);
    for (size_t k = 0; k < LENGTH(notes); k++) {
        struct hand hand;
        open_follower(&hand, &source, TOLD);
        follow(&hand, source.log[TOLD].point, notes[k], FIT + STEP);
        run(&hand, TOLD + 4);
        for (size_t j = 0; j < D; j++) {
            double x = hand.log[hand.size - 1].point->value[j].real;
            assert_true(x >= 0 && x <= 1);
        }
        hand_end(&hand);
    }
    hand_end(&source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_note_holds_a_position_or_a_fit_and_a_step_or_a_mark_or_one_of_them),
        cmocka_unit_test(test_a_follower_of_all_notes_goes_on_with_the_same_bits),
        cmocka_unit_test(test_a_note_holds_a_fit_of_failures_too),
        cmocka_unit_test(test_a_follower_of_failures_goes_on_with_the_same_bits),
        cmocka_unit_test(test_without_refinement_there_are_no_steps),
        cmocka_unit_test(test_without_a_transform_the_processes_do_not_alternate),
        cmocka_unit_test(test_a_joint_structure_notes_no_share),
        cmocka_unit_test(test_sizes_that_no_note_has_are_ignored),
        cmocka_unit_test(test_fits_that_cannot_be_are_ignored),
        cmocka_unit_test(test_steps_that_cannot_be_are_ignored),
        cmocka_unit_test(test_a_fit_counts_though_the_step_behind_it_cannot_be),
        cmocka_unit_test(test_a_fit_and_a_step_without_fault_count),
        cmocka_unit_test(test_a_fit_of_untransformed_results_is_not_that_of_the_others),
        cmocka_unit_test(test_extreme_notes_that_are_allowed_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
