/* Statistics of a table of results. Inside less is better, and "no result" is the worst. */
#include "api/handles.h"
#include "core/mem.h"
#include "experiment/corrected_t.h"
#include "experiment/friedman.h"
#include "experiment/posthoc.h"
#include "experiment/rank_picture.h"

#include <math.h>

enum { MOST_METHODS = 1000 };

static int32_t check_size(size_t blocks, size_t least, size_t methods, const char *function)
{
    if (methods < 2 || methods > MOST_METHODS)
        return fail(AFINA_E_RANGE, "%s: method_count must be in [2, %d], got %zu", function, MOST_METHODS, methods);
    if (blocks < least || blocks > SIZE_MAX / MOST_METHODS)
        return fail(AFINA_E_RANGE, "%s: block_count must be at least %zu, got %zu", function, least, blocks);
    return AFINA_OK;
}

static int32_t check_direction(int32_t direction)
{
    if (direction != AFINA_DIRECTION_MINIMISE && direction != AFINA_DIRECTION_MAXIMISE)
        return fail(AFINA_E_RANGE, "direction must be 0 (minimise) or 1 (maximise), got %d", (int)direction);
    return AFINA_OK;
}

static int32_t check_posthoc(int32_t posthoc, size_t blocks, const char *function)
{
    if (posthoc < AFINA_POSTHOC_WILCOXON || posthoc > AFINA_POSTHOC_NEMENYI)
        return fail(AFINA_E_RANGE, "posthoc must be 0 (Wilcoxon), 1 (mean ranks) or 2 (Nemenyi), got %d", (int)posthoc);
    if (blocks < 2)
        return fail(AFINA_E_RANGE, "%s: block_count must be at least 2, got %zu", function, blocks);
    return AFINA_OK;
}

static int32_t check_level(double level)
{
    if (!(level > 0 && level < 1))
        return fail(AFINA_E_RANGE, "level must be in (0, 1), got %g", level);
    return AFINA_OK;
}

/* The table as losses; the caller frees it. `least` is the least number of blocks. */
static int32_t losses_of(const double *values, size_t blocks, size_t least, size_t methods, int32_t direction,
                         const char *function, double **out)
{
    *out = NULL;
    int32_t rc = require(values, function, "values");
    if (!rc)
        rc = check_size(blocks, least, methods, function);
    if (!rc)
        rc = check_direction(direction);
    if (rc)
        return rc;
    double *x = mem_new(blocks * methods, sizeof *x);
    if (!x)
        return fail_memory();
    for (size_t i = 0; i < blocks * methods; i++)
        x[i] = isnan(values[i]) ? INFINITY : direction == AFINA_DIRECTION_MAXIMISE ? -values[i] : values[i];
    *out = x;
    return AFINA_OK;
}

int32_t afina_compare_ranks(const double *values, size_t block_count, size_t method_count, int32_t direction,
                            double *ranks)
{
    double *x;
    int32_t rc = require(ranks, __func__, "ranks");
    if (rc)
        return rc;
    rc = losses_of(values, block_count, 1, method_count, direction, __func__, &x);
    if (!rc)
        rc = friedman_test(x, block_count, method_count, ranks, NULL);
    mem_free(x);
    return rc;
}

int32_t afina_compare_friedman(const double *values, size_t block_count, size_t method_count, int32_t direction,
                               double *chi_square, double *p, double *f, double *f_p)
{
    struct friedman test = {0};
    double *x, *ranks = NULL;
    int32_t rc = losses_of(values, block_count, 2, method_count, direction, __func__, &x);
    if (!rc && (!chi_square || !p || !f || !f_p))
        rc = fail(AFINA_E_ARGUMENT, "%s: chi_square, p, f or f_p is NULL", __func__);
    if (!rc && !(ranks = mem_new(method_count, sizeof *ranks)))
        rc = fail_memory();
    if (!rc)
        rc = friedman_test(x, block_count, method_count, ranks, &test);
    if (!rc) {
        *chi_square = test.chi_square;
        *p = test.p;
        *f = test.f;
        *f_p = test.f_p;
    }
    mem_free(x);
    mem_free(ranks);
    return rc;
}

int32_t afina_compare_pairs(const double *values, size_t block_count, size_t method_count, int32_t direction,
                            int32_t posthoc, double *p)
{
    double *x;
    int32_t rc = require(p, __func__, "p");
    if (rc)
        return rc;
    rc = losses_of(values, block_count, 1, method_count, direction, __func__, &x);
    if (!rc)
        rc = check_posthoc(posthoc, block_count, __func__);
    if (!rc)
        rc = posthoc_pairs(x, block_count, method_count, posthoc, p);
    mem_free(x);
    return rc;
}

int32_t afina_compare_critical_difference(size_t block_count, size_t method_count, double level, double *difference)
{
    int32_t rc = require(difference, __func__, "difference");
    if (!rc)
        rc = check_size(block_count, 1, method_count, __func__);
    if (!rc)
        rc = check_level(level);
    if (!rc)
        *difference = nemenyi_difference(block_count, method_count, level);
    return rc;
}

static int32_t check_names(const char *const *names, size_t count, const char *function)
{
    int32_t rc = require(names, function, "names");
    for (size_t j = 0; !rc && j < count; j++)
        rc = require_text(names[j], function, "a name");
    return rc;
}

static int32_t draw(const double *x, struct rank_picture *picture, int32_t posthoc, struct text *out)
{
    static const char *const tests[] = {"Wilcoxon and Holm", "mean ranks and Holm", "Nemenyi"};
    size_t n = picture->methods;
    double *ranks = mem_new(n, sizeof *ranks), *p = mem_new(n * n, sizeof *p);
    int32_t rc = ranks && p ? friedman_test(x, picture->blocks, n, ranks, NULL) : fail_memory();
    if (!rc)
        rc = posthoc_pairs(x, picture->blocks, n, posthoc, p);
    if (posthoc == AFINA_POSTHOC_NEMENYI)
        picture->difference = nemenyi_difference(picture->blocks, n, picture->level);
    picture->test = tests[posthoc];
    picture->ranks = ranks;
    picture->p = p;
    if (!rc)
        rc = rank_picture_write(picture, out);
    mem_free(ranks);
    mem_free(p);
    return rc;
}

int32_t afina_compare_picture(const double *values, size_t block_count, size_t method_count, int32_t direction,
                              int32_t posthoc, double level, const char *const *names, char *text, size_t capacity,
                              size_t *length)
{
    struct text svg = {0};
    struct rank_picture picture = {.names = names, .methods = method_count, .blocks = block_count, .level = level};
    double *x;
    int32_t rc = losses_of(values, block_count, 1, method_count, direction, __func__, &x);
    if (!rc)
        rc = check_posthoc(posthoc, block_count, __func__);
    if (!rc)
        rc = check_level(level);
    if (!rc)
        rc = check_names(names, method_count, __func__);
    if (!rc)
        rc = draw(x, &picture, posthoc, &svg);
    mem_free(x);
    return give_built(rc, &svg, text, capacity, length, __func__);
}

/* ---------------------------------------------------------------------- pairs */

static int32_t check_pairs(const double *first, const double *second, size_t count, int32_t direction, double ratio,
                           double confidence, const char *function)
{
    int32_t rc = require(first, function, "first");
    if (!rc)
        rc = require(second, function, "second");
    if (!rc && count < 2)
        rc = fail(AFINA_E_RANGE, "%s: count must be at least 2, got %zu", function, count);
    if (!rc)
        rc = check_direction(direction);
    if (!rc && !(ratio >= 0 && isfinite(ratio)))
        rc = fail(AFINA_E_RANGE, "ratio must be finite and >= 0, got %g", ratio);
    if (!rc && !(confidence > 0 && confidence < 1))
        rc = fail(AFINA_E_RANGE, "confidence must be in (0, 1), got %g", confidence);
    for (size_t i = 0; !rc && i < count; i++)
        if (!isfinite(first[i] - second[i]))
            rc = fail(AFINA_E_RANGE, "difference %zu must be finite, got %g - %g", i, first[i], second[i]);
    return rc;
}

int32_t afina_compare_paired(const double *first, const double *second, size_t count, int32_t direction, double ratio,
                             double confidence, double *difference, double *low, double *high, double *p,
                             int32_t *verdict)
{
    int32_t rc = check_pairs(first, second, count, direction, ratio, confidence, __func__);
    if (!rc && (!difference || !low || !high || !p || !verdict))
        rc = fail(AFINA_E_ARGUMENT, "%s: difference, low, high, p or verdict is NULL", __func__);
    if (rc)
        return rc;
    double *d = mem_new(count, sizeof *d);
    if (!d)
        return fail_memory();
    for (size_t i = 0; i < count; i++)
        d[i] = first[i] - second[i];
    struct corrected_t test = corrected_t_test(d, count, ratio, confidence);
    mem_free(d);
    *difference = test.mean;
    *low = test.low;
    *high = test.high;
    *p = test.p;
    int above = test.low > 0, below = test.high < 0, most = direction == AFINA_DIRECTION_MAXIMISE;
    *verdict = above == below ? AFINA_VERDICT_UNDECIDED : above == most ? AFINA_VERDICT_YES : AFINA_VERDICT_NO;
    return AFINA_OK;
}
