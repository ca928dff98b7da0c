#include "mlp/csv.h"

#include "core/fail.h"

#include <string.h>

static size_t without_blank_lines(const char *text, size_t size)
{
    for (;;) {
        size_t end = size;
        if (end > 0 && text[end - 1] == '\n')
            end--;
        if (end > 0 && end < size && text[end - 1] == '\r')
            end--;
        if (end == size || (end > 0 && text[end - 1] != '\n'))
            return end;
        size = end;
    }
}

int32_t csv_start(struct csv *csv, const char *path, char *text, size_t size)
{
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        size -= 3;
    }
    *csv = (struct csv){.path = path, .text = text, .line = 1};
    const char *nul = memchr(text, '\0', size);
    if (nul) {
        for (const char *p = text; p < nul; p++)
            csv->line += *p == '\n';
        return fail(AFINA_E_FORMAT, "%s:%zu: a zero byte: this is no text", path, csv->line);
    }
    csv->size = without_blank_lines(text, size);
    return AFINA_OK;
}

int32_t csv_at_end(const struct csv *csv)
{
    return csv->next >= csv->size;
}

/* Reads the quoted part from after its first quote; moves it over its own
 * doubled quotes. *end is where the text stops. */
static int32_t take_quoted(struct csv *csv, const struct csv_cell *cell, char **end)
{
    char *to = cell->text;
    while (csv->next < csv->size) {
        char c = csv->text[csv->next++];
        if (c == '"') {
            if (csv->next >= csv->size || csv->text[csv->next] != '"') {
                *end = to;
                return AFINA_OK;
            }
            csv->next++;
        } else if (c == '\n') {
            csv->line++;
            csv->line_start = csv->next;
        }
        *to++ = c;
    }
    return fail(AFINA_E_FORMAT, "%s:%zu:%zu: the quote that opens here is never closed", csv->path, cell->line,
                cell->column);
}

/* Steps over the comma or line end behind a cell and puts the terminator at
 * `end` (NULL: there). */
static int32_t finish_cell(struct csv *csv, struct csv_cell *cell, char *end)
{
    size_t at = csv->next;
    int32_t crlf = at + 1 < csv->size && csv->text[at] == '\r' && csv->text[at + 1] == '\n';
    if (at < csv->size && !crlf && csv->text[at] != ',' && csv->text[at] != '\n')
        return fail(AFINA_E_FORMAT, "%s:%zu:%zu: text after a closing quote", csv->path, csv->line,
                    at - csv->line_start + 1);
    cell->last = at >= csv->size || csv->text[at] != ',';
    csv->next = at + (crlf ? 2 : 1);
    *(end ? end : csv->text + at) = '\0';
    if (cell->last) {
        csv->line++;
        csv->line_start = csv->next;
    }
    return AFINA_OK;
}

int32_t csv_next(struct csv *csv, struct csv_cell *cell)
{
    cell->text = csv->text + csv->next;
    cell->line = csv->line;
    cell->column = csv->next - csv->line_start + 1;
    if (csv->next < csv->size && *cell->text == '"') {
        char *end = NULL;
        cell->text++;
        csv->next++;
        int32_t rc = take_quoted(csv, cell, &end);
        return rc ? rc : finish_cell(csv, cell, end);
    }
    while (csv->next < csv->size && csv->text[csv->next] != ',' && csv->text[csv->next] != '\n')
        csv->next++;
    size_t at = csv->next;
    if (at < csv->size && csv->text[at] == '\n' && at > 0 && csv->text + at > cell->text && csv->text[at - 1] == '\r')
        csv->next--;
    return finish_cell(csv, cell, NULL);
}
