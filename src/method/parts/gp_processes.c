/* The logarithm and the ranks tell the points near the best apart, but hide how the whole objective rises
 * around its valleys, which the results as they are show. So the untransformed process proposes every fourth
 * trial or, as long as these gain something, every second.
 *
 * Beyond GP_MANY parameters trials are too far from each other for local steps, and the untransformed process
 * proposes three of four. There the two share their fits: a fit then says which parameters matter and little
 * else, which is the same for both.
 */
#include "method/parts/gp_processes.h"

#include "core/fail.h"
#include "core/mem.h"

#include <math.h>
#include <string.h>

/* Trials of the transformed process before the first of the other. */
enum { FIRST_WAIT = 3 };

int32_t gp_processes_init(struct gp_processes *p, const struct gp_settings *settings,
                          const struct gp_dimension *dimension, size_t d)
{
    struct gp_prior prior = gp_settings_prior(settings, dimension, d);
    struct output_transform none = {0}, all = {.log = 1, .worse = WORSE_RANKED};
    if (!settings->transforms)
        all = none;
    *p = (struct gp_processes){.alternates = settings->transforms, .schedule = proposer_schedule_begin(FIRST_WAIT)};
    gp_record_init(&p->record, d);
    p->current = &p->transformed;
    p->theta = mem_new(d + 4, sizeof *p->theta);
    if (!p->theta)
        return fail_memory();
    int kernel = settings->kernel;
    int32_t rc = gp_model_init(&p->transformed, &p->record, dimension, kernel, &prior, &all, settings->points);
    if (rc)
        return rc;
    rc = gp_model_init(&p->untransformed, &p->record, dimension, kernel, &prior, &none, settings->points);
    return rc ? rc : feasibility_init(&p->feasibility, dimension, d, settings->points);
}

void gp_processes_fini(struct gp_processes *p)
{
    gp_model_fini(&p->transformed);
    gp_model_fini(&p->untransformed);
    gp_record_fini(&p->record);
    feasibility_fini(&p->feasibility);
    mem_free(p->theta);
    *p = (struct gp_processes){0};
}

static int has_many(const struct gp_processes *p)
{
    return p->record.d > GP_MANY;
}

/* ------------------------------------------------------------------- learning */

int32_t gp_processes_asked(struct gp_processes *p, int64_t number, const double *x, const struct gp_note *note)
{
    if (note->fit && (note->untransformed || has_many(p)))
        gp_model_learn(&p->untransformed, note->fit, note->known);
    if (note->fit && (!note->untransformed || has_many(p)))
        gp_model_learn(&p->transformed, note->fit, note->known);
    if (note->failures)
        gp_model_learn(&p->feasibility.model, note->failures, note->known_failures);
    if (p->transformed.base > 0 || p->untransformed.base > 0) /* the initial design is over */
        proposer_schedule_asked(&p->schedule, number, note->untransformed);
    return gp_record_asked(&p->record, number, x);
}

void gp_processes_lost(struct gp_processes *p, int64_t number)
{
    if (p->transformed.base > 0 || p->untransformed.base > 0)
        proposer_schedule_lost(&p->schedule, number);
    gp_record_forget(&p->record, number);
}

void gp_processes_ended(struct gp_processes *p, int64_t number, double loss)
{
    if (number != p->schedule.running)
        return;
    int best = !isnan(loss);
    for (size_t i = 0; i < p->record.told && best; i++)
        best = !(p->record.loss[i] <= loss);
    proposer_schedule_ended(&p->schedule, best);
}

int32_t gp_processes_told(struct gp_processes *p, int64_t number, const double *x, double loss, double error)
{
    int32_t rc = gp_record_told(&p->record, number, x, loss, error);
    return rc ? rc : feasibility_told(&p->feasibility, &p->record);
}

int gp_processes_can_learn(const struct gp_processes *p)
{
    const double *loss = p->record.loss;
    for (size_t i = 1; i < p->record.told; i++)
        if (loss[i] != loss[0] && !(isnan(loss[i]) && isnan(loss[0])))
            return 1;
    return 0;
}

/* ------------------------------------------------------------------ proposing */

/* Brings one process up to date: under its last fit, or under a new one when that is due and fits
 * into `room` numbers of a note. */
static int32_t refresh(struct gp_processes *p, struct gp_model *model, size_t room)
{
    size_t told = model->record->told;
    int noted = gp_note_fit_size(model, told) <= room, due = noted && gp_model_is_stale(model);
    if (!due) {
        int32_t rc = gp_model_build(model, model->theta, model->base > 0 ? model->base : told);
        if (rc || !(noted && told > model->base && gp_model_is_surprised(model)))
            return rc;
    }
    int32_t rc = gp_model_fit(model, p->theta);
    return rc ? rc : gp_model_build(model, p->theta, told);
}

/* Among many parameters the transformed process gets the last of each four trials: its number is odd, so that
 * the variance is not inflated there (gp_search.c). */
static int untransformed_is_due(const struct gp_processes *p, int64_t number)
{
    if (!p->alternates)
        return 0;
    return has_many(p) ? number % 4 != 3 : proposer_schedule_is_due(&p->schedule);
}

int32_t gp_processes_prepare(struct gp_processes *p, int64_t number)
{
    p->current = untransformed_is_due(p, number) ? &p->untransformed : &p->transformed;
    int32_t rc = refresh(p, p->current, METHOD_NOTE_MAX);
    if (rc || !gp_processes_feasibility(p))
        return rc;
    size_t used = gp_note_fit_size(p->current, p->record.told);
    return refresh(p, &p->feasibility.model, used < METHOD_NOTE_MAX ? METHOD_NOTE_MAX - used : 0);
}

int32_t gp_processes_report(struct gp_processes *p, struct gp_report *report, struct surrogate *out)
{
    int32_t rc = gp_report_check(&p->transformed);
    if (rc)
        return rc;
    rc = refresh(p, &p->transformed, METHOD_NOTE_MAX);
    return rc ? rc : gp_report_open(report, &p->transformed, &p->untransformed, out);
}

const struct feasibility *gp_processes_feasibility(const struct gp_processes *p)
{
    return p->feasibility.failures > 0 ? &p->feasibility : NULL;
}

void gp_processes_note(const struct gp_processes *p, struct suggestion *s)
{
    gp_note_add_fits(s, p->current, gp_processes_feasibility(p) ? &p->feasibility.model : NULL);
    if (p->current == &p->untransformed)
        gp_note_add_untransformed(s);
}
