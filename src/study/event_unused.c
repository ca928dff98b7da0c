/* Which of its parameters a trial does not use. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"
#include "study/era.h"

#include <string.h>

static int32_t check_name(const struct trial *trial, const struct entry *entry, size_t i)
{
    size_t at;
    int32_t rc = space_find(trial_space(trial), entry->names[i], &at);
    for (size_t k = 0; !rc && k < i; k++)
        if (strcmp(entry->names[k], entry->names[i]) == 0)
            rc = fail(AFINA_E_NAME, "parameter \"%s\" is named twice", entry->names[i]);
    return rc;
}

static int32_t unused_check(const struct study *study, const struct entry *entry)
{
    const struct trial *trial = study->trials[entry->trial];
    int32_t rc = study_check_open(study, entry->trial);
    if (!rc && trial->extras->unused)
        rc = fail(AFINA_E_STATE, "what trial %lld does not use was told already", (long long)entry->trial);
    if (!rc && entry->n_names == 0)
        rc = fail(AFINA_E_ARGUMENT, "no parameter is named that trial %lld does not use", (long long)entry->trial);
    for (size_t i = 0; !rc && i < entry->n_names; i++)
        rc = check_name(trial, entry, i);
    return rc;
}

/* One block: the pointers, then the texts. */
static int32_t unused_prepare(struct study *study, const struct entry *entry, void **made)
{
    size_t pointers = sizeof(struct unused_names) + entry->n_names * sizeof(char *), bytes = 0;
    for (size_t i = 0; i < entry->n_names; i++)
        bytes += strlen(entry->names[i]) + 1;
    struct unused_names *unused = mem_new(pointers + bytes, 1);
    if (!unused || !trial_own_extras(study->trials[entry->trial])) {
        mem_free(unused);
        return fail_memory();
    }
    char *at = (char *)unused + pointers;
    for (; unused->n < entry->n_names; unused->n++) {
        size_t length = strlen(entry->names[unused->n]) + 1;
        unused->name[unused->n] = memcpy(at, entry->names[unused->n], length);
        at += length;
    }
    *made = unused;
    return 0;
}

static void unused_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    (void)event;
    trial_own_extras(study->trials[entry->trial])->unused = made;
}

static void unused_undo(struct study *study, const struct event *event)
{
    struct trial_extras *extras = trial_own_extras(study->trials[event->subject]);
    mem_free(extras->unused);
    extras->unused = NULL;
}

static void unused_view(const struct study *study, const struct event *event, struct entry *entry)
{
    const struct unused_names *unused = study->trials[event->subject]->extras->unused;
    entry->present |= FIELD_NAMES;
    entry->names = (const char *const *)unused->name;
    entry->n_names = unused->n;
}

const struct event_kind unused_kind = {
    .name = "unused",
    .required = FIELD_TRIAL | FIELD_NAMES,
    .check = unused_check,
    .prepare = unused_prepare,
    .apply = unused_apply,
    .undo = unused_undo,
    .view = unused_view,
};
