/* One growth: what it makes of the space, and of the trial that declares it. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/era.h"

void growth_free(struct growth *growth)
{
    if (!growth)
        return;
    if (growth->is_new)
        era_free(growth->era);
    space_release(growth->part);
    space_release(growth->space);
    point_free(growth->given);
    point_free(growth->point);
    mem_free(growth);
}

int growth_is_needless(const struct trial *trial, const struct space *part)
{
    for (size_t i = 0; i < part->size; i++)
        if (space_lacks(trial_space(trial), trial_point(trial), &part->parameters[i]))
            return 0;
    return 1;
}

/* The key of a name's draws (FNV-1a), so that they do not depend on the order in which names are declared. */
static uint64_t key_of(const char *name)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (const unsigned char *at = (const unsigned char *)name; *at; at++)
        h = (h ^ *at) * 0x100000001B3u;
    return h;
}

/* The first trial of all begins with the defaults. */
static union value draw(const struct study *study, const struct trial *trial, const struct parameter *p,
                        int64_t attempt)
{
    struct rng rng;
    if (trial->number == 0 && attempt == 0)
        return parameter_suggestible_default(p);
    rng_start(&rng, study->seed ^ key_of(p->name), (uint64_t)trial->number, RNG_EXTEND);
    for (int64_t i = 0; i < attempt; i++)
        rng_uniform(&rng);
    return parameter_from_unit(p, rng_uniform(&rng));
}

int32_t growth_draw(const struct study *study, const struct trial *trial, const struct growth *before,
                    struct space *part, int64_t attempt, struct point **out)
{
    const struct space *space = trial_space_after(trial, before);
    const struct point *point = trial_point_after(trial, before);
    int32_t rc = point_new(out, part);
    if (rc)
        return rc;
    space_convert(space, point, NULL, NULL, part, *out);
    for (size_t at = 0; at < part->size; at++) {
        size_t i = part->order[at];
        int lacks = space_lacks(space, point, &part->parameters[i]);
        (*out)->active[i] = ((*out)->active[i] || lacks) && space_is_active(part, *out, i);
        if (!(*out)->active[i])
            (*out)->value[i].integer = 0;
        else if (lacks)
            (*out)->value[i] = draw(study, trial, &part->parameters[i], attempt);
    }
    return 0;
}

int32_t growth_complete(const struct trial *trial, const struct space *part, struct point *given)
{
    struct point *had;
    int32_t rc = point_new(&had, part);
    if (rc)
        return rc;
    space_convert(trial_space(trial), trial_point(trial), NULL, NULL, part, had);
    for (size_t at = 0; !rc && at < part->size; at++) {
        size_t i = part->order[at];
        int lacks = space_lacks(trial_space(trial), trial_point(trial), &part->parameters[i]);
        int is_active = (had->active[i] || lacks) && space_is_active(part, given, i);
        int is_same = given->active[i] == is_active && (!is_active || given->value[i].integer == had->value[i].integer);
        if (!lacks && !is_same)
            rc = fail(AFINA_E_FORMAT, "\"point\" has another value of \"%s\" than trial %lld", part->parameters[i].name,
                      (long long)trial->number);
        if (lacks && is_active && !given->active[i])
            given->value[i] = part->parameters[i].default_value;
        given->active[i] = (unsigned char)is_active;
        if (!is_active)
            given->value[i].integer = 0;
    }
    point_free(had);
    return rc;
}

/* Let go of also when an exception of the filter passes through. */
static void drop_space(struct space **space)
{
    space_release(*space);
}

static void drop_point(struct point **point)
{
    point_free(*point);
}

/* 1 when the filter allows the point that the trial would have. */
static int32_t is_allowed(struct study *study, const struct trial *trial, const struct growth *before,
                          struct space *part, const struct point *given)
{
    struct space *space __attribute__((cleanup(drop_space))) = NULL;
    struct point *point __attribute__((cleanup(drop_point))) = NULL;
    int32_t rc = space_extend(&space, trial_space_after(trial, before), part, 1);
    if (!rc)
        rc = point_new(&point, space);
    if (!rc) {
        space_share_filter(space, study->space);
        space_convert(trial_space_after(trial, before), trial_point_after(trial, before), part, given, space, point);
        rc = space_allows(space, point);
    }
    return rc;
}

int32_t growth_choose(struct study *study, struct trial *trial, const struct growth *before, struct space *part,
                      struct point **out)
{
    *out = NULL;
    for (int64_t attempt = 0; attempt < SPACE_SAMPLE_TRIES; attempt++) {
        struct point *given __attribute__((cleanup(drop_point))) = NULL;
        int32_t rc = growth_draw(study, trial, before, part, attempt, &given);
        if (!rc)
            rc = study->space->filter ? is_allowed(study, trial, before, part, given) : 1;
        if (rc > 0) {
            *out = given;
            given = NULL;
        }
        if (rc)
            return rc > 0 ? 0 : rc;
    }
    return fail(AFINA_E_NO_POINT, "the filter refused all of %d values drawn for trial %lld", SPACE_SAMPLE_TRIES,
                (long long)trial->number);
}

/* What the trial has from now on. Where it is as far as the study, it shares the study's space. */
static int32_t grow_trial(struct growth *g, struct study *study, struct trial *trial, const struct point *given)
{
    struct space *space = trial_space(trial);
    int32_t rc = point_copy(&g->given, given);
    if (!rc && space == g->era_before->space)
        g->space = space_reference(g->era->space);
    else if (!rc)
        rc = space_extend(&g->space, space, g->part, 1);
    if (!rc && g->space != g->era->space)
        space_share_filter(g->space, study->space);
    if (!rc)
        rc = point_new(&g->point, g->space);
    if (!rc)
        space_convert(space, trial_point(trial), g->part, given, g->space, g->point);
    return rc;
}

int32_t growth_new(struct growth **out, struct study *study, struct trial *trial, struct space *part,
                   const struct point *given)
{
    struct growth *g = mem_new(1, sizeof *g);
    *out = NULL;
    if (!g)
        return fail_memory();
    g->part = space_reference(part);
    g->trial = trial ? (int64_t)trial->number : -1;
    g->known = trial ? trial->number + study->lag : (int64_t)study->n_trials;
    g->before = trial ? trial->extras->growth : NULL;
    g->position = study->n_events;
    g->era_before = study->era;
    g->is_new = 1;
    int32_t rc = study_grow_era(study, g);
    if (!rc && trial)
        rc = grow_trial(g, study, trial, given);
    if (rc)
        growth_free(g);
    else
        *out = g;
    return rc;
}

void growth_apply(struct study *study, struct growth *growth)
{
    growth->is_new = 0;
    study->growths[study->n_growths++] = growth;
    study->eras[study->n_eras++] = growth->era;
    study->era = growth->era;
    study->space = study->era->space;
    if (growth->trial >= 0)
        trial_own_extras(study->trials[growth->trial])->growth = growth;
}

/* The era stays, and never comes again: it is that of a growth which is gone. */
void growth_undo(struct study *study)
{
    struct growth *growth = study->growths[--study->n_growths];
    study->era = growth->era_before;
    study->space = study->era->space;
    if (growth->trial >= 0)
        trial_own_extras(study->trials[growth->trial])->growth = growth->before;
    growth->era = NULL;
    growth->next = study->dropped_growths;
    study->dropped_growths = growth;
}
