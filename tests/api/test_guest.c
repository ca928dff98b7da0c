/* A guest leaves no trace: what belongs to the host is, after a study of every
 * method, a network and a few errors, what it was before. */
#define _GNU_SOURCE /* environ, sigaction */
#include "afina_mlp.h"
#include "support/small_study.h"

#include <dirent.h>
#include <fcntl.h>
#include <fenv.h>
#include <gsl/gsl_errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xmmintrin.h>

extern char **environ;

static int gsl_errors;

static void count_gsl_error(const char *reason, const char *file, int line, int code)
{
    (void)reason;
    (void)file;
    (void)line;
    (void)code;
    gsl_errors++;
}

static int count_entries(const char *path)
{
    DIR *directory = opendir(path);
    int n = 0;
    assert_non_null(directory);
    while (readdir(directory))
        n++;
    closedir(directory);
    return n;
}

struct host {
    struct sigaction actions[64];
    sigset_t mask;
    char locale[256], cwd[4096], *environment;
    size_t environment_size;
    unsigned int mxcsr; /* control bits */
    int rounding, threads, files, next_rand;
    mode_t umask;
    gsl_error_handler_t *handler;
};

static char *join_environment(size_t *size)
{
    char *all = NULL;
    FILE *f = open_memstream(&all, size);
    for (char **e = environ; *e; e++)
        fprintf(f, "%p %s\n", (void *)*e, *e);
    fclose(f);
    return all;
}

/* What the BLAS starts on its first call is the host's own setting. */
static void look(struct host *h)
{
    memset(h, 0, sizeof *h);
    for (int i = 1; i < 64; i++)
        sigaction(i, NULL, &h->actions[i]);
    sigprocmask(SIG_SETMASK, NULL, &h->mask);
    snprintf(h->locale, sizeof h->locale, "%s", setlocale(LC_ALL, NULL));
    assert_non_null(getcwd(h->cwd, sizeof h->cwd));
    h->environment = join_environment(&h->environment_size);
    h->mxcsr = _mm_getcsr() & 0xFFC0u;
    h->rounding = fegetround();
    h->threads = count_entries("/proc/self/task");
    h->files = count_entries("/proc/self/fd");
    h->umask = umask(0);
    umask(h->umask);
    h->handler = gsl_set_error_handler(count_gsl_error);
    gsl_set_error_handler(h->handler);
}

static int32_t objective(afina_trial *trial, double *values, void *user)
{
    (void)user;
    values[0] = small_value(afina_trial_point(trial));
    return AFINA_OK;
}

static void use_methods(void)
{
    for (size_t m = 0; m < afina_method_count(); m++) {
        afina_optimizer *o = small_optimizer(afina_method_name(m));
        afina_trial *trial;
        double hostile[] = {0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0, 1e308, 5e-324};
        int64_t number;
        for (int i = 0; i < 5 && afina_ask(o, &trial) == AFINA_OK; i++) {
            OK(afina_tell(o, afina_trial_number(trial), &hostile[i], 1));
            afina_trial_free(trial);
        }
        OK(afina_optimizer_set_integer(o, "workers", 2));
        assert_true(afina_optimize(o, objective, NULL, 25) >= 0);
        OK(afina_optimizer_replay(o, &number));
        afina_optimizer_free(o);
    }
}

static void use_network(void)
{
    afina_dataset *d;
    afina_mlp *m;
    afina_space *s;
    afina_optimizer *o;
    OK(afina_dataset_from_csv(&d, "examples/data/digits.csv", 1, "y", AFINA_TASK_CLASSIFICATION, NULL, 0));
    OK(afina_mlp_new(&m, d));
    OK(afina_mlp_set_integer(m, "epochs", 2));
    OK(afina_mlp_set_integer(m, "units", 16));
    OK(afina_mlp_space(m, &s));
    OK(afina_optimizer_new(&o, s, "random"));
    OK(afina_optimize(o, afina_mlp_objective, m, 3));
    afina_optimizer_free(o);
    afina_space_free(s);
    afina_mlp_free(m);
    afina_dataset_free(d);
}

static void make_errors(void)
{
    afina_space *s = small_space(), *none;
    afina_optimizer *o;
    afina_dataset *d;
    assert_true(afina_space_add_real(s, "x", 0, 1, AFINA_SCALE_LINEAR) < 0);
    assert_true(afina_optimizer_new(&o, s, "nobody") < 0);
    assert_true(afina_space_from_json(&none, "{", 1) < 0);
    afina_space_free(s);
    assert_true(afina_dataset_from_csv(&d, "/nowhere", 1, NULL, AFINA_TASK_REGRESSION, NULL, 0) < 0);
}

static void use_all(void)
{
    use_methods();
    use_network();
    make_errors();
}

static void test_the_host_is_left_as_it_was(void **state)
{
    (void)state;
    static struct host before, after;
    gsl_set_error_handler(count_gsl_error);
    use_methods(); /* the BLAS has started what it starts */
    srand(7);
    int expected = rand();
    srand(7);
    look(&before);
    use_all();
    look(&after);
    for (int i = 1; i < 64; i++) {
        assert_true(before.actions[i].sa_handler == after.actions[i].sa_handler);
        assert_int_equal(before.actions[i].sa_flags, after.actions[i].sa_flags);
        assert_int_equal(sigismember(&before.mask, i), sigismember(&after.mask, i));
    }
    assert_string_equal(before.locale, after.locale);
    assert_string_equal(before.cwd, after.cwd);
    assert_int_equal(before.environment_size, after.environment_size);
    assert_string_equal(before.environment, after.environment);
    assert_int_equal(before.mxcsr, after.mxcsr);
    assert_int_equal(before.rounding, after.rounding);
    assert_int_equal(before.threads, after.threads);
    assert_int_equal(before.files, after.files);
    assert_int_equal(before.umask, after.umask);
    assert_true(before.handler == after.handler && after.handler == count_gsl_error);
    assert_int_equal(gsl_errors, 0);
    assert_int_equal(rand(), expected);
    free(before.environment);
    free(after.environment);
}

/* Both streams go to a file while the library works; the file stays empty. */
static void test_nothing_is_printed(void **state)
{
    (void)state;
    char path[] = "/tmp/afina-guest-XXXXXX";
    int file = mkstemp(path), out, err;
    struct stat status;
    assert_true(file >= 0);
    fflush(stdout);
    fflush(stderr);
    out = dup(1);
    err = dup(2);
    dup2(file, 1);
    dup2(file, 2);
    use_all();
    fflush(stdout);
    fflush(stderr);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    assert_int_equal(fstat(file, &status), 0);
    assert_int_equal(status.st_size, 0);
    close(file);
    unlink(path);
}

static char *log_text(const afina_optimizer *o, size_t *length)
{
    OK(afina_optimizer_to_log(o, NULL, 0, length));
    char *text = malloc(*length + 1);
    OK(afina_optimizer_to_log(o, text, *length + 1, length));
    return text;
}

/* A log that was written in one mode is read to the same bits in the usual one. */
static void check_same_text(const char *text, size_t length)
{
    afina_optimizer *o;
    size_t again_length;
    OK(afina_optimizer_from_log(&o, text, length));
    char *again = log_text(o, &again_length);
    assert_int_equal(again_length, length);
    assert_memory_equal(again, text, length);
    afina_optimizer_free(o);
    free(again);
}

/* Some hosts set the rounding, or flush denormals. Their replay succeeds in that mode. */
static void run_in_mode(int rounding, unsigned int mxcsr_bits)
{
    unsigned int kept = _mm_getcsr();
    fesetround(rounding);
    _mm_setcsr(_mm_getcsr() | mxcsr_bits);
    afina_optimizer *o = small_optimizer("gp");
    for (int i = 0; i < 20; i++)
        small_step(o);
    int64_t number;
    int32_t replayed = afina_optimizer_replay(o, &number);
    size_t length;
    char *text = log_text(o, &length);
    afina_optimizer_free(o);
    fesetround(FE_TONEAREST);
    _mm_setcsr(kept);
    OK(replayed);
    check_same_text(text, length);
    free(text);
}

static void test_other_floating_point_modes_are_survived(void **state)
{
    (void)state;
    enum { FLUSH_TO_ZERO = 0x8000, DENORMALS_ARE_ZERO = 0x0040 };
    run_in_mode(FE_TONEAREST, FLUSH_TO_ZERO | DENORMALS_ARE_ZERO);
    run_in_mode(FE_UPWARD, 0);
    run_in_mode(FE_DOWNWARD, 0);
    run_in_mode(FE_TOWARDZERO, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_host_is_left_as_it_was),
        cmocka_unit_test(test_nothing_is_printed),
        cmocka_unit_test(test_other_floating_point_modes_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
