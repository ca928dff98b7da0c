/* What was answered is on the disk: the power is cut at any operation, and the disk fails at any.
 *
 * AFINA_TEST_LONG=1 cuts the power 20,000 times; AFINA_TEST_SEED is the first seed. */
#define _GNU_SOURCE /* mkdtemp */
#include "core/mem.h"
#include "core/rng.h"
#include "store/store.h"
#include "support/power_vfs.h"
#include "support/store_folder.h"

#include <sqlite3.h>

enum { APPENDS = 12, LINE = 1200 };

/* What was appended, and how much of it was answered. */
struct history {
    struct text text;
    size_t answered; /* bytes */
    size_t lines;    /* in them */
    size_t pending;  /* bytes that may be there: the append failed, or was cut */
};

static uint64_t first_seed(void)
{
    const char *text = getenv("AFINA_TEST_SEED");
    return text ? strtoull(text, NULL, 10) : 2385;
}

/* A line of a length of its own, so that pages are filled and split. */
static void make_line(struct rng *rng, struct text *out)
{
    char line[LINE];
    size_t length = 1 + (size_t)rng_below(rng, LINE - 2);
    for (size_t i = 0; i < length; i++)
        line[i] = (char)('a' + (int)rng_below(rng, 26));
    line[length] = '\n';
    assert_int_equal(text_append_bytes(out, line, length + 1), 0);
}

/* Appends until something fails; what it answered then. */
static int32_t append_some(struct store *store, struct history *h, struct rng *rng, int appends, int synced)
{
    int32_t rc = 0;
    for (int i = 0; !rc && i < appends; i++) {
        size_t start = h->text.length, count = 1 + (size_t)rng_below(rng, 3);
        for (size_t k = 0; k < count; k++)
            make_line(rng, &h->text);
        rc = store_append(store, h->lines, h->text.data + start, h->text.length - start, synced);
        h->pending = rc ? h->text.length - start : 0;
        h->lines += rc ? 0 : count;
        h->answered = rc ? h->answered : h->text.length;
    }
    return rc;
}

/* The disk has all that was answered, and of the rest the whole append or nothing. 1 when it was kept. */
static int is_kept(const struct folder *f, const struct history *h)
{
    struct store *store;
    struct text log = {0};
    int32_t rc = store_open(&store, f->url, "one", STORE_CREATE);
    if (!rc)
        rc = store_read(store, 0, &log);
    int is_whole = !rc && (log.length == h->answered || log.length == h->answered + h->pending) &&
                   (log.length == 0 || memcmp(log.data, h->text.data, log.length) == 0);
    store_close(store);
    mem_free(log.data);
    return is_whole;
}

/* The power is cut at a random operation of a random history; 1 when all that was answered is there. */
static int survives(const struct folder *f, uint64_t seed, int synced)
{
    struct history h = {{0}, 0, 0, 0};
    struct store *store;
    struct rng rng;
    rng_start(&rng, seed, 0, 1);
    power_erase();
    OK(store_open(&store, f->url, "one", STORE_CREATE));
    append_some(store, &h, &rng, (int)rng_below(&rng, APPENDS), synced);
    power_fail(1 + (int64_t)rng_below(&rng, 60), SQLITE_IOERR, 1, 0);
    int32_t rc = append_some(store, &h, &rng, APPENDS, synced);
    assert_true(rc == 0 || rc == AFINA_E_FILE);
    store_close(store);
    power_cut(seed);
    int kept = is_kept(f, &h);
    mem_free(h.text.data);
    return kept;
}

static void test_what_was_answered_survives_the_power(void **state)
{
    struct folder *f = *state;
    uint64_t seed = first_seed(), count = getenv("AFINA_TEST_LONG") ? 20000 : 1500;
    for (uint64_t i = seed; i < seed + count; i++)
        if (!survives(f, i, 1))
            fail_msg("AFINA_TEST_SEED=%llu: what was answered is not on the disk", (unsigned long long)i);
}

/* The test of the test: without syncing it is lost. */
static void test_without_syncing_it_is_lost(void **state)
{
    struct folder *f = *state;
    int lost = 0;
    for (uint64_t seed = 1; seed <= 200; seed++)
        lost += !survives(f, seed, 0);
    assert_true(lost > 20);
}

static void test_a_line_is_synced_before_the_answer(void **state)
{
    struct folder *f = *state;
    struct history h = {{0}, 0, 0, 0};
    struct store *store;
    struct rng rng;
    rng_start(&rng, 1, 0, 1);
    power_erase();
    OK(store_open(&store, f->url, "one", STORE_CREATE));
    for (int i = 0; i < 20; i++) {
        power_fail(0, 0, 0, 0);
        OK(append_some(store, &h, &rng, 1, 1));
        assert_true(power_syncs() >= 2 && !power_is_dirty());
    }
    power_fail(0, 0, 0, 0);
    OK(append_some(store, &h, &rng, 1, 0));
    assert_true(power_syncs() == 0 && power_is_dirty());
    OK(append_some(store, &h, &rng, 1, 1));
    assert_false(power_is_dirty());
    store_close(store);
    mem_free(h.text.data);
}

/* One operation fails, then the disk is well again: what was answered is there, an error named the file, and the same
 * handle goes on. */
static int goes_on_after(const struct folder *f, int64_t at, int error, int for_ever, int reads)
{
    struct history h = {{0}, 0, 0, 0};
    struct text log = {0};
    struct store *store;
    struct rng rng;
    rng_start(&rng, 7, 0, 1);
    power_erase();
    OK(store_open(&store, f->url, "one", STORE_CREATE));
    OK(append_some(store, &h, &rng, 3, 1));
    power_fail(at, error, for_ever, reads);
    int32_t rc = append_some(store, &h, &rng, 4, 1);
    int was_reached = power_operations() >= at;
    if (reads) /* a journal that cannot be looked into counts as one to be undone, which is no error */
        assert_true(rc == 0 || was_reached);
    else
        assert_int_equal(rc != 0, was_reached);
    if (rc)
        FAILS(rc, AFINA_E_FILE, f->file);
    power_fail(0, 0, 0, 0);
    OK(store_read(store, h.lines, &log));
    assert_true(log.length == 0 || log.length == h.pending);
    for (size_t i = 0; i < log.length; i++)
        h.lines += log.data[i] == '\n';
    h.answered += log.length;
    h.text.length = h.answered;
    h.pending = 0;
    OK(append_some(store, &h, &rng, 3, 1));
    store_close(store);
    assert_true(is_kept(f, &h));
    mem_free(log.data);
    mem_free(h.text.data);
    return was_reached;
}

static void test_every_operation_of_the_disk_fails(void **state)
{
    struct folder *f = *state;
    static const int errors[] = {SQLITE_IOERR, SQLITE_FULL};
    int64_t reached = 0;
    for (size_t e = 0; e < 2; e++)
        for (int for_ever = 0; for_ever < 2; for_ever++)
            for (int reads = 0; reads < 2; reads++)
                for (int64_t at = 1; goes_on_after(f, at, errors[e], for_ever, reads); at++)
                    reached++;
    print_message("%lld operations failed\n", (long long)reached);
    assert_true(reached > 100);
}

/* Opening a new and an old file, and what becomes of it. */
static int opens_after(const struct folder *f, int64_t at, int is_old)
{
    struct history h = {{0}, 0, 0, 0};
    struct store *store;
    struct rng rng;
    rng_start(&rng, 7, 0, 1);
    power_erase();
    if (is_old) {
        OK(store_open(&store, f->url, "one", STORE_CREATE));
        OK(append_some(store, &h, &rng, 3, 1));
        store_close(store);
    }
    power_fail(at, SQLITE_IOERR, 0, 1);
    int32_t rc = store_open(&store, f->url, "one", STORE_CREATE);
    int was_reached = power_operations() >= at;
    assert_true(rc == 0 || rc == AFINA_E_FILE);
    store_close(store);
    power_fail(0, 0, 0, 0);
    assert_true(is_kept(f, &h));
    mem_free(h.text.data);
    return was_reached;
}

static void test_opening_fails_at_every_operation(void **state)
{
    struct folder *f = *state;
    for (int is_old = 0; is_old < 2; is_old++)
        for (int64_t at = 1; opens_after(f, at, is_old); at++)
            ;
}

static int set_up(void **state)
{
    static struct folder f;
    f = folder_new();
    power_install();
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    folder_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_answered_survives_the_power),
        cmocka_unit_test(test_without_syncing_it_is_lost),
        cmocka_unit_test(test_a_line_is_synced_before_the_answer),
        cmocka_unit_test(test_every_operation_of_the_disk_fails),
        cmocka_unit_test(test_opening_fails_at_every_operation),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
