/* nelder-mead: its moves on a bare method, and what it finds through the public API. */
#include "support/bare_method.h"
#include "support/search_spaces.h"

static void test_a_hundred_trials_beat_random_in_every_kind_of_space(void **state)
{
    (void)state;
    assert_beats_random(five_numbers, "nelder-mead", distance, 100, 1e-3);
    assert_beats_random(integers, "nelder-mead", integer_distance, 100, 0.8);
    assert_beats_random(categories, "nelder-mead", wrong_choices, 100, 8);
    assert_beats_random(small_optimizer, "nelder-mead", small_value, 100, 0.02);
}

enum { INITIAL = 0, REFLECT, EXPAND, OUTSIDE, INSIDE };

/* Two dimensions. What changes first is called a, the other b, and each of them is
 * turned so that its first step is up. */
struct plane {
    struct bare b;
    size_t first;
    double side[2];
};

static void assert_at(const struct plane *p, double a, double b)
{
    double at_a = 0.5 + p->side[0] * (p->b.x[p->first] - 0.5);
    double at_b = 0.5 + p->side[1] * (p->b.x[1 - p->first] - 0.5);
    if (!(fabs(at_a - a) < 1e-12 && fabs(at_b - b) < 1e-12))
        fail_msg("(%g, %g), not (%g, %g)", at_a, at_b, a, b);
}

static void assert_kind(const struct plane *p, int kind)
{
    assert_int_equal(p->b.note_size, 3);
    assert_int_equal((int)p->b.note[0], kind);
}

/* The vertices (0.5, 0.5), (0.7, 0.5), (0.5, 0.7) of losses 1, 2, 3. */
static void start(struct plane *p)
{
    bare_open(&p->b, "nelder-mead", 2);
    OK(options_set_integer(&p->b.options, "startup", 1));
    bare_start(&p->b);
    bare_result(&p->b, (double[]){0.5, 0.5}, 1);
    int64_t number = bare_ask(&p->b);
    p->first = p->b.x[0] == 0.5;
    p->side[0] = p->b.x[p->first] > 0.5 ? 1 : -1;
    p->side[1] = 1;
    assert_at(p, 0.7, 0.5);
    bare_told(&p->b, number, 2);
    number = bare_ask(&p->b);
    assert_kind(p, INITIAL);
    p->side[1] = p->b.x[1 - p->first] > 0.5 ? 1 : -1;
    assert_at(p, 0.5, 0.7);
    bare_told(&p->b, number, 3);
}

static void step(struct plane *p, int kind, double a, double b, double loss)
{
    int64_t number = bare_ask(&p->b);
    assert_kind(p, kind);
    assert_at(p, a, b);
    bare_told(&p->b, number, loss);
}

/* beta = 2 */
static void test_the_best_is_expanded(void **state)
{
    (void)state;
    struct plane p;
    start(&p);
    step(&p, REFLECT, 0.7, 0.3, 0.5);
    step(&p, EXPAND, 0.8, 0.1, 0.25);
    /* of (0.8, 0.1), (0.5, 0.5), (0.7, 0.5) the last is reflected */
    step(&p, REFLECT, 0.6, 0.1, 0.3);
    bare_close(&p.b);
}

static void test_the_reflected_point_stays_when_the_expanded_is_worse(void **state)
{
    (void)state;
    struct plane p;
    start(&p);
    step(&p, REFLECT, 0.7, 0.3, 0.5);
    step(&p, EXPAND, 0.8, 0.1, 0.6);
    step(&p, REFLECT, 0.5, 0.3, 0.7); /* (0.7, 0.5) in the middle of (0.7, 0.3) and (0.5, 0.5) */
    bare_close(&p.b);
}

static void test_a_point_in_between_stays(void **state)
{
    (void)state;
    struct plane p;
    start(&p);
    step(&p, REFLECT, 0.7, 0.3, 1.5);
    step(&p, REFLECT, 0.5, 0.3, 1.2);
    bare_close(&p.b);
}

/* gamma = 1/2 */
static void test_contractions_outside_and_inside(void **state)
{
    (void)state;
    struct plane p;
    start(&p);
    step(&p, REFLECT, 0.7, 0.3, 2.5);
    step(&p, OUTSIDE, 0.65, 0.4, 1.5);
    bare_close(&p.b);
    start(&p);
    step(&p, REFLECT, 0.7, 0.3, NAN);
    step(&p, INSIDE, 0.55, 0.6, 1.5);
    step(&p, REFLECT, 0.35, 0.6, 1.2); /* of (0.7, 0.5) */
    bare_close(&p.b);
}

/* The vertices were 0.2 apart. */
static void test_a_contraction_in_vain_begins_another_simplex_of_half_the_steps(void **state)
{
    (void)state;
    struct plane p;
    start(&p);
    step(&p, REFLECT, 0.7, 0.3, 4);
    double simplex = p.b.note[2];
    step(&p, INSIDE, 0.55, 0.6, 3.5);
    int64_t number = bare_ask(&p.b);
    assert_kind(&p, INITIAL);
    assert_true(p.b.note[2] == simplex + 1);
    assert_true(fabs(fabs(p.b.x[0] - 0.5) + fabs(p.b.x[1] - 0.5) - 0.1) < 1e-12);
    bare_told(&p.b, number, 5);
    bare_close(&p.b);
}

/* Four vertices: two are reflected at once, in those that are not; the next changes one parameter of the best. */
static void test_workers_reflect_the_worst_vertices(void **state)
{
    (void)state;
    struct bare b;
    bare_open(&b, "nelder-mead", 3);
    OK(options_set_integer(&b.options, "startup", 1));
    bare_start(&b);
    bare_result(&b, (double[]){0.5, 0.5, 0.5}, 1);
    for (int i = 0; i < 3; i++)
        bare_told(&b, bare_ask(&b), 2 + i);
    double vertex[4];
    for (int i = 0; i < 4; i++) {
        bare_ask(&b);
        vertex[i] = b.note[1];
        assert_int_equal((int)b.note[0], i < 2 ? REFLECT : INITIAL);
    }
    assert_true(vertex[0] == 3 && vertex[1] == 2);
    bare_told(&b, 4, 0.5);
    bare_ask(&b);
    assert_int_equal((int)b.note[0], EXPAND);
    assert_true(b.note[1] == 3);
    bare_close(&b);
}

/* A reflection whose worker died is asked again. */
static void test_what_is_lost_is_asked_again(void **state)
{
    (void)state;
    struct plane p;
    start(&p);
    bare_end(&p.b, bare_ask(&p.b), AFINA_STATE_LOST, NULL);
    step(&p, REFLECT, 0.7, 0.3, 0.5);
    bare_end(&p.b, bare_ask(&p.b), AFINA_STATE_LOST, NULL);
    step(&p, EXPAND, 0.8, 0.1, 0.25);
    bare_close(&p.b);
}

static void test_a_simplex_has_as_many_parameters_as_the_option_says(void **state)
{
    (void)state;
    struct bare b;
    int changed[6] = {0};
    bare_open(&b, "nelder-mead", 6);
    OK(options_set_integer(&b.options, "startup", 1));
    OK(options_set_integer(&b.options, "axes", 2));
    bare_start(&b);
    bare_result(&b, (double[]){0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, 1);
    for (int i = 0; i < 60; i++) {
        int64_t number = bare_ask(&b);
        double far = 0;
        for (int j = 0; j < 6; j++) {
            changed[j] += b.x[j] != 0.5;
            far += b.x[j] != 0.5;
        }
        if (b.note_size == 3 && b.note[2] == 1)
            assert_true(far <= 2);
        bare_told(&b, number, 2 + i);
    }
    for (int j = 0; j < 6; j++)
        assert_true(changed[j] > 0);
    bare_close(&b);
}

static double valley(const afina_point *point)
{
    double a = real(point, "x0") - 0.385, b = real(point, "x1") - 0.615;
    return 1000 * (a - b) * (a - b) + a * a;
}

static void test_an_oblique_valley_is_followed(void **state)
{
    (void)state;
    assert_beats_random(two_numbers, "nelder-mead", valley, 200, 1e-3);
}

static void test_notes_of_others_are_survived(void **state)
{
    (void)state;
    struct plane p;
    start(&p);
    static const double notes[][3] = {
        {REFLECT, -1, 2}, {REFLECT, 1e300, 2}, {EXPAND, 0, 2}, {7, 2, 2}, {REFLECT, 2, 1e9}};
    for (size_t i = 0; i < LENGTH(notes); i++)
        bare_told(&p.b, bare_asked(&p.b, (double[]){0.25, 0.25}, notes[i], 3), 9);
    step(&p, REFLECT, 0.7, 0.3, 1.5);
    bare_close(&p.b);
}

static void test_options_are_checked(void **state)
{
    (void)state;
    afina_optimizer *optimizer = small_optimizer("nelder-mead");
    FAILS(afina_optimizer_set_integer(optimizer, "axes", 51), AFINA_E_RANGE, "50");
    FAILS(afina_optimizer_set_real(optimizer, "finest", 0), AFINA_E_RANGE, "finest");
    FAILS(afina_optimizer_set_integer(optimizer, "axis", 2), AFINA_E_NAME, "axes");
    afina_optimizer_free(optimizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hundred_trials_beat_random_in_every_kind_of_space),
        cmocka_unit_test(test_the_best_is_expanded),
        cmocka_unit_test(test_the_reflected_point_stays_when_the_expanded_is_worse),
        cmocka_unit_test(test_a_point_in_between_stays),
        cmocka_unit_test(test_contractions_outside_and_inside),
        cmocka_unit_test(test_a_contraction_in_vain_begins_another_simplex_of_half_the_steps),
        cmocka_unit_test(test_workers_reflect_the_worst_vertices),
        cmocka_unit_test(test_what_is_lost_is_asked_again),
        cmocka_unit_test(test_a_simplex_has_as_many_parameters_as_the_option_says),
        cmocka_unit_test(test_an_oblique_valley_is_followed),
        cmocka_unit_test(test_notes_of_others_are_survived),
        cmocka_unit_test(test_options_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
