/* Where the log of a study lives when it is to outlive the process, or when several processes share it.
 *
 * A store keeps the lines of a log (docs/log.md) in one order and nothing else: what a study is follows from
 * its lines. Several handles may be open on one study, in this process and in others. An append says where the
 * log is thought to end; when it ends elsewhere nothing is written. So the order of the store is the order of
 * the study, and no lock is held between reading and writing.
 *
 * A handle is used by one thread at a time, but store_wait() may run beside another call. In a child that was
 * forked it may be abandoned and nothing else.
 */
#ifndef AFINA_STORE_STORE_H
#define AFINA_STORE_STORE_H

#include "core/text.h"

#include <stddef.h>
#include <stdint.h>

struct store;

enum {
    STORE_CREATE = 0,   /* the file is made when there is none */
    STORE_EXISTING = 1, /* AFINA_E_FILE when there is none */
    STORE_READ_ONLY = 2 /* the same, and nothing is ever written */
};

struct store_kind {
    int32_t (*append)(struct store *store, size_t position, const char *text, size_t length, int synced);
    int32_t (*read)(struct store *store, size_t position, struct text *out);
    int32_t (*has)(struct store *store, size_t position);
    void (*close)(struct store *store);
    void (*abandon)(struct store *store);
};

struct store {
    const struct store_kind *kind;
};

/* A handle on the study of that name in the store of a URL, "sqlite:PATH" or "memory:". The study need not be there:
 * it is there from its first line on. AFINA_E_ARGUMENT for another URL; AFINA_E_FILE, AFINA_E_FORMAT (no store),
 * AFINA_E_UNSUPPORTED (of a later version). */
int32_t store_open(struct store **out, const char *url, const char *name, int32_t mode);

/* Closes the handle; NULL is fine. The second form is for a forked child, and leaves alone what the parent uses. */
void store_close(struct store *store);
void store_abandon(struct store *store);

/* Appends whole lines, the first of which becomes line `position`. All of them are there afterwards, on the disk when
 * `synced`, or none is. AFINA_STALE: there is a line at that position already. AFINA_E_FILE, with the file: it cannot
 * be written, or the lines before are not those that this handle knew. AFINA_E_NOT_FOUND: the study was deleted. */
int32_t store_append(struct store *store, size_t position, const char *text, size_t length, int synced);

/* Appends the lines from `position` on to the text. Errors as above, and AFINA_E_FORMAT: the file is damaged. */
int32_t store_read(struct store *store, size_t position, struct text *out);

/* Waits until there is a line at `position`, or the time is over: AFINA_WAIT. */
int32_t store_wait(struct store *store, size_t position, double seconds);

/* The studies of a URL as JSON, by their names: [{"name":"a","lines":12},...]. */
int32_t store_list(const char *url, struct text *out);

/* Deletes a study. AFINA_E_NOT_FOUND. */
int32_t store_delete(const char *url, const char *name);

/* The kinds of store. store_sqlite.c; a path is not empty. */
int32_t store_sqlite_open(struct store **out, const char *path, const char *name, int32_t mode);
int32_t store_sqlite_list(const char *path, struct text *out);
int32_t store_sqlite_delete(const char *path, const char *name);

/* store_memory.c: a study of one's own, and another handle on it. */
int32_t store_memory_open(struct store **out);
int32_t store_memory_share(struct store **out, struct store *store);

/* The key of a line by which a handle knows it again. */
uint64_t store_line_key(const char *line, size_t length);

/* Sleeps for a while that grows from call to call, at most until `deadline` on the monotonic clock. */
double store_now(void);
void store_sleep(double *pause, double most, double deadline);

#endif
