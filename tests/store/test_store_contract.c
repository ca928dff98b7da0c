/* Any sequence of operations gives the same answers in every store, and the same log: the model is a list of lines.
 *
 * AFINA_TEST_SEED is the seed of the sequences, AFINA_TEST_SEQUENCES how many there are. */
#define _GNU_SOURCE /* mkdtemp */
#include "core/mem.h"
#include "core/rng.h"
#include "core/text.h"
#include "store/store.h"
#include "support/small_study.h"

#include <stdio.h>
#include <unistd.h>

enum { HANDLES = 3, STEPS = 60, MOST_LINES = 4 * STEPS };

struct model {
    struct text line[MOST_LINES];
    size_t count;
};

struct world {
    struct rng rng;
    struct model model;
    struct store *memory[HANDLES], *sqlite[HANDLES];
    size_t known[HANDLES]; /* how many lines the handle has seen, as a study has */
    char folder[64], url[128];
};

static size_t below(struct world *w, size_t n)
{
    return (size_t)rng_below(&w->rng, n);
}

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

/* What a line may hold: text of any length, quotes, two-byte letters, and no end of a line. */
static void random_line(struct world *w, struct text *out)
{
    static const char *const pieces[] = {"{\"event\":\"told\"", "'", "\"", "ä", "\\n", " ", ";--", "%s", "0.1"};
    for (size_t n = 1 + below(w, 8); n > 0; n--)
        text_append(out, pieces[below(w, sizeof pieces / sizeof pieces[0])]);
    if (below(w, 20) == 0)
        for (int i = 0; i < 3000; i++)
            text_append(out, "long");
    assert_int_equal(text_append(out, "\n"), 0);
}

/* One to three lines at a position that a study may think of: the end as the handle knows it. */
static void append(struct world *w)
{
    size_t h = below(w, HANDLES), count = 1 + below(w, 3), position = w->known[h];
    struct text lines = {0}, line[3] = {{0}};
    for (size_t i = 0; i < count; i++) {
        random_line(w, &line[i]);
        text_append(&lines, line[i].data);
    }
    int32_t expected = position < w->model.count ? AFINA_STALE : AFINA_OK;
    assert_int_equal(store_append(w->memory[h], position, lines.data, lines.length, 0), expected);
    assert_int_equal(store_append(w->sqlite[h], position, lines.data, lines.length, 0), expected);
    for (size_t i = 0; i < count; i++) {
        if (expected == AFINA_OK)
            w->model.line[w->model.count++] = line[i];
        else
            mem_free(line[i].data);
    }
    if (expected == AFINA_OK)
        w->known[h] = w->model.count;
    mem_free(lines.data);
}

static void same_text(const struct text *a, const struct text *b)
{
    assert_int_equal(a->length, b->length);
    assert_memory_equal(a->length ? a->data : "", b->length ? b->data : "", a->length);
}

static void read_from(struct world *w, size_t h, size_t position)
{
    struct text expected = {0}, memory = {0}, sqlite = {0};
    for (size_t i = position; i < w->model.count; i++)
        text_append(&expected, w->model.line[i].data);
    OK(store_read(w->memory[h], position, &memory));
    OK(store_read(w->sqlite[h], position, &sqlite));
    same_text(&memory, &expected);
    same_text(&sqlite, &expected);
    mem_free(expected.data);
    mem_free(memory.data);
    mem_free(sqlite.data);
}

/* As a study reads: what comes behind the lines that it knows. */
static void take_in(struct world *w)
{
    size_t h = below(w, HANDLES);
    read_from(w, h, w->known[h]);
    w->known[h] = w->model.count;
}

static void read_anywhere(struct world *w)
{
    read_from(w, below(w, HANDLES), below(w, w->model.count + 1));
}

static void wait(struct world *w)
{
    size_t h = below(w, HANDLES), position = below(w, w->model.count + 2);
    int32_t expected = position < w->model.count ? AFINA_OK : AFINA_WAIT;
    assert_int_equal(store_wait(w->memory[h], position, 0), expected);
    assert_int_equal(store_wait(w->sqlite[h], position, 0), expected);
}

static void open_handles(struct world *w, size_t h)
{
    OK(h == 0 ? store_open(&w->memory[h], "memory:", "s", STORE_CREATE)
              : store_memory_share(&w->memory[h], w->memory[0]));
    OK(store_open(&w->sqlite[h], w->url, "it's \"one\"", STORE_CREATE));
}

/* A handle knows nothing when it is new. The first one of the memory keeps the others' log. */
static void reopen(struct world *w)
{
    size_t h = 1 + below(w, HANDLES - 1);
    store_close(w->memory[h]);
    store_close(w->sqlite[h]);
    open_handles(w, h);
    w->known[h] = 0;
    read_from(w, h, 0);
    w->known[h] = w->model.count;
}

static void remove_files(struct world *w)
{
    static const char *const names[] = {"study.db", "study.db-journal", "study.db-lock"};
    char path[256];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", w->folder, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(w->folder), 0); /* no other file was left */
}

static void run_sequence(uint64_t seed)
{
    static void (*const steps[])(struct world *) = {append,  append,        append, take_in,
                                                    take_in, read_anywhere, wait,   reopen};
    struct world *w = calloc(1, sizeof *w);
    rng_start(&w->rng, seed, 0, 1);
    strcpy(w->folder, "/tmp/afina-store-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->url, sizeof w->url, "sqlite:%s/study.db", w->folder);
    for (size_t h = 0; h < HANDLES; h++)
        open_handles(w, h);
    for (int i = 0; i < STEPS; i++)
        steps[below(w, sizeof steps / sizeof steps[0])](w);
    for (size_t h = 0; h < HANDLES; h++)
        read_from(w, h, 0);
    for (size_t h = 0; h < HANDLES; h++) {
        store_close(w->memory[h]);
        store_close(w->sqlite[h]);
    }
    for (size_t i = 0; i < w->model.count; i++)
        mem_free(w->model.line[i].data);
    remove_files(w);
    free(w);
}

static void test_every_store_does_the_same(void **state)
{
    (void)state;
    uint64_t first = number_from("AFINA_TEST_SEED", 2385), count = number_from("AFINA_TEST_SEQUENCES", 12);
    for (uint64_t seed = first; seed < first + count; seed++) {
        print_message("AFINA_TEST_SEED=%llu\n", (unsigned long long)seed);
        run_sequence(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_store_does_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
