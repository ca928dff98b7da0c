/* Every allocation of the library goes through these functions.
 *
 * A test program that wants the n-th allocation to fail links
 * tests/support/mem_fault.c in place of mem.c; nothing here knows of it.
 */
#ifndef AFINA_CORE_MEM_H
#define AFINA_CORE_MEM_H

#include <stddef.h>

/* Zeroed room for n elements of `size` bytes; NULL when there is none or when
 * n * size does not fit a size_t. A request for 0 bytes gets a valid pointer. */
void *mem_new(size_t n, size_t size);

/* Changes the room at p (NULL: none yet) to n elements. On failure returns
 * NULL and p is as it was. New bytes are not set. */
void *mem_resize(void *p, size_t n, size_t size);

/* A copy of n elements. */
void *mem_copy(const void *p, size_t n, size_t size);

/* A copy of a string. */
char *mem_copy_string(const char *s);

void mem_free(void *p);

/* For a pointer variable: frees what it points to at the end of its scope, also when an exception of the host's code
 * passes through. `place` is the address of the variable. */
#define MEM_SCOPE __attribute__((cleanup(mem_drop)))
void mem_drop(void *place);

/* Makes room for at least `need` elements in *array, growing by half so that
 * appends cost O(1). 0, or AFINA_E_MEMORY with the array as it was. */
int mem_reserve(void **array, size_t *capacity, size_t need, size_t size);

/* The same, growing by an eighth: for the arrays that make up most of the memory. */
int mem_reserve_tightly(void **array, size_t *capacity, size_t need, size_t size);

#endif
