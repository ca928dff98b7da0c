/* Every method, in the order in which they are listed, and the names of their traits. */
#include "method/method.h"

#include "core/fail.h"
#include "core/text.h"

#include <string.h>

extern const struct method method_auto;
extern const struct method method_manual;
extern const struct method method_grid;
extern const struct method method_design;
extern const struct method method_random;
extern const struct method method_sobol;
extern const struct method method_halton;
extern const struct method method_lhs;
extern const struct method method_gp;
extern const struct method method_tpe;
extern const struct method method_cmaes;
extern const struct method method_de;
extern const struct method method_ga;
extern const struct method method_es;
extern const struct method method_pso;
extern const struct method method_aco;
extern const struct method method_annealing;
extern const struct method method_anneal_prior;
extern const struct method method_tabu;
extern const struct method method_local;
extern const struct method method_nelder_mead;
extern const struct method method_mix;

static const struct method *const METHODS[] = {
    &method_auto,   &method_manual, &method_grid,        &method_design, &method_random,    &method_sobol,
    &method_halton, &method_lhs,    &method_gp,          &method_tpe,    &method_cmaes,     &method_de,
    &method_ga,     &method_es,     &method_pso,         &method_aco,    &method_annealing, &method_anneal_prior,
    &method_tabu,   &method_local,  &method_nelder_mead, &method_mix,
};

enum { COUNT = sizeof METHODS / sizeof *METHODS };

size_t method_count(void)
{
    return COUNT;
}

const struct method *method_at(size_t index)
{
    return index < COUNT ? METHODS[index] : NULL;
}

int32_t method_find(const char *name, const struct method **out)
{
    const char *names[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        names[i] = METHODS[i]->name;
        if (strcmp(names[i], name) == 0) {
            *out = METHODS[i];
            return 0;
        }
    }
    const char *nearest = text_nearest(name, names, COUNT);
    if (nearest)
        return fail(AFINA_E_NAME, "there is no method \"%s\"; did you mean \"%s\"?", name, nearest);
    return fail(AFINA_E_NAME, "there is no method \"%s\"; afina_method_name() lists them", name);
}

static const struct method_trait TRAITS[] = {
    {"learns", "what is told decides what is suggested", METHOD_LEARNS},
    {"several_objectives", "takes studies with more than one objective", METHOD_MANY_OBJECTIVES},
    {"constraints", "learns from constraint values; else a violated constraint counts as a failure",
     METHOD_CONSTRAINTS},
    {"errors", "learns from the standard errors of results", METHOD_ERRORS},
    {"reports", "learns from reports of trials that still run", METHOD_REPORTS},
    {"budgets", "learns from results at different budgets", METHOD_BUDGETS},
    {"model", "has a model that answers questions", METHOD_MODEL},
    {"ends", "may have no more points while the space has", METHOD_ENDS},
    {"host_only", "suggests nothing of its own", METHOD_HOST_ONLY},
};

enum { TRAIT_COUNT = sizeof TRAITS / sizeof *TRAITS };

uint32_t method_traits(const struct method *method)
{
    return method->traits | (method->model ? (uint32_t)METHOD_MODEL : 0);
}

size_t method_trait_count(void)
{
    return TRAIT_COUNT;
}

const struct method_trait *method_trait_at(size_t index)
{
    return index < TRAIT_COUNT ? &TRAITS[index] : NULL;
}
