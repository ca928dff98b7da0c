/* Studies in an SQLite file: one table of names, one of lines. */
#include "core/fail.h"
#include "core/json.h"
#include "core/mem.h"
#include "store/sqlite_file.h"

#include <string.h>

struct sqlite_store {
    struct store base;
    pthread_mutex_t lock; /* store_wait() may run beside another call */
    struct sqlite_file file;
    char *name;
    int64_t id;   /* of the study; 0: it is not there yet, as far as this handle knows */
    size_t known; /* the first `known` lines were read or written here; 0: none was */
    uint64_t key; /* of the last one of them */
};

static struct sqlite_store *of(struct store *store)
{
    return (struct sqlite_store *)(void *)store;
}

/* The first integer of a statement's first row; `none` when it has no row. */
static int32_t look(struct sqlite_file *file, sqlite3_stmt *statement, int64_t none, int64_t *out)
{
    int step = sqlite3_step(statement);
    *out = step == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : none;
    int32_t rc = step == SQLITE_ROW || step == SQLITE_DONE ? 0 : sqlite_file_fail(file, "it cannot be read");
    sqlite3_reset(statement);
    return rc;
}

static int32_t find_id(struct sqlite_file *file, const char *name, int64_t *id)
{
    sqlite3_stmt *find;
    int32_t rc = sqlite_file_statement(file, SQL_FIND, &find);
    if (rc)
        return rc;
    sqlite3_bind_text(find, 1, name, -1, SQLITE_STATIC);
    return look(file, find, 0, id);
}

static int32_t vanished(struct sqlite_store *s)
{
    sqlite3_stmt *exists;
    int64_t there = 0;
    int32_t rc = sqlite_file_statement(&s->file, SQL_EXISTS, &exists);
    if (rc)
        return rc;
    sqlite3_bind_int64(exists, 1, s->id);
    rc = look(&s->file, exists, 0, &there);
    if (rc)
        return rc;
    if (!there)
        return fail(AFINA_E_NOT_FOUND, "\"%s\": the study \"%s\" was deleted while it was open", s->file.path, s->name);
    return fail(AFINA_E_FILE,
                "\"%s\": study \"%s\" has lost lines that it had, or has others in their place, at line %zu: the file "
                "was restored or replaced",
                s->file.path, s->name, s->known);
}

/* The text of the row's line. */
static int32_t row_line(struct sqlite_store *s, sqlite3_stmt *lines, size_t position, const char **line, size_t *length)
{
    int64_t at = sqlite3_column_int64(lines, 0);
    int is_text = sqlite3_column_type(lines, 1) == SQLITE_TEXT;
    *line = is_text ? (const char *)sqlite3_column_text(lines, 1) : NULL;
    *length = (size_t)sqlite3_column_bytes(lines, 1);
    if (is_text && !*line)
        return fail_memory();
    if (at != (int64_t)position || !is_text || memchr(*line, '\n', *length))
        return fail(AFINA_E_FORMAT, "\"%s\" is damaged: line %zu of study \"%s\" is not there", s->file.path,
                    position + 1, s->name);
    return 0;
}

/* Begins to read at a position: *step is what sqlite3_step() answered for its line. The line before it must be the
 * one that this handle knows. The statement is reset by the caller. */
static int32_t begin_lines(struct sqlite_store *s, size_t position, sqlite3_stmt **out, int *step)
{
    const char *line;
    size_t length, checked = position > 0 && position == s->known;
    int32_t rc = sqlite_file_statement(&s->file, SQL_LINES, out);
    if (rc)
        return rc;
    sqlite3_bind_int64(*out, 1, s->id);
    sqlite3_bind_int64(*out, 2, (int64_t)(position - checked));
    *step = sqlite3_step(*out);
    if (!checked)
        return 0;
    if (*step == SQLITE_ROW && sqlite3_column_int64(*out, 0) == (int64_t)(position - 1))
        rc = row_line(s, *out, position - 1, &line, &length);
    else
        rc =
            *step == SQLITE_ROW || *step == SQLITE_DONE ? vanished(s) : sqlite_file_fail(&s->file, "it cannot be read");
    if (!rc && store_line_key(line, length) != s->key)
        rc = vanished(s);
    if (!rc)
        *step = sqlite3_step(*out);
    return rc;
}

static void know(struct sqlite_store *s, size_t lines, const char *last, size_t length)
{
    s->known = lines;
    s->key = store_line_key(last, length);
}

static int32_t copy_lines(struct sqlite_store *s, sqlite3_stmt *lines, int step, size_t position, struct text *out)
{
    const char *line = NULL;
    size_t length = 0, start = out->length;
    int32_t rc = 0;
    uint64_t key = s->key;
    for (; !rc && step == SQLITE_ROW; step = sqlite3_step(lines)) {
        rc = row_line(s, lines, position++, &line, &length);
        if (rc)
            break;
        key = store_line_key(line, length);
        text_append_bytes(out, line, length);
        rc = text_append(out, "\n");
    }
    if (!rc && step != SQLITE_DONE)
        rc = sqlite_file_fail(&s->file, "it cannot be read");
    if (!rc && out->length > start) {
        s->known = position;
        s->key = key;
    }
    return rc;
}

static int32_t read_lines(struct sqlite_store *s, size_t position, struct text *out)
{
    sqlite3_stmt *lines = NULL;
    int step;
    int32_t rc = sqlite_file_check_place(&s->file);
    if (!rc && s->id == 0)
        rc = find_id(&s->file, s->name, &s->id);
    if (rc || s->id == 0)
        return rc;
    rc = begin_lines(s, position, &lines, &step);
    if (!rc)
        rc = copy_lines(s, lines, step, position, out);
    sqlite3_reset(lines);
    return rc;
}

static int32_t read_store(struct store *store, size_t position, struct text *out)
{
    struct sqlite_store *s = of(store);
    pthread_mutex_lock(&s->lock);
    int32_t rc = sqlite_file_hold(&s->file);
    if (!rc)
        rc = read_lines(s, position, out);
    sqlite_file_release(&s->file);
    pthread_mutex_unlock(&s->lock);
    return rc;
}

/* AFINA_STALE when there is a line at that position. */
static int32_t check_end(struct sqlite_store *s, size_t position)
{
    sqlite3_stmt *lines = NULL;
    int step = SQLITE_DONE;
    if (s->id == 0)
        return position == 0 ? 0 : fail(AFINA_E_FILE, "\"%s\": study \"%s\" is not there", s->file.path, s->name);
    int32_t rc = begin_lines(s, position, &lines, &step);
    if (!rc && step == SQLITE_ROW)
        rc = AFINA_STALE;
    else if (!rc && step != SQLITE_DONE)
        rc = sqlite_file_fail(&s->file, "it cannot be read");
    else if (!rc && position != s->known)
        rc = fail(AFINA_E_FILE, "\"%s\": line %zu of study \"%s\" cannot follow line %zu", s->file.path, position + 1,
                  s->name, s->known);
    sqlite3_reset(lines);
    return rc;
}

static int32_t insert_study(struct sqlite_store *s)
{
    sqlite3_stmt *insert;
    int32_t rc = sqlite_file_statement(&s->file, SQL_STUDY, &insert);
    if (rc)
        return rc;
    sqlite3_bind_text(insert, 1, s->name, -1, SQLITE_STATIC);
    rc = sqlite_file_run(&s->file, insert, "it cannot be written");
    if (!rc)
        s->id = sqlite3_last_insert_rowid(s->file.db);
    return rc;
}

static int32_t insert_line(struct sqlite_store *s, size_t position, const char *line, size_t length)
{
    sqlite3_stmt *insert;
    int32_t rc = sqlite_file_statement(&s->file, SQL_LINE, &insert);
    if (rc)
        return rc;
    sqlite3_bind_int64(insert, 1, s->id);
    sqlite3_bind_int64(insert, 2, (int64_t)position);
    sqlite3_bind_text64(insert, 3, line, length, SQLITE_STATIC, SQLITE_UTF8);
    rc = sqlite_file_run(&s->file, insert, "it cannot be written");
    sqlite3_clear_bindings(insert);
    return rc;
}

static int32_t insert_lines(struct sqlite_store *s, size_t position, const char *text, size_t length)
{
    int32_t rc = s->id == 0 ? insert_study(s) : 0;
    for (const char *at = text, *end = text + length; !rc && at < end;) {
        size_t n = (size_t)((const char *)memchr(at, '\n', (size_t)(end - at)) - at);
        rc = insert_line(s, position, at, n);
        know(s, ++position, at, n);
        at += n + 1;
    }
    return rc;
}

/* Within a transaction. */
static int32_t append_lines(struct sqlite_store *s, size_t position, const char *text, size_t length)
{
    int32_t rc = sqlite_file_check_place(&s->file);
    if (!rc && s->id == 0)
        rc = find_id(&s->file, s->name, &s->id);
    if (!rc)
        rc = check_end(s, position);
    return rc ? rc : insert_lines(s, position, text, length);
}

static int32_t append(struct store *store, size_t position, const char *text, size_t length, int synced)
{
    struct sqlite_store *s = of(store);
    pthread_mutex_lock(&s->lock);
    int64_t id = s->id;
    size_t known = s->known;
    uint64_t key = s->key;
    int32_t rc = sqlite_file_begin(&s->file, synced);
    if (!rc)
        rc = sqlite_file_end(&s->file, append_lines(s, position, text, length));
    if (rc) {
        s->id = id;
        s->known = known;
        s->key = key;
    }
    pthread_mutex_unlock(&s->lock);
    return rc;
}

static int32_t has_line(struct sqlite_store *s, size_t position)
{
    sqlite3_stmt *has;
    int64_t there;
    int32_t rc = s->id == 0 ? find_id(&s->file, s->name, &s->id) : 0;
    if (!rc)
        rc = sqlite_file_statement(&s->file, SQL_HAS, &has);
    if (rc)
        return rc;
    sqlite3_bind_int64(has, 1, s->id);
    sqlite3_bind_int64(has, 2, (int64_t)position);
    rc = look(&s->file, has, 0, &there);
    return rc || there ? rc : AFINA_WAIT;
}

static int32_t has(struct store *store, size_t position)
{
    struct sqlite_store *s = of(store);
    pthread_mutex_lock(&s->lock);
    int32_t rc = sqlite_file_hold(&s->file);
    if (!rc)
        rc = has_line(s, position);
    sqlite_file_release(&s->file);
    pthread_mutex_unlock(&s->lock);
    return rc;
}

static void free_handle(struct sqlite_store *s)
{
    mem_free(s->name);
    mem_free(s);
}

static void close_store(struct store *store)
{
    struct sqlite_store *s = of(store);
    sqlite_file_close(&s->file);
    pthread_mutex_destroy(&s->lock);
    free_handle(s);
}

static void abandon(struct store *store)
{
    sqlite_file_abandon(&of(store)->file);
    free_handle(of(store));
}

static const struct store_kind sqlite_kind = {
    .append = append, .read = read_store, .has = has, .close = close_store, .abandon = abandon};

int32_t store_sqlite_open(struct store **out, const char *path, const char *name, int32_t mode)
{
    struct sqlite_store *s = mem_new(1, sizeof *s);
    *out = NULL;
    if (!s)
        return fail_memory();
    s->base.kind = &sqlite_kind;
    s->name = mem_copy_string(name);
    int32_t rc = s->name ? sqlite_file_open(&s->file, path, mode) : fail_memory();
    if (rc) {
        free_handle(s);
        return rc;
    }
    pthread_mutex_init(&s->lock, NULL);
    *out = &s->base;
    return 0;
}

static int32_t write_list(struct sqlite_file *file, struct text *out)
{
    sqlite3_stmt *list;
    const char *separator = "[";
    int step;
    int32_t rc = sqlite_file_statement(file, SQL_LIST, &list);
    if (rc)
        return rc;
    while ((step = sqlite3_step(list)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(list, 0);
        text_append(out, separator);
        text_append(out, "{\"name\":");
        json_write_string(out, name ? name : "");
        text_append(out, ",\"lines\":");
        text_append_int64(out, sqlite3_column_int64(list, 1));
        text_append(out, "}");
        separator = ",";
    }
    rc = step == SQLITE_DONE ? 0 : sqlite_file_fail(file, "it cannot be read");
    sqlite3_reset(list);
    text_append(out, separator[0] == '[' ? "[]" : "]");
    return rc ? rc : out->rc;
}

int32_t store_sqlite_list(const char *path, struct text *out)
{
    struct sqlite_file file;
    int32_t rc = sqlite_file_open(&file, path, STORE_READ_ONLY);
    if (rc)
        return rc;
    rc = sqlite_file_hold(&file);
    if (!rc)
        rc = write_list(&file, out);
    sqlite_file_release(&file);
    sqlite_file_close(&file);
    return rc;
}

static int32_t run_with_id(struct sqlite_file *file, int which, int64_t id)
{
    sqlite3_stmt *statement;
    int32_t rc = sqlite_file_statement(file, which, &statement);
    if (rc)
        return rc;
    sqlite3_bind_int64(statement, 1, id);
    return sqlite_file_run(file, statement, "it cannot be written");
}

/* Within a transaction. */
static int32_t delete_study(struct sqlite_file *file, const char *name)
{
    int64_t id;
    int32_t rc = find_id(file, name, &id);
    if (!rc && id == 0)
        rc = fail(AFINA_E_NOT_FOUND, "\"%s\" has no study \"%s\"", file->path, name);
    if (!rc)
        rc = run_with_id(file, SQL_DROP, id);
    return rc ? rc : run_with_id(file, SQL_FORGET, id);
}

int32_t store_sqlite_delete(const char *path, const char *name)
{
    struct sqlite_file file;
    int32_t rc = sqlite_file_open(&file, path, STORE_EXISTING);
    if (rc)
        return rc;
    rc = sqlite_file_begin(&file, 1);
    if (!rc)
        rc = sqlite_file_end(&file, delete_study(&file, name));
    sqlite_file_close(&file);
    return rc;
}
