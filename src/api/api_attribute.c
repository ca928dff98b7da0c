/* Texts that a host keeps in the log: attributes and checkpoints. */
#include "api/handles.h"

#include <string.h>

/* A text may be empty and of any length. */
static int32_t check_text(const char *text, const char *function)
{
    int32_t rc = require(text, function, "text");
    if (!rc && !text_is_utf8(text))
        rc = fail(AFINA_E_ARGUMENT, "%s: text is not UTF-8", function);
    return rc;
}

int32_t afina_tell_checkpoint(afina_optimizer *optimizer, int64_t number, const char *text)
{
    struct trial *trial;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = check_text(text, __func__);
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    return rc ? rc : study_tell_checkpoint(optimizer->study, trial, text);
}

int32_t afina_tell_attribute(afina_optimizer *optimizer, int64_t number, const char *key, const char *text)
{
    struct trial *trial;
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require_text(key, __func__, "key");
    if (!rc)
        rc = check_text(text, __func__);
    if (!rc)
        rc = study_trial(optimizer->study, number, &trial);
    return rc ? rc : study_tell_attribute(optimizer->study, trial, key, text);
}

int32_t afina_optimizer_set_attribute(afina_optimizer *optimizer, const char *key, const char *text)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    if (!rc)
        rc = require_text(key, __func__, "key");
    if (!rc)
        rc = check_text(text, __func__);
    return rc ? rc : study_set_attribute(optimizer->study, key, text);
}

/* The first checks of a call on a trial. */
static int32_t check_trial(const afina_trial *trial, const char *function)
{
    int32_t rc = require(trial, function, "trial");
    return rc ? rc : study_check_trial(trial->study, trial->trial);
}

/* The attributes of a trial, or with NULL those of the study. The lock is held. */
static const struct text_event *attributes_of(const struct study *study, const struct trial *trial)
{
    return trial ? trial->extras->attributes : study->attributes;
}

static int32_t give_attribute(const struct study *study, const struct trial *trial, const char *key, char *text,
                              size_t capacity, size_t *length, const char *function)
{
    int32_t rc = require_text(key, function, "key");
    if (rc)
        return rc;
    study_lock(study);
    const char *found = attribute_find(attributes_of(study, trial), key);
    if (found)
        rc = give_text(found, strlen(found), text, capacity, length, function);
    else
        rc = fail(AFINA_E_NOT_FOUND, "there is no attribute \"%s\"", key);
    study_unlock(study);
    return rc;
}

static int32_t count_keys(const struct study *study, const struct trial *trial, size_t *count, const char *function)
{
    int32_t rc = require(count, function, "count");
    if (rc)
        return rc;
    study_lock(study);
    *count = attribute_count(attributes_of(study, trial));
    study_unlock(study);
    return 0;
}

static int32_t give_key(const struct study *study, const struct trial *trial, size_t index, char *text, size_t capacity,
                        size_t *length, const char *function)
{
    int32_t rc;
    study_lock(study);
    const struct text_event *last = attributes_of(study, trial);
    const char *key = attribute_key(last, index);
    if (key)
        rc = give_text(key, strlen(key), text, capacity, length, function);
    else
        rc = fail(AFINA_E_RANGE, "%s: there are %zu attributes, index %zu is not among them", function,
                  attribute_count(last), index);
    study_unlock(study);
    return rc;
}

int32_t afina_optimizer_get_attribute(const afina_optimizer *optimizer, const char *key, char *text, size_t capacity,
                                      size_t *length)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    return rc ? rc : give_attribute(optimizer->study, NULL, key, text, capacity, length, __func__);
}

int32_t afina_optimizer_attribute_count(const afina_optimizer *optimizer, size_t *count)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    return rc ? rc : count_keys(optimizer->study, NULL, count, __func__);
}

int32_t afina_optimizer_attribute_key(const afina_optimizer *optimizer, size_t index, char *text, size_t capacity,
                                      size_t *length)
{
    int32_t rc = optimizer_check(optimizer, __func__);
    return rc ? rc : give_key(optimizer->study, NULL, index, text, capacity, length, __func__);
}

int32_t afina_trial_attribute(const afina_trial *trial, const char *key, char *text, size_t capacity, size_t *length)
{
    int32_t rc = check_trial(trial, __func__);
    return rc ? rc : give_attribute(trial->study, trial->trial, key, text, capacity, length, __func__);
}

int32_t afina_trial_attribute_count(const afina_trial *trial, size_t *count)
{
    int32_t rc = check_trial(trial, __func__);
    return rc ? rc : count_keys(trial->study, trial->trial, count, __func__);
}

int32_t afina_trial_attribute_key(const afina_trial *trial, size_t index, char *text, size_t capacity, size_t *length)
{
    int32_t rc = check_trial(trial, __func__);
    return rc ? rc : give_key(trial->study, trial->trial, index, text, capacity, length, __func__);
}

int32_t afina_trial_checkpoint(const afina_trial *trial, char *text, size_t capacity, size_t *length)
{
    int32_t rc = check_trial(trial, __func__);
    if (rc)
        return rc;
    study_lock(trial->study);
    const struct text_event *last = trial->trial->extras->checkpoint;
    const char *checkpoint = last ? last->text : "";
    rc = give_text(checkpoint, strlen(checkpoint), text, capacity, length, __func__);
    study_unlock(trial->study);
    return rc;
}
