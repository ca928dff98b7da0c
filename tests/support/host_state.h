/* What belongs to the host of a library: its state is read before and after a call, and compared. */
#ifndef AFINA_TESTS_HOST_STATE_H
#define AFINA_TESTS_HOST_STATE_H

#include <gsl/gsl_errno.h>
#include <gsl/gsl_rng.h>
#include <locale.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/types.h>

enum { HOST_SIGNALS = 65, HOST_LIMITS = RLIM_NLIMITS };

struct host_state {
    struct sigaction actions[HOST_SIGNALS];
    sigset_t mask, pending;
    stack_t signal_stack;
    struct itimerval timers[3];
    char locale[256], decimal_point[8], cwd[1024], thread_name[16];
    locale_t thread_locale;
    uint64_t environment;    /* a hash of its strings and where they stand */
    unsigned int mxcsr, x87; /* control bits */
    int rounding, traps;     /* of the floating-point environment */
    int threads, files, priority;
    int cancel_state, cancel_type;
    mode_t umask;
    struct rlimit limits[HOST_LIMITS];
    unsigned char random[128]; /* of rand() and random() */
    unsigned short drand48[3];
    gsl_error_handler_t *handler;
    const gsl_rng_type *generator;
    int gsl_errors; /* that the host's handler has counted */
    int blas_threads, nancheck;
    off_t printed[2]; /* bytes on standard output and standard error */
};

/* Makes the process one that notices: its own GSL handler, its own state of rand(), both output streams in files.
 * host_give_back() puts the streams back. */
void host_prepare(void);
void host_give_back(void);

void host_state_read(struct host_state *state);

/* What differs, in words; NULL when nothing does. A thread that has been joined may still be in the list of threads for
 * a moment, which is waited for. */
const char *host_state_difference(const struct host_state *before, const struct host_state *after);

#endif
