#include "support/mem_fault.h"

#include "core/mem.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

static _Atomic uint64_t asked;   /* allocations so far */
static _Atomic uint64_t first;   /* number of the first to fail; 0: none */
static _Atomic uint64_t last;    /* number of the last to fail */
static _Atomic uint64_t refused; /* failures since the last plan */
static _Atomic uint64_t bytes;
static _Atomic int64_t live, held;

static void plan(uint64_t from, uint64_t to)
{
    atomic_store(&first, 0);
    atomic_store(&refused, 0);
    atomic_store(&last, to);
    atomic_store(&first, from);
}

void mem_fault_once(uint64_t n)
{
    uint64_t number = atomic_load(&asked) + n;
    plan(number, number);
}

void mem_fault_from(uint64_t n)
{
    plan(atomic_load(&asked) + n, UINT64_MAX);
}

void mem_fault_off(void)
{
    atomic_store(&first, 0);
}

uint64_t mem_fault_hit(void)
{
    return atomic_load(&refused);
}

uint64_t mem_fault_count(void)
{
    return atomic_load(&asked);
}

uint64_t mem_fault_bytes(void)
{
    return atomic_load(&bytes);
}

int64_t mem_fault_held(void)
{
    return atomic_load(&held);
}

int64_t mem_fault_live(void)
{
    return atomic_load(&live);
}

static int refuse(void)
{
    uint64_t number = atomic_fetch_add(&asked, 1) + 1;
    uint64_t from = atomic_load(&first);
    if (from == 0 || number < from || number > atomic_load(&last))
        return 0;
    atomic_fetch_add(&refused, 1);
    return 1;
}

void *mem_new(size_t n, size_t size)
{
    if (refuse())
        return NULL;
    void *p = n == 0 || size == 0 ? calloc(1, 1) : calloc(n, size);
    if (p) {
        atomic_fetch_add(&live, 1);
        atomic_fetch_add(&bytes, n * size);
        atomic_fetch_add(&held, (int64_t)malloc_usable_size(p));
    }
    return p;
}

void *mem_resize(void *p, size_t n, size_t size)
{
    if (refuse() || (size != 0 && n > SIZE_MAX / size))
        return NULL;
    int64_t before = (int64_t)malloc_usable_size(p);
    void *grown = realloc(p, n * size == 0 ? 1 : n * size);
    if (grown && !p)
        atomic_fetch_add(&live, 1);
    if (grown) {
        atomic_fetch_add(&bytes, n * size);
        atomic_fetch_add(&held, (int64_t)malloc_usable_size(grown) - before);
    }
    return grown;
}

void mem_free(void *p)
{
    if (p) {
        atomic_fetch_sub(&live, 1);
        atomic_fetch_sub(&held, (int64_t)malloc_usable_size(p));
    }
    free(p);
}
