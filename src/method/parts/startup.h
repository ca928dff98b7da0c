/* The initial design: the default point, then a scrambled Sobol sequence.
 *
 * What a method tries before it has learned anything. The index in the design
 * travels in the note (sequence.h).
 */
#ifndef AFINA_METHOD_STARTUP_H
#define AFINA_METHOD_STARTUP_H

#include "method/method.h"
#include "numeric/quasi_random.h"

struct startup {
    const struct method_context *context;
    struct sobol sequence;
    double *u;
    uint64_t size;  /* trials that the design is for */
    uint64_t asked; /* trials so far, the host's too, without those that were lost */
    uint64_t index; /* points used */
};

int32_t startup_init(struct startup *s, const struct method_context *context, uint64_t size);
void startup_fini(struct startup *s); /* a zeroed one is fine */

/* Is called for every observation. */
void startup_observe(struct startup *s, const struct observation *observation);

/* The same, and its point encoded to x; 0 for a report, which has nothing more to teach. */
int startup_read(struct startup *s, const struct observation *observation, double *x);

/* 1 while fewer than `size` trials were asked. */
int startup_lasts(const struct startup *s);

/* The next point of the design, which has no end. */
void startup_suggest(const struct startup *s, struct suggestion *suggestion);

#endif
