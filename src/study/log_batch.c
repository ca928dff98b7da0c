#include "study/log_batch.h"

#include "core/fail.h"
#include "core/mem.h"

/* Reads one line, which stands at `position`, behind the entries that there are. */
static int32_t read_line(struct batch *batch, struct line_reader *r, const struct space *space,
                         const struct lines *lines, size_t position)
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

int32_t batch_read(struct batch *batch, const struct space *space, const char *text, size_t length, size_t position)
{
    struct lines lines = {.at = text, .end = text + length};
    struct line_reader reader = {0};
    int32_t rc = 0;
    if (position == 0 && lines_next(&lines)) {
        batch->header = lines.line;
        batch->header_length = lines.length;
        position++;
    }
    while (!rc && lines_next(&lines))
        rc = read_line(batch, &reader, space, &lines, position + batch->count);
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
}
