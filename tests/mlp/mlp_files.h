/* Small files for the tests of data sets, in a directory of their own. */
#ifndef AFINA_TESTS_MLP_FILES_H
#define AFINA_TESTS_MLP_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Tests run in the root of the repository. */
#define DIGITS_CSV "examples/data/digits.csv"

static char files_directory[64];

static inline int files_setup(void **state)
{
    (void)state;
    snprintf(files_directory, sizeof files_directory, "/tmp/afina-test-%ld", (long)getpid());
    return mkdir(files_directory, 0700);
}

static inline int files_teardown(void **state)
{
    (void)state;
    return rmdir(files_directory);
}

/* The path lives until the second call from now. */
static inline const char *file_path(const char *name)
{
    static char path[2][128];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", files_directory, name);
    return path[turn];
}

static inline const char *file_write(const char *name, const void *bytes, size_t size)
{
    const char *path = file_path(name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        return NULL;
    return path;
}

static inline const char *file_text(const char *name, const char *text)
{
    return file_write(name, text, strlen(text));
}

static inline const char *file_gzip(const char *name, const void *bytes, size_t size)
{
    const char *path = file_path(name);
    gzFile file = gzopen(path, "wb");
    if (!file || gzwrite(file, bytes, (unsigned)size) != (int)size || gzclose(file) != Z_OK)
        return NULL;
    return path;
}

#endif
