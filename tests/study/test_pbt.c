/* Population based training through the public API, on a model whose state is its checkpoint: a parameter that a step
 * moves against its noisy gradient. The learning rate should be large at first and small in the end; none that is kept
 * throughout is both. */
#include "support/search_study.h"

#include "core/rng.h"

enum { STEPS = 40, MEMBERS = 10, READY_EVERY = 4 };

static afina_optimizer *population(uint64_t seed, const char *scheduler, int64_t lag)
{
    afina_space *space;
    afina_optimizer *o;
    static const char *const kinds[] = {"plain", "clipped"};
    static const char *const clipped[] = {"clipped"};
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "rate", 0.001, 1, AFINA_SCALE_LOG));
    OK(afina_space_add_categorical(space, "kind", kinds, 2));
    OK(afina_space_add_real(space, "clip", 0.1, 10, AFINA_SCALE_LOG));
    OK(afina_space_add_condition_in(space, "clip", "kind", clipped, 1));
    OK(afina_optimizer_new(&o, space, "random"));
    afina_space_free(space);
    OK(afina_optimizer_set_integer(o, "seed", (int64_t)seed));
    OK(afina_optimizer_set_string(o, "scheduler", scheduler));
    OK(afina_optimizer_set_real(o, "budget_min", strcmp(scheduler, "pbt") == 0 ? READY_EVERY : STEPS));
    OK(afina_optimizer_set_real(o, "budget_max", STEPS));
    OK(afina_optimizer_set_real(o, "budget_total", STEPS * MEMBERS));
    OK(afina_optimizer_set_integer(o, "lag", lag));
    OK(afina_optimizer_set_integer(o, "times", 0));
    return o;
}

/* The state of the parent, from its checkpoint. */
static double load(afina_optimizer *o, const afina_trial *trial)
{
    char text[64];
    size_t length;
    int64_t number;
    afina_trial *parent;
    OK(afina_trial_parent(trial, &number));
    OK(afina_trial_get(o, number, &parent));
    OK(afina_trial_checkpoint(parent, text, sizeof text, &length));
    afina_trial_free(parent);
    assert_true(length > 0);
    return strtod(text, NULL);
}

static double train(afina_optimizer *o, const afina_trial *trial)
{
    const afina_point *point = afina_trial_point(trial);
    double start, budget, rate = real(point, "rate"), clip = INFINITY;
    int32_t active;
    OK(afina_trial_start(trial, &start));
    OK(afina_trial_budget(trial, &budget));
    OK(afina_point_is_active(point, "clip", &active));
    if (active)
        clip = real(point, "clip");
    double theta = start > 0 ? load(o, trial) : 10;
    for (double step = start + 1; step <= budget; step++) {
        struct rng rng;
        rng_start(&rng, (uint64_t)afina_trial_number(trial), (uint64_t)step, RNG_OBJECTIVE);
        double gradient = theta + 2 * rng_normal(&rng);
        theta -= rate * fmax(-clip, fmin(clip, gradient));
    }
    return theta;
}

/* What is running, oldest first. */
struct pool {
    afina_trial *trial[8];
    int n;
};

static void finish(afina_optimizer *o, struct pool *pool, int i)
{
    char text[64];
    afina_trial *trial = pool->trial[i];
    double theta = train(o, trial), loss = theta * theta;
    snprintf(text, sizeof text, "%a", theta);
    OK(afina_trial_tell_checkpoint(trial, text));
    OK(afina_trial_tell(trial, &loss, 1));
    afina_trial_free(trial);
    memmove(pool->trial + i, pool->trial + i + 1, (size_t)(--pool->n - i) * sizeof *pool->trial);
}

/* Runs to the end, or to `most` trials, with workers that finish in an order drawn at random. */
static void run_population(afina_optimizer *o, int workers, uint64_t order, int64_t most)
{
    struct pool pool = {.n = 0};
    struct rng rng;
    int64_t count = 0;
    int32_t rc = AFINA_OK;
    rng_start(&rng, order, 0, RNG_DESIGN);
    for (;;) {
        rc = pool.n < workers && count < most ? afina_ask(o, &pool.trial[pool.n]) : AFINA_WAIT;
        if (rc < 0)
            fail_msg("%s", afina_last_error());
        if (rc == AFINA_OK) {
            pool.n++;
            OK(afina_trial_count(o, &count));
            continue;
        }
        if (pool.n == 0)
            return;
        finish(o, &pool, (int)rng_below(&rng, (uint64_t)pool.n));
    }
}

static double best_of(afina_optimizer *o)
{
    afina_trial *trial;
    double value, budget;
    size_t n;
    OK(afina_best(o, &trial));
    OK(afina_trial_values(trial, &value, 1, &n));
    OK(afina_trial_budget(trial, &budget));
    assert_true(budget == STEPS);
    afina_trial_free(trial);
    return value;
}

static void replays(afina_optimizer *o)
{
    int64_t number;
    int32_t rc = afina_optimizer_replay(o, &number);
    if (rc)
        fail_msg("replay: %d at trial %d: %s", (int)rc, (int)number, afina_last_error());
}

/* 1 when the trial is a new configuration on the work of another arm's, which is checked. */
static int check_branch(afina_optimizer *o, int64_t number)
{
    afina_trial *trial, *parent;
    int32_t origin;
    int64_t arm, of;
    double start, budget;
    OK(afina_trial_get(o, number, &trial));
    OK(afina_trial_origin(trial, &origin));
    OK(afina_trial_parent(trial, &of));
    OK(afina_trial_arm(trial, &arm));
    OK(afina_trial_start(trial, &start));
    if (of >= 0) {
        OK(afina_trial_get(o, of, &parent));
        OK(afina_trial_budget(parent, &budget));
        assert_true(start == budget);
        afina_trial_free(parent);
    }
    int is_branch = of >= 0 && origin == AFINA_ORIGIN_SUGGESTED;
    if (is_branch)
        assert_int_equal(arm, number);
    afina_trial_free(trial);
    return is_branch;
}

static void test_a_branch_begins_where_its_parent_ended(void **state)
{
    (void)state;
    for (int workers = 1; workers <= 7; workers += 3) {
        afina_optimizer *o = population(5, "pbt", 0);
        int64_t count;
        double spent, promised;
        int branches = 0;
        run_population(o, workers, 1, INT64_MAX);
        OK(afina_trial_count(o, &count));
        for (int64_t i = 0; i < count; i++)
            branches += check_branch(o, i);
        assert_true(branches >= 5);
        OK(afina_optimizer_cost(o, &spent, &promised));
        assert_true(spent <= STEPS * MEMBERS && promised == 0);
        replays(o);
        afina_optimizer_free(o);
    }
}

static void test_a_study_goes_on_from_any_prefix_of_its_log(void **state)
{
    (void)state;
    afina_optimizer *o = population(7, "pbt", 0);
    run_population(o, 1, 1, 60);
    char *whole = log_of(o);
    for (int64_t k = 3; k < 60; k += 7) {
        char key[64];
        snprintf(key, sizeof key, "{\"event\":\"asked\",\"trial\":%d,", (int)k);
        const char *line = strstr(whole, key);
        afina_optimizer *copy;
        OK(afina_optimizer_from_log(&copy, whole, (size_t)(line - whole)));
        OK(afina_optimizer_set_integer(copy, "times", 0));
        run_population(copy, 1, 1, 60);
        char *again = log_of(copy);
        assert_string_equal(again, whole);
        free(again);
        afina_optimizer_free(copy);
    }
    free(whole);
    afina_optimizer_free(o);
}

/* Points, budgets and parents. */
static char *decisions_of(afina_optimizer *o)
{
    int64_t count;
    OK(afina_trial_count(o, &count));
    char *text = calloc((size_t)count + 1, 96), *at = text;
    for (int64_t i = 0; i < count; i++) {
        afina_trial *trial;
        double budget;
        int64_t parent;
        OK(afina_trial_get(o, i, &trial));
        OK(afina_trial_budget(trial, &budget));
        OK(afina_trial_parent(trial, &parent));
        at += snprintf(at, 96, "%a %g %d\n", real(afina_trial_point(trial), "rate"), budget, (int)parent);
        afina_trial_free(trial);
    }
    return text;
}

static void test_with_lag_any_number_of_workers_gives_the_same_study(void **state)
{
    (void)state;
    char *first = NULL;
    for (int workers = 1; workers <= 5; workers += 2) {
        afina_optimizer *o = population(9, "pbt", 5);
        run_population(o, workers, (uint64_t)workers, INT64_MAX);
        char *text = decisions_of(o);
        if (first)
            assert_string_equal(text, first);
        replays(o);
        free(first);
        first = text;
        afina_optimizer_free(o);
    }
    free(first);
}

/* A checkpoint that is stale is none that a later trial loads: what is stale after each trial is remembered. */
static void test_only_checkpoints_of_members_are_kept(void **state)
{
    (void)state;
    enum { MOST = 400 };
    static char stale[MOST];
    afina_optimizer *o = population(11, "pbt", 0);
    int64_t numbers[MOST], count, parent;
    size_t n;
    afina_trial *trial;
    memset(stale, 0, sizeof stale);
    while (afina_ask(o, &trial) == AFINA_OK) {
        struct pool pool = {.trial = {trial}, .n = 1};
        OK(afina_trial_parent(trial, &parent));
        assert_true(parent < 0 || !stale[parent]);
        finish(o, &pool, 0);
        OK(afina_stale_checkpoints(o, numbers, MOST, &n));
        for (size_t i = 0; i < n; i++)
            stale[numbers[i]] = 1;
        OK(afina_trial_count(o, &count));
        assert_true(count - (int64_t)n <= MEMBERS);
    }
    assert_int_equal(count - (int64_t)n, 0);
    afina_optimizer_free(o);
}

/* The same number of steps: the members of a population against as many runs with a rate of their own. */
static void test_schedules_are_found_that_no_fixed_rate_has(void **state)
{
    (void)state;
    enum { MANY = 40 };
    double population_log = 0, fixed_log = 0;
    for (uint64_t seed = 0; seed < MANY; seed++) {
        afina_optimizer *pbt = population(seed, "pbt", 0), *fixed = population(seed, "none", 0);
        run_population(pbt, 4, seed, INT64_MAX);
        run_population(fixed, 4, seed, INT64_MAX);
        population_log += log(best_of(pbt) + 1e-6) / MANY;
        fixed_log += log(best_of(fixed) + 1e-6) / MANY;
        afina_optimizer_free(pbt);
        afina_optimizer_free(fixed);
    }
    print_message("mean of ln loss over %d seeds from 0: %.2f, with fixed rates %.2f\n", MANY, population_log,
                  fixed_log);
    assert_true(population_log < fixed_log - 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_branch_begins_where_its_parent_ended),
        cmocka_unit_test(test_a_study_goes_on_from_any_prefix_of_its_log),
        cmocka_unit_test(test_with_lag_any_number_of_workers_gives_the_same_study),
        cmocka_unit_test(test_only_checkpoints_of_members_are_kept),
        cmocka_unit_test(test_schedules_are_found_that_no_fixed_rate_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
