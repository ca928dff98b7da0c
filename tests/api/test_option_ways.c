/* Every option of an optimizer, every callback and the weights of choices in every way of running:
 * ask and tell, afina_optimize() on one thread and on four, results from elsewhere, and a study
 * that is read from its log. Each works there, is refused, or is one of afina_optimize() alone, as
 * the header says. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "support/small_study.h"

#include <math.h>
#include <pthread.h>
#include <time.h>

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

/* Results from elsewhere, of points that the filter and the weights allow. */
static int32_t add_trials(afina_optimizer *o, size_t objectives)
{
    afina_space *space;
    OK(afina_optimizer_get_space(o, &space));
    for (uint64_t i = 0; i < TRIALS; i++) {
        afina_point *point;
        OK(afina_space_sample(space, 2385, i, &point));
        double values[2] = {small_value(point), small_value(point) + 1};
        OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, values, objectives, NULL));
        afina_point_free(point);
    }
    afina_space_free(space);
    return AFINA_OK;
}

/* A way of running, and whether it is afina_optimize(). */
struct way {
    int32_t (*run)(afina_optimizer *o, size_t objectives);
    int is_loop, reopens, adds;
};

static const struct way ways[] = {
    {ask_and_tell, 0, 0, 0},       {optimize, 1, 0, 0}, {optimize_on_four, 1, 0, 0},
    {go_on_from_the_log, 0, 1, 0}, {optimize, 1, 1, 0}, {add_trials, 0, 0, 1},
};

enum { WAYS = sizeof ways / sizeof ways[0] };

/* One option, how it is set, and what must be seen when a way has run with it; NULL: methods that have no
 * model refuse it (test_regret_end.c has those with one). */
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
    OK(rc);
    if (way->adds)
        return; /* nothing is suggested */
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

/* What it does where a space is finite is looked at below. */
static void check_repeats(afina_optimizer *o, const struct way *way, int32_t rc)
{
    int64_t repeats;
    OK(rc);
    OK(afina_optimizer_get_integer(o, "repeats", &repeats));
    assert_int_equal(repeats, 1);
    assert_int_equal(count_of(o), way->reopens ? 2 * TRIALS : TRIALS);
}

static void set_workers(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "workers", 3));
}

/* What its threads do is looked at below. It is no part of the log. */
static void check_workers(afina_optimizer *o, const struct way *way, int32_t rc)
{
    int64_t workers;
    OK(rc);
    OK(afina_optimizer_get_integer(o, "workers", &workers));
    assert_int_equal(workers, way->reopens ? 1 : way->run == optimize_on_four ? 4 : 3);
    assert_int_equal(count_of(o), way->reopens ? 2 * TRIALS : TRIALS);
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

static void set_trial_seconds(afina_optimizer *o)
{
    OK(afina_optimizer_set_real(o, "trial_seconds", 1000));
}

/* test_trial_seconds.c looks at trials that run too long. It is no part of the log. */
static void check_trial_seconds(afina_optimizer *o, const struct way *way, int32_t rc)
{
    double seconds;
    OK(rc);
    OK(afina_optimizer_get_real(o, "trial_seconds", &seconds));
    assert_true(seconds == 1000 || (way->reopens && seconds > 1e300));
    assert_int_equal(count_of(o), way->reopens ? 2 * TRIALS : TRIALS);
}

static void set_trials_total(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "trials_total", 1));
}

/* Results from elsewhere are not asked for. */
static void check_trials_total(afina_optimizer *o, const struct way *way, int32_t rc)
{
    assert_int_equal(rc, way->run == add_trials ? AFINA_OK : AFINA_DONE);
    assert_int_equal(count_of(o), way->run == add_trials ? TRIALS : way->reopens ? TRIALS : 1);
}

static void set_synced(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "synced", 0));
}

/* One of studies in a store: test_store.c. It is no part of the log. */
static void check_synced(afina_optimizer *o, const struct way *way, int32_t rc)
{
    int64_t synced;
    OK(rc);
    OK(afina_optimizer_get_integer(o, "synced", &synced));
    assert_int_equal(synced, way->reopens);
    assert_int_equal(count_of(o), way->reopens ? 2 * TRIALS : TRIALS);
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

static int has_origin(afina_optimizer *o, int32_t origin)
{
    int32_t origins[3 * TRIALS];
    size_t n;
    int has = 0;
    OK(afina_column_origins(o, 0, origins, 3 * TRIALS, &n));
    for (size_t i = 0; i < n; i++)
        has |= origins[i] == origin;
    return has;
}

static void set_scheduler(afina_optimizer *o)
{
    OK(afina_optimizer_set_real(o, "budget_min", 1));
    OK(afina_optimizer_set_real(o, "budget_max", 4));
    OK(afina_optimizer_set_string(o, "scheduler", "halving"));
    OK(afina_optimizer_set_string(o, "stopper", "never"));
}

/* Four arms, of which two go on. Of results from elsewhere none does. With four at once all trials may be new arms,
 * when the first four take longest. */
static void check_scheduler(afina_optimizer *o, const struct way *way, int32_t rc)
{
    OK(rc);
    if (way->run == optimize_on_four)
        return;
    assert_int_equal(has_origin(o, AFINA_ORIGIN_PROMOTED), !way->adds);
}

static void set_total(afina_optimizer *o)
{
    OK(afina_optimizer_set_real(o, "budget_total", TRIALS + 5));
}

/* Without budgets a trial costs 1. What the host adds it has paid already. */
static void check_total(afina_optimizer *o, const struct way *way, int32_t rc)
{
    assert_int_equal(rc, way->reopens ? AFINA_DONE : AFINA_OK);
    assert_int_equal(count_of(o), way->reopens ? TRIALS + 5 : TRIALS);
}

static void set_replicates(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "replicates", 3));
}

static void check_replicates(afina_optimizer *o, const struct way *way, int32_t rc)
{
    OK(rc);
    assert_int_equal(has_origin(o, AFINA_ORIGIN_REPEATED), !way->adds);
}

static void set_default_first(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "default_first", 1));
}

static void check_default_first(afina_optimizer *o, const struct way *way, int32_t rc)
{
    double x;
    size_t n;
    OK(rc);
    OK(afina_column_reals(o, "x", 0, &x, 1, &n));
    assert_int_equal(x == 2.5, !way->adds);
}

static void set_no_gain(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "no_gain", 2 * TRIALS - 3));
    OK(afina_optimizer_set_real(o, "no_gain_percent", 100)); /* no loss is a gain but the first */
}

/* What the host adds is no more asked for. */
static void check_no_gain(afina_optimizer *o, const struct way *way, int32_t rc)
{
    assert_int_equal(rc, way->reopens ? AFINA_DONE : AFINA_OK);
    assert_true(count_of(o) < 2 * TRIALS);
}

static void set_regret_end(afina_optimizer *o)
{
    OK(afina_optimizer_set_integer(o, "regret_end", 4));
}

static void set_aggregate(afina_optimizer *o)
{
    set_replicates(o);
    OK(afina_optimizer_set_string(o, "aggregate", "mean+sd"));
    OK(afina_optimizer_set_real(o, "aggregate_parameter", 2));
}

static const struct row rows[] = {
    {"aggregate", set_aggregate, 1, check_replicates},
    {"aggregate_parameter", set_aggregate, 1, check_replicates},
    {"default_first", set_default_first, 1, check_default_first},
    {"no_gain", set_no_gain, 1, check_no_gain},
    {"no_gain_percent", set_no_gain, 1, check_no_gain},
    {"scheduler", set_scheduler, 1, check_scheduler},
    {"stopper", set_scheduler, 1, check_scheduler},
    {"budget_min", set_scheduler, 1, check_scheduler},
    {"budget_max", set_scheduler, 1, check_scheduler},
    {"budget_total", set_total, 1, check_total},
    {"replicates", set_replicates, 1, check_replicates},
    {"regret_end", set_regret_end, 1, NULL},
    {"seed", set_seed, 1, check_seed},
    {"lag", set_seed, 1, check_seed},
    {"objectives", set_objectives, 2, check_objectives},
    {"direction", set_direction, 1, check_direction},
    {"repeats", set_repeats, 1, check_repeats},
    {"workers", set_workers, 1, check_workers},
    {"seconds", set_seconds, 1, check_seconds},
    {"trial_seconds", set_trial_seconds, 1, check_trial_seconds},
    {"target", set_target, 1, check_target},
    {"target", set_target_of_two, 2, check_target_of_two},
    {"trials_total", set_trials_total, 1, check_trials_total},
    {"synced", set_synced, 1, check_synced},
    {"times", set_times, 1, check_times},
    {"worker", set_worker, 1, check_worker},
};

/* Options of the run are set anew after reading; those of the study come with its log. */
static afina_optimizer *reopen(const struct row *row, afina_optimizer *o)
{
    afina_optimizer *again;
    if (strcmp(row->key, "trials_total") == 0)
        OK(afina_optimizer_set_integer(o, "trials_total", TRIALS));
    assert_int_equal(ask_and_tell(o, row->objectives), AFINA_OK);
    char *text = log_of(o);
    afina_optimizer_free(o);
    OK(afina_optimizer_from_log(&again, text, strlen(text)));
    free(text);
    if (strcmp(row->key, "seconds") == 0 || strcmp(row->key, "times") == 0 || strcmp(row->key, "worker") == 0)
        row->set(again);
    if (strcmp(row->key, "target") == 0)
        OK(afina_optimizer_set_real(again, "target", 1e6));
    if (strcmp(row->key, "trials_total") == 0)
        OK(afina_optimizer_set_integer(again, "trials_total", 1));
    return again;
}

static void check_refused(afina_optimizer *o, const struct row *row)
{
    afina_space *space = small_space();
    afina_trial *trial;
    afina_point *point;
    double value = 1;
    size_t objectives = row->objectives;
    OK(afina_point_new(&point, space));
    FAILS(afina_ask(o, &trial), AFINA_E_UNSUPPORTED, row->key);
    FAILS(afina_optimize(o, objective, &objectives, TRIALS), AFINA_E_UNSUPPORTED, row->key);
    FAILS(afina_add_trial(o, point, AFINA_STATE_COMPLETE, &value, 1, NULL), AFINA_E_UNSUPPORTED, row->key);
    FAILS(afina_start(o, point, &trial), AFINA_E_UNSUPPORTED, row->key);
    assert_int_equal(count_of(o), 0);
    afina_point_free(point);
    afina_space_free(space);
    afina_optimizer_free(o);
}

static void run_row(const char *method, const struct row *row, const struct way *way)
{
    afina_optimizer *o = small_optimizer(method);
    row->set(o);
    if (!row->check) {
        check_refused(o, row);
        return;
    }
    if (way->reopens)
        o = reopen(row, o);
    row->check(o, way, way->run(o, row->objectives));
    check_replay(o);
    afina_optimizer_free(o);
}

static void test_every_option_in_every_way_of_running(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "sobol", "tpe", "de"};
    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++)
        for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
            int32_t takes_two;
            OK(afina_method_trait(methods[m], "several_objectives", &takes_two));
            for (size_t w = 0; w < WAYS && (takes_two || rows[r].objectives == 1); w++)
                run_row(methods[m], &rows[r], &ways[w]);
        }
}

/* ------------------------------------------------------------ finite spaces */

enum { POINTS = 5 };

static int32_t finite_objective(afina_trial *trial, double *values, void *user)
{
    int64_t n;
    (void)user;
    OK(afina_point_get_integer(afina_trial_point(trial), "n", &n));
    values[0] = (double)n;
    return AFINA_OK;
}

static int32_t ask_finite(afina_optimizer *o, int trials)
{
    for (int i = 0; i < trials; i++) {
        afina_trial *trial;
        double value;
        int32_t rc = afina_ask(o, &trial);
        if (rc)
            return rc;
        finite_objective(trial, &value, NULL);
        OK(afina_tell(o, afina_trial_number(trial), &value, 1));
        afina_trial_free(trial);
    }
    return AFINA_OK;
}

/* Ask and tell, a loop on one thread and on four, and either after the log was read. */
static void test_repeats_decides_whether_a_finite_space_ends(void **state)
{
    (void)state;
    for (int repeats = 0; repeats < 2; repeats++)
        for (int way = 0; way < 5; way++) {
            afina_space *space;
            afina_optimizer *o, *again;
            OK(afina_space_new(&space));
            OK(afina_space_add_integer(space, "n", 1, POINTS, AFINA_SCALE_LINEAR));
            OK(afina_optimizer_new(&o, space, "random"));
            afina_space_free(space);
            OK(afina_optimizer_set_integer(o, "repeats", repeats));
            if (way >= 3) {
                OK(ask_finite(o, 2));
                char *text = log_of(o);
                OK(afina_optimizer_from_log(&again, text, strlen(text)));
                free(text);
                afina_optimizer_free(o);
                o = again;
            }
            OK(afina_optimizer_set_integer(o, "workers", way == 2 ? 4 : 1));
            int is_asked = way == 0 || way == 3;
            int32_t rc = is_asked ? ask_finite(o, TRIALS) : afina_optimize(o, finite_objective, NULL, TRIALS);
            assert_int_equal(rc, repeats ? AFINA_OK : AFINA_EXHAUSTED);
            assert_int_equal(count_of(o), repeats ? TRIALS + (way >= 3 ? 2 : 0) : POINTS);
            check_replay(o);
            afina_optimizer_free(o);
        }
}

/* ------------------------------------------------------------------ workers */

/* The first `wanted` trials wait for each other: they run at the same time, or never. */
struct meeting {
    pthread_mutex_t lock;
    pthread_cond_t all_here;
    int wanted, here, missed;
};

static int32_t meet(afina_trial *trial, double *values, void *user)
{
    struct meeting *m = user;
    struct timespec until;
    int late = 0;
    (void)trial;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    pthread_mutex_lock(&m->lock);
    m->here++;
    pthread_cond_broadcast(&m->all_here);
    while (m->here < m->wanted && !late)
        late = pthread_cond_timedwait(&m->all_here, &m->lock, &until) != 0;
    m->missed += late;
    pthread_mutex_unlock(&m->lock);
    values[0] = 1;
    return AFINA_OK;
}

static void test_as_many_trials_run_at_once_as_there_are_workers(void **state)
{
    (void)state;
    for (int lag = 0; lag <= 4; lag += 4)
        for (int workers = 1; workers <= 4; workers += 3) {
            struct meeting m = {.wanted = workers};
            afina_optimizer *o = small_optimizer("random");
            pthread_mutex_init(&m.lock, NULL);
            pthread_cond_init(&m.all_here, NULL);
            OK(afina_optimizer_set_integer(o, "lag", lag));
            OK(afina_optimizer_set_integer(o, "workers", workers));
            OK(afina_optimize(o, meet, &m, TRIALS));
            assert_int_equal(m.here, TRIALS);
            assert_int_equal(m.missed, 0);
            pthread_cond_destroy(&m.all_here);
            pthread_mutex_destroy(&m.lock);
            afina_optimizer_free(o);
        }
}

/* ---------------------------------------------------- callbacks and weights */

static int32_t allow_positive(const afina_point *point, void *user)
{
    double x;
    (void)user;
    OK(afina_point_get_real(point, "x", &x));
    return x >= 0;
}

static int32_t count_told(int32_t event, afina_trial *trial, int64_t report, void *user)
{
    (void)trial;
    (void)report;
    *(int *)user += event == AFINA_EVENT_TOLD;
    return AFINA_OK;
}

static int32_t count_messages(int32_t level, const char *text, void *user)
{
    (void)text;
    *(int *)user += level == AFINA_MESSAGE_INFO;
    return AFINA_OK;
}

/* Callbacks are set anew after reading: a log cannot carry them. */
static void set_callbacks(afina_optimizer *o, int *told, int *messages)
{
    OK(afina_optimizer_set_filter(o, allow_positive, NULL, NULL));
    OK(afina_optimizer_set_observer(o, count_told, told, NULL));
    OK(afina_optimizer_set_message(o, count_messages, messages, NULL));
}

static void check_points(afina_optimizer *o, int64_t expected)
{
    double x[2 * TRIALS];
    int32_t k[2 * TRIALS];
    size_t n;
    OK(afina_column_reals(o, "x", 0, x, 2 * TRIALS, &n));
    OK(afina_column_choices(o, "k", 0, k, 2 * TRIALS, &n));
    assert_int_equal(n, expected);
    for (size_t i = 0; i < n; i++) {
        assert_true(x[i] >= 0);
        assert_int_not_equal(k[i], 1); /* its weight is 0 */
    }
}

static void run_with_callbacks(const struct way *way, int64_t lag)
{
    static const double weights[] = {1, 0, 3};
    int told = 0, messages = 0;
    afina_space *space = small_space();
    afina_optimizer *o;
    OK(afina_space_set_weights(space, "k", weights, 3));
    OK(afina_optimizer_new(&o, space, "random"));
    afina_space_free(space);
    OK(afina_optimizer_set_integer(o, "lag", lag));
    set_callbacks(o, &told, &messages);
    if (way->reopens) {
        const struct row none = {"", NULL, 1, NULL};
        o = reopen(&none, o);
        assert_int_equal(told, TRIALS);
        told = messages = 0;
        set_callbacks(o, &told, &messages);
    }
    OK(way->run(o, 1));
    assert_int_equal(told, TRIALS);
    assert_int_equal(messages, TRIALS);
    check_points(o, way->reopens ? 2 * TRIALS : TRIALS);
    check_replay(o);
    afina_optimizer_free(o);
}

static void test_callbacks_and_weights_hold_in_every_way_of_running(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++)
        for (int64_t lag = 0; lag <= 4; lag += 4)
            run_with_callbacks(&ways[w], lag);
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
        cmocka_unit_test(test_repeats_decides_whether_a_finite_space_ends),
        cmocka_unit_test(test_as_many_trials_run_at_once_as_there_are_workers),
        cmocka_unit_test(test_callbacks_and_weights_hold_in_every_way_of_running),
        cmocka_unit_test(test_every_option_stands_in_the_table),
        cmocka_unit_test(test_a_result_from_elsewhere_obeys_the_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
