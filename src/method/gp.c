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
 * The first trials are the default point, in continuous spaces a step along each coordinate
 * (first_steps.c), and then a scrambled Sobol sequence: clamp(2 + d/2, 4, 10) in all unless
 * `startup` says otherwise, and more while no two results differ, for what is constant has
 * nothing to be modelled; and a point of it for each of the first ten failures. Where trials
 * fail is learned apart (feasibility.c), and the acquisition is weighed by the probability
 * that a point works; to the model of results they count as a mean result, so that it
 * promises nothing where it knows nothing.
 *
 * Where results repeat to the bit, the objective has flat cells, and points keep apart by their
 * width (flat_cells.c).
 *
 * Once the model has found the basin of the best point, every second trial is a step of
 * a quadratic trust region instead, as long as such steps gain something (trust_region.c).
 *
 * What the transform of results makes clear near the best of them, the logarithm and the ranks, it
 * takes from the bowl around all valleys. So some trials are proposed by a process of plain
 * results: every fourth or, as long as these gain something, every second (turns.c); beyond 30
 * parameters, where no step knows the way and few trials are near each other, three of four, and
 * the two processes share their fits, which know there which parameters matter and hardly more.
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/first_steps.h"
#include "method/parts/gp_note.h"
#include "method/parts/startup.h"
#include "method/parts/told.h"
#include "surrogate/acquisition_search.h"
#include "surrogate/feasibility.h"
#include "surrogate/flat_cells.h"
#include "surrogate/gp_model.h"
#include "surrogate/gp_report.h"
#include "surrogate/trust_region.h"
#include "surrogate/turns.h"

#include <math.h>
#include <string.h>

struct gp_state {
    const struct method_context *context;
    size_t d;
    struct startup startup;
    int steps; /* it begins with first steps */
    struct acquisition acquisition;
    struct gp_record record;
    struct gp_model model, plain; /* of results transformed, and as they are */
    struct gp_model *current;     /* the one that proposes */
    struct feasibility feasibility;
    struct flat_cells flat;
    int grainless; /* some parameter is continuous, so that points may be nearer than cells are wide */
    struct gp_report report;
    struct acquisition_search search;
    struct trust_region polish;
    int polishes;
    struct turns turns;             /* of plain */
    int alternates;                 /* it has such */
    double *x, *theta, *incumbents; /* workspaces */
    double best_noise;              /* noise ratio of the first incumbent's result */
    uint64_t version;               /* observations so far */
    uint64_t searched;              /* version the search was run for, plus 1 */
    size_t next;                    /* candidate to be proposed next */
};

/* The improvement that counts for PI, in standard deviations of the results:
 * without one (H. J. Kushner 1964) it creeps from the best point. */
static const double pi_margin = 0.05;

static const struct option OPTIONS[] = {
    {"acquisition", AFINA_OPTION_STRING, 0, 0, 0, "logei", "logei,ei,pi,lcb,mes,thompson",
     "what a point promises: log expected improvement, expected improvement, log probability of improvement, a lower "
     "confidence bound, what it tells about the least value (max-value entropy search), or a drawn function's value"},
    {"kernel", AFINA_OPTION_STRING, 0, 0, 0, "matern52", "matern52,matern32,rbf", "how smooth the objective is"},
    {"structure", AFINA_OPTION_STRING, 0, 0, 0, "learned", "learned,joint",
     "learned: how much of the objective is a sum of functions of one parameter each; joint: none of it"},
    {"conditions", AFINA_OPTION_STRING, 0, 0, 0, "imputed", "imputed,additive,chosen",
     "imputed: an inactive parameter counts as the middle of its range; additive: the objective is a sum over groups, "
     "at most 32, that are active together; chosen: at each fit, what foretells left out results better"},
    {"polish", AFINA_OPTION_STRING, 0, 0, 0, "auto", "auto,none",
     "auto: some trials go to the minimum of a quadratic around the best, once the model has found its basin"},
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
    static const char *const structures[] = {"learned", "joint", NULL};
    static const char *const forms[] = {"imputed", "additive", "chosen", NULL};
    struct gp_prior prior;
    gp_prior_default(&prior, m->d, choice_of(options, "noise", noises) == 0);
    if (choice_of(options, "structure", structures) == 0)
        gp_prior_add_parts(&prior, m->d);
    int conditions = choice_of(options, "conditions", forms);
    if (conditions > 0)
        gp_prior_add_blocks(&prior, m->search.dimension, m->d, conditions == 2);
    int automatic = choice_of(options, "transform", transforms) == 0;
    m->alternates = automatic;
    m->turns = turns_begin(3);
    struct output_transform transform = {.log = automatic, .half_rank = automatic}, none = {0};
    size_t points = (size_t)option_integer(options, "points");
    int kernel = choice_of(options, "kernel", kernels);
    gp_record_init(&m->record, m->d);
    m->current = &m->model;
    int32_t rc = gp_model_init(&m->model, &m->record, m->search.dimension, kernel, &prior, &transform, points);
    if (!rc)
        rc = gp_model_init(&m->plain, &m->record, m->search.dimension, kernel, &prior, &none, points);
    return rc ? rc : feasibility_init(&m->feasibility, m->search.dimension, m->d, points);
}

static uint64_t automatic_startup(size_t d)
{
    uint64_t n = 2 + (d + 1) / 2;
    return n < 4 ? 4 : n > 10 ? 10 : n;
}

static int has_continuous(const struct space *space)
{
    for (size_t j = 0; j < space->size; j++)
        if (space->parameters[j].cells == 0)
            return 1;
    return 0;
}

static int32_t init(void *state, const struct method_context *context)
{
    static const char *const acquisitions[] = {"logei", "ei", "pi", "lcb", "mes", "thompson", NULL};
    struct gp_state *m = state;
    const struct option_set *options = context->options;
    m->context = context;
    m->d = context->space->size;
    uint64_t startup = (uint64_t)option_integer(options, "startup");
    m->acquisition = (struct acquisition){.kind = choice_of(options, "acquisition", acquisitions),
                                          .kappa = option_real(options, "kappa")};
    m->x = mem_new(m->d + 3, (2 + SEARCH_INCUMBENTS) * sizeof *m->x);
    if (!m->x)
        return fail_memory();
    m->theta = m->x + m->d + 3;
    m->incumbents = m->theta + m->d + 3;
    m->steps = startup == 0 && first_steps_suit(context->space);
    m->grainless = has_continuous(context->space);
    m->polishes = strcmp(option_string(options, "polish"), "auto") == 0;
    int32_t rc = startup_init(&m->startup, context, startup > 0 ? startup : automatic_startup(m->d));
    if (!rc)
        rc = trust_region_init(&m->polish, context->space);
    if (!rc)
        rc = acquisition_search_init(&m->search, context->space, (size_t)option_integer(options, "candidates"));
    return rc ? rc : init_model(m, options);
}

/* ------------------------------------------------------------------- learning */

static int32_t observe_asked(struct gp_state *m, const struct observation *o)
{
    struct gp_note note = gp_note_read(o->note, o->note_size, &m->model, &m->feasibility.model);
    if (note.fit && (note.plain || m->d > GP_MANY))
        gp_model_learn(&m->plain, note.fit, note.known);
    if (note.fit && (!note.plain || m->d > GP_MANY))
        gp_model_learn(&m->model, note.fit, note.known);
    if (note.failures)
        gp_model_learn(&m->feasibility.model, note.failures, note.known_failures);
    if (m->model.base > 0 || m->plain.base > 0) /* the design is over */
        turns_asked(&m->turns, o->number, note.plain);
    trust_region_asked(&m->polish, o->number, m->x, note.step);
    return gp_record_asked(&m->record, o->number, m->x);
}

static void plain_told(struct gp_state *m, double loss)
{
    int gained = !isnan(loss);
    for (size_t i = 0; i < m->record.told && gained; i++)
        gained = !(m->record.loss[i] <= loss);
    turns_ended(&m->turns, gained);
}

static int32_t observe_told(struct gp_state *m, const struct observation *o)
{
    if (o->number == m->turns.running)
        plain_told(m, o->losses ? o->losses[0] : NAN);
    trust_region_told(&m->polish, o->number, o->losses ? o->losses[0] : NAN);
    if (!told_counts(o)) {
        gp_record_forget(&m->record, o->number);
        return 0;
    }
    double loss = o->losses ? o->losses[0] : NAN;
    int32_t rc = m->grainless ? flat_cells_told(&m->flat, &m->record, m->search.dimension, m->x, loss) : 0;
    if (!rc)
        rc = gp_record_told(&m->record, o->number, m->x, loss, o->errors ? o->errors[0] : NAN);
    return rc ? rc : feasibility_told(&m->feasibility, &m->record);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct gp_state *m = state;
    if (!startup_read(&m->startup, observation, m->x))
        return 0;
    m->version++;
    return observation->kind == OBSERVED_ASKED ? observe_asked(m, observation) : observe_told(m, observation);
}

/* ----------------------------------------------------------------- suggesting */

static int results_differ(const struct gp_record *record)
{
    const double *loss = record->loss;
    for (size_t i = 1; i < record->told; i++)
        if (loss[i] != loss[0] && !(isnan(loss[i]) && isnan(loss[0])))
            return 1;
    return 0;
}

/* A failed trial asks where else trials work: it is answered by a point of the design. */
static int in_design(const struct gp_state *m)
{
    enum { MOST_ANSWERS = 10 };
    size_t failures = m->feasibility.failures, answers = failures < MOST_ANSWERS ? failures : MOST_ANSWERS;
    return startup_lasts(&m->startup) || !results_differ(&m->record) || m->startup.position < 1 + answers;
}

/* A first step, to s->point; 0 when it is not the time for one. */
static int suggest_first_step(struct gp_state *m, struct suggestion *s)
{
    const struct gp_record *record = &m->record;
    if (!m->steps || s->attempt > 0 || m->startup.asked > m->d)
        return 0;
    space_default(m->context->space, s->point);
    space_encode(m->context->space, s->point, m->x);
    if (!first_steps_take(m->context->space, m->startup.asked, record->x, record->loss, record->told, s->rng, m->x))
        return 0;
    space_decode(m->context->space, m->x, s->point);
    return 1;
}

/* Rows of the SEARCH_INCUMBENTS least posterior means to m->incumbents. */
static size_t find_incumbents(struct gp_state *m)
{
    const struct gp_model *model = m->current;
    size_t row[SEARCH_INCUMBENTS], n = 0;
    double mean[SEARCH_INCUMBENTS];
    for (size_t i = 0; i < model->data; i++) {
        double fitted = gp_fitted(&model->gp, i);
        if (n == SEARCH_INCUMBENTS && !(fitted < mean[n - 1]))
            continue;
        size_t k = n < SEARCH_INCUMBENTS ? n++ : n - 1;
        for (; k > 0 && fitted < mean[k - 1]; k--) {
            mean[k] = mean[k - 1];
            row[k] = row[k - 1];
        }
        mean[k] = fitted;
        row[k] = i;
    }
    for (size_t k = 0; k < n; k++)
        memcpy(m->incumbents + k * m->d, m->record.x + model->used[row[k]] * m->d, m->d * sizeof *m->record.x);
    m->best_noise = n > 0 ? gp_row_noise(&model->gp, row[0]) : 0;
    m->acquisition.best = n > 0 ? mean[0] : 0;
    return n;
}

/* A scale below 1, learned from few results, finds the bottom of a valley to many
 * digits but trusts too early that there is no other valley: every second trial
 * doubts it. */
static void set_doubt(struct gp_state *m, int64_t number)
{
    double scale = m->current->gp.scale;
    m->acquisition.doubt = number % 2 == 0 && scale < 1 && scale > 0 ? fmin(1 / scale, 1e6) - 1 : 0;
}

/* What runs is believed to reach its mean, and is not to be reached twice. */
static void lower_best_to_pending(struct gp_state *m)
{
    for (size_t i = 0; i < m->record.n_pending; i++) {
        double mean, variance;
        gp_predict(&m->current->gp, m->record.pending[i].x, 1, &mean, &variance);
        m->acquisition.best = fmin(m->acquisition.best, mean);
    }
}

/* The process under the last fit, or under a new one when that is due and its note finds
 * `room`. */
static int32_t refresh(struct gp_model *model, size_t room, double *theta)
{
    size_t told = model->record->told;
    int noted = gp_note_fit_size(model, told) <= room, due = gp_model_is_stale(model) && noted;
    int32_t rc = 0;
    if (!due) {
        rc = gp_model_build(model, model->theta, model->base > 0 ? model->base : told);
        due = noted && told > model->base && gp_model_is_surprised(model);
    }
    if (!rc && due)
        rc = gp_model_fit(model, theta);
    return !rc && due ? gp_model_build(model, theta, told) : rc;
}

/* The usual trials of many parameters are those with number % 4 == 3, in which there is no doubt. */
static int plain_is_due(const struct gp_state *m, int64_t number)
{
    if (!m->alternates)
        return 0;
    return m->d > GP_MANY ? number % 4 != 3 : turns_are_due(&m->turns);
}

/* NULL as long as none failed. */
static struct gp_model *failures_of(struct gp_state *m)
{
    return m->feasibility.failures > 0 ? &m->feasibility.model : NULL;
}

static int32_t run_search(struct gp_state *m, struct suggestion *s)
{
    struct gp_model *failures = failures_of(m);
    m->current = plain_is_due(m, s->number) ? &m->plain : &m->model;
    int32_t rc = refresh(m->current, METHOD_NOTE_MAX, m->theta);
    size_t used = gp_note_fit_size(m->current, m->record.told);
    if (!rc && failures)
        rc = refresh(failures, used < METHOD_NOTE_MAX ? METHOD_NOTE_MAX - used : 0, m->theta);
    if (rc)
        return rc;
    size_t n = find_incumbents(m);
    lower_best_to_pending(m);
    if (m->acquisition.kind == ACQUISITION_PI)
        m->acquisition.best -= pi_margin;
    set_doubt(m, s->number);
    rc = acquisition_search_run(&m->search, &m->current->gp, failures ? &m->feasibility : NULL, &m->acquisition,
                                m->incumbents, n, s->rng);
    if (rc)
        return rc;
    m->searched = m->version + 1;
    m->next = 0;
    return 0;
}

/* Where the search leads is the basin of the best point: no further than one length scale,
 * and noise is not what keeps it there. */
static int is_in_basin(const struct gp_state *m)
{
    static const double little_noise = 0.0067379; /* e^-5 */
    const struct gaussian_process *gp = &m->current->gp;
    const double *x = acquisition_search_candidate(&m->search, 0);
    double distance = 0;
    for (size_t j = 0; j < m->d; j++) {
        double delta = x[j] - m->incumbents[j];
        if (gp->dimension[j].kind == DIMENSION_CATEGORICAL && delta != 0)
            return 0;
        distance += gp->weight[j] * delta * delta;
    }
    return distance < 1 && m->best_noise < little_noise;
}

/* A step of the polish in place of what the search found; 0 in *made when there is none. */
static int32_t suggest_polish(struct gp_state *m, struct suggestion *s, int *made)
{
    const struct gp_record *record = &m->record;
    *made = 0;
    if (!m->polishes || !turns_are_due(&m->polish.turns) || s->note_size + TRUST_REGION_NOTE > METHOD_NOTE_MAX ||
        !is_in_basin(m))
        return 0;
    int32_t rc =
        trust_region_suggest(&m->polish, record->x, record->loss, record->told, m->x, s->note + s->note_size, made);
    if (rc || !*made)
        return rc;
    space_decode(m->context->space, m->x, s->point);
    *made = !point_set_contains(m->context->seen, s->point) &&
            !flat_cells_hold(&m->flat, record, m->search.dimension, m->x);
    s->note_size += *made ? TRUST_REGION_NOTE : 0;
    return 0;
}

/* The best candidate that may have another value than the results near it; 0 when there is none, or
 * no cell was met. */
static int suggest_outside_cells(const struct gp_state *m, struct suggestion *s)
{
    for (size_t k = 0; k < m->search.pool.count && m->flat.apart > 0; k++) {
        const double *x = acquisition_search_candidate(&m->search, k);
        if (flat_cells_hold(&m->flat, &m->record, m->search.dimension, x))
            continue;
        space_decode(m->context->space, x, s->point);
        if (m->context->repeats || !point_set_contains(m->context->seen, s->point))
            return 1;
    }
    return 0;
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct gp_state *m = state;
    if (suggest_first_step(m, s))
        return 0;
    if (in_design(m)) {
        startup_suggest(&m->startup, s);
        return 0;
    }
    if (s->attempt == 0 || m->searched != m->version + 1) {
        int32_t rc = run_search(m, s);
        if (rc)
            return rc;
    }
    gp_note_add_fits(s, m->current, failures_of(m));
    if (m->current == &m->plain)
        gp_note_add_turn(s);
    if (s->attempt == 0 && m->current == &m->model) {
        int made;
        int32_t rc = suggest_polish(m, s, &made);
        if (rc || made)
            return rc;
    }
    if (s->attempt == 0 && suggest_outside_cells(m, s))
        return 0;
    while (m->next < m->search.pool.count) {
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
        rc = refresh(&m->model, METHOD_NOTE_MAX, m->theta);
    return rc ? rc : gp_report_open(&m->report, &m->model, &m->plain, out);
}

/* Later ones cost more and gain less (auto.c has what was measured). */
static double serves(const struct space *space)
{
    return fmin(fmax(60000 / (double)space->size, 40), 300);
}

static void fini(void *state)
{
    struct gp_state *m = state;
    gp_report_fini(&m->report);
    gp_model_fini(&m->model);
    gp_model_fini(&m->plain);
    gp_record_fini(&m->record);
    feasibility_fini(&m->feasibility);
    flat_cells_fini(&m->flat);
    acquisition_search_fini(&m->search);
    trust_region_fini(&m->polish);
    startup_fini(&m->startup);
    mem_free(m->x);
}

const struct method method_gp = {
    .name = "gp",
    .summary = "Bayesian optimisation: a Gaussian process and expected improvement",
    .traits = METHOD_LEARNS | METHOD_ERRORS,
    .options = OPTIONS,
    .n_options = sizeof OPTIONS / sizeof *OPTIONS,
    .state_size = sizeof(struct gp_state),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
    .model = model,
    .serves = serves,
};
