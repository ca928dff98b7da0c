/* Building a space. Each call checks all of its arguments before it changes anything, so a
 * call that fails leaves the space as it was. */
#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"
#include "space/space.h"

#include <float.h>
#include <math.h>
#include <string.h>

int32_t space_new(struct space **out)
{
    *out = mem_new(1, sizeof **out);
    return *out ? 0 : fail_memory();
}

void space_free(struct space *space)
{
    if (!space)
        return;
    for (size_t i = 0; i < space->size; i++)
        parameter_fini(&space->parameters[i]);
    mem_free(space->parameters);
    name_table_fini(&space->names);
    mem_free(space->order);
    callback_release(space->filter);
    mem_free(space);
}

int32_t space_set_filter(struct space *space, afina_filter filter, void *user, afina_release release)
{
    struct callback *fresh, *old = space->filter;
    int32_t rc = callback_new(&fresh, (void (*)(void))filter, user, release);
    if (rc)
        return rc;
    space->filter = fresh;
    callback_release(old);
    return 0;
}

int32_t space_clone(struct space **out, const struct space *space)
{
    struct space *clone;
    *out = NULL;
    int32_t rc = space_new(&clone);
    if (rc)
        return rc;
    clone->filter = callback_reference(space->filter);
    clone->capacity = space->size;
    clone->parameters = mem_new(space->size, sizeof *clone->parameters);
    rc = clone->parameters ? name_table_reserve(&clone->names, space->size) : fail_memory();
    for (; !rc && clone->size < space->size; clone->size++) {
        struct parameter *p = &clone->parameters[clone->size];
        rc = parameter_copy(p, &space->parameters[clone->size]);
        if (rc)
            break;
        name_table_add(&clone->names, p->name, clone->size);
    }
    if (rc)
        space_free(clone);
    else
        *out = clone;
    return rc;
}

static struct parameter *find(const struct space *space, const char *name)
{
    size_t i;
    return name_table_find(&space->names, name, &i) ? &space->parameters[i] : NULL;
}

static int32_t unknown(const struct space *space, const char *name)
{
    const char *nearest = NULL;
    const char **names = mem_new(space->size, sizeof *names);
    if (names) {
        for (size_t i = 0; i < space->size; i++)
            names[i] = space->parameters[i].name;
        nearest = text_nearest(name, names, space->size);
        mem_free(names);
    }
    if (nearest)
        return fail(AFINA_E_NAME, "there is no parameter \"%s\"; did you mean \"%s\"?", name, nearest);
    return fail(AFINA_E_NAME, "there is no parameter \"%s\" among the %zu of the space", name, space->size);
}

int32_t space_find(const struct space *space, const char *name, size_t *index)
{
    const struct parameter *p = find(space, name);
    if (!p)
        return unknown(space, name);
    *index = (size_t)(p - space->parameters);
    return 0;
}

static int32_t find_for_change(struct space *space, const char *name, struct parameter **out)
{
    *out = find(space, name);
    return *out ? 0 : unknown(space, name);
}

/* Checks a name or a choice; the reader of JSON hands them over unchecked. */
static int32_t check_text(const char *s, const char *what)
{
    if (!s || !s[0])
        return fail(AFINA_E_ARGUMENT, "%s is %s", what, s ? "empty" : "NULL");
    if (strlen(s) > SPACE_MAX_NAME)
        return fail(AFINA_E_ARGUMENT, "%s has %zu bytes; at most %d are allowed", what, strlen(s), SPACE_MAX_NAME);
    if (!text_is_utf8(s))
        return fail(AFINA_E_ARGUMENT, "%s is not well-formed UTF-8", what);
    return 0;
}

static int32_t check_new_name(struct space *space, const char *name)
{
    int32_t rc = check_text(name, "the name of a parameter");
    if (rc)
        return rc;
    if (find(space, name))
        return fail(AFINA_E_NAME, "the space has a parameter of this name already: \"%s\"", name);
    if (space->size >= SPACE_MAX_PARAMETERS)
        return fail(AFINA_E_RANGE, "a space has at most %d parameters: no room for \"%s\"", SPACE_MAX_PARAMETERS, name);
    return 0;
}

/* Makes room for one more parameter and its name. */
static int32_t reserve_parameter(struct space *space)
{
    void *parameters = space->parameters;
    int32_t rc = mem_reserve(&parameters, &space->capacity, space->size + 1, sizeof *space->parameters);
    space->parameters = parameters;
    return rc ? rc : name_table_reserve(&space->names, space->size + 1);
}

/* Prepares a parameter and appends it. The caller's parameter belongs to the space
 * afterwards, and is freed when the call fails. */
static int32_t append(struct space *space, const char *name, struct parameter *p)
{
    int32_t rc = check_new_name(space, name);
    if (rc)
        goto out;
    p->name = mem_copy_string(name);
    rc = p->name ? 0 : fail_memory();
    if (rc)
        goto out;
    rc = reserve_parameter(space);
    if (rc)
        goto out;
    rc = parameter_prepare(p);
out:
    if (rc) {
        parameter_fini(p);
        return rc;
    }
    name_table_add(&space->names, p->name, space->size);
    space->parameters[space->size++] = *p;
    return 0;
}

/* Checks that a scale exists and suits the bounds; `low` is the lower one as text, for the
 * message. */
static int32_t check_scale(const char *name, int32_t scale, int positive, const char *low)
{
    if (scale < AFINA_SCALE_LINEAR || scale > AFINA_SCALE_REVERSE_LOG)
        return fail(AFINA_E_RANGE,
                    "parameter \"%s\": scale must be AFINA_SCALE_LINEAR (0), AFINA_SCALE_LOG (1) or "
                    "AFINA_SCALE_REVERSE_LOG (2), got %d",
                    name, (int)scale);
    if (scale != AFINA_SCALE_LINEAR && !positive)
        return fail(AFINA_E_RANGE, "parameter \"%s\": a logarithmic scale needs low > 0, got %s", name, low);
    return 0;
}

int32_t space_add_real(struct space *space, const char *name, double low, double high, int32_t scale)
{
    if (!isfinite(low) || !isfinite(high))
        return fail(AFINA_E_RANGE, "parameter \"%s\": low and high must be finite, got %g and %g", name, low, high);
    if (low > high)
        return fail(AFINA_E_RANGE, "parameter \"%s\": low must not exceed high, got %g and %g", name, low, high);
    char text[NUMBER_SIZE];
    number_write_double(text, low);
    int32_t rc = check_scale(name, scale, low > 0, text);
    if (rc)
        return rc;
    struct parameter p = {.kind = AFINA_KIND_REAL, .scale = scale, .low = one_zero(low), .high = one_zero(high)};
    return append(space, name, &p);
}

int32_t space_add_integer(struct space *space, const char *name, int64_t low, int64_t high, int32_t scale)
{
    if (low > high)
        return fail(AFINA_E_RANGE, "parameter \"%s\": low must not exceed high, got %lld and %lld", name,
                    (long long)low, (long long)high);
    char text[NUMBER_SIZE];
    number_write_int64(text, low);
    int32_t rc = check_scale(name, scale, low > 0, text);
    if (rc)
        return rc;
    struct parameter p = {.kind = AFINA_KIND_INTEGER, .scale = scale, .int_low = low, .int_high = high, .int_step = 1};
    return append(space, name, &p);
}

static int32_t check_prior(const char *name, int32_t prior, double mean, double sd, double low, double high)
{
    if (prior != AFINA_PRIOR_NORMAL && prior != AFINA_PRIOR_LOGNORMAL)
        return fail(AFINA_E_RANGE,
                    "parameter \"%s\": prior must be AFINA_PRIOR_UNIFORM (0), AFINA_PRIOR_NORMAL (1) or "
                    "AFINA_PRIOR_LOGNORMAL (2), got %d",
                    name, (int)prior);
    if (!isfinite(mean))
        return fail(AFINA_E_RANGE, "parameter \"%s\": the mean of a prior must be finite, got %g", name, mean);
    if (!isfinite(sd) || !(sd > 0))
        return fail(AFINA_E_RANGE, "parameter \"%s\": the sd of a prior must be finite and > 0, got %g", name, sd);
    if (prior == AFINA_PRIOR_LOGNORMAL && (low < 0 || high <= 0))
        return fail(AFINA_E_RANGE, "parameter \"%s\": a log-normal prior needs low >= 0 and high > 0, got %g and %g",
                    name, low, high);
    return 0;
}

int32_t space_add_prior(struct space *space, const char *name, int32_t prior, double mean, double sd, double low,
                        double high)
{
    if (isnan(low) || isnan(high) || low > high || low == INFINITY || high == -INFINITY)
        return fail(AFINA_E_RANGE, "parameter \"%s\": low must not exceed high, got %g and %g", name, low, high);
    int32_t rc = check_prior(name, prior, mean, sd, low, high);
    if (rc)
        return rc;
    struct parameter p = {
        .kind = AFINA_KIND_REAL, .prior = prior, .mean = mean, .sd = sd, .low = one_zero(low), .high = one_zero(high)};
    return append(space, name, &p);
}

int32_t parameter_read_numbers(struct parameter *p)
{
    double *numbers = mem_new(p->n_choices, sizeof *numbers);
    if (!numbers)
        return fail_memory();
    size_t i = 0;
    while (i < p->n_choices && text_to_double(p->choices[i], &numbers[i]) && isfinite(numbers[i]))
        i++;
    if (i == p->n_choices)
        p->choice_numbers = numbers;
    else
        mem_free(numbers);
    return 0;
}

int32_t space_add_choices(struct space *space, const char *name, int32_t kind, const char *const *choices, size_t count)
{
    if (!choices || count == 0 || count > SPACE_MAX_CHOICES)
        return fail(choices && count ? AFINA_E_RANGE : AFINA_E_ARGUMENT,
                    "parameter \"%s\" must have 1 to %d choices, got %zu", name, SPACE_MAX_CHOICES,
                    choices ? count : 0);
    char what[SPACE_MAX_NAME + 64];
    int32_t rc = 0;
    text_format(what, sizeof what, "a choice of parameter \"%s\"", name);
    for (size_t i = 0; i < count && !rc; i++)
        rc = check_text(choices[i], what);
    if (rc)
        return rc;
    struct parameter p = {.kind = kind, .int_high = (int64_t)count - 1, .int_step = 1};
    rc = parameter_set_choices(&p, name, choices, count);
    if (!rc)
        rc = parameter_read_numbers(&p);
    if (rc) {
        parameter_fini(&p);
        return rc;
    }
    return append(space, name, &p);
}

/* ------------------------------------------------------------------- changes */

static int is_number(const struct parameter *p)
{
    return p->kind == AFINA_KIND_REAL || p->kind == AFINA_KIND_INTEGER;
}

static int32_t check_number(const struct parameter *p, const char *what)
{
    if (is_number(p))
        return 0;
    return fail(AFINA_E_TYPE, "parameter \"%s\" has choices; %s is for a real or an integer", p->name, what);
}

/* Checks that a default that was set is still one of the values; one beside a grid value by
 * rounding moves onto it. */
static int32_t keep_default(struct parameter *p)
{
    if (!p->has_default)
        return 0;
    union value v = p->default_value;
    return p->kind == AFINA_KIND_REAL ? parameter_check_real(p, v.real, &p->default_value)
                                      : parameter_check_integer(p, v.integer, &p->default_value);
}

/* Puts a changed copy, which shares p's memory, in the place of p when it passes all checks. */
static int32_t replace(struct parameter *p, struct parameter *changed)
{
    changed->cumulative = NULL; /* numbers have no weights */
    int32_t rc = parameter_prepare(changed);
    if (!rc)
        rc = keep_default(changed);
    if (!rc)
        *p = *changed;
    return rc;
}

int32_t parameter_check_step(const struct parameter *p, double step)
{
    if (step == 0)
        return 0;
    if (!isfinite(step) || !(step > 0))
        return fail(AFINA_E_RANGE, "parameter \"%s\": step must be finite and > 0, or 0 for none, got %g", p->name,
                    step);
    if (p->kind == AFINA_KIND_INTEGER) {
        if (step != floor(step) || step >= 0x1p63)
            return fail(AFINA_E_RANGE, "parameter \"%s\" is an integer: step must be whole and < 2^63, got %g", p->name,
                        step);
        return 0;
    }
    if (!isfinite(p->low) || !isfinite(p->high))
        return fail(AFINA_E_RANGE, "parameter \"%s\": a step needs finite bounds, got %g and %g", p->name, p->low,
                    p->high);
    if (p->scale != AFINA_SCALE_LINEAR)
        return fail(AFINA_E_RANGE, "parameter \"%s\" has a logarithmic scale: a step is for a linear one", p->name);
    if (!isfinite(p->high - p->low))
        return fail(AFINA_E_RANGE, "parameter \"%s\": [%g, %g] is too wide for a step", p->name, p->low, p->high);
    /* Adjacent values of the grid must differ by more than their rounding. */
    double largest = fmax(fabs(p->low), fabs(p->high));
    if (p->low < p->high && (step < largest * 0x1p-50 || (p->high - p->low) / step > 0x1p50))
        return fail(AFINA_E_RANGE, "parameter \"%s\": a step of %g is too small to tell values in [%g, %g] apart",
                    p->name, step, p->low, p->high);
    return 0;
}

/* Checks that every value that a condition names is still among the parameter's values. */
static int32_t check_members(const struct space *space, const struct parameter *p, const struct parameter *changed)
{
    size_t parent = (size_t)(p - space->parameters);
    for (size_t i = 0; i < space->size; i++) {
        const struct parameter *child = &space->parameters[i];
        for (size_t k = 0; k < child->n_conditions; k++) {
            const struct condition *c = &child->conditions[k];
            for (size_t m = 0; c->parent == parent && m < c->n_members; m++)
                if (((uint64_t)c->members[m] - (uint64_t)p->int_low) % changed->int_step != 0)
                    return fail(AFINA_E_RANGE,
                                "parameter \"%s\": a step of %llu leaves out %lld, which a condition of \"%s\" needs",
                                p->name, (unsigned long long)changed->int_step, (long long)c->members[m], child->name);
        }
    }
    return 0;
}

int32_t space_set_step(struct space *space, const char *name, double step)
{
    struct parameter *p;
    int32_t rc = find_for_change(space, name, &p);
    if (!rc)
        rc = check_number(p, "a step");
    if (!rc)
        rc = parameter_check_step(p, step);
    if (rc)
        return rc;
    struct parameter changed = *p;
    if (p->kind == AFINA_KIND_REAL)
        changed.step = step;
    else
        changed.int_step = step == 0 ? 1 : (uint64_t)step;
    rc = p->kind == AFINA_KIND_INTEGER ? check_members(space, p, &changed) : 0;
    return rc ? rc : replace(p, &changed);
}

int32_t space_set_prior(struct space *space, const char *name, int32_t prior, double mean, double sd)
{
    struct parameter *p;
    int32_t rc = find_for_change(space, name, &p);
    if (!rc)
        rc = check_number(p, "a prior");
    if (rc)
        return rc;
    struct parameter changed = *p;
    changed.prior = prior;
    if (prior == AFINA_PRIOR_UNIFORM) {
        if (!isfinite(p->low) || !isfinite(p->high))
            return fail(AFINA_E_RANGE, "parameter \"%s\": a uniform prior needs finite bounds, got %g and %g", name,
                        p->low, p->high);
        if (!(mean == 0 && sd == 0))
            return fail(AFINA_E_RANGE, "parameter \"%s\": a uniform prior has mean and sd 0, got %g and %g", name, mean,
                        sd);
        changed.mean = changed.sd = 0;
        return replace(p, &changed);
    }
    double low = p->kind == AFINA_KIND_REAL ? p->low : (double)p->int_low;
    double high = p->kind == AFINA_KIND_REAL ? p->high : (double)p->int_high;
    rc = check_prior(name, prior, mean, sd, low, high);
    if (rc)
        return rc;
    changed.scale = AFINA_SCALE_LINEAR; /* the prior takes the place of the scale */
    changed.mean = mean;
    changed.sd = sd;
    return replace(p, &changed);
}

static int32_t check_weights(const struct parameter *p, const double *weights, size_t count)
{
    double largest = 0;
    if (is_number(p))
        return fail(AFINA_E_TYPE, "parameter \"%s\" is a number; weights are for choices", p->name);
    if (count != p->n_choices)
        return fail(AFINA_E_RANGE, "parameter \"%s\" has %zu choices, got %zu weights", p->name, p->n_choices, count);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(weights[i]) || weights[i] < 0)
            return fail(AFINA_E_RANGE, "parameter \"%s\": weight %zu must be finite and >= 0, got %g", p->name, i,
                        weights[i]);
        largest = fmax(largest, weights[i]);
    }
    return largest > 0 ? 0 : fail(AFINA_E_RANGE, "parameter \"%s\": at least one weight must be > 0", p->name);
}

/* Divides the weights by their sum. Weights whose sum is 1 to within the rounding of so
 * many terms stay as they are to the bit, so that a space that is written and read again
 * has the same ones. The largest is divided out first: a sum of finite weights may overflow. */
static void normalise(const double *weights, size_t count, double *out)
{
    double largest = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, weights[i]);
    for (size_t i = 0; i < count; i++)
        sum += weights[i] / largest;
    int is_sum_one = fabs(sum * largest - 1) < 1e-12 + (double)count * DBL_EPSILON;
    for (size_t i = 0; i < count; i++)
        out[i] = is_sum_one ? weights[i] : weights[i] / largest / sum;
}

int32_t space_set_weights(struct space *space, const char *name, const double *weights, size_t count)
{
    struct parameter *p;
    int32_t rc = find_for_change(space, name, &p);
    if (!rc)
        rc = check_weights(p, weights, count);
    if (rc)
        return rc;
    struct parameter changed = *p;
    changed.cumulative = NULL;
    changed.weights = mem_new(count, sizeof *changed.weights);
    if (!changed.weights)
        return fail_memory();
    normalise(weights, count, changed.weights);
    rc = parameter_prepare(&changed);
    if (rc) {
        mem_free(changed.weights);
        return rc;
    }
    mem_free(p->weights);
    mem_free(p->cumulative);
    *p = changed;
    return 0;
}

static int32_t set_default(struct parameter *p, int32_t rc, const union value *v)
{
    if (rc)
        return rc;
    p->default_value = *v;
    p->has_default = 1;
    return 0;
}

int32_t space_set_default_real(struct space *space, const char *name, double value)
{
    struct parameter *p;
    union value v = {0};
    int32_t rc = find_for_change(space, name, &p);
    return rc ? rc : set_default(p, parameter_check_real(p, value, &v), &v);
}

int32_t space_set_default_integer(struct space *space, const char *name, int64_t value)
{
    struct parameter *p;
    union value v = {0};
    int32_t rc = find_for_change(space, name, &p);
    return rc ? rc : set_default(p, parameter_check_integer(p, value, &v), &v);
}

int32_t space_set_default_string(struct space *space, const char *name, const char *value)
{
    struct parameter *p;
    union value v = {0};
    int32_t rc = find_for_change(space, name, &p);
    return rc ? rc : set_default(p, parameter_check_string(p, value, &v), &v);
}
