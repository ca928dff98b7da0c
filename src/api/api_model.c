#include "afina_experimental.h"
#include "api/handles.h"
#include "core/mem.h"
#include "study/question.h"
#include "surrogate/optima.h"
#include "surrogate/surrogate.h"

/* The checks of a question about one point, which is copied. */
static int32_t check_point(const afina_optimizer *optimizer, const afina_point *point, const void *out,
                           const char *name, const char *function, struct afina_point *copy)
{
    *copy = (struct afina_point){0};
    int32_t rc = require(out, function, name);
    return rc ? rc : canonical_point(optimizer, point, function, copy);
}

int32_t afina_model_predict(afina_optimizer *optimizer, size_t output, const afina_point *point, double *mean,
                            double *sd)
{
    struct afina_point copy;
    double both[2];
    int32_t rc = require(sd, __func__, "sd");
    if (rc)
        return rc;
    rc = check_point(optimizer, point, mean, "mean", __func__, &copy);
    if (!rc)
        rc = study_predict(optimizer->study, output, &copy, &both[0], &both[1]);
    canonical_free(&copy);
    if (rc)
        return rc;
    *mean = both[0];
    *sd = both[1];
    return 0;
}

int32_t afina_model_quantile(afina_optimizer *optimizer, size_t output, const afina_point *point, double p,
                             double *value)
{
    struct afina_point copy;
    int32_t rc = check_point(optimizer, point, value, "value", __func__, &copy);
    if (!rc && !(p > 0 && p < 1))
        rc = fail(AFINA_E_RANGE, "%s: p must be in (0, 1), got %g", __func__, p);
    if (!rc)
        rc = study_predict_quantile(optimizer->study, output, &copy, p, value);
    canonical_free(&copy);
    return rc;
}

int32_t afina_model_noise(afina_optimizer *optimizer, size_t output, const afina_point *point, double *sd)
{
    struct afina_point copy;
    int32_t rc = check_point(optimizer, point, sd, "sd", __func__, &copy);
    if (!rc)
        rc = study_predict_noise(optimizer->study, output, &copy, sd);
    canonical_free(&copy);
    return rc;
}

/* Copies of n points; those made are there whatever is returned. */
static int32_t copy_points(const afina_optimizer *optimizer, struct space *space, const afina_point *const *points,
                           size_t n, const char *function, struct point ***copies)
{
    *copies = mem_new(n, sizeof **copies);
    if (!*copies)
        return fail_memory();
    int32_t rc = 0;
    for (size_t i = 0; i < n && !rc; i++)
        rc = canonical_in(optimizer, space, points[i], function, *copies + i);
    return rc;
}

static void free_points(struct point **copies, size_t n)
{
    for (size_t i = 0; copies && i < n; i++)
        point_free(copies[i]);
    mem_free(copies);
}

static int32_t check_draws(const afina_optimizer *optimizer, const void *points, size_t n, size_t draws,
                           const char *function)
{
    int32_t rc = optimizer_check(optimizer, function);
    if (!rc)
        rc = require(points, function, "points");
    if (!rc && (n < 1 || n > SURROGATE_MOST_DRAWN))
        rc = fail(AFINA_E_RANGE, "%s: n must be in 1..%d, got %zu", function, SURROGATE_MOST_DRAWN, n);
    if (!rc && (draws < 1 || draws > SIZE_MAX / sizeof(double) / n))
        rc =
            fail(AFINA_E_RANGE, "%s: draws must be in 1..%zu, got %zu", function, SIZE_MAX / sizeof(double) / n, draws);
    return rc;
}

int32_t afina_model_draws(afina_optimizer *optimizer, size_t output, const afina_point *const *points, size_t n,
                          size_t draws, uint64_t seed, double *values, size_t capacity, size_t *count)
{
    struct point **copies = NULL;
    double *drawn = NULL;
    int32_t rc = check_draws(optimizer, points, n, draws, __func__);
    if (rc)
        return rc;
    struct space *space = study_space(optimizer->study);
    rc = copy_points(optimizer, space, points, n, __func__, &copies);
    if (rc)
        goto out;
    drawn = mem_new(n * draws, sizeof *drawn);
    rc = drawn ? study_draw(optimizer->study, output, space, (const struct point *const *)copies, n, draws, seed, drawn)
               : fail_memory();
    if (!rc)
        rc = give_doubles(drawn, n * draws, values, capacity, count, __func__);
out:
    space_release(space);
    free_points(copies, n);
    mem_free(drawn);
    return rc;
}

int32_t afina_model_best(afina_optimizer *optimizer, size_t output, afina_trial **out)
{
    struct trial *trial;
    int32_t rc = REQUIRE_OUT(out);
    if (!rc)
        rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = study_best_expected(optimizer->study, output, &trial);
    return rc ? rc : trial_handle(out, optimizer->study, trial);
}

/* A parameter of the study's space, which is counted. */
struct wanted {
    struct space *space;
    size_t parameter;
};

#define WANTED_SCOPE                                                                                                   \
    __attribute__((cleanup(wanted_fini))) /* also when an exception of the host's filter passes through */
static void wanted_fini(struct wanted *w)
{
    space_release(w->space);
}

static int32_t find_parameter(const afina_optimizer *optimizer, const char *name, const void *out, const char *argument,
                              const char *function, struct wanted *w)
{
    int32_t rc = optimizer_check(optimizer, function);
    if (!rc)
        rc = require_text(name, function, "name");
    if (!rc)
        rc = require(out, function, argument);
    if (rc)
        return rc;
    w->space = study_space(optimizer->study);
    return space_find(w->space, name, &w->parameter);
}

int32_t afina_model_length_scale(afina_optimizer *optimizer, size_t output, const char *name, double *value)
{
    struct wanted w = {0};
    int32_t rc = find_parameter(optimizer, name, value, "value", __func__, &w);
    if (!rc)
        rc = study_length_scale(optimizer->study, output, &w.space->parameters[w.parameter], value);
    wanted_fini(&w);
    return rc;
}

/* The shares of all parameters of a space; the caller frees them. */
static int32_t all_shares(struct study *study, size_t output, const struct space *space, double **shares)
{
    *shares = mem_new(space->size, sizeof **shares);
    return *shares ? study_importances(study, output, space, *shares) : fail_memory();
}

int32_t afina_model_importances(afina_optimizer *optimizer, size_t output, double *shares, size_t capacity,
                                size_t *count)
{
    double *all;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (rc)
        return rc;
    struct space *space = study_space(optimizer->study);
    rc = all_shares(optimizer->study, output, space, &all);
    if (!rc)
        rc = give_doubles(all, space->size, shares, capacity, count, __func__);
    mem_free(all);
    space_release(space);
    return rc;
}

int32_t afina_model_importance(afina_optimizer *optimizer, size_t output, const char *name, double *share)
{
    double *all = NULL;
    struct wanted w = {0};
    int32_t rc = find_parameter(optimizer, name, share, "share", __func__, &w);
    if (!rc)
        rc = all_shares(optimizer->study, output, w.space, &all);
    if (!rc)
        *share = all[w.parameter];
    mem_free(all);
    wanted_fini(&w);
    return rc;
}

/* The checks of a question about optima; the parameter's kind is to be a choice, or not. */
static int32_t check_kind(const struct wanted *w, int choices, const char *function)
{
    const struct parameter *p = &w->space->parameters[w->parameter];
    int is_choice = p->kind == AFINA_KIND_CATEGORICAL || p->kind == AFINA_KIND_ORDINAL;
    return is_choice == choices
               ? 0
               : fail(AFINA_E_TYPE, "%s: parameter \"%s\" takes %s: use %s", function, p->name,
                      choices ? "numbers" : "choices", choices ? "afina_model_range" : "afina_model_choice_shares");
}

/* As many draws as a share is computed from. */
enum { OPTIMA = 1000, MOST_OPTIMA = 10000 };

/* Of a scope that the host's filter may leave by an exception. */
#define OPTIMA_SCOPE __attribute__((cleanup(free_optima)))
static void free_optima(struct point ***points)
{
    free_points(*points, OPTIMA);
}

static int32_t draw_optima(const afina_optimizer *optimizer, size_t output, const struct space *space, uint64_t seed,
                           struct point ***points)
{
    *points = mem_new(OPTIMA, sizeof **points);
    return *points ? study_optima(optimizer->study, output, space, OPTIMA, seed, *points) : fail_memory();
}

/* Makes handles of the points, which it takes over; on failure there are none. */
static int32_t give_points(struct space *space, struct point **values, size_t n, afina_point **points)
{
    int32_t rc = 0;
    for (size_t i = 0; i < n; i++) {
        points[i] = NULL;
        if (rc) {
            point_free(values[i]);
            continue;
        }
        space_show_inactive(space, values[i]);
        rc = point_handle(&points[i], space, values[i]);
    }
    for (size_t i = 0; i < n && rc; i++) {
        afina_point_free(points[i]);
        points[i] = NULL;
    }
    return rc;
}

int32_t afina_model_optima(afina_optimizer *optimizer, size_t output, size_t draws, uint64_t seed, afina_point **points)
{
    int32_t rc = require(points, __func__, "points");
    if (!rc && (draws < 1 || draws > MOST_OPTIMA))
        rc = fail(AFINA_E_RANGE, "%s: draws must be in 1..%d, got %zu", __func__, MOST_OPTIMA, draws);
    if (rc)
        return rc;
    for (size_t i = 0; i < draws; i++)
        points[i] = NULL;
    rc = optimizer_check(optimizer, __func__);
    if (rc)
        return rc;
    struct wanted w WANTED_SCOPE = {.space = study_space(optimizer->study)};
    struct point **values MEM_SCOPE = mem_new(draws, sizeof *values);
    rc = values ? study_optima(optimizer->study, output, w.space, draws, seed, values) : fail_memory();
    if (!rc)
        rc = give_points(w.space, values, draws, points);
    return rc;
}

int32_t afina_model_range(afina_optimizer *optimizer, size_t output, const char *name, double share, uint64_t seed,
                          double *low, double *high)
{
    struct wanted w WANTED_SCOPE = {0};
    struct point **points OPTIMA_SCOPE = NULL;
    int32_t rc = require(high, __func__, "high");
    if (!rc)
        rc = find_parameter(optimizer, name, low, "low", __func__, &w);
    if (!rc && !(share > 0 && share <= 1))
        rc = fail(AFINA_E_RANGE, "%s: share must be in (0, 1], got %g", __func__, share);
    if (!rc)
        rc = check_kind(&w, 0, __func__);
    if (!rc)
        rc = draw_optima(optimizer, output, w.space, seed, &points);
    if (!rc)
        rc = optima_range(w.space, points, OPTIMA, w.parameter, share, low, high);
    return rc;
}

int32_t afina_model_choice_shares(afina_optimizer *optimizer, size_t output, const char *name, uint64_t seed,
                                  double *shares, size_t capacity, size_t *count)
{
    struct wanted w WANTED_SCOPE = {0};
    struct point **points OPTIMA_SCOPE = NULL;
    double *all = NULL;
    int32_t rc = find_parameter(optimizer, name, count, "count", __func__, &w);
    if (!rc)
        rc = check_kind(&w, 1, __func__);
    if (!rc)
        rc = draw_optima(optimizer, output, w.space, seed, &points);
    if (!rc) {
        size_t choices = w.space->parameters[w.parameter].n_choices;
        all = mem_new(choices, sizeof *all);
        if (all)
            optima_choice_shares(w.space, points, OPTIMA, w.parameter, all);
        rc = all ? give_doubles(all, choices, shares, capacity, count, __func__) : fail_memory();
    }
    mem_free(all);
    return rc;
}

int32_t afina_model_simplify(afina_optimizer *optimizer, size_t output, const afina_point *point, afina_point **simple)
{
    struct afina_point copy __attribute__((cleanup(canonical_free))) = {0};
    int32_t rc = REQUIRE_OUT(simple);
    if (!rc)
        rc = check_point(optimizer, point, simple, "simple", __func__, &copy);
    if (!rc)
        rc = study_simplify(optimizer->study, output, &copy);
    if (!rc) {
        rc = give_points(copy.space, &copy.point, 1, simple);
        copy.point = NULL;
    }
    return rc;
}

int32_t afina_model_regret(afina_optimizer *optimizer, size_t output, double *bound, double *noise)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(bound, __func__, "bound");
    if (!rc)
        rc = require(noise, __func__, "noise");
    return rc ? rc : study_regret(optimizer->study, output, bound, noise);
}

int32_t afina_model_leave_one_out(afina_optimizer *optimizer, size_t output, int64_t *numbers, double *means,
                                  double *sds, double *residuals, size_t capacity, size_t *count)
{
    struct surrogate_fold *folds;
    size_t n;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(count, __func__, "count");
    if (!rc)
        rc = study_leave_one_out(optimizer->study, output, &folds, &n);
    if (rc)
        return rc;
    for (size_t i = 0; i < n && i < capacity; i++) {
        if (numbers)
            numbers[i] = folds[i].number;
        if (means)
            means[i] = folds[i].mean;
        if (sds)
            sds[i] = folds[i].sd;
        if (residuals)
            residuals[i] = folds[i].residual;
    }
    mem_free(folds);
    *count = n;
    return 0;
}

int32_t afina_model_fallbacks(afina_optimizer *optimizer, int64_t *count)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require(count, __func__, "count");
    return rc ? rc : study_model_fallbacks(optimizer->study, count);
}
