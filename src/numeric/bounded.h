/* Minimisation within bounds by a projected limited-memory quasi-Newton method.
 *
 * It works by reverse communication, so that several searches can run in lock step
 * and share one batched evaluation:
 *
 *     bounded_start(b, x0, low, high);
 *     do { f and g at b->trial } while (bounded_advance(b, f, g));
 *     the result is b->x, b->value
 */
#ifndef AFINA_NUMERIC_BOUNDED_H
#define AFINA_NUMERIC_BOUNDED_H

#include <stddef.h>
#include <stdint.h>

enum { BOUNDED_MEMORY = 8 };

struct bounded {
    size_t n;
    /* Set after bounded_new(), before bounded_start(). */
    size_t max_evaluations;
    double gradient_tolerance; /* of the greatest projected component */
    double value_tolerance;    /* of the decrease of one step, relative */
    double first_step;         /* length of the first step */
    /* Results. */
    double *trial; /* where to evaluate next */
    double *x;     /* the best point so far */
    double value;  /* its value; infinite while none was finite */
    size_t evaluations;
    /* Internal. */
    double *gradient, *direction, *low, *high, *s, *y;
    double rho[BOUNDED_MEMORY];
    size_t stored, next;
    double step, slope, lead;
    int searching, shrunk;
};

/* Allocates the memory for n variables. */
int32_t bounded_new(struct bounded *b, size_t n);
void bounded_fini(struct bounded *b);

/* low <= high, finite; x0 is clamped. low[i] == high[i] fixes a variable. */
void bounded_start(struct bounded *b, const double *x0, const double *low, const double *high);

/* Takes value and gradient at b->trial. Returns 1 when the new b->trial is to be evaluated, 0 at
 * the end. Where value or gradient is not finite, the function counts as infinitely high. */
int bounded_advance(struct bounded *b, double value, const double *gradient);

/* Minimises `function` from x, which becomes the best point found. Returns the value there. */
typedef double (*bounded_function)(const double *x, double *gradient, void *user);
double bounded_minimise(struct bounded *b, double *x, const double *low, const double *high, bounded_function function,
                        double *gradient, void *user);

#endif
