/* A hash table from names to indices, with which duplicates among 100,000 choices are found
 * while they are added. It borrows the names from their owner. */
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

/* Makes room for `count` names in all; until then name_table_add() cannot fail. */
int32_t name_table_reserve(struct name_table *table, size_t count);

/* Adds a name that is not in the table yet; there must be room for it. */
void name_table_add(struct name_table *table, const char *name, size_t index);

/* 1 and the index of the name, or 0 when the table does not hold it. */
int name_table_find(const struct name_table *table, const char *name, size_t *index);

void name_table_fini(struct name_table *table);
#endif
