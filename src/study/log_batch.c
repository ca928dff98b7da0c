#include "study/log_batch.h"

#include "core/fail.h"
#include "core/mem.h"

/* Reads one line, which stands at `position`, behind the entries that there are. */
static int32_t read_line(struct batch *batch, struct line_reader *r, struct space *space, const struct lines *lines,
                         size_t position)
{
    void *entries = batch->entries;
    int32_t rc = mem_reserve(&entries, &batch->capacity, batch->count + 1, sizeof *batch->entries);
    batch->entries = entries;
    if (rc)
        return rc;
    struct entry *entry = &batch->entries[batch->count];
    rc = log_line_read(r, space, lines->line, lines->length, position + 1, entry);
    if (rc)
        return rc;
    line_reader_give(r, entry);
    batch->count++;
    return 0;
}

/* The lines behind one that declares something are of the extended space. */
static int32_t follow_space(struct batch *batch, size_t line, struct space **space)
{
    const struct entry *entry = &batch->entries[batch->count - 1];
    if (entry->kind != EVENT_DECLARED)
        return 0;
    int is_trials = (entry->present & FIELD_TRIAL) != 0;
    struct space *grown;
    void *spaces = batch->spaces;
    int32_t rc = space_check_extension(*space, entry->space, is_trials);
    if (!rc && space_covers(*space, entry->space))
        return 0;
    if (!rc)
        rc = mem_reserve(&spaces, &batch->space_capacity, batch->n_spaces + 1, sizeof *batch->spaces);
    batch->spaces = spaces;
    if (!rc)
        rc = space_extend(&grown, *space, entry->space, is_trials);
    if (rc)
        return log_line_fail(rc, line);
    *space = batch->spaces[batch->n_spaces++] = grown;
    return 0;
}

int32_t batch_read(struct batch *batch, struct space *space, const char *text, size_t length, size_t position)
{
    struct lines lines = {.at = text, .end = text + length};
    struct line_reader reader = {0};
    int32_t rc = 0;
    if (position == 0 && lines_next(&lines)) {
        batch->header = lines.line;
        batch->header_length = lines.length;
        position++;
    }
    while (!rc && lines_next(&lines)) {
        rc = read_line(batch, &reader, space, &lines, position + batch->count);
        if (!rc)
            rc = follow_space(batch, position + batch->count, &space);
    }
    line_reader_fini(&reader);
    if (rc == 0 || rc == AFINA_E_MEMORY)
        return rc;
    batch->rc = rc;
    text_format(batch->failure, sizeof batch->failure, "%s", fail_text());
    return 0;
}

void batch_fini(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        line_entry_free(&batch->entries[i]);
    mem_free(batch->entries);
    for (size_t i = 0; i < batch->n_spaces; i++)
        space_release(batch->spaces[i]);
    mem_free(batch->spaces);
}
