/* The log in pieces: a tail, lines of others, and lines taken back. */
#define _GNU_SOURCE /* fork, flock */
#include "support/small_study.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The lines from a position on, with their times; the caller frees them. */
static char *tail_of(afina_optimizer *o, int64_t position)
{
    enum { ROOM = 1 << 20 };
    char *text = malloc(ROOM);
    size_t length;
    int64_t next;
    assert_non_null(text);
    OK(afina_log_read(o, position, text, ROOM, &length, &next));
    assert_int_equal(strlen(text), length);
    return text;
}

static int64_t lines_of(afina_optimizer *o)
{
    int64_t lines;
    OK(afina_log_length(o, &lines));
    return lines;
}

static void test_pieces_are_the_whole(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("tpe");
    for (int i = 0; i < 30; i++)
        small_step(o);
    size_t n, length;
    OK(afina_optimizer_to_log(o, NULL, 0, &n));
    char *whole = malloc(n + 1);
    OK(afina_optimizer_to_log(o, whole, n + 1, &n));
    for (size_t room = 1200; room < 4 * n; room *= 2) {
        char *joined = calloc(n + 1, 1), *piece = malloc(room);
        int64_t position = 0;
        for (;;) {
            OK(afina_log_read(o, position, piece, room, &length, &position));
            if (length == 0)
                break;
            assert_true(length < room);
            assert_int_equal(piece[length - 1], '\n');
            strcat(joined, piece);
        }
        assert_int_equal(position, lines_of(o));
        assert_string_equal(joined, whole);
        free(joined);
        free(piece);
    }
    free(whole);
    afina_optimizer_free(o);
}

static void test_a_line_that_does_not_fit_says_its_length(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    char text[2000];
    size_t needed, length;
    int64_t next = 77;
    small_step(o);
    FAILS(afina_log_read(o, 1, NULL, 0, &needed, &next), AFINA_E_RANGE, "needs room for");
    assert_int_equal(next, 77);
    FAILS(afina_log_read(o, 1, text, needed, &length, &next), AFINA_E_RANGE, "needs room for");
    OK(afina_log_read(o, 1, text, needed + 1, &length, &next));
    assert_int_equal(length, needed);
    assert_int_equal(next, 2);
    FAILS(afina_log_read(o, 4, text, sizeof text, &length, &next), AFINA_E_RANGE, "3 lines");
    FAILS(afina_log_read(o, -1, text, sizeof text, &length, &next), AFINA_E_RANGE, "position");
    OK(afina_log_read(o, 3, text, sizeof text, &length, &next));
    assert_int_equal(length, 0);
    assert_string_equal(text, "");
    afina_optimizer_free(o);
}

/* A line that was handed out stays as it is. */
static void test_reading_the_first_line_fixes_it(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    char *before = tail_of(o, 0);
    FAILS(afina_optimizer_set_integer(o, "seed", 3), AFINA_E_STATE, "fixed");
    small_step(o);
    char *after = tail_of(o, 0);
    assert_memory_equal(before, after, strlen(before));
    free(before);
    free(after);
    afina_optimizer_free(o);
}

static void test_lines_of_another_are_taken_in(void **state)
{
    (void)state;
    afina_optimizer *a = small_optimizer("tpe"), *b;
    int64_t next;
    for (int i = 0; i < 12; i++)
        small_step(a);
    char *whole = tail_of(a, 0);
    OK(afina_optimizer_from_log(&b, whole, strlen(whole)));
    for (int i = 0; i < 5; i++)
        small_step(a);
    char *tail = tail_of(a, lines_of(b));
    OK(afina_log_append(b, lines_of(b), tail, strlen(tail), &next));
    assert_int_equal(next, lines_of(a));
    /* Once more, and from the beginning: nothing happens. */
    free(whole);
    whole = tail_of(a, 0);
    OK(afina_log_append(b, 0, whole, strlen(whole), &next));
    assert_int_equal(next, lines_of(a));
    assert_int_equal(lines_of(b), lines_of(a));
    small_step(a);
    small_step(b);
    char *log_a = log_of(a), *log_b = log_of(b);
    assert_string_equal(log_a, log_b);
    OK(afina_optimizer_replay(b, &next));
    free(log_a);
    free(log_b);
    free(whole);
    free(tail);
    afina_optimizer_free(a);
    afina_optimizer_free(b);
}

/* Two that resume one log would both get trial k: the later one is told so. */
static void test_two_that_resume_one_log_never_share_a_trial(void **state)
{
    (void)state;
    afina_optimizer *a = small_optimizer("random"), *b;
    afina_trial *trial_a, *trial_b, *again;
    int64_t position, next;
    double value = 1;
    int32_t unused;
    small_step(a);
    char *text = tail_of(a, 0);
    OK(afina_optimizer_from_log(&b, text, strlen(text)));
    free(text);
    position = lines_of(a);
    OK(afina_optimizer_set_string(a, "worker", "a"));
    OK(afina_optimizer_set_string(b, "worker", "b"));
    OK(afina_ask(a, &trial_a));
    OK(afina_ask(b, &trial_b));
    assert_int_equal(afina_trial_number(trial_a), afina_trial_number(trial_b));
    text = tail_of(a, position);
    assert_int_equal(afina_log_append(b, position, text, strlen(text), &next), AFINA_STALE);
    assert_int_equal(next, position);
    assert_int_equal(lines_of(b), lines_of(a));
    OK(afina_log_rewind(b, next));
    FAILS(afina_trial_state(trial_b, &unused), AFINA_E_STATE, "the log was rewound past it");
    FAILS(afina_trial_tell_report(trial_b, 1, &value, 1), AFINA_E_STATE, "rewound");
    FAILS(afina_tell(b, 1, &value, 1), AFINA_E_NOT_FOUND, "trial 1");
    OK(afina_log_append(b, position, text, strlen(text), NULL));
    OK(afina_ask(b, &again));
    assert_int_equal(afina_trial_number(again), 2);
    FAILS(afina_trial_state(trial_b, &unused), AFINA_E_STATE, "rewound");
    free(text);
    afina_trial_free(trial_a);
    afina_trial_free(trial_b);
    afina_trial_free(again);
    afina_optimizer_free(a);
    afina_optimizer_free(b);
}

/* Two handles of one log, without names and times: what they do alike, they write alike to the byte. */
struct twins {
    afina_optimizer *a, *b;
    int64_t position; /* the lines that both began with */
};

static struct twins new_twins(void)
{
    struct twins t = {.a = small_optimizer("random")};
    OK(afina_optimizer_set_integer(t.a, "times", 0));
    small_step(t.a);
    char *text = tail_of(t.a, 0);
    OK(afina_optimizer_from_log(&t.b, text, strlen(text)));
    OK(afina_optimizer_set_integer(t.b, "times", 0));
    t.position = lines_of(t.a);
    free(text);
    return t;
}

static void twins_free(struct twins *t)
{
    afina_optimizer_free(t->a);
    afina_optimizer_free(t->b);
}

/* What a has behind the first lines, fed to b: the answer. *next is left where it is on an error. */
static int32_t feed_twin(struct twins *t, int64_t *next)
{
    char *text = tail_of(t->a, t->position);
    int32_t rc = afina_log_append(t->b, t->position, text, strlen(text), next);
    free(text);
    return rc;
}

static void ask_for(afina_optimizer *o, int64_t number)
{
    afina_trial *trial;
    OK(afina_ask(o, &trial));
    assert_int_equal(afina_trial_number(trial), number);
    afina_trial_free(trial);
}

static void test_equal_lines_of_two_are_no_trial_of_both(void **state)
{
    (void)state;
    struct twins t = new_twins();
    int64_t next = -1;
    ask_for(t.a, 1);
    ask_for(t.b, 1);
    char *log_a = log_of(t.a);
    assert_int_equal(feed_twin(&t, &next), AFINA_STALE);
    assert_int_equal(next, t.position);
    assert_int_equal(lines_of(t.b), t.position + 1);
    OK(afina_log_rewind(t.b, next));
    OK(feed_twin(&t, &next));
    assert_int_equal(next, t.position + 1);
    OK(feed_twin(&t, &next)); /* it came in before */
    char *log_b = log_of(t.b);
    assert_string_equal(log_a, log_b);
    ask_for(t.b, 2);
    free(log_a);
    free(log_b);
    twins_free(&t);
}

/* A point that two enqueue is to be tried twice. */
static void test_equal_points_of_two_are_not_one(void **state)
{
    (void)state;
    struct twins t = new_twins();
    afina_space *space = small_space();
    afina_point *point;
    int64_t next;
    OK(afina_point_new(&point, space));
    OK(afina_enqueue(t.a, point));
    OK(afina_enqueue(t.b, point));
    assert_int_equal(feed_twin(&t, &next), AFINA_STALE);
    assert_int_equal(next, t.position);
    afina_point_free(point);
    afina_space_free(space);
    twins_free(&t);
}

/* A line that was handed out may come back: it is the same one. Asking how long the text is hands out none,
 * nor does a read that has no room. */
static void test_a_line_that_was_handed_out_is_known(void **state)
{
    (void)state;
    struct twins t = new_twins();
    char text[1024];
    size_t length;
    int64_t next;
    ask_for(t.a, 1);
    ask_for(t.b, 1);
    OK(afina_optimizer_to_log(t.b, NULL, 0, &length));
    OK(afina_optimizer_to_log(t.b, text, 100, &length));
    FAILS(afina_log_read(t.b, t.position, text, 10, &length, &next), AFINA_E_RANGE, "needs room");
    assert_int_equal(feed_twin(&t, &next), AFINA_STALE);
    OK(afina_log_read(t.b, t.position, text, sizeof text, &length, &next));
    OK(feed_twin(&t, &next));
    assert_int_equal(next, t.position + 1);
    twins_free(&t);

    t = new_twins();
    ask_for(t.a, 1);
    ask_for(t.b, 1);
    free(log_of(t.b));
    OK(feed_twin(&t, &next));
    twins_free(&t);
}

/* What was taken back was not handed out, although a line that was the same was. */
static void test_a_line_that_is_made_again_is_not_known(void **state)
{
    (void)state;
    struct twins t = new_twins();
    int64_t next;
    ask_for(t.a, 1);
    ask_for(t.b, 1);
    free(tail_of(t.b, t.position));
    OK(afina_log_rewind(t.b, t.position));
    ask_for(t.b, 1);
    assert_int_equal(feed_twin(&t, &next), AFINA_STALE);
    assert_int_equal(next, t.position);
    twins_free(&t);
}

static void *set_attribute(void *argument)
{
    OK(afina_optimizer_set_attribute(argument, "who", "another thread"));
    return NULL;
}

/* The text is read without a lock: what another thread does meanwhile comes before all of its lines, or
 * behind them. */
static void test_no_event_comes_between_appended_lines(void **state)
{
    (void)state;
    struct twins t = new_twins();
    int64_t next;
    for (int i = 0; i < 100; i++)
        small_step(t.a);
    int64_t lines = lines_of(t.a) - t.position;
    char *text = tail_of(t.a, t.position);
    for (int i = 0; i < 50; i++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, set_attribute, t.b), 0);
        int32_t rc = afina_log_append(t.b, t.position, text, strlen(text), &next);
        pthread_join(thread, NULL);
        if (rc != AFINA_STALE)
            OK(rc);
        assert_int_equal(next, rc ? t.position : t.position + lines);
        assert_int_equal(lines_of(t.b), next + 1);
        if (rc == 0) {
            char *read = tail_of(t.b, t.position);
            assert_memory_equal(read, text, strlen(text));
            free(read);
        }
        OK(afina_log_rewind(t.b, t.position));
    }
    free(text);
    twins_free(&t);
}

/* A line that cannot be read does not matter when one before it is not ours: the host has to take its own back. */
static void test_other_lines_come_before_lines_that_cannot_be_read(void **state)
{
    (void)state;
    struct twins t = new_twins();
    int64_t next;
    ask_for(t.a, 1);
    ask_for(t.b, 1);
    char *line = tail_of(t.a, t.position), text[2048];
    snprintf(text, sizeof text, "%snonsense\n", line);
    assert_int_equal(afina_log_append(t.b, t.position, text, strlen(text), &next), AFINA_STALE);
    assert_int_equal(next, t.position);
    OK(afina_log_rewind(t.b, next));
    FAILS(afina_log_append(t.b, t.position, text, strlen(text), &next), AFINA_E_FORMAT, "line 5");
    assert_int_equal(lines_of(t.b), t.position);
    free(line);
    twins_free(&t);
}

static void test_what_cannot_be_appended_changes_nothing(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("random");
    for (int i = 0; i < 3; i++)
        small_step(o);
    static const char good[] = "{\"event\":\"asked\",\"trial\":3,\"origin\":\"added\",\"seen\":0,"
                               "\"point\":{\"x\":0,\"k\":\"a\"}}\n";
    char text[1024], *before = log_of(o);
    int64_t next = 77;
    snprintf(text, sizeof text, "%s%s", good, "{\"event\":\"told\",\"trial\":3,\"state\":\"complete\"}\n");
    FAILS(afina_log_append(o, 7, text, strlen(text), &next), AFINA_E_FORMAT, "line 9: \"values\" is missing");
    FAILS(afina_log_append(o, 7, good, strlen(good) - 1, &next), AFINA_E_FORMAT, "has no end");
    FAILS(afina_log_append(o, 8, good, strlen(good), &next), AFINA_E_RANGE, "7 lines");
    FAILS(afina_log_append(o, -1, good, strlen(good), &next), AFINA_E_RANGE, "position");
    FAILS(afina_log_rewind(o, 0), AFINA_E_RANGE, "position");
    FAILS(afina_log_rewind(o, 8), AFINA_E_RANGE, "[1, 7]");
    assert_int_equal(next, 77);
    char *after = log_of(o);
    assert_string_equal(before, after);
    OK(afina_log_append(o, 7, NULL, 0, &next));
    OK(afina_log_append(o, 7, good, strlen(good), NULL));
    free(before);
    free(after);
    afina_optimizer_free(o);
}

/* Once the first line was fixed before the text was read, and options could no longer be set. */
static void test_a_refused_first_append_leaves_the_options_open(void **state)
{
    (void)state;
    afina_optimizer *o = small_optimizer("tpe");
    static const char other[] = "{\"event\":\"study\"}\n";
    char *before = log_of(o);
    int64_t next;
    size_t length;
    FAILS(afina_log_append(o, 1, "x\n", 2, &next), AFINA_E_FORMAT, "line 2");
    FAILS(afina_log_append(o, 2, "x\n", 2, &next), AFINA_E_RANGE, "1 lines");
    assert_int_equal(afina_log_append(o, 0, other, strlen(other), &next), AFINA_STALE);
    assert_int_equal(next, 0);
    char *after = log_of(o);
    assert_string_equal(before, after);
    OK(afina_optimizer_set_integer(o, "lag", 2));
    OK(afina_optimizer_set_integer(o, "objectives", 1));
    free(after);
    small_step(o);
    after = log_of(o);
    assert_non_null(strstr(after, "\"lag\":2"));
    char room[4096];
    OK(afina_log_read(o, 0, room, sizeof room, &length, &next));
    FAILS(afina_log_append(o, 5, "x\n", 2, &next), AFINA_E_RANGE, "lines");
    FAILS(afina_log_append(o, 3, "x\n", 2, &next), AFINA_E_FORMAT, "line 4");
    FAILS(afina_optimizer_set_integer(o, "lag", 0), AFINA_E_STATE, "fixed");
    free(before);
    free(after);
    afina_optimizer_free(o);
}

/* A rewound study is what it was: it suggests the same again. */
static void test_a_rewound_study_is_as_it_was(void **state)
{
    (void)state;
    for (size_t m = 0; m < afina_method_count(); m++) {
        if (strcmp(afina_method_name(m), "manual") == 0)
            continue;
        afina_optimizer *o = small_optimizer(afina_method_name(m));
        afina_trial *best;
        for (int i = 0; i < 14; i++)
            small_step(o);
        char *before = log_of(o);
        OK(afina_log_rewind(o, 16)); /* in the middle of trial 7 */
        assert_int_equal(state_of(o, 7), AFINA_STATE_RUNNING);
        OK(afina_best(o, &best));
        assert_in_range(afina_trial_number(best), 0, 6);
        afina_trial_free(best);
        OK(afina_trial_get(o, 7, &best));
        double value = small_value(afina_trial_point(best));
        OK(afina_tell(o, 7, &value, 1));
        afina_trial_free(best);
        for (int i = 0; i < 6; i++)
            small_step(o);
        char *after = log_of(o);
        assert_string_equal(before, after);
        free(before);
        free(after);
        afina_optimizer_free(o);
    }
}

static void *ask_and_tell(void *argument)
{
    afina_optimizer *o = argument;
    for (int i = 0; i < 150; i++) {
        afina_trial *trial;
        double value = i;
        OK(afina_ask(o, &trial));
        OK(afina_tell(o, afina_trial_number(trial), &value, 1));
        afina_trial_free(trial);
    }
    return NULL;
}

/* Who reads beside threads that ask and tell sees every line once. */
static void test_a_tail_is_read_while_others_work(void **state)
{
    (void)state;
    enum { THREADS = 3, LINES = 1 + THREADS * 300, ROOM = 1 << 18 };
    afina_optimizer *o = small_optimizer("random");
    pthread_t threads[THREADS];
    char *seen = malloc(ROOM);
    size_t length, total = 0;
    int64_t position = 0, differs;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_and_tell, o), 0);
    while (position < LINES) {
        OK(afina_log_read(o, position, seen + total, ROOM - total, &length, &position));
        total += length;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    char *whole = tail_of(o, 0);
    assert_string_equal(seen, whole);
    OK(afina_optimizer_replay(o, &differs));
    free(seen);
    free(whole);
    afina_optimizer_free(o);
}

/* ------------------------------------------------------- processes and a file */

enum { WORKERS = 3, TRIALS = 40 };

/* The bytes of the file from `offset` on that form whole lines; the caller frees them. */
static char *read_file(int file, off_t offset, size_t *length)
{
    struct stat status;
    assert_int_equal(fstat(file, &status), 0);
    *length = (size_t)(status.st_size - offset);
    char *text = malloc(*length + 1);
    assert_true(pread(file, text, *length, offset) == (ssize_t)*length);
    return text;
}

/* A study that several processes share through a file, as docs/log.md describes it. */
struct shared {
    afina_optimizer *optimizer;
    int file;
    off_t offset;     /* how much of the file is known here */
    int64_t position; /* the lines in it */
};

/* Takes in what others wrote, and writes what happened here. AFINA_STALE: others were faster,
 * and what happened here is undone. The file is locked. */
static int32_t exchange(struct shared *s)
{
    size_t length;
    int64_t from = s->position;
    char *theirs = read_file(s->file, s->offset, &length);
    int32_t rc = afina_log_append(s->optimizer, from, theirs, length, &s->position);
    if (rc == AFINA_STALE) {
        OK(afina_log_rewind(s->optimizer, s->position));
        OK(afina_log_append(s->optimizer, from, theirs, length, &s->position));
    } else {
        OK(rc);
    }
    s->offset += (off_t)length;
    free(theirs);
    char *ours = tail_of(s->optimizer, s->position);
    length = strlen(ours);
    assert_true(pwrite(s->file, ours, length, s->offset) == (ssize_t)length);
    s->offset += (off_t)length;
    s->position = lines_of(s->optimizer);
    free(ours);
    return rc;
}

static int32_t locked_exchange(struct shared *s)
{
    assert_int_equal(flock(s->file, LOCK_EX), 0);
    int32_t rc = exchange(s);
    assert_int_equal(flock(s->file, LOCK_UN), 0);
    return rc;
}

/* A trial that is in the file. Its number; -1: there are enough. */
static int64_t ask_shared(struct shared *s, double *value)
{
    afina_trial *trial;
    for (;;) {
        int64_t count;
        OK(afina_trial_count(s->optimizer, &count));
        if (count >= TRIALS)
            return -1;
        OK(afina_ask(s->optimizer, &trial));
        int64_t number = afina_trial_number(trial);
        *value = small_value(afina_trial_point(trial));
        afina_trial_free(trial);
        if (locked_exchange(s) == AFINA_OK)
            return number;
    }
}

/* One process: until the study has enough trials. Its lines have nothing of its own: no time,
 * no name. */
static void work(const char *path)
{
    struct shared s = {.file = open(path, O_RDWR)};
    size_t length;
    double value;
    char *text = read_file(s.file, 0, &length);
    OK(afina_optimizer_from_log(&s.optimizer, text, length));
    s.offset = (off_t)length;
    s.position = lines_of(s.optimizer);
    OK(afina_optimizer_set_integer(s.optimizer, "times", 0));
    free(text);
    for (int64_t number; (number = ask_shared(&s, &value)) >= 0;) {
        do
            OK(afina_tell(s.optimizer, number, &value, 1));
        while (locked_exchange(&s) == AFINA_STALE);
    }
    locked_exchange(&s);
    afina_optimizer_free(s.optimizer);
    close(s.file);
}

static void test_processes_that_share_a_file_never_share_a_trial(void **state)
{
    (void)state;
    char path[] = "/tmp/afina_log_XXXXXX";
    int file = mkstemp(path);
    afina_optimizer *o = small_optimizer("tpe");
    char *head = tail_of(o, 0);
    assert_true(write(file, head, strlen(head)) == (ssize_t)strlen(head));
    free(head);
    afina_optimizer_free(o);
    pid_t children[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            work(path);
            _exit(0);
        }
    }
    for (int i = 0; i < WORKERS; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    size_t length;
    int64_t number, count;
    char *text = read_file(file, 0, &length);
    OK(afina_optimizer_from_log(&o, text, length));
    OK(afina_optimizer_replay(o, &number));
    OK(afina_trial_count(o, &count));
    assert_in_range(count, TRIALS, TRIALS + WORKERS);
    for (int64_t i = 0; i < count; i++)
        assert_int_equal(state_of(o, i), AFINA_STATE_COMPLETE);
    free(text);
    afina_optimizer_free(o);
    close(file);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_are_the_whole),
        cmocka_unit_test(test_a_line_that_does_not_fit_says_its_length),
        cmocka_unit_test(test_reading_the_first_line_fixes_it),
        cmocka_unit_test(test_lines_of_another_are_taken_in),
        cmocka_unit_test(test_two_that_resume_one_log_never_share_a_trial),
        cmocka_unit_test(test_equal_lines_of_two_are_no_trial_of_both),
        cmocka_unit_test(test_equal_points_of_two_are_not_one),
        cmocka_unit_test(test_a_line_that_was_handed_out_is_known),
        cmocka_unit_test(test_a_line_that_is_made_again_is_not_known),
        cmocka_unit_test(test_no_event_comes_between_appended_lines),
        cmocka_unit_test(test_other_lines_come_before_lines_that_cannot_be_read),
        cmocka_unit_test(test_what_cannot_be_appended_changes_nothing),
        cmocka_unit_test(test_a_refused_first_append_leaves_the_options_open),
        cmocka_unit_test(test_a_rewound_study_is_as_it_was),
        cmocka_unit_test(test_a_tail_is_read_while_others_work),
        cmocka_unit_test(test_processes_that_share_a_file_never_share_a_trial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
