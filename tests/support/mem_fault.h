/* Memory primitives that fail on demand. A program of tests/faults links them in
 * place of src/core/mem.c and can then ask for the n-th allocation to fail:
 *
 *     for (uint64_t n = 1;; n++) {
 *         int64_t before = mem_fault_live();
 *         mem_fault_once(n);             or mem_fault_from(n)
 *         rc = operation();
 *         mem_fault_off();
 *         if (!mem_fault_hit())
 *             break;                     the operation makes fewer than n
 *         ...AFINA_E_MEMORY, or a full result; the object as it was...
 *         ...mem_fault_live() == before once the result is freed...
 *     }
 *
 * An allocation is a call of mem_new or mem_resize (mem_copy and mem_reserve call
 * these). All counters may be used from several threads.
 */
#ifndef AFINA_TESTS_MEM_FAULT_H
#define AFINA_TESTS_MEM_FAULT_H

#include <stdint.h>

/* The n-th allocation from here (n >= 1) fails, and none after it. */
void mem_fault_once(uint64_t n);

/* The n-th allocation from here and all after it fail. */
void mem_fault_from(uint64_t n);

/* Allocations succeed again. What mem_fault_hit() answers stays. */
void mem_fault_off(void);

/* Allocations that were made to fail since the last mem_fault_once/_from. */
uint64_t mem_fault_hit(void);

/* Allocations asked for since the program started. */
uint64_t mem_fault_count(void);

/* Bytes asked for since the program started; a block that is resized counts anew. No less
 * than what was in use at once. */
uint64_t mem_fault_bytes(void);

/* Bytes in use, as the allocator rounds them up. */
int64_t mem_fault_held(void);

/* Blocks that were allocated and not freed. */
int64_t mem_fault_live(void);

#endif
