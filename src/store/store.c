#define _POSIX_C_SOURCE 200809L /* clock_gettime, nanosleep */
#include "store/store.h"

#include "core/fail.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

/* What a host could take for an address of ours, and what to write instead. */
static int32_t refuse(const char *url)
{
    return fail(AFINA_E_ARGUMENT,
                "the store \"%s\" is not known: write \"sqlite:PATH\", as in \"sqlite:study.db\", or \"memory:\"", url);
}

/* The path of "sqlite:PATH", or NULL. Two slashes are how other libraries begin an address, with one more that is
 * no part of the path: which file is meant would be a guess. */
static const char *sqlite_path(const char *url)
{
    const char *path = strncmp(url, "sqlite:", 7) == 0 ? url + 7 : "";
    return path[0] && strncmp(path, "//", 2) != 0 ? path : NULL;
}

/* A thread that the host cancels would end in the middle of a transaction, with locks held. */
static int enter(void)
{
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    return before;
}

static void leave(int before)
{
    pthread_setcancelstate(before, NULL);
}

int32_t store_open(struct store **out, const char *url, const char *name, int32_t mode)
{
    const char *path = sqlite_path(url);
    *out = NULL;
    if (strcmp(url, "memory:") == 0)
        return store_memory_open(out);
    if (!path)
        return refuse(url);
    int before = enter();
    int32_t rc = store_sqlite_open(out, path, name, mode);
    leave(before);
    return rc;
}

int32_t store_list(const char *url, struct text *out)
{
    const char *path = sqlite_path(url);
    if (!path)
        return refuse(url);
    int before = enter();
    int32_t rc = store_sqlite_list(path, out);
    leave(before);
    return rc;
}

int32_t store_delete(const char *url, const char *name)
{
    const char *path = sqlite_path(url);
    if (!path)
        return refuse(url);
    int before = enter();
    int32_t rc = store_sqlite_delete(path, name);
    leave(before);
    return rc;
}

void store_close(struct store *store)
{
    int before = enter();
    if (store)
        store->kind->close(store);
    leave(before);
}

void store_abandon(struct store *store)
{
    if (store)
        store->kind->abandon(store);
}

int32_t store_append(struct store *store, size_t position, const char *text, size_t length, int synced)
{
    int before = enter();
    int32_t rc = store->kind->append(store, position, text, length, synced);
    leave(before);
    return rc;
}

int32_t store_read(struct store *store, size_t position, struct text *out)
{
    int before = enter();
    int32_t rc = store->kind->read(store, position, out);
    leave(before);
    return rc;
}

int32_t store_wait(struct store *store, size_t position, double seconds)
{
    double deadline = store_now() + seconds, pause = 0.001;
    for (;;) {
        int before = enter();
        int32_t rc = store->kind->has(store, position);
        leave(before);
        if (rc != AFINA_WAIT || store_now() >= deadline)
            return rc;
        store_sleep(&pause, 0.05, deadline);
    }
}

uint64_t store_line_key(const char *line, size_t length)
{
    uint64_t key = 0xCBF29CE484222325u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        key = (key ^ (unsigned char)line[i]) * 0x100000001B3u;
    return key;
}

double store_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void store_sleep(double *pause, double most, double deadline)
{
    double seconds = fmax(0, fmin(*pause, deadline - store_now()));
    struct timespec span = {.tv_sec = (time_t)seconds, .tv_nsec = (long)(1e9 * fmod(seconds, 1))};
    nanosleep(&span, NULL);
    *pause = fmin(1.5 * *pause, most);
}
