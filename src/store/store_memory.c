/* A log in memory, which the handles of one process share. It is the plainest form of a store: what the others
 * must do is what this one does. */
#include "core/fail.h"
#include "core/mem.h"
#include "store/store.h"

#include <pthread.h>
#include <string.h>

struct shared {
    pthread_mutex_t lock;
    int64_t handles;
    struct text text;
    size_t *ends; /* of the lines in the text */
    size_t count, capacity;
};

struct memory_store {
    struct store base;
    struct shared *shared;
};

static struct shared *lock(struct store *store)
{
    struct shared *shared = ((struct memory_store *)(void *)store)->shared;
    pthread_mutex_lock(&shared->lock);
    return shared;
}

static size_t count_lines(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == '\n';
    return count;
}

/* The lock is held. */
static int32_t add(struct shared *shared, const char *text, size_t length)
{
    size_t start = shared->text.length;
    void *ends = shared->ends;
    int32_t rc = mem_reserve(&ends, &shared->capacity, shared->count + count_lines(text, length), sizeof *shared->ends);
    shared->ends = ends;
    if (!rc)
        rc = text_append_bytes(&shared->text, text, length);
    shared->text.rc = 0; /* a later line may find room */
    for (size_t i = 0; !rc && i < length; i++)
        if (text[i] == '\n')
            shared->ends[shared->count++] = start + i + 1;
    return rc;
}

static int32_t past_end(size_t position, size_t count)
{
    return fail(AFINA_E_FILE, "the store has %zu lines; line %zu cannot follow them", count, position);
}

static int32_t append(struct store *store, size_t position, const char *text, size_t length, int synced)
{
    (void)synced;
    struct shared *shared = lock(store);
    int32_t rc = shared->count > position ? AFINA_STALE : 0;
    if (shared->count < position)
        rc = past_end(position, shared->count);
    if (!rc)
        rc = add(shared, text, length);
    pthread_mutex_unlock(&shared->lock);
    return rc;
}

static int32_t read(struct store *store, size_t position, struct text *out)
{
    struct shared *shared = lock(store);
    int32_t rc = shared->count < position ? past_end(position, shared->count) : 0;
    size_t start = position > 0 && !rc ? shared->ends[position - 1] : 0;
    if (!rc && shared->text.length > start)
        rc = text_append_bytes(out, shared->text.data + start, shared->text.length - start);
    pthread_mutex_unlock(&shared->lock);
    return rc;
}

static int32_t has(struct store *store, size_t position)
{
    struct shared *shared = lock(store);
    int32_t rc = shared->count > position ? 0 : AFINA_WAIT;
    pthread_mutex_unlock(&shared->lock);
    return rc;
}

static void close(struct store *store)
{
    struct shared *shared = lock(store);
    int is_last = --shared->handles == 0;
    pthread_mutex_unlock(&shared->lock);
    if (is_last) {
        pthread_mutex_destroy(&shared->lock);
        mem_free(shared->text.data);
        mem_free(shared->ends);
        mem_free(shared);
    }
    mem_free(store);
}

/* A thread that does not exist in the child may have had the lock. */
static void abandon(struct store *store)
{
    mem_free(store);
}

static const struct store_kind memory_kind = {
    .append = append, .read = read, .has = has, .close = close, .abandon = abandon};

static int32_t make_handle(struct store **out, struct shared *shared)
{
    struct memory_store *handle = mem_new(1, sizeof *handle);
    *out = NULL;
    if (!handle)
        return fail_memory();
    handle->base.kind = &memory_kind;
    handle->shared = shared;
    pthread_mutex_lock(&shared->lock);
    shared->handles++;
    pthread_mutex_unlock(&shared->lock);
    *out = &handle->base;
    return 0;
}

int32_t store_memory_open(struct store **out)
{
    struct shared *shared = mem_new(1, sizeof *shared);
    *out = NULL;
    if (!shared)
        return fail_memory();
    pthread_mutex_init(&shared->lock, NULL);
    int32_t rc = make_handle(out, shared);
    if (rc) {
        pthread_mutex_destroy(&shared->lock);
        mem_free(shared);
    }
    return rc;
}

int32_t store_memory_share(struct store **out, struct store *store)
{
    return make_handle(out, ((struct memory_store *)(void *)store)->shared);
}
