/* The options and the filter of a study, and the rule that the first trial fixes them. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/dotted.h"
#include "study/era.h"
#include "study/fold.h"
#include "study/header.h"
#include "study/stored.h"
#include "study/study_options.h"
#include "study/turn.h"

#include <string.h>

/* An option that is being set. */
struct setting {
    struct option_set *set;
    const char *name;
    int made;                 /* the set, for this setting */
    struct option_set *fixed; /* the set that stays as it is, where `set` is a copy of it; else NULL */
    struct option_set copy;
};

/* Every worker of a study in a store sets its options: what says the same again is no change. */
static int32_t set_copy(struct setting *s)
{
    int32_t rc = options_copy(&s->copy, s->set);
    if (rc)
        return rc;
    s->fixed = s->set;
    s->set = &s->copy;
    return 0;
}

static int32_t check_copy(const struct setting *s)
{
    struct text is = {0}, asked = {0};
    size_t i = (size_t)(option_find(s->fixed->table, s->fixed->count, s->name) - s->fixed->table);
    int32_t rc = header_write_value(&is, &s->fixed->table[i], &s->fixed->values[i]);
    if (!rc)
        rc = header_write_value(&asked, &s->copy.table[i], &s->copy.values[i]);
    if (!rc && strcmp(is.data, asked.data) != 0)
        rc = fail(AFINA_E_STATE, "option \"%s\" is fixed since the first trial: it is %s, got %s", s->name, is.data,
                  asked.data);
    mem_free(is.data);
    mem_free(asked.data);
    return rc;
}

/* Locks, and finds the set in which the key may be changed now. */
static int32_t begin_setting(struct study *study, const char *key, struct setting *s)
{
    struct option_place place;
    *s = (struct setting){0};
    study_lock(study);
    int32_t rc = study_find_option(study, key, &place);
    int is_fixed = (study->begun || study->header) && !study_option_may_change(key);
    if (!rc && is_fixed && !study->stored)
        rc = fail(AFINA_E_STATE, "option \"%s\" is fixed since the first trial", key);
    if (!rc)
        rc = study_make_set(study, &place, &s->made);
    if (!rc) {
        s->set = place.set;
        s->name = place.option->name;
    }
    return !rc && is_fixed ? set_copy(s) : rc;
}

/* What was refused leaves everything as it was. */
static int32_t end_setting(struct study *study, struct setting *s, int32_t rc)
{
    if (!rc && s->fixed)
        rc = check_copy(s);
    if (rc && s->made)
        options_fini(s->fixed ? s->fixed : s->set);
    if (s->fixed)
        options_fini(&s->copy);
    study_unlock(study);
    return rc;
}

int32_t study_set_integer(struct study *study, const char *key, int64_t value)
{
    struct setting s;
    int32_t rc = begin_setting(study, key, &s);
    if (!rc)
        rc = options_set_integer(s.set, s.name, value);
    return end_setting(study, &s, rc);
}

int32_t study_set_real(struct study *study, const char *key, double value)
{
    struct setting s;
    int32_t rc = begin_setting(study, key, &s);
    if (!rc)
        rc = options_set_real(s.set, s.name, value);
    return end_setting(study, &s, rc);
}

int32_t study_set_string(struct study *study, const char *key, const char *value)
{
    struct setting s;
    int32_t rc = begin_setting(study, key, &s);
    if (!rc && s.set == &study->options)
        rc = study_check_text(s.name, value);
    if (!rc)
        rc = options_set_string(s.set, s.name, value);
    return end_setting(study, &s, rc);
}

int32_t study_set_reals(struct study *study, const char *key, const double *values, size_t count)
{
    struct setting s;
    int32_t rc = begin_setting(study, key, &s);
    if (!rc)
        rc = options_set_reals(s.set, s.name, values, count);
    return end_setting(study, &s, rc);
}

/* The option of a key and its value, which is NULL for an option at its default; the lock is held. */
static int32_t get_value(struct study *study, const char *key, const struct option **option,
                         const union option_value **value)
{
    struct option_place place;
    int32_t rc = study_find_option(study, key, &place);
    if (rc)
        return rc;
    *option = place.option;
    *value = place.set ? &place.set->values[place.option - place.set->table] : NULL;
    return 0;
}

static int32_t wrong_type(const struct option *option, const char *asked)
{
    return fail(AFINA_E_TYPE, "option \"%s\" is not %s", option->name, asked);
}

int32_t study_get_integer(struct study *study, const char *key, int64_t *out)
{
    const struct option *option;
    const union option_value *value;
    study_lock(study);
    int32_t rc = get_value(study, key, &option, &value);
    if (!rc && option->type != AFINA_OPTION_INTEGER)
        rc = wrong_type(option, "an integer");
    if (!rc)
        *out = value ? value->integer : (int64_t)option->number;
    study_unlock(study);
    return rc;
}

int32_t study_get_real(struct study *study, const char *key, double *out)
{
    const struct option *option;
    const union option_value *value;
    study_lock(study);
    int32_t rc = get_value(study, key, &option, &value);
    if (!rc && option->type != AFINA_OPTION_REAL && option->type != AFINA_OPTION_INTEGER)
        rc = wrong_type(option, "a number");
    if (!rc && !value)
        *out = option->number;
    else if (!rc)
        *out = option->type == AFINA_OPTION_REAL ? value->real : (double)value->integer;
    study_unlock(study);
    return rc;
}

int32_t study_get_string(struct study *study, const char *key, struct text *out)
{
    const struct option *option;
    const union option_value *value;
    study_lock(study);
    int32_t rc = get_value(study, key, &option, &value);
    if (!rc && option->type != AFINA_OPTION_STRING)
        rc = wrong_type(option, "a string");
    if (!rc)
        rc = text_append(out, value ? value->string : option->string);
    study_unlock(study);
    return rc;
}

int32_t study_get_reals(struct study *study, const char *key, double *values, size_t capacity, size_t *count)
{
    const struct option *option;
    const union option_value *value;
    study_lock(study);
    int32_t rc = get_value(study, key, &option, &value);
    if (!rc && option->type != AFINA_OPTION_REALS)
        rc = wrong_type(option, "a list of real numbers");
    if (!rc) {
        *count = value && value->reals ? value->reals->count : 0;
        for (size_t i = 0; i < *count && i < capacity; i++)
            values[i] = value->reals->value[i];
    }
    study_unlock(study);
    return rc;
}

void study_get_limits(struct study *study, struct study_limits *out)
{
    study_lock(study);
    out->seconds = option_real(&study->options, "seconds");
    out->target = option_real(&study->options, "target");
    out->trial_seconds = option_real(&study->options, "trial_seconds");
    out->workers = option_integer(&study->options, "workers");
    study_unlock(study);
}

/* The filter belongs to the suggestions: it is fixed with the first one. The text of a log
 * has no code in it, so a study that was read and had a filter gets it anew. */
static int32_t check_filter_open(const struct study *study, int has_filter)
{
    if (study->suggested_here)
        return fail(AFINA_E_STATE, "the filter is fixed since the first suggestion");
    if (has_filter && study->header && !study->needs_filter)
        return fail(AFINA_E_STATE, "the study was begun without a filter: its log says so");
    return 0;
}

/* The place of each of the study's spaces, the i-th; NULL behind the last one. */
static struct space **space_at(const struct study *study, size_t i)
{
    if (i < study->n_eras)
        return &study->eras[i]->space;
    i -= study->n_eras;
    if (i < study->n_growths)
        return &study->growths[i]->space;
    i -= study->n_growths;
    return i < study->n_queue ? &study->queue[i].space : NULL;
}

/* A copy of a space with the filter, or the one that was made of it before. */
static int32_t filtered(const struct study *study, size_t i, struct space *const *made, const struct space *with,
                        struct space **out)
{
    const struct space *space = *space_at(study, i);
    *out = NULL;
    if (!space)
        return 0;
    for (size_t k = 0; k < i; k++)
        if (*space_at(study, k) == space) {
            *out = space_reference(made[k]);
            return 0;
        }
    int32_t rc = space_snapshot(out, space);
    if (!rc)
        space_share_filter(*out, with);
    return rc;
}

/* Snapshots are immutable, so the filter comes with new ones. What they replace is in `made` afterwards. */
static int32_t replace_spaces(struct study *study, const struct space *with, struct space **made, size_t count)
{
    int32_t rc = 0;
    for (size_t i = 0; i < count && !rc; i++)
        rc = filtered(study, i, made, with, &made[i]);
    for (size_t i = 0; i < count && !rc; i++) {
        struct space **place = space_at(study, i), *before = *place;
        *place = made[i];
        made[i] = before;
    }
    if (!rc)
        study->space = study->era->space;
    return rc;
}

/* What refers to the old spaces keeps them. A fold does: the next ask makes another one. */
int32_t study_share_filter(struct study *study, const struct space *with)
{
    int32_t rc = study_take_turn(study);
    if (rc)
        return rc;
    size_t count = study->n_eras + study->n_growths + study->n_queue;
    struct space **made = NULL;
    rc = check_filter_open(study, with->filter != NULL);
    if (!rc) {
        made = mem_new(count, sizeof(struct space *));
        rc = made ? replace_spaces(study, with, made, count) : fail_memory();
    }
    if (!rc)
        study_drop_fold(study);
    study_leave_turn(study);
    for (size_t i = 0; made && i < count; i++)
        space_release(made[i]); /* a release function of the host may run: no lock is held */
    mem_free(made);
    return rc;
}

int32_t study_set_filter(struct study *study, afina_filter filter, void *user, afina_release release)
{
    struct space *with = NULL;
    int32_t rc = space_new(&with);
    if (!rc)
        rc = space_set_filter(with, filter, user, release);
    if (!rc)
        rc = study_share_filter(study, with);
    if (rc && with && with->filter)
        with->filter->release = NULL; /* on failure `user` stays the caller's */
    space_free(with);
    return rc;
}
