/* afina.h - hyperparameter tuning for any model a host program can call.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole of the C API. A host describes a search space, makes an optimizer
 * for it, and then either asks for trials and tells their results (the core), or
 * hands over an objective function and lets afina_optimize() do both:
 *
 *     afina_space *space;
 *     afina_optimizer *optimizer;
 *     afina_trial *best;
 *     double rate;
 *     afina_space_new(&space);
 *     afina_space_add_real(space, "rate", 1e-5, 1e-1, AFINA_SCALE_LOG);
 *     afina_optimizer_new(&optimizer, space, "auto");
 *     afina_optimize(optimizer, objective, NULL, 50);
 *     afina_best(optimizer, &best);
 *     afina_point_get_real(afina_trial_point(best), "rate", &rate);
 *
 * CONVENTIONS
 *
 * Status    Functions return int32_t: AFINA_OK (0), a negative AFINA_E_* error,
 *           or a positive AFINA_* piece of news that is no error. A function
 *           that fails leaves its objects as they were; afina_last_error() then
 *           tells what was wrong, with the name, the value and the range. AFINA_E_ARGUMENT and
 *           AFINA_E_MEMORY, of an optimizer or a trial AFINA_E_FORKED, of those whose study lives in
 *           a store AFINA_E_FILE and AFINA_E_NOT_FOUND, and of a trial that a rewind took away
 *           AFINA_E_STATE are answered wherever they can occur; comments name the others.
 *           "Passes on" at the end of a comment names callbacks whose answer may be the answer.
 * Handles   are opaque. x_new(&x) sets x to NULL when it fails; x_free(NULL) is
 *           allowed. What a host passes in is copied. A `const` pointer that a
 *           function returns is borrowed; its life is stated.
 * Order     x_new(), x_copy() and x_from_...(), and the functions that make a resampling or a
 *           network from another object, take the new object first. Every other function
 *           takes what it asks first and stores its answers last, new handles too.
 * Text      is UTF-8, ends with a NUL and never depends on the locale. A
 *           function that writes text takes a buffer and its capacity, always
 *           stores in *length the length of the whole text (without the NUL),
 *           and writes as much as fits, terminated. Buffer NULL with capacity 0
 *           only measures.
 * Arrays    that the library fills take a capacity and store the size needed; NULL with
 *           capacity 0 only measures. Where neither a count nor a capacity follows an array, "Shapes"
 *           at the end of a comment says how long it is: values[rows][columns] is row after row.
 * Pointers  are not NULL unless a comment ends with "May be NULL" and their names; `user` and `release`
 *           always may. A function that answers no status takes NULL, as something that is empty or unknown.
 * Values    of an objective may be any double. NaN means "no result": the trial
 *           FAILED. Infinities are results.
 * Threads   One optimizer may be used from several threads at once. Any other
 *           handle is used by one thread at a time. No lock is held while a
 *           callback runs, so a callback may call the optimizer. A C++ exception
 *           passes through; docs/embedding.md says what it leaves.
 * Callback  A function of the host comes with a pointer `user`, which it gets at every
 *           call, and a function `release` (or NULL), which is called with `user`
 *           once, when the library will not use it again: when the function is
 *           replaced, or the last object that refers to it is freed. A call that
 *           fails to set a callback does not release: the host keeps `user`.
 *           The objective is used during afina_optimize() alone, and has no release
 *           function. An observer and a message function answer AFINA_OK; AFINA_CANCELLED
 *           or an error, which ends the run with it; any other number counts as
 *           AFINA_E_CALLBACK. What a filter and an objective answer stands at
 *           afina_filter and afina_objective: most errors of an objective are of its
 *           trial, and the run goes on. An error is one of AFINA_E_*, AFINA_E_CALLBACK
 *           where no other says it better, or any other negative number. Its text is
 *           what afina_last_error() says, from a failed call in the callback or from
 *           afina_set_last_error().
 * Fork      After fork(), an optimizer and its trials answer AFINA_E_FORKED in
 *           the child; freeing them there is allowed. Spaces and points go on.
 * Promise   A function here is never removed, nor its signature changed, while
 *           the shared library's soname stays; numbers are never reused.
 */
#ifndef AFINA_H
#define AFINA_H

/* size_t and NULL alone: what else the compiler's stddef.h holds (max_align_t with its attributes) stops the parsers
 * of many a binding generator. */
#if defined(__GNUC__) && !defined(__cplusplus)
#define __need_size_t
#define __need_NULL
#endif
#include <stddef.h>
#include <stdint.h>

/* The build of the library itself defines it. */
#ifndef AFINA_API
#define AFINA_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ numbers */

/* Status. */
enum {
    AFINA_OK = 0,

    /* News. */
    AFINA_DONE = 1,             /* the study or the run has come to its end: a limit, the target, the scheduler */
    AFINA_EXHAUSTED = 2,        /* no point is left that was not asked, or the method has no more */
    AFINA_WAIT = 3,             /* tell a running trial first, then ask again */
    AFINA_CANCELLED = 4,        /* afina_cancel() was called, or a callback answered so */
    AFINA_ALL_FAILED = 5,       /* every trial of the run failed; afina_last_error() tells why */
    AFINA_STALE = 6,            /* the log has other lines there: rewind, append them, then ask again */
    AFINA_INFEASIBLE_POINT = 7, /* for an objective: the point cannot be evaluated */

    /* Errors. */
    AFINA_E_ARGUMENT = -1,     /* NULL, or text that is empty or not UTF-8 */
    AFINA_E_RANGE = -2,        /* a number outside its range, or NaN */
    AFINA_E_NAME = -3,         /* a name that is unknown, or used already */
    AFINA_E_TYPE = -4,         /* a value of the wrong type for its name */
    AFINA_E_STATE = -5,        /* not possible in the state the object is in */
    AFINA_E_MEMORY = -6,       /* an allocation failed */
    AFINA_E_SPACE = -7,        /* the space contradicts itself: a cycle, ... */
    AFINA_E_NO_POINT = -8,     /* the filter refused every point that was tried */
    AFINA_E_FORMAT = -9,       /* text that is not what it should be: JSON, CSV, ... */
    AFINA_E_FILE = -10,        /* a file cannot be read or written */
    AFINA_E_UNSUPPORTED = -11, /* the method cannot do this */
    AFINA_E_NOT_FOUND = -12,   /* there is no such trial, or no such study */
    AFINA_E_FORKED = -13,      /* the handle belongs to the parent process */
    AFINA_E_REPLAY = -14,      /* a suggestion did not come out as logged */
    AFINA_E_BUSY = -15,        /* a filter asked the optimizer that calls it */
    AFINA_E_CALLBACK = -16,    /* for the host's callbacks: end with this error */
    AFINA_E_VERSION = -17      /* a note in the log was written by another version */
};

/* How a study in a store is opened. */
enum {
    AFINA_OPEN_CREATE = 0,   /* created, with its file, unless it is there */
    AFINA_OPEN_EXISTING = 1, /* it must be there */
    AFINA_OPEN_READ_ONLY = 2 /* it must be there, and is only read */
};

/* Scale of a real or an integer parameter: what is spaced evenly. */
enum {
    AFINA_SCALE_LINEAR = 0,
    AFINA_SCALE_LOG = 1,        /* the logarithm; low > 0 */
    AFINA_SCALE_REVERSE_LOG = 2 /* the logarithm of low + high - x: fine near high; low > 0 */
};

/* Prior of a real or an integer parameter. */
enum {
    AFINA_PRIOR_UNIFORM = 0,  /* on the parameter's scale */
    AFINA_PRIOR_NORMAL = 1,   /* truncated to the bounds */
    AFINA_PRIOR_LOGNORMAL = 2 /* the logarithm is normal; truncated to the bounds */
};

/* Kind of a parameter. */
enum { AFINA_KIND_REAL = 0, AFINA_KIND_INTEGER = 1, AFINA_KIND_CATEGORICAL = 2, AFINA_KIND_ORDINAL = 3 };

/* Comparison in a condition. */
enum {
    AFINA_COMPARE_EQUAL = 0,
    AFINA_COMPARE_NOT_EQUAL = 1,
    AFINA_COMPARE_LESS = 2,
    AFINA_COMPARE_LESS_EQUAL = 3,
    AFINA_COMPARE_GREATER = 4,
    AFINA_COMPARE_GREATER_EQUAL = 5,
    AFINA_COMPARE_IN = 6 /* one of a set of values: afina_space_add_condition_in() */
};

/* State of a trial. */
enum {
    AFINA_STATE_RUNNING = 0,
    AFINA_STATE_COMPLETE = 1,
    AFINA_STATE_STOPPED = 2,    /* before its budget; its last report is its value */
    AFINA_STATE_PAUSED = 3,     /* at a budget below the full one; may go on with a larger one */
    AFINA_STATE_FAILED = 4,     /* it crashed, or its value was NaN */
    AFINA_STATE_INFEASIBLE = 5, /* the point cannot be evaluated */
    AFINA_STATE_LOST = 6        /* it was interrupted, or its worker is gone; a late result replaces it */
};

/* Where a trial's point came from. */
enum {
    AFINA_ORIGIN_SUGGESTED = 0,
    AFINA_ORIGIN_ENQUEUED = 1,
    AFINA_ORIGIN_ADDED = 2,
    AFINA_ORIGIN_PROMOTED = 3, /* the same configuration with more budget; it goes on with the work of its parent */
    AFINA_ORIGIN_REPEATED = 4  /* the same configuration once more, from nothing */
};

/* What an observer is told. */
enum {
    AFINA_EVENT_ASKED = 1,    /* a trial came to be */
    AFINA_EVENT_REPORTED = 2, /* it reported an intermediate result */
    AFINA_EVENT_TOLD = 3,     /* it ended, whatever its state */
    AFINA_EVENT_BEST = 4      /* after TOLD: it is the best so far; with one objective */
};

/* Which of two values is better. */
enum { AFINA_DIRECTION_MINIMISE = 0, AFINA_DIRECTION_MAXIMISE = 1 };

/* Type of an option. */
enum { AFINA_OPTION_INTEGER = 0, AFINA_OPTION_REAL = 1, AFINA_OPTION_STRING = 2, AFINA_OPTION_REALS = 3 };

/* Level of a message. */
enum { AFINA_MESSAGE_WARNING = 1, AFINA_MESSAGE_INFO = 2 };

/* ------------------------------------------------------------------ library */

/* The version of the library: "0.1.0". Never freed. Since 0.1.0. */
AFINA_API const char *afina_version(void);

/* The version as a number: 10000 * major + 100 * minor + patch. Since 0.1.0. */
AFINA_API int32_t afina_version_number(void);

/* The number in the soname: changes when a program built before no longer runs. Since 0.1.0. */
AFINA_API int32_t afina_abi_version(void);

/* One line about the last failure on this thread; "" before the first. Valid
 * until the next failure on this thread. Never NULL. Since 0.1.0. */
AFINA_API const char *afina_last_error(void);

/* Sets the text of afina_last_error() on this thread: for a callback that is about to answer with an error. One line of
 * UTF-8 (AFINA_E_ARGUMENT, then the text is that of this error), cut at 511 bytes. Since 0.1.0. */
AFINA_API int32_t afina_set_last_error(const char *text);

/* The name of a status: "AFINA_E_RANGE" for AFINA_E_RANGE and so on; "unknown" for other numbers. Since 0.1.0. */
AFINA_API const char *afina_status_name(int32_t status);

/* The constants of the headers: AFINA_STATE_LOST and so on, for bindings that cannot read a header. Sorted by name;
 * index in 0..count-1, NULL for another one. The names are never freed. afina_constant_value() answers AFINA_E_NAME for
 * a name that is none of them; a later release may have more. Any thread may call these functions. Since 0.1.0. */
AFINA_API size_t afina_constant_count(void);
AFINA_API const char *afina_constant_name(size_t index);
AFINA_API int32_t afina_constant_value(const char *name, int32_t *value);

/* Lets go of the `user` of a callback. Called once and with no lock held, from whichever
 * thread drops the last reference. It may not throw. */
typedef void (*afina_release)(void *user);

/* -------------------------------------------------------------------- space */

/* A search space: parameters, and conditions under which they are active. */
typedef struct afina_space afina_space;

/* A value for every active parameter of a space. */
typedef struct afina_point afina_point;

/* A new space without parameters, and an independent copy of a space; the host owns and
 * frees either. Points and optimizers copy what they need of a space, which may be changed or
 * freed afterwards. On failure *out is NULL: AFINA_E_ARGUMENT, AFINA_E_MEMORY. A space is used
 * by one thread at a time, by functions that only read it as well. Since 0.1.0. */
AFINA_API int32_t afina_space_new(afina_space **out);
AFINA_API int32_t afina_space_copy(afina_space **out, const afina_space *space);
AFINA_API void afina_space_free(afina_space *space);

/* Adds a parameter to a space; it has at most 10,000. Its name is new to the space. Names and choices are text of 1 to
 * 1,024 bytes, and are copied. Bounds are values too; low == high makes a constant.
 *
 * real         low <= high, both finite; with AFINA_SCALE_LOG or AFINA_SCALE_REVERSE_LOG low > 0
 * integer      any int64_t range, the same rule for the scales
 * categorical  1 to 100,000 different choices without order
 * ordinal      1 to 100,000 different choices in order
 *
 * On failure the space is as it was: AFINA_E_NAME (the name, or a choice, is there already),
 * AFINA_E_RANGE (bounds, scale, numbers of parameters and choices), AFINA_E_ARGUMENT (NULL, no
 * choice, or text that is empty, too long or no UTF-8). Since 0.1.0. */
AFINA_API int32_t afina_space_add_real(afina_space *space, const char *name, double low, double high, int32_t scale);
AFINA_API int32_t afina_space_add_integer(afina_space *space, const char *name, int64_t low, int64_t high,
                                          int32_t scale);
AFINA_API int32_t afina_space_add_categorical(afina_space *space, const char *name, const char *const *choices,
                                              size_t count);
AFINA_API int32_t afina_space_add_ordinal(afina_space *space, const char *name, const char *const *choices,
                                          size_t count);

/* Adds a real parameter with a normal prior: of this mean and standard deviation, or (lognormal) one whose natural
 * logarithm has such a prior. The prior is cut at the bounds: low may be -INFINITY (lognormal: low >= 0, high > 0) and
 * high INFINITY. mean and sd are finite, sd > 0. Errors as in afina_space_add_real(). Since 0.1.0. */
AFINA_API int32_t afina_space_add_normal(afina_space *space, const char *name, double mean, double sd, double low,
                                         double high);
AFINA_API int32_t afina_space_add_lognormal(afina_space *space, const char *name, double mean, double sd, double low,
                                            double high);

/* Restricts a real or an integer parameter to steps: low, low + step, low + 2 step, ... The last value is high when
 * high lies on that grid (to 1e-9 of a step). 0 takes the step away: a real is continuous again, an integer has the
 * step 1. Else step > 0, and whole for an integer; a real parameter has finite bounds, the linear scale, and at most
 * 2^50 steps. The default and the values that conditions name have to be on the grid. AFINA_E_NAME (unknown parameter),
 * AFINA_E_TYPE (it has choices), AFINA_E_RANGE. Since 0.1.0. */
AFINA_API int32_t afina_space_set_step(afina_space *space, const char *name, double step);

/* The prior of a real or integer parameter (AFINA_PRIOR_*). It says where good values are
 * expected. A normal one takes the place of the scale, which becomes linear: mean and sd describe
 * the normal distribution (of the natural logarithm, for AFINA_PRIOR_LOGNORMAL), which is cut at
 * the bounds; they are finite, sd > 0. AFINA_PRIOR_UNIFORM leaves the scale as it is; mean and sd
 * must then be 0, and the bounds finite. AFINA_E_NAME, AFINA_E_TYPE (it has choices), AFINA_E_RANGE.
 * Since 0.1.0. */
AFINA_API int32_t afina_space_set_prior(afina_space *space, const char *name, int32_t prior, double mean, double sd);

/* The probabilities of the choices of a parameter (categorical or ordinal), up to a factor: `count` finite numbers >=
 * 0, one for each choice, not all 0. A choice of weight 0 is never suggested, but may be enqueued; where it is the
 * default, methods start from the first of the most probable choices instead. AFINA_E_NAME, AFINA_E_TYPE (the parameter
 * is a number), AFINA_E_RANGE (count, or a weight). Since 0.1.0. */
AFINA_API int32_t afina_space_set_weights(afina_space *space, const char *name, const double *weights, size_t count);

/* The default value of a parameter: afina_point_new() starts from it and methods may try it first (but for a choice of
 * weight 0). Without one it is the prior's median, or the first of the most probable choices. The value is one of the
 * parameter's, an integer may also be given to a real. AFINA_E_NAME, AFINA_E_TYPE, AFINA_E_RANGE. Since 0.1.0. */
AFINA_API int32_t afina_space_set_default_real(afina_space *space, const char *name, double value);
AFINA_API int32_t afina_space_set_default_integer(afina_space *space, const char *name, int64_t value);
AFINA_API int32_t afina_space_set_default_string(afina_space *space, const char *name, const char *value);

/* Makes a parameter conditional: `child` is active only while `parent` is active and has one of the values (`_in`; the
 * text of an integer, for an integer parent), or compares to `number` as said (AFINA_COMPARE_LESS ...; a real or
 * integer parent, or an ordinal one whose choices are all numbers). Several conditions on one child must all hold. The
 * arrays are copied. AFINA_E_NAME (unknown parameter), AFINA_E_TYPE (a set of values of a real parent, a comparison
 * with a categorical one), AFINA_E_RANGE (a value that the parent does not have, an unknown comparison, NaN),
 * AFINA_E_SPACE (the condition closes a cycle), AFINA_E_ARGUMENT (no values). Since 0.1.0. */
AFINA_API int32_t afina_space_add_condition_in(afina_space *space, const char *child, const char *parent,
                                               const char *const *values, size_t count);
AFINA_API int32_t afina_space_add_condition(afina_space *space, const char *child, const char *parent,
                                            int32_t comparison, double number);

/* Forbids points: a positive answer means that the point may be used, 0 that it may not,
 * and a negative one ends the call that asked (afina_ask(), afina_space_sample(), ...) with
 * this status. Called with no lock held, from whichever thread asks; the point lives during
 * the call. It must answer the same for the same point. */
typedef int32_t (*afina_filter)(const afina_point *point, void *user);

/* The filter of a space, or NULL for none. It is code, and so no part of the JSON text. Copies of the space, its
 * points and the optimizers made from it share the filter: `release` is called when all of them are freed or have
 * another one. AFINA_E_ARGUMENT: a release function without a filter. May be NULL: filter. Since 0.1.0. */
AFINA_API int32_t afina_space_set_filter(afina_space *space, afina_filter filter, void *user, afina_release release);

/* How many different points a space has: conditions included, the filter left out. Choices of weight 0 count as well,
 * for a host may enqueue them: a study that suggests every point it may answers AFINA_EXHAUSTED after fewer. UINT64_MAX
 * stands for that many or more, for a space with a continuous parameter, and for one whose conditions tie too many
 * parameters together to count: more than 64, or in more than 2^16 states. The first call after a change of the space
 * counts; it takes a few megabytes at most, and seconds at worst. AFINA_E_SPACE (no parameter), AFINA_E_MEMORY.
 * Since 0.1.0. */
AFINA_API int32_t afina_space_point_count(const afina_space *space, uint64_t *count);

/* The points of a finite space in a fixed order: in it parents vary more slowly than their children. The point of a
 * rank in 0..count-1 (AFINA_E_RANGE), and the rank of a point. count is that of afina_space_point_count();
 * AFINA_E_UNSUPPORTED when it is UINT64_MAX. The host owns *out and frees it with afina_point_free(). Since 0.1.0. */
AFINA_API int32_t afina_space_unrank(const afina_space *space, uint64_t rank, afina_point **out);
AFINA_API int32_t afina_space_rank(const afina_space *space, const afina_point *point, uint64_t *rank);

/* Draws a point from the prior that the filter allows. The same (seed, index) gives the same point of equal spaces.
 * AFINA_E_NO_POINT when the filter refused 10,000 draws. The host owns *out and frees it with afina_point_free().
 * AFINA_E_SPACE (no parameter). Passes on: filter. Since 0.1.0. */
AFINA_API int32_t afina_space_sample(const afina_space *space, uint64_t seed, uint64_t index, afina_point **out);

/* The parameters of a space, in the order they were added. The text lives until the space changes or is freed. index
 * in 0..size-1, choice in 0..choices-1. AFINA_E_NAME. Since 0.1.0. */
AFINA_API size_t afina_space_parameter_count(const afina_space *space);
AFINA_API const char *afina_space_parameter_name(const afina_space *space, size_t index);
AFINA_API int32_t afina_space_get_kind(const afina_space *space, const char *name, int32_t *kind);
AFINA_API size_t afina_space_get_choice_count(const afina_space *space, const char *name);
AFINA_API const char *afina_space_get_choice(const afina_space *space, const char *name, size_t choice);

/* What was said of a parameter, as it is kept. Text that these functions return lives
 * until the space changes or is freed. AFINA_E_NAME for an unknown name, AFINA_E_TYPE where
 * the kind of the parameter has no such thing.
 *
 * real_bounds      of a real; infinite where a normal prior has no bound
 * integer_bounds   of an integer
 * scale, prior     of a real or an integer; a uniform prior has mean and sd 0
 * step             0 for a real without one; 1 for an integer without one
 * default          the median of the prior, or the first of the most probable choices,
 *                  where none was set
 * weights          probabilities of the choices, of sum 1; all alike where none were set
 *
 * Since 0.1.0. */
AFINA_API int32_t afina_space_get_real_bounds(const afina_space *space, const char *name, double *low, double *high);
AFINA_API int32_t afina_space_get_integer_bounds(const afina_space *space, const char *name, int64_t *low,
                                                 int64_t *high);
AFINA_API int32_t afina_space_get_scale(const afina_space *space, const char *name, int32_t *scale);
AFINA_API int32_t afina_space_get_step(const afina_space *space, const char *name, double *step);
AFINA_API int32_t afina_space_get_prior(const afina_space *space, const char *name, int32_t *prior, double *mean,
                                        double *sd);
AFINA_API int32_t afina_space_get_default_real(const afina_space *space, const char *name, double *value);
AFINA_API int32_t afina_space_get_default_integer(const afina_space *space, const char *name, int64_t *value);
AFINA_API int32_t afina_space_get_default_string(const afina_space *space, const char *name, const char **value);
AFINA_API int32_t afina_space_get_weights(const afina_space *space, const char *name, double *weights, size_t capacity,
                                          size_t *count);

/* The conditions of a parameter: index in 0..count-1 (AFINA_E_RANGE) in the order in which they were added. With
 * AFINA_COMPARE_IN the number is 0, and the values are those of afina_space_add_condition_in(), each once and in the
 * order of the parent's values; that of an integer is its text. The parent's name lives until the space changes or is
 * freed. AFINA_E_NAME. Since 0.1.0. */
AFINA_API int32_t afina_space_get_condition_count(const afina_space *space, const char *child, size_t *count);
AFINA_API int32_t afina_space_get_condition(const afina_space *space, const char *child, size_t index,
                                            const char **parent, int32_t *comparison, double *number);
AFINA_API int32_t afina_space_get_condition_value_count(const afina_space *space, const char *child, size_t index,
                                                        size_t *count);
AFINA_API int32_t afina_space_get_condition_value(const afina_space *space, const char *child, size_t index,
                                                  size_t value, char *text, size_t capacity, size_t *length);

/* Whether a space has a filter: 1 in *has, else 0. Since 0.1.0. */
AFINA_API int32_t afina_space_has_filter(const afina_space *space, int32_t *has);

/* The space as JSON text, and back. docs/space-json.md describes the format. `length` is that of the text without its
 * NUL. A space that is read equals the one that was written, but for its filter, and the host owns it. AFINA_E_FORMAT
 * (no JSON, or no space), AFINA_E_NAME (an unknown key or name), AFINA_E_UNSUPPORTED (the text needs a later version),
 * and the errors of the functions that add what the text holds. Since 0.1.0. */
AFINA_API int32_t afina_space_to_json(const afina_space *space, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_space_from_json(afina_space **out, const char *text, size_t length);

/* -------------------------------------------------------------------- point */

/* A point with every parameter at its default. AFINA_E_SPACE (no parameter). Since 0.1.0. */
AFINA_API int32_t afina_point_new(afina_point **out, const afina_space *space);
AFINA_API int32_t afina_point_copy(afina_point **out, const afina_point *point);
AFINA_API void afina_point_free(afina_point *point);

/* Sets a value of a point: the type must be the parameter's (an integer may also be given to a real), the value in
 * its range and, to 1e-9 of a step, on its grid. A parameter may be set before the one that activates it.
 * AFINA_E_NAME, AFINA_E_TYPE, AFINA_E_RANGE. Since 0.1.0. */
AFINA_API int32_t afina_point_set_real(afina_point *point, const char *name, double value);
AFINA_API int32_t afina_point_set_integer(afina_point *point, const char *name, int64_t value);
AFINA_API int32_t afina_point_set_string(afina_point *point, const char *name, const char *value);

/* Reads a value of a point. A real may be read from an integer, and both from a choice whose text is such a number; a
 * string only from a choice, borrowed for the life of the point. AFINA_E_STATE when the parameter is not active.
 * AFINA_E_NAME, AFINA_E_TYPE. Since 0.1.0. */
AFINA_API int32_t afina_point_get_real(const afina_point *point, const char *name, double *value);
AFINA_API int32_t afina_point_get_integer(const afina_point *point, const char *name, int64_t *value);
AFINA_API int32_t afina_point_get_string(const afina_point *point, const char *name, const char **value);

/* Whether a parameter is active in a point: 1 or 0 in *active. AFINA_E_NAME. Since 0.1.0. */
AFINA_API int32_t afina_point_is_active(const afina_point *point, const char *name, int32_t *active);

/* The value of a parameter as text, whatever its kind; "" when not active. AFINA_E_NAME. Since 0.1.0. */
AFINA_API int32_t afina_point_get_text(const afina_point *point, const char *name, char *text, size_t capacity,
                                       size_t *length);

/* A point as JSON text, and back: {"name": value, ...} with the active parameters. Names missing from a text that is
 * read keep their defaults. afina_point_from_json() answers AFINA_E_FORMAT, AFINA_E_NAME, AFINA_E_TYPE,
 * AFINA_E_RANGE. Since 0.1.0. */
AFINA_API int32_t afina_point_to_json(const afina_point *point, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_point_from_json(afina_point **out, const afina_space *space, const char *text, size_t length);

/* ---------------------------------------------------------------- optimizer */

/* A space, a method, and the log of everything that was asked and told. */
typedef struct afina_optimizer afina_optimizer;

/* One evaluation of a point. The handle stays valid after the optimizer is
 * freed: the calls that only read go on working. */
typedef struct afina_trial afina_trial;

/* A new optimizer for a space: `method` is a name that afina_method_name() lists; NULL is "auto". The space is
 * copied: later changes to it do not matter here. It may have no parameter yet, and grow by afina_optimizer_extend() or
 * afina_trial_extend(): until then there is one point, which is asked once unless the option `repeats` is set.
 * AFINA_E_NAME. May be NULL: method. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_new(afina_optimizer **out, const afina_space *space, const char *method);
AFINA_API void afina_optimizer_free(afina_optimizer *optimizer);

/* Sets an option of the optimizer or of a method. All but "seconds", "trial_seconds", "target", "workers",
 * "trials_total", "synced", "times" and "worker" are fixed with the first trial (AFINA_E_STATE after it; for a study in
 * a store only when the value is another one). An integer may be given to a real option. A key without a dot is the
 * optimizer's, or that of its method, its scheduler or its stopper; "gp.kernel" is the option "kernel" of gp, which may
 * be set whichever method is chosen, and reaches gp as a member of "mix" or "auto" too. AFINA_E_NAME for an unknown
 * key, with what is near; AFINA_E_TYPE when the option is of another type; AFINA_E_RANGE for a
 * value that is not allowed, or too long a list. Every name, type, range and default can
 * be listed with afina_option_count() and afina_option_name(); the options that every
 * optimizer has are:
 *
 * seed        the whole randomness of the study: the same seed, version and
 *             tells give the same suggestions, bit for bit            (0)
 * objectives  how many values a trial is told                           (1)
 * direction   "minimise" or "maximise" (or with a z), one for all, or one
 *             for each objective with commas between            ("minimise")
 * lag         L > 0: the suggestion of trial k knows the results of the
 *             trials up to k - L and no others, so that 1 to L workers get
 *             the same bits; 0: it knows all that was told               (0)
 * repeats     1: a point of a finite space may be asked again            (0)
 * scheduler   decides budgets, promotions and repetitions (afina_scheduler_name()).
 *             "": "none"; with budgets "adaptive", with replicates "repeat" ("")
 * stopper     says when a trial that runs should end (afina_stopper_name(),
 *             afina_trial_should_stop())                            ("never")
 * budget_min, budget_max  the least and the full budget of a trial, in the
 *             unit of the steps that it reports; both, finite, or none  (NaN)
 * budget_total  what all trials together may cost (afina_optimizer_cost());
 *             afina_ask() then answers AFINA_DONE                  (infinity)
 * replicates  how often an arm may be evaluated at the full budget       (1)
 * aggregate   what an arm is worth by its replicates: "mean", "median",
 *             "trimmed", "mean+sd" or "worst" (afina_aggregate()); all but
 *             the mean need 2 to 100 replicates                       ("mean")
 * aggregate_parameter  of "trimmed" and "mean+sd"; NaN: 0.2, or 1     (NaN)
 * default_first  1: the first trial is of the default point, unless the
 *             host queued others; 0: not; -1: where there are replicates (-1)
 * no_gain     the study ends (AFINA_DONE) when so many trials at the full
 *             budget, one after the other, brought no gain; 0: it does not (0)
 * no_gain_percent  a gain is better by more than that share of the value (0)
 * regret_end  n > 0: before a trial whose number is a multiple of n, the
 *             next one when that is the host's own, afina_ask() puts the
 *             question of afina_model_regret(), once 20 results are known,
 *             and answers AFINA_DONE when the bound is below the noise.
 *             Asked again, it looks again. The method needs a model; 0: never
 *                                                                        (0)
 * workers     threads of afina_optimize()                                (1)
 * seconds     afina_optimize() starts no trial after that time     (infinity)
 * trial_seconds  a trial of afina_optimize() that runs longer (at least 0.001)
 *             is told to stop, and is LOST                         (infinity)
 * target      afina_optimize() ends when the value of a feasible trial is at
 *             least that good; AFINA_E_UNSUPPORTED there with more
 *             objectives than one; NaN: none                          (NaN)
 * trials_total  n > 0: afina_ask() answers AFINA_DONE once the study has n
 *             trials, whichever process asked for them                   (0)
 * synced      of a study in a store: 1: what was told is on the disk when the
 *             call returns; 0: the system writes it later, and a power cut may
 *             lose it or damage the file                                 (1)
 * times       1: events of the log say when they happened                (1)
 * worker      the name by which events of the log say who told them;
 *             "": none                                                   ("")
 *
 * "workers", "seconds", "trial_seconds" and "target" are read by afina_optimize() alone: ask and
 * tell do not look at them. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_set_integer(afina_optimizer *optimizer, const char *key, int64_t value);
AFINA_API int32_t afina_optimizer_set_real(afina_optimizer *optimizer, const char *key, double value);
AFINA_API int32_t afina_optimizer_set_string(afina_optimizer *optimizer, const char *key, const char *value);
AFINA_API int32_t afina_optimizer_set_reals(afina_optimizer *optimizer, const char *key, const double *values,
                                            size_t count);

/* Reads an option as it stands. AFINA_E_NAME for an unknown key, AFINA_E_TYPE when the option
 * is of another type; an integer may also be read as a real. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_get_integer(const afina_optimizer *optimizer, const char *key, int64_t *value);
AFINA_API int32_t afina_optimizer_get_real(const afina_optimizer *optimizer, const char *key, double *value);
AFINA_API int32_t afina_optimizer_get_string(const afina_optimizer *optimizer, const char *key, char *text,
                                             size_t capacity, size_t *length);
AFINA_API int32_t afina_optimizer_get_reals(const afina_optimizer *optimizer, const char *key, double *values,
                                            size_t capacity, size_t *count);

/* The space of a study: also of one that was read from its log, as a copy that the host frees; the filter is shared. As
 * it is now, and as the study was declared with it: they differ when it was extended. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_get_space(const afina_optimizer *optimizer, afina_space **out);
AFINA_API int32_t afina_optimizer_get_declared_space(const afina_optimizer *optimizer, afina_space **out);

/* The space of a study grows while it runs: `space` names what is new. A parameter that the study lacks is added; one
 * that it has gets the values of `space` as well (a wider range, more choices), and its conditions where it has none. A
 * parameter that `space` does not name stays as it is, so that it may be the whole new space or only the part that
 * grows. A trial from before counts as if a new parameter had had its default, where its conditions hold; defaults
 * never move. The method begins anew in the new space and is shown all trials. It is an event of the log, and fixes the
 * options as the first trial does; what adds nothing is no event.
 *
 * AFINA_E_TYPE         the study has a parameter of that name and of another kind
 * AFINA_E_RANGE        it has one with another scale, step, prior, default or condition, with other weights, or with
 *                      values that `space` leaves out: the text names the parameter and the difference; or the options
 *                      do not fit each other, as in afina_ask()
 * AFINA_E_ARGUMENT     `space` has a filter: the study keeps its own
 * AFINA_E_SPACE        its conditions and those of the study have a cycle; or `space` has no parameter
 * AFINA_E_BUSY         a filter extended the optimizer that calls it
 * AFINA_E_UNSUPPORTED  as in afina_ask()
 *
 * The new choices of an ordinal may stand anywhere, as long as the old ones keep their order. Where choices have
 * weights, all do, and the old ones keep theirs beside each other. The values of a condition may be extended by values
 * that its parent did not have. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_extend(afina_optimizer *optimizer, const afina_space *space);

/* The name of an optimizer's method. Never freed. Its options are those that afina_option_name() lists, read with
 * afina_optimizer_get_integer() and its kin. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_get_method(const afina_optimizer *optimizer, const char **name);

/* The filter of the optimizer's space: for a study read from its log, which cannot carry code. AFINA_E_STATE after
 * the first suggestion of this handle, and when the log has suggestions that were made without a filter. May be NULL:
 * filter. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_set_filter(afina_optimizer *optimizer, afina_filter filter, void *user,
                                             afina_release release);

/* Hears of every trial: under afina_optimize() and ask/tell alike, in the order of the log, one
 * event at a time and each once, from its setting on. `report` is the index of the report for
 * AFINA_EVENT_REPORTED, else 0. The trial handle lives during the call and shows the trial as
 * it is by then. Called with no lock held, at the end of the call that brought the event,
 * or from another thread that is just telling of earlier ones: it may call the library, but
 * not wait for other threads that do. afina_optimize() returns after it was told of all.
 *
 * It answers AFINA_OK. AFINA_CANCELLED or a negative status ends the afina_optimize() that
 * runs with this status, which goes before AFINA_DONE, AFINA_ALL_FAILED and other news; without
 * one, the next afina_ask(), afina_ask_wait() or afina_optimize() answers with it, once. Any
 * other number is taken as AFINA_E_CALLBACK. Nothing told is lost. */
typedef int32_t (*afina_observer)(int32_t event, afina_trial *trial, int64_t report, void *user);

/* Sets the observer of a study, or NULL for none. AFINA_E_ARGUMENT: a release function without an observer.
 * May be NULL: observer. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_set_observer(afina_optimizer *optimizer, afina_observer observer, void *user,
                                               afina_release release);

/* Where messages go (AFINA_MESSAGE_*): to this function, and nowhere without it (NULL). They are one
 * AFINA_MESSAGE_INFO for every trial that ends, when an observer would hear of it, and warnings of afina_optimize().
 * Called with no lock held; the text lives during the call. What it answers means what the answer of an observer
 * means. May be NULL: function. Since 0.1.0. */
typedef int32_t (*afina_message_function)(int32_t level, const char *text, void *user);
AFINA_API int32_t afina_optimizer_set_message(afina_optimizer *optimizer, afina_message_function function, void *user,
                                              afina_release release);

/* The next trial to evaluate. The host owns the handle and frees it with
 * afina_trial_free(), before or after the trial is told.
 *
 * AFINA_OK             *out is a running trial
 * AFINA_EXHAUSTED      every point of the space was asked, or the method has no more
 * AFINA_WAIT           a running trial must end first: with `lag`, or by the scheduler
 * AFINA_DONE           the scheduler has no more trials, `budget_total` is spent, there are `trials_total`
 *                      trials, or the option `no_gain` or `regret_end` ends the study
 * AFINA_E_NO_POINT     the filter refused every point that was tried
 * AFINA_E_STATE        the log says that there was a filter: set it first; or the study was opened to be read
 * AFINA_E_UNSUPPORTED  the method does not take as many objectives, or has no model for `regret_end`
 * AFINA_E_RANGE        "direction" does not fit the number of objectives, or the options of budgets,
 *                      scheduler and stopper do not fit each other
 * AFINA_E_BUSY         a filter asked the optimizer that calls it
 * other                what a filter, an observer or a message function answered
 *
 * Points of afina_enqueue() come first, in order; where a scheduler decides, they are its first new arms. What the
 * scheduler decides stands in afina_trial_budget() and its kin. Passes on: filter, observer, message function.
 * Since 0.1.0. */
AFINA_API int32_t afina_ask(afina_optimizer *optimizer, afina_trial **out);

/* The next trial to evaluate, waiting for it: as afina_ask(), but instead of AFINA_WAIT it sleeps until a suggestion
 * can be made, for at most `seconds` (>= 0, INFINITY allowed); AFINA_WAIT when the time is over, AFINA_CANCELLED when
 * afina_cancel() was called, which ends this wait as it would a run. Errors as in afina_ask(), and AFINA_E_RANGE.
 * News: AFINA_EXHAUSTED, AFINA_WAIT, AFINA_DONE, AFINA_CANCELLED. Passes on: filter, observer, message function.
 * Since 0.1.0. */
AFINA_API int32_t afina_ask_wait(afina_optimizer *optimizer, double seconds, afina_trial **out);

/* Starts a trial of the host's own point: it runs, is of origin AFINA_ORIGIN_ADDED, can report, be told constraints and
 * ended as one that was asked for, and the method knows that it runs. Where budgets are declared it counts as one at
 * the full budget. The filter is not asked of the host's own points. The host frees the handle. AFINA_E_ARGUMENT when
 * the point belongs to another space; AFINA_E_UNSUPPORTED, AFINA_E_RANGE and AFINA_E_BUSY as in afina_ask().
 * Since 0.1.0. */
AFINA_API int32_t afina_start(afina_optimizer *optimizer, const afina_point *point, afina_trial **out);

/* Ends a running trial with its values, one for each objective: it is COMPLETE, or PAUSED where afina_trial_budget()
 * is below the full budget. A NaN among them makes the trial FAILED (the values are kept in the log). AFINA_E_STATE
 * when the trial has ended already, AFINA_E_NOT_FOUND when there is none of that number. AFINA_E_RANGE for another
 * count. Since 0.1.0. */
AFINA_API int32_t afina_tell(afina_optimizer *optimizer, int64_t number, const double *values, size_t count);

/* Ends a running trial without values: it crashed; its point cannot be evaluated; or it was stopped, and its last
 * report is its value: STOPPED, but PAUSED or COMPLETE where that report reached the budget. AFINA_E_NOT_FOUND,
 * AFINA_E_STATE. May be NULL: reason. Since 0.1.0. */
AFINA_API int32_t afina_tell_failed(afina_optimizer *optimizer, int64_t number, const char *reason);
AFINA_API int32_t afina_tell_infeasible(afina_optimizer *optimizer, int64_t number, const char *reason);
AFINA_API int32_t afina_tell_stopped(afina_optimizer *optimizer, int64_t number);

/* Ends a running trial that was interrupted (Ctrl-C, a worker that is gone): it is LOST. The method learns nothing of
 * it, its point may be suggested again, and with `lag` no other trial waits for it. What a running trial can be told
 * a lost one can be told too: a late result replaces the loss. AFINA_E_STATE when the trial has ended or is lost
 * already. AFINA_E_NOT_FOUND. May be NULL: reason. Since 0.1.0. */
AFINA_API int32_t afina_tell_lost(afina_optimizer *optimizer, int64_t number, const char *reason);

/* Where the work of a running trial can be taken up again: any UTF-8 text, a path or a key of the host's own. The
 * last one counts. It is kept in the log. AFINA_E_NOT_FOUND, AFINA_E_STATE. Since 0.1.0. */
AFINA_API int32_t afina_tell_checkpoint(afina_optimizer *optimizer, int64_t number, const char *text);

/* The work of the parent could not be continued, its checkpoint is gone: the trial begins from nothing, and costs its
 * whole budget, by which the study may cost more than `budget_total`; it then asks for no further trial. Before its
 * first report. AFINA_E_STATE when it has a start of 0, has reported, is lost or has ended. AFINA_E_NOT_FOUND.
 * Since 0.1.0. */
AFINA_API int32_t afina_tell_restarted(afina_optimizer *optimizer, int64_t number);

/* Keeps a text under a key of a trial: any UTF-8 text, a key that is not empty and of at most 1024 bytes, a trial in
 * any state. For notes of the host, references to files. The last text of a key counts. It is kept in the log, and
 * changes no suggestion. AFINA_E_NOT_FOUND. Since 0.1.0. */
AFINA_API int32_t afina_tell_attribute(afina_optimizer *optimizer, int64_t number, const char *key, const char *text);

/* Texts under keys of the study as a whole: like those of a trial by afina_tell_attribute(). Reading:
 * AFINA_E_NOT_FOUND when the key has no text. Keys are listed in the order in which they first came; index in
 * 0..count-1. AFINA_E_RANGE (index). Since 0.1.0. */
AFINA_API int32_t afina_optimizer_set_attribute(afina_optimizer *optimizer, const char *key, const char *text);
AFINA_API int32_t afina_optimizer_get_attribute(const afina_optimizer *optimizer, const char *key, char *text,
                                                size_t capacity, size_t *length);
AFINA_API int32_t afina_optimizer_attribute_count(const afina_optimizer *optimizer, size_t *count);
AFINA_API int32_t afina_optimizer_attribute_key(const afina_optimizer *optimizer, size_t index, char *text,
                                                size_t capacity, size_t *length);

/* Constraint values of a running trial: it is feasible when all are <= 0, so not with a NaN among them. A trial that
 * was told none is feasible. Once a trial, before the tell (AFINA_E_STATE), and as many as other trials of the study
 * were told (AFINA_E_RANGE; AFINA_E_ARGUMENT for none). A method learns from a trial that violates a constraint what
 * it learns from one that was told as infeasible: its point is bad, its values do not count. AFINA_E_NOT_FOUND.
 * Since 0.1.0. */
AFINA_API int32_t afina_tell_constraints(afina_optimizer *optimizer, int64_t number, const double *values,
                                         size_t count);

/* How uncertain the values of a running trial will be: one standard error for each objective, in its units, finite
 * and >= 0 (AFINA_E_RANGE). Once a trial, before the tell; a STOPPED trial's are those of its last report. `gp`,
 * alone or in `auto` and `mix`, gives such a result that much noise, and learns the noise of the others; other
 * methods keep the errors in the log and do not use them. AFINA_E_NOT_FOUND, AFINA_E_STATE. Since 0.1.0. */
AFINA_API int32_t afina_tell_errors(afina_optimizer *optimizer, int64_t number, const double *errors, size_t count);

/* An intermediate result: `step` (epoch, rows, folds; finite, greater than in the report before) and one value for
 * each objective. AFINA_E_RANGE for another step or count, AFINA_E_STATE when the trial has ended. AFINA_E_NOT_FOUND.
 * Since 0.1.0. */
AFINA_API int32_t afina_tell_report(afina_optimizer *optimizer, int64_t number, double step, const double *values,
                                    size_t count);

/* What afina_tell() and its kin do, through the handle of a trial: afina_trial_tell() is afina_tell(), and so on.
 * AFINA_E_STATE also when the optimizer was freed, or its log rewound past this trial: another trial that has its
 * number by then is never told. AFINA_E_RANGE. May be NULL: reason. Since 0.1.0. */
AFINA_API int32_t afina_trial_tell(afina_trial *trial, const double *values, size_t count);
AFINA_API int32_t afina_trial_tell_failed(afina_trial *trial, const char *reason);
AFINA_API int32_t afina_trial_tell_infeasible(afina_trial *trial, const char *reason);
AFINA_API int32_t afina_trial_tell_stopped(afina_trial *trial);
AFINA_API int32_t afina_trial_tell_lost(afina_trial *trial, const char *reason);
AFINA_API int32_t afina_trial_tell_report(afina_trial *trial, double step, const double *values, size_t count);
AFINA_API int32_t afina_trial_tell_constraints(afina_trial *trial, const double *values, size_t count);
AFINA_API int32_t afina_trial_tell_errors(afina_trial *trial, const double *errors, size_t count);
AFINA_API int32_t afina_trial_tell_checkpoint(afina_trial *trial, const char *text);
AFINA_API int32_t afina_trial_tell_restarted(afina_trial *trial);
AFINA_API int32_t afina_trial_tell_attribute(afina_trial *trial, const char *key, const char *text);

/* Whether a trial should end now, 1 in *stop: its last report reached its budget; the option `stopper` says so; its
 * afina_optimize() was cancelled, or has used up its `seconds`, or the trial its `trial_seconds`; the optimizer was
 * freed. The objective then tells a checkpoint, if it has one, and returns without a value. The last report is the
 * trial's value: it is PAUSED where it reached a budget below the full one, COMPLETE at the full one, and STOPPED
 * when it ended before its budget. By number, which does not tell the run of a trial: of the run that a cancel is
 * pending. AFINA_E_NOT_FOUND. Since 0.1.0. */
AFINA_API int32_t afina_trial_should_stop(afina_trial *trial, int32_t *stop);
AFINA_API int32_t afina_should_stop(afina_optimizer *optimizer, int64_t number, int32_t *stop);

/* Has a point tried next: a point chosen by hand is asked before the method's own, and after those that were enqueued
 * before it. The filter is not asked of it. AFINA_E_ARGUMENT when the point belongs to another space. Since 0.1.0. */
AFINA_API int32_t afina_enqueue(afina_optimizer *optimizer, const afina_point *point);

/* Adds a result obtained elsewhere: it becomes a finished trial that the method learns from. state:
 * AFINA_STATE_COMPLETE (count values, one for each objective; a NaN makes it FAILED), AFINA_STATE_FAILED or
 * AFINA_STATE_INFEASIBLE (count 0). The filter is not asked of the point. AFINA_E_RANGE for another state or count;
 * errors as in afina_start(). May be NULL: number. Since 0.1.0. */
AFINA_API int32_t afina_add_trial(afina_optimizer *optimizer, const afina_point *point, int32_t state,
                                  const double *values, size_t count, int64_t *number);

/* Evaluates the point of a trial and stores one value for each objective. What it answers:
 *
 * AFINA_OK                the trial is COMPLETE, or PAUSED where its budget is below the full one; FAILED when a
 *                         value was not set or is NaN; after afina_trial_should_stop() said 1 and with no value
 *                         set it ends as by afina_trial_tell_stopped()
 * AFINA_INFEASIBLE_POINT  the point cannot be evaluated: INFEASIBLE
 * AFINA_CANCELLED         the trial was interrupted: LOST, as by afina_tell_lost();
 *                         afina_optimize() ends with this status
 * AFINA_E_CALLBACK        the trial FAILED, and afina_optimize() ends with this status
 * any other status        the trial FAILED, and the run goes on
 *
 * The reason of a trial that is FAILED, INFEASIBLE or LOST is the text of afina_last_error() when the objective set
 * one on its thread (by a call that failed, or afina_set_last_error()). The trial handle lives during the call only,
 * and the function and `user` are used during afina_optimize() only. With `workers` > 1 it is called from several
 * threads. Shapes: values[objectives]. */
typedef int32_t (*afina_objective)(afina_trial *trial, double *values, void *user);

/* Asks, evaluates and tells up to `trials` trials (>= 0).
 *
 * AFINA_OK          that many trials were evaluated
 * AFINA_DONE        before: `seconds` were used up, `target` was reached, or afina_ask() answered so
 * AFINA_ALL_FAILED  in place of these two: trials were evaluated, and every one FAILED
 * AFINA_EXHAUSTED   as afina_ask() answered
 * AFINA_WAIT        with `lag`, or by the scheduler: the next trial needs the result of one that runs
 *                   outside of this call
 * AFINA_CANCELLED   afina_cancel() was called, or the objective answered so
 * AFINA_E_CALLBACK  the objective answered so
 * AFINA_E_BUSY      a filter called it for the optimizer that asks the filter
 * other             what a filter, an observer or a message function answered
 *
 * Trials that run when one of these happens are finished and told first. A trial whose
 * objective ends a thread that `workers` started (pthread_exit()) is LOST.
 *
 * A trial that runs longer than `trial_seconds` is LOST from then on, and afina_trial_should_stop() says 1: the other
 * workers go on, and with `lag` nothing waits for it. No thread is ended from outside: the worker goes on with other
 * trials once the objective returns, what that left is a late result, and afina_optimize() itself returns after that.
 * The limit is watched by a thread more, which may call the observer. AFINA_E_STATE when it cannot be started. Errors
 * as in afina_ask(). Passes on: objective, filter, observer, message function. Since 0.1.0. */
AFINA_API int32_t afina_optimize(afina_optimizer *optimizer, afina_objective objective, void *user, int64_t trials);

/* What is wrong with an objective, found before the search: afina_dry_run_new() runs it at the default
 * point (another one where the filter refuses it) twice with the same seed, and, when it set its values and
 * calls afina_trial_should_stop(), once more while it is told to stop. Its trial is one of a study
 * of its own with the space, "objectives", "direction" and "seed" of the optimizer, and the least
 * budget where budgets are declared; what it tells through its handle leaves no trace.
 *
 * A problem is: no result, or none with a reason; a value that is NaN, infinite or another one the second time; a
 * report that was refused, or beyond the budget; reports without afina_trial_should_stop(), or going on once it said
 * 1. What is not as it should be is no error here: errors are AFINA_E_ARGUMENT, AFINA_E_MEMORY, AFINA_E_FORKED, and
 * those of afina_start() and of the filter. Passes on: filter. Since 0.1.0. */
typedef struct afina_dry_run afina_dry_run;
AFINA_API int32_t afina_dry_run_new(afina_dry_run **out, const afina_optimizer *optimizer, afina_objective objective,
                                    void *user);
AFINA_API void afina_dry_run_free(afina_dry_run *run);

/* What a dry run found, one line each: the first problem_count are problems, the others good to know (how long it took,
 * what it reported). index in 0..finding_count-1, NULL for another one; the text lives as long as the handle. The
 * counts of NULL are 0. Since 0.1.0. */
AFINA_API size_t afina_dry_run_problem_count(const afina_dry_run *run);
AFINA_API size_t afina_dry_run_finding_count(const afina_dry_run *run);
AFINA_API const char *afina_dry_run_finding(const afina_dry_run *run, size_t index);

/* What comes next of a trial in simulated time: occurrence `index`, 0 for the first. It stores in *seconds (finite,
 * >= 0) how long after the one before, or after its start, and answers
 *
 * AFINA_OK    the trial reports `values` at *step, and goes on unless the study stops it there
 * AFINA_DONE  it ends with `values`, one for each objective
 * others      it ends as it would with an objective that answers so
 *
 * Shapes: values[objectives]. */
typedef int32_t (*afina_simulated)(afina_trial *trial, int64_t index, double *step, double *values, double *seconds,
                                   void *user);

/* Runs a study in simulated time: up to `trials` trials on `workers` (1..1000000) simulated workers, on the calling
 * thread and without waiting. It is a study on a table or a function, or a rehearsal of one on a cluster. Reports and
 * ends come in the order of simulated time. *seconds is how long the study would have taken, *busy the share of the
 * workers' time that was used. Answers and errors as afina_optimize(); AFINA_E_RANGE also for seconds that are
 * negative or not finite. Passes on: objective, filter, observer, message function. May be NULL: seconds, busy.
 * Since 0.1.0. */
AFINA_API int32_t afina_simulate(afina_optimizer *optimizer, afina_simulated objective, void *user, int64_t workers,
                                 int64_t trials, double *seconds, double *busy);

/* Cancels a run: ends the afina_optimize() that runs on this handle or the afina_ask_wait() that sleeps, or else the
 * next one to run or to sleep, and no more than one; from any thread or callback, and from a signal handler.
 * Since 0.1.0. */
AFINA_API int32_t afina_cancel(afina_optimizer *optimizer);

/* The trial with the best value: complete, feasible, at the full budget, the earlier of equals; the host frees it. With
 * `replicates` it is the first trial of the best arm, of those that have at least half as many replicates as the one
 * with most: of two arms that with the better mean over the replicates that both have, or by another rule of the option
 * `aggregate` over all that each has. Without a scheduler a trial with a budget, of a replicate other than 0, or of
 * origin AFINA_ORIGIN_PROMOTED or AFINA_ORIGIN_REPEATED, which the log of another program may hold, is never the best.
 * AFINA_E_NOT_FOUND when there is none, AFINA_E_UNSUPPORTED with more than one objective. Since 0.1.0. */
AFINA_API int32_t afina_best(afina_optimizer *optimizer, afina_trial **out);

/* The best trial by the model, where results are noisy: of the trials that are compared the one whose objective the
 * model expects to be best, noise left out. The best value told is then the luckiest; this is the configuration to
 * keep. A quarter of what a trial's own value deviates from the prediction counts as true, since a model takes for
 * noise what is too fine for it; nothing of it where errors were told (afina_tell_errors()) or trials are repeated.
 * Without a model, or with too little told for one, as afina_best(). It takes a turn, as the other questions to the
 * model. Errors as afina_best(), and AFINA_E_RANGE (no such output). Since 0.1.0. */
AFINA_API int32_t afina_model_best(afina_optimizer *optimizer, size_t output, afina_trial **out);

/* Trials are numbered 0, 1, 2, ... in the order they came to be. AFINA_E_NOT_FOUND. Since 0.1.0. */
AFINA_API int32_t afina_trial_count(const afina_optimizer *optimizer, int64_t *count);
AFINA_API int32_t afina_trial_get(afina_optimizer *optimizer, int64_t number, afina_trial **out);
AFINA_API void afina_trial_free(afina_trial *trial);

/* The space of a trial's study grows while the trial runs: its objective needs parameters that the trial does not have.
 * The trial gets a value for each, and the study's space is extended as by afina_optimizer_extend(), but a range may
 * also be narrower, or choices fewer, than the study's: those stay. Trial 0 gets the default, any other a draw from the
 * prior of `space`, by a random stream of its own for each name, so that it does not depend on the order in which
 * trials that run at the same time declare the same. A parameter that the trial has keeps its value. The handle's point
 * has the values from then on; other handles are new ones of afina_trial_get(). What adds nothing is no event.
 *
 * A trial that lacks a parameter which another trial declared like this did not use it: it is inactive there, for every
 * method. With `lag` a suggestion knows what the trials declared whose results it knows.
 *
 * AFINA_E_TYPE, AFINA_E_RANGE, AFINA_E_SPACE and AFINA_E_BUSY as in afina_optimizer_extend(); AFINA_E_STATE when the
 * trial has ended, or the log says that there was a filter and it is not set; AFINA_E_NO_POINT when the filter refused
 * every draw; AFINA_E_NOT_FOUND of afina_extend(). Passes on: filter. Since 0.1.0. */
AFINA_API int32_t afina_trial_extend(afina_trial *trial, const afina_space *space);
AFINA_API int32_t afina_extend(afina_optimizer *optimizer, int64_t number, const afina_space *space);

/* Parameters that a running trial does not use: of those of its point, so that they count as inactive there for every
 * method, and in columns: branches that only the host's code knows are learned as such. A suggestion has a value for
 * them all the same. Once a trial, before its end (AFINA_E_STATE). AFINA_E_NAME for a name that its point does not
 * have, or that stands there twice; AFINA_E_ARGUMENT for a count of 0; AFINA_E_NOT_FOUND of afina_tell_unused().
 * Since 0.1.0. */
AFINA_API int32_t afina_tell_unused(afina_optimizer *optimizer, int64_t number, const char *const *names, size_t count);
AFINA_API int32_t afina_trial_tell_unused(afina_trial *trial, const char *const *names, size_t count);

/* Whether a trial was told that it does not use a parameter: *unused is 1 then, else 0. AFINA_E_NAME when the handle's
 * point does not have it. Since 0.1.0. */
AFINA_API int32_t afina_trial_is_unused(const afina_trial *trial, const char *name, int32_t *unused);

/* The record of a trial. The point is borrowed for the life of the trial handle. The number of a NULL handle is -1, its
 * point NULL. Since 0.1.0. */
AFINA_API int64_t afina_trial_number(const afina_trial *trial);
AFINA_API const afina_point *afina_trial_point(const afina_trial *trial);
AFINA_API int32_t afina_trial_state(const afina_trial *trial, int32_t *state);
AFINA_API int32_t afina_trial_origin(const afina_trial *trial, int32_t *origin);

/* How far a trial is planned to go: in the unit of `budget_min` and of the steps that it reports (> 0; INFINITY: as far
 * as it takes). Since 0.1.0. */
AFINA_API int32_t afina_trial_budget(const afina_trial *trial, double *budget);

/* Where a trial begins: at what its parent had reached, whose work it continues from that trial's checkpoint; 0: from
 * nothing, also after afina_trial_tell_restarted(). It costs its budget less its start. Since 0.1.0. */
AFINA_API int32_t afina_trial_start(const afina_trial *trial, double *start);

/* The arm of a trial: the number of the first trial of its configuration, its own for a new one. All trials of an arm
 * have the same point. Since 0.1.0. */
AFINA_API int32_t afina_trial_arm(const afina_trial *trial, int64_t *arm);

/* The replicate of a trial: which one of a resampling (afina_resampling_rows()) it evaluates, from 0. Since 0.1.0. */
AFINA_API int32_t afina_trial_replicate(const afina_trial *trial, int64_t *replicate);

/* The parent of a trial: the number of the earlier trial whose work this one continues, or which it repeats (its start
 * is then 0); -1: none. Since 0.1.0. */
AFINA_API int32_t afina_trial_parent(const afina_trial *trial, int64_t *parent);

/* What a trial was told: its values, constraints, errors, reason and reports. afina_trial_value() is the only value
 * of a trial with one objective. AFINA_E_STATE: the trial has none (it runs, failed, ...); AFINA_E_UNSUPPORTED: the
 * study has more objectives. AFINA_E_RANGE (index). Since 0.1.0. */
AFINA_API int32_t afina_trial_value(const afina_trial *trial, double *value);
AFINA_API int32_t afina_trial_values(const afina_trial *trial, double *values, size_t capacity, size_t *count);
AFINA_API int32_t afina_trial_constraints(const afina_trial *trial, double *values, size_t capacity, size_t *count);
AFINA_API int32_t afina_trial_errors(const afina_trial *trial, double *errors, size_t capacity, size_t *count);
AFINA_API int32_t afina_trial_reason(const afina_trial *trial, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_trial_report_count(const afina_trial *trial, size_t *count);
AFINA_API int32_t afina_trial_report(const afina_trial *trial, size_t index, double *step, double *values,
                                     size_t capacity, size_t *count);

/* The last checkpoint of the trial, "" when there is none; and its attributes, as those of the study by
 * afina_optimizer_get_attribute(). AFINA_E_NOT_FOUND, AFINA_E_RANGE (index). Since 0.1.0. */
AFINA_API int32_t afina_trial_checkpoint(const afina_trial *trial, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_trial_attribute(const afina_trial *trial, const char *key, char *text, size_t capacity,
                                        size_t *length);
AFINA_API int32_t afina_trial_attribute_count(const afina_trial *trial, size_t *count);
AFINA_API int32_t afina_trial_attribute_key(const afina_trial *trial, size_t index, char *text, size_t capacity,
                                            size_t *length);

/* Columns of the trials: one property of many trials at once, a hundred thousand in milliseconds. Each fills its array
 * with what belongs to the trials first, first + 1, ... (first >= 0) as far as `capacity` goes, and stores in *count
 * how many trials there are from `first` on, which may be more than fitted. Other threads may tell meanwhile: an
 * element is right for some moment during the call.
 *
 * values    of one objective, 0..objectives-1; NaN where a trial has none
 * reals     a parameter of any kind as a number: NaN where it is not active, or where its
 *           choice spells no number; an integer beyond 2^53 is rounded
 * integers  an integer parameter, 0 where it is not active; `active`, which may be
 *           NULL, gets 1 or 0
 * choices   a categorical or ordinal parameter: the index of its choice
 *           (afina_space_get_choice()), -1 where it is not active
 * started, ended  as in afina_trial_times()
 *
 * Errors: AFINA_E_RANGE, AFINA_E_NAME, AFINA_E_TYPE (a parameter of another kind).
 * Since 0.1.0. */
AFINA_API int32_t afina_column_states(const afina_optimizer *optimizer, int64_t first, int32_t *states, size_t capacity,
                                      size_t *count);
AFINA_API int32_t afina_column_origins(const afina_optimizer *optimizer, int64_t first, int32_t *origins,
                                       size_t capacity, size_t *count);
AFINA_API int32_t afina_column_values(const afina_optimizer *optimizer, size_t objective, int64_t first, double *values,
                                      size_t capacity, size_t *count);
AFINA_API int32_t afina_column_reals(const afina_optimizer *optimizer, const char *name, int64_t first, double *values,
                                     size_t capacity, size_t *count);
AFINA_API int32_t afina_column_integers(const afina_optimizer *optimizer, const char *name, int64_t first,
                                        int64_t *values, int32_t *active, size_t capacity, size_t *count);
AFINA_API int32_t afina_column_choices(const afina_optimizer *optimizer, const char *name, int64_t first,
                                       int32_t *choices, size_t capacity, size_t *count);
AFINA_API int32_t afina_column_started(const afina_optimizer *optimizer, int64_t first, int64_t *times, size_t capacity,
                                       size_t *count);
AFINA_API int32_t afina_column_ended(const afina_optimizer *optimizer, int64_t first, int64_t *times, size_t capacity,
                                     size_t *count);

/* A column of attributes: the text that each trial was told last under a key, NULL where there is none, by the rules
 * of afina_column_states(). The texts are borrowed until the optimizer is freed or its log rewound. AFINA_E_RANGE.
 * Since 0.1.0. */
AFINA_API int32_t afina_column_attributes(const afina_optimizer *optimizer, const char *key, int64_t first,
                                          const char **texts, size_t capacity, size_t *count);

/* The numbers of the trials that run, ascending. Since 0.1.0. */
AFINA_API int32_t afina_running_trials(const afina_optimizer *optimizer, int64_t *numbers, size_t capacity,
                                       size_t *count);

/* What all trials have cost: a trial with a result at its budget, or that was lost, costs that less its start;
 * another one what it reported beyond its start, and without reports nothing where it was stopped or infeasible, else
 * as much as with a result; one without a budget, as all that the host adds, costs 1. *promised is what trials that
 * run will cost. May be NULL: promised. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_cost(const afina_optimizer *optimizer, double *spent, double *promised);

/* Checkpoints that are no longer needed: the numbers of the trials with one that no later trial will continue,
 * ascending. The host may delete what the checkpoint names, unless it wants to keep the model of a complete trial. It
 * takes a turn, as afina_ask(). Since 0.1.0. */
AFINA_API int32_t afina_stale_checkpoints(afina_optimizer *optimizer, int64_t *numbers, size_t capacity, size_t *count);

/* What the scheduler concludes: from the results up to now, where it looks for the best of a set of arms ("halving",
 * "rejects", "top-two", "lucb"). *arm is the number of the first trial of the best arm, -1 when no arm has a result;
 * *decided is 1 when the scheduler has kept its promise: its confidence is reached or, where it has none, its trials
 * are spent. *gap is the amount by which that arm is at most worse than the true best, with the option `confidence`,
 * in units of the objective: 0 when the best is known, INFINITY when nothing is, NaN where there is no confidence. So
 * a study that ended undecided says "undecided, the gap is at most *gap". AFINA_E_UNSUPPORTED for a scheduler that
 * draws no conclusion. It takes a turn, as afina_ask(). May be NULL: decided, gap. Since 0.1.0. */
AFINA_API int32_t afina_conclusion(afina_optimizer *optimizer, int64_t *arm, int32_t *decided, double *gap);

/* When a trial was asked for and when it ended: in milliseconds since 1970 UTC; INT64_MIN when it has not ended, or the
 * log does not say (option "times"). Since 0.1.0. */
AFINA_API int32_t afina_trial_times(const afina_trial *trial, int64_t *started, int64_t *ended);

/* A seed for the objective's own randomness: drawn for (seed of the study, arm, replicate); a trial that continues
 * another has the same. Since 0.1.0. */
AFINA_API int32_t afina_trial_seed(const afina_trial *trial, uint64_t *seed);

/* A seed for the data, drawn for (seed of the study, replicate): all arms share it, so that they are compared on the
 * same division of the rows. Since 0.1.0. */
AFINA_API int32_t afina_trial_data_seed(const afina_trial *trial, uint64_t *seed);

/* The log as text, one JSON object a line; docs/log.md describes it. Reading it gives a study that goes on as if it
 * had never stopped. Reading answers AFINA_E_FORMAT (no log), AFINA_E_UNSUPPORTED (it needs a later version), and
 * what the calls would answer that its lines stand for: AFINA_E_STATE, AFINA_E_RANGE, AFINA_E_NAME, AFINA_E_TYPE,
 * AFINA_E_NOT_FOUND, AFINA_E_SPACE. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_to_log(const afina_optimizer *optimizer, char *text, size_t capacity, size_t *length);
AFINA_API int32_t afina_optimizer_from_log(afina_optimizer **out, const char *text, size_t length);

/* The log in pieces, for a host that keeps it in a store of its own; docs/log.md shows
 * the loop of several processes on one study. A position is a number of whole lines:
 * 0 stands before the first one.
 *
 * read    writes as many whole lines from `position` on as `capacity` bytes hold with the
 *         NUL behind them, the length (without the NUL) in *length and the position after
 *         them in *next. At the end of the log *length is 0 and *next is `position`: AFINA_OK.
 *         AFINA_E_RANGE when the next line does not fit (*length is its length), or when
 *         the log is shorter than `position`. The first line is fixed from then on, as
 *         it is by the first trial: options that it holds can no longer be set.
 * append  takes in lines that another process wrote, with the checks of every call. `text`
 *         is `length` bytes of whole lines, the first of which stands at `position`. Lines
 *         that are here already are passed over. Where another line stands here the answer
 *         is AFINA_STALE, the position of that line is in *next, and nothing is taken in: what
 *         was asked here came too late. On an error nothing is taken in either. The
 *         text is read while other calls go on; they wait while its lines are taken in.
 * rewind  takes the lines from `position` (1 or more) on away. A trial that is among them is no
 *         more: its handle answers with AFINA_E_STATE, and its number may come again.
 *
 * Two processes may write lines that are equal to the byte, for the same trial within one millisecond. So a line of
 * the text is here already when it came in, or was handed out by read or afina_optimizer_to_log(); one that was made
 * here and never handed out is another line than its equal. Hand lines out only to write them into the store, while
 * it is locked, or name each process (option `worker`). append and rewind take a turn, as an ask. Errors as
 * afina_optimizer_from_log(). News: AFINA_STALE of afina_log_append(). May be NULL: next of afina_log_append().
 * Since 0.1.0. */
AFINA_API int32_t afina_log_read(const afina_optimizer *optimizer, int64_t position, char *text, size_t capacity,
                                 size_t *length, int64_t *next);
AFINA_API int32_t afina_log_append(afina_optimizer *optimizer, int64_t position, const char *text, size_t length,
                                   int64_t *next);
AFINA_API int32_t afina_log_rewind(afina_optimizer *optimizer, int64_t position);

/* How many lines the log has. Since 0.1.0. */
AFINA_API int32_t afina_log_length(const afina_optimizer *optimizer, int64_t *lines);

/* Derives every suggestion anew from the log and compares the bits. AFINA_OK, or AFINA_E_REPLAY with the first trial
 * that differs in *number (else -1). AFINA_E_VERSION with the first trial whose note was written by another version
 * of its method: such a note is passed over, so what follows cannot be compared; the study goes on all the same.
 * AFINA_E_STATE (the filter is missing). Passes on: filter. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_replay(const afina_optimizer *optimizer, int64_t *number);

/* -------------------------------------------------------------------- stores */

/* A study that lives in a store: "sqlite:PATH" is an SQLite file, which any number of processes and threads may open
 * at once; "memory:" is one of this handle alone. What is asked and told goes into the store before the call returns,
 * and what other processes wrote is taken in whenever something is asked or told. docs/store.md tells more.
 *
 * A study that is not there is created by its first event, with the options that are set by then; `space` and `method`
 * are those of afina_optimizer_new(). A study that is there goes on: `space` may be NULL, the study's, the one that it
 * began with, or one that extends it, as in afina_optimizer_extend(), and brings the filter, if there was one; `method`
 * NULL or the study's. The host owns *out and frees it with afina_optimizer_free().
 *
 * AFINA_E_ARGUMENT     another URL; or a new study has no space
 * AFINA_E_NOT_FOUND    there is no such study, and `mode` does not create it
 * AFINA_E_STATE        the study has another method, or no filter where the space has one
 * AFINA_E_RANGE        `mode`; or the space has a narrower range or other properties than the study's
 * AFINA_E_TYPE         the space has a parameter of that name and of another kind
 * AFINA_E_NAME         an unknown method
 * AFINA_E_FILE         the file cannot be opened or written, or was locked by others for 60 seconds
 * AFINA_E_FORMAT       the file is no store, or damaged
 * AFINA_E_UNSUPPORTED  it is of a later version, or in a journal mode that would not be safe
 *
 * A call that asks or tells something answers AFINA_E_FILE when the file cannot be written (it is full, say), and the
 * study is as it was; when lines are gone that were there, since the file was restored or replaced, too, and nothing is
 * written over it; and AFINA_E_NOT_FOUND when the study was deleted. afina_log_append() and afina_log_rewind() answer
 * AFINA_E_STATE. May be NULL: space, method. Since 0.1.0. */
AFINA_API int32_t afina_optimizer_open(const char *url, const char *name, const afina_space *space, const char *method,
                                       int32_t mode, afina_optimizer **out);

/* Takes in what other processes wrote to the store: waits for it at most `seconds` (>= 0). The number of new lines
 * in *lines, 0 when there were none. Asking and telling does so by itself; a process that only reads calls
 * this. Without a store there are none. AFINA_E_RANGE, AFINA_E_BUSY (a filter calls it), AFINA_E_FILE, AFINA_E_FORMAT,
 * AFINA_E_NOT_FOUND as in afina_optimizer_open(). May be NULL: lines. Passes on: observer, message function.
 * Since 0.1.0. */
AFINA_API int32_t afina_optimizer_refresh(afina_optimizer *optimizer, double seconds, int64_t *lines);

/* The studies of a store as JSON, by name: [{"name":"first","lines":12}]. AFINA_E_ARGUMENT for another URL than
 * "sqlite:PATH", AFINA_E_FILE, AFINA_E_FORMAT, AFINA_E_UNSUPPORTED as in afina_optimizer_open(). Since 0.1.0. */
AFINA_API int32_t afina_store_list(const char *url, char *text, size_t capacity, size_t *length);

/* Deletes a study for good, whoever has it open: their next call answers AFINA_E_NOT_FOUND. AFINA_E_NOT_FOUND when
 * there is none; other errors as in afina_store_list(). Since 0.1.0. */
AFINA_API int32_t afina_store_delete(const char *url, const char *name);

/* -------------------------------------------------------------------- model */

/* What the optimizer's model has learned of the objective; docs/model.md shows it
 * at work. "gp" has a model, and so have "auto" and a "mix" with "gp" in it: the one
 * that a suggestion of "gp" would be made from, so it knows what that suggestion would
 * (with `lag`, not more), and trials that still run are left out. A question takes the
 * turn of an ask: it may wait for one, and the first one after a result may take as
 * long. It changes no suggestion.
 *
 * Values are in the units and the direction of what was told. The model learns them
 * transformed; an answer goes back through the same transform. The better half
 * is interpolated and extrapolated, nothing worse than the worst result is predicted.
 * Infinite results count as the best or the worst finite one, failed trials as a
 * mean one. Answers are finite, and the same log gives the same bits.
 *
 * `output` says of what a question is: 0..objectives-1 are the objectives, the numbers
 * behind them the constraints, in the order in which they are told.
 *
 * Errors of all: AFINA_E_BUSY (a filter asks), AFINA_E_RANGE (an output that the study does not have),
 * AFINA_E_UNSUPPORTED (the method has no model, or its model not this or not this output), AFINA_E_STATE (fewer than
 * two trials have ended, or none with a finite result). */

/* What the model expects at a point: mean and standard deviation of the objective itself (noise left out). Both are of
 * the distribution of values that the model gives (32 points of Gauss-Hermite quadrature through the transform).
 * Since 0.1.0. */
AFINA_API int32_t afina_model_predict(afina_optimizer *optimizer, size_t output, const afina_point *point, double *mean,
                                      double *sd);

/* A quantile of what the model expects: the value that the objective itself is below with probability p, 0 < p < 1, as
 * far as the model is right: 0.5 gives the median, 0.05 and 0.95 an interval of 90 % (docs/decisions/model.md says how
 * much such intervals were found to hold). Since 0.1.0. */
AFINA_API int32_t afina_model_quantile(afina_optimizer *optimizer, size_t output, const afina_point *point, double p,
                                       double *value);

/* The noise that the model expects: the standard deviation of results repeated at a point and told without an error,
 * the learned noise; what the prior expects when all came with an error. Since 0.1.0. */
AFINA_API int32_t afina_model_noise(afina_optimizer *optimizer, size_t output, const afina_point *point, double *sd);

/* Functions drawn from the posterior (noise left out): `draws` rows of n values, one
 * for each point, that belong together. Row k depends on (seed, k), the points and
 * the log alone. *count is draws * n. AFINA_E_RANGE unless 1 <= n <= 2000 and
 * draws >= 1. Each value carries an error of 1e-6 deviations. Since 0.1.0. */
AFINA_API int32_t afina_model_draws(afina_optimizer *optimizer, size_t output, const afina_point *const *points,
                                    size_t n, size_t draws, uint64_t seed, double *values, size_t capacity,
                                    size_t *count);

/* The learned length scale of a parameter: how far one must go, in units of its range under its prior ([0, 1]: the
 * logarithm's range for AFINA_SCALE_LOG), for the objective to become another. Two choices of a categorical parameter
 * are 1 apart. Short: it matters; above some 10: it does not. AFINA_E_NAME. Since 0.1.0. */
AFINA_API int32_t afina_model_length_scale(afina_optimizer *optimizer, size_t output, const char *name, double *value);

/* The share that each parameter has in what the model expects: its total effect
 * (M. J. W. Jansen 1999; interactions count for all who take part), points drawn
 * from the priors and the filter left out, divided by the sum of all. One number
 * for each parameter in the order of the space, of sum 1; all 0 when the model
 * expects the same everywhere. Effects are compared in the model's own units. Since 0.1.0. */
AFINA_API int32_t afina_model_importances(afina_optimizer *optimizer, size_t output, double *shares, size_t capacity,
                                          size_t *count);

/* The share of one parameter in what the model expects: that of afina_model_importances(). AFINA_E_NAME. Since 0.1.0.
 */
AFINA_API int32_t afina_model_importance(afina_optimizer *optimizer, size_t output, const char *name, double *share);

/* Where the optimum may lie: for each of `draws` (1..10000) functions drawn from the posterior (noise left out) the
 * point where it is best, of a few hundred at which it is likely to be: finished trials, draws from the priors and
 * steps near the best of them. All are valid, and the filter, which is called some 1,600 times and once more for each
 * finished trial, allows them. points[0..draws-1] are new handles, which the host frees; all NULL on failure, unless
 * `draws` is out of range. The k-th depends on (seed, k) and the log alone. This is the distribution that Thompson
 * sampling draws from (D. Russo et al. 2018). AFINA_E_NO_POINT when the filter refuses all. Passes on: filter.
 * Shapes: points[draws]. Since 0.1.0. */
AFINA_API int32_t afina_model_optima(afina_optimizer *optimizer, size_t output, size_t draws, uint64_t seed,
                                     afina_point **points);

/* The range in which the optimum may lie: the shortest interval, under its prior, that holds at least `share`, 0 <
 * share <= 1, of the values of a real or integer parameter in 1000 such optima. Both ends are values of the
 * parameter. Optima in which it is inactive are left out. AFINA_E_TYPE for a parameter with choices,
 * AFINA_E_NOT_FOUND when it is active in none. AFINA_E_NAME. Since 0.1.0. */
AFINA_API int32_t afina_model_range(afina_optimizer *optimizer, size_t output, const char *name, double share,
                                    uint64_t seed, double *low, double *high);

/* The choices with which the optimum may come: of a categorical or ordinal parameter, for each choice, in their
 * order, its share of 1000 such optima. Their sum is 1 less the share of optima in which the parameter is inactive.
 * AFINA_E_TYPE for a parameter with numbers. AFINA_E_NAME. Since 0.1.0. */
AFINA_API int32_t afina_model_choice_shares(afina_optimizer *optimizer, size_t output, const char *name, uint64_t seed,
                                            double *shares, size_t capacity, size_t *count);

/* A simpler point that the model cannot tell from the given one: parameters go back to their defaults, the least
 * harmful first, while the mean of what the model expects is no worse than at the point by more than the model's
 * standard deviation there (afina_model_predict()). With results of deviation s that is about s / sqrt(m), where m
 * results are near the point; it tends to 0 where results have no noise. What becomes active starts at its default.
 * Each step is a valid point that the filter allows. *simple is a new handle, which the host frees. Passes on:
 * filter. Since 0.1.0. */
AFINA_API int32_t afina_model_simplify(afina_optimizer *optimizer, size_t output, const afina_point *point,
                                       afina_point **simple);

/* What more trials can bring: an upper bound of how far the best finished trial is from the optimum, and beside it
 * the standard deviation of that trial's result (the error it was told with, or else afina_model_noise()). Once the
 * bound is below the noise, more trials bring less than luck does; the option `regret_end` ends the study then (A.
 * Makarova et al., "Automatic termination for hyperparameter optimization", AutoML 2022). Both are as good as the
 * model. The filter is called some 1,600 times, and once for each finished trial. Passes on: filter. Since 0.1.0. */
AFINA_API int32_t afina_model_regret(afina_optimizer *optimizer, size_t output, double *bound, double *noise);

/* What the model expects of each trial from the others: for every trial that it holds (all that ended with a result
 * or failed, up to the option "points"), in the order of the tells: its number; mean and standard deviation (noise
 * included) that the others' results predict for it, hyperparameters and overall mean as they are; and the residual
 * (told - mean) / sd in the model's own units, where +-2 is usual and +-4 a surprise. Each array has room for
 * `capacity` elements; *count is how many there are. May be NULL: numbers, means, sds, residuals. Since 0.1.0. */
AFINA_API int32_t afina_model_leave_one_out(afina_optimizer *optimizer, size_t output, int64_t *numbers, double *means,
                                            double *sds, double *residuals, size_t capacity, size_t *count);

/* -------------------------------------------------------------- experiments */

/* How rows of data are divided into training and validation rows, again and again, for a model of
 * any kind; docs/resampling.md shows it at work. A replicate is one such division. Which rows it
 * has is a function of the options and of its number alone, so every process can compute every
 * replicate, and every configuration is judged on the same ones. Threads: one while it is changed,
 * any number that read. */
typedef struct afina_resampling afina_resampling;

/* The schemes of resampling: index in 0..count-1; NULL for an unknown index or name. Never freed. Since 0.1.0. */
AFINA_API size_t afina_resampling_scheme_count(void);
AFINA_API const char *afina_resampling_scheme_name(size_t index);
AFINA_API const char *afina_resampling_scheme_summary(const char *scheme);

/* A new resampling: rows 0..rows-1, 2 <= rows <= 2^31, divided by one of these schemes:
 *
 * "holdout"        one random part of the rows validates: `share` (0.25)
 * "kfold"          `folds` parts (5), each of which validates once; `repeats` (1) such divisions.
 *                  The parts differ by one row at most
 * "leave-one-out"  each row, or group, validates once
 * "monte-carlo"    `count` (10) random parts of `share` (0.25), drawn independently
 * "bootstrap"      `count` (50) samples of as many rows, drawn with replacement; the rows that
 *                  were not drawn validate
 * "expanding"      rows in the order of time: `splits` (5) times, all earlier rows train and the
 *                  next `horizon` rows validate (0: rows / (splits + 1)), `gap` rows (0) between them
 * "sliding"        the same with a training window of `window` rows (0: as many as in the first split)
 *
 * The random ones have a `seed` (0). "holdout", "kfold" and "monte-carlo" have `training` (1), the
 * share of the training rows that is used: the rows of a smaller share are among those of a larger.
 * Errors: AFINA_E_NAME, AFINA_E_RANGE, AFINA_E_MEMORY. Since 0.1.0. */
AFINA_API int32_t afina_resampling_new(afina_resampling **out, const char *scheme, size_t rows);
AFINA_API void afina_resampling_free(afina_resampling *resampling);

/* Sets an option of a resampling. Whether the options fit the rows is checked when the replicates are counted or
 * read. AFINA_E_NAME, AFINA_E_TYPE, AFINA_E_RANGE. Since 0.1.0. */
AFINA_API int32_t afina_resampling_set_integer(afina_resampling *resampling, const char *key, int64_t value);
AFINA_API int32_t afina_resampling_set_real(afina_resampling *resampling, const char *key, double value);

/* Classes and groups of the rows: one label for each row, in -2^53..2^53. Rows of one class are spread evenly: every
 * part holds of each class its share, rounded up or down ("holdout", "kfold", "monte-carlo"), or each class is drawn
 * for itself ("bootstrap"). Rows of one group stay together, in training or in validation; "kfold" then evens the
 * parts out as well as whole groups allow, and takes classes as well. NULL removes the labels. AFINA_E_UNSUPPORTED
 * where the scheme cannot. AFINA_E_RANGE (count, or a label). May be NULL: labels. Since 0.1.0. */
AFINA_API int32_t afina_resampling_set_classes(afina_resampling *resampling, const int64_t *labels, size_t count);
AFINA_API int32_t afina_resampling_set_groups(afina_resampling *resampling, const int64_t *labels, size_t count);

/* How many replicates a resampling has. AFINA_E_RANGE when options and rows do not fit: more folds than rows or
 * groups, a class with fewer rows than folds, too few rows for the splits. AFINA_E_UNSUPPORTED. Since 0.1.0. */
AFINA_API int32_t afina_resampling_count(const afina_resampling *resampling, int64_t *count);

/* The rows of a replicate: of 0..count-1, ascending; a bootstrap sample repeats a row that was drawn several times.
 * Each array is filled by the rule of arrays. AFINA_E_RANGE (replicate); errors of afina_resampling_count().
 * Since 0.1.0. */
AFINA_API int32_t afina_resampling_rows(const afina_resampling *resampling, int64_t replicate, int64_t *training,
                                        size_t training_capacity, size_t *training_count, int64_t *validation,
                                        size_t validation_capacity, size_t *validation_count);

/* A resampling inside of another: a scheme over the distinct training rows of a replicate, which keep their numbers,
 * classes and groups. Its `seed` is derived from that of the outer scheme and the replicate. The outer object may be
 * freed. AFINA_E_NAME, and errors of afina_resampling_rows(). Since 0.1.0. */
AFINA_API int32_t afina_resampling_inner(afina_resampling **out, const afina_resampling *outer, int64_t replicate,
                                         const char *scheme);

/* A pair of functions, one that divides the rows and one that trains and judges a model, as an objective. Threads: any,
 * if `evaluate` allows that. */
typedef struct afina_experiment afina_experiment;

/* Trains and judges a configuration: that of the trial, on the training rows. It judges it on the validation rows,
 * and stores one value for each objective (NaN: the trial fails). Rows as afina_resampling_rows() gives them; the
 * arrays live during the call. It answers as an afina_objective; with AFINA_OK and no value set the trial fails.
 * Shapes: values[objectives]. */
typedef int32_t (*afina_evaluate)(afina_trial *trial, const int64_t *training, size_t training_count,
                                  const int64_t *validation, size_t validation_count, double *values, void *user);

/* A new experiment: the resampling is copied, and has its labels and options by now; errors of
 * afina_resampling_count(). The host frees the experiment when no study uses it any more. Since 0.1.0. */
AFINA_API int32_t afina_experiment_new(afina_experiment **out, const afina_resampling *resampling,
                                       afina_evaluate evaluate, void *user, afina_release release);
AFINA_API void afina_experiment_free(afina_experiment *experiment);

/* An afina_objective whose `user` is the experiment. A trial of a study
 *
 * with `replicates`  evaluates the fold of its replicate: the scheduler decides which folds a configuration gets.
 *                    There are at most as many as the resampling has (AFINA_E_RANGE)
 * with budgets       evaluates as many folds as its budget says, and continues with the mean of its parent's: the
 *                    race over folds of `halving` and the like, whose budgets are whole numbers of folds
 * else               evaluates all folds, reports the mean so far after each (its step is the number of folds), ends
 *                    where the stopper says so, and tells the standard error of the mean
 *
 * and has the mean as its value. Several threads may use it at once if `evaluate` allows that. Passes on: evaluate.
 * Shapes: values[objectives]. Since 0.1.0. */
AFINA_API int32_t afina_experiment_objective(afina_trial *trial, double *values, void *experiment);

/* The .632 estimate of the prediction error (B. Efron, R. Tibshirani 1997, equation 24): from the error on the training
 * rows and the mean error on rows that were not drawn; with no_information, the error when features and targets are
 * independent, the .632+ estimate (equations 28-32), else NaN. AFINA_E_RANGE when another argument is not finite.
 * Since 0.1.0. */
AFINA_API int32_t afina_resampling_632(double training_error, double out_of_bag_error, double no_information,
                                       double *estimate);

/* The rules that make one number of replicates: from the values of a configuration, with its standard error. By name:
 *
 * "mean"      the mean
 * "median"    the median; its error is that of Maritz and Jarrett (1978)
 * "trimmed"   the mean without a share of the values, `parameter` in [0, 0.49] (0.2), at either end; the error is that
 *             of Tukey and McLaughlin (1963)
 * "mean+sd"   the mean made worse by `parameter` in [0, 100] (1) standard deviations: what is good every time; the
 *             error is that of normal values
 * "worst"     the worst value; the error is that of normal values
 *
 * Names and summaries are never freed; index in 0..count-1, NULL for an unknown index or name. Since 0.1.0. */
AFINA_API size_t afina_aggregate_count(void);
AFINA_API const char *afina_aggregate_name(size_t index);
AFINA_API const char *afina_aggregate_summary(const char *rule);

/* One number from the values of replicates, and its error: of `count` >= 1 finite values. `direction`,
 * AFINA_DIRECTION_*, says what is worse; a `parameter` of NaN is the default, and the only one for a rule that has
 * none. `ratio` >= 0 is validation rows / training rows, 1 / (folds - 1) in cross-validation, for replicates that share
 * training rows: errors grow by sqrt(1 + count * ratio) (C. Nadeau, Y. Bengio 2003); 0 for independent ones. The error
 * of a single value is NaN. Errors: AFINA_E_ARGUMENT, AFINA_E_NAME, AFINA_E_RANGE, AFINA_E_MEMORY. Since 0.1.0. */
AFINA_API int32_t afina_aggregate(const double *values, size_t count, int32_t direction, const char *rule,
                                  double parameter, double ratio, double *value, double *error);

/* Effects of arms and folds, where not all arms were evaluated on the same folds: values[arm * fold_count + fold],
 * NaN where there is none, is taken as the sum of an effect of the arm, one of the fold, and an error. By least
 * squares: effects[arm], its value in the mean over all folds, with its standard error; fold_effects[fold], of mean
 * 0; the variance of the errors and its degrees of freedom. Arms without values have the effect NaN; without degrees
 * of freedom the variance and the errors are NaN. Folds that no arm connects with others have mean 0 by themselves.
 * At most 4,096 folds. AFINA_E_ARGUMENT, AFINA_E_RANGE (an infinite value, or none at all), AFINA_E_MEMORY. Shapes:
 * values[arm_count][fold_count], effects[arm_count], errors[arm_count], fold_effects[fold_count]. May be NULL:
 * effects, errors, fold_effects, variance, freedom. Since 0.1.0. */
AFINA_API int32_t afina_additive_fit(const double *values, size_t arm_count, size_t fold_count, double *effects,
                                     double *errors, double *fold_effects, double *variance, double *freedom);

/* Racing on folds: which configurations need no further fold, because they are surely worse than the best. All are
 * evaluated on folds 0, 1, ... in the same order: values[arm * fold_count + fold], NaN where not yet. `best` is the
 * one to compare with, usually the best mean among those with all folds. dropped[arm] becomes 1 where the mean
 * difference to the best, over the n folds that both have, is more than `threshold` times sqrt(v / n): v is the
 * variance of such differences around their means, pooled over all arms (nothing is dropped before it has 5 degrees
 * of freedom), so one fold may be enough. `threshold` > 0; NaN takes 1.65 while arms differ by more than the noise of
 * a fold, and 2.33 where they do not. In simulations with 10 folds six to seven times as many configurations are
 * tried as with all folds of each, and the best one is dropped in 5 % of the searches or fewer. O(arm_count *
 * fold_count). AFINA_E_ARGUMENT, AFINA_E_RANGE (also for an infinite value), AFINA_E_MEMORY. Shapes:
 * values[arm_count][fold_count], dropped[arm_count]. Since 0.1.0. */
AFINA_API int32_t afina_fold_race(const double *values, size_t arm_count, size_t fold_count, int32_t direction,
                                  size_t best, double threshold, int32_t *dropped);

/* The best of several estimates is better than the truth in the mean: its error helped it to be the best.
 * afina_winner() and the functions behind it say what is left. `values` and `errors` hold `count` >= 1 estimates, say
 * the mean loss of each configuration over replicates, and their standard errors, finite and >= 0, taken as normal and
 * independent. `direction` is AFINA_DIRECTION_*; `confidence`, in (0, 1), is the least probability with which the
 * answer is right. Errors: AFINA_E_ARGUMENT, AFINA_E_RANGE, AFINA_E_MEMORY. */

/* The best of several estimates, without its luck: *winner is the index of the best value, the first of equals. *shrunk
 * estimates its true mean without the luck: the posterior mean when true means are a normal sample (empirical Bayes).
 * [*low, *high] holds its true mean, corrected for the choice (T. Zrnic, W. Fithian, arXiv 2411.18569). Since 0.1.0. */
AFINA_API int32_t afina_winner(const double *values, const double *errors, size_t count, int32_t direction,
                               double confidence, size_t *winner, double *shrunk, double *low, double *high);

/* The estimates that cannot be told apart from the best: in_set[j], of `count` elements, is 1 for those; the set
 * holds the one of the best true mean (multiple comparisons with the best; J. C. Hsu 1996). The time grows with the
 * square of count: 0.1 s for 200. Shapes: in_set[count]. Since 0.1.0. */
AFINA_API int32_t afina_winner_rivals(const double *values, const double *errors, size_t count, int32_t direction,
                                      double confidence, int32_t *in_set);

/* The cheapest of the estimates near the best: *chosen is the cheapest of those that are within `within` standard
 * errors of the best one, the better of equally cheap ones: with 1 the one-standard-error rule (L. Breiman et al.,
 * "Classification and Regression Trees", 1984, section 3.4.3). costs[j], finite, is whatever should be small:
 * parameters of the model, seconds, distance from the default. Arrays and errors as in afina_winner(); within >= 0.
 * Since 0.1.0. */
AFINA_API int32_t afina_winner_simplest(const double *values, const double *errors, const double *costs, size_t count,
                                        int32_t direction, double within, size_t *chosen);

/* The best of several configurations, where the loss of every row is known: values[configuration * row_count + row]
 * is finite and comes from a model that was not trained on that row. *naive is the best mean over rows; *estimate
 * what the choice by that mean is worth on new rows, by `draws`, 1 to 1,000,000 (1,000 are usual), bootstrap samples
 * of the rows, the same for the same seed; [*low, *high] the middle `confidence` of them (I. Tsamardinos et al.,
 * Machine Learning 107, 2018). Nothing is trained again. The time is proportional to count * row_count * draws: 0.1 s
 * for 200, 500 and 1,000. row_count >= 2. Errors as in afina_winner(). Shapes: values[count][row_count]. Since 0.1.0.
 */
AFINA_API int32_t afina_winner_rows(const double *values, size_t count, size_t row_count, int32_t direction,
                                    int64_t draws, uint64_t seed, double confidence, double *naive, double *estimate,
                                    double *low, double *high);

/* Intervals for the prediction error of one model: from its losses on validation rows. Errors: AFINA_E_ARGUMENT,
 * AFINA_E_RANGE, AFINA_E_MEMORY.
 *
 * resampled   from the mean losses of `count` >= 2 replicates whose training rows overlap: t with the variance
 *             (1 / count + ratio) s^2, `ratio` = validation rows / training rows (C. Nadeau, Y. Bengio 2003)
 * halves      around an estimate on all rows, from `count` random divisions into halves: first[i] and second[i] are the
 *             estimates on the two halves of division i. Conservative (the same, section 5.2); 10 divisions are usual
 * nested      nested cross-validation (S. Bates, T. Hastie, R. Tibshirani, JASA 119, 2024): for each of `count` outer
 *             folds, fold_count >= 3 a repetition, the mean loss of the inner cross-validation over the other rows
 *             (`inner`), the mean loss on the outer fold of the model trained on the others (`outer`), and the variance
 *             of the losses there over their number (`variances`); `cv` is the mean loss of the usual cross-validation
 *             and `cv_error` the deviation of its losses over the square root of the rows. 10 repetitions of 5 folds
 *             or more
 *
 * Since 0.1.0. */
AFINA_API int32_t afina_interval_resampled(const double *values, size_t count, double ratio, double confidence,
                                           double *mean, double *low, double *high);
AFINA_API int32_t afina_interval_halves(double estimate, const double *first, const double *second, size_t count,
                                        double confidence, double *low, double *high);
AFINA_API int32_t afina_interval_nested(const double *inner, const double *outer, const double *variances, size_t count,
                                        size_t fold_count, double cv, double cv_error, double confidence,
                                        double *estimate, double *low, double *high);

/* ---------------------------------------------------------- comparing methods */

/* Which method to use is a question for an experiment: every method on the same objective from the same seeds, with
 * the same number of trials. docs/experiments.md shows one. */

/* Called with every optimizer of a comparison before its first trial: sets options ("direction", "workers",
 * "gp.kernel"...), an observer, or what else belongs to method 0..count-1 and this seed. It answers AFINA_OK; any
 * other status ends the comparison with it. The function and `user` are used during the call only. */
typedef int32_t (*afina_compare_setup)(afina_optimizer *optimizer, size_t method, int64_t seed, void *user);

/* Compares methods over seeds: runs one study of `trials` >= 1 trials for each of the methods and each of the seeds
 * 0..seed_count-1, one after the other. best[seed * method_count + method] is the value of its best trial, and NaN
 * where no trial had a result. The same name may be there twice, with options that `setup` (or NULL) sets. The
 * objective and `setup` get `user`. A method that has no more to suggest ends with fewer trials. Several problems make
 * one table when their rows are written one after the other.
 *
 * AFINA_OK          the table is full
 * AFINA_ALL_FAILED  no study had a result
 * AFINA_CANCELLED, other   what ended a study; the numbers that were not reached are NaN
 *
 * Errors: AFINA_E_ARGUMENT, AFINA_E_NAME (no such method), AFINA_E_RANGE, AFINA_E_UNSUPPORTED (more than one
 * objective), AFINA_E_MEMORY. Passes on: setup, objective. Shapes: best[seed_count][method_count]. May be NULL:
 * setup. Since 0.1.0. */
AFINA_API int32_t afina_compare_methods(const afina_space *space, const char *const *methods, size_t method_count,
                                        int64_t trials, size_t seed_count, afina_compare_setup setup,
                                        afina_objective objective, void *user, double *best);

/* The functions that compare methods take a table values[block * method_count + method] of results, from wherever they
 * come. A block is a seed, a problem, a fold: what all methods share. `direction` is AFINA_DIRECTION_*; NaN and the
 * worst infinity stand for no result and rank last; equal values share the mean of their ranks. 2 to 1,000 methods.
 * Conclusions hold for blocks like these: many seeds of one problem say nothing of other problems. Errors:
 * AFINA_E_ARGUMENT, AFINA_E_RANGE, AFINA_E_MEMORY. */

/* The mean ranks of methods: ranks[method] is the mean over blocks of its rank; 1 is the best. block_count >= 1.
 * Shapes: values[block_count][method_count], ranks[method_count]. Since 0.1.0. */
AFINA_API int32_t afina_compare_ranks(const double *values, size_t block_count, size_t method_count, int32_t direction,
                                      double *ranks);

/* Whether the methods differ at all: Friedman's chi-square, corrected for ties, with its p of method_count - 1
 * degrees of freedom, and the less conservative F of Iman and Davenport with its own (J. Demsar, JMLR 7, 2006,
 * section 3.2.2). f is infinite when every block has the same order. p is small when methods differ. block_count >=
 * 2. Shapes: values[block_count][method_count]. Since 0.1.0. */
AFINA_API int32_t afina_compare_friedman(const double *values, size_t block_count, size_t method_count,
                                         int32_t direction, double *chi_square, double *p, double *f, double *f_p);

/* How pairs are tested. */
enum {
    AFINA_POSTHOC_WILCOXON = 0, /* signed ranks of the two alone, with Holm's correction: exact up to 50 blocks */
    AFINA_POSTHOC_RANKS = 1,    /* the difference of mean ranks, with Holm's correction */
    AFINA_POSTHOC_NEMENYI = 2   /* the difference of mean ranks against the range of all */
};

/* Which pairs of methods differ: p[i * method_count + j], of method_count * method_count elements, symmetric: how
 * surprising the difference of methods i and j is when they are alike, corrected for the number of pairs; 1 on the
 * diagonal. With few blocks no p can be small: the least of an exact signed-rank test is 2^(1 - block_count) times
 * the pairs. block_count >= 2. Shapes: values[block_count][method_count], p[method_count][method_count]. Since 0.1.0.
 */
AFINA_API int32_t afina_compare_pairs(const double *values, size_t block_count, size_t method_count, int32_t direction,
                                      int32_t posthoc, double *p);

/* Nemenyi's critical difference: mean ranks that are further apart differ at `level`, in (0, 1). block_count >= 1.
 * Since 0.1.0. */
AFINA_API int32_t afina_compare_critical_difference(size_t block_count, size_t method_count, double level,
                                                    double *difference);

/* The critical-difference picture as SVG text: methods by their names on an axis of mean ranks, the best on the left;
 * a thick line joins neighbours that do not differ at `level` by this test. block_count >= 2. Shapes:
 * values[block_count][method_count], names[method_count]. Since 0.1.0. */
AFINA_API int32_t afina_compare_picture(const double *values, size_t block_count, size_t method_count,
                                        int32_t direction, int32_t posthoc, double level, const char *const *names,
                                        char *text, size_t capacity, size_t *length);

/* Is the first better than the second? */
enum { AFINA_VERDICT_NO = -1, AFINA_VERDICT_UNDECIDED = 0, AFINA_VERDICT_YES = 1 };

/* Whether one configuration is better than another: the two, say the winner and the default, on the same `count` >= 2
 * replicates. *difference is the mean of first - second, [*low, *high] holds the true one with `confidence`, *p is that
 * of no difference (both sides), and *verdict, AFINA_VERDICT_*, is decided where the interval leaves out 0. The t test
 * is corrected for training rows that replicates share (C. Nadeau, Y. Bengio 2003): `ratio` >= 0 is validation rows /
 * training rows, 1 / (folds - 1) in cross-validation, repeated or not, and 0 for replicates that share nothing. Values
 * are finite. A winner that was chosen on these replicates has their luck; test it on others. Errors: AFINA_E_ARGUMENT,
 * AFINA_E_RANGE, AFINA_E_MEMORY. Since 0.1.0. */
AFINA_API int32_t afina_compare_paired(const double *first, const double *second, size_t count, int32_t direction,
                                       double ratio, double confidence, double *difference, double *low, double *high,
                                       double *p, int32_t *verdict);

/* The final answer of a study with one objective: the winner without its luck, what cannot be told apart from it, and
 * whether it is better than the default. Of results at the full budget, as afina_best(), as they are when it is made.
 * The host frees it; it is used by one thread at a time. */
typedef struct afina_final afina_final;

/* The final answer of a study, from its results: `confidence`, in (0, 1), is the least probability with which each
 * answer is right; `ratio` >= 0 is validation rows / training rows where replicates share training rows, 1 /
 * (folds - 1) in cross-validation, else 0. Standard errors come from replicates (with up to 64 of them the effects of
 * folds that arms share are taken out, afina_additive_fit()), or from afina_tell_errors(), or they are the noise that
 * the model has learned; else they are unknown. Errors: AFINA_E_NOT_FOUND (no trial is complete and feasible),
 * AFINA_E_UNSUPPORTED (several objectives), AFINA_E_RANGE, AFINA_E_MEMORY. It takes a turn, as afina_ask().
 * Since 0.1.0. */
AFINA_API int32_t afina_final_new(afina_final **out, afina_optimizer *optimizer, double confidence, double ratio);
AFINA_API void afina_final_free(afina_final *final);

/* The winner of a study: the arm with the best mean (or what else the option `aggregate` says), its value, what is
 * left of it without luck, and an interval for its true value, corrected for the choice (afina_winner()); the last
 * three are NaN where errors are unknown. May be NULL: value, shrunk, low, high. Since 0.1.0. */
AFINA_API int32_t afina_final_winner(const afina_final *final, int64_t *arm, double *value, double *shrunk, double *low,
                                     double *high);

/* The rivals of the winner: the arms that cannot be told apart from the best, ascending (afina_winner_rivals()).
 * AFINA_E_STATE where errors are unknown. Since 0.1.0. */
AFINA_API int32_t afina_final_rivals(const afina_final *final, int64_t *arms, size_t capacity, size_t *count);

/* The simplest of the best arms: of those within one standard error of the best the one in which the fewest parameters
 * differ from the default; the winner where errors are unknown. Since 0.1.0. */
AFINA_API int32_t afina_final_simplest(const afina_final *final, int64_t *arm);

/* Whether the winner is better than the default, the arm of the default point (option `default_first`): *verdict is
 * AFINA_VERDICT_*, by afina_compare_paired() on the replicates that both have; undecided with fewer than two, and NO
 * where the default is the winner. *difference is winner - default. AFINA_E_NOT_FOUND when the default was not tried.
 * May be NULL: arm, difference, low, high, p. Since 0.1.0. */
AFINA_API int32_t afina_final_default(const afina_final *final, int64_t *arm, double *difference, double *low,
                                      double *high, double *p, int32_t *verdict);

/* --------------------------------------------------------------- reflection */

/* The methods there are: index in 0..count-1; NULL for an unknown index or name. Never freed. Since 0.1.0. */
AFINA_API size_t afina_method_count(void);
AFINA_API const char *afina_method_name(size_t index);
AFINA_API const char *afina_method_summary(const char *method);

/* What a method can, by the names of traits:
 *
 *     learns              what is told decides what it suggests
 *     several_objectives  it takes studies with more than one objective
 *     constraints         it learns from constraint values; without this trait a violated
 *                         constraint counts as a failure
 *     errors              it learns from the standard errors of results
 *     reports             it learns from reports of trials that still run
 *     budgets             it learns from results at different budgets
 *     model               it has a model that answers afina_model_predict() and the like
 *     ends                afina_ask() may answer AFINA_EXHAUSTED while the space has
 *                         points that were not asked
 *     host_only           it suggests nothing: every point is one that the host enqueues
 *
 * Every method that learns learns from results, failures and infeasible trials. "mix" is
 * described as it is with its default members. *has is 1 or 0. AFINA_E_NAME for an
 * unknown method or trait. Further traits may be added. The names and summaries (NULL
 * for an unknown index or name) are never freed. Any thread may call these functions.
 * Since 0.1.0. */
AFINA_API int32_t afina_method_trait(const char *method, const char *trait, int32_t *has);
AFINA_API size_t afina_trait_count(void);
AFINA_API const char *afina_trait_name(size_t index);
AFINA_API const char *afina_trait_summary(const char *trait);

/* The schedulers and stoppers there are: for the options `scheduler` and `stopper`, listed as methods are. No two of
 * all have the same name. docs/experiments.md shows them at work. Since 0.1.0. */
AFINA_API size_t afina_scheduler_count(void);
AFINA_API const char *afina_scheduler_name(size_t index);
AFINA_API const char *afina_scheduler_summary(const char *scheduler);
AFINA_API size_t afina_stopper_count(void);
AFINA_API const char *afina_stopper_name(size_t index);
AFINA_API const char *afina_stopper_summary(const char *stopper);

/* The options there are: of a method, a scheduler or a stopper, or with NULL those of every optimizer. A range is
 * closed (2^63 stands for INT64_MAX), and a default of NaN stands for none and may be set again; for a string option
 * low and high are 0 and `choices` holds the allowed texts with commas between, or "" for any; an empty text is
 * allowed where it is the default. The range of a list of reals (AFINA_OPTION_REALS) is that of each number; a list
 * has no default, it begins empty. afina_option_default_number() is for numbers (AFINA_E_TYPE). Never freed.
 * AFINA_E_NAME. May be NULL: method. Since 0.1.0. */
AFINA_API size_t afina_option_count(const char *method);
AFINA_API const char *afina_option_name(const char *method, size_t index);
AFINA_API int32_t afina_option_type(const char *method, const char *option, int32_t *type);
AFINA_API int32_t afina_option_range(const char *method, const char *option, double *low, double *high);
AFINA_API int32_t afina_option_default_number(const char *method, const char *option, double *value);
AFINA_API const char *afina_option_default_string(const char *method, const char *option);
AFINA_API const char *afina_option_choices(const char *method, const char *option);
AFINA_API const char *afina_option_summary(const char *method, const char *option);

#ifdef __cplusplus
}
#endif

#endif
