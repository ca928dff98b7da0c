/* Locales and floating-point modes of the host. In another locale everything is the same to the byte; in another mode
 * of the floating-point unit suggestions are other ones, but valid, and what is written is read to the same bits. */
#define _GNU_SOURCE /* newlocale, mkdtemp */
#include "support/guest_scenario.h"
#include "support/small_study.h"

#include <fenv.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <xmmintrin.h>

/* The C library keeps a list of the modules by which it converts text, in locales of other character sets. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:argz_add_sep";
}

/* -------------------------------------------------------------------- locales */

static char locales[] = "/tmp/afina_locales_XXXXXX";

/* Commas and points the other way round; an i without a dot; digits of another script. */
static const char *const names[] = {"de_DE", "tr_TR", "fa_IR"};

/* Compiled from the sources of the C library, so that none need be installed. */
static int make_locales(void **state)
{
    (void)state;
    char command[300];
    assert_non_null(mkdtemp(locales));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(command, sizeof command, "localedef -c -i %s -f UTF-8 %s/%s.UTF-8 >/dev/null 2>&1", names[i], locales,
                 names[i]);
        int status = system(command); /* 1 for warnings: the locale is there all the same */
        (void)status;
    }
    return setenv("LOCPATH", locales, 1);
}

static int remove_locales(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf %s", locales);
    return system(command);
}

static const char *full_name(size_t i)
{
    static char name[32];
    snprintf(name, sizeof name, "%s.UTF-8", names[i]);
    return name;
}

static void test_every_text_is_the_same_in_other_locales(void **state)
{
    (void)state;
    char *expected = guest_scenario(SCENARIO_LONG);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!setlocale(LC_ALL, full_name(i)))
            fail_msg("there is no locale %s", full_name(i));
        assert_true(i == 2 || strcmp(localeconv()->decimal_point, ",") == 0);
        char *text = guest_scenario(SCENARIO_LONG);
        setlocale(LC_ALL, "C");
        assert_string_equal(text, expected);
        free(text);
    }
    free(expected);
}

static void *run_in_german(void *user)
{
    locale_t german = newlocale(LC_ALL_MASK, "de_DE.UTF-8", (locale_t)0);
    if (!german)
        return NULL;
    uselocale(german);
    char *text = guest_scenario(SCENARIO_SHORT);
    *(int *)user = uselocale((locale_t)0) == german;
    uselocale(LC_GLOBAL_LOCALE);
    freelocale(german);
    return text;
}

static void test_a_locale_of_one_thread_changes_nothing(void **state)
{
    (void)state;
    pthread_t thread;
    void *text;
    int is_kept = 0;
    char *expected = guest_scenario(SCENARIO_SHORT);
    assert_int_equal(pthread_create(&thread, NULL, run_in_german, &is_kept), 0);
    assert_int_equal(pthread_join(thread, &text), 0);
    assert_non_null(text);
    assert_string_equal((char *)text, expected);
    assert_true(is_kept);
    free(text);
    free(expected);
}

static _Atomic int stop;

static void *change_the_locale(void *user)
{
    (void)user;
    for (size_t i = 0; !stop; i++)
        setlocale(LC_ALL, i % 4 < 3 ? full_name(i % 4) : "C");
    setlocale(LC_ALL, "C");
    return NULL;
}

static void test_another_thread_may_change_the_locale_all_the_time(void **state)
{
    (void)state;
    pthread_t thread;
    char *expected = guest_scenario(SCENARIO_SHORT);
    assert_int_equal(pthread_create(&thread, NULL, change_the_locale, NULL), 0);
    for (int i = 0; i < 3; i++) {
        char *text = guest_scenario(SCENARIO_SHORT);
        assert_string_equal(text, expected);
        free(text);
    }
    stop = 1;
    pthread_join(thread, NULL);
    free(expected);
}

/* -------------------------------------------------------------- floating point */

enum { FLUSH_TO_ZERO = 0x8000, DENORMALS_ARE_ZERO = 0x0040, CONTROL = 0xFFC0 };

static const struct {
    int rounding;
    unsigned int bits; /* of MXCSR */
} modes[] = {
    {FE_TONEAREST, FLUSH_TO_ZERO | DENORMALS_ARE_ZERO},  {FE_UPWARD, 0}, {FE_DOWNWARD, 0}, {FE_TOWARDZERO, 0},
    {FE_TOWARDZERO, FLUSH_TO_ZERO | DENORMALS_ARE_ZERO},
};

static unsigned int enter(size_t mode)
{
    unsigned int usual = _mm_getcsr();
    fesetround(modes[mode].rounding);
    _mm_setcsr(_mm_getcsr() | modes[mode].bits);
    return usual;
}

/* The mode is as it was entered; back to the usual one. */
static void leave(size_t mode, unsigned int usual)
{
    unsigned int now = _mm_getcsr() & CONTROL;
    int rounding = fegetround();
    fesetround(FE_TONEAREST);
    _mm_setcsr(usual);
    assert_int_equal(rounding, modes[mode].rounding);
    assert_int_equal(now & ~0x6000u, (usual & CONTROL & ~0x6000u) | modes[mode].bits);
}

/* The log of what is read from a log, in the usual mode: its points are checked as those of every log. */
static char *read_again(const char *text)
{
    afina_optimizer *o;
    if (afina_optimizer_from_log(&o, text, strlen(text)) != AFINA_OK)
        fail_msg("%s", afina_last_error());
    char *again = log_of(o);
    afina_optimizer_free(o);
    return again;
}

/* In the rounding to nearest all bits are kept. In another one the value of a step may have another last bit, which is
 * put right when it is read. */
static void assert_is_read(const char *text, int rounding)
{
    char *once = read_again(text), *twice = read_again(once);
    assert_string_equal(twice, once);
    if (rounding == FE_TONEAREST)
        assert_string_equal(once, text);
    free(once);
    free(twice);
}

/* Each log is replayed in the mode that it was made in, too. */
static void test_studies_of_every_method_in_other_modes(void **state)
{
    (void)state;
    for (size_t mode = 0; mode < sizeof modes / sizeof *modes; mode++)
        for (size_t m = 0; m < afina_method_count(); m++) {
            const char *method = afina_method_name(m);
            if (strcmp(method, "manual") == 0)
                continue;
            unsigned int usual = enter(mode);
            char *text = guest_study(method, SCENARIO_LONG);
            leave(mode, usual);
            assert_is_read(text, modes[mode].rounding);
            free(text);
        }
}

static void test_the_whole_scenario_in_other_modes(void **state)
{
    (void)state;
    for (size_t mode = 0; mode < sizeof modes / sizeof *modes; mode++) {
        unsigned int usual = enter(mode);
        char *text = guest_scenario(SCENARIO_SHORT);
        leave(mode, usual);
        free(text);
    }
}

static char *log_of_denormals(void)
{
    static const double values[] = {5e-324, -5e-324, -1e-310, 2.2250738585072011e-308, -0.0, 0.0, 5e-324};
    afina_optimizer *o = small_optimizer("random");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        afina_trial *trial;
        OK(afina_ask(o, &trial));
        OK(afina_trial_tell(trial, &values[i], 1));
        afina_trial_free(trial);
    }
    char *text = log_of(o);
    afina_optimizer_free(o);
    return text;
}

/* Where denormals are taken as zero, -1e-310 was once written as -0.0. */
static void test_denormals_that_are_told_are_kept(void **state)
{
    (void)state;
    char *expected = log_of_denormals();
    unsigned int usual = enter(0);
    char *text = log_of_denormals();
    leave(0, usual);
    assert_string_equal(text, expected);
    free(text);
    free(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_text_is_the_same_in_other_locales),
        cmocka_unit_test(test_a_locale_of_one_thread_changes_nothing),
        cmocka_unit_test(test_another_thread_may_change_the_locale_all_the_time),
        cmocka_unit_test(test_studies_of_every_method_in_other_modes),
        cmocka_unit_test(test_the_whole_scenario_in_other_modes),
        cmocka_unit_test(test_denormals_that_are_told_are_kept),
    };
    return cmocka_run_group_tests(tests, make_locales, remove_locales);
}
