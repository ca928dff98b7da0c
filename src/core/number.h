/* Numbers as decimal text, in both directions: the same in every locale and
 * under every rounding mode of the host. The functions use integer arithmetic
 * alone, so they raise no floating-point exceptions either. */
#ifndef AFINA_CORE_NUMBER_H
#define AFINA_CORE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Room for every number that is written here, with its terminator. */
enum { NUMBER_SIZE = 32 };

/* Writes the shortest decimal number that reads back as the same double, and of
 * the shortest the one that is nearest to it. Its form is that of %.15g, or of
 * %.16g or %.17g where it has as many digits: "0.1", "100000", "1e+15",
 * "1.5e-07", "-0"; "nan", "inf" and "-inf". Returns the length. */
size_t number_write_double(char out[NUMBER_SIZE], double value);
size_t number_write_int64(char out[NUMBER_SIZE], int64_t value);

/* Reads the decimal number that begins at s and ends before `end`:
 *
 *     [+-] (digits [. [digits]] | . digits) [(e|E) [+-] digits]
 *
 * The value is the nearest double, the even one of two that are equally near;
 * an infinity past the largest, and a zero of the same sign below the smallest.
 * Returns where the number ends, or NULL when none begins at s; the value is then
 * left alone. An exponent without digits does not belong to the number. */
const char *number_read_double(const char *s, const char *end, double *value);

/* The same for an integer, [+-] digits; NULL also when it does not fit. */
const char *number_read_int64(const char *s, const char *end, int64_t *value);

/* For number_read_double alone: the bits of the double that is nearest to the
 * decimal number at `digits`, whose first digit is not 0 and which may have one
 * point before `end`. `exponent` is the power of ten of its 19th digit, and the
 * result is `bits` or the next double above. */
uint64_t number_round_exactly(const char *digits, const char *end, int exponent, uint64_t bits);

#endif
