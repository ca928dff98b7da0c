/* An SQLite file that holds studies: how it is opened, what must be in it, and transactions on it.
 *
 * The facts that bind it (docs/decisions/store.md):
 * - The write-ahead log of SQLite before 3.51.3 loses commits when several connections write and checkpoint at once.
 *   So the file has a rollback journal, whose head is cleared when it is done with.
 * - POSIX locks, which SQLite uses, are lost when any code of the process opens and closes the file: then two
 *   processes write at once and a commit is lost. So a writer holds a lock of another kind too, on a file beside it,
 *   and every handle knows the last line that it saw, by which it finds out that lines were lost.
 */
#ifndef AFINA_STORE_SQLITE_FILE_H
#define AFINA_STORE_SQLITE_FILE_H

#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>

/* SQL that is run again and again. */
enum {
    SQL_FIND = 0,   /* the id of a study's name */
    SQL_EXISTS = 1, /* whether there is a study of an id */
    SQL_LINES = 2,  /* positions and lines of a study, from a position on */
    SQL_HAS = 3,    /* whether a study has a line at a position */
    SQL_STUDY = 4,  /* a new study */
    SQL_LINE = 5,   /* a new line */
    SQL_LIST = 6,   /* names and numbers of lines */
    SQL_DROP = 7,   /* the lines of a study */
    SQL_FORGET = 8, /* a study */
    SQL_STATEMENTS = 9
};

struct sqlite_file {
    char *path; /* as the host wrote it, for messages */
    char *lock_path;
    sqlite3 *db;
    sqlite3_stmt *statement[SQL_STATEMENTS];
    int lock; /* the file beside it, while it is locked; -1: it is not */
    int read_only;
    int synced; /* what is set now; -1: nothing yet */
};

/* Opens the file and checks what is in it; `mode` is one of STORE_*. On failure nothing is left open. */
int32_t sqlite_file_open(struct sqlite_file *file, const char *path, int32_t mode);
void sqlite_file_close(struct sqlite_file *file);
void sqlite_file_abandon(struct sqlite_file *file);

/* A transaction that writes, and its end: with rc 0 it is committed, else undone and `rc` passed on. */
int32_t sqlite_file_begin(struct sqlite_file *file, int synced);
int32_t sqlite_file_end(struct sqlite_file *file, int32_t rc);

/* While a file is held nobody writes it. One that is opened to be read may stand where no lock can be made, and is read
 * under the locks of SQLite alone. */
int32_t sqlite_file_hold(struct sqlite_file *file);
void sqlite_file_release(struct sqlite_file *file);

/* A statement that is ready to bind its values; sqlite3_reset() it when it was run. */
int32_t sqlite_file_statement(struct sqlite_file *file, int which, sqlite3_stmt **out);

/* Runs a statement that answers no rows. */
int32_t sqlite_file_run(struct sqlite_file *file, sqlite3_stmt *statement, const char *what);

/* fail() with what SQLite says, what could not be done, and the file. */
int32_t sqlite_file_fail(struct sqlite_file *file, const char *what);

/* AFINA_E_FILE when the file that is open is no longer at its path. */
int32_t sqlite_file_check_place(struct sqlite_file *file);

#endif
