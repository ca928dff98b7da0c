/* A whole file in memory, gunzipped when it is gzip data. */
#ifndef AFINA_MLP_FILE_BYTES_H
#define AFINA_MLP_FILE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* A data file is at most this long, packed or not. */
#define FILE_BYTES_MAX ((size_t)1 << 30)

/* What gzip data of a format that does not declare its length may become: this many
 * times their own length, and the second number in any case. Numbers as text become
 * some ten times as long; a file that was made to fill the memory, a thousand times. */
enum { FILE_BYTES_RATIO = 100, FILE_BYTES_FREE = 1 << 24 };

/* How long a file is by its first bytes: 0 when they are no head of the format or
 * declare more than FILE_BYTES_MAX, which is the answer while there are too few. */
typedef size_t file_bytes_declared(const unsigned char *bytes, size_t size);

/* *data (freed with mem_free) gets the bytes and one 0 byte after them. gzip data are
 * unpacked until they are longer than `declared`, and the rest is left; where it is
 * NULL, until the ratio above is passed, which is an error. Errors: AFINA_E_FILE (cannot be opened or read, too long),
 * AFINA_E_FORMAT (broken gzip data). */
int32_t file_bytes(const char *path, file_bytes_declared *declared, unsigned char **data, size_t *size);

#endif
