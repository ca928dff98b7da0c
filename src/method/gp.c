/* gp: Bayesian optimisation with a Gaussian process and expected improvement.
 *
 * D. R. Jones, M. Schonlau, W. J. Welch, "Efficient global optimization of expensive
 * black-box functions", J. Global Optimization 13 (1998), with what has been learned
 * since: a Matern-5/2 kernel with one length scale a parameter and a prior that
 * scales with the dimension (gp_fit.c), learned noise, outputs transformed
 * (output_transform.c), the logarithm of expected improvement (acquisition.c) over the
 * least posterior mean, and a search over mixed and conditional spaces
 * (acquisition_search.c). Running trials are believed to give the predicted mean.
 *
 * The first trials are the default point and then a scrambled Sobol sequence:
 * clamp(2 + d/2, 4, 10) of them unless `startup` says otherwise, and more while
 * fewer than two results are known. A failed trial teaches: it counts as the worst
 * result.
 *
 * Notes: two numbers are the position in the design; d + 2 numbers are the count
 * of results at a fit, and its theta; none, when the last fit still served.
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/position.h"
#include "numeric/quasi_random.h"
#include "surrogate/acquisition_search.h"
#include "surrogate/gp_model.h"
#include "surrogate/gp_report.h"

#include <math.h>
#include <string.h>

struct gp_state {
    const struct method_context *context;
    size_t d;
    uint64_t startup;
    struct acquisition acquisition;
    struct gp_model model;
    struct gp_report report;
    struct acquisition_search search;
    struct sobol design;
    double *x, *theta, *incumbents; /* workspaces */
    uint64_t asked, position;       /* trials so far; points of the design used */
    uint64_t version;               /* observations so far */
    uint64_t searched;              /* version the search was run for, plus 1 */
    size_t next;                    /* candidate to be proposed next */
};

/* The improvement that counts for PI, in standard deviations of the results:
 * without one (H. J. Kushner 1964) it creeps from the best point. */
static const double pi_margin = 0.05;

static const struct option OPTIONS[] = {
    {"acquisition", AFINA_OPTION_STRING, 0, 0, 0, "logei", "logei,ei,pi,lcb",
     "what a point promises: log expected improvement, expected improvement, log probability of improvement, or a "
     "lower confidence bound"},
    {"kernel", AFINA_OPTION_STRING, 0, 0, 0, "matern52", "matern52,matern32,rbf", "how smooth the objective is"},
    {"startup", AFINA_OPTION_INTEGER, 0, 1000000, 0, "", "",
     "trials of the initial design; 0: clamp(2 + parameters / 2, 4, 10)"},
    {"noise", AFINA_OPTION_STRING, 0, 0, 0, "learned", "learned,none",
     "none: equal points give equal values, and the model passes through them"},
    {"kappa", AFINA_OPTION_REAL, 0, 100, 1.8, "", "", "standard deviations below the mean, of acquisition lcb"},
    {"candidates", AFINA_OPTION_INTEGER, 32, 16000, 768, "", "",
     "points among which the searches for the best acquisition start"},
    {"points", AFINA_OPTION_INTEGER, 16, 5000, 400, "", "",
     "results the model is fitted to; of more, the best and the latest"},
    {"transform", AFINA_OPTION_STRING, 0, 0, 0, "auto", "auto,none",
     "auto: the logarithm where it helps, and ranks for the worse half of the results"},
};

/* The place of the option's value in a list that ends with NULL. */
static int choice_of(const struct option_set *options, const char *name, const char *const *list)
{
    const char *value = option_string(options, name);
    for (int i = 0; list[i]; i++)
        if (strcmp(value, list[i]) == 0)
            return i;
    return 0;
}

static int32_t init_model(struct gp_state *m, const struct option_set *options)
{
    static const char *const kernels[] = {"matern52", "matern32", "rbf", NULL};
    static const char *const noises[] = {"learned", "none", NULL};
    static const char *const transforms[] = {"auto", "none", NULL};
    struct gp_prior prior;
    gp_prior_default(&prior, m->d, choice_of(options, "noise", noises) == 0);
    int automatic = choice_of(options, "transform", transforms) == 0;
    struct output_transform transform = {.log = automatic, .half_rank = automatic};
    return gp_model_init(&m->model, m->search.dimension, m->d, choice_of(options, "kernel", kernels), &prior,
                         &transform, (size_t)option_integer(options, "points"));
}

static uint64_t automatic_startup(size_t d)
{
    uint64_t n = 2 + (d + 1) / 2;
    return n < 4 ? 4 : n > 10 ? 10 : n;
}

static int32_t init(void *state, const struct method_context *context)
{
    static const char *const acquisitions[] = {"logei", "ei", "pi", "lcb", NULL};
    struct gp_state *m = state;
    const struct option_set *options = context->options;
    m->context = context;
    m->d = context->space->size;
    m->startup = (uint64_t)option_integer(options, "startup");
    if (m->startup == 0)
        m->startup = automatic_startup(m->d);
    m->acquisition = (struct acquisition){.kind = choice_of(options, "acquisition", acquisitions),
                                          .kappa = option_real(options, "kappa")};
    m->x = mem_new(m->d + 1, (2 + SEARCH_INCUMBENTS) * sizeof *m->x);
    if (!m->x)
        return fail_memory();
    m->theta = m->x + m->d + 1;
    m->incumbents = m->theta + m->d + 1;
    struct rng rng;
    rng_start(&rng, context->seed, 0, RNG_DESIGN);
    int32_t rc = sobol_init(&m->design, m->d, rng_uint64(&rng));
    if (!rc)
        rc = acquisition_search_init(&m->search, context->space, (size_t)option_integer(options, "candidates"));
    return rc ? rc : init_model(m, options);
}

/* ------------------------------------------------------------------- learning */

/* A note may come from a log that others wrote. */
static int is_fit(const struct gp_state *m, const double *note, size_t size)
{
    if (size != m->d + 2 || !(note[0] >= 1 && note[0] <= (double)m->model.told))
        return 0;
    for (size_t j = 1; j < size; j++)
        if (!(fabs(note[j]) < 50))
            return 0;
    return 1;
}

static int32_t observe_asked(struct gp_state *m, const struct observation *o)
{
    m->asked++;
    if (o->note_size == 2)
        position_observe(&m->position, o);
    else if (is_fit(m, o->note, o->note_size))
        gp_model_learn(&m->model, o->note + 1, (size_t)o->note[0]);
    return gp_model_asked(&m->model, o->number, m->x);
}

/* A trial without a loss failed, unless it was stopped or lost before it could
 * say anything. */
static int32_t observe_told(struct gp_state *m, const struct observation *o)
{
    if (!o->losses && o->state != AFINA_FAILED && o->state != AFINA_INFEASIBLE && o->state != AFINA_COMPLETE) {
        gp_model_forget(&m->model, o->number);
        return 0;
    }
    return gp_model_told(&m->model, o->number, m->x, o->losses ? o->losses[0] : NAN);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct gp_state *m = state;
    if (observation->kind == OBSERVED_REPORT)
        return 0;
    m->version++;
    space_encode(m->context->space, observation->point, m->x);
    return observation->kind == OBSERVED_ASKED ? observe_asked(m, observation) : observe_told(m, observation);
}

/* ----------------------------------------------------------------- suggesting */

static int32_t suggest_design(struct gp_state *m, struct suggestion *s)
{
    uint64_t index = m->position + s->attempt;
    position_write(s, index + 1);
    if (index == 0) {
        space_default(m->context->space, s->point);
    } else {
        sobol_point(&m->design, index - 1, m->x);
        space_from_unit(m->context->space, m->x, s->point);
    }
    return 0;
}

static int in_design(const struct gp_state *m)
{
    return m->asked < m->startup || m->model.told < 2;
}

/* Rows of the SEARCH_INCUMBENTS least posterior means to m->incumbents. */
static size_t find_incumbents(struct gp_state *m)
{
    const struct gp_model *model = &m->model;
    size_t best[SEARCH_INCUMBENTS], n = 0;
    double mean[SEARCH_INCUMBENTS];
    for (size_t i = 0; i < model->data; i++) {
        double fitted = gp_fitted(&model->gp, i);
        if (n == SEARCH_INCUMBENTS && !(fitted < mean[n - 1]))
            continue;
        size_t k = n < SEARCH_INCUMBENTS ? n++ : n - 1;
        for (; k > 0 && fitted < mean[k - 1]; k--) {
            mean[k] = mean[k - 1];
            best[k] = best[k - 1];
        }
        mean[k] = fitted;
        best[k] = model->used[i];
    }
    for (size_t k = 0; k < n; k++)
        memcpy(m->incumbents + k * m->d, model->x + best[k] * m->d, m->d * sizeof *model->x);
    m->acquisition.best = n > 0 ? mean[0] : 0;
    return n;
}

/* A scale below 1, learned from few results, finds the bottom of a valley to many
 * digits but trusts too early that there is no other valley: every second trial
 * doubts it. */
static void set_doubt(struct gp_state *m, int64_t number)
{
    double scale = m->model.gp.scale;
    m->acquisition.doubt = number % 2 == 0 && scale < 1 && scale > 0 ? fmin(1 / scale, 1e6) - 1 : 0;
}

/* What runs is believed to reach its mean, and is not to be reached twice. */
static void lower_best_to_pending(struct gp_state *m)
{
    const struct gp_model *model = &m->model;
    for (size_t i = 0; i < model->n_pending; i++) {
        double mean, variance;
        gp_predict(&model->gp, model->pending[i].x, 1, &mean, &variance);
        m->acquisition.best = fmin(m->acquisition.best, mean);
    }
}

/* The model as all observations make it: fitted anew when enough was told, and
 * when the fit fits into a note. */
static int32_t refresh_model(struct gp_state *m)
{
    const double *theta = m->model.theta;
    size_t base = m->model.base;
    int32_t rc = 0;
    if (gp_model_is_stale(&m->model) && m->d + 2 <= METHOD_NOTE_MAX) {
        rc = gp_model_fit(&m->model, m->theta);
        theta = m->theta;
        base = m->model.told;
    } else if (base == 0) {
        base = m->model.told;
    }
    return rc ? rc : gp_model_build(&m->model, theta, base);
}

static int32_t run_search(struct gp_state *m, struct suggestion *s)
{
    int32_t rc = refresh_model(m);
    if (rc)
        return rc;
    size_t n = find_incumbents(m);
    lower_best_to_pending(m);
    if (m->acquisition.kind == ACQUISITION_PI)
        m->acquisition.best -= pi_margin;
    set_doubt(m, s->number);
    acquisition_search_run(&m->search, &m->model.gp, &m->acquisition, m->incumbents, n, s->rng);
    m->searched = m->version + 1;
    m->next = 0;
    return 0;
}

static void write_note(const struct gp_state *m, struct suggestion *s)
{
    const struct gp_model *model = &m->model;
    if (model->built_base == model->base || m->d + 2 > METHOD_NOTE_MAX)
        return;
    s->note[0] = (double)model->built_base;
    memcpy(s->note + 1, model->built_theta, (m->d + 1) * sizeof *s->note);
    s->note_size = m->d + 2;
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct gp_state *m = state;
    if (in_design(m))
        return suggest_design(m, s);
    if (s->attempt == 0 || m->searched != m->version + 1) {
        int32_t rc = run_search(m, s);
        if (rc)
            return rc;
    }
    write_note(m, s);
    while (m->next < m->search.count) {
        space_decode(m->context->space, acquisition_search_candidate(&m->search, m->next++), s->point);
        if (m->context->repeats || !point_set_contains(m->context->seen, s->point))
            return 0;
    }
    return space_sample(m->context->space, s->rng, s->point);
}

static int32_t model(void *state, struct surrogate *out)
{
    struct gp_state *m = state;
    int32_t rc = gp_report_check(&m->model);
    if (!rc)
        rc = refresh_model(m);
    return rc ? rc : gp_report_open(&m->report, &m->model, out);
}

static void fini(void *state)
{
    struct gp_state *m = state;
    gp_report_fini(&m->report);
    gp_model_fini(&m->model);
    acquisition_search_fini(&m->search);
    sobol_fini(&m->design);
    mem_free(m->x);
}

const struct method method_gp = {
    .name = "gp",
    .summary = "Bayesian optimisation: a Gaussian process and expected improvement",
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct gp_state),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
    .model = model,
};
