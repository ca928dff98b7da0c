/* A small space and its study through the public API, shared by tests. */
#ifndef AFINA_TESTS_SMALL_STUDY_H
#define AFINA_TESTS_SMALL_STUDY_H

#include "afina.h"
#include "support/timeless.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, AFINA_OK)

/* The call fails with this code, and its message holds this text. */
#define FAILS(call, code, text)                                                                                        \
    do {                                                                                                               \
        assert_int_equal(call, code);                                                                                  \
        if (!strstr(afina_last_error(), text))                                                                         \
            fail_msg("message \"%s\" lacks \"%s\"", afina_last_error(), text);                                         \
    } while (0)

/* x real in [-5, 10], k one of a, b, c, y real in [1e-4, 1] on a log scale while k is b or c. */
static inline afina_space *small_space(void)
{
    static const char *const choices[] = {"a", "b", "c"};
    afina_space *space;
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "x", -5, 10, AFINA_SCALE_LINEAR));
    OK(afina_space_add_categorical(space, "k", choices, 3));
    OK(afina_space_add_real(space, "y", 1e-4, 1, AFINA_SCALE_LOG));
    OK(afina_space_add_condition_in(space, "y", "k", choices + 1, 2));
    return space;
}

static inline afina_optimizer *small_optimizer(const char *method)
{
    afina_space *space = small_space();
    afina_optimizer *optimizer;
    OK(afina_optimizer_new(&optimizer, space, method));
    afina_space_free(space);
    return optimizer;
}

static inline double small_value(const afina_point *point)
{
    double x, y = 0.5;
    int32_t active;
    OK(afina_point_get_real(point, "x", &x));
    OK(afina_point_is_active(point, "y", &active));
    if (active)
        OK(afina_point_get_real(point, "y", &y));
    return (x - 2.385) * (x - 2.385) + y;
}

/* Asks and tells one trial, with a standard error unless that is negative; its number. */
static inline int64_t small_step_with(afina_optimizer *optimizer, double error)
{
    afina_trial *trial;
    OK(afina_ask(optimizer, &trial));
    double value = small_value(afina_trial_point(trial));
    int64_t number = afina_trial_number(trial);
    if (error >= 0)
        OK(afina_tell_errors(optimizer, number, &error, 1));
    OK(afina_tell(optimizer, number, &value, 1));
    afina_trial_free(trial);
    return number;
}

static inline int64_t small_step(afina_optimizer *optimizer)
{
    return small_step_with(optimizer, -1);
}

/* The log as text without its times; the caller frees it. */
static inline char *log_of(const afina_optimizer *optimizer)
{
    size_t n;
    OK(afina_optimizer_to_log(optimizer, NULL, 0, &n));
    char *text = malloc(n + 1);
    assert_non_null(text);
    OK(afina_optimizer_to_log(optimizer, text, n + 1, &n));
    strip_times(text);
    return text;
}

static inline int32_t state_of(afina_optimizer *optimizer, int64_t number)
{
    afina_trial *trial;
    int32_t state;
    OK(afina_trial_get(optimizer, number, &trial));
    OK(afina_trial_state(trial, &state));
    afina_trial_free(trial);
    return state;
}

static inline double value_of(afina_optimizer *optimizer, int64_t number)
{
    afina_trial *trial;
    double value;
    size_t n;
    OK(afina_trial_get(optimizer, number, &trial));
    OK(afina_trial_values(trial, &value, 1, &n));
    assert_int_equal(n, 1);
    afina_trial_free(trial);
    return value;
}

#endif
