/* Methods on the same objective from the same seeds: one whole study after the other. */
#include "api/handles.h"
#include "core/mem.h"

#include <math.h>

struct comparison {
    const afina_space *space;
    int64_t trials;
    afina_compare_setup setup;
    afina_objective objective;
    void *user;
};

static int32_t check(const afina_space *space, const char *const *methods, size_t method_count, int64_t trials,
                     size_t seed_count, const char *function)
{
    const struct method *found;
    int32_t rc = require(space, function, "space");
    if (!rc)
        rc = require(methods, function, "methods");
    if (!rc && method_count < 1)
        rc = fail(AFINA_E_RANGE, "%s: method_count must be at least 1, got 0", function);
    if (!rc && trials < 1)
        rc = fail(AFINA_E_RANGE, "%s: trials must be at least 1, got %lld", function, (long long)trials);
    if (!rc && (seed_count < 1 || seed_count > SIZE_MAX / sizeof(double) / method_count))
        rc = fail(AFINA_E_RANGE, "%s: seed_count must be at least 1, got %zu", function, seed_count);
    for (size_t j = 0; !rc && j < method_count; j++) {
        rc = require_text(methods[j], function, "a method");
        if (!rc)
            rc = method_find(methods[j], &found);
    }
    return rc;
}

/* The value of the best trial; NaN when none has a result. */
static int32_t best_value(afina_optimizer *optimizer, double *value)
{
    afina_trial *best;
    size_t count;
    int32_t rc = afina_best(optimizer, &best);
    *value = NAN;
    if (rc)
        return rc == AFINA_E_NOT_FOUND ? AFINA_OK : rc;
    rc = afina_trial_values(best, value, 1, &count);
    afina_trial_free(best);
    return rc;
}

static void free_optimizer(afina_optimizer **optimizer)
{
    afina_optimizer_free(*optimizer);
}

/* One study. A method that has no more to suggest, and one whose trials all failed, have run as well. */
static int32_t run_study(const struct comparison *c, const char *name, size_t method, size_t seed, double *value)
{
    afina_optimizer *optimizer __attribute__((cleanup(free_optimizer))) = NULL;
    int32_t rc = afina_optimizer_new(&optimizer, c->space, name);
    if (!rc)
        rc = afina_optimizer_set_integer(optimizer, "seed", (int64_t)seed);
    if (!rc && c->setup)
        rc = c->setup(optimizer, method, (int64_t)seed, c->user);
    if (!rc)
        rc = afina_optimize(optimizer, c->objective, c->user, c->trials);
    if (rc == AFINA_DONE || rc == AFINA_EXHAUSTED || rc == AFINA_ALL_FAILED)
        rc = AFINA_OK;
    if (!rc)
        rc = best_value(optimizer, value);
    return rc;
}

int32_t afina_compare_methods(const afina_space *space, const char *const *methods, size_t method_count, int64_t trials,
                              size_t seed_count, afina_compare_setup setup, afina_objective objective, void *user,
                              double *best)
{
    const struct comparison c = {space, trials, setup, objective, user};
    size_t results = 0;
    int32_t rc = check(space, methods, method_count, trials, seed_count, __func__);
    if (!rc && !objective)
        rc = fail(AFINA_E_ARGUMENT, "%s: objective is NULL", __func__);
    if (!rc)
        rc = require(best, __func__, "best");
    if (rc)
        return rc;
    for (size_t i = 0; i < seed_count * method_count; i++)
        best[i] = NAN;
    for (size_t seed = 0; seed < seed_count; seed++) {
        for (size_t j = 0; j < method_count; j++) {
            double *value = &best[seed * method_count + j];
            rc = run_study(&c, methods[j], j, seed, value);
            if (rc)
                return rc;
            results += isnan(*value) ? 0 : 1;
        }
    }
    return results ? AFINA_OK : AFINA_ALL_FAILED;
}
