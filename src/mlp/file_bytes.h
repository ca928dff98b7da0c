/* A whole file in memory, gunzipped when it is gzip data. */
#ifndef AFINA_MLP_FILE_BYTES_H
#define AFINA_MLP_FILE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* A data file is at most this long, packed or not. */
#define FILE_BYTES_MAX ((size_t)1 << 30)

/* *data (freed with mem_free) gets the bytes and one 0 byte after them. Errors:
 * AFINA_E_FILE (cannot be opened or read, too long), AFINA_E_FORMAT (broken gzip
 * data). */
int32_t file_bytes(const char *path, unsigned char **data, size_t *size);

#endif
