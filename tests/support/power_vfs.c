#include "support/power_vfs.h"

#include "core/rng.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 4, SECTOR = 512, BIGGEST = 1 << 20, MOST_CHANGES = 4096 };

/* A sector that was written, or a length that was set (`at` is -1), since the last sync. */
struct change {
    int64_t at, length;
    unsigned char bytes[SECTOR];
};

struct disk_file {
    char name[256];
    int exists, is_synced;
    int64_t size, disk_size;
    unsigned char *now, *disk;
    struct change *change;
    size_t n_changes;
};

struct handle {
    sqlite3_file base;
    struct disk_file *file;
};

static struct {
    struct disk_file file[FILES];
    int64_t operations, syncs, fail_at;
    int error, for_ever, reads;
} disk;

/* 0, or the error that this operation answers. */
static int operate(int is_read)
{
    if (is_read && !disk.reads)
        return disk.fail_at > 0 && disk.for_ever && disk.operations >= disk.fail_at ? disk.error : 0;
    disk.operations++;
    int fails =
        disk.fail_at > 0 && (disk.operations == disk.fail_at || (disk.for_ever && disk.operations > disk.fail_at));
    return fails ? disk.error : 0;
}

static struct disk_file *find(const char *name)
{
    for (int i = 0; i < FILES; i++)
        if (disk.file[i].exists && strcmp(disk.file[i].name, name) == 0)
            return &disk.file[i];
    return NULL;
}

static struct disk_file *make(const char *name)
{
    for (int i = 0; i < FILES; i++) {
        struct disk_file *f = &disk.file[i];
        if (f->exists)
            continue;
        if (!f->now) {
            f->now = malloc(BIGGEST);
            f->disk = malloc(BIGGEST);
            f->change = malloc(MOST_CHANGES * sizeof *f->change);
        }
        strncpy(f->name, name, sizeof f->name - 1);
        f->exists = 1;
        f->is_synced = 0;
        f->size = f->disk_size = 0;
        f->n_changes = 0;
        return f;
    }
    abort();
}

static void note(struct disk_file *f, int64_t at, int64_t length)
{
    if (f->n_changes == MOST_CHANGES)
        abort();
    struct change *c = &f->change[f->n_changes++];
    c->at = at;
    c->length = length;
    if (at >= 0)
        memcpy(c->bytes, f->now + at, (size_t)length);
}

/* ------------------------------------------------------------------ a file */

static int close_file(sqlite3_file *h)
{
    (void)h;
    return SQLITE_OK;
}

static int read_file(sqlite3_file *h, void *out, int n, sqlite3_int64 at)
{
    struct disk_file *f = ((struct handle *)h)->file;
    if (operate(1))
        return SQLITE_IOERR_READ;
    int64_t there = f->size > at ? f->size - at : 0, got = there < n ? there : n;
    memcpy(out, f->now + at, (size_t)got);
    memset((char *)out + got, 0, (size_t)(n - got));
    return got == n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int write_file(sqlite3_file *h, const void *bytes, int n, sqlite3_int64 at)
{
    struct disk_file *f = ((struct handle *)h)->file;
    int error = operate(0);
    if (error)
        return error;
    if (at + n > BIGGEST)
        abort();
    if (at > f->size)
        memset(f->now + f->size, 0, (size_t)(at - f->size));
    memcpy(f->now + at, bytes, (size_t)n);
    f->size = f->size > at + n ? f->size : at + n;
    for (int64_t from = at, end = at + n; from < end;) {
        int64_t to = (from / SECTOR + 1) * SECTOR;
        to = to < end ? to : end;
        note(f, from, to - from);
        from = to;
    }
    return SQLITE_OK;
}

static int truncate_file(sqlite3_file *h, sqlite3_int64 size)
{
    struct disk_file *f = ((struct handle *)h)->file;
    int error = operate(0);
    if (error)
        return error;
    f->size = size;
    note(f, -1, size);
    return SQLITE_OK;
}

static int sync_file(sqlite3_file *h, int flags)
{
    struct disk_file *f = ((struct handle *)h)->file;
    (void)flags;
    if (operate(0))
        return SQLITE_IOERR_FSYNC;
    disk.syncs++;
    f->is_synced = 1;
    f->n_changes = 0;
    f->disk_size = f->size;
    memcpy(f->disk, f->now, (size_t)f->size);
    return SQLITE_OK;
}

static int size_of_file(sqlite3_file *h, sqlite3_int64 *size)
{
    *size = ((struct handle *)h)->file->size;
    return SQLITE_OK;
}

static int lock_file(sqlite3_file *h, int level)
{
    (void)h;
    (void)level;
    return SQLITE_OK;
}

static int nobody_writes(sqlite3_file *h, int *out)
{
    (void)h;
    *out = 0;
    return SQLITE_OK;
}

static int control(sqlite3_file *h, int what, void *argument)
{
    (void)h;
    (void)what;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *h)
{
    (void)h;
    return SECTOR;
}

static int promises(sqlite3_file *h)
{
    (void)h;
    return 0;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of_file,
    .xLock = lock_file,
    .xUnlock = lock_file,
    .xCheckReservedLock = nobody_writes,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = promises,
};

/* ------------------------------------------------------------------ the disk */

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *h, int flags, int *got)
{
    (void)vfs;
    struct disk_file *f = find(name);
    if (operate(1) || (!f && !(flags & SQLITE_OPEN_CREATE))) {
        h->pMethods = NULL;
        return SQLITE_CANTOPEN;
    }
    ((struct handle *)h)->file = f ? f : make(name);
    h->pMethods = &methods;
    if (got)
        *got = flags;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int synced)
{
    struct disk_file *f = find(name);
    (void)vfs;
    (void)synced;
    if (operate(0))
        return SQLITE_IOERR_DELETE;
    if (f)
        f->exists = 0;
    return f ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    (void)flags;
    *out = find(name) != NULL;
    return SQLITE_OK;
}

static int full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    strncpy(out, name, (size_t)size - 1);
    out[size - 1] = '\0';
    return SQLITE_OK;
}

void power_install(void)
{
    static sqlite3_vfs vfs;
    sqlite3_vfs *usual = sqlite3_vfs_find(NULL);
    vfs = *usual;
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(struct handle);
    vfs.zName = "afina-power";
    vfs.pNext = NULL;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    sqlite3_vfs_register(&vfs, 1);
}

void power_fail(int64_t at, int error, int for_ever, int reads)
{
    disk.operations = disk.syncs = 0;
    disk.fail_at = at;
    disk.error = error;
    disk.for_ever = for_ever;
    disk.reads = reads;
}

void power_erase(void)
{
    for (int i = 0; i < FILES; i++)
        disk.file[i].exists = 0;
    power_fail(0, 0, 0, 0);
}

int64_t power_operations(void)
{
    return disk.operations;
}

int64_t power_syncs(void)
{
    return disk.syncs;
}

int power_is_dirty(void)
{
    for (int i = 0; i < FILES; i++)
        if (disk.file[i].exists && disk.file[i].n_changes > 0)
            return 1;
    return 0;
}

static void arrive(struct disk_file *f, const struct change *c)
{
    if (c->at < 0) {
        if (c->length > f->disk_size)
            memset(f->disk + f->disk_size, 0, (size_t)(c->length - f->disk_size));
        f->disk_size = c->length;
        return;
    }
    if (c->at > f->disk_size)
        memset(f->disk + f->disk_size, 0, (size_t)(c->at - f->disk_size));
    memcpy(f->disk + c->at, c->bytes, (size_t)c->length);
    if (f->disk_size < c->at + c->length)
        f->disk_size = c->at + c->length;
}

/* None of the changes, all, or some of them, in an order of their own. */
static void cut(struct disk_file *f, struct rng *rng)
{
    uint64_t share = rng_below(rng, 4); /* of three */
    if (!f->is_synced && rng_below(rng, 2)) {
        f->exists = 0;
        return;
    }
    for (size_t i = f->n_changes; i > 1; i--) {
        size_t k = (size_t)rng_below(rng, i);
        struct change swap = f->change[i - 1];
        if (rng_below(rng, 2))
            continue;
        f->change[i - 1] = f->change[k];
        f->change[k] = swap;
    }
    for (size_t i = 0; i < f->n_changes; i++)
        if (rng_below(rng, 3) < share)
            arrive(f, &f->change[i]);
    f->n_changes = 0;
    f->is_synced = 1;
    f->size = f->disk_size;
    memcpy(f->now, f->disk, (size_t)f->size);
}

void power_cut(uint64_t seed)
{
    struct rng rng;
    rng_start(&rng, seed, 1, 1);
    for (int i = 0; i < FILES; i++)
        if (disk.file[i].exists)
            cut(&disk.file[i], &rng);
    power_fail(0, 0, 0, 0);
}
