/* Laws of every method with every scheduler and every stopper, on simulated workers: a worker reports step by step,
 * obeys should_stop, and workers take turns in an order drawn at random.
 *
 * - With `lag` the study is the same, to the bit, for any number of workers up to it: points, budgets, replicates,
 *   parents and stops.
 * - Every decision and every stop is derived again by the replay.
 * - The total is kept, and no trial is asked while the scheduler says that it is done.
 *
 * With AFINA_TEST_QUICK each pair of a method and a scheduler, and of a scheduler and a stopper, stands in one triple;
 * else all triples are run. */
#include "support/search_study.h"

#include "core/rng.h"

enum { LAG = 8, MOST_WORKERS = 8, TOTAL = 60, FULL = 9, MOST_TRIALS = 4 * TOTAL };

/* What runs, and how far it is. */
struct job {
    afina_trial *trial;
    double step, budget;
};

struct triple {
    const char *method, *scheduler, *stopper;
};

/* "the options \"budget_min\"..." or "replicates" in what a study of the scheduler without either says. */
static int needs(const char *scheduler, const char *what)
{
    afina_space *space = cube_space(1);
    afina_optimizer *o;
    afina_trial *trial;
    OK(afina_optimizer_new(&o, space, "random"));
    OK(afina_optimizer_set_string(o, "scheduler", scheduler));
    int32_t rc = afina_ask(o, &trial);
    int needed = rc == AFINA_E_RANGE && strstr(afina_last_error(), what) != NULL;
    if (!rc)
        afina_trial_free(trial);
    afina_optimizer_free(o);
    afina_space_free(space);
    return needed;
}

static afina_space *space_of(const char *method)
{
    static const char *const choices[] = {"a", "b"};
    int32_t host_only;
    afina_space *space = cube_space(2);
    OK(afina_method_trait(method, "host_only", &host_only));
    OK(afina_space_add_categorical(space, "k", choices, 2));
    return space;
}

static void enqueue_some(afina_optimizer *o, const afina_space *space)
{
    for (int i = 0; i < 6; i++) {
        afina_point *point;
        OK(afina_point_new(&point, space));
        OK(afina_point_set_real(point, "x0", 0.1 * i));
        OK(afina_enqueue(o, point));
        afina_point_free(point);
    }
}

/* Defaults are for larger studies than these. */
static void set_small_options(afina_optimizer *o)
{
    static const struct {
        const char *key;
        double value;
    } options[] = {{"threshold.upper", 0.6},  {"patience.patience", 1},     {"patience.startup", 2},
                   {"patience.safe", 0},      {"median.startup", 2},        {"median.min_trials", 2},
                   {"percentile.startup", 2}, {"percentile.min_trials", 2}, {"halving.arms", 8},
                   {"rejects.arms", 8},       {"top-two.arms", 8},          {"lucb.arms", 8}};
    for (size_t i = 0; i < LENGTH(options); i++) {
        int32_t rc = afina_optimizer_set_real(o, options[i].key, options[i].value);
        if (rc == AFINA_E_TYPE)
            rc = afina_optimizer_set_integer(o, options[i].key, (int64_t)options[i].value);
        if (rc)
            fail_msg("%s: %s", options[i].key, afina_last_error());
    }
}

static afina_optimizer *open_study(const struct triple *t)
{
    afina_space *space = space_of(t->method);
    afina_optimizer *o;
    int32_t host_only;
    OK(afina_optimizer_new(&o, space, t->method));
    OK(afina_optimizer_set_string(o, "scheduler", t->scheduler));
    OK(afina_optimizer_set_string(o, "stopper", t->stopper));
    set_small_options(o);
    OK(afina_optimizer_set_integer(o, "lag", LAG));
    OK(afina_optimizer_set_integer(o, "times", 0));
    int replicated = needs(t->scheduler, "replicates");
    if (replicated)
        OK(afina_optimizer_set_integer(o, "replicates", 4));
    if (!replicated || needs(t->scheduler, "budget_min")) {
        OK(afina_optimizer_set_real(o, "budget_min", 1));
        OK(afina_optimizer_set_real(o, "budget_max", FULL));
        OK(afina_optimizer_set_real(o, "budget_total", TOTAL));
    } else {
        OK(afina_optimizer_set_real(o, "budget_total", TOTAL));
    }
    OK(afina_method_trait(t->method, "host_only", &host_only));
    if (host_only)
        enqueue_some(o, space);
    afina_space_free(space);
    return o;
}

/* Curves cross, and some turn up again. */
static double loss_of(afina_trial *trial, double step)
{
    const afina_point *point = afina_trial_point(trial);
    double x = real(point, "x0") - 0.3, y = real(point, "x1") - 0.7;
    int64_t replicate;
    OK(afina_trial_replicate(trial, &replicate));
    return x * x + y * y + (0.2 + real(point, "x0")) / step + 0.03 * real(point, "x1") * step +
           0.01 * (double)replicate;
}

static void begin_job(struct job *job, afina_trial *trial)
{
    double budget;
    OK(afina_trial_start(trial, &job->step));
    OK(afina_trial_budget(trial, &budget));
    job->trial = trial;
    job->budget = isfinite(budget) ? budget : 3;
}

/* What goes wrong with the trials of a study. */
enum trouble {
    NO_TROUBLE,
    SOME_LOST,
    SOME_FAIL,
    ALL_FAIL,
    ALL_EQUAL,
    SOME_INFINITE,
    SOME_NAN_REPORTS,
    SOME_GROW,
    TROUBLES
};
static const char *const trouble_names[TROUBLES] = {"all well",        "some are lost", "some fail",
                                                    "all fail",        "all are equal", "some are infinite",
                                                    "reports are NaN", "some grow"};
static enum trouble trouble;

/* A trial that declares a parameter, or a wider one, and one that leaves a parameter alone. */
static void grow(afina_trial *trial)
{
    static const char *const names[] = {"new", "wider"}, *const unused[] = {"k"};
    int64_t number = afina_trial_number(trial);
    if (number % 4 == 1) {
        afina_space *space;
        OK(afina_space_new(&space));
        OK(afina_space_add_real(space, names[number / 4 % 2], 0, 1 + (double)(number / 8), AFINA_SCALE_LINEAR));
        OK(afina_trial_extend(trial, space));
        afina_space_free(space);
    }
    if (number % 5 == 2)
        OK(afina_trial_tell_unused(trial, unused, 1));
}

/* Ends a trial as the trouble has it; 0: it goes on as usual. */
static int suffer(struct job *job)
{
    int64_t number = afina_trial_number(job->trial);
    int32_t unused = 0;
    size_t reports;
    OK(afina_trial_report_count(job->trial, &reports));
    OK(afina_trial_is_unused(job->trial, "k", &unused));
    if (trouble == SOME_GROW && reports == 0 && !unused)
        grow(job->trial);
    if (trouble == SOME_LOST && number % 4 == 1)
        OK(afina_trial_tell_lost(job->trial, NULL));
    else if ((trouble == SOME_FAIL && number % 3 == 1) || trouble == ALL_FAIL)
        OK(afina_trial_tell_failed(job->trial, NULL));
    else
        return 0;
    afina_trial_free(job->trial);
    return 1;
}

static double troubled(const struct job *job, double value)
{
    int64_t number = afina_trial_number(job->trial);
    if (trouble == ALL_EQUAL)
        return 1;
    return trouble == SOME_INFINITE && number % 3 == 1 ? INFINITY : value;
}

/* One step of a worker; 1 when its trial has ended. */
static int work(struct job *job)
{
    int32_t stop;
    if (suffer(job))
        return 1;
    double value = troubled(job, loss_of(job->trial, ++job->step)), none = NAN;
    int is_nan = trouble == SOME_NAN_REPORTS && fmod(job->step, 2) == 1;
    OK(afina_trial_tell_report(job->trial, job->step, is_nan ? &none : &value, 1));
    OK(afina_trial_should_stop(job->trial, &stop));
    if (!stop && job->step < job->budget)
        return 0;
    if (job->step < job->budget)
        OK(afina_trial_tell_stopped(job->trial));
    else
        OK(afina_trial_tell(job->trial, &value, 1));
    afina_trial_free(job->trial);
    return 1;
}

/* Runs the study to its end with `workers`; it ends of itself, or by MOST_TRIALS. */
static void run_study(afina_optimizer *o, int workers, uint64_t seed, const char *what)
{
    struct job jobs[MOST_WORKERS];
    struct rng rng;
    int running = 0, trials = 0, ended = 0;
    rng_start(&rng, seed, (uint64_t)workers, 0);
    while (running > 0 || !ended) {
        afina_trial *trial;
        int32_t rc = running < workers && !ended ? afina_ask(o, &trial) : AFINA_WAIT;
        if (rc == AFINA_OK) {
            begin_job(&jobs[running++], trial);
            ended = ++trials >= MOST_TRIALS;
            continue;
        }
        if (rc < 0)
            fail_msg("%s: trial %d: %s", what, trials, afina_last_error());
        if (rc == AFINA_WAIT && running == 0)
            fail_msg("%s: waits at trial %d, and nothing runs", what, trials);
        ended |= rc == AFINA_DONE || rc == AFINA_EXHAUSTED;
        if (running == 0)
            continue;
        int i = (int)rng_below(&rng, (uint64_t)running);
        if (work(&jobs[i]))
            jobs[i] = jobs[--running];
    }
}

/* How often it was seen to act. */
static int acts[64];

static int *acts_of(const char *name)
{
    size_t i = 0;
    while (i < afina_scheduler_count() && strcmp(afina_scheduler_name(i), name) != 0)
        i++;
    if (i < afina_scheduler_count())
        return &acts[i];
    for (i = 0; strcmp(afina_stopper_name(i), name) != 0;)
        i++;
    return &acts[32 + i];
}

static void count_acts(const struct triple *t, afina_optimizer *o)
{
    int32_t origins[MOST_TRIALS], states[MOST_TRIALS];
    size_t n;
    OK(afina_column_origins(o, 0, origins, MOST_TRIALS, &n));
    OK(afina_column_states(o, 0, states, MOST_TRIALS, &n));
    for (size_t i = 0; i < n; i++) {
        *acts_of(t->scheduler) += origins[i] == AFINA_ORIGIN_PROMOTED || origins[i] == AFINA_ORIGIN_REPEATED;
        *acts_of(t->stopper) += states[i] == AFINA_STATE_STOPPED;
    }
}

static void all_acted(void)
{
    for (size_t i = 0; i < afina_scheduler_count(); i++)
        if (acts[i] == 0 && strcmp(afina_scheduler_name(i), "none") != 0)
            fail_msg("%s neither promoted nor repeated", afina_scheduler_name(i));
    for (size_t i = 0; i < afina_stopper_count(); i++)
        if (acts[32 + i] == 0 && strcmp(afina_stopper_name(i), "never") != 0)
            fail_msg("%s stopped nothing", afina_stopper_name(i));
}

/* What was decided, with the order of events left out. */
static char *decisions_of(afina_optimizer *o)
{
    int64_t count;
    OK(afina_trial_count(o, &count));
    char *text = calloc((size_t)count + 1, 160), *at = text;
    for (int64_t i = 0; i < count; i++) {
        afina_trial *trial;
        double budget;
        int64_t parent, replicate;
        int32_t state;
        size_t reports;
        OK(afina_trial_get(o, i, &trial));
        OK(afina_trial_budget(trial, &budget));
        OK(afina_trial_parent(trial, &parent));
        OK(afina_trial_replicate(trial, &replicate));
        OK(afina_trial_state(trial, &state));
        OK(afina_trial_report_count(trial, &reports));
        const afina_point *point = afina_trial_point(trial);
        at += snprintf(at, 160, "%d: %a %a to %g from %d as %d: %d after %zu\n", (int)i, real(point, "x0"),
                       real(point, "x1"), budget, (int)parent, (int)replicate, (int)state, reports);
        afina_trial_free(trial);
    }
    return text;
}

/* The log that is read again is the same, and replays. */
static void check_log(afina_optimizer *o, const char *what)
{
    afina_optimizer *copy;
    int64_t number;
    char *log = log_of(o);
    if (afina_optimizer_from_log(&copy, log, strlen(log)))
        fail_msg("%s: reading: %s", what, afina_last_error());
    if (afina_optimizer_replay(copy, &number))
        fail_msg("%s: replay after reading: trial %d: %s", what, (int)number, afina_last_error());
    char *again = log_of(copy);
    assert_string_equal(log, again);
    free(log);
    free(again);
    afina_optimizer_free(copy);
}

static void check_triple(const struct triple *t, const int *workers, size_t n_workers)
{
    char what[128], *first = NULL;
    for (size_t w = 0; w < n_workers; w++) {
        int64_t number;
        double spent;
        snprintf(what, sizeof what, "%s, %s, %s, %d workers, %s", t->method, t->scheduler, t->stopper, workers[w],
                 trouble_names[trouble]);
        afina_optimizer *o = open_study(t);
        run_study(o, workers[w], 2385 + w, what);
        OK(afina_optimizer_cost(o, &spent, NULL));
        if (spent > TOTAL * (1 + 1e-9))
            fail_msg("%s: %g were spent of %d", what, spent, TOTAL);
        int32_t rc = afina_optimizer_replay(o, &number);
        if (rc)
            fail_msg("%s: replay: trial %d: %s", what, (int)number, afina_last_error());
        if (trouble == SOME_GROW)
            check_log(o, what);
        count_acts(t, o);
        char *text = decisions_of(o);
        if (first && strcmp(first, text) != 0)
            fail_msg("%s: another study than with %d:\n%s\n%s", what, workers[0], first, text);
        if (first)
            free(text);
        else
            first = text;
        afina_optimizer_free(o);
    }
    free(first);
}

static int is_quick(void)
{
    return getenv("AFINA_TEST_QUICK") != NULL;
}

static void test_the_study_is_the_same_for_any_number_of_workers(void **state)
{
    (void)state;
    static const int workers[] = {1, 2, 3, 8};
    size_t methods = afina_method_count(), schedulers = afina_scheduler_count(), stoppers = afina_stopper_count();
    for (size_t m = 0; m < methods; m++)
        for (size_t s = 0; s < schedulers; s++)
            for (size_t p = 0; p < stoppers; p++) {
                const struct triple t = {afina_method_name(m), afina_scheduler_name(s), afina_stopper_name(p)};
                int is_chosen = p == (m + s) % stoppers || m == (s + p) % methods;
                if (is_chosen || !is_quick())
                    check_triple(&t, workers, is_quick() ? 2 + (m + s) % 2 : 4);
            }
    if (!is_quick())
        all_acted();
}

/* A rung ends although trials of it are lost or fail, and no scheduler goes on for ever or waits for nothing. */
static void test_no_scheduler_waits_for_trials_that_went_wrong(void **state)
{
    (void)state;
    static const char *const methods[] = {"random", "tpe"}, *const stoppers[] = {"never", "median"};
    static const int workers[] = {1, 5};
    for (trouble = SOME_LOST; trouble < TROUBLES; trouble++)
        for (size_t s = 0; s < afina_scheduler_count(); s++)
            for (size_t m = 0; m < LENGTH(methods); m++) {
                const char *stopper = trouble == SOME_GROW && (s + m) % 2 == 0 ? "curve" : stoppers[(s + m) % 2];
                const struct triple t = {methods[m], afina_scheduler_name(s), stopper};
                check_triple(&t, workers, LENGTH(workers));
            }
    trouble = NO_TROUBLE;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_scheduler_waits_for_trials_that_went_wrong),
        cmocka_unit_test(test_the_study_is_the_same_for_any_number_of_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
