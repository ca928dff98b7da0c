/* The normal equations with the arm effects eliminated. With n_c cells of arm c, on the folds F_c, and 1_c their
 * indicator,
 *
 *     S b = r,    S = sum_c (diag(1_c) - 1_c 1_c' / n_c),    r_f = sum_c (y_cf - mean_c) over the cells of f,
 *     a_c = mean_c - 1_c' b / n_c,
 *
 * where S is singular along constants on each part (connected set of folds); b has mean 0 on each. With J the sum of
 * 1 1' / n over parts and N their number of folds, S+ = (S + J)^-1 - J. The means of arms are uncorrelated with r, so
 *
 *     var(a_c) = variance (1 / n_c + 1_c' S+ 1_c / n_c^2),
 *
 * and the residual sum of squares is that around the means of arms less b' r. G. A. Milliken, D. E. Johnson, "Analysis
 * of Messy Data" (2009), chapter 10, has the model by hand; S. R. Searle, "Linear Models" (1971), section 7.1.
 *
 * Check: y = {{1, 2}, {3, -}}: a = {1.5, 3.5}, b = {-0.5, 0.5}, no degree of freedom.
 */
#include "experiment/additive.h"

#include "core/fail.h"
#include "core/mem.h"
#include "numeric/linalg.h"

#include <math.h>
#include <string.h>

enum { MOST_FOLDS = 4096 };

int32_t additive_init(struct additive *a, size_t folds)
{
    *a = (struct additive){.folds = folds, .variance = NAN};
    if (folds < 1 || folds > MOST_FOLDS)
        return fail(AFINA_E_RANGE, "folds must be in [1, %d], got %zu", MOST_FOLDS, folds);
    a->normal = mem_new(folds * folds, sizeof *a->normal);
    a->inverse = mem_new(folds * folds, sizeof *a->inverse);
    a->right = mem_new(folds, sizeof *a->right);
    a->effects = mem_new(folds, sizeof *a->effects);
    if (a->normal && a->inverse && a->right && a->effects)
        return AFINA_OK;
    additive_fini(a);
    return fail_memory();
}

void additive_fini(struct additive *a)
{
    for (size_t c = 0; c < a->n_arms; c++)
        mem_free(a->arms[c].cells);
    mem_free(a->arms);
    mem_free(a->normal);
    mem_free(a->inverse);
    mem_free(a->right);
    mem_free(a->effects);
    *a = (struct additive){0};
}

/* ----------------------------------------------------------------- one more cell */

static int32_t make_room(struct additive *a, size_t arm, size_t fold)
{
    void *arms = a->arms;
    int32_t rc = arm < SIZE_MAX / 2 ? mem_reserve(&arms, &a->arm_capacity, arm + 1, sizeof *a->arms) : fail_memory();
    a->arms = arms;
    if (rc)
        return rc;
    if (arm >= a->n_arms) {
        memset(a->arms + a->n_arms, 0, (arm + 1 - a->n_arms) * sizeof *a->arms);
        a->n_arms = arm + 1;
    }
    struct additive_arm *of = &a->arms[arm];
    for (size_t i = 0; i < of->n; i++)
        if (of->cells[i].fold == fold)
            return fail(AFINA_E_STATE, "arm %zu has a value on fold %zu", arm, fold);
    void *cells = of->cells;
    rc = mem_reserve(&cells, &of->capacity, of->n + 1, sizeof *of->cells);
    of->cells = cells;
    return rc;
}

/* What the arm's part of S and r changes by. */
static void update(struct additive *a, const struct additive_arm *arm, size_t fold, double loss)
{
    size_t k = a->folds;
    double n = (double)arm->n, more = 1 / (n + 1), change = n > 0 ? 1 / n - more : 0;
    double mean = arm->mean + (loss - arm->mean) * more;
    for (size_t i = 0; i < arm->n; i++) {
        size_t f = arm->cells[i].fold;
        for (size_t j = 0; j < arm->n; j++)
            a->normal[f * k + arm->cells[j].fold] += change;
        a->normal[f * k + fold] -= more;
        a->normal[fold * k + f] -= more;
        a->right[f] -= mean - arm->mean;
    }
    a->normal[fold * k + fold] += 1 - more;
    a->right[fold] += loss - mean;
}

int32_t additive_add(struct additive *a, size_t arm, size_t fold, double loss)
{
    if (fold >= a->folds)
        return fail(AFINA_E_RANGE, "fold must be in [0, %zu], got %zu", a->folds - 1, fold);
    if (!isfinite(loss))
        return fail(AFINA_E_RANGE, "a loss must be finite, got %g", loss);
    int32_t rc = make_room(a, arm, fold);
    if (rc)
        return rc;
    struct additive_arm *of = &a->arms[arm];
    update(a, of, fold, loss);
    double away = of->n > 0 ? loss - of->mean : 0, more = away * away * (double)of->n / (double)(of->n + 1);
    of->mean = of->n > 0 ? of->mean + away / (double)(of->n + 1) : loss;
    of->squares += more;
    of->cells[of->n++] = (struct additive_cell){fold, loss};
    a->squares += more;
    a->cells++;
    return AFINA_OK;
}

/* ---------------------------------------------------------------------- solving */

/* part[f] becomes the number of the connected set of fold f, from 1; a fold without cells is a set of its own that does
 * not count. S has a negative entry where an arm has both folds. Returns how many folds have cells. */
static size_t find_parts(struct additive *a, size_t *part, size_t *stack)
{
    size_t k = a->folds, seen = 0;
    a->parts = 0;
    memset(part, 0, k * sizeof *part);
    for (size_t c = 0; c < a->n_arms; c++)
        for (size_t i = 0; i < a->arms[c].n; i++)
            part[a->arms[c].cells[i].fold] = SIZE_MAX; /* has cells */
    for (size_t first = 0; first < k; first++) {
        size_t height = 0;
        if (part[first] != SIZE_MAX)
            continue;
        part[first] = ++a->parts;
        stack[height++] = first;
        while (height > 0) {
            size_t f = stack[--height];
            seen++;
            for (size_t g = 0; g < k; g++) {
                if (part[g] == SIZE_MAX && a->normal[f * k + g] < -1e-12) {
                    part[g] = a->parts;
                    stack[height++] = g;
                }
            }
        }
    }
    return seen;
}

/* J of a fold pair: one over the size of the part that both are in. A fold without cells stands alone. */
static double constant(const size_t *part, const size_t *sizes, size_t f, size_t g)
{
    if (f == g && part[f] == 0)
        return 1;
    return part[f] > 0 && part[f] == part[g] ? 1 / (double)sizes[part[f]] : 0;
}

/* (S + J)^-1 - J, which is positive definite within rounding. */
static int32_t invert(struct additive *a, const size_t *part, size_t *sizes)
{
    size_t k = a->folds;
    memset(sizes, 0, (k + 1) * sizeof *sizes);
    for (size_t f = 0; f < k; f++)
        sizes[part[f]]++;
    for (size_t f = 0; f < k; f++)
        for (size_t g = 0; g < k; g++)
            a->inverse[f * k + g] = a->normal[f * k + g] + constant(part, sizes, f, g);
    if (cholesky_factor(a->inverse, k, k) || cholesky_inverse(a->inverse, k, k))
        return fail(AFINA_E_RANGE, "the effects of %zu folds cannot be told apart", k);
    for (size_t f = 0; f < k; f++)
        for (size_t g = 0; g < k; g++)
            a->inverse[f * k + g] -= constant(part, sizes, f, g);
    return AFINA_OK;
}

static void solve(struct additive *a, size_t seen)
{
    size_t k = a->folds, arms = 0;
    double explained = 0;
    for (size_t f = 0; f < k; f++) {
        a->effects[f] = dot_product(k, a->inverse + f * k, a->right);
        explained += a->effects[f] * a->right[f];
    }
    for (size_t c = 0; c < a->n_arms; c++)
        arms += a->arms[c].n > 0;
    a->freedom = (double)a->cells - (double)arms - (double)seen + (double)a->parts;
    a->variance = a->freedom > 0 ? fmax(0, a->squares - explained) / a->freedom : NAN;
}

int32_t additive_fit(struct additive *a)
{
    size_t *part = mem_new(a->folds, sizeof *part), *room = mem_new(a->folds + 1, sizeof *room);
    int32_t rc = part && room ? AFINA_OK : fail_memory();
    if (!rc) {
        size_t seen = find_parts(a, part, room);
        rc = invert(a, part, room);
        if (!rc)
            solve(a, seen);
    }
    mem_free(part);
    mem_free(room);
    return rc;
}

/* The sum over the cells of both arms of S+, each cell weighted with one over the number of its arm's cells. */
static double shared(const struct additive *a, size_t first, size_t second)
{
    const struct additive_arm *u = &a->arms[first], *v = &a->arms[second];
    double sum = 0;
    for (size_t i = 0; i < u->n; i++)
        for (size_t j = 0; j < v->n; j++)
            sum += a->inverse[u->cells[i].fold * a->folds + v->cells[j].fold];
    return sum / ((double)u->n * (double)v->n);
}

double additive_effect(const struct additive *a, size_t arm, double *factor)
{
    const struct additive_arm *of = &a->arms[arm];
    double sum = 0;
    for (size_t i = 0; i < of->n; i++)
        sum += a->effects[of->cells[i].fold];
    *factor = 1 / (double)of->n + fmax(0, shared(a, arm, arm));
    return of->mean - sum / (double)of->n;
}

double additive_difference(const struct additive *a, size_t first, size_t second, double *factor)
{
    double u, v, difference = additive_effect(a, first, &u) - additive_effect(a, second, &v);
    *factor = first == second ? 0 : fmax(0, u + v - 2 * shared(a, first, second));
    return difference;
}
