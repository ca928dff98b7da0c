/* Names to indices, by hashing: duplicates among 100,000 choices are found while
 * they are added. Names are borrowed from their owner. */
#ifndef AFINA_SPACE_NAME_TABLE_H
#define AFINA_SPACE_NAME_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct name_slot {
    const char *name; /* NULL: free */
    uint64_t hash;
    size_t index;
};

struct name_table {
    struct name_slot *slots; /* open addressing */
    size_t capacity;         /* a power of two, or 0 */
    size_t size;
};

/* Room for `count` names, so that as many name_table_add() cannot fail. */
int32_t name_table_reserve(struct name_table *table, size_t count);

/* The name is new to the table, and there is room. */
void name_table_add(struct name_table *table, const char *name, size_t index);

/* 1, and the index, when the name is there. */
int name_table_find(const struct name_table *table, const char *name, size_t *index);

void name_table_fini(struct name_table *table);
#endif
