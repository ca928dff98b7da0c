/* Functions that are built on the three primitives of mem.c. They are kept apart so that the
 * fault tests can replace the primitives alone. */
#include "core/mem.h"

#include "core/fail.h"

#include <stdint.h>
#include <string.h>

void mem_drop(void *place)
{
    void *p;
    memcpy(&p, place, sizeof p);
    mem_free(p);
}

void *mem_copy(const void *p, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size)
        return NULL;
    void *copy = mem_resize(NULL, n, size);
    if (copy && n * size > 0)
        memcpy(copy, p, n * size);
    return copy;
}

char *mem_copy_string(const char *s)
{
    return mem_copy(s, strlen(s) + 1, 1);
}

static int reserve(void **array, size_t *capacity, size_t need, size_t size, size_t more)
{
    if (need <= *capacity)
        return 0;
    size_t room = *capacity + more;
    if (room < need)
        room = need;
    if (room < 8)
        room = 8;
    void *grown = mem_resize(*array, room, size);
    if (!grown)
        return fail_memory();
    *array = grown;
    *capacity = room;
    return 0;
}

int mem_reserve(void **array, size_t *capacity, size_t need, size_t size)
{
    return reserve(array, capacity, need, size, *capacity / 2);
}

int mem_reserve_tightly(void **array, size_t *capacity, size_t need, size_t size)
{
    return reserve(array, capacity, need, size, *capacity / 8);
}
