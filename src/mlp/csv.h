/* Cells of a CSV text (RFC 4180): commas; cells in double quotes may hold
 * commas, line ends and doubled quotes; lines end with LF or CR LF. */
#ifndef AFINA_MLP_CSV_H
#define AFINA_MLP_CSV_H

#include <stddef.h>
#include <stdint.h>

/* Cells are cut out of `text` in place, so `text` is written to; the byte after
 * the last belongs to it too. */
struct csv {
    const char *path; /* for error texts */
    char *text;
    size_t size, next;
    size_t line, line_start;
};

struct csv_cell {
    char *text;          /* ends with a NUL, without quotes */
    size_t line, column; /* where it starts, from 1; the column counts bytes */
    int32_t last;        /* the last of its row */
};

/* Drops a byte-order mark, and the blank lines at the end. */
int32_t csv_start(struct csv *csv, const char *path, char *text, size_t size);

int32_t csv_at_end(const struct csv *csv);

/* The next cell; AFINA_E_FORMAT for broken quotes. Not at the end. */
int32_t csv_next(struct csv *csv, struct csv_cell *cell);

#endif
