/* Functions of the host that do not return to the library: the thread ends, or a longjmp. (tests/guest/exceptions.cpp
 * has exceptions.) A hang ends the program by SIGALRM. */
#define _GNU_SOURCE /* fork */
#include "guest/ways.h"
#include "support/small_study.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 300 };

static void end_thread(void *user)
{
    (void)user;
    pthread_exit(NULL);
}

static void cancel_thread(void *user)
{
    (void)user;
    pthread_cancel(pthread_self());
    pthread_testcancel();
}

struct journey {
    const struct way *way;
    struct trip trip;
};

static void *go(void *user)
{
    struct journey *j = user;
    j->way->go(&j->trip);
    return NULL;
}

/* Out of the first call and out of a later one. */
static void leave_every_way(void (*leave)(void *))
{
    alarm(PATIENCE);
    for (size_t i = 0; i < WAYS; i++)
        for (int at = 1; at <= 3; at += 2) {
            struct journey j = {.way = &ways[i], .trip = {.name = ways[i].name, .leave = leave, .at = at}};
            pthread_t thread;
            assert_int_equal(pthread_create(&thread, NULL, go, &j), 0);
            pthread_join(thread, NULL);
            trip_go_on(&j.trip);
            trip_free(&j.trip);
        }
    alarm(0);
}

static void test_a_thread_may_end_in_every_function_of_the_host(void **state)
{
    (void)state;
    leave_every_way(end_thread);
}

static void test_a_thread_may_be_cancelled_in_every_function_of_the_host(void **state)
{
    (void)state;
    leave_every_way(cancel_thread);
}

/* ------------------------------------------------------------------- longjmp */

static void jump(void *user)
{
    longjmp(*(jmp_buf *)user, 1);
}

static void jump_out(const struct way *way, struct trip *trip)
{
    jmp_buf here;
    trip->user = &here;
    if (setjmp(here) == 0)
        way->go(trip);
}

/* Its objects are never freed. */
static struct trip lost;

/* Where only memory is lost, all goes on. */
static void jump_and_go_on(const struct way *way)
{
    struct trip *trip = &lost;
    *trip = (struct trip){.name = way->name, .leave = jump, .at = 2};
    jump_out(way, trip);
    trip_go_on(trip);
}

/* Elsewhere it is forbidden: what was held is held for ever. The thread that jumped is told so where it asks, what was
 * told can be read and written, and no observer is called any more. */
static void jump_and_save(const struct way *way)
{
    struct trip *trip = &lost;
    afina_trial *trial;
    char *text;
    *trip = (struct trip){.name = way->name, .leave = jump, .at = 2};
    jump_out(way, trip);
    int32_t rc = afina_ask(trip->optimizer, &trial);
    WANT(rc == AFINA_OK || (rc == AFINA_E_BUSY && strstr(afina_last_error(), "filter")));
    text = log_of(trip->optimizer);
    WANT(strstr(text, "\"event\":\"study\""));
    WANT(trip->calls == trip->at);
}

/* Each in a child of its own, which ends before anyone counts what memory the jump has lost. */
static void in_a_child(void (*test)(const struct way *), const struct way *way)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        alarm(PATIENCE);
        test(way);
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_msg("%s: the child ended with status %x", way->name, (unsigned)status);
}

static void test_a_longjmp_out_of_what_holds_nothing_loses_memory_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++)
        if (!ways[i].holds)
            in_a_child(jump_and_go_on, &ways[i]);
}

static void test_after_a_longjmp_that_is_forbidden_the_study_can_be_saved(void **state)
{
    (void)state;
    /* Where a thread of the library waits on the stack that was left, the C library may end the process as well. */
    for (size_t i = 0; i < WAYS; i++)
        if (ways[i].holds && !strstr(ways[i].name, "watches its time"))
            in_a_child(jump_and_save, &ways[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thread_may_end_in_every_function_of_the_host),
        cmocka_unit_test(test_a_thread_may_be_cancelled_in_every_function_of_the_host),
        cmocka_unit_test(test_a_longjmp_out_of_what_holds_nothing_loses_memory_alone),
        cmocka_unit_test(test_after_a_longjmp_that_is_forbidden_the_study_can_be_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
