/* The benchmark's own random numbers: counter-based, so that every draw has a
 * name (seed, trial, index) and no order to keep. */
#ifndef BENCH_STREAM_H
#define BENCH_STREAM_H

#include <stdint.h>

uint64_t stream_hash(const char *text);
double stream_uniform(uint64_t seed, uint64_t trial, uint32_t index); /* in [0, 1) */
double stream_normal(uint64_t seed, uint64_t trial, uint32_t index);

#endif
