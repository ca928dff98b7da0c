#define _GNU_SOURCE /* fegetexcept, RTLD_DEFAULT, environ */
#include "support/host_state.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <fenv.h>
#include <fpu_control.h>
#include <lapacke.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xmmintrin.h>

static int gsl_errors, streams[2] = {-1, -1}, files[2];
static char random_state[128];

static void count_gsl_error(const char *reason, const char *file, int line, int code)
{
    (void)reason;
    (void)file;
    (void)line;
    (void)code;
    gsl_errors++;
}

/* The stream goes to a file in memory, whose size tells what was printed. */
static void capture(int stream)
{
    streams[stream - 1] = dup(stream);
    files[stream - 1] = memfd_create("printed", 0);
    dup2(files[stream - 1], stream);
}

void host_prepare(void)
{
    unsigned short seed[3] = {2, 3, 85};
    gsl_set_error_handler(count_gsl_error);
    initstate(2385, random_state, sizeof random_state);
    seed48(seed);
    fflush(NULL);
    capture(1);
    capture(2);
}

/* What was printed meanwhile, by a test that failed, follows. */
static void hand_on(int stream)
{
    char bytes[4096];
    ssize_t n;
    dup2(streams[stream - 1], stream);
    lseek(files[stream - 1], 0, SEEK_SET);
    while ((n = read(files[stream - 1], bytes, sizeof bytes)) > 0)
        fwrite(bytes, 1, (size_t)n, stream == 1 ? stdout : stderr);
    close(streams[stream - 1]);
    close(files[stream - 1]);
    streams[stream - 1] = -1;
}

void host_give_back(void)
{
    fflush(NULL);
    if (streams[0] >= 0)
        hand_on(1);
    if (streams[1] >= 0)
        hand_on(2);
    fflush(NULL);
}

static int count_entries(const char *path)
{
    DIR *directory = opendir(path);
    int n = 0;
    while (directory && readdir(directory))
        n++;
    if (directory)
        closedir(directory);
    return n;
}

static void add(uint64_t *hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *hash = (*hash ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
}

static uint64_t hash_environment(void)
{
    uint64_t hash = 14695981039346656037u;
    add(&hash, &environ, sizeof environ);
    for (char **e = environ; *e; e++) {
        add(&hash, e, sizeof *e);
        add(&hash, *e, strlen(*e));
    }
    return hash;
}

static void read_signals(struct host_state *s)
{
    for (int i = 1; i < HOST_SIGNALS; i++)
        sigaction(i, NULL, &s->actions[i]);
    pthread_sigmask(SIG_SETMASK, NULL, &s->mask);
    sigpending(&s->pending);
    sigaltstack(NULL, &s->signal_stack);
    getitimer(ITIMER_REAL, &s->timers[0]);
    getitimer(ITIMER_VIRTUAL, &s->timers[1]);
    getitimer(ITIMER_PROF, &s->timers[2]);
}

static void read_numbers(struct host_state *s)
{
    fpu_control_t x87;
    unsigned short seed[3], *old;
    _FPU_GETCW(x87);
    s->x87 = x87;
    s->mxcsr = _mm_getcsr() & 0xFFC0u;
    s->rounding = fegetround();
    s->traps = fegetexcept();
    memcpy(s->random, random_state, sizeof random_state);
    memset(seed, 0, sizeof seed);
    old = seed48(seed);
    memcpy(s->drand48, old, sizeof s->drand48);
    seed48(s->drand48);
    s->handler = gsl_set_error_handler(NULL);
    gsl_set_error_handler(s->handler);
    s->gsl_errors = gsl_errors;
    s->generator = gsl_rng_default;
    s->nancheck = LAPACKE_get_nancheck();
}

static void read_process(struct host_state *s)
{
    if (!getcwd(s->cwd, sizeof s->cwd))
        s->cwd[0] = '\0';
    s->environment = hash_environment();
    s->umask = umask(0);
    umask(s->umask);
    s->threads = count_entries("/proc/self/task");
    s->files = count_entries("/proc/self/fd");
    s->priority = getpriority(PRIO_PROCESS, 0);
    for (int i = 0; i < HOST_LIMITS; i++)
        getrlimit((__rlimit_resource_t)i, &s->limits[i]);
}

static void read_thread(struct host_state *s)
{
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &s->cancel_state);
    pthread_setcancelstate(s->cancel_state, &(int){0});
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &s->cancel_type);
    pthread_setcanceltype(s->cancel_type, &(int){0});
    prctl(PR_GET_NAME, s->thread_name);
    s->thread_locale = uselocale((locale_t)0);
}

static void read_locale(struct host_state *s)
{
    snprintf(s->locale, sizeof s->locale, "%s", setlocale(LC_ALL, NULL));
    snprintf(s->decimal_point, sizeof s->decimal_point, "%s", localeconv()->decimal_point);
}

/* OpenBLAS alone can be asked; another BLAS counts as 0. */
static int blas_threads(void)
{
    void *symbol = dlsym(RTLD_DEFAULT, "openblas_get_num_threads");
    int (*ask)(void) = NULL;
    memcpy(&ask, &symbol, sizeof ask);
    return ask ? ask() : 0;
}

void host_state_read(struct host_state *s)
{
    struct stat status;
    memset(s, 0, sizeof *s);
    fflush(NULL);
    read_signals(s);
    read_locale(s);
    read_process(s);
    read_thread(s);
    read_numbers(s);
    s->blas_threads = blas_threads();
    for (int i = 0; i < 2; i++)
        s->printed[i] = streams[i] >= 0 && fstat(files[i], &status) == 0 ? status.st_size : 0;
}

/* Of the set's bytes the kernel fills in those of the signals that there are. */
static int same_set(const sigset_t *a, const sigset_t *b)
{
    for (int i = 1; i < HOST_SIGNALS; i++)
        if (sigismember(a, i) != sigismember(b, i))
            return 0;
    return 1;
}

static int same_signals(const struct host_state *a, const struct host_state *b)
{
    for (int i = 1; i < HOST_SIGNALS; i++)
        if (a->actions[i].sa_handler != b->actions[i].sa_handler || a->actions[i].sa_flags != b->actions[i].sa_flags ||
            !same_set(&a->actions[i].sa_mask, &b->actions[i].sa_mask))
            return 0;
    return 1;
}

static int same_threads(const struct host_state *a, const struct host_state *b)
{
    int now = b->threads;
    for (int i = 0; i < 2000 && now > a->threads; i++) {
        usleep(1000);
        now = count_entries("/proc/self/task");
    }
    return now == a->threads;
}

#define SAME(field) (memcmp(&a->field, &b->field, sizeof a->field) == 0)

const char *host_state_difference(const struct host_state *a, const struct host_state *b)
{
    const struct {
        const char *name;
        int is_same;
    } facts[] = {
        {"a signal's action", same_signals(a, b)},
        {"the signal mask", same_set(&a->mask, &b->mask)},
        {"pending signals", same_set(&a->pending, &b->pending)},
        {"the stack for signals", a->signal_stack.ss_sp == b->signal_stack.ss_sp},
        {"an interval timer", SAME(timers)},
        {"the locale", SAME(locale) && SAME(decimal_point) && SAME(thread_locale)},
        {"the working directory", SAME(cwd)},
        {"the environment", SAME(environment)},
        {"the umask", SAME(umask)},
        {"the floating-point modes", SAME(mxcsr) && SAME(x87) && SAME(rounding) && SAME(traps)},
        {"the number of threads", same_threads(a, b)},
        {"the number of open files", SAME(files)},
        {"the priority", SAME(priority)},
        {"a resource limit", SAME(limits)},
        {"how the thread can be cancelled", SAME(cancel_state) && SAME(cancel_type)},
        {"the name of the thread", SAME(thread_name)},
        {"the state of rand()", SAME(random)},
        {"the state of drand48()", SAME(drand48)},
        {"the error handler of GSL", SAME(handler)},
        {"the default generator of GSL", SAME(generator)},
        {"the number of errors that GSL raised", SAME(gsl_errors)},
        {"the number of threads of the BLAS", SAME(blas_threads)},
        {"the NaN check of LAPACKE", SAME(nancheck)},
        {"standard output", SAME(printed[0])},
        {"standard error", SAME(printed[1])},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (!facts[i].is_same)
            return facts[i].name;
    return NULL;
}
