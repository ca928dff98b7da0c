/* A disk in memory under SQLite, whose power can be cut, and whose operations can fail.
 *
 * A file has what programs see, and what the disk has for sure: what was synced. When the power is cut, of what was
 * not synced any part may have arrived, in any order, torn at sectors of 512 bytes. A file that was made and never
 * synced may be gone. It is the default VFS of the process from power_install() on; there is one disk.
 */
#ifndef AFINA_TESTS_POWER_VFS_H
#define AFINA_TESTS_POWER_VFS_H

#include <stdint.h>

void power_install(void);

/* An empty disk. */
void power_erase(void);

/* From now on: the operation `at` (1 is the next one; 0: none) and, with `for_ever`, all behind it answer `error`.
 * Reading counts when `reads` is set; writing, syncing, truncating and deleting count always. */
void power_fail(int64_t at, int error, int for_ever, int reads);

/* How many operations there were since power_fail() or power_erase(), and how many of them were syncs. */
int64_t power_operations(void);
int64_t power_syncs(void);

/* 1 when something was written that is not synced. */
int power_is_dirty(void);

/* The power goes off and on again: what is not on the disk is there in part, chosen by the seed. */
void power_cut(uint64_t seed);

#endif
