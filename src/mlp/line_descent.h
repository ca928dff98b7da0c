/* Training algorithms that take all rows at once and search along a line: the
 * limited-memory BFGS method and nonlinear conjugate gradients. */
#ifndef AFINA_MLP_LINE_DESCENT_H
#define AFINA_MLP_LINE_DESCENT_H

#include <stddef.h>
#include <stdint.h>

/* The function that is minimised, and its gradient. Not finite: the point is bad. */
typedef double (*line_function)(void *user, const float *w, float *gradient);

enum { LINE_DESCENT_PAIRS = 10 };

struct line_descent {
    size_t n;
    int32_t conjugate; /* 0: BFGS */
    line_function function;
    void *user;
    float *block; /* all of the arrays below */
    float *gradient, *direction, *w0, *gradient0;
    float *step[LINE_DESCENT_PAIRS], *change[LINE_DESCENT_PAIRS]; /* BFGS: newest first */
    double curvature[LINE_DESCENT_PAIRS];
    size_t pairs;
    double value, length, slope; /* at w; of the last search */
    int32_t started;
};

int32_t line_descent_init(struct line_descent *d, size_t n, int32_t conjugate, line_function function, void *user);
void line_descent_fini(struct line_descent *d);

/* One iteration. 1: w is better than before; 0: no better w was found, w is as it
 * was; -1: the function is not finite at the first w. */
int32_t line_descent_step(struct line_descent *d, float *w);

#endif
