/* A finite space, seen through the API: every point that may be suggested comes
 * once, whatever the host adds in between, and then the space is exhausted. */
#include "space/space_help.h"

/* Forbids about three points in ten, by their text. */
static int allowed_text(const char *json)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (; *json; json++)
        h = (h ^ (unsigned char)*json) * 0x100000001B3u;
    return (h >> 32) % 10 >= 3;
}

static int32_t allow_by_text(const afina_point *point, void *user)
{
    char json[512];
    size_t length;
    (void)user;
    assert_ok(afina_point_to_json(point, json, sizeof json, &length));
    assert_true(length < sizeof json);
    return allowed_text(json);
}

static int is_suggestible(const struct space *snapshot, const struct point *point)
{
    for (size_t i = 0; i < snapshot->size; i++) {
        const struct parameter *p = &snapshot->parameters[i];
        if (point->active[i] && p->weights && p->weights[point->value[i].integer] <= 0)
            return 0;
    }
    struct text text = {0};
    assert_ok(point_to_json(snapshot, point, &text));
    int allowed = allowed_text(text.data);
    mem_free(text.data);
    return allowed;
}

struct game {
    afina_space *space;
    struct all_points all;
    struct point_set asked;
    struct point **kept;
    size_t n_kept;
};

/* Asks once; a point that came before, or may not come, is a failure. */
static int32_t ask_new(struct game *game, afina_optimizer *optimizer, const struct space *snapshot, double value)
{
    afina_trial *trial;
    int32_t rc = afina_ask(optimizer, &trial);
    if (rc)
        return rc;
    const struct afina_point *point = afina_trial_point(trial);
    assert_true(point_set_contains(&game->all.set, point->point));
    assert_true(is_suggestible(snapshot, point->point));
    assert_false(point_set_contains(&game->asked, point->point));
    assert_ok(point_copy(&game->kept[game->n_kept], point->point));
    assert_ok(point_set_add(&game->asked, game->kept[game->n_kept++]));
    if (value < 0.9)
        assert_ok(afina_tell(optimizer, afina_trial_number(trial), &value, 1));
    afina_trial_free(trial);
    return 0;
}

/* A result from elsewhere, of a point that may be suggested, has come before or
 * is forbidden: whichever it is. */
static void add_result(struct game *game, afina_optimizer *optimizer, const struct space *snapshot,
                       const struct point *point)
{
    afina_point *handle;
    struct text text = {0};
    double value = 2.385;
    assert_ok(point_to_json(snapshot, point, &text));
    assert_ok(afina_point_from_json(&handle, game->space, text.data, text.length));
    assert_ok(afina_add_trial(optimizer, handle, AFINA_STATE_COMPLETE, &value, 1, NULL));
    assert_ok(point_copy(&game->kept[game->n_kept], point));
    assert_ok(point_set_add(&game->asked, game->kept[game->n_kept++]));
    afina_point_free(handle);
    mem_free(text.data);
}

/* The log goes on where it stopped, and knows that nothing is left. */
static void check_resumed(const struct game *game, const afina_optimizer *optimizer, int32_t status)
{
    afina_optimizer *resumed;
    afina_trial *trial;
    size_t length, unused;
    (void)game;
    assert_ok(afina_optimizer_to_log(optimizer, NULL, 0, &length));
    char *log = mem_new(length + 1, 1);
    assert_ok(afina_optimizer_to_log(optimizer, log, length + 1, &unused));
    assert_ok(afina_optimizer_from_log(&resumed, log, length));
    assert_ok(afina_optimizer_set_filter(resumed, allow_by_text, NULL, NULL));
    assert_int_equal(afina_ask(resumed, &trial), status);
    assert_null(trial);
    mem_free(log);
    afina_optimizer_free(resumed);
}

static void play(struct rng *rng, const char *method)
{
    struct game game = {0};
    struct space *space = random_space(rng, 1 + (size_t)rng_below(rng, 4), 3);
    struct space *snapshot = snapshot_of(space);
    char *json = json_of(space);
    afina_optimizer *optimizer;
    size_t wanted = 0;
    int32_t rc = 0;
    assert_ok(afina_space_from_json(&game.space, json, strlen(json)));
    assert_ok(afina_space_set_filter(game.space, allow_by_text, NULL, NULL));
    game.all = list_points(snapshot);
    game.kept = mem_new(2 * game.all.size + 1, sizeof *game.kept);
    assert_ok(afina_optimizer_new(&optimizer, game.space, method));
    assert_ok(afina_optimizer_set_integer(optimizer, "seed", (int64_t)rng_below(rng, 1000)));
    if (strcmp(method, "grid") == 0)
        assert_ok(afina_optimizer_set_integer(optimizer, "levels", 1000));
    for (size_t i = 0; i < game.all.size; i++)
        if (rng_below(rng, 8) == 0)
            add_result(&game, optimizer, snapshot, game.all.points[i]);
    while (!rc)
        rc = ask_new(&game, optimizer, snapshot, rng_uniform(rng));
    for (size_t i = 0; i < game.all.size; i++) {
        int may = is_suggestible(snapshot, game.all.points[i]);
        wanted += (size_t)may;
        if (may && !point_set_contains(&game.asked, game.all.points[i]))
            fail_msg("%s gave up (%d) with %zu of %zu points asked", method, (int)rc, game.asked.size, game.all.size);
    }
    if (rc != AFINA_EXHAUSTED && !(rc == AFINA_E_NO_POINT && wanted == 0))
        fail_msg("%s ended with %d: %s", method, (int)rc, fail_text());
    check_resumed(&game, optimizer, rc);
    for (size_t i = 0; i < game.n_kept; i++)
        point_free(game.kept[i]);
    mem_free(game.kept);
    point_set_fini(&game.asked);
    free_points(&game.all);
    afina_optimizer_free(optimizer);
    afina_space_free(game.space);
    mem_free(json);
    space_release(snapshot);
    space_free(space);
}

/* F55, F57, F58: with a filter, conditions, weights of 0, results added by the
 * host before, and trials that are never told. */
static void test_no_point_comes_twice_and_all_come(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 464, 0, RNG_SUGGEST);
    print_message("seed 464\n");
    for (int i = 0; i < 250; i++)
        play(&rng, "random");
}

static void test_an_exhausted_grid_knows_it_is_done(void **state)
{
    (void)state;
    struct rng rng;
    rng_start(&rng, 5052, 0, RNG_SUGGEST);
    print_message("seed 5052\n");
    for (int i = 0; i < 250; i++)
        play(&rng, "grid");
}

/* F55: a point that is not of the space is refused, and changes nothing. */
static void test_points_outside_the_space_are_refused(void **state)
{
    (void)state;
    afina_space *space, *other;
    afina_point *point;
    afina_optimizer *optimizer;
    afina_trial *trial;
    int64_t count;
    double value = 1;
    assert_ok(afina_space_new(&space));
    assert_ok(afina_space_new(&other));
    assert_ok(afina_space_add_integer(space, "n", 1, 3, AFINA_SCALE_LINEAR));
    assert_ok(afina_space_add_integer(other, "n", 1, 4, AFINA_SCALE_LINEAR));
    assert_ok(afina_optimizer_new(&optimizer, space, "random"));
    assert_ok(afina_point_new(&point, other));
    assert_int_equal(afina_enqueue(optimizer, point), AFINA_E_ARGUMENT);
    assert_int_equal(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL), AFINA_E_ARGUMENT);
    afina_point_free(point);
    assert_ok(afina_point_new(&point, space));
    assert_int_equal(afina_point_set_integer(point, "n", 4), AFINA_E_RANGE);
    assert_ok(afina_trial_count(optimizer, &count));
    assert_int_equal(count, 0);
    /* The same point thrice: twice added, once asked for; two are left. */
    assert_ok(afina_add_trial(optimizer, point, AFINA_STATE_COMPLETE, &value, 1, NULL));
    assert_ok(afina_add_trial(optimizer, point, AFINA_STATE_FAILED, NULL, 0, NULL));
    assert_ok(afina_enqueue(optimizer, point));
    for (int i = 0; i < 3; i++) {
        assert_ok(afina_ask(optimizer, &trial));
        afina_trial_free(trial);
    }
    assert_int_equal(afina_ask(optimizer, &trial), AFINA_EXHAUSTED);
    afina_point_free(point);
    afina_optimizer_free(optimizer);
    afina_space_free(other);
    afina_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_point_comes_twice_and_all_come),
        cmocka_unit_test(test_an_exhausted_grid_knows_it_is_done),
        cmocka_unit_test(test_points_outside_the_space_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
