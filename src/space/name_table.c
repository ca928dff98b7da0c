#include "space/name_table.h"

#include "core/fail.h"
#include "core/mem.h"

#include <string.h>

/* FNV-1a of 64 bits. The last step mixes high bits into the low ones, which choose the slot. */
static uint64_t hash_name(const char *name)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (const char *p = name; *p; p++)
        h = (h ^ (unsigned char)*p) * 0x100000001B3u;
    h = (h ^ h >> 33) * 0xFF51AFD7ED558CCDu;
    return h ^ h >> 33;
}

/* The slot that holds the name, or the free slot where it would go. */
static struct name_slot *slot_of(const struct name_table *table, const char *name, uint64_t hash)
{
    size_t mask = table->capacity - 1;
    size_t i = (size_t)hash & mask;
    while (table->slots[i].name && (table->slots[i].hash != hash || strcmp(table->slots[i].name, name) != 0))
        i = (i + 1) & mask;
    return &table->slots[i];
}

int32_t name_table_reserve(struct name_table *table, size_t count)
{
    size_t capacity = table->capacity ? table->capacity : 8;
    while (capacity / 2 < count)
        capacity *= 2;
    if (capacity == table->capacity)
        return 0;
    struct name_table grown = {.capacity = capacity, .size = table->size};
    grown.slots = mem_new(capacity, sizeof *grown.slots);
    if (!grown.slots)
        return fail_memory();
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i].name)
            *slot_of(&grown, table->slots[i].name, table->slots[i].hash) = table->slots[i];
    mem_free(table->slots);
    *table = grown;
    return 0;
}

void name_table_add(struct name_table *table, const char *name, size_t index)
{
    uint64_t hash = hash_name(name);
    *slot_of(table, name, hash) = (struct name_slot){name, hash, index};
    table->size++;
}

int name_table_find(const struct name_table *table, const char *name, size_t *index)
{
    if (table->size == 0)
        return 0;
    const struct name_slot *slot = slot_of(table, name, hash_name(name));
    if (!slot->name)
        return 0;
    *index = slot->index;
    return 1;
}

void name_table_fini(struct name_table *table)
{
    mem_free(table->slots);
    *table = (struct name_table){0};
}
