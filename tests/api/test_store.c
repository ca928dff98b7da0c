/* Studies in stores: they are there when they are opened again, and are the same to the byte. */
#define _GNU_SOURCE /* mkdtemp, fork */
#include "support/store_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int64_t count_of(const afina_optimizer *o)
{
    int64_t count;
    OK(afina_trial_count(o, &count));
    return count;
}

static void same_log(afina_optimizer *a, afina_optimizer *b)
{
    char *one = log_of(a), *other = log_of(b);
    assert_string_equal(one, other);
    free(one);
    free(other);
}

/* ------------------------------------------------------------------ opening */

static void test_a_study_goes_on_where_it_was(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *plain = small_optimizer("gp");
    for (int i = 0; i < 12; i++) {
        afina_optimizer *o = folder_open(&f, "one", "gp");
        small_step(o);
        small_step(plain);
        same_log(o, plain);
        afina_optimizer_free(o);
    }
    afina_optimizer_free(plain);
    folder_free(&f);
}

static void tell_everything(afina_optimizer *o, afina_trial *trial, int64_t number)
{
    double report = 0.5, constraint = -1, error = 0.125, value = 2.385;
    OK(afina_trial_tell_report(trial, 1, &report, 1));
    OK(afina_tell_constraints(o, number, &constraint, 1));
    OK(afina_tell_errors(o, number, &error, 1));
    OK(afina_tell_checkpoint(o, number, "epoch 3, \"best\" so far"));
    OK(afina_tell_attribute(o, number, "host", "näme"));
    OK(afina_optimizer_set_attribute(o, "note", "first\nsecond"));
    OK(afina_tell(o, number, &value, 1));
}

static void test_all_that_is_told_is_there(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *o = folder_open(&f, "one", "random");
    afina_space *space = small_space();
    afina_point *point;
    afina_trial *trial;
    double value = 7;
    int64_t number;
    OK(afina_point_new(&point, space));
    OK(afina_enqueue(o, point));
    OK(afina_ask(o, &trial));
    tell_everything(o, trial, 0);
    afina_trial_free(trial);
    OK(afina_start(o, point, &trial));
    OK(afina_trial_tell_lost(trial, "gone"));
    afina_trial_free(trial);
    OK(afina_add_trial(o, point, AFINA_STATE_COMPLETE, &value, 1, &number));
    OK(afina_tell(o, 1, &value, 1)); /* a late result */
    afina_optimizer *again = folder_open_as(&f, "one", AFINA_OPEN_READ_ONLY);
    same_log(o, again);
    afina_optimizer_free(again);
    afina_optimizer_free(o);
    afina_point_free(point);
    afina_space_free(space);
    folder_free(&f);
}

static void test_two_handles_are_one_study(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *a = folder_open(&f, "one", "tpe"), *b = folder_open(&f, "one", "tpe");
    int64_t lines;
    for (int i = 0; i < 20; i++)
        assert_int_equal(small_step(i % 3 ? a : b), i);
    OK(afina_optimizer_refresh(a, 0, &lines));
    OK(afina_optimizer_refresh(b, 0, &lines));
    same_log(a, b);
    OK(afina_optimizer_refresh(a, 0, &lines));
    assert_int_equal(lines, 0);
    OK(afina_optimizer_replay(a, &lines));
    afina_optimizer_free(a);
    afina_optimizer_free(b);
    folder_free(&f);
}

/* What is told of a trial in one handle cannot be told again in another. */
static void test_a_trial_is_told_once(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *a = folder_open(&f, "one", "random"), *b = folder_open(&f, "one", "random");
    afina_trial *trial;
    double value = 1;
    OK(afina_ask(a, &trial));
    OK(afina_optimizer_refresh(b, 0, NULL));
    OK(afina_tell(b, 0, &value, 1));
    FAILS(afina_trial_tell(trial, &value, 1), AFINA_E_STATE, "trial 0 is not running");
    afina_trial_free(trial);
    afina_optimizer_free(a);
    afina_optimizer_free(b);
    folder_free(&f);
}

static void test_a_total_is_one_of_the_study(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *a = folder_open(&f, "one", "random"), *b = folder_open(&f, "one", "random");
    afina_trial *trial;
    OK(afina_optimizer_set_integer(a, "trials_total", 3));
    OK(afina_optimizer_set_integer(b, "trials_total", 3));
    small_step(a);
    small_step(b);
    small_step(a);
    assert_int_equal(afina_ask(b, &trial), AFINA_DONE);
    assert_null(trial);
    OK(afina_optimizer_set_integer(b, "trials_total", 4)); /* more may be asked for later */
    assert_int_equal(small_step(b), 3);
    assert_int_equal(afina_ask(a, &trial), AFINA_DONE);
    afina_optimizer_free(a);
    afina_optimizer_free(b);
    folder_free(&f);
}

static void test_one_that_reads_writes_nothing(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *writer = folder_open(&f, "one", "random");
    small_step(writer);
    afina_optimizer *reader = folder_open_as(&f, "one", AFINA_OPEN_READ_ONLY);
    afina_trial *trial;
    double value = 1;
    int64_t lines;
    FAILS(afina_ask(reader, &trial), AFINA_E_STATE, "was opened to be read");
    OK(afina_ask(writer, &trial));
    OK(afina_optimizer_refresh(reader, 0, &lines));
    assert_int_equal(lines, 1);
    FAILS(afina_tell(reader, 1, &value, 1), AFINA_E_STATE, "study \"one\"");
    OK(afina_trial_tell(trial, &value, 1));
    OK(afina_optimizer_refresh(reader, 60, &lines)); /* it is there: nothing is waited for */
    same_log(writer, reader);
    afina_trial_free(trial);
    afina_optimizer_free(reader);
    afina_optimizer_free(writer);
    folder_free(&f);
}

static void test_a_study_in_memory(void **state)
{
    (void)state;
    afina_space *space = small_space();
    afina_optimizer *o, *plain = small_optimizer("tpe");
    OK(afina_optimizer_open("memory:", "one", space, "tpe", AFINA_OPEN_CREATE, &o));
    for (int i = 0; i < 20; i++) {
        small_step(o);
        small_step(plain);
    }
    same_log(o, plain);
    FAILS(afina_log_append(o, 1, "", 0, NULL), AFINA_E_STATE, "takes no lines");
    FAILS(afina_log_rewind(o, 1), AFINA_E_STATE, "cannot be rewound");
    afina_optimizer_free(o);
    FAILS(afina_optimizer_open("memory:", "one", NULL, NULL, AFINA_OPEN_CREATE, &o), AFINA_E_ARGUMENT, "needs a space");
    afina_optimizer_free(plain);
    afina_space_free(space);
}

/* ------------------------------------------------------------------ options and spaces */

static void test_options_that_say_the_same_again_are_fine(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *o = folder_open(&f, "one", "tpe");
    OK(afina_optimizer_set_integer(o, "seed", 5));
    OK(afina_optimizer_set_string(o, "direction", "maximise"));
    small_step(o);
    afina_optimizer_free(o);
    o = folder_open(&f, "one", "tpe");
    OK(afina_optimizer_set_integer(o, "seed", 5));
    OK(afina_optimizer_set_string(o, "direction", "maximise"));
    FAILS(afina_optimizer_set_integer(o, "seed", 6), AFINA_E_STATE, "it is 5, got 6");
    FAILS(afina_optimizer_set_string(o, "direction", "minimise"), AFINA_E_STATE, "\"maximise\", got \"minimise\"");
    int64_t seed;
    OK(afina_optimizer_get_integer(o, "seed", &seed));
    assert_int_equal(seed, 5);
    afina_optimizer_free(o);
    folder_free(&f);
}

/* Both find no study, and set what they like. */
static void test_who_comes_second_must_have_the_same_options(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *a = folder_open(&f, "one", "tpe"), *b = folder_open(&f, "one", "tpe");
    afina_optimizer *c = folder_open(&f, "one", "tpe"), *d = folder_open(&f, "one", "random");
    afina_trial *trial;
    OK(afina_optimizer_set_integer(a, "seed", 5));
    OK(afina_optimizer_set_integer(b, "seed", 5));
    OK(afina_optimizer_set_integer(c, "seed", 6));
    small_step(a);
    assert_int_equal(small_step(b), 1);
    FAILS(afina_ask(c, &trial), AFINA_E_STATE, "option \"seed\" of the optimizer as 5, not 6");
    FAILS(afina_ask(d, &trial), AFINA_E_STATE, "method \"tpe\", not \"random\"");
    assert_int_equal(count_of(c), 0);
    OK(afina_optimizer_set_integer(c, "seed", 5)); /* still open: nothing was begun */
    assert_int_equal(small_step(c), 2);
    afina_optimizer_free(a);
    afina_optimizer_free(b);
    afina_optimizer_free(c);
    afina_optimizer_free(d);
    folder_free(&f);
}

static int32_t open_with(const struct folder *f, double low, double high, int more, int32_t mode, afina_optimizer **out)
{
    static const char *const choices[] = {"a", "b", "c"};
    afina_space *space;
    OK(afina_space_new(&space));
    OK(afina_space_add_real(space, "x", low, high, AFINA_SCALE_LINEAR));
    if (more >= 0)
        OK(afina_space_add_categorical(space, "k", choices, 3));
    if (more >= 1)
        OK(afina_space_add_real(space, "z", 0, 1, AFINA_SCALE_LINEAR));
    int32_t rc = afina_optimizer_open(f->url, "one", space, NULL, mode, out);
    afina_space_free(space);
    return rc;
}

static void test_another_space_extends_the_study_or_is_refused(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *o;
    afina_trial *trial;
    double value = 1;
    OK(open_with(&f, 0, 1, 0, AFINA_OPEN_CREATE, &o));
    OK(afina_ask(o, &trial));
    OK(afina_trial_tell(trial, &value, 1));
    afina_trial_free(trial);
    afina_optimizer_free(o);
    FAILS(open_with(&f, 0.25, 1, 0, AFINA_OPEN_CREATE, &o), AFINA_E_RANGE, "\"x\"");
    assert_null(o);
    FAILS(open_with(&f, 0, 1, -1, AFINA_OPEN_CREATE, &o), AFINA_E_ARGUMENT, "parameter");
    FAILS(open_with(&f, 0, 2, 1, AFINA_OPEN_READ_ONLY, &o), AFINA_E_ARGUMENT, "parameter");
    OK(open_with(&f, 0, 2, 1, AFINA_OPEN_CREATE, &o));
    assert_int_equal(count_of(o), 1);
    afina_space *space;
    OK(afina_optimizer_get_space(o, &space));
    assert_int_equal(afina_space_parameter_count(space), 3);
    afina_space_free(space);
    afina_optimizer_free(o);
    OK(open_with(&f, 0, 1, 0, AFINA_OPEN_EXISTING, &o)); /* the one that it began with: another worker's */
    afina_optimizer_free(o);
    folder_free(&f);
}

static int32_t is_left(const afina_point *point, void *user)
{
    double x;
    *(int *)user += 1;
    OK(afina_point_get_real(point, "x", &x));
    return x < 0;
}

static void test_the_space_brings_the_filter(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_space *space = small_space(), *plain = small_space();
    afina_optimizer *o;
    afina_trial *trial;
    int calls = 0;
    double x;
    OK(afina_space_set_filter(space, is_left, &calls, NULL));
    for (int i = 0; i < 2; i++) {
        int before = calls;
        OK(afina_optimizer_open(f.url, "one", space, "random", AFINA_OPEN_CREATE, &o));
        OK(afina_ask(o, &trial));
        OK(afina_point_get_real(afina_trial_point(trial), "x", &x));
        assert_true(x < 0 && calls > before);
        afina_trial_free(trial);
        afina_optimizer_free(o);
    }
    OK(afina_optimizer_open(f.url, "one", plain, "random", AFINA_OPEN_CREATE, &o));
    FAILS(afina_ask(o, &trial), AFINA_E_STATE, "was made with a filter");
    OK(afina_optimizer_set_filter(o, is_left, &calls, NULL));
    OK(afina_ask(o, &trial));
    afina_trial_free(trial);
    afina_optimizer_free(o);
    OK(afina_optimizer_open(f.url, "two", plain, "random", AFINA_OPEN_CREATE, &o));
    small_step(o);
    afina_optimizer_free(o);
    FAILS(afina_optimizer_open(f.url, "two", space, "random", AFINA_OPEN_CREATE, &o), AFINA_E_STATE,
          "without a filter");
    afina_space_free(plain);
    afina_space_free(space);
    folder_free(&f);
}

/* ------------------------------------------------------------------ the list */

static void test_studies_are_listed_and_deleted(void **state)
{
    (void)state;
    struct folder f = folder_new();
    char text[256];
    size_t length;
    double value = 1;
    afina_trial *trial;
    afina_optimizer *b = folder_open(&f, "b \"quoted\"", "random"), *a = folder_open(&f, "a", "random");
    OK(afina_store_list(f.url, text, sizeof text, &length));
    assert_string_equal(text, "[]"); /* a study is there from its first event on */
    small_step(b);
    small_step(a);
    small_step(a);
    OK(afina_store_list(f.url, text, sizeof text, &length));
    assert_string_equal(text, "[{\"name\":\"a\",\"lines\":5},{\"name\":\"b \\\"quoted\\\"\",\"lines\":3}]");
    OK(afina_ask(a, &trial));
    OK(afina_store_delete(f.url, "a"));
    FAILS(afina_store_delete(f.url, "a"), AFINA_E_NOT_FOUND, "has no study \"a\"");
    FAILS(afina_trial_tell(trial, &value, 1), AFINA_E_NOT_FOUND, "\"a\" was deleted");
    small_step(b);
    afina_optimizer *anew = folder_open(&f, "a", "random");
    small_step(anew); /* another study of that name is another study */
    FAILS(afina_trial_tell(trial, &value, 1), AFINA_E_NOT_FOUND, "\"a\" was deleted");
    afina_trial_free(trial);
    afina_optimizer_free(anew);
    afina_optimizer_free(a);
    afina_optimizer_free(b);
    folder_free(&f);
}

/* ------------------------------------------------------------------ errors */

static void refuses(const char *url, int32_t mode, int32_t code, const char *text)
{
    afina_space *space = small_space();
    afina_optimizer *o = (afina_optimizer *)space;
    FAILS(afina_optimizer_open(url, "one", space, NULL, mode, &o), code, text);
    assert_null(o);
    afina_space_free(space);
}

static void write_file(const char *path, const char *text, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

static void sql(const struct folder *f, const char *statement)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(f->file, &db), SQLITE_OK);
    if (sqlite3_exec(db, statement, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", statement, sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void test_what_is_no_address_is_refused(void **state)
{
    (void)state;
    refuses("study.db", AFINA_OPEN_CREATE, AFINA_E_ARGUMENT, "\"study.db\" is not known");
    refuses("sqlite:", AFINA_OPEN_CREATE, AFINA_E_ARGUMENT, "sqlite:PATH");
    refuses("sqlite:///study.db", AFINA_OPEN_CREATE, AFINA_E_ARGUMENT, "sqlite:PATH");
    refuses("memory:", 3, AFINA_E_RANGE, "got 3");
    refuses("memory:", AFINA_OPEN_EXISTING, AFINA_E_NOT_FOUND, "\"one\"");
    FAILS(afina_store_list("memory:", NULL, 0, &(size_t){0}), AFINA_E_ARGUMENT, "sqlite:PATH");
}

static void test_what_is_no_store_is_refused_and_left_alone(void **state)
{
    (void)state;
    struct folder f = folder_new();
    char nowhere[160], big[5000], back[5000];
    snprintf(nowhere, sizeof nowhere, "sqlite:%s/no/study.db", f.path);
    refuses(nowhere, AFINA_OPEN_CREATE, AFINA_E_FILE, "no/study.db\": it cannot be opened");
    refuses(f.url, AFINA_OPEN_EXISTING, AFINA_E_FILE, "cannot be opened");
    refuses(f.url, AFINA_OPEN_READ_ONLY, AFINA_E_FILE, "cannot be opened");
    assert_int_equal(access(f.file, F_OK), -1); /* and nothing was made */
    snprintf(nowhere, sizeof nowhere, "sqlite:%s", f.path);
    refuses(nowhere, AFINA_OPEN_CREATE, AFINA_E_FILE, f.path);
    memset(big, 'x', sizeof big);
    write_file(f.file, big, sizeof big);
    refuses(f.url, AFINA_OPEN_CREATE, AFINA_E_FORMAT, "not a database");
    FILE *file = fopen(f.file, "rb");
    assert_int_equal(fread(back, 1, sizeof back, file), sizeof big);
    fclose(file);
    assert_memory_equal(big, back, sizeof big);
    write_file(f.file, "", 0);
    refuses(f.url, AFINA_OPEN_EXISTING, AFINA_E_FORMAT, "is empty");
    unlink(f.file);
    sql(&f, "CREATE TABLE t(x)");
    refuses(f.url, AFINA_OPEN_CREATE, AFINA_E_FORMAT, "another program");
    folder_free(&f);
}

static void test_special_paths_are_paths(void **state)
{
    (void)state;
    struct folder f = folder_new();
    char before[512];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(f.path), 0);
    strcpy(f.url, "sqlite::memory:");
    afina_optimizer *o = folder_open(&f, "one", "random");
    small_step(o);
    afina_optimizer_free(o);
    assert_int_equal(access("./:memory:", F_OK), 0);
    strcpy(f.url, "sqlite:file:x?mode=memory");
    o = folder_open(&f, "one", "random");
    assert_int_equal(chdir("/"), 0); /* where the file is does not change with the folder */
    small_step(o);
    afina_optimizer_free(o);
    assert_int_equal(chdir(f.path), 0);
    assert_int_equal(access("./file:x?mode=memory", F_OK), 0);
    assert_int_equal(access("./file:x?mode=memory-lock", F_OK), 0);
    assert_int_equal(chdir(before), 0);
    folder_free(&f);
}

static void test_changed_files_are_found_out(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *o = folder_open(&f, "one", "random");
    for (int i = 0; i < 5; i++)
        small_step(o);
    afina_optimizer_free(o);
    sql(&f, "PRAGMA user_version=2");
    refuses(f.url, AFINA_OPEN_CREATE, AFINA_E_UNSUPPORTED, "has format 2");
    sql(&f, "PRAGMA user_version=1; ALTER TABLE lines ADD COLUMN more");
    refuses(f.url, AFINA_OPEN_CREATE, AFINA_E_FORMAT, "does not have the tables");
    sql(&f, "ALTER TABLE lines DROP COLUMN more; DELETE FROM lines WHERE position=4");
    refuses(f.url, AFINA_OPEN_CREATE, AFINA_E_FORMAT, "line 5 of study \"one\" is not there");
    sql(&f, "INSERT INTO lines SELECT study, 4, '{}' FROM lines WHERE position=0");
    refuses(f.url, AFINA_OPEN_CREATE, AFINA_E_FORMAT, "line 5");
    sql(&f, "UPDATE lines SET line=x'00' WHERE position=4");
    refuses(f.url, AFINA_OPEN_CREATE, AFINA_E_FORMAT, "line 5");
    folder_free(&f);
}

static void test_a_truncated_file_is_found_out(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *o = folder_open(&f, "one", "random");
    for (int i = 0; i < 40; i++)
        small_step(o);
    afina_optimizer_free(o);
    for (off_t size = 12288; size > 0; size -= 2048) {
        assert_int_equal(truncate(f.file, size), 0);
        refuses(f.url, AFINA_OPEN_CREATE, AFINA_E_FORMAT, f.file);
    }
    folder_free(&f);
}

static void test_a_file_of_another_journal_mode_is_taken_back(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *o = folder_open(&f, "one", "random");
    small_step(o);
    afina_optimizer_free(o);
    sql(&f, "PRAGMA journal_mode=WAL");
    o = folder_open(&f, "one", "random"); /* nobody else has it open: it is changed back */
    small_step(o);
    afina_optimizer_free(o);
    assert_int_equal(access(f.file, F_OK), 0);
    folder_free(&f);
}

/* A file that was restored from a copy: what came after the copy is gone, and is not written over. */
static void test_lost_lines_are_found_out(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *o = folder_open(&f, "one", "random");
    afina_trial *trial;
    for (int i = 0; i < 5; i++)
        small_step(o);
    sql(&f, "DELETE FROM lines WHERE position>8");
    FAILS(afina_ask(o, &trial), AFINA_E_FILE, "has lost lines");
    assert_int_equal(count_of(o), 5);
    afina_optimizer *other = folder_open(&f, "one", "random"); /* goes on from what there is */
    small_step(other);
    small_step(other);
    FAILS(afina_ask(o, &trial), AFINA_E_FILE, "others in their place");
    afina_optimizer_free(other);
    afina_optimizer_free(o);
    folder_free(&f);
}

static void test_a_file_that_went_is_found_out(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *o = folder_open(&f, "one", "random");
    afina_trial *trial;
    small_step(o);
    unlink(f.file);
    FAILS(afina_ask(o, &trial), AFINA_E_FILE, "was deleted, moved or replaced");
    assert_int_equal(count_of(o), 1);
    afina_optimizer_free(o);
    folder_free(&f);
}

/* As a user who may not write; root may always. */
static int cannot_write(const struct folder *f)
{
    afina_space *space = small_space();
    afina_optimizer *o;
    char text[256];
    size_t length;
    if (setgid(65534) || setuid(65534))
        return 2;
    int wrong = afina_optimizer_open(f->url, "one", space, NULL, AFINA_OPEN_CREATE, &o) != AFINA_E_FILE;
    wrong |= strstr(afina_last_error(), "cannot be written") == NULL || strstr(afina_last_error(), f->file) == NULL;
    wrong |= afina_optimizer_open(f->url, "one", space, NULL, AFINA_OPEN_READ_ONLY, &o) != AFINA_OK;
    wrong |= afina_store_list(f->url, text, sizeof text, &length) != AFINA_OK;
    afina_optimizer_free(o);
    afina_space_free(space);
    return wrong;
}

static void test_a_file_that_may_only_be_read(void **state)
{
    (void)state;
    struct folder f = folder_new();
    int status;
    afina_optimizer *o = folder_open(&f, "one", "random");
    small_step(o);
    afina_optimizer_free(o);
    assert_int_equal(chmod(f.path, 0755), 0);
    assert_int_equal(chmod(f.file, 0444), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(cannot_write(&f));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2)
        print_message("the user cannot be changed: not looked at\n");
    else
        assert_int_equal(WEXITSTATUS(status), 0);
    folder_free(&f);
}

/* The disk is full: nothing is told, all that was told is there, and it works when there is room. */
static void test_a_full_disk(void **state)
{
    (void)state;
    struct folder f = folder_new();
    struct rlimit all, few = {.rlim_cur = 64 * 1024};
    afina_optimizer *o = folder_open(&f, "one", "random");
    afina_trial *trial;
    int32_t rc = 0;
    double value = 1;
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &all);
    few.rlim_max = all.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
    int64_t told = 0;
    while (!rc && told < 2000) {
        rc = afina_ask(o, &trial);
        if (!rc) {
            rc = afina_trial_tell(trial, &value, 1);
            told += rc == 0;
            afina_trial_free(trial);
        }
    }
    FAILS(rc, AFINA_E_FILE, f.file);
    char *log = log_of(o);
    setrlimit(RLIMIT_FSIZE, &all);
    signal(SIGXFSZ, before);
    afina_optimizer *again = folder_open(&f, "one", "random");
    char *stored = log_of(again);
    assert_string_equal(log, stored);
    small_step(o);
    assert_true(told > 50 && count_of(o) > told);
    free(log);
    free(stored);
    afina_optimizer_free(again);
    afina_optimizer_free(o);
    folder_free(&f);
}

/* ------------------------------------------------------------------ forks */

static void test_a_child_leaves_the_file_alone(void **state)
{
    (void)state;
    struct folder f = folder_new();
    afina_optimizer *o = folder_open(&f, "one", "random");
    int status;
    small_step(o);
    for (int i = 0; i < 5; i++) {
        pid_t child = fork();
        if (child == 0) {
            afina_trial *trial;
            int wrong = afina_ask(o, &trial) != AFINA_E_FORKED;
            afina_optimizer_free(o);
            o = folder_open(&f, "one", "random"); /* a handle of its own is fine */
            small_step(o);
            afina_optimizer_free(o);
            _exit(wrong);
        }
        small_step(o);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    OK(afina_optimizer_refresh(o, 0, NULL));
    assert_int_equal(count_of(o), 11);
    afina_optimizer_free(o);
    folder_free(&f);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_study_goes_on_where_it_was),
        TEST(test_all_that_is_told_is_there),
        TEST(test_two_handles_are_one_study),
        TEST(test_a_trial_is_told_once),
        TEST(test_a_total_is_one_of_the_study),
        TEST(test_one_that_reads_writes_nothing),
        TEST(test_a_study_in_memory),
        TEST(test_options_that_say_the_same_again_are_fine),
        TEST(test_who_comes_second_must_have_the_same_options),
        TEST(test_another_space_extends_the_study_or_is_refused),
        TEST(test_the_space_brings_the_filter),
        TEST(test_studies_are_listed_and_deleted),
        TEST(test_what_is_no_address_is_refused),
        TEST(test_what_is_no_store_is_refused_and_left_alone),
        TEST(test_special_paths_are_paths),
        TEST(test_changed_files_are_found_out),
        TEST(test_a_truncated_file_is_found_out),
        TEST(test_a_file_of_another_journal_mode_is_taken_back),
        TEST(test_lost_lines_are_found_out),
        TEST(test_a_file_that_went_is_found_out),
        TEST(test_a_file_that_may_only_be_read),
        TEST(test_a_full_disk),
        TEST(test_a_child_leaves_the_file_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
