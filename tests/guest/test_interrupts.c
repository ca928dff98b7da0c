/* A host whose signals interrupt system calls, and one that may not write long files. */
#define _GNU_SOURCE /* mkdtemp, setitimer */
#include "mlp/file_write.h"
#include "support/guest_scenario.h"
#include "support/small_study.h"

#include "afina_mlp.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static _Atomic int interrupts;

static void count(int signal)
{
    (void)signal;
    interrupts++;
}

/* Every millisecond, and system calls are not taken up again by themselves. */
static void interrupt_all_the_time(int on)
{
    const struct sigaction action = {.sa_handler = count}, usual = {.sa_handler = SIG_DFL};
    const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    if (on)
        sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, on ? &often : &never, NULL);
    if (!on)
        sigaction(SIGALRM, &usual, NULL);
}

static void test_the_scenario_is_the_same_under_interrupts(void **state)
{
    (void)state;
    char *expected = guest_scenario(SCENARIO_SHORT);
    interrupt_all_the_time(1);
    char *text = guest_scenario(SCENARIO_SHORT);
    interrupt_all_the_time(0);
    assert_string_equal(text, expected);
    assert_true(interrupts > 10);
    free(text);
    free(expected);
}

/* Writes a table into a pipe, piece by piece. The signals are for the thread that reads. */
static void *write_slowly(void *path)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    usleep(20000); /* the reader waits in its open */
    int file = open(path, O_WRONLY);
    if (file < 0)
        return NULL;
    ssize_t written = 0;
    for (int i = 0; i < 20 && written >= 0; i++) {
        usleep(10000);
        written = write(file, i % 2 ? "0.5,1\n" : "1.5,0\n", 6);
    }
    close(file);
    return NULL;
}

/* Reading ended once with "system error 4". */
static void test_a_table_is_read_from_a_pipe_under_interrupts(void **state)
{
    (void)state;
    char folder[] = "/tmp/afina_guest_XXXXXX", path[64];
    pthread_t thread;
    afina_dataset *d = NULL;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(pthread_create(&thread, NULL, write_slowly, path), 0);
    interrupt_all_the_time(1);
    int32_t rc = afina_dataset_from_csv(&d, path, 0, NULL, AFINA_TASK_CLASSIFICATION, NULL, 0);
    interrupt_all_the_time(0);
    int reader = open(path, O_RDONLY | O_NONBLOCK); /* or the writer would wait for one after a failure */
    signal(SIGPIPE, SIG_IGN);
    pthread_join(thread, NULL);
    signal(SIGPIPE, SIG_DFL);
    close(reader);
    unlink(path);
    rmdir(folder);
    if (rc != AFINA_OK)
        fail_msg("%s", afina_last_error());
    assert_int_equal(afina_dataset_rows(d), 20);
    afina_dataset_free(d);
}

static void wait_interrupted(afina_optimizer *o, double seconds)
{
    afina_trial *running, *none;
    struct timeval before, after;
    OK(afina_ask(o, &running));
    interrupt_all_the_time(1);
    gettimeofday(&before, NULL);
    int32_t rc = afina_ask_wait(o, seconds, &none);
    gettimeofday(&after, NULL);
    interrupt_all_the_time(0);
    assert_int_equal(rc, AFINA_WAIT);
    double took = (double)(after.tv_sec - before.tv_sec) + 1e-6 * (double)(after.tv_usec - before.tv_usec);
    assert_true(took >= 0.9 * seconds);
    afina_trial_free(running);
}

static void test_a_wait_is_not_cut_short_by_interrupts(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    OK(afina_optimizer_set_integer(o, "lag", 1));
    wait_interrupted(o, 0.1);
    afina_optimizer_free(o);
}

/* The host ignores SIGXFSZ, as Python does; else the signal would end it. */
static void test_a_file_that_may_not_be_that_long_is_an_error(void **state)
{
    (void)state;
    static unsigned char bytes[100000];
    char folder[] = "/tmp/afina_guest_XXXXXX", path[64], part[80];
    struct rlimit usual, small;
    struct stat status;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/state", folder);
    snprintf(part, sizeof part, "%s.part", path);
    OK(file_write_whole(path, bytes, 1000));
    getrlimit(RLIMIT_FSIZE, &usual);
    small = usual;
    small.rlim_cur = 50000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    int32_t rc = file_write_whole(path, bytes, sizeof bytes);
    setrlimit(RLIMIT_FSIZE, &usual);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(rc, AFINA_E_FILE);
    assert_non_null(strstr(afina_last_error(), "it would be longer than this process may write"));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, 1000); /* the file from before */
    assert_int_not_equal(stat(part, &status), 0);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_scenario_is_the_same_under_interrupts),
        cmocka_unit_test(test_a_table_is_read_from_a_pipe_under_interrupts),
        cmocka_unit_test(test_a_wait_is_not_cut_short_by_interrupts),
        cmocka_unit_test(test_a_file_that_may_not_be_that_long_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
