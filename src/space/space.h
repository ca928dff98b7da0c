/* The search space: its parameters, their values, and the conditions under which they are
 * active.
 *
 * A space is built by one owner (space_add_*, space_set_*), then snapshotted:
 * space_snapshot() checks it as a whole and makes an immutable copy with a count of
 * references, which points, methods and studies share. Every function below the line
 * "snapshots" takes such a copy.
 */
#ifndef AFINA_SPACE_SPACE_H
#define AFINA_SPACE_SPACE_H

#include "afina.h"
#include "core/callback.h"
#include "space/name_table.h"

#include <stddef.h>
#include <stdint.h>

/* Limits. What exceeds one is refused. */
enum { SPACE_MAX_PARAMETERS = 10000, SPACE_MAX_CHOICES = 100000, SPACE_MAX_NAME = 1024 };

/* A value. A choice is kept as its index in `integer`. */
union value {
    double real;
    int64_t integer;
};

/* A condition of a child: the value of the parent is in a set of choices or integers
 * (`comparison` is SPACE_IN), or compares to a number. */
enum { SPACE_IN = -1 };
struct condition {
    size_t parent; /* index of the parameter */
    int32_t comparison;
    double number;
    int64_t *members; /* SPACE_IN: choice indices or integers, ascending */
    size_t n_members;
};

struct parameter {
    char *name;
    int32_t kind;  /* AFINA_KIND_REAL, ... */
    int32_t scale; /* AFINA_SCALE_LINEAR, ... */
    int32_t prior; /* AFINA_PRIOR_* */
    double mean, sd;
    double low, high;          /* real */
    int64_t int_low, int_high; /* integer; 0 .. choices - 1 for choices */
    double step;               /* real: 0 none */
    uint64_t int_step;         /* integer: 1 unless set; choices: 1 */
    uint64_t cells;            /* number of distinct values; 0: continuous. 2^64 saturates to UINT64_MAX */
    char **choices;
    double *choice_numbers; /* the numbers that the choices spell; NULL when one is none */
    double *weights;        /* of choices: sum 1 to 1e-10; NULL: equal */
    size_t n_choices;
    union value default_value;
    int has_default; /* set by the host; else default_value is the prior's median */
    int from_trial;  /* a running trial declared it: other trials that lack it did not use it (grow.c) */
    struct condition *conditions;
    size_t n_conditions;
    struct name_table choice_names; /* index of a choice */

    /* Derived by parameter_prepare(). */
    uint64_t last;              /* index of the last of the cells */
    double edge_low, edge_high; /* where the first cell begins and the last ends, in natural units */
    double warp_low, warp_high; /* the same under warp(): the scale, or the prior's standard normal */
    int is_flat;                /* the normal prior does not vary between the edges: uniform instead */
    double decimal[3];          /* of a grid of reals: value k is ([0] + k [1]) / [2]; [2] = 0: low + k step */
    double *cumulative;         /* of weights: n_choices + 1 from 0 to 1; NULL: equal */
};

struct space {
    struct parameter *parameters;
    size_t size, capacity;
    struct name_table names; /* index of a parameter */
    struct callback *filter; /* an afina_filter, shared with copies; NULL: all points are allowed */
    /* Of a snapshot: */
    _Atomic int32_t references;
    size_t *order; /* parameters so that parents come before children */
    int has_conditions;
};

/* A value for each parameter, in one block of memory. In a canonical point the bits of an
 * inactive value are all 0, so that equal points have equal bytes. */
struct point {
    size_t size;
    unsigned char *active; /* in the same block, behind the values */
    union value value[];
};

/* The opaque type of the public API; filters get one. */
struct afina_point {
    struct space *space; /* a snapshot, counted */
    struct point *point; /* inactive parameters have a value too; `active` follows every change */
    int canonical;       /* 1: of a trial; the values of inactive parameters are 0 */
};

/* ------------------------------------------------------------------ building */

int32_t space_new(struct space **out);

/* Replaces the filter. On failure the space is as it was, and `user` stays the caller's. */
int32_t space_set_filter(struct space *space, afina_filter filter, void *user, afina_release release);
int32_t space_clone(struct space **out, const struct space *space);
void space_free(struct space *space);

int32_t space_add_real(struct space *space, const char *name, double low, double high, int32_t scale);
int32_t space_add_integer(struct space *space, const char *name, int64_t low, int64_t high, int32_t scale);
int32_t space_add_choices(struct space *space, const char *name, int32_t kind, const char *const *choices,
                          size_t count);
int32_t space_add_prior(struct space *space, const char *name, int32_t prior, double mean, double sd, double low,
                        double high);
int32_t space_set_step(struct space *space, const char *name, double step);
int32_t space_set_prior(struct space *space, const char *name, int32_t prior, double mean, double sd);
int32_t space_set_weights(struct space *space, const char *name, const double *weights, size_t count);
int32_t space_set_default_real(struct space *space, const char *name, double value);
int32_t space_set_default_integer(struct space *space, const char *name, int64_t value);
int32_t space_set_default_string(struct space *space, const char *name, const char *value);
int32_t space_add_condition_in(struct space *space, const char *child, const char *parent, const char *const *values,
                               size_t count);
int32_t space_add_condition(struct space *space, const char *child, const char *parent, int32_t comparison,
                            double number);

/* The index of a name; AFINA_E_NAME with the nearest name when the space does not have it. */
int32_t space_find(const struct space *space, const char *name, size_t *index);

/* ----------------------------------------------------------------- snapshots */

int32_t space_snapshot(struct space **out, const struct space *space);
struct space *space_reference(struct space *space);
void space_release(struct space *space); /* NULL is fine */

/* 1 when the conditions of parameter i hold. The `active` flags of its parents have to be
 * set already. */
int space_is_active(const struct space *space, const struct point *point, size_t i);

/* Sets the `active` flags from the values of the parents. With `canonical` it sets the values
 * of inactive parameters to 0. */
void space_resolve(const struct space *space, struct point *point, int canonical);

/* 1 when the filter (if there is one) allows the point, 0 when it refuses, and the negative
 * status with which it ends the call. Runs the host's code. */
int32_t space_allows(struct space *space, struct point *point);

/* --------------------------------------------------------------------- points */

int32_t point_new(struct point **out, const struct space *space); /* all bits 0, nothing active */
int32_t point_copy(struct point **out, const struct point *point);
void point_free(struct point *point);
void point_assign(struct point *to, const struct point *from);
int point_equal(const struct point *a, const struct point *b);                /* by bits */
size_t point_count_differences(const struct point *a, const struct point *b); /* parameters, of two of one space */
uint64_t point_hash(const struct point *point);

/* The default point as a method may suggest it: canonical, and a default of weight 0
 * is replaced by the first of the most probable choices. */
void space_default(const struct space *space, struct point *out);

/* The defaults as a host starts from them: inactive parameters have theirs as well. */
void space_defaults(const struct space *space, struct point *out);

/* ----------------------------------------------------- what may be suggested
 *
 * A choice of weight 0 belongs to the space: it is counted and ranked, and a host may
 * enqueue it. No method suggests it. */

/* 1 when the k-th of a discrete parameter's values may be suggested. */
int parameter_is_suggestible(const struct parameter *p, uint64_t k);

/* The index of the first of the most probable choices. */
size_t parameter_most_probable(const struct parameter *p);

/* The default, or the first of the most probable choices where the default has weight 0. */
union value parameter_suggestible_default(const struct parameter *p);

/* 1 when no active parameter of the point has a choice of weight 0. The filter is not
 * asked. lattice_suggestible() counts these points. */
int space_is_suggestible(const struct space *space, const struct point *point);

/* Gives the inactive parameters of a canonical point their defaults, so that a host that
 * activates one finds it there. */
void space_show_inactive(const struct space *space, struct point *point);

/* AFINA_E_ARGUMENT, with the first difference, unless a point of `other` is one
 * of `space` too: the same parameters with the same values in the same order. */
int32_t space_check_same(const struct space *space, const struct space *other);

/* 1 when both declare the same: parameters in their order, with all that is told of them, whatever the filters. */
int space_equal(const struct space *a, const struct space *b);

/* -------------------------------------------------------------------- growing
 *
 * A space grows by a part: parameters that it lacks are added behind its own, those that it has are widened to the
 * values of the part, and gain its conditions where they have none. All of these are snapshots. */

/* AFINA_E_TYPE, AFINA_E_RANGE or AFINA_E_ARGUMENT, with the parameter and the difference, unless the part extends the
 * space. With `may_lack` a parameter of the part may have fewer values than that of the space. */
int32_t space_check_extension(const struct space *space, const struct space *part, int may_lack);

/* The space extended by a part. Where the check above would refuse a parameter, it stays as it is. New parameters are
 * marked as `from_trial`. The filter is that of `space`. */
int32_t space_extend(struct space **out, const struct space *space, const struct space *part, int from_trial);

/* 1 when every point of `other` has its values in the space too. */
int space_contains(const struct space *space, const struct space *other);

/* 1 when the part adds nothing to the space. */
int space_covers(const struct space *space, const struct space *part);

/* A point of one space in another, canonical. A value that the other does not have becomes the nearest one, or the
 * default for a choice. A parameter that only the other has takes its default, or is inactive when a trial declared
 * it. `extra`, a point of `part` (both may be NULL), gives values to parameters that are not active in `point`. */
void space_convert(const struct space *from, const struct point *point, const struct space *part,
                   const struct point *extra, const struct space *to, struct point *out);

/* 1 when the point has no value of the parameter's name, and no condition of the space says that it needs none. */
int space_lacks(const struct space *space, const struct point *point, const struct parameter *p);

/* Makes a parameter and its children inactive; nothing where the space does not have it. */
void point_switch_off(const struct space *space, struct point *point, const char *name);

/* 1 when a point is the one of which `said`, in another space, says what is active; what it does not say has its
 * default. */
int space_same_point(const struct space *space, const struct point *point, const struct space *other,
                     const struct point *said);

/* Takes the filter of another space. */
void space_share_filter(struct space *space, const struct space *other);

/* ------------------------------------------------------------------- encoding
 *
 * Methods work on encoded points: a row of `size` doubles in which a real,
 * integer or ordinal parameter is u in [0, 1], its prior's cumulative
 * distribution (the middle of the cell, for a discrete value); a categorical one
 * is the index of its choice; and an inactive one is ENCODED_INACTIVE. */
#define ENCODED_INACTIVE (-1.0)

void space_encode(const struct space *space, const struct point *point, double *x);

/* The point nearest to an encoded row, canonical and within every bound: u is
 * clamped to [0, 1] and mapped to the cell that holds it, a category is rounded.
 * ENCODED_INACTIVE or NaN for a parameter that turns out active gives its
 * suggestible default; a value for one that turns out inactive is dropped. */
void space_decode(const struct space *space, const double *x, struct point *out);

/* The point of a row of the unit cube under the inverse of every prior; here a
 * category is u too, through its weights. Maps uniform rows to draws from the
 * prior. */
void space_from_unit(const struct space *space, const double *u, struct point *out);

/* Computes the derived fields. It is called after every change of a parameter. */
int32_t parameter_prepare(struct parameter *p);
void parameter_fini(struct parameter *p);
int32_t parameter_copy(struct parameter *out, const struct parameter *p);

/* Copies distinct choices into a parameter that has none; `name` is its name in the message. */
int32_t parameter_set_choices(struct parameter *p, const char *name, const char *const *choices, size_t count);

/* Keeps the numbers that the choices spell, when every choice spells one. */
int32_t parameter_read_numbers(struct parameter *p);

/* Refuses a step that the range does not allow. */
int32_t parameter_check_step(const struct parameter *p, double step);

/* Checks the type, range and grid of a value that a host gives. *out is the value as it is
 * kept: on the grid to the bit. */
int32_t parameter_check_real(const struct parameter *p, double value, union value *out);
int32_t parameter_check_integer(const struct parameter *p, int64_t value, union value *out);
int32_t parameter_check_string(const struct parameter *p, const char *value, union value *out);

/* 1 when the condition holds for the parent's value. */
int condition_holds(const struct condition *condition, const struct parameter *parent, union value v);

/* 1 when both have the same conditions in the same order, so that they are active together. */
int same_conditions(const struct parameter *a, const struct parameter *b);

/* One parameter between its values and u. The u of a choice is the middle of its share. */
double parameter_to_unit(const struct parameter *p, union value v);
union value parameter_from_unit(const struct parameter *p, double u);

/* The k-th of the `cells` values of a discrete parameter, and back; a value
 * between two cells gives the nearer. */
union value parameter_value_at(const struct parameter *p, uint64_t k);
uint64_t parameter_index_of(const struct parameter *p, union value v);

/* Returns 0 for -0.0 and any other number as it is, so that equal values have equal bits. */
double one_zero(double x);

/* 1 and the value as a number, of a real, an integer, or a choice whose text is a number;
 * else 0. */
int parameter_number(const struct parameter *p, union value v, double *number);

/* ------------------------------------------------------------------- sampling */

/* 1 when some parameter is continuous, so that the points are without number. */
int space_is_continuous(const struct space *space);

struct rng;

/* A draw from the prior that the filter allows; AFINA_E_NO_POINT after SPACE_SAMPLE_TRIES
 * refusals. A choice of weight 0 is never drawn. */
enum { SPACE_SAMPLE_TRIES = 10000 };
int32_t space_sample(struct space *space, struct rng *rng, struct point *out);

/* A neighbour of a point, as a local search takes it: the active parameter i
 * gets another value - a real or wide discrete one moves by a normal step of
 * deviation `width` in u, reflected at the bounds and at least one cell far; a
 * category gets another choice by weight, an ordinal one an adjacent one.
 * Children that become active get their suggestible default. `out` may be `point`. 0 when the parameter has one
 * value only, else 1. Ends after a bounded number of steps. */
int space_mutate(const struct space *space, const struct point *point, size_t i, double width, struct rng *rng,
                 struct point *out);

/* ----------------------------------------------------------------------- JSON */

struct text;
int32_t space_to_json(const struct space *space, struct text *out);
int32_t space_from_json(struct space **out, const char *text, size_t length);
int32_t point_to_json(const struct space *space, const struct point *point, struct text *out);
void value_to_json(const struct parameter *p, union value v, struct text *out);
/* Starts from space_defaults(); checks names, types, ranges and grids. */
int32_t point_from_json(const struct space *space, const char *text, size_t length, struct point *out);

/* The same for the next value of a longer text. On failure the point holds no values, and the
 * error is not always the reader's. */
struct json_reader;
int32_t point_read_json(const struct space *space, struct json_reader *r, struct point *out);

/* The same, but for what is active: what stands in the text. */
int32_t point_read_said(const struct space *space, struct json_reader *r, struct point *out);

/* Sets one value of a host's point after the checks of afina_point_set_*. */
int32_t point_set_real(const struct space *space, struct point *point, size_t i, double value);
int32_t point_set_integer(const struct space *space, struct point *point, size_t i, int64_t value);
int32_t point_set_string(const struct space *space, struct point *point, size_t i, const char *value);

/* Appends the value of parameter i as text: a number, or the choice. */
int32_t point_value_text(const struct space *space, const struct point *point, size_t i, struct text *out);

#endif
