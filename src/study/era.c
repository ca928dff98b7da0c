#include "study/era.h"

#include "core/fail.h"
#include "core/mem.h"

#include <string.h>

/* ---------------------------------------------------------------------- eras */

static int knows(const struct study *study, const struct growth *growth, int64_t number, size_t position)
{
    return growth->position < position && (study->lag == 0 || growth->known <= number);
}

/* 1 when a is taken before b: with lag in the order of the trials' numbers. */
static int comes_before(const struct study *study, const struct growth *a, const struct growth *b)
{
    if (study->lag == 0 || (a->known == b->known && a->trial == b->trial))
        return a->position < b->position;
    return a->known != b->known ? a->known < b->known : a->trial < b->trial;
}

static struct era *era_new(size_t n)
{
    return mem_new(1, sizeof(struct era) + n * sizeof(const struct growth *));
}

void era_free(struct era *era)
{
    if (!era)
        return;
    space_release(era->space);
    mem_free(era);
}

/* Replaces the space by itself with the growth. */
static int32_t extend(struct space **space, const struct growth *growth)
{
    struct space *grown;
    if (space_covers(*space, growth->part))
        return 0;
    int32_t rc = space_extend(&grown, *space, growth->part, growth->trial >= 0);
    if (rc)
        return rc;
    space_release(*space);
    *space = grown;
    return 0;
}

/* The space of the era: the declared one with all of its growths, from the newest era on where they begin alike. */
static int32_t build_space(const struct study *study, struct era *era)
{
    const struct era *from = study->eras[0];
    size_t same = 0;
    while (same < study->era->n && same < era->n && study->era->growth[same] == era->growth[same])
        same++;
    if (same == study->era->n)
        from = study->era;
    int32_t rc = 0;
    era->space = space_reference(from->space);
    for (size_t i = from->n; !rc && i < era->n; i++)
        rc = extend(&era->space, era->growth[i]);
    return rc;
}

/* Puts a growth in its place among the first `n` of the era. */
static void insert(const struct study *study, struct era *era, size_t n, const struct growth *growth)
{
    while (n > 0 && comes_before(study, growth, era->growth[n - 1])) {
        era->growth[n] = era->growth[n - 1];
        n--;
    }
    era->growth[n] = growth;
}

/* 1 when the era is that of the n growths that are known. */
static int is_era_of(const struct study *study, const struct era *era, size_t n, int64_t number, size_t position)
{
    if (era->n != n)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!era->growth[i]->era || !knows(study, era->growth[i], number, position))
            return 0;
    return 1;
}

static int32_t reserve_eras(struct study *study)
{
    void *eras = study->eras;
    int32_t rc = mem_reserve(&eras, &study->era_capacity, study->n_eras + 1, sizeof *study->eras);
    study->eras = eras;
    return rc;
}

static int32_t make_era(struct study *study, size_t n, int64_t number, size_t position, struct era **out)
{
    int32_t rc = reserve_eras(study);
    struct era *era = rc ? NULL : era_new(n);
    if (!era)
        return rc ? rc : fail_memory();
    for (size_t i = 0; i < study->n_growths; i++)
        if (knows(study, study->growths[i], number, position))
            insert(study, era, era->n++, study->growths[i]);
    rc = build_space(study, era);
    if (rc) {
        era_free(era);
        return rc;
    }
    study->eras[study->n_eras++] = era;
    *out = era;
    return 0;
}

int32_t study_era_at(struct study *study, int64_t number, size_t position, struct era **out)
{
    size_t n = 0;
    for (size_t i = 0; i < study->n_growths; i++)
        n += knows(study, study->growths[i], number, position) != 0;
    *out = study->era;
    if (is_era_of(study, study->era, n, number, position))
        return 0;
    for (size_t i = 0; i < study->n_eras; i++) {
        *out = study->eras[i];
        if (is_era_of(study, study->eras[i], n, number, position))
            return 0;
    }
    return make_era(study, n, number, position, out);
}

int32_t study_grow_era(struct study *study, struct growth *growth)
{
    void *growths = study->growths;
    int32_t rc = mem_reserve(&growths, &study->growth_capacity, study->n_growths + 1, sizeof *study->growths);
    study->growths = growths;
    if (!rc)
        rc = reserve_eras(study);
    growth->era = rc ? NULL : era_new(study->n_growths + 1);
    if (!growth->era)
        return rc ? rc : fail_memory();
    struct era *era = growth->era;
    for (size_t i = 0; i < study->n_growths; i++)
        insert(study, era, era->n++, study->growths[i]);
    insert(study, era, era->n++, growth);
    return build_space(study, era);
}

int32_t study_make_eras(struct study *study)
{
    int32_t rc = reserve_eras(study);
    struct era *era = rc ? NULL : era_new(0);
    if (!era)
        return rc ? rc : fail_memory();
    era->space = space_reference(study->space);
    study->era = study->eras[study->n_eras++] = era;
    return 0;
}

void study_free_eras(struct study *study)
{
    for (size_t i = 0; i < study->n_eras; i++)
        era_free(study->eras[i]);
    mem_free(study->eras);
    mem_free((void *)study->growths);
    while (study->dropped_growths) {
        struct growth *growth = study->dropped_growths;
        study->dropped_growths = growth->next;
        growth_free(growth);
    }
}

/* ---------------------------------------------------------- trials in an era */

struct space *trial_space_after(const struct trial *trial, const struct growth *growth)
{
    return growth ? growth->space : trial->era->space;
}

const struct point *trial_point_after(const struct trial *trial, const struct growth *growth)
{
    return growth ? growth->point : trial->point;
}

struct space *trial_space(const struct trial *trial)
{
    return trial_space_after(trial, trial->extras->growth);
}

const struct point *trial_point(const struct trial *trial)
{
    return trial_point_after(trial, trial->extras->growth);
}

static int belongs(const struct era *era, const struct growth *growth)
{
    for (size_t i = era->n; i-- > 0;)
        if (era->growth[i] == growth)
            return 1;
    return 0;
}

const struct growth *trial_growth_in(const struct trial *trial, const struct era *era)
{
    const struct growth *growth = trial->extras->growth;
    while (growth && !belongs(era, growth))
        growth = growth->before;
    return growth;
}

static void switch_off(const struct trial *trial, const struct space *space, struct point *point)
{
    const struct unused_names *unused = trial->extras->unused;
    for (size_t i = 0; unused && i < unused->n; i++)
        point_switch_off(space, point, unused->name[i]);
}

void trial_used_point(const struct trial *trial, const struct space *space, struct point *out)
{
    space_convert(trial_space(trial), trial_point(trial), NULL, NULL, space, out);
    switch_off(trial, space, out);
}

void era_view_fini(struct era_view *view)
{
    for (size_t i = 0; i < view->capacity; i++)
        point_free(view->made[i]);
    mem_free(view->made);
    *view = (struct era_view){0};
}

static int32_t reserve_points(struct era_view *view, size_t count)
{
    void *made = view->made;
    size_t before = view->capacity;
    int32_t rc = mem_reserve(&made, &view->capacity, count, sizeof *view->made);
    view->made = made;
    if (!rc && view->capacity > before)
        memset(view->made + before, 0, (view->capacity - before) * sizeof *view->made);
    return rc;
}

int32_t era_view_point(struct era_view *view, const struct trial *trial, int which, const struct point **out)
{
    const struct growth *growth = trial_growth_in(trial, view->era);
    const struct space *from = trial_space_after(trial, growth), *to = view->era->space;
    int is_cut = which == TRIAL_ENDED && trial->extras->unused;
    size_t place = 2 * (size_t)trial->number + (size_t)(is_cut != 0);
    *out = trial_point_after(trial, growth);
    if (from == to && !is_cut)
        return 0;
    int32_t rc = reserve_points(view, place + 1);
    if (rc)
        return rc;
    if (!view->made[place]) {
        struct point *made;
        rc = point_new(&made, to);
        if (rc)
            return rc;
        space_convert(from, *out, NULL, NULL, to, made);
        if (is_cut)
            switch_off(trial, to, made);
        view->made[place] = made;
    }
    *out = view->made[place];
    return 0;
}
