#define _DEFAULT_SOURCE /* flock, O_CLOEXEC, O_NOFOLLOW */
#include "store/sqlite_file.h"

#include "core/fail.h"
#include "core/mem.h"
#include "core/version.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* How long a call waits for other processes that write or read the file. */
#define PATIENCE 60.0

enum { APPLICATION = 0x6166696E /* "afin" */, FORMAT = 1 };

#define STUDIES "CREATE TABLE studies(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)"
#define LINES                                                                                                          \
    "CREATE TABLE lines(study INTEGER NOT NULL, position INTEGER NOT NULL, line TEXT NOT NULL, "                       \
    "PRIMARY KEY(study, position)) WITHOUT ROWID"

static const char *const statements[SQL_STATEMENTS] = {
    [SQL_FIND] = "SELECT id FROM studies WHERE name=?1",
    [SQL_EXISTS] = "SELECT 1 FROM studies WHERE id=?1",
    [SQL_LINES] = "SELECT position, line FROM lines WHERE study=?1 AND position>=?2 ORDER BY position",
    [SQL_HAS] = "SELECT 1 FROM lines WHERE study=?1 AND position=?2",
    [SQL_STUDY] = "INSERT INTO studies(name) VALUES(?1)",
    [SQL_LINE] = "INSERT INTO lines(study, position, line) VALUES(?1, ?2, ?3)",
    [SQL_LIST] = "SELECT name, (SELECT count(*) FROM lines WHERE study=id) FROM studies ORDER BY name",
    [SQL_DROP] = "DELETE FROM lines WHERE study=?1",
    [SQL_FORGET] = "DELETE FROM studies WHERE id=?1",
};

static int32_t code_of(int sqlite)
{
    switch (sqlite & 0xFF) {
    case SQLITE_NOMEM:
        return AFINA_E_MEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* a table that is not there */
    case SQLITE_MISMATCH:
        return AFINA_E_FORMAT;
    default:
        return AFINA_E_FILE;
    }
}

int32_t sqlite_file_fail(struct sqlite_file *file, const char *what)
{
    int sqlite = sqlite3_extended_errcode(file->db), system = sqlite3_system_errno(file->db);
    int32_t code = code_of(sqlite);
    if (code == AFINA_E_MEMORY)
        return fail_memory();
    if ((sqlite & 0xFF) == SQLITE_BUSY)
        return fail(code, "\"%s\": %s: another process has had it locked for %g seconds", file->path, what, PATIENCE);
    return fail(code, "\"%s\": %s: %s (SQLite %d, errno %d)", file->path, what, sqlite3_errmsg(file->db), sqlite,
                system);
}

int32_t sqlite_file_statement(struct sqlite_file *file, int which, sqlite3_stmt **out)
{
    sqlite3_stmt **place = &file->statement[which];
    int32_t rc = 0;
    if (!*place &&
        sqlite3_prepare_v3(file->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT, place, NULL) != SQLITE_OK)
        rc = sqlite_file_fail(file, "a statement cannot be prepared");
    *out = *place;
    return rc;
}

int32_t sqlite_file_run(struct sqlite_file *file, sqlite3_stmt *statement, const char *what)
{
    int32_t rc = sqlite3_step(statement) == SQLITE_DONE ? 0 : sqlite_file_fail(file, what);
    sqlite3_reset(statement);
    return rc;
}

static int32_t execute(struct sqlite_file *file, const char *sql, const char *what)
{
    return sqlite3_exec(file->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : sqlite_file_fail(file, what);
}

/* The first number that a query answers. */
static int32_t query(struct sqlite_file *file, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    int step = sqlite3_prepare_v2(file->db, sql, -1, &statement, NULL);
    if (step == SQLITE_OK)
        step = sqlite3_step(statement);
    int32_t rc = step == SQLITE_ROW ? 0 : sqlite_file_fail(file, "it cannot be read");
    *out = step == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return rc;
}

/* Waits for the lock of an open file beside the database. */
static int32_t wait_for_lock(struct sqlite_file *file, int fd, int how)
{
    double deadline = store_now() + PATIENCE, pause = 0.0002;
    while (flock(fd, how | LOCK_NB) != 0) {
        int error = errno;
        if ((error != EWOULDBLOCK && error != EINTR) || store_now() >= deadline)
            return fail(AFINA_E_FILE, "\"%s\": another process has had \"%s\" locked for %g seconds (errno %d)",
                        file->path, file->lock_path, PATIENCE, error);
        store_sleep(&pause, 0.005, deadline);
    }
    return 0;
}

/* The lock beside the file, which other code of this process cannot lose for us. It is open only while it is held, so
 * that a child which is forked at another time does not hold it. A writer makes it before it writes; who only reads
 * goes without where it is not there, or may not be opened. */
static int32_t lock(struct sqlite_file *file, int how)
{
    int fd = open(file->lock_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (file->read_only ? 0 : O_CREAT), 0666);
    if (fd < 0 && file->read_only && (errno == ENOENT || errno == EACCES))
        return 0;
    if (fd < 0)
        return fail(AFINA_E_FILE, "\"%s\": the lock beside it, \"%s\", cannot be opened (errno %d)", file->path,
                    file->lock_path, errno);
    int32_t rc = wait_for_lock(file, fd, how);
    if (rc)
        close(fd);
    else
        file->lock = fd;
    return rc;
}

static void unlock(struct sqlite_file *file)
{
    if (file->lock >= 0)
        close(file->lock);
    file->lock = -1;
}

/* EXTRA syncs the folder too, when the journal goes. */
static int32_t set_synced(struct sqlite_file *file, int synced)
{
    if (file->synced == synced)
        return 0;
    int32_t rc = execute(file, synced ? "PRAGMA synchronous=EXTRA" : "PRAGMA synchronous=OFF", "it cannot be set up");
    file->synced = rc ? -1 : synced;
    return rc;
}

int32_t sqlite_file_begin(struct sqlite_file *file, int synced)
{
    int32_t rc = lock(file, LOCK_EX);
    if (!rc)
        rc = set_synced(file, synced);
    if (!rc)
        rc = execute(file, "BEGIN IMMEDIATE", "it cannot be written");
    if (rc)
        unlock(file);
    return rc;
}

int32_t sqlite_file_hold(struct sqlite_file *file)
{
    return lock(file, LOCK_SH);
}

void sqlite_file_release(struct sqlite_file *file)
{
    unlock(file);
}

static int32_t end_transaction(struct sqlite_file *file, int32_t rc)
{
    if (!rc)
        rc = execute(file, "COMMIT", "it cannot be written");
    if (rc && !sqlite3_get_autocommit(file->db))
        sqlite3_exec(file->db, "ROLLBACK", NULL, NULL, NULL); /* what it cannot undo now the journal undoes later */
    return rc;
}

int32_t sqlite_file_end(struct sqlite_file *file, int32_t rc)
{
    rc = end_transaction(file, rc);
    unlock(file);
    return rc;
}

int32_t sqlite_file_check_place(struct sqlite_file *file)
{
    int has_moved = 0;
    sqlite3_file_control(file->db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
    return has_moved ? fail(AFINA_E_FILE, "\"%s\" was deleted, moved or replaced while it was open", file->path) : 0;
}

/* A file from elsewhere is data: nothing in its schema is run. */
static int32_t restrict_schema(struct sqlite_file *file)
{
    static const int off[] = {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                              SQLITE_DBCONFIG_TRUSTED_SCHEMA};
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++)
        sqlite3_db_config(file->db, off[i], 0, NULL);
    sqlite3_db_config(file->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_limit(file->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(file->db, (int)(1000 * PATIENCE));
    return execute(
        file,
        "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA journal_size_limit=1048576; PRAGMA temp_store=MEMORY",
        "it cannot be set up");
}

/* The two tables are as they are written here: no other columns, no other rules. */
static int32_t check_tables(struct sqlite_file *file)
{
    int64_t tables;
    int32_t rc = query(file,
                       "SELECT count(*) FROM sqlite_schema WHERE type='table' AND ((name='studies' AND sql='" STUDIES
                       "') OR (name='lines' AND sql='" LINES "'))",
                       &tables);
    if (!rc && tables != 2)
        rc = fail(AFINA_E_FORMAT, "\"%s\" does not have the tables of a store", file->path);
    return rc;
}

static int32_t check_numbers(struct sqlite_file *file, int *is_new)
{
    int64_t application, format, tables;
    int32_t rc = query(file, "PRAGMA application_id", &application);
    if (!rc)
        rc = query(file, "PRAGMA user_version", &format);
    if (!rc)
        rc = query(file, "SELECT count(*) FROM sqlite_schema", &tables);
    if (rc)
        return rc;
    *is_new = application == 0 && format == 0 && tables == 0;
    if (*is_new)
        return 0;
    if (application != APPLICATION)
        return fail(AFINA_E_FORMAT, "\"%s\" is a database of another program", file->path);
    if (format != FORMAT)
        return fail(AFINA_E_UNSUPPORTED, "\"%s\" has format %lld; this library (%s) reads format %d", file->path,
                    (long long)format, VERSION_TEXT, (int)FORMAT);
    return check_tables(file);
}

/* Reads all of it at one moment: another process may be making the tables. */
static int32_t check_content(struct sqlite_file *file, int *is_new)
{
    int32_t rc = execute(file, "BEGIN", "it cannot be read");
    if (!rc)
        rc = check_numbers(file, is_new);
    return end_transaction(file, rc);
}

/* In a transaction, so that of several processes one makes the tables. */
static int32_t make_tables(struct sqlite_file *file)
{
    int is_new;
    int32_t rc = sqlite_file_begin(file, 1);
    if (rc)
        return rc;
    rc = check_numbers(file, &is_new);
    if (!rc && is_new)
        rc = execute(file, STUDIES "; " LINES "; PRAGMA application_id=1634101614; PRAGMA user_version=1",
                     "it cannot be made a store");
    return sqlite_file_end(file, rc);
}

/* A file that another program has put into another mode is not written in that mode. */
static int32_t set_journal(struct sqlite_file *file)
{
    sqlite3_stmt *statement = NULL;
    int32_t rc = 0;
    int step = sqlite3_prepare_v2(file->db, "PRAGMA journal_mode=PERSIST", -1, &statement, NULL);
    if (step == SQLITE_OK)
        step = sqlite3_step(statement);
    const char *mode = step == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    if (!mode)
        rc = sqlite_file_fail(file, "its journal cannot be chosen");
    else if (strcmp(mode, "persist") != 0)
        rc = fail(AFINA_E_UNSUPPORTED,
                  "\"%s\" has the journal mode \"%s\" and others use it: close them, or set journal_mode=DELETE",
                  file->path, mode);
    sqlite3_finalize(statement);
    return rc;
}

/* Under the lock: to a reader the journal of another process that is writing, and whose locks the system dropped, is
 * that of a process that died, and SQLite undoes what it says. */
static int32_t check_file(struct sqlite_file *file, int32_t mode, int *is_new)
{
    int32_t rc = lock(file, mode == STORE_READ_ONLY ? LOCK_SH : LOCK_EX);
    if (!rc)
        rc = check_content(file, is_new);
    if (!rc && *is_new && mode != STORE_CREATE)
        rc = fail(AFINA_E_FORMAT, "\"%s\" is empty: no study was ever stored in it", file->path);
    if (!rc && mode != STORE_READ_ONLY)
        rc = set_journal(file);
    unlock(file);
    return rc;
}

static int32_t prepare(struct sqlite_file *file, int32_t mode)
{
    int is_new = 0;
    int32_t rc = restrict_schema(file);
    if (!rc && mode == STORE_READ_ONLY)
        rc = execute(file, "PRAGMA query_only=ON", "it cannot be set up");
    if (!rc)
        rc = check_file(file, mode, &is_new);
    return !rc && is_new ? make_tables(file) : rc;
}

/* Two texts as one, which the caller frees; NULL: no memory. */
static char *join(const char *a, const char *b)
{
    struct text joined = {0};
    text_append(&joined, a);
    if (text_append(&joined, b) == 0)
        return joined.data;
    mem_free(joined.data);
    return NULL;
}

/* A path is a path: "./" keeps SQLite from reading ":memory:" or "file:..." as something else. */
static char *plain_path(const char *path)
{
    return join(path[0] == '/' ? "" : "./", path);
}

/* Who only reads opens it for writing too, where that is allowed: what a process was writing when it was killed has to
 * be undone before anyone can read. */
static int32_t open_database(struct sqlite_file *file, int32_t mode)
{
    int flags = SQLITE_OPEN_READWRITE | (mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0);
    char *plain = plain_path(file->path);
    if (!plain)
        return fail_memory();
    int rc = sqlite3_open_v2(plain, &file->db, flags | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    mem_free(plain);
    if (!file->db)
        return fail_memory();
    return rc == SQLITE_OK ? 0 : sqlite_file_fail(file, "it cannot be opened");
}

/* The lock has the name of the file as the system knows it, whatever folder is the current one later. */
static int32_t name_lock(struct sqlite_file *file)
{
    file->lock_path = join(sqlite3_db_filename(file->db, "main"), "-lock");
    return file->lock_path ? 0 : fail_memory();
}

/* A file that may only be read opens all the same, and is then found out. */
static int32_t check_writable(struct sqlite_file *file, int32_t mode)
{
    if (mode == STORE_READ_ONLY || sqlite3_db_readonly(file->db, "main") == 0)
        return 0;
    return fail(AFINA_E_FILE, "\"%s\" cannot be written: its permissions, or those of the file system, forbid it",
                file->path);
}

int32_t sqlite_file_open(struct sqlite_file *file, const char *path, int32_t mode)
{
    *file = (struct sqlite_file){
        .path = mem_copy_string(path), .lock = -1, .synced = -1, .read_only = mode == STORE_READ_ONLY};
    int32_t rc = file->path ? open_database(file, mode) : fail_memory();
    if (!rc)
        rc = name_lock(file);
    if (!rc)
        rc = check_writable(file, mode);
    if (!rc)
        rc = prepare(file, mode);
    if (rc)
        sqlite_file_close(file);
    return rc;
}

void sqlite_file_close(struct sqlite_file *file)
{
    for (int i = 0; i < SQL_STATEMENTS; i++)
        sqlite3_finalize(file->statement[i]);
    sqlite3_close(file->db);
    mem_free(file->lock_path);
    mem_free(file->path);
    *file = (struct sqlite_file){.lock = -1};
}

/* SQLite's own memory stays where it is: closing a connection of the parent could undo what the parent writes. */
void sqlite_file_abandon(struct sqlite_file *file)
{
    mem_free(file->lock_path);
    mem_free(file->path);
}
