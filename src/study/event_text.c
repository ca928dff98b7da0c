/* Texts: attributes of a study or a trial, and the checkpoints of a trial. */
#include "core/fail.h"
#include "core/mem.h"
#include "study/commit.h"

#include <string.h>

/* One block: the record, the key (if it has one), the text. */
static int32_t text_prepare(struct study *study, const struct entry *entry, void **made)
{
    size_t key = entry->present & FIELD_KEY ? strlen(entry->key) + 1 : 0, text = strlen(entry->text) + 1;
    if ((entry->present & FIELD_TRIAL) && !trial_own_extras(study->trials[entry->trial]))
        return fail_memory();
    struct text_event *t = mem_new(sizeof *t + key + text, 1);
    if (!t)
        return fail_memory();
    char *rest = (char *)(t + 1);
    if (key > 0)
        t->key = memcpy(rest, entry->key, key);
    t->text = memcpy(rest + key, entry->text, text);
    *made = t;
    return 0;
}

/* Where the last text of the kind is found. */
static const struct text_event **last_of(struct study *study, int32_t kind, uint32_t subject)
{
    if (subject == EVENT_NO_TRIAL)
        return &study->attributes;
    struct trial_extras *extras = trial_own_extras(study->trials[subject]);
    return kind == EVENT_CHECKPOINT ? &extras->checkpoint : &extras->attributes;
}

static void text_apply(struct study *study, const struct entry *entry, struct event *event, void *made)
{
    const struct text_event **last = last_of(study, entry->kind, event->subject);
    struct text_event *t = made;
    t->before = *last;
    if (t->key)
        attribute_count_key(t);
    *last = t;
    event->detail.text = t;
}

static void text_undo(struct study *study, const struct event *event)
{
    *last_of(study, event->kind, event->subject) = event->detail.text->before;
    mem_free(event->detail.text);
}

static void text_view(const struct study *study, const struct event *event, struct entry *entry)
{
    (void)study;
    const struct text_event *t = event->detail.text;
    entry->present |= FIELD_TEXT;
    entry->text = t->text;
    if (t->key) {
        entry->present |= FIELD_KEY;
        entry->key = t->key;
    }
}

static int32_t attribute_check(const struct study *study, const struct entry *entry)
{
    (void)study;
    return study_check_name("key", entry->key);
}

const struct event_kind attribute_kind = {
    .name = "attribute",
    .required = FIELD_KEY | FIELD_TEXT,
    .optional = FIELD_TRIAL,
    .check = attribute_check,
    .prepare = text_prepare,
    .apply = text_apply,
    .undo = text_undo,
    .view = text_view,
};

static int32_t checkpoint_check(const struct study *study, const struct entry *entry)
{
    return study_check_open(study, entry->trial);
}

const struct event_kind checkpoint_kind = {
    .name = "checkpoint",
    .required = FIELD_TRIAL | FIELD_TEXT,
    .check = checkpoint_check,
    .prepare = text_prepare,
    .apply = text_apply,
    .undo = text_undo,
    .view = text_view,
};
