/* Several processes on one study in one file: numbers are dense, no trial comes twice, none is lost, and a total is
 * one for all. What a worker was answered it writes to a pipe; what it wrote must be in the file, however it ends.
 *
 * Killing processes shows that nothing is torn and nothing written twice. That a result is on the disk it does not
 * show: the system writes what a killed process gave it. test_store_disk.c looks at that.
 *
 * AFINA_TEST_LONG=1 kills 500 times; AFINA_TEST_SEED is the seed of the moments. */
#define _GNU_SOURCE /* mkdtemp, fork, kill */
#include "core/rng.h"
#include "support/store_folder.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>

enum { WORKERS = 6, MOST = 20000, EACH = 150 };

/* What a worker says when a call was answered. */
struct word {
    int64_t number;
    double value; /* NaN: asked */
};

static double value_at(int64_t number)
{
    return 1.0 / (double)(number + 3);
}

static int say(int pipe_end, int64_t number, double value)
{
    struct word word = {.number = number, .value = value};
    return write(pipe_end, &word, sizeof word) != (ssize_t)sizeof word; /* whole: it is below PIPE_BUF */
}

/* Asks and tells until the total is reached; 0, or what went wrong. */
static int work(const struct folder *f, const char *method, int64_t total, int synced, int pipe_end)
{
    afina_space *space = small_space();
    afina_optimizer *o;
    afina_trial *trial;
    int32_t rc = afina_optimizer_open(f->url, "shared", space, method, AFINA_OPEN_CREATE, &o);
    if (!rc)
        rc = afina_optimizer_set_integer(o, "seed", 5);
    if (!rc)
        rc = afina_optimizer_set_integer(o, "synced", synced);
    if (!rc)
        rc = afina_optimizer_set_integer(o, "trials_total", total);
    while (!rc && (rc = afina_ask(o, &trial)) == 0) {
        int64_t number = afina_trial_number(trial);
        double value = value_at(number);
        int bad = say(pipe_end, number, -1);
        rc = afina_trial_tell(trial, &value, 1);
        if (!rc && (bad || say(pipe_end, number, value)))
            return 3;
        afina_trial_free(trial);
    }
    if (rc != AFINA_DONE)
        fprintf(stderr, "%s: %s\n", afina_status_name(rc), afina_last_error());
    afina_optimizer_free(o);
    afina_space_free(space);
    return rc != AFINA_DONE;
}

static pid_t start(const struct folder *f, const char *method, int64_t total, int synced, int pipe_end)
{
    pid_t child = fork();
    if (child == 0)
        _exit(work(f, method, total, synced, pipe_end));
    assert_true(child > 0);
    return child;
}

static void nap(double seconds)
{
    struct timespec span = {.tv_sec = 0, .tv_nsec = (long)(1e9 * seconds)};
    nanosleep(&span, NULL);
}

/* What the workers said, as it comes. */
struct heard {
    int asked[MOST], told[MOST];
    int64_t words;
};

static void hear(int pipe_end, struct heard *heard)
{
    struct word word;
    while (read(pipe_end, &word, sizeof word) == (ssize_t)sizeof word) {
        assert_true(word.number >= 0 && word.number < MOST);
        *(word.value < 0 ? &heard->asked[word.number] : &heard->told[word.number]) += 1;
        heard->words++;
    }
}

/* All that was heard is in the file, and nothing else than what the workers do. */
static void check_file(const struct folder *f, const struct heard *heard, int64_t total, int all_are_told)
{
    afina_optimizer *o = folder_open_as(f, "shared", AFINA_OPEN_READ_ONLY);
    int64_t count, differs;
    OK(afina_trial_count(o, &count));
    assert_int_equal(count, total);
    for (int64_t i = 0; i < count; i++) {
        int is_told = state_of(o, i) == AFINA_STATE_COMPLETE;
        assert_true(heard->asked[i] <= 1 && heard->told[i] <= 1);
        assert_true(is_told || (!all_are_told && !heard->told[i]));
        if (is_told)
            assert_true(value_of(o, i) == value_at(i));
    }
    for (int64_t i = count; i < MOST; i++)
        assert_true(heard->asked[i] == 0 && heard->told[i] == 0);
    OK(afina_optimizer_replay(o, &differs));
    afina_optimizer_free(o);
}

static void run_together(const char *method, int64_t total, int synced)
{
    struct folder f = folder_new();
    struct heard *heard = calloc(1, sizeof *heard);
    pid_t child[WORKERS];
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < WORKERS; i++)
        child[i] = start(&f, method, total, synced, ends[1]);
    close(ends[1]);
    hear(ends[0], heard);
    close(ends[0]);
    for (int i = 0; i < WORKERS; i++) {
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_int_equal(heard->words, 2 * total);
    check_file(&f, heard, total, 1);
    free(heard);
    folder_free(&f);
}

static void test_workers_share_a_total(void **state)
{
    (void)state;
    run_together("random", 200, 1);
    run_together("random", 600, 0);
    run_together("tpe", 200, 0);
}

/* Half of them are killed in the middle of something, over and over; then the others end the study. */
static void test_workers_are_killed(void **state)
{
    (void)state;
    struct folder f = folder_new();
    struct heard *heard = calloc(1, sizeof *heard);
    const char *text = getenv("AFINA_TEST_SEED"), *is_long = getenv("AFINA_TEST_LONG");
    uint64_t seed = text ? strtoull(text, NULL, 10) : (uint64_t)time(NULL);
    int kills = is_long ? 500 : 40, ends[2], status;
    struct rng rng;
    pid_t child[WORKERS];
    print_message("AFINA_TEST_SEED=%llu\n", (unsigned long long)seed);
    rng_start(&rng, seed, 0, 1);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0); /* who writes waits until there is room */
    for (int i = 0; i < WORKERS; i++)
        child[i] = start(&f, "random", MOST, 0, ends[1]);
    for (int k = 0; k < kills; k++) {
        nap(0.005 + 0.045 * rng_uniform(&rng));
        int i = (int)rng_below(&rng, WORKERS);
        kill(child[i], SIGKILL);
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFSIGNALED(status)); /* it had not ended by itself: that would be an error */
        hear(ends[0], heard);
        child[i] = start(&f, "random", MOST, 0, ends[1]);
    }
    for (int i = 0; i < WORKERS; i++) {
        kill(child[i], SIGKILL);
        waitpid(child[i], &status, 0);
        assert_true(WIFSIGNALED(status));
    }
    hear(ends[0], heard);
    close(ends[0]);
    close(ends[1]);
    afina_optimizer *o = folder_open_as(&f, "shared", AFINA_OPEN_READ_ONLY);
    int64_t count;
    OK(afina_trial_count(o, &count));
    afina_optimizer_free(o);
    assert_true(count > kills / 2);
    check_file(&f, heard, count, 0);
    free(heard);
    folder_free(&f);
}

static atomic_int ends_soon;

static void *open_and_close(void *file)
{
    while (!atomic_load(&ends_soon))
        close(open(file, O_RDONLY));
    return NULL;
}

/* Opening and closing the file with anything else drops the locks that SQLite has on it in this process: without the
 * lock beside the file, two would write at once. */
static void write_and_open(struct folder *f, int pipe_end)
{
    afina_optimizer *o = folder_open(f, "shared", "random");
    pthread_t other;
    OK(afina_optimizer_set_integer(o, "synced", 0));
    pthread_create(&other, NULL, open_and_close, f->file);
    for (int i = 0; i < EACH; i++)
        say(pipe_end, small_step(o), -1);
    atomic_store(&ends_soon, 1);
    pthread_join(other, NULL);
    afina_optimizer_free(o);
    _exit(0);
}

static void test_other_code_opens_the_file(void **state)
{
    (void)state;
    struct folder f = folder_new();
    struct heard *heard = calloc(1, sizeof *heard);
    pid_t child[3];
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < 3; i++)
        if ((child[i] = fork()) == 0)
            write_and_open(&f, ends[1]);
    close(ends[1]);
    hear(ends[0], heard);
    for (int i = 0; i < 3; i++) {
        waitpid(child[i], &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    close(ends[0]);
    for (int i = 0; i < 3 * EACH; i++)
        assert_int_equal(heard->asked[i], 1);
    afina_optimizer *o = folder_open_as(&f, "shared", AFINA_OPEN_READ_ONLY);
    int64_t count;
    OK(afina_trial_count(o, &count));
    assert_int_equal(count, 3 * EACH);
    afina_optimizer_free(o);
    free(heard);
    folder_free(&f);
}

/* What an opening reader found beside the file of a process that wrote without SQLite's locks was to it the journal of
 * a dead process, and it undid what was being written. So it waits for the lock beside the file. */
static void opens_after_the_writer(int32_t mode)
{
    struct folder f = folder_new();
    char lock_path[128];
    afina_optimizer_free(folder_open(&f, "other", "random"));
    afina_optimizer *o = folder_open(&f, "shared", "random");
    small_step(o);
    snprintf(lock_path, sizeof lock_path, "%s-lock", f.file);
    int writer = open(lock_path, O_RDONLY), status;
    assert_int_equal(flock(writer, LOCK_EX), 0);
    pid_t child = fork();
    if (child == 0) {
        close(writer);
        afina_optimizer_free(folder_open_as(&f, "shared", mode));
        _exit(0);
    }
    nap(0.3);
    assert_int_equal(waitpid(child, &status, WNOHANG), 0);
    flock(writer, LOCK_UN);
    close(writer);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    afina_optimizer_free(o);
    folder_free(&f);
}

static void test_who_opens_waits_for_the_writer(void **state)
{
    (void)state;
    opens_after_the_writer(AFINA_OPEN_EXISTING);
    opens_after_the_writer(AFINA_OPEN_READ_ONLY);
}

static void test_all_open_a_new_study_at_once(void **state)
{
    (void)state;
    enum { MANY = 32 };
    for (int round = 0; round < 3; round++) {
        struct folder f = folder_new();
        pid_t child[MANY];
        int ends[2], status;
        assert_int_equal(pipe(ends), 0);
        for (int i = 0; i < MANY; i++)
            child[i] = start(&f, "random", MANY, 0, ends[1]);
        for (int i = 0; i < MANY; i++) {
            assert_int_equal(waitpid(child[i], &status, 0), child[i]);
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        }
        close(ends[0]);
        close(ends[1]);
        folder_free(&f);
    }
}

/* An objective that reports, and stops when it is told to. */
static int32_t in_steps(afina_trial *trial, double *values, void *user)
{
    double budget, loss = 0;
    int32_t stop = 0;
    (void)user;
    if (afina_trial_budget(trial, &budget) || !(budget < 100))
        budget = 9;
    for (double step = 1; step <= budget && !stop; step++) {
        loss = small_value(afina_trial_point(trial)) + 1 / step;
        if (afina_trial_tell_report(trial, step, &loss, 1) || afina_trial_should_stop(trial, &stop))
            return AFINA_E_CALLBACK;
    }
    values[0] = loss;
    return AFINA_OK;
}

/* A way of searching: what the options say beside the method. */
struct way {
    const char *method, *scheduler, *stopper;
    int64_t lag;
};

/* Three threads of this process among those of others. Where a trial of another process is waited for, it looks again.
 */
static int run_on_threads(const struct folder *f, const struct way *way, int64_t total)
{
    afina_optimizer *o = folder_open(f, "shared", way->method);
    OK(afina_optimizer_set_integer(o, "seed", 5));
    OK(afina_optimizer_set_integer(o, "lag", way->lag));
    OK(afina_optimizer_set_string(o, "stopper", way->stopper));
    if (way->scheduler) {
        OK(afina_optimizer_set_real(o, "budget_min", 1));
        OK(afina_optimizer_set_real(o, "budget_max", 9));
        OK(afina_optimizer_set_string(o, "scheduler", way->scheduler));
    }
    OK(afina_optimizer_set_integer(o, "synced", 0));
    OK(afina_optimizer_set_integer(o, "workers", 3));
    OK(afina_optimizer_set_integer(o, "trials_total", total));
    int32_t rc;
    while ((rc = afina_optimize(o, in_steps, NULL, MOST)) == AFINA_WAIT)
        OK(afina_optimizer_refresh(o, 0.1, NULL));
    if (rc != AFINA_DONE)
        fprintf(stderr, "%s: %s: %s\n", way->method, afina_status_name(rc), afina_last_error());
    afina_optimizer_free(o);
    return rc != AFINA_DONE;
}

static void run_way(const struct way *way, int64_t total)
{
    struct folder f = folder_new();
    pid_t child[3];
    int status;
    for (int i = 0; i < 3; i++)
        if ((child[i] = fork()) == 0)
            _exit(run_on_threads(&f, way, total));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    afina_optimizer *o = folder_open_as(&f, "shared", AFINA_OPEN_READ_ONLY);
    int64_t count, differs;
    OK(afina_trial_count(o, &count));
    assert_int_equal(count, total);
    for (int64_t i = 0; i < count; i++)
        assert_int_not_equal(state_of(o, i), AFINA_STATE_RUNNING);
    if (afina_optimizer_replay(o, &differs))
        fail_msg("%s, %s, %s: %s", way->method, way->scheduler ? way->scheduler : "none", way->stopper,
                 afina_last_error());
    afina_optimizer_free(o);
    folder_free(&f);
}

/* What a method, a scheduler or a stopper decides is the same function of the log, whichever process asks. */
static void test_threads_of_processes_replay(void **state)
{
    (void)state;
    static const struct way ways[] = {
        {"random", NULL, "median", 0}, {"tpe", "asha", "never", 0},    {"gp", "adaptive", "never", 0},
        {"cmaes", NULL, "never", 0},   {"tpe", "halving", "never", 4}, {"random", NULL, "median", 4},
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        run_way(&ways[i], 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workers_share_a_total),        cmocka_unit_test(test_workers_are_killed),
        cmocka_unit_test(test_other_code_opens_the_file),    cmocka_unit_test(test_who_opens_waits_for_the_writer),
        cmocka_unit_test(test_all_open_a_new_study_at_once), cmocka_unit_test(test_threads_of_processes_replay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
