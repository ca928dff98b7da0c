/* gp: Bayesian optimisation with a Gaussian process and expected improvement.
 *
 * D. R. Jones, M. Schonlau, W. J. Welch, "Efficient global optimization of expensive
 * black-box functions", J. Global Optimization 13 (1998), with what has been learned
 * since: a Matern-5/2 kernel with one length scale a parameter and a prior that
 * scales with the dimension (gp_fit.c), learned noise, outputs transformed
 * (output_transform.c), the logarithm of expected improvement (acquisition.c) over the
 * least posterior mean (gp_search.c), and a search over mixed and conditional spaces
 * (acquisition_search.c).
 *
 * A point is proposed by the first of several proposers that is due and finds one; the two
 * tables below have them in their order. The initial design (gp_design.c) comes first.
 *
 * Where trials fail is learned by a process of its own (feasibility.c), which weighs the
 * acquisition; in the processes of results (gp_processes.c) a failed trial counts as a mean result.
 *
 * Once the model has found the basin of the best point, some trials are steps of a quadratic
 * trust region (trust_region.c). Where results repeat to the bit, the objective has flat cells,
 * and points keep apart by their width (flat_cells.c).
 */
#include "method/method.h"

#include "core/fail.h"
#include "core/mem.h"
#include "method/parts/gp_design.h"
#include "method/parts/gp_processes.h"
#include "method/parts/result.h"
#include "surrogate/flat_cells.h"
#include "surrogate/gp_search.h"
#include "surrogate/trust_region.h"

#include <math.h>

struct gp_state {
    const struct method_context *context;
    struct gp_design design;
    struct gp_processes processes;
    struct gp_search search;
    struct trust_region trust_region;
    int refines; /* 1: steps of the trust region are taken */
    struct flat_cells flat;
    int continuous; /* 1: the space is, so that points may be nearer to each other than cells are wide */
    struct gp_report report;
    double *x;         /* workspace: an encoded point */
    uint64_t version;  /* observations so far */
    uint64_t searched; /* version the search was run for, plus 1 */
    size_t next;       /* the candidate to be proposed next */
};

static int32_t init(void *state, const struct method_context *context)
{
    struct gp_state *m = state;
    struct space *space = context->space;
    struct gp_settings settings = gp_settings_read(context->options);
    m->context = context;
    m->continuous = space_is_continuous(space);
    m->refines = settings.refines;
    m->x = mem_new(space->size, sizeof *m->x);
    if (!m->x)
        return fail_memory();
    int32_t rc = gp_design_init(&m->design, context, settings.startup);
    if (rc)
        return rc;
    rc = trust_region_init(&m->trust_region, space);
    if (rc)
        return rc;
    rc = gp_search_init(&m->search, space, &settings.acquisition, settings.candidates);
    return rc ? rc : gp_processes_init(&m->processes, &settings, m->search.candidates.dimension, space->size);
}

static void fini(void *state)
{
    struct gp_state *m = state;
    gp_report_fini(&m->report);
    gp_processes_fini(&m->processes);
    flat_cells_fini(&m->flat);
    gp_search_fini(&m->search);
    trust_region_fini(&m->trust_region);
    gp_design_fini(&m->design);
    mem_free(m->x);
}

/* ------------------------------------------------------------------- learning */

static int32_t observe_asked(struct gp_state *m, const struct observation *o)
{
    struct gp_processes *p = &m->processes;
    struct gp_note note = gp_note_read(o->note, o->note_size, &p->transformed, &p->feasibility.model);
    trust_region_asked(&m->trust_region, o->number, m->x, note.step);
    return gp_processes_asked(p, o->number, m->x, &note);
}

static int32_t observe_told(struct gp_state *m, const struct observation *o)
{
    struct gp_processes *p = &m->processes;
    if (o->state == AFINA_STATE_LOST) { /* it counts as never asked */
        trust_region_lost(&m->trust_region, o->number);
        gp_processes_lost(p, o->number);
        return 0;
    }
    double loss = o->losses ? o->losses[0] : NAN, error = o->errors ? o->errors[0] : NAN;
    gp_processes_ended(p, o->number, loss);
    trust_region_told(&m->trust_region, o->number, loss);
    if (!result_exists(o)) {
        gp_record_forget(&p->record, o->number);
        return 0;
    }
    if (m->continuous) {
        int32_t rc = flat_cells_told(&m->flat, &p->record, m->search.candidates.dimension, m->x, loss);
        if (rc)
            return rc;
    }
    return gp_processes_told(p, o->number, m->x, loss, error);
}

static int32_t observe(void *state, const struct observation *observation)
{
    struct gp_state *m = state;
    if (!startup_read(&m->design.startup, observation, m->x))
        return 0;
    m->version++;
    return observation->kind == OBSERVED_ASKED ? observe_asked(m, observation) : observe_told(m, observation);
}

/* ------------------------------------------------------------------ proposers */

/* One way to propose a point. `is_due` NULL: always. `propose` sets *made to 1 when the suggestion has its
 * point, and leaves it 0 when it found none. */
struct proposer {
    const char *name;
    int (*is_due)(const struct gp_state *m, const struct suggestion *s);
    int32_t (*propose)(struct gp_state *m, struct suggestion *s, int *made);
};

static int first_step_is_due(const struct gp_state *m, const struct suggestion *s)
{
    return gp_design_step_is_due(&m->design, s);
}

static int32_t propose_first_step(struct gp_state *m, struct suggestion *s, int *made)
{
    *made = gp_design_take_step(&m->design, &m->processes.record, s, m->x);
    return 0;
}

static int design_is_due(const struct gp_state *m, const struct suggestion *s)
{
    (void)s;
    return gp_design_lasts(&m->design, m->processes.feasibility.failures) || !gp_processes_can_learn(&m->processes);
}

static int32_t propose_design(struct gp_state *m, struct suggestion *s, int *made)
{
    startup_suggest(&m->design.startup, s);
    *made = 1;
    return 0;
}

static int trust_region_is_due(const struct gp_state *m, const struct suggestion *s)
{
    return m->refines && s->attempt == 0 && m->processes.current == &m->processes.transformed &&
           proposer_schedule_is_due(&m->trust_region.schedule) && s->note_size + TRUST_REGION_NOTE <= METHOD_NOTE_MAX &&
           gp_search_is_local(&m->search);
}

static int32_t propose_trust_region(struct gp_state *m, struct suggestion *s, int *made)
{
    const struct gp_record *r = &m->processes.record;
    double *note = s->note + s->note_size;
    int32_t rc = trust_region_suggest(&m->trust_region, r->x, r->loss, r->told, m->x, note, made);
    if (rc || !*made)
        return rc;
    space_decode(m->context->space, m->x, s->point);
    *made = !point_set_contains(m->context->seen, s->point) &&
            !flat_cells_hold(&m->flat, r, m->search.candidates.dimension, m->x);
    s->note_size += *made ? TRUST_REGION_NOTE : 0;
    return 0;
}

/* The k-th best candidate becomes the point; 0 when it was asked already. */
static int take_candidate(const struct gp_state *m, size_t k, struct point *point)
{
    space_decode(m->context->space, acquisition_search_candidate(&m->search.candidates, k), point);
    return m->context->repeats || !point_set_contains(m->context->seen, point);
}

static int flat_cells_are_due(const struct gp_state *m, const struct suggestion *s)
{
    return s->attempt == 0 && m->flat.apart > 0;
}

/* The best candidate that may have another value than the results near it. */
static int32_t propose_outside_cells(struct gp_state *m, struct suggestion *s, int *made)
{
    const struct acquisition_search *c = &m->search.candidates;
    for (size_t k = 0; k < c->pool.count && !*made; k++)
        *made = !flat_cells_hold(&m->flat, &m->processes.record, c->dimension, acquisition_search_candidate(c, k)) &&
                take_candidate(m, k, s->point);
    return 0;
}

static int32_t propose_candidate(struct gp_state *m, struct suggestion *s, int *made)
{
    while (m->next < m->search.candidates.pool.count && !*made)
        *made = take_candidate(m, m->next++, s->point);
    return 0;
}

static int32_t propose_draw(struct gp_state *m, struct suggestion *s, int *made)
{
    *made = 1;
    return space_sample(m->context->space, s->rng, s->point);
}

/* Before anything is known. */
static const struct proposer DESIGN[] = {
    {"first steps", first_step_is_due, propose_first_step},
    {"initial design", design_is_due, propose_design},
    {NULL, NULL, NULL},
};

/* Once the candidates are ranked. */
static const struct proposer MODEL_BASED[] = {
    {"trust region", trust_region_is_due, propose_trust_region},
    {"flat cells", flat_cells_are_due, propose_outside_cells},
    {"best candidate", NULL, propose_candidate},
    {"prior draw", NULL, propose_draw},
    {NULL, NULL, NULL},
};

static int32_t ask_proposers(const struct proposer *p, struct gp_state *m, struct suggestion *s, int *made)
{
    int32_t rc = 0;
    *made = 0;
    for (; p->propose && !rc && !*made; p++)
        if (!p->is_due || p->is_due(m, s))
            rc = p->propose(m, s, made);
    return rc;
}

/* Ranks the candidates, unless a refused proposal for the same trial left them ranked. */
static int32_t rank_candidates(struct gp_state *m, struct suggestion *s)
{
    struct gp_processes *p = &m->processes;
    if (s->attempt > 0 && m->searched == m->version + 1)
        return 0;
    int32_t rc = gp_processes_prepare(p, s->number);
    if (rc)
        return rc;
    rc = gp_search_run(&m->search, p->current, gp_processes_feasibility(p), s->number, s->rng);
    if (rc)
        return rc;
    m->searched = m->version + 1;
    m->next = 0;
    return 0;
}

static int32_t suggest(void *state, struct suggestion *s)
{
    struct gp_state *m = state;
    int made;
    int32_t rc = ask_proposers(DESIGN, m, s, &made);
    if (rc || made)
        return rc;
    rc = rank_candidates(m, s);
    if (rc)
        return rc;
    gp_processes_note(&m->processes, s);
    return ask_proposers(MODEL_BASED, m, s, &made);
}

static int32_t model(void *state, struct surrogate *out)
{
    struct gp_state *m = state;
    return gp_processes_report(&m->processes, &m->report, out);
}

/* Later suggestions cost more and gain less (auto.c has what was measured). */
static double break_even(const struct space *space)
{
    return fmin(fmax(60000 / (double)space->size, 40), 300);
}

const struct method method_gp = {
    .name = "gp",
    .summary = "Bayesian optimisation: a Gaussian process and expected improvement",
    .traits = METHOD_LEARNS | METHOD_ERRORS,
    .options = gp_options,
    .n_options = GP_OPTION_COUNT,
    .state_size = sizeof(struct gp_state),
    .init = init,
    .observe = observe,
    .suggest = suggest,
    .fini = fini,
    .model = model,
    .break_even = break_even,
};
