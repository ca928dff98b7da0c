/* A file as a whole: it is there with all of its bytes, or as it was before. */
#ifndef AFINA_MLP_FILE_WRITE_H
#define AFINA_MLP_FILE_WRITE_H

#include <stddef.h>
#include <stdint.h>

/* AFINA_E_FILE: it cannot be written. The bytes stand in "<path>.part" before they get their name. */
int32_t file_write_whole(const char *path, const unsigned char *bytes, size_t size);

#endif
