#include "method/parts/gp_options.h"

#include <string.h>

const struct option gp_options[GP_OPTION_COUNT] = {
    {"acquisition", AFINA_OPTION_STRING, 0, 0, 0, "logei", "logei,ei,pi,lcb,mes,thompson",
     "what a point promises: log expected improvement, expected improvement, log probability of improvement, a lower "
     "confidence bound, what it tells about the least value (max-value entropy search), or a drawn function's value"},
    {"kernel", AFINA_OPTION_STRING, 0, 0, 0, "matern52", "matern52,matern32,rbf", "how smooth the objective is"},
    {"structure", AFINA_OPTION_STRING, 0, 0, 0, "learned", "learned,joint",
     "learned: how much of the objective is a sum of functions of one parameter each; joint: none of it"},
    {"conditions", AFINA_OPTION_STRING, 0, 0, 0, "imputed", "imputed,additive,chosen",
     "imputed: an inactive parameter counts as the middle of its range; additive: the objective is a sum over groups, "
     "at most 32, that are active together; chosen: at each fit, what predicts left out results better"},
    {"refinement", AFINA_OPTION_STRING, 0, 0, 0, "auto", "auto,none",
     "auto: some trials are steps of a quadratic trust region around the best point, once the model has found its "
     "basin"},
    {"startup", AFINA_OPTION_INTEGER, 0, 1000000, 0, "", "",
     "trials of the initial design; 0: clamp(2 + parameters / 2, 4, 10), and in continuous spaces a step along each "
     "parameter"},
    {"noise", AFINA_OPTION_STRING, 0, 0, 0, "learned", "learned,none",
     "none: equal points give equal values, and the model passes through them unless they came with an error"},
    {"kappa", AFINA_OPTION_REAL, 0, 100, 1.8, "", "", "standard deviations below the mean, of acquisition lcb"},
    {"candidates", AFINA_OPTION_INTEGER, 32, 16000, 768, "", "",
     "points among which the searches for the best acquisition start"},
    {"points", AFINA_OPTION_INTEGER, 16, 5000, 400, "", "",
     "results the model is fitted to; of more, the best and the latest"},
    {"transform", AFINA_OPTION_STRING, 0, 0, 0, "auto", "auto,none",
     "auto: the logarithm where it helps, and ranks for the worse half of the results unless they are noisy"},
};

/* The index of the option's value in a list that ends with NULL. */
static int choice_of(const struct option_set *options, const char *name, const char *const *list)
{
    const char *value = option_string(options, name);
    for (int i = 0; list[i]; i++)
        if (strcmp(value, list[i]) == 0)
            return i;
    return 0;
}

static int is(const struct option_set *options, const char *name, const char *value)
{
    return strcmp(option_string(options, name), value) == 0;
}

struct gp_settings gp_settings_read(const struct option_set *options)
{
    /* In the order of their numbers. */
    static const char *const acquisitions[] = {"logei", "ei", "pi", "lcb", "mes", "thompson", NULL};
    static const char *const kernels[] = {"matern52", "matern32", "rbf", NULL};
    return (struct gp_settings){
        .acquisition = {.kind = choice_of(options, "acquisition", acquisitions),
                        .kappa = option_real(options, "kappa")},
        .kernel = choice_of(options, "kernel", kernels),
        .noise = is(options, "noise", "learned"),
        .additive = is(options, "structure", "learned"),
        .blocks = !is(options, "conditions", "imputed"),
        .chooses_form = is(options, "conditions", "chosen"),
        .refines = is(options, "refinement", "auto"),
        .transforms = is(options, "transform", "auto"),
        .startup = (uint64_t)option_integer(options, "startup"),
        .candidates = (size_t)option_integer(options, "candidates"),
        .points = (size_t)option_integer(options, "points"),
    };
}

struct gp_prior gp_settings_prior(const struct gp_settings *settings, const struct gp_dimension *dimension, size_t d)
{
    struct gp_prior prior;
    gp_prior_default(&prior, d, settings->noise);
    if (settings->additive)
        gp_prior_make_additive(&prior, d);
    if (settings->blocks)
        gp_prior_add_blocks(&prior, dimension, d, settings->chooses_form);
    return prior;
}
