/* mix and what it stands on: members that share one study, and the credit by which
 * they get their trials. */
#include "core/fail.h" /* before cmocka, which has a macro of that name */

#include "core/mem.h"
#include "method/parts/credit.h"
#include "method/parts/portfolio.h"
#include "support/hand.h"
#include "support/search_study.h"

static struct space *line_space(size_t values)
{
    struct space *space;
    OK(space_new(&space));
    OK(space_add_integer(space, "k", 1, (int64_t)values, AFINA_SCALE_LINEAR));
    return space;
}

static struct space *square_space(void)
{
    struct space *space;
    OK(space_new(&space));
    OK(space_add_real(space, "x", 0, 1, AFINA_SCALE_LINEAR));
    OK(space_add_real(space, "y", 0, 1, AFINA_SCALE_LINEAR));
    return space;
}

/* "2, 0.5" as numbers. */
static size_t read_numbers(const char *text, double *numbers)
{
    size_t count = 0;
    for (char *end; *text; text = *end ? end + 1 : end)
        numbers[count++] = strtod(text, &end);
    return count;
}

static void mix_start(struct hand *hand, const struct space *space, const char *methods, const char *weights)
{
    double numbers[8];
    hand_start(hand, "mix", space, 2385);
    hand_set_string(hand, "methods", methods);
    OK(options_set_reals(&hand->options, "weights", numbers, read_numbers(weights, numbers)));
}

/* Who suggested a trial is the first number of its note. */
static size_t member_of(const struct hand *hand, size_t number)
{
    assert_true(hand->log[number].note_size > 0);
    return (size_t)hand->log[number].note[0];
}

static void test_trials_are_shared_out_by_weight(void **state)
{
    (void)state;
    enum { TRIALS = 1000 };
    struct space *space = square_space();
    struct hand hand;
    int count[3] = {0};
    mix_start(&hand, space, "sobol, random ,halton", "2, 0.5,1.5");
    for (size_t i = 0; i < TRIALS; i++) {
        hand_next(&hand);
        count[member_of(&hand, i)]++;
    }
    assert_in_range(count[0], 450, 550); /* three deviations of 500 are 47 */
    assert_in_range(count[1], 94, 156);
    assert_in_range(count[2], 329, 421);
    hand_end(&hand);
    space_free(space);
}

/* What others suggest, or the host, leaves no gap in a member's sequence. */
static void test_a_member_goes_on_in_its_own_sequence(void **state)
{
    (void)state;
    struct space *space = square_space();
    struct hand mixed, alone;
    mix_start(&mixed, space, "sobol,random", "");
    hand_start(&alone, "sobol", space, 2385);
    for (size_t i = 0; i < 60; i++) {
        const struct point *point = hand_next(&mixed);
        if (member_of(&mixed, i) == 0)
            assert_true(point_equal(point, hand_next(&alone)));
    }
    assert_in_range(alone.size, 15, 45);
    hand_end(&alone);
    hand_end(&mixed);
    space_free(space);
}

static void test_who_has_no_point_leaves_the_turn_to_the_next(void **state)
{
    (void)state;
    struct space *space = line_space(9);
    struct hand hand;
    const struct point *point;
    mix_start(&hand, space, "manual,grid", "100,1");
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(hand_next(&hand)->value[0].integer, (int64_t)i + 1);
        assert_int_equal(member_of(&hand, i), 1);
    }
    assert_int_equal(hand_ask(&hand, &point), AFINA_EXHAUSTED);
    hand_end(&hand);
    space_free(space);
}

/* Half of the trials are random, and tpe has them to learn from. */
static afina_optimizer *half_random(const char *method)
{
    afina_optimizer *optimizer = cube(3, method);
    if (strcmp(method, "mix") == 0)
        OK(afina_optimizer_set_string(optimizer, "methods", "random,tpe"));
    return optimizer;
}

static void test_members_learn_from_each_other(void **state)
{
    (void)state;
    double mixed = median_of(SEEDS, half_random, "mix", distance, 100);
    double random = median_of(SEEDS, half_random, "random", distance, 100);
    assert_true(mixed < random / 5);
}

static void test_names_and_weights_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *methods, *weights, *text;
        int32_t code;
    } cases[] = {
        {"gp,tpee", NULL, "takes no \"tpee\"; did you mean \"tpe\"? It takes manual,", AFINA_E_NAME},
        {"gp,simulated annealing", NULL, "takes no \"simulated annealing\"; it takes manual", AFINA_E_NAME},
        {"gp,mix", NULL, "takes no \"mix\"", AFINA_E_NAME},
        {"gp,,tpe", NULL, "takes no \"\"", AFINA_E_NAME},
        {"tpe,gp,tpe", NULL, "names \"tpe\" twice", AFINA_E_RANGE},
        {"gp,tpe", "1", "has 1 numbers for 2 methods", AFINA_E_RANGE},
        {"gp,tpe", "1,2,3", "has 3 numbers for 2 methods", AFINA_E_RANGE},
        {"gp,tpe", "0,0", "has no number above 0", AFINA_E_RANGE},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        afina_trial *trial;
        afina_optimizer *optimizer = small_optimizer("mix");
        OK(afina_optimizer_set_string(optimizer, "methods", cases[i].methods));
        double numbers[8];
        size_t count = cases[i].weights ? read_numbers(cases[i].weights, numbers) : 0;
        OK(afina_optimizer_set_reals(optimizer, "weights", numbers, count));
        FAILS(afina_ask(optimizer, &trial), cases[i].code, cases[i].text);
        afina_optimizer_free(optimizer);
    }
}

static void test_a_mix_without_a_model_says_so(void **state)
{
    (void)state;
    double mean, sd;
    afina_optimizer *optimizer = cube(2, "mix");
    OK(afina_optimizer_set_string(optimizer, "methods", "tpe,de"));
    run(optimizer, distance, 5);
    afina_trial *trial;
    OK(afina_trial_get(optimizer, 0, &trial));
    FAILS(afina_model_predict(optimizer, 0, afina_trial_point(trial), &mean, &sd), AFINA_E_UNSUPPORTED, "no member");
    afina_trial_free(trial);
    afina_optimizer_free(optimizer);
}

/* --------------------------------------------------------------------- credit */

static void test_credit_is_the_rank_among_the_ten_best(void **state)
{
    (void)state;
    struct credit c = {.size = 2};
    double share[2];
    credit_shares(&c, 0.15, share);
    assert_true(share[0] == 0.5 && share[1] == 0.5);
    credit_told(&c, 0, 2.385);
    credit_told(&c, 1, 3.5);
    /* The first earned 1, a trial ago; the second was second best. */
    double second = log(11.0 / 2) / log(11.0);
    assert_true(fabs(c.earned[0] - 0.95) < 1e-15 && fabs(c.trials[0] - 0.95) < 1e-15);
    assert_true(fabs(c.earned[1] - second) < 1e-15);
    credit_shares(&c, 0.15, share);
    assert_true(fabs(share[0] - (0.15 + 0.7 / (1 + second))) < 1e-15);
    assert_true(fabs(share[0] + share[1] - 1) < 1e-15);
}

static void test_failures_the_rest_and_the_host_earn_nothing(void **state)
{
    (void)state;
    struct credit c = {.size = 1};
    for (int i = 0; i < 10; i++)
        credit_told(&c, 1, i); /* the host's */
    assert_true(c.earned[0] == 0 && c.trials[0] == 0);
    credit_told(&c, 0, INFINITY);
    credit_told(&c, 0, 9);
    assert_true(c.earned[0] == 0);
    credit_told(&c, 0, 8.5); /* before the tenth */
    assert_true(fabs(c.earned[0] - log(11.0 / 10) / log(11.0)) < 1e-15);
    assert_true(c.best[9] == 8.5 && c.best[8] == 8);
}

static void test_credit_goes_to_who_finds_good_points(void **state)
{
    (void)state;
    enum { TRIALS = 150 };
    struct space *space = square_space();
    struct hand hand;
    size_t count[2] = {0};
    mix_start(&hand, space, "random,tpe", "");
    hand_set_string(&hand, "choice", "credit");
    for (size_t i = 0; i < TRIALS; i++) {
        const struct point *point = hand_next(&hand);
        double x = point->value[0].real - 0.385, y = point->value[1].real - 0.615;
        hand_tell(&hand, i, &(double){x * x + y * y});
        count[member_of(&hand, i)] += i >= 50;
    }
    assert_in_range(count[1], 65, 95); /* of 100; 15 are the least */
    hand_end(&hand);
    space_free(space);
}

/* ------------------------------------------------------------- notes of others */

/* A method that fills its note to the brim, and remembers what it got back. */
struct brimful {
    size_t asked, own, noted;
};

static int32_t brimful_init(void *state, const struct method_context *context)
{
    (void)state;
    (void)context;
    return 0;
}

static int32_t brimful_observe(void *state, const struct observation *o)
{
    struct brimful *m = state;
    m->asked += o->kind == OBSERVED_ASKED;
    m->own += o->kind == OBSERVED_ASKED && o->origin == AFINA_ORIGIN_SUGGESTED;
    m->noted = o->kind == OBSERVED_ASKED ? o->note_size : m->noted;
    return 0;
}

static size_t brim;

static int32_t brimful_suggest(void *state, struct suggestion *s)
{
    (void)state;
    for (size_t i = 0; i < brim; i++)
        s->note[i] = 2.385;
    s->note_size = brim;
    return 0;
}

static void brimful_fini(void *state)
{
    (void)state;
}

static const struct method brimful = {
    .name = "brimful",
    .state_size = sizeof(struct brimful),
    .init = brimful_init,
    .observe = brimful_observe,
    .suggest = brimful_suggest,
    .fini = brimful_fini,
};

static void test_the_longest_note_leaves_room_for_the_index(void **state)
{
    (void)state;
    struct portfolio p;
    struct method_context context = {.seed = 1};
    double *note = mem_new(METHOD_NOTE_MAX, sizeof *note);
    assert_non_null(note);
    OK(portfolio_init(&p, &context));
    OK(portfolio_add(&p, &brimful));
    static const size_t written[] = {METHOD_NOTE_MAX - 1, METHOD_NOTE_MAX, 0};
    static const size_t kept[] = {METHOD_NOTE_MAX, 1, 1};
    for (size_t i = 0; i < LENGTH(written); i++) {
        struct suggestion s = {.note = note, .number = (int64_t)i};
        brim = written[i];
        OK(portfolio_suggest(&p, 0, &s));
        assert_int_equal(s.note_size, kept[i]);
        struct observation o = {.kind = OBSERVED_ASKED, .origin = AFINA_ORIGIN_SUGGESTED, .number = (int64_t)i};
        o.note = note;
        o.note_size = s.note_size;
        OK(portfolio_observe(&p, &o));
        const struct brimful *member = p.members[0].state;
        assert_int_equal(member->noted, kept[i] - 1);
        assert_int_equal(member->own, i + 1);
    }
    portfolio_fini(&p);
    mem_free(note);
}

/* A note may come from a log that others wrote. */
static void test_a_note_that_names_no_member_is_the_hosts(void **state)
{
    (void)state;
    static const double notes[] = {1, -1, 0.5, 1e300};
    struct portfolio p;
    struct method_context context = {.seed = 1};
    OK(portfolio_init(&p, &context));
    OK(portfolio_add(&p, &brimful));
    const struct brimful *member = p.members[0].state;
    for (size_t i = 0; i < LENGTH(notes); i++) {
        struct observation o = {.kind = OBSERVED_ASKED, .origin = AFINA_ORIGIN_SUGGESTED, .number = (int64_t)i};
        o.note = &notes[i];
        o.note_size = 1;
        OK(portfolio_observe(&p, &o));
        assert_int_equal(portfolio_member_of(&p, &o), p.size);
        assert_int_equal(member->asked, i + 1);
        assert_int_equal(member->own, 0);
    }
    portfolio_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trials_are_shared_out_by_weight),
        cmocka_unit_test(test_a_member_goes_on_in_its_own_sequence),
        cmocka_unit_test(test_who_has_no_point_leaves_the_turn_to_the_next),
        cmocka_unit_test(test_members_learn_from_each_other),
        cmocka_unit_test(test_names_and_weights_are_checked),
        cmocka_unit_test(test_a_mix_without_a_model_says_so),
        cmocka_unit_test(test_credit_is_the_rank_among_the_ten_best),
        cmocka_unit_test(test_failures_the_rest_and_the_host_earn_nothing),
        cmocka_unit_test(test_credit_goes_to_who_finds_good_points),
        cmocka_unit_test(test_the_longest_note_leaves_room_for_the_index),
        cmocka_unit_test(test_a_note_that_names_no_member_is_the_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
