#define _POSIX_C_SOURCE 200809L /* open, write */
#include "mlp/file_write.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* strerror() speaks the language of the locale, so the usual reasons are named here. */
static int32_t fail_write(const char *path, int number)
{
    const char *reason = NULL;
    if (number == ENOENT || number == ENOTDIR)
        reason = "there is no such folder";
    else if (number == EACCES || number == EPERM || number == EROFS)
        reason = "permission denied";
    else if (number == ENOSPC || number == EDQUOT)
        reason = "there is no room left";
    else if (number == EFBIG)
        reason = "it would be longer than this process may write";
    if (reason)
        return fail(AFINA_E_FILE, "cannot write \"%s\": %s", path, reason);
    return fail(AFINA_E_FILE, "cannot write \"%s\": system error %d", path, number);
}

/* 0, or the number of the error. */
static int write_bytes(int file, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(file, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        bytes += n;
        size -= (size_t)n;
    }
    return 0;
}

int32_t file_write_whole(const char *path, const unsigned char *bytes, size_t size)
{
    struct text part = {0};
    int32_t rc = text_append(&part, path);
    if (!rc)
        rc = text_append(&part, ".part");
    int file = rc ? -1 : open(part.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (!rc && file < 0)
        rc = fail_write(part.data, errno);
    if (rc)
        goto out;
    int number = write_bytes(file, bytes, size);
    if (close(file) && !number)
        number = errno;
    if (!number && rename(part.data, path))
        number = errno;
    if (number) {
        unlink(part.data);
        rc = fail_write(path, number);
    }
out:
    mem_free(part.data);
    return rc;
}
