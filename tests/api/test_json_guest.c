/* Reading JSON inside of a host with small stacks, and with another thread that changes
 * the locale: what once ended the process. */
#define _GNU_SOURCE /* mkdtemp, setenv */
#include "support/small_study.h"

#include "support/comma_locale.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

/* --------------------------------------------------------------- small stacks */

static const afina_space *space_of_points;

struct reading {
    const char *text;
    size_t length;
    int32_t space, point, log; /* statuses */
};

static void *read_all(void *user)
{
    struct reading *r = user;
    afina_space *space;
    afina_point *point;
    afina_optimizer *optimizer;
    r->space = afina_space_from_json(&space, r->text, r->length);
    r->point = afina_point_from_json(&point, space_of_points, r->text, r->length);
    r->log = afina_optimizer_from_log(&optimizer, r->text, r->length);
    return NULL;
}

static void read_on_a_small_stack(struct reading *r)
{
    pthread_attr_t attributes;
    pthread_t thread;
    OK(pthread_attr_init(&attributes));
    OK(pthread_attr_setstacksize(&attributes, 128 * 1024));
    OK(pthread_create(&thread, &attributes, read_all, r));
    OK(pthread_join(thread, NULL));
    pthread_attr_destroy(&attributes);
}

/* A text nested 800 deep overflowed a stack of 128 KiB. */
static void test_nesting_costs_no_stack(void **state)
{
    (void)state;
    static const char *const opening[] = {"[", "{\"x\":", "{\"format\":", "{\"event\":"};
    enum { DEPTH = 20000 };
    afina_space *space = small_space();
    space_of_points = space;
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++) {
        size_t n = strlen(opening[i]);
        char *text = malloc(DEPTH * n);
        for (size_t k = 0; k < DEPTH; k++)
            memcpy(text + k * n, opening[i], n);
        struct reading r = {.text = text, .length = DEPTH * n};
        read_on_a_small_stack(&r);
        assert_true(r.space < 0 && r.point < 0 && r.log < 0);
        free(text);
    }
    afina_space_free(space);
}

/* A log to be read on another thread, and how deep that went below the thread's first function. */
struct measured {
    const char *text;
    unsigned char *stack;
    size_t room, used;
};

enum { PAINT = 0xA5, STACK = 1 << 18 };

static void read_log(const char *text)
{
    afina_optimizer *optimizer;
    OK(afina_optimizer_from_log(&optimizer, text, strlen(text)));
    afina_optimizer_free(optimizer);
}

static void *read_and_measure(void *user)
{
    struct measured *m = user;
    unsigned char here = 0;
    read_log(m->text);
    unsigned char *deepest = m->stack;
    while (*deepest == PAINT)
        deepest++;
    m->used = (size_t)(&here - deepest);
    return NULL;
}

static size_t stack_of_reading(const char *text)
{
    struct measured m = {.text = text, .room = STACK, .stack = aligned_alloc(4096, STACK)};
    pthread_attr_t attributes;
    pthread_t thread;
    assert_non_null(m.stack);
    memset(m.stack, PAINT, STACK);
    OK(pthread_attr_init(&attributes));
    OK(pthread_attr_setstack(&attributes, m.stack, m.room));
    OK(pthread_create(&thread, &attributes, read_and_measure, &m));
    OK(pthread_join(thread, NULL));
    pthread_attr_destroy(&attributes);
    free(m.stack);
    return m.used;
}

/* A thread's stack is measured from its first function on: the C library puts the thread-local memory of
 * all libraries above it, of which OpenBLAS has 60 KiB. Valgrind and the sanitizers allow no look at a stack that was
 * left. */
static void test_a_log_is_read_in_little_stack(void **state)
{
    (void)state;
    if (getenv("AFINA_TEST_QUICK"))
        skip();
    afina_optimizer *o = small_optimizer("tpe");
    for (int i = 0; i < 30; i++)
        small_step(o);
    OK(afina_tell_attribute(o, 0, "key", "text"));
    char *text = log_of(o);
    size_t used = stack_of_reading(text);
    printf("%zu bytes of stack\n", used);
    assert_in_range(used, 1, 16384);
    free(text);
    afina_optimizer_free(o);
}

/* --------------------------------------------------------------------- locale */

static _Atomic int stop;

static void *flip_the_locale(void *user)
{
    (void)user;
    while (!atomic_load(&stop)) {
        setlocale(LC_NUMERIC, "afina_comma");
        setlocale(LC_NUMERIC, "C");
    }
    return NULL;
}

/* The text of a study of one trial, and of what is read from it. */
static void assert_round_trip(void)
{
    char text[4000], again[4000];
    size_t n;
    afina_optimizer *o = small_optimizer("random"), *back;
    small_step(o);
    OK(afina_optimizer_to_log(o, text, sizeof text, &n));
    OK(afina_optimizer_from_log(&back, text, n));
    OK(afina_optimizer_to_log(back, again, sizeof again, &n));
    assert_string_equal(text, again);
    afina_optimizer_free(o);
    afina_optimizer_free(back);
}

static void test_another_thread_may_change_the_locale(void **state)
{
    (void)state;
    pthread_t thread;
    char folder[] = "/tmp/afina_locale_XXXXXX";
    assert_non_null(mkdtemp(folder));
    int made = set_comma_locale(folder);
    setlocale(LC_NUMERIC, "C");
    if (made) {
        OK(pthread_create(&thread, NULL, flip_the_locale, NULL));
        for (int i = 0; i < (getenv("AFINA_TEST_QUICK") ? 200 : 2000); i++)
            assert_round_trip();
        atomic_store(&stop, 1);
        OK(pthread_join(thread, NULL));
    }
    remove_folder(folder);
    assert_true(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nesting_costs_no_stack),
        cmocka_unit_test(test_a_log_is_read_in_little_stack),
        cmocka_unit_test(test_another_thread_may_change_the_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
