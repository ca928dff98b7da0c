#include "mlp/file_bytes.h"

#include "core/fail.h"
#include "core/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

struct bytes {
    unsigned char *data;
    size_t size, capacity;
};

/* strerror() speaks the language of the locale, so the usual reasons are named here. */
static int32_t fail_file(const char *path, int number)
{
    const char *reason = NULL;
    if (number == ENOENT || number == ENOTDIR)
        reason = "there is no such file";
    else if (number == EACCES || number == EPERM)
        reason = "permission denied";
    else if (number == EISDIR)
        reason = "it is a directory";
    if (reason)
        return fail(AFINA_E_FILE, "cannot read \"%s\": %s", path, reason);
    return fail(AFINA_E_FILE, "cannot read \"%s\": system error %d", path, number);
}

/* Room for `more` bytes and a terminator behind those that are there. */
static int32_t grow(struct bytes *b, size_t more)
{
    void *data = b->data;
    int32_t rc = mem_reserve(&data, &b->capacity, b->size + more + 1, 1);
    b->data = data;
    return rc;
}

static int32_t fail_size(const char *path)
{
    return fail(AFINA_E_FILE, "cannot read \"%s\": it is longer than %zu bytes", path, FILE_BYTES_MAX);
}

static int32_t read_all(FILE *file, const char *path, struct bytes *b)
{
    enum { CHUNK = 1 << 16 };
    for (;;) {
        int32_t rc = grow(b, CHUNK);
        if (rc)
            return rc;
        errno = 0;
        size_t n = fread(b->data + b->size, 1, CHUNK, file);
        b->size += n;
        if (b->size > FILE_BYTES_MAX)
            return fail_size(path);
        if (n < CHUNK && ferror(file) && errno == EINTR) { /* a handler of the host ran, which may happen with a pipe */
            clearerr(file);
            continue;
        }
        if (n < CHUNK && ferror(file))
            return fail_file(path, errno);
        if (n < CHUNK)
            return AFINA_OK;
    }
}

static voidpf zlib_new(voidpf user, uInt n, uInt size)
{
    (void)user;
    return mem_new(n, size);
}

static void zlib_free(voidpf user, voidpf p)
{
    (void)user;
    mem_free(p);
}

static int32_t fail_gzip(const char *path, int status)
{
    if (status == Z_MEM_ERROR)
        return fail_memory();
    if (status == Z_BUF_ERROR || status == Z_OK)
        return fail(AFINA_E_FORMAT, "%s: the gzip data end too early", path);
    return fail(AFINA_E_FORMAT, "%s: the gzip data are damaged", path);
}

static int32_t fail_ratio(const char *path)
{
    return fail(AFINA_E_FILE, "cannot read \"%s\": its gzip data become more than %d times as long", path,
                FILE_BYTES_RATIO);
}

static size_t ratio_limit(size_t packed)
{
    size_t limit = packed < FILE_BYTES_MAX / FILE_BYTES_RATIO ? packed * FILE_BYTES_RATIO : FILE_BYTES_MAX;
    return limit > FILE_BYTES_FREE ? limit : FILE_BYTES_FREE;
}

/* Bytes after those that the file declares are left packed. */
static int32_t inflate_into(z_stream *z, const char *path, file_bytes_declared *declared, struct bytes *out)
{
    enum { CHUNK = 1 << 18 };
    size_t limit = ratio_limit(z->avail_in);
    for (;;) {
        int32_t rc = grow(out, CHUNK);
        if (rc)
            return rc;
        z->next_out = out->data + out->size;
        z->avail_out = CHUNK;
        int status = inflate(z, Z_NO_FLUSH);
        out->size += CHUNK - z->avail_out;
        if (out->size > FILE_BYTES_MAX)
            return fail_size(path);
        if (!declared && out->size > limit)
            return fail_ratio(path);
        if (declared && out->size > declared(out->data, out->size))
            return AFINA_OK;
        if (status == Z_STREAM_END && z->avail_in == 0)
            return AFINA_OK;
        if (status == Z_STREAM_END)
            status = inflateReset(z); /* gzip files may be concatenated */
        if (status != Z_OK || (z->avail_in == 0 && z->avail_out > 0))
            return fail_gzip(path, status);
    }
}

static int32_t gunzip(const char *path, file_bytes_declared *declared, const struct bytes *packed, struct bytes *out)
{
    z_stream z = {.zalloc = zlib_new, .zfree = zlib_free};
    int status = inflateInit2(&z, 15 + 16); /* largest window, gzip wrapper */
    if (status != Z_OK)
        return fail_gzip(path, status);
    z.next_in = packed->data;
    z.avail_in = (uInt)packed->size;
    int32_t rc = inflate_into(&z, path, declared, out);
    inflateEnd(&z);
    return rc;
}

/* "e": no program that another thread starts meanwhile inherits it. */
static FILE *open_file(const char *path)
{
    FILE *file;
    do
        file = fopen(path, "rbe");
    while (!file && errno == EINTR);
    return file;
}

int32_t file_bytes(const char *path, file_bytes_declared *declared, unsigned char **data, size_t *size)
{
    struct bytes raw = {0}, unpacked = {0};
    *data = NULL;
    *size = 0;
    FILE *file = open_file(path);
    if (!file)
        return fail_file(path, errno);
    int32_t rc = read_all(file, path, &raw);
    fclose(file);
    if (rc)
        goto out;
    if (raw.size >= 2 && raw.data[0] == 0x1F && raw.data[1] == 0x8B) {
        rc = gunzip(path, declared, &raw, &unpacked);
        if (rc)
            goto out;
        struct bytes swap = raw;
        raw = unpacked;
        unpacked = swap;
    }
    raw.data[raw.size] = '\0';
    *data = raw.data;
    *size = raw.size;
    raw.data = NULL;
out:
    mem_free(raw.data);
    mem_free(unpacked.data);
    return rc;
}
