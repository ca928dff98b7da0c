/* Every option of an optimizer in every way of running: ask and tell, afina_optimize() on one thread
 * and on four, results from elsewhere, and a study that is read from its log. Each works there,
 * is refused, or is one of afina_optimize() alone, as the header says. */
#include "support/small_study.h"

#include <math.h>

enum { TRIALS = 12 };

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    size_t objectives = *(size_t *)user;
    for (size_t i = 0; i < objectives; i++)
        values[i] = small_value(afina_trial_point(trial)) + (double)i;
    return AFINA_OK;
}

static int32_t ask_and_tell(afina_optimizer *o, size_t objectives)
{
    for (int i = 0; i < TRIALS; i++) {
        double values[2];
        afina_trial *trial;
        int32_t rc = afina_ask(o, &trial);
        if (rc)
            return rc;
        objective(trial, values, &objectives);
        OK(afina_tell(o, afina_trial_number(trial), values, objectives));
        afina_trial_free(trial);
    }
    return AFINA_OK;
}

static int32_t optimize(afina_optimizer *o, size_t objectives)
{
    return afina_optimize(o, objective, &objectives, TRIALS);
}

static int32_t optimize_on_four(afina_optimizer *o, size_t objectives)
{
    OK(afina_optimizer_set_integer(o, "workers", 4));
    return optimize(o, objectives);
}

static int32_t go_on_from_the_log(afina_optimizer *o, size_t objectives)
{
    (void)objectives;
    return ask_and_tell(o, objectives);
}

/* A way of running, and whether it is afina_optimize(). */
struct way {
    int32_t (*run)(afina_optimizer *o, size_t objectives);
    int is_loop, reopens;
};

static const struct way ways[] = {
    {ask_and_tell, 0, 0}, {optimize, 1, 0}, {optimize_on_four, 1, 0}, {go_on_from_the_log, 0, 1}, {optimize, 1, 1}};

enum { WAYS = sizeof ways / sizeof ways[0] };

/* One option, how it is set, and what must be seen when a way has run with it. */
struct row {
    const char *key;
    void (*set)(afina_optimizer *o);
    size_t objectives;
    void (*check)(afina_optimizer *o, const struct way *way, int32_t rc);
};

static int64_t count_of(afina_optimizer *o)
{
    int64_t count;
    OK(afina_trial_count(o, &count));
    return count;
}

static void check_replay(afina_optimizer *o)
{
    int64_t number;
    OK(afina_optimizer_replay(o, &number));
}

static void set_seed(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "seed", 2385));
    OK(afina_optimizer_set_integer(o, "lag", 4));
}

/* With lag the same seed gives the same points in every way. */
static void check_seed(afina_optimizer *o, const struct way *way, int32_t rc)
{
    static double first[TRIALS];
    double x[TRIALS];
    size_t n;
    (void)way;
    OK(rc);
    OK(afina_column_reals(o, "x", 0, x, TRIALS, &n));
    for (int i = 0; i < TRIALS; i++) {
        if (way == ways)
            first[i] = x[i];
        assert_true(first[i] == x[i]);
    }
}

static void set_objectives(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "objectives", 2));
}

static void check_objectives(afina_optimizer *o, const struct way *way, int32_t rc)
{
    double a, b;
    size_t n;
    (void)way;
    OK(rc);
    OK(afina_column_values(o, 0, 3, &a, 1, &n));
    OK(afina_column_values(o, 1, 3, &b, 1, &n));
    assert_true(b == a + 1);
}

static void set_direction(afina_optimizer *o)
{
    OK(afina_optimizer_set_string(o, "direction", "maximize"));
}

static void check_direction(afina_optimizer *o, const struct way *way, int32_t rc)
{
    double values[TRIALS], most = -INFINITY, best;
    afina_trial *trial;
    size_t n;
    (void)way;
    OK(rc);
    OK(afina_column_values(o, 0, 0, values, TRIALS, &n));
    for (size_t i = 0; i < n && i < TRIALS; i++)
        most = fmax(most, values[i]);
    OK(afina_best(o, &trial));
    OK(afina_trial_value(trial, &best));
    assert_true(n > TRIALS ? best >= most : best == most);
    afina_trial_free(trial);
}

static void set_repeats(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "repeats", 1));
}

static void check_runs(afina_optimizer *o, const struct way *way, int32_t rc)
{
    (void)way;
    OK(rc);
    assert_true(count_of(o) >= TRIALS);
}

static void set_seconds(afina_optimizer *o)
{
    OK(afina_optimizer_set_real(o, "seconds", 0));
}

/* One of afina_optimize() alone. */
static void check_seconds(afina_optimizer *o, const struct way *way, int32_t rc)
{
    int64_t before = way->reopens ? TRIALS : 0;
    assert_int_equal(rc, way->is_loop ? AFINA_DONE : AFINA_OK);
    assert_int_equal(count_of(o), before + (way->is_loop ? 0 : TRIALS));
}

static void set_target(afina_optimizer *o)
{
    OK(afina_optimizer_set_real(o, "target", 1e6));
}

/* One of afina_optimize() alone: the first result reaches it. */
static void check_target(afina_optimizer *o, const struct way *way, int32_t rc)
{
    assert_int_equal(rc, way->is_loop ? AFINA_DONE : AFINA_OK);
    assert_true(way->is_loop ? count_of(o) <= (way->reopens ? TRIALS : 0) + 4 : count_of(o) >= TRIALS);
}

static void set_target_of_two(afina_optimizer *o)
{
    set_objectives(o);
    OK(afina_optimizer_set_real(o, "target", 1e6));
}

/* Once it was accepted and never reached. */
static void check_target_of_two(afina_optimizer *o, const struct way *way, int32_t rc)
{
    (void)o;
    assert_int_equal(rc, way->is_loop ? AFINA_E_UNSUPPORTED : AFINA_OK);
}

static void set_times(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "times", 0));
}

static void check_times(afina_optimizer *o, const struct way *way, int32_t rc)
{
    int64_t last;
    size_t n;
    (void)way;
    OK(rc);
    OK(afina_column_started(o, count_of(o) - 1, &last, 1, &n));
    assert_true(last == INT64_MIN);
}

static void set_worker(afina_optimizer *o)
{
    OK(afina_optimizer_set_string(o, "worker", "alpha"));
}

static void check_worker(afina_optimizer *o, const struct way *way, int32_t rc)
{
    (void)way;
    OK(rc);
    char *text = log_of(o);
    assert_non_null(strstr(text, "\"worker\":\"alpha\""));
    free(text);
}

static const struct row rows[] = {
    {"seed", set_seed, 1, check_seed},
    {"lag", set_seed, 1, check_seed},
    {"objectives", set_objectives, 2, check_objectives},
    {"direction", set_direction, 1, check_direction},
    {"repeats", set_repeats, 1, check_runs},
    {"workers", set_repeats, 1, check_runs},
    {"seconds", set_seconds, 1, check_seconds},
    {"target", set_target, 1, check_target},
    {"target", set_target_of_two, 2, check_target_of_two},
    {"times", set_times, 1, check_times},
    {"worker", set_worker, 1, check_worker},
};

/* Options of the run are set anew after reading; those of the study come with its log. */
static afina_optimizer *reopen(const struct row *row, afina_optimizer *o)
{
    afina_optimizer *again;
    assert_int_equal(ask_and_tell(o, row->objectives), AFINA_OK);
    char *text = log_of(o);
    afina_optimizer_free(o);
    OK(afina_optimizer_from_json(&again, text, strlen(text)));
    free(text);
    if (strcmp(row->key, "seconds") == 0 || strcmp(row->key, "times") == 0 || strcmp(row->key, "worker") == 0)
        row->set(again);
    if (strcmp(row->key, "target") == 0)
        OK(afina_optimizer_set_real(again, "target", 1e6));
    return again;
}

static void test_every_option_in_every_way_of_running(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        for (size_t w = 0; w < WAYS; w++) {
            afina_optimizer *o = small_optimizer("random");
            rows[r].set(o);
            if (ways[w].reopens)
                o = reopen(&rows[r], o);
            rows[r].check(o, &ways[w], ways[w].run(o, rows[r].objectives));
            check_replay(o);
            afina_optimizer_free(o);
        }
}

static void test_every_option_stands_in_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < afina_option_count(NULL); i++) {
        int found = 0;
        for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
            found |= strcmp(rows[r].key, afina_option_name(NULL, i)) == 0;
        if (!found)
            fail_msg("option \"%s\" is not in the table", afina_option_name(NULL, i));
    }
}

/* A result from elsewhere fixes the options like a trial that was asked for. */
static void test_a_result_from_elsewhere_obeys_the_options(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    afina_space *space = small_space();
    afina_point *point;
    double values[2] = {3, 2.385};
    OK(afina_point_new(&point, space));
    OK(afina_optimizer_set_integer(o, "objectives", 2));
    FAILS(afina_add_trial(o, point, AFINA_STATE_COMPLETE, values, 1, NULL), AFINA_E_RANGE, "2 objectives");
    OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, values, 2, NULL));
    FAILS(afina_optimizer_set_integer(o, "objectives", 1), AFINA_E_STATE, "fixed since the first trial");
    FAILS(afina_optimizer_set_integer(o, "seed", 1), AFINA_E_STATE, "fixed since the first trial");
    OK(afina_optimizer_set_integer(o, "workers", 3));
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_option_in_every_way_of_running),
        cmocka_unit_test(test_every_option_stands_in_the_table),
        cmocka_unit_test(test_a_result_from_elsewhere_obeys_the_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
